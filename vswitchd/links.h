/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * links.h - network devices that come, and links that go up and down
 */
#ifndef VSWITCHD_LINKS_H
#define VSWITCHD_LINKS_H

#include <stdbool.h>

struct links;

/**
 * typedef links_changed_fn - something happened to a network device
 * @ctx: as given to links_create()
 * @name: of the device
 * @running: it is up, and so is its link
 */
typedef void links_changed_fn(void *ctx, const char *name, bool running);

struct links *links_create(links_changed_fn *changed, void *ctx);
void links_destroy(struct links *l);
int links_fd(const struct links *l);
void links_follow(struct links *l);

#endif
