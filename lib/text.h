/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flow syntax of ovs-dpctl, both ways: attributes -> text and text ->
 * attributes.  One table (text_row.c) has a row per key attribute and field,
 * another (text_action.c) a row per action; printer and parser both walk them.
 *
 *   recirc_id(0),in_port(1),eth(src=00:...,dst=00:...),eth_type(0x0800),
 *   ipv4(src=10.0.0.0/255.0.0.0,proto=6,frag=no),tcp(dst=80)
 *   push_vlan(vid=10,pcp=0),2,3
 *
 * In a flow: an attribute that is not there is wild; a field that is left out
 * of an attribute is wild; a field without "/mask" is exact.  What the printer
 * writes, the parser reads back to the same bytes (but for what is wild).
 *
 * ovs-dpctl reads it too, except for what it cannot read of its own either (as
 * of 3.1): several MPLS labels, the actions hash, push_mpls, pop_mpls, push_eth
 * and pop_eth, and "drop" within sample.  Beyond its syntax, prefix lengths
 * (10.0.0.0/8) are read, headers that the type and protocol call for may be left
 * out, and recirc() is printed in decimal, the form that ovs-dpctl reads.
 */
#ifndef VSL_LIB_TEXT_H
#define VSL_LIB_TEXT_H

#include "flow.h"
#include "util.h"

/**
 * struct vsl_text_ports - names for port numbers and back
 * @name: the name of port @port_no, or NULL where it has none
 * @number: the number of the port called @name into @port_no; false if none is
 * @arg: for both
 *
 * Either may be NULL: then ports are numbers only.
 */
struct vsl_text_ports {
	const char *(*name)(uint32_t port_no, void *arg);
	bool (*number)(const char *name, uint32_t *port_no, void *arg);
	void *arg;
};

/**
 * struct vsl_text_error - what is wrong with a text
 * @pos: offset of the word that is wrong
 * @msg: one sentence that quotes the word and says what was expected
 */
struct vsl_text_error {
	size_t pos;
	char msg[256];
};

/**
 * vsl_text_put_key() - append a key with its mask
 * @str: where to
 * @key: OVS_KEY_ATTR_*
 * @mask: OVS_KEY_ATTR_*; data NULL where the key is exact (a packet's)
 * @ports: to print ports by name, or NULL for numbers
 *
 * With a mask, what is wild is left out.  Attributes not known are printed as
 * "keyN(hex)" or "keyN(hex/hex)", malformed ones as "keyN(bad:hex)"; both are
 * for people and are not read back.  Never fails, never reads beyond the blobs.
 */
void vsl_text_put_key(struct vsl_str *str, struct vsl_blob key,
		      struct vsl_blob mask,
		      const struct vsl_text_ports *ports);

/**
 * vsl_text_put_actions() - append actions; "drop" for an empty list
 * @str: where to
 * @actions: OVS_ACTION_ATTR_*
 * @ports: to print ports by name, or NULL for numbers
 *
 * Unknown and malformed actions as for vsl_text_put_key(), "actionN(...)".
 */
void vsl_text_put_actions(struct vsl_str *str, struct vsl_blob actions,
			  const struct vsl_text_ports *ports);

/**
 * vsl_text_put_ufid() - append "ufid:" and the id as a UUID (if 16 bytes long)
 * @str: where to
 * @ufid: bytes
 * @len: 1 to VSL_UFID_MAX
 */
void vsl_text_put_ufid(struct vsl_str *str, const uint8_t *ufid, size_t len);

/**
 * vsl_text_put_flow() - append a flow as dump-flows prints it
 * @str: where to
 * @flow: e.g. from vsl_flow_dump()
 * @ports: to print ports by name, or NULL for numbers
 *
 * "KEY, packets:N, bytes:N, used:1.234s|never[, flags:SP.], actions:ACTIONS";
 * "ufid:U" in place of a key that was left out of the dump.  Where both are
 * wanted, call vsl_text_put_ufid() first.
 */
void vsl_text_put_flow(struct vsl_str *str, const struct vsl_flow *flow,
		       const struct vsl_text_ports *ports);

/**
 * vsl_text_put_tcp_flags() - append flags as letters, "SP." ("." is ACK)
 * @str: where to
 * @flags: low 8 bits of the TCP header's
 */
void vsl_text_put_tcp_flags(struct vsl_str *str, uint8_t flags);

/**
 * vsl_text_parse_flow() - read "[ufid:U,]KEY"
 * @text: all of it is read
 * @ports: to take ports by name, or NULL for numbers only
 * @key: from vsl_attrs_new(); the key's attributes are put in
 * @mask: from vsl_attrs_new(); the mask's attributes are put in; may be NULL
 * @ufid: where not NULL: a ufid may stand in front and goes here
 * @ufid_len: its length, 0 where none stood there
 * @err: filled on failure
 *
 * Return: 0; -EINVAL for a bad text; -EMSGSIZE.
 */
int vsl_text_parse_flow(const char *text, const struct vsl_text_ports *ports,
			struct nl_msg *key, struct nl_msg *mask, uint8_t *ufid,
			uint8_t *ufid_len, struct vsl_text_error *err);

/**
 * vsl_text_parse_ufid() - read "ufid:" and a UUID or 1 to 32 hex digits
 * @text: may go on behind it
 * @ufid: filled on success
 * @ufid_len: filled on success
 *
 * Return: characters read; 0 where @text does not start with a ufid.
 */
size_t vsl_text_parse_ufid(const char *text, uint8_t ufid[VSL_UFID_MAX],
			   uint8_t *ufid_len);

/**
 * vsl_text_parse_actions() - read a list of actions
 * @text: all of it is read; "drop" or "" is the empty list
 * @ports: to take ports by name, or NULL for numbers only
 * @actions: from vsl_attrs_new(); the actions are put in
 * @err: filled on failure
 *
 * Return: 0; -EINVAL for a bad text; -EMSGSIZE.
 */
int vsl_text_parse_actions(const char *text,
			   const struct vsl_text_ports *ports,
			   struct nl_msg *actions, struct vsl_text_error *err);

/**
 * vsl_text_split_line() - take a line of a flow file apart
 * @line: "FLOW ACTIONS", "FLOW, actions:ACTIONS" or what dump-flows printed
 *	("FLOW, packets:1, bytes:98, used:0.5s, actions:ACTIONS"); "#" starts a
 *	comment.  Changed: NULs are written into it
 * @flow: start of the flow, NULL for a line with nothing in it
 * @actions: start of the actions
 * @err: filled on failure; err->pos counts from @line
 *
 * Return: 0; -EINVAL where the line has a flow but no actions, or a word
 * between them that is not known.
 */
int vsl_text_split_line(char *line, char **flow, char **actions,
			struct vsl_text_error *err);

#endif /* VSL_LIB_TEXT_H */
