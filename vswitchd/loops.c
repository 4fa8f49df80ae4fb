// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loops.c - probes, moves, and ports that are shut
 *
 * Signs are noted where they are seen, in the middle of answering an upcall;
 * loops_act() shuts ports when the turn is over, since that changes the tables
 * that the turn works with.
 */
#include "hash.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <sys/random.h>
#include <uthash.h>

#include <netlink/msg.h>

#include "lib/log.h"
#include "loops.h"

/* Hosts that moved within the last second; more are not watched. */
#define MAX_MOVERS	1024

/* What is behind a probe's Ethernet header. */
struct probe {
	uint8_t token[8];		/* the port's: who hears it can shut that one alone */
	uint32_t port;			/* sent out by it; network order */
} __attribute__((packed));

#define TICK_SLACK_MS	500

#define PROBE_SIZE	60		/* the least that goes over a wire */

/* 8 bytes of key, no padding. */
struct mover {
	struct {
		uint8_t mac[6];
		uint16_t vlan;
	} key;
	uint32_t home;			/* where it was when it was first seen to move */
	uint32_t moves;
	UT_hash_handle hh;
};

/* A port that was probed, or that is part of a loop. */
struct loop_port {
	uint32_t no;
	uint8_t token[8];		/* random: probes that bear it were sent out by this port */
	enum { PORT_IN, PORT_SUSPECT, PORT_SHUT } state;
	uint64_t until_ms;		/* of PORT_SHUT */
	char why[128];			/* of those that are not PORT_IN */
	UT_hash_handle hh;
};

struct loops {
	struct loops_parts p;
	struct config_loops c;
	uint8_t mac[6];			/* source of our probes */
	uint64_t next_probe_ms;
	struct mover *movers;
	struct loop_port *ports;
	bool news;			/* a port is PORT_SUSPECT */
	struct nl_msg *key, *actions;	/* for sending a probe */
};

/**
 * loops_create() - loop protection that is not configured yet, and does nothing
 * @parts: copied
 *
 * Return: to be given to loops_destroy(); NULL for want of memory.
 */
struct loops *loops_create(const struct loops_parts *parts)
{
	struct loops *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->p = *parts;
	l->key = vsl_attrs_new();
	l->actions = vsl_attrs_new();
	if (!l->key || !l->actions ||
	    getrandom(l->mac, sizeof(l->mac), 0) != sizeof(l->mac)) {
		loops_destroy(l);
		return NULL;
	}
	/* one host's, and nobody's but ours */
	l->mac[0] = (l->mac[0] & ~1) | 2;
	/* of no port: the kernel wants a key all the same */
	nla_put_u32(l->key, OVS_KEY_ATTR_PRIORITY, 0);
	bridge_set_probe(parts->bridge, l->mac);
	return l;
}

static void forget_movers(struct loops *l)
{
	struct mover *m, *tmp;

	HASH_ITER(hh, l->movers, m, tmp) {
		HASH_DELETE(hh, l->movers, m);
		free(m);
	}
}

/**
 * loops_destroy() - free; ports that were shut stay so for the bridge
 * @l: or NULL
 */
void loops_destroy(struct loops *l)
{
	struct loop_port *p, *tmp;

	if (!l)
		return;
	forget_movers(l);
	HASH_ITER(hh, l->ports, p, tmp) {
		HASH_DELETE(hh, l->ports, p);
		free(p);
	}
	nlmsg_free(l->key);
	nlmsg_free(l->actions);
	free(l);
}

/**
 * loops_configure() - how loops are looked for from now on
 * @l: loop protection
 * @c: copied; all zeros: not at all. Ports that are shut are let in when their time
 *	is over, as before
 */
void loops_configure(struct loops *l, const struct config_loops *c)
{
	l->c = *c;
	l->next_probe_ms = 0;
	forget_movers(l);
}

static struct loop_port *find_port(const struct loops *l, uint32_t no)
{
	struct loop_port *p;

	HASH_FIND(hh, l->ports, &no, sizeof(no), p);
	return p;
}

/* The port of that number, made where it is not known yet; NULL for want of memory. */
static struct loop_port *get_port(struct loops *l, uint32_t no)
{
	struct loop_port *p = find_port(l, no);

	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->no = no;
	if (getrandom(p->token, sizeof(p->token), 0) != sizeof(p->token))
		goto err;
	HASH_ADD(hh, l->ports, no, sizeof(p->no), p);
	if (p->hh.tbl)
		return p;
err:
	free(p);
	return NULL;
}

/**
 * loops_port_left() - what is known of a port is not true of the next one of its number
 * @l: loop protection
 * @no: the port's number
 */
void loops_port_left(struct loops *l, uint32_t no)
{
	struct loop_port *p = find_port(l, no);

	if (!p)
		return;
	HASH_DELETE(hh, l->ports, p);
	free(p);
}

/* Notes that a port is to be shut, for the first reason that is found. */
static struct loop_port *to_shut(struct loops *l, uint32_t no)
{
	struct loop_port *p;

	if (!l->c.shut_ms || !bridge_port_name(l->p.bridge, no))
		return NULL;
	p = get_port(l, no);
	if (!p || p->state != PORT_IN)
		return NULL;
	p->state = PORT_SUSPECT;
	l->news = true;
	return p;
}

/**
 * loops_probe_came() - a frame with our probes' source came in
 * @l: loop protection
 * @port: by this port
 * @packet: the frame
 *
 * Of two ports that are joined the one of the higher number is shut.
 */
void loops_probe_came(struct loops *l, uint32_t port, struct vsl_blob packet)
{
	const uint8_t *data = packet.data;
	const struct loop_port *sender;
	size_t at = ETH_HLEN;
	struct loop_port *p;
	struct probe probe;
	uint32_t sent;

	/* a tag is on it where the port has no untagged VLAN */
	if (packet.len >= 14 && data[12] == ETH_P_8021Q >> 8 && !data[13])
		at += 4;
	if (packet.len < at + sizeof(probe))
		return;
	memcpy(&probe, data + at, sizeof(probe));
	sent = ntohl(probe.port);
	sender = find_port(l, sent);
	if (!sender || memcmp(probe.token, sender->token, sizeof(probe.token)))
		return;
	p = to_shut(l, sent > port ? sent : port);
	if (p)
		snprintf(p->why, sizeof(p->why), "a probe sent by port %s came in by port %s",
			 bridge_port_name(l->p.bridge, sent) ?: "?",
			 bridge_port_name(l->p.bridge, port));
}

/**
 * loops_host_moved() - a host was heard on another port than before
 * @l: loop protection
 * @vlan: its VLAN
 * @mac: its address
 * @from: the port it was on
 * @to: the port it is on now
 *
 * The port that a host was on first keeps it; the other one is shut.
 */
void loops_host_moved(struct loops *l, uint16_t vlan, const uint8_t mac[6], uint32_t from,
		      uint32_t to)
{
	struct mover like = { .key.vlan = vlan }, *m;
	struct loop_port *p;

	if (!l->c.flaps)
		return;
	memcpy(like.key.mac, mac, sizeof(like.key.mac));
	HASH_FIND(hh, l->movers, &like.key, sizeof(like.key), m);
	if (!m) {
		if (HASH_COUNT(l->movers) >= MAX_MOVERS)
			return;
		m = calloc(1, sizeof(*m));
		if (!m)
			return;
		m->key = like.key;
		m->home = from;
		HASH_ADD(hh, l->movers, key, sizeof(m->key), m);
		if (!m->hh.tbl) {
			free(m);
			return;
		}
	}
	if (++m->moves != l->c.flaps)
		return;
	p = to_shut(l, to != m->home ? to : from);
	if (p)
		snprintf(p->why, sizeof(p->why),
			 "%02x:%02x:%02x:%02x:%02x:%02x moved %u times within a second", mac[0],
			 mac[1], mac[2], mac[3], mac[4], mac[5], m->moves);
}

/**
 * loops_act() - shut the ports that signs of a loop were seen of
 * @l: loop protection
 *
 * To be called when a turn of answering is over; the caller has stale flows
 * decided anew.
 */
void loops_act(struct loops *l)
{
	struct loop_port *p, *tmp;
	uint64_t now_ms;

	if (!l->news)
		return;
	l->news = false;
	now_ms = vsl_now_ms();
	HASH_ITER(hh, l->ports, p, tmp) {
		if (p->state != PORT_SUSPECT)
			continue;
		p->state = PORT_SHUT;
		p->until_ms = now_ms + l->c.shut_ms;
		bridge_port_shut(l->p.bridge, p->no, true);
		mac_table_flush(l->p.macs, MAC_TABLE_ANY_VLAN, p->no);
		flows_ports_changed(l->p.flows);
		vsl_warn("loop: port %s is shut for %u s: %s",
			 bridge_port_name(l->p.bridge, p->no) ?: "?", l->c.shut_ms / 1000, p->why);
	}
}

static void send_probe(void *ctx, uint32_t no, const char *name)
{
	struct loops *l = ctx;
	const struct bridge_vlans *v = bridge_port_vlans(l->p.bridge, no);
	struct vsl_execute out = { .dp_ifindex = l->p.dp_ifindex };
	struct ovs_action_push_vlan tag = { .vlan_tpid = htons(ETH_P_8021Q) };
	uint8_t frame[PROBE_SIZE] = { 0x03, 'V', 'S', 'L', 0, 0 };
	struct probe probe = { .port = htonl(no) };
	const struct loop_port *p;
	uint16_t vlan;

	(void)name;
	if (!no || bridge_port_is_shut(l->p.bridge, no) || bridge_port_is_outlet(l->p.bridge, no))
		return;
	p = get_port(l, no);
	if (!p)
		return;
	memcpy(probe.token, p->token, sizeof(probe.token));
	memcpy(frame + 6, l->mac, sizeof(l->mac));
	frame[12] = BRIDGE_PROBE_TYPE >> 8;
	frame[13] = BRIDGE_PROBE_TYPE & 0xff;
	memcpy(frame + ETH_HLEN, &probe, sizeof(probe));

	vsl_attrs_reset(l->actions);
	/* the first of a trunk's VLANs stands for all */
	if (v->mode == BRIDGE_PORT_TRUNK && !v->native) {
		for (vlan = 1; vlan < BRIDGE_VLANS - 1 && !bridge_vlans_have(v, vlan); vlan++)
			;
		tag.vlan_tci = htons(VSL_VLAN_PRESENT | vlan);
		nla_put(l->actions, OVS_ACTION_ATTR_PUSH_VLAN, sizeof(tag), &tag);
	}
	nla_put_u32(l->actions, OVS_ACTION_ATTR_OUTPUT, no);
	out.key = vsl_blob_of_msg(l->key);
	out.packet = (struct vsl_blob){ frame, sizeof(frame) };
	out.actions = vsl_blob_of_msg(l->actions);
	outbox_execute(l->p.outbox, &out, NULL, NULL);
}

/**
 * loops_tick() - send probes, let ports in again whose time is over
 * @l: loop protection
 * @now_ms: time
 *
 * To be called every second, before the outbox is flushed.
 */
void loops_tick(struct loops *l, uint64_t now_ms)
{
	struct loop_port *p, *tmp;

	forget_movers(l);
	HASH_ITER(hh, l->ports, p, tmp) {
		if (p->state != PORT_SHUT || now_ms < p->until_ms)
			continue;
		p->state = PORT_IN;
		bridge_port_shut(l->p.bridge, p->no, false);
		flows_ports_changed(l->p.flows);
		vsl_info("loop: port %s is let in again",
			 bridge_port_name(l->p.bridge, p->no) ?: "?");
	}
	if (!l->c.probe_ms || now_ms < l->next_probe_ms)
		return;
	/* ticks are not exact */
	l->next_probe_ms = now_ms + l->c.probe_ms - TICK_SLACK_MS;
	bridge_port_each(l->p.bridge, send_probe, l);
}
