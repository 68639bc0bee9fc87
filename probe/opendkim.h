/*
 * probe/opendkim.h - the selectors that a local OpenDKIM signs with
 *
 * Read are opendkim.conf (Domain, Selector, KeyFile), and a SigningTable and a KeyTable that are files. Other kinds of
 * tables (databases, LDAP, Lua) are not.
 *
 * Owns:   all texts live in the arena given.
 * Fails:  never: what cannot be read names no selector.
 * Uses:   files below a root directory. The keys themselves are not read here.
 */
#ifndef MP_OPENDKIM_H
#define MP_OPENDKIM_H

#include "probe/case.h"

enum { MP_SIGNER_MAX = 8 }; /* selectors that are taken over */

/*
 * The selectors for mail From: `address`, whose domain is `domain` (canonical), into `out`: domain, selector, origin, and
 * the path of the private key as key_origin (NULL where it is not in a file). Returns how many.
 */
size_t mp_opendkim_selectors(struct mp_arena *a, const char *root, const char *address, const char *domain,
	struct mp_selector out[static MP_SIGNER_MAX]);

/*
 * The same by tables alone, which other signers have taken over: `signing` (path; NULL: none, then every key of the domain
 * counts) says which key an address gets, `keys` what that is. A table of patterns has "refile:" before its path.
 */
size_t mp_dkim_tables(struct mp_arena *a, const char *root, const char *address, const char *domain,
	const char *signing, const char *keys, const char *signer, struct mp_selector out[static MP_SIGNER_MAX]);

#endif
