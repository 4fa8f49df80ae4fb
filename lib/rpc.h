/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both ends of the control socket agree on: JSON-RPC 2.0 over a Unix stream
 * socket, one message a line. Needs json-c alone.
 *
 * A message is JSON text without a line break in it, then '\n'. Both ends bound
 * what they take: VSL_RPC_REQUEST_MAX bytes to the daemon, VSL_RPC_REPLY_MAX from
 * it. A method whose answer could be longer answers in pages.
 */
#ifndef VSL_LIB_RPC_H
#define VSL_LIB_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#define VSL_RPC_REQUEST_MAX	(64 * 1024)
#define VSL_RPC_REPLY_MAX	(4 * 1024 * 1024)

/* Deeper nests are refused: no message of ours needs them. */
#define VSL_RPC_DEPTH_MAX	8

/* Where sockets are if nobody says otherwise: DIRECTORY/DATAPATH.sock */
#define VSL_RPC_DIRECTORY	"/run/vswitchd-lite"
#define VSL_RPC_SUFFIX		".sock"

/* The specification's error codes, and one of ours. */
enum vsl_rpc_code {
	VSL_RPC_PARSE_ERROR = -32700,
	VSL_RPC_INVALID_REQUEST = -32600,
	VSL_RPC_NO_METHOD = -32601,
	VSL_RPC_INVALID_PARAMS = -32602,
	VSL_RPC_INTERNAL = -32603,
	VSL_RPC_REFUSED = -32000,	/* understood, but cannot be done */
};

struct json_object;

/**
 * vsl_rpc_parse() - read one message
 * @text: NUL-terminated behind @len
 * @len: its length, at most INT_MAX - 1
 * @value: the message, the caller's to give to json_object_put(); NULL for the
 *	message "null"
 *
 * JSON as strictly as json-c takes it, valid UTF-8, nothing behind it.
 *
 * Return: NULL, or what is wrong, a static text.
 */
const char *vsl_rpc_parse(const char *text, size_t len, struct json_object **value);

/**
 * vsl_rpc_address() - the address of a socket
 * @path: its path
 * @addr: filled in
 *
 * Return: false where the path is empty or too long.
 */
bool vsl_rpc_address(const char *path, struct sockaddr_un *addr);

#endif /* VSL_LIB_RPC_H */
