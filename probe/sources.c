/* probe/sources.c - see probe/sources.h */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

#include "probe/sources.h"

static int family_of(const struct mp_ip *ip)
{
	return ip->family == MP_IPV4 ? AF_INET : AF_INET6;
}

bool mp_ip_is_ours(const struct mp_ip *ip, int *sys)
{
	struct sockaddr_storage sa;
	socklen_t n = mp_ip_sockaddr(ip, 0, &sa);
	int fd = socket(family_of(ip), SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ours;

	*sys = errno;
	if (fd < 0)
		return false;
	ours = bind(fd, (struct sockaddr *)&sa, n) == 0;
	*sys = errno;
	close(fd);
	return ours;
}

bool mp_ip_towards(const struct mp_ip *to, struct mp_ip *out)
{
	struct sockaddr_storage sa;
	socklen_t n = mp_ip_sockaddr(to, 25, &sa);
	int fd = socket(family_of(to), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = false;

	if (fd < 0)
		return false;
	/* A connected UDP socket has a route and an address, and nothing was sent. */
	if (connect(fd, (struct sockaddr *)&sa, n) == 0) {
		n = sizeof(sa);
		found = getsockname(fd, (struct sockaddr *)&sa, &n) == 0 &&
			mp_ip_from_sockaddr((struct sockaddr *)&sa, out, NULL) && mp_ip_kind(out) != MP_IP_OTHER;
	}
	close(fd);
	return found;
}

size_t mp_ip_all_ours(struct mp_arena *a, struct mp_ip **out)
{
	struct ifaddrs *all = NULL;
	struct mp_ip *list = NULL, ip;
	size_t n = 0, cap = 0;

	if (getifaddrs(&all) != 0)
		all = NULL;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		bool known = false;

		if (!i->ifa_addr || !(i->ifa_flags & IFF_UP) || !mp_ip_from_sockaddr(i->ifa_addr, &ip, NULL))
			continue;
		if (mp_ip_kind(&ip) == MP_IP_OTHER || mp_ip_kind(&ip) == MP_IP_LINKLOCAL)
			continue;
		for (size_t k = 0; k < n; k++)
			known = known || mp_ip_eq(&list[k], &ip);
		if (!known)
			*MP_PUSH(a, list, n, cap) = ip;
	}
	if (all)
		freeifaddrs(all);
	*out = list;
	return n;
}

/* Well-known addresses of the Internet, to ask the kernel for the route there: a root name server's. */
static const struct mp_ip internet[] = {
	{MP_IPV4, {198, 41, 0, 4}},
	{MP_IPV6, {0x20, 0x01, 0x05, 0x03, 0xba, 0x3e, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0x30}},
};

/* The route towards the first of the destinations of a family that is not on this host itself, else the first. */
static bool by_route(const struct mp_route_wish *wish, enum mp_family family, struct mp_ip *out)
{
	const struct mp_ip *to = wish->n_to ? wish->to : internet;
	size_t n = wish->n_to ? wish->n_to : ARRAY_LEN(internet);
	struct mp_ip ip;
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		if (to[i].family != family || !mp_ip_towards(&to[i], &ip))
			continue;
		if (!found)
			*out = ip;
		found = true;
		if (mp_ip_kind(&ip) == MP_IP_LOOPBACK)
			continue;
		*out = ip;
		break;
	}
	/* A private IPv6 address leads nowhere: no MTA sends from it to the Internet. */
	return found && (wish->n_to || family == MP_IPV4 || mp_ip_kind(out) == MP_IP_GLOBAL);
}

static bool by_kind(const struct mp_ip *all, size_t n, enum mp_family family, enum mp_ip_kind kind, struct mp_ip *out)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].family == family && mp_ip_kind(&all[i]) == kind) {
			*out = all[i];
			return true;
		}
	return false;
}

size_t mp_sources_by_route(
	struct mp_arena *a, const struct mp_route_wish *wish, struct mp_ip out[static 2], const char **how)
{
	static const struct {
		enum mp_ip_kind kind;
		const char *how;
	} ladder[] = {{MP_IP_GLOBAL, "interface"}, {MP_IP_PRIVATE, "interface"}, {MP_IP_LOOPBACK, "loopback"}};
	struct mp_ip *all;
	size_t n = 0, n_all;

	*how = "route";
	if (wish->v4 && by_route(wish, MP_IPV4, &out[n]))
		n++;
	if (wish->v6 && by_route(wish, MP_IPV6, &out[n]))
		n++;
	if (n)
		return n;
	/* No way out at all: a machine without a network, or with none but its neighbours. */
	n_all = mp_ip_all_ours(a, &all);
	for (size_t i = 0; i < ARRAY_LEN(ladder) && !n; i++) {
		*how = ladder[i].how;
		if (wish->v4 && by_kind(all, n_all, MP_IPV4, ladder[i].kind, &out[n]))
			n++;
		/* One loopback address will do: it leads nowhere but here. */
		if (wish->v6 && !(n && ladder[i].kind == MP_IP_LOOPBACK) &&
			by_kind(all, n_all, MP_IPV6, ladder[i].kind, &out[n]))
			n++;
	}
	return n;
}
