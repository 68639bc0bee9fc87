/*
 * probe/identity.h - who this host is: its names, its hosts file, what its local MTA is configured to announce
 *
 * Only local files and the kernel are asked: a resolver could ask the network, and say of our own names what the hosts
 * file says. All paths are below a root directory, so that tests have hosts of their own.
 *
 * Owns:   all texts live in the arena given.
 * Fails:  never: what cannot be found out stays NULL, and `trouble` says why where that is worth saying.
 * Uses:   files, gethostname(), getdomainname(). No network.
 * RFC:    952/1123 (hosts file, host names).
 */
#ifndef MP_IDENTITY_H
#define MP_IDENTITY_H

#include "probe/case.h"

enum { MP_BIND_MAX = 16 };

/* What an MTA's configuration says of how it sends. A value that it computes at run time is not readable: NULL. */
struct mp_mta {
	const char *name;                   /* "postfix" */
	const char *ehlo, *ehlo_origin;     /* origin: "smtp_helo_name in /etc/postfix/main.cf" */
	const char *domain, *domain_origin; /* what unqualified senders get */
	struct mp_ip bind[MP_BIND_MAX];
	size_t n_bind;
	const char *bind_origin;
	enum mp_family family; /* the only one it uses; MP_IPNONE: both */
	const char *relayhost, *relayhost_origin;
	const char *trouble; /* why `ehlo` is NULL: a clause, "helo_data in FILE is computed at run time" */
};

struct mp_identity {
	const char *hostname;    /* gethostname() */
	const char *fqdn;        /* with at least one dot, or NULL */
	const char *fqdn_origin; /* "hostname", "/etc/hosts", "domainname" */
	struct mp_mta mta;       /* name NULL: there is none */
};

/* `hostname` NULL: ask the system. */
void mp_identity_read(struct mp_arena *a, const char *root, const char *hostname, struct mp_identity *out);

/*
 * The entries of the hosts file for any of `names` (NULLs are skipped) or of `ips` that are not loopback. At most
 * MP_CASE_HOSTS_MAX.
 */
size_t mp_hosts_entries(struct mp_arena *a, const char *root, const char *const *names, size_t n_names,
	const struct mp_ip *ips, size_t n_ips, const struct mp_hosts_entry **out);

#endif
