/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A datapath's meters: family PREFIX_meter.  A meter drops what goes beyond its
 * rate; a flow's METER action leads its packets through one.
 */
#ifndef VSL_LIB_METER_H
#define VSL_LIB_METER_H

#include "nl.h"

/**
 * struct vsl_meter - one that drops what is too much
 * @id: its number within the datapath
 * @rate: packets a second that it lets through
 * @burst: packets beyond a second's that may come at once
 */
struct vsl_meter {
	uint32_t id;
	uint32_t rate;
	uint32_t burst;
};

/**
 * vsl_meter_set() - make a meter, or replace it
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @meter: what it is to be
 *
 * Return: 0; -EBUSY where the stock module has another in its place; else a
 * negative errno.
 */
int vsl_meter_set(struct vsl_nl *nl, int dp_ifindex, const struct vsl_meter *meter);

/**
 * vsl_meter_del() - delete a meter; flows that name it are let through
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @id: its number
 *
 * Return: 0 (also where there was none) or a negative errno.
 */
int vsl_meter_del(struct vsl_nl *nl, int dp_ifindex, uint32_t id);

/**
 * vsl_meter_dropped() - packets that a meter has dropped
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @id: its number
 * @dropped: filled on success
 *
 * Return: 0; -ENOENT where there is no such meter; else a negative errno.
 */
int vsl_meter_dropped(struct vsl_nl *nl, int dp_ifindex, uint32_t id, uint64_t *dropped);

#endif /* VSL_LIB_METER_H */
