/*
 * base/ip.h - IP addresses as values: text, comparison, reverse names, kinds
 *
 * Owns:   nothing. Fails: false. Uses: no I/O, no clock, no allocation.
 * RFC:    1035 3.5 (in-addr.arpa), 3596 2.5 (ip6.arpa), 5952 (text of IPv6), 6890 (special-purpose addresses).
 */
#ifndef MP_IP_H
#define MP_IP_H

#include <sys/socket.h>
#include <netinet/in.h>

#include "base/base.h"

enum mp_family { MP_IPNONE = 0, MP_IPV4 = 4, MP_IPV6 = 6 };

struct mp_ip {
	enum mp_family family;
	uint8_t b[16]; /* network byte order; the first 4 for IPv4, the rest zero */
};

enum {
	MP_IP_TEXT = 46,    /* room for the text of an address, NUL included */
	MP_IP_REVERSE = 80, /* room for a reverse name, NUL included */
};

/*
 * Parse the whole of `s`: dotted quad or IPv6, no brackets, no zone, no prefix length.
 * An IPv4-mapped IPv6 address becomes the IPv4 address.
 */
bool mp_ip_parse(struct mp_str s, struct mp_ip *out);

/* Canonical text (RFC 5952), into `out` and returned. */
const char *mp_ip_text(const struct mp_ip *ip, char out[static MP_IP_TEXT]);

bool mp_ip_eq(const struct mp_ip *a, const struct mp_ip *b);
int mp_ip_cmp(const struct mp_ip *a, const struct mp_ip *b); /* IPv4 first, then by value */
bool mp_ip_in(const struct mp_ip *ip, const struct mp_ip *net, unsigned prefix);

/* The reverse name without a last dot: 10.2.0.192.in-addr.arpa. */
const char *mp_ip_reverse(const struct mp_ip *ip, char out[static MP_IP_REVERSE]);

enum mp_ip_kind {
	MP_IP_GLOBAL,  /* what the Internet can see; documentation ranges count as such, labs use them */
	MP_IP_PRIVATE, /* RFC 1918, 6598 (shared), 4193 (unique local) */
	MP_IP_LOOPBACK,
	MP_IP_LINKLOCAL,
	MP_IP_OTHER, /* unspecified, multicast, reserved: never a host's address */
};
enum mp_ip_kind mp_ip_kind(const struct mp_ip *ip);

/* To and from the system's form. from_sockaddr: false for another family. */
socklen_t mp_ip_sockaddr(const struct mp_ip *ip, uint16_t port, struct sockaddr_storage *out);
bool mp_ip_from_sockaddr(const struct sockaddr *sa, struct mp_ip *out, uint16_t *port);

#endif
