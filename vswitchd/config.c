// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config.c - struct config, and the words that the command line and the file share
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * config_init() - what holds where nothing else is said
 * @c: filled in, to be given to config_free()
 */
void config_init(struct config *c)
{
	*c = (struct config){
		.mac_age = 300,
		.mac_max = 65536,
		.flow_idle = 60,
		.flow_max = 200000,
		.trace.text = true,
	};
}

/**
 * config_free() - free all that a configuration owns
 * @c: the configuration; may be all zeros
 */
void config_free(struct config *c)
{
	size_t i;

	for (i = 0; i < c->n_rules; i++) {
		free(c->rules[i].match);
		free(c->rules[i].actions);
	}
	free(c->rules);
	free(c->statics);
	free(c->ports);
	free(c->trace.json);
	free(c->trace.pcap);
	free(c->trace.filter);
	free(c->trace.port);
	free(c->trace.reason);
	*c = (struct config){ 0 };
}

/**
 * config_has_static() - is a host fixed there, too?
 * @c: the configuration
 * @s: address, VLAN and port
 *
 * Return: true if so.
 */
bool config_has_static(const struct config *c, const struct config_static *s)
{
	size_t i;

	for (i = 0; i < c->n_statics; i++) {
		if (c->statics[i].vlan == s->vlan && !memcmp(c->statics[i].mac, s->mac, 6) &&
		    !strcmp(c->statics[i].port, s->port))
			return true;
	}
	return false;
}

/**
 * config_port() - look a port up
 * @c: the configuration
 * @name: of the port
 *
 * Return: the port, which lives until another is added; NULL if it is not named.
 */
struct config_port *config_port(const struct config *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_ports; i++) {
		if (!strcmp(c->ports[i].name, name))
			return &c->ports[i];
	}
	return NULL;
}

/**
 * config_add_port() - name a port
 * @c: the configuration
 * @name: of the port, checked by config_name_fits()
 * @len: its length
 *
 * Return: the port, all else zero; NULL for want of memory.
 */
struct config_port *config_add_port(struct config *c, const char *name, size_t len)
{
	struct config_port *ports = realloc(c->ports, (c->n_ports + 1) * sizeof(*ports));

	if (!ports)
		return NULL;
	c->ports = ports;
	ports = &ports[c->n_ports++];
	memset(ports, 0, sizeof(*ports));
	memcpy(ports->name, name, len);
	return ports;
}

/**
 * config_number() - read a decimal number
 * @text: what is to be a number and nothing else
 * @len: its length
 * @max: greatest value that is taken
 * @value: filled in
 *
 * Return: false if it is none.
 */
bool config_number(const char *text, size_t len, uint32_t max, uint32_t *value)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		sum = sum * 10 + (text[i] - '0');
		if (sum > max)
			return false;
	}
	*value = sum;
	return len > 0;
}

/**
 * config_size() - read a number of bytes
 * @text: a number, or one with K, M or G behind it: 1024 of them and so on
 * @bytes: filled in
 *
 * Return: false if it is not one, or 0.
 */
bool config_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMG";
	size_t digits = strspn(text, "0123456789");
	const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
	uint32_t value;

	if (!config_number(text, digits, 1U << 30, &value) || !value ||
	    (text[digits] && (!unit || text[digits + 1])))
		return false;
	*bytes = (uint64_t)value << (unit ? 10 * (unit - units + 1) : 0);
	return true;
}

/**
 * config_vlan() - read a VLAN's number, 1 to 4094
 * @text: what is to be one and nothing else
 * @len: its length
 * @vlan: filled in
 *
 * Return: false if it is none.
 */
bool config_vlan(const char *text, size_t len, uint16_t *vlan)
{
	uint32_t value;

	if (!config_number(text, len, BRIDGE_VLANS - 2, &value) || !value)
		return false;
	*vlan = value;
	return true;
}

/**
 * config_name_fits() - can a network device be called so?
 * @what: that it is to name, for the error
 * @text: the name
 * @len: its length
 * @error: on failure what is wrong
 * @error_size: room for it
 *
 * Return: false if it cannot.
 */
bool config_name_fits(const char *what, const char *text, size_t len, char *error,
		      size_t error_size)
{
	size_t i;

	if (!len) {
		snprintf(error, error_size, "the name of a %s is missing in '%s'", what, text);
		return false;
	}
	if (len >= IF_NAMESIZE) {
		snprintf(error, error_size, "'%.*s' is too long for a %s: at most %d characters",
			 (int)len, text, what, IF_NAMESIZE - 1);
		return false;
	}
	for (i = 0; i < len; i++) {
		if (text[i] == '/' || isspace((unsigned char)text[i])) {
			snprintf(error, error_size,
				 "'%.*s' cannot name a %s: no '/' and no blanks",
				 (int)len, text, what);
			return false;
		}
	}
	return true;
}
