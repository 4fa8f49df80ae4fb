// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages and addresses of the control socket: see rpc.h.
 */
#include "rpc.h"

#include <json-c/json.h>
#include <string.h>
#include <sys/socket.h>

const char *vsl_rpc_parse(const char *text, size_t len, struct json_object **value)
{
	struct json_tokener *tokener;
	enum json_tokener_error err;
	const char *wrong = NULL;

	*value = NULL;
	/* json-c would stop there */
	if (memchr(text, 0, len))
		return "a NUL character";
	tokener = json_tokener_new_ex(VSL_RPC_DEPTH_MAX);
	if (!tokener)
		return "no memory";
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* with the NUL, which ends a bare number */
	*value = json_tokener_parse_ex(tokener, text, len + 1);
	err = json_tokener_get_error(tokener);
	if (err != json_tokener_success) {
		wrong = err == json_tokener_continue ? "it ends too early" :
			json_tokener_error_desc(err);
		json_object_put(*value);
		*value = NULL;
	}
	json_tokener_free(tokener);
	return wrong;
}

bool vsl_rpc_address(const char *path, struct sockaddr_un *addr)
{
	size_t len = strlen(path);

	if (!len || len >= sizeof(addr->sun_path))
		return false;
	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(addr->sun_path, path, len);
	return true;
}
