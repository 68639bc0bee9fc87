/* base/ip.c - see base/ip.h */
#include <arpa/inet.h>

#include "base/ip.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void from_v6(struct mp_ip *out, const uint8_t b[16])
{
	memset(out, 0, sizeof(*out));
	if (memcmp(b, mapped, sizeof(mapped)) == 0) {
		out->family = MP_IPV4;
		memcpy(out->b, b + 12, 4);
		return;
	}
	out->family = MP_IPV6;
	memcpy(out->b, b, 16);
}

bool mp_ip_parse(struct mp_str s, struct mp_ip *out)
{
	char text[MP_IP_TEXT];
	uint8_t b[16];

	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET, text, b) == 1) {
		memset(out, 0, sizeof(*out));
		out->family = MP_IPV4;
		memcpy(out->b, b, 4);
		return true;
	}
	if (inet_pton(AF_INET6, text, b) == 1) {
		from_v6(out, b);
		return true;
	}
	return false;
}

const char *mp_ip_text(const struct mp_ip *ip, char out[static MP_IP_TEXT])
{
	if (ip->family == MP_IPNONE || !inet_ntop(ip->family == MP_IPV4 ? AF_INET : AF_INET6, ip->b, out, MP_IP_TEXT))
		out[0] = '\0';
	return out;
}

bool mp_ip_eq(const struct mp_ip *a, const struct mp_ip *b)
{
	return mp_ip_cmp(a, b) == 0;
}

int mp_ip_cmp(const struct mp_ip *a, const struct mp_ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, sizeof(a->b));
}

bool mp_ip_in(const struct mp_ip *ip, const struct mp_ip *net, unsigned prefix)
{
	unsigned whole = prefix / 8, rest = prefix % 8;

	if (ip->family != net->family || prefix > (ip->family == MP_IPV4 ? 32U : 128U))
		return false;
	if (memcmp(ip->b, net->b, whole) != 0)
		return false;
	return rest == 0 || ((ip->b[whole] ^ net->b[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
}

const char *mp_ip_reverse(const struct mp_ip *ip, char out[static MP_IP_REVERSE])
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	if (ip->family == MP_IPV4) {
		snprintf(out, MP_IP_REVERSE, "%u.%u.%u.%u.in-addr.arpa", ip->b[3], ip->b[2], ip->b[1], ip->b[0]);
		return out;
	}
	for (int i = 15; i >= 0; i--) {
		out[n++] = hex[ip->b[i] & 15];
		out[n++] = '.';
		out[n++] = hex[ip->b[i] >> 4];
		out[n++] = '.';
	}
	snprintf(out + n, MP_IP_REVERSE - n, "ip6.arpa");
	return out;
}

static const struct {
	enum mp_family family;
	uint8_t net[16];
	unsigned prefix;
	enum mp_ip_kind kind;
} kinds[] = {
	{MP_IPV4, {10}, 8, MP_IP_PRIVATE},
	{MP_IPV4, {172, 16}, 12, MP_IP_PRIVATE},
	{MP_IPV4, {192, 168}, 16, MP_IP_PRIVATE},
	{MP_IPV4, {100, 64}, 10, MP_IP_PRIVATE},
	{MP_IPV4, {127}, 8, MP_IP_LOOPBACK},
	{MP_IPV4, {169, 254}, 16, MP_IP_LINKLOCAL},
	{MP_IPV4, {0}, 8, MP_IP_OTHER},
	{MP_IPV4, {224}, 3, MP_IP_OTHER},
	{MP_IPV6, {[15] = 1}, 128, MP_IP_LOOPBACK},
	{MP_IPV6, {0}, 128, MP_IP_OTHER},
	{MP_IPV6, {0xfc}, 7, MP_IP_PRIVATE},
	{MP_IPV6, {0xfe, 0x80}, 10, MP_IP_LINKLOCAL},
	{MP_IPV6, {0xff}, 8, MP_IP_OTHER},
};

enum mp_ip_kind mp_ip_kind(const struct mp_ip *ip)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct mp_ip net = {.family = kinds[i].family};

		memcpy(net.b, kinds[i].net, sizeof(net.b));
		if (mp_ip_in(ip, &net, kinds[i].prefix))
			return kinds[i].kind;
	}
	return ip->family == MP_IPNONE ? MP_IP_OTHER : MP_IP_GLOBAL;
}

socklen_t mp_ip_sockaddr(const struct mp_ip *ip, uint16_t port, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (ip->family == MP_IPV4) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, ip->b, 4);
		return sizeof(*in);
	} else {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, ip->b, 16);
		return sizeof(*in6);
	}
}

bool mp_ip_from_sockaddr(const struct sockaddr *sa, struct mp_ip *out, uint16_t *port)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		memset(out, 0, sizeof(*out));
		out->family = MP_IPV4;
		memcpy(out->b, &in->sin_addr, 4);
		if (port)
			*port = ntohs(in->sin_port);
		return true;
	}
	if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		from_v6(out, (const uint8_t *)&in6->sin6_addr);
		if (port)
			*port = ntohs(in6->sin6_port);
		return true;
	}
	return false;
}
