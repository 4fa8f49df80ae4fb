// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adopt.c - at start, take over the flows that are in the datapath
 *
 * An earlier run, killed or ended, has left its flows, and they forward. Called
 * once by main.c, when the bridge has its ports and before upcalls come:
 *  1. all flows are read and sorted out: ours, another daemon's, made by hand
 *  2. the MAC table is filled from ours, so that nothing is flooded anew
 *  3. all of ours are stale, so that main.c's flows_revalidate() makes of them
 *     what this start's options want, each in place
 */
#include "adopt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/flow.h"

struct adopting {
	struct flows *flows;
	struct adopt_found *found;
	struct vsl_flow *foreign;	/* ufids alone */
	size_t max_foreign;
	int dp_ifindex;
	uint64_t now_ms;
};

/* Deleted after the dump, which would else miss flows for it. */
static int note_foreign(struct adopting *a, const struct vsl_flow *in)
{
	struct adopt_found *found = a->found;
	struct vsl_flow *grown, *id;
	size_t max;

	if (found->foreign == a->max_foreign) {
		max = a->max_foreign ? 2 * a->max_foreign : 64;
		grown = realloc(a->foreign, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		a->foreign = grown;
		a->max_foreign = max;
	}
	id = &a->foreign[found->foreign++];
	*id = (struct vsl_flow){ .dp_ifindex = a->dp_ifindex, .ufid_len = in->ufid_len };
	memcpy(id->ufid, in->ufid, in->ufid_len);
	return 0;
}

static int adopt_one(const struct vsl_flow *in, void *arg)
{
	struct adopting *a = arg;
	struct frame frame;
	int err;

	if (!in->ufid_len) {
		a->found->by_hand++;
		return 0;
	}
	/* without actions: they were too many for a message, and ours never are */
	if (in->ufid_len != FLOWS_UFID_SIZE || !in->key.data || !in->actions.data ||
	    !frame_from_key(&frame, in->key))
		return note_foreign(a, in);

	err = flows_add_known(a->flows, &frame, in, a->now_ms);
	if (err == -EEXIST || err == -EINVAL)
		return note_foreign(a, in);
	if (!err)
		a->found->kept++;
	return err;
}

/**
 * adopt_flows() - take over the flows that are in the datapath
 * @flows: none so far
 * @outbox: gets the deletes of foreign flows; the caller flushes
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @now_ms: time
 * @found: filled in
 *
 * Return: 0 or a negative errno.
 */
int adopt_flows(struct flows *flows, struct outbox *outbox, struct vsl_nl *nl,
		int dp_ifindex, uint64_t now_ms, struct adopt_found *found)
{
	struct adopting a = {
		.flows = flows,
		.found = found,
		.dp_ifindex = dp_ifindex,
		.now_ms = now_ms,
	};
	size_t i;
	int err;

	*found = (struct adopt_found){ 0 };
	err = vsl_flow_dump(nl, dp_ifindex, 0, adopt_one, &a);
	/* others changed flows meanwhile: what was missed is put anew when needed */
	if (err == -EAGAIN)
		err = 0;
	for (i = 0; !err && i < found->foreign; i++)
		outbox_flow_del(outbox, &a.foreign[i], NULL, NULL);
	free(a.foreign);
	if (!err)
		flows_learn_hosts(flows, now_ms);
	return err;
}
