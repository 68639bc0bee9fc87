/* probe/request.c - see probe/request.h */
#include "probe/request.h"
#include "base/text.h"

const char *mp_request_ptr(
	struct mp_arena *a, const struct mp_case *c, const struct mp_ip *ip, const char *now_names, const char *reply)
{
	char text[MP_IP_TEXT], rev[MP_IP_REVERSE];
	bool name_given = c->ehlo && c->ehlo[0] != '[';
	const char *name = name_given ? c->ehlo : "<the full host name of the mail server>";
	const char *type = ip->family == MP_IPV4 ? "A" : "AAAA";

	mp_ip_text(ip, text);
	mp_ip_reverse(ip, rev);
	return mp_printf(a,
		"Subject: Please set the PTR of %s to %s\n"
		"\n"
		"Hello,\n"
		"\n"
		"please set the PTR (reverse DNS) record of %s to %s.\n"
		"\n"
		"  name in the reverse zone:  %s.\n"
		"  record wanted:             %s. IN PTR %s.\n"
		"  record today:              %s\n"
		"\n"
		"The address sends mail. Receivers look its PTR up and refuse mail when there is\n"
		"none, or when its name does not lead back to the address.%s%s%s\n"
		"Our forward record (%s IN %s %s) is our part.\n"
		"Looked up on %s.\n"
		"\n"
		"Thank you.\n",
		text, name, text, name, rev, rev, name, now_names && now_names[0] ? now_names : "none",
		reply ? " One of them said:\n\n  " : "", reply ? reply : "", reply ? "\n" : "", name, type, text,
		mp_time_text(a, c->started_ms, false));
}

const char *mp_request_port25(
	struct mp_arena *a, const struct mp_case *c, const struct mp_ip *ip, uint16_t port, const char *silent)
{
	char text[MP_IP_TEXT];

	mp_ip_text(ip, text);
	return mp_printf(a,
		"Subject: Please open outgoing TCP port %u for %s\n"
		"\n"
		"Hello,\n"
		"\n"
		"outgoing connections from %s to TCP port %u get no answer:\n"
		"we tried %s on %s,\n"
		"and none of them answered. The host is a mail server (%s) and\n"
		"has to reach other mail servers on that port.\n"
		"\n"
		"Please open outgoing TCP port %u for this address, or tell us which mail relay\n"
		"we should use instead.\n"
		"\n"
		"Thank you.\n",
		port, text, text, port, silent, mp_time_text(a, c->started_ms, false), c->ehlo ? c->ehlo : c->hostname,
		port);
}
