// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test's counterpart on a raw netlink protocol, number 30: answers as no decent
 * kernel would, so that receiving can be tried.  Nothing but tests loads it.
 *
 * A request is a netlink message whose payload is a word; the answers carry
 * payloads of family PREFIX_packet's form or not, as the word says:
 *
 *	hello		"hello", unicast to the sender
 *	group		"hello", multicast to group 1
 *	truncated	a length in the header beyond the datagram's end
 *	short		a datagram of less than a header
 *	tiny		a length in the header that is less than a header's
 *	duplicate	"hello" twice with one sequence number
 *	unordered	sequence numbers 3, 1, 2
 *	oversized	a datagram of 300,000 bytes
 *	foreign		a type that nobody has
 *	many		"hello" 100 times in one datagram
 *	flood		"hello" in datagrams, 10,000 of them
 */
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <net/netlink.h>
#include <net/sock.h>

#define PROTOCOL	30
#define GROUP		1
#define TYPE		0x40		/* any that is not a control message */

static const char hello[] = "hello";

static struct sock *nl30;

static void put(struct sk_buff *skb, u32 seq, u16 type, u32 len_in_header)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, 0, seq, type, sizeof(hello), 0);

	if (!nlh)
		return;
	memcpy(nlmsg_data(nlh), hello, sizeof(hello));
	if (len_in_header)
		nlh->nlmsg_len = len_in_header;
}

/* @n messages in one datagram; the socket layer frees it, sent or not. */
static void send(u32 portid, u32 seq, u16 type, u32 len_in_header,
		 unsigned int n)
{
	struct sk_buff *skb = nlmsg_new(n * nlmsg_total_size(sizeof(hello)),
					GFP_KERNEL);

	if (!skb)
		return;
	while (n--)
		put(skb, seq, type, len_in_header);
	nlmsg_unicast(nl30, skb, portid);
}

static void send_bytes(u32 portid, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	if (!skb)
		return;
	skb_put_zero(skb, len);
	if (len >= NLMSG_HDRLEN) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)skb->data;

		nlh->nlmsg_len = len;
		nlh->nlmsg_type = TYPE;
	}
	nlmsg_unicast(nl30, skb, portid);
}

static void multicast(void)
{
	struct sk_buff *skb = nlmsg_new(sizeof(hello), GFP_KERNEL);

	if (!skb)
		return;
	put(skb, 0, TYPE, 0);
	nlmsg_multicast(nl30, skb, 0, GROUP, GFP_KERNEL);
}

static bool is(const char *word, const char *data, int len)
{
	return len == (int)strlen(word) && !memcmp(word, data, len);
}

/* Process context, the sender's; netlink_rcv_skb() keeps requests apart. */
static int request(struct sk_buff *skb, struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack)
{
	const char *word = nlmsg_data(nlh);
	u32 to = NETLINK_CB(skb).portid, seq = nlh->nlmsg_seq;
	int len = nlmsg_len(nlh), i;

	if (is("hello", word, len)) {
		send(to, seq, TYPE, 0, 1);
	} else if (is("group", word, len)) {
		multicast();
	} else if (is("truncated", word, len)) {
		send(to, seq, TYPE, 1000, 1);
	} else if (is("short", word, len)) {
		send_bytes(to, 7);
	} else if (is("tiny", word, len)) {
		send(to, seq, TYPE, 3, 1);
	} else if (is("duplicate", word, len)) {
		send(to, seq, TYPE, 0, 1);
		send(to, seq, TYPE, 0, 1);
	} else if (is("unordered", word, len)) {
		send(to, 3, TYPE, 0, 1);
		send(to, 1, TYPE, 0, 1);
		send(to, 2, TYPE, 0, 1);
	} else if (is("oversized", word, len)) {
		send_bytes(to, 300000);
	} else if (is("foreign", word, len)) {
		send(to, seq, 0x7fff, 0, 1);
	} else if (is("many", word, len)) {
		send(to, seq, TYPE, 0, 100);
	} else if (is("flood", word, len)) {
		for (i = 0; i < 10000; i++)
			send(to, i, TYPE, 0, 1);
	} else {
		return -EOPNOTSUPP;
	}
	return 0;
}

static void input(struct sk_buff *skb)
{
	netlink_rcv_skb(skb, request);
}

static int __init netlink30_init(void)
{
	struct netlink_kernel_cfg cfg = {
		.groups = GROUP,
		.flags = NL_CFG_F_NONROOT_RECV,
		.input = input,
	};

	nl30 = netlink_kernel_create(&init_net, PROTOCOL, &cfg);
	return nl30 ? 0 : -ENOMEM;
}

static void __exit netlink30_exit(void)
{
	netlink_kernel_release(nl30);
}

module_init(netlink30_init);
module_exit(netlink30_exit);
MODULE_DESCRIPTION("Tests' misbehaving counterpart on netlink protocol 30");
MODULE_LICENSE("GPL");
