// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl add-if, del-if; and the printer of a port, which show and monitor call.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

bool vslctl_port_number(const char *name, uint32_t *port_no, void *arg)
{
	const struct vslctl_names *names = arg;
	struct vsl_port port;

	if (strlen(name) >= IFNAMSIZ ||
	    vsl_port_get(names->ctl->nl, names->dp_ifindex, name, 0, &port))
		return false;
	*port_no = port.port_no;
	return true;
}

/* One "PORT[,type=T][,port_no=N]". */
struct spec {
	const char *name;
	uint32_t type;
	uint32_t port_no;
};

static void put_counters(struct vsl_out *out, const struct ovs_vport_stats *s,
			 const char *lead)
{
	vsl_out_text(out, "\n%s  RX packets:%" PRIu64 " errors:%" PRIu64
		     " dropped:%" PRIu64 " bytes:%" PRIu64, lead,
		     (uint64_t)s->rx_packets, (uint64_t)s->rx_errors,
		     (uint64_t)s->rx_dropped, (uint64_t)s->rx_bytes);
	vsl_out_text(out, "\n%s  TX packets:%" PRIu64 " errors:%" PRIu64
		     " dropped:%" PRIu64 " bytes:%" PRIu64, lead,
		     (uint64_t)s->tx_packets, (uint64_t)s->tx_errors,
		     (uint64_t)s->tx_dropped, (uint64_t)s->tx_bytes);
	vsl_out_object(out, "statistics");
	vsl_out_u64(out, "rx_packets", NULL, s->rx_packets);
	vsl_out_u64(out, "rx_bytes", NULL, s->rx_bytes);
	vsl_out_u64(out, "rx_errors", NULL, s->rx_errors);
	vsl_out_u64(out, "rx_dropped", NULL, s->rx_dropped);
	vsl_out_u64(out, "tx_packets", NULL, s->tx_packets);
	vsl_out_u64(out, "tx_bytes", NULL, s->tx_bytes);
	vsl_out_u64(out, "tx_errors", NULL, s->tx_errors);
	vsl_out_u64(out, "tx_dropped", NULL, s->tx_dropped);
	vsl_out_end(out);
}

static void put_upcalls(struct vsl_out *out, const struct vsl_port *port,
			const char *lead)
{
	vsl_out_text(out, "\n%s  upcalls", lead);
	vsl_out_object(out, "upcalls");
	vsl_out_u64(out, "delivered", " delivered:", port->upcall_success);
	vsl_out_u64(out, "lost", " lost:", port->upcall_fail);
	vsl_out_end(out);
}

void vslctl_put_port(struct vsl_out *out, const struct vsl_port *port,
		     const char *lead, bool statistics)
{
	const char *type = vsl_port_type_name(port->type);

	vsl_out_text(out, "%sport ", lead);
	vsl_out_u64(out, "port_no", "", port->port_no);
	vsl_out_str(out, "name", ": ", port->name);
	vsl_out_str(out, "type", NULL, type);
	if (port->type != OVS_VPORT_TYPE_NETDEV)
		vsl_out_text(out, " (%s)", type);
	if (port->ifindex)
		vsl_out_i64(out, "ifindex", NULL, port->ifindex);
	if (port->has_netnsid)
		vsl_out_i64(out, "netnsid", " netnsid:", port->netnsid);
	vsl_out_u64(out, "upcall_pid", NULL, port->pid);
	if (statistics && port->has_stats)
		put_counters(out, &port->stats, lead);
	if (statistics && port->has_upcall_stats)
		put_upcalls(out, port, lead);
}

static int parse_option(struct vslctl *ctl, const char *option,
			struct spec *spec)
{
	if (!strncmp(option, "type=", 5)) {
		spec->type = vsl_port_type_parse(option + 5);
		if (spec->type)
			return VSLCTL_OK;
		return vslctl_fail(ctl, "port %s: \"%s\" is no port type: expected netdev or internal",
				   spec->name, option + 5);
	}
	if (!strncmp(option, "port_no=", 8)) {
		if (vsl_u32_parse(option + 8, VSL_PORT_LIMIT - 1,
				  &spec->port_no) && spec->port_no)
			return VSLCTL_OK;
		return vslctl_fail(ctl, "port %s: \"%s\" is no port number: expected 1 to %u",
				   spec->name, option + 8, VSL_PORT_LIMIT - 1);
	}
	return vslctl_fail(ctl, "port %s: unknown option \"%s\": expected type= or port_no=",
			   spec->name, option);
}

static int parse_spec(struct vslctl *ctl, char *text, struct spec *spec)
{
	char *option;
	int status = VSLCTL_OK;

	spec->name = strsep(&text, ",");
	spec->type = OVS_VPORT_TYPE_NETDEV;
	spec->port_no = VSL_PORT_ANY;
	if (!*spec->name || strlen(spec->name) >= IFNAMSIZ)
		return vslctl_fail(ctl, "\"%s\" cannot be a network device's name: 1 to %d characters",
				   spec->name, IFNAMSIZ - 1);
	while (!status && (option = strsep(&text, ",")))
		status = parse_option(ctl, option, spec);
	return status;
}

/* The errno alone would leave a newcomer guessing. */
static const char *add_hint(struct vslctl *ctl, const struct spec *spec,
			    int err)
{
	switch (err) {
	case -ENODEV:
		return " (is there such a device in this network namespace? see \"ip link\")";
	case -EBUSY:
	case -EEXIST:
		if (spec->port_no != VSL_PORT_ANY)
			return " (the number is taken, or the device belongs to a bridge or datapath already)";
		return " (it belongs to a bridge or datapath already)";
	case -EAFNOSUPPORT:
		return " (the datapath module has no such port type)";
	default:
		return vslctl_einval_hint(ctl, err, vsl_nl_extack(ctl->nl));
	}
}

static int add_port(struct vslctl *ctl, const struct vsl_dp *dp,
		    const struct spec *spec, uint32_t *port_no)
{
	struct vsl_port port;
	int err;

	err = vsl_port_new(ctl->nl, dp->ifindex, spec->name, spec->type,
			   spec->port_no, 0, &port);
	if (err)
		return vslctl_fail(ctl, "adding %s to %s: %s%s", spec->name,
				   dp->name, vsl_nl_strerror(ctl->nl, err),
				   add_hint(ctl, spec, err));
	*port_no = port.port_no;
	err = vsl_port_link_up(port.name);
	if (err) {
		vsl_port_del(ctl->nl, dp->ifindex, port.port_no);
		return vslctl_fail(ctl, "bringing %s up: %s", port.name,
				   vsl_nl_strerror(NULL, err));
	}
	return VSLCTL_OK;
}

int vslctl_add_ports(struct vslctl *ctl, const struct vsl_dp *dp, int n,
		     char **specs)
{
	struct spec *spec = calloc(n + 1, sizeof(*spec));
	uint32_t *added = calloc(n + 1, sizeof(*added));
	int status = VSLCTL_OK, done = 0;

	if (!spec || !added) {
		free(added);
		free(spec);
		return vslctl_fail(ctl, "%s", strerror(ENOMEM));
	}
	for (int i = 0; i < n && !status; i++)
		status = parse_spec(ctl, specs[i], &spec[i]);
	for (; done < n && !status; done++) {
		status = add_port(ctl, dp, &spec[done], &added[done]);
		if (status)
			break;
	}
	while (status && done > 0)
		vsl_port_del(ctl->nl, dp->ifindex, added[--done]);
	free(added);
	free(spec);
	return status;
}

int vslctl_add_if(struct vslctl *ctl, int argc, char **argv)
{
	struct vsl_dp dp;

	if (vslctl_dp(ctl, argv[0], &dp))
		return VSLCTL_REFUSED;
	return vslctl_add_ports(ctl, &dp, argc - 1, argv + 1);
}

/* A port by its name, or by its number where no port has that name. */
static int find_port(struct vslctl *ctl, const struct vsl_dp *dp,
		     const char *word, struct vsl_port *port)
{
	uint32_t port_no;
	int err = -ENODEV;

	if (strlen(word) < IFNAMSIZ)
		err = vsl_port_get(ctl->nl, dp->ifindex, word, 0, port);
	if (err == -ENODEV &&
	    vsl_u32_parse(word, VSL_PORT_LIMIT - 1, &port_no))
		err = vsl_port_get(ctl->nl, dp->ifindex, NULL, port_no, port);
	if (err == -ENODEV)
		return vslctl_fail(ctl, "%s has no port %s (see \"vslctl show %s\")",
				   dp->name, word, dp->name);
	if (err)
		return vslctl_fail(ctl, "port %s: %s", word,
				   vsl_nl_strerror(ctl->nl, err));
	if (port->port_no == VSL_PORT_LOCAL)
		return vslctl_fail(ctl, "%s is the local port of %s: it goes with the datapath (\"vslctl del-dp %s\")",
				   word, dp->name, dp->name);
	return VSLCTL_OK;
}

int vslctl_del_if(struct vslctl *ctl, int argc, char **argv)
{
	struct vsl_port port;
	struct vsl_dp dp;

	if (vslctl_dp(ctl, argv[0], &dp))
		return VSLCTL_REFUSED;
	/* First look whether all are there: a wrong one changes nothing. */
	for (int i = 1; i < argc; i++)
		if (find_port(ctl, &dp, argv[i], &port))
			return VSLCTL_REFUSED;
	for (int i = 1; i < argc; i++) {
		int err;

		if (find_port(ctl, &dp, argv[i], &port))
			return VSLCTL_REFUSED;
		err = vsl_port_del(ctl->nl, dp.ifindex, port.port_no);
		if (err)
			return vslctl_fail(ctl, "port %s: %s", argv[i],
					   vsl_nl_strerror(ctl->nl, err));
	}
	return VSLCTL_OK;
}
