/*
 * probe/rspamd.h - the selectors that a local rspamd signs with (its module dkim_signing)
 *
 * Read are dkim_signing.conf of modules.d, local.d and override.d, in this order, and the maps and tables that it names,
 * where these are files. Keys in Redis or a vault, and what a Lua function decides, are not seen.
 *
 * Owns:   all texts live in the arena given.
 * Fails:  never: what cannot be read names no selector.
 * Uses:   files below a root directory. The keys themselves are not read here.
 */
#ifndef MP_RSPAMD_H
#define MP_RSPAMD_H

#include "probe/opendkim.h"

/* As mp_opendkim_selectors(). */
size_t mp_rspamd_selectors(struct mp_arena *a, const char *root, const char *address, const char *domain,
	struct mp_selector out[static MP_SIGNER_MAX]);

#endif
