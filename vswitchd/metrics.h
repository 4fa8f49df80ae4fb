/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics.h - the daemon's figures, as JSON and for Prometheus
 *
 * Both come from one table, so that a figure has one name and one meaning. Those
 * of the datapath are asked of the kernel; where it does not answer they are left
 * out.
 */
#ifndef VSWITCHD_METRICS_H
#define VSWITCHD_METRICS_H

#include <json-c/json.h>

#include "lib/util.h"

struct vswitchd;

/** metrics_json() - figures in groups: { "upcalls": { "misses": 1, ... }, ... } */
json_object *metrics_json(struct vswitchd *v);

/** metrics_put() - append the figures in Prometheus' text format 0.0.4 */
void metrics_put(struct vsl_str *s, struct vswitchd *v);

#endif
