/*
 * probe/opendkim.h - the selectors that a local OpenDKIM signs with
 *
 * Read are opendkim.conf (Domain, Selector, KeyFile) and a KeyTable that is a file. Its other kinds of tables (databases,
 * LDAP, Lua) are not.
 *
 * Owns:   all texts live in the arena given.
 * Fails:  never: what cannot be read names no selector.
 * Uses:   files below a root directory. The keys themselves are not read here.
 */
#ifndef MP_OPENDKIM_H
#define MP_OPENDKIM_H

#include "probe/case.h"

enum { MP_OPENDKIM_MAX = 8 }; /* selectors that are taken over */

/*
 * The selectors of `domain` (canonical), into `out`: domain, selector, origin, and the path of the private key as
 * key_origin (NULL where it is not in a file). Returns how many.
 */
size_t mp_opendkim_selectors(
	struct mp_arena *a, const char *root, const char *domain, struct mp_selector out[static MP_OPENDKIM_MAX]);

#endif
