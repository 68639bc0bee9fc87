/*
 * dns/psl.h - where the registered part of a name begins, by the Public Suffix List
 *
 * Owns:   nothing; results point into the name given.
 * Fails:  NULL where nothing can be registered: a public suffix itself, one label, no possible name.
 * Uses:   no I/O, no clock: the list is the one built into libpsl.
 * RFC:    7489 3.2 (organizational domain), 8499 (terms).
 */
#ifndef DNS_PSL_H
#define DNS_PSL_H

#include "base/base.h"

/* Which suffixes count: registries' alone, or also those that companies run for their customers ("github.io"). */
enum dns_psl { DNS_PSL_REGISTRIES, DNS_PSL_ALL };

/*
 * The registrable domain of `name` (presentation form, A-labels, any case, with or without last dot): the public suffix
 * and one label more. "example.co.uk" for "mail.example.co.uk". An unknown TLD is a suffix of one label.
 */
const char *dns_registrable_domain(const char *name, enum dns_psl which);

#endif
