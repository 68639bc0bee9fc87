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
		"please set the PTR (reverse DNS) record of %s:\n"
		"\n"
		"  name:   %s\n"
		"  wanted: PTR %s\n"
		"  today:  %s\n"
		"\n"
		"The address sends mail. Receivers look its PTR up, and refuse mail when\n"
		"there is none or when its name does not lead back to the address.\n"
		"%s%s%s"
		"Our forward record is our part: %s %s %s\n"
		"Looked up at %s.\n"
		"\n"
		"Thank you.\n",
		text, name, text, rev, name, now_names && now_names[0] ? now_names : "none",
		reply ? "One of them said:\n\n  " : "", reply ? reply : "", reply ? "\n\n" : "", name, type, text,
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
		"outgoing connections from %s to TCP port %u get no answer.\n"
		"Tried at %s:\n"
		"\n"
		"  %s\n"
		"\n"
		"None of them answered. The host is a mail server (%s)\n"
		"and has to reach other mail servers on that port.\n"
		"\n"
		"Please open outgoing TCP port %u for this address, or tell us which\n"
		"mail relay we should use instead.\n"
		"\n"
		"Thank you.\n",
		port, text, text, port, mp_time_text(a, c->started_ms, false), silent, c->ehlo ? c->ehlo : c->hostname,
		port);
}
