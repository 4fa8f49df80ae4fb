/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cppcheck.h - loops of uthash's and utlist's, as cppcheck can follow them
 *
 * It does not read the libraries' own headers.
 */
#define HASH_ITER(hh, head, el, tmp) \
	for ((el) = (head), (tmp) = 0; (el); (el) = (el)->next)
#define DL_FOREACH(head, el) for ((el) = (head); (el); (el) = (el)->next)
#define DL_FOREACH2(head, el, next) for ((el) = (head); (el); (el) = (el)->next)
#define DL_FOREACH_SAFE(head, el, tmp) \
	for ((el) = (head), (tmp) = 0; (el); (el) = (el)->next)
