/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames in and out with what is beside them: packets.c, here and in tests/fuzz. */
#ifndef VSL_INTEROP_PACKET_SOCKET_H
#define VSL_INTEROP_PACKET_SOCKET_H

/**
 * packet_socket() - open a packet socket with a virtio_net_hdr and auxiliary data
 * @device: to send from and to receive from
 * @protocol: ETH_P_*, what to receive; 0 for nothing
 *
 * Return: the socket, with room for many frames; -1 and errno on failure.
 */
int packet_socket(const char *device, int protocol);

#endif /* VSL_INTEROP_PACKET_SOCKET_H */
