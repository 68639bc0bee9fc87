/*
 * probe/config.h - the configuration file: an INI reader over a table of known sections and keys
 *
 *     file    = *( blank / comment / section / entry )        one a line (probe/lines.h); lines are never continued
 *     section = "[" kind [ " " name ] "]"
 *     entry   = key "=" value                                 blanks around both are dropped; no quoting
 *
 * A comment has a line of its own: values may hold "#" and ";".
 *
 * Owns:   texts live in the arena given.
 * Fails:  MP_EINVAL with "FILE:LINE: KEY: what is wrong and how it should look".
 * Uses:   mp_config_parse(): no I/O. mp_config_read() reads a file, mp_config_find() the environment.
 */
#ifndef MP_CONFIG_H
#define MP_CONFIG_H

#include "base/arena.h"

enum {
	MP_CONFIG_NAME_MAX = 64,      /* of a section */
	MP_CONFIG_ENTRIES_MAX = 2000, /* sections and entries */
};

struct mp_config_key {
	const char *name; /* ends in "*": any key that begins so */
	bool list;        /* may be given several times; commas split as well, each part is an entry */
	/* What is wrong with a value, without FILE:LINE: KEY */
	int (*check)(struct mp_arena *a, struct mp_str value, struct mp_err *err);
};

struct mp_config_kind {
	const char *name; /* "profile" */
	const char *what; /* what stands behind it, "NAME"; NULL: nothing */
	const struct mp_config_key *keys;
	size_t n_keys;
};

struct mp_config_entry {
	const char *key, *value;
	const char *where; /* "FILE:LINE: KEY", for messages */
};

struct mp_config_section {
	const struct mp_config_kind *kind;
	const char *name;  /* "" where the kind has none */
	const char *where; /* "FILE:LINE" */
	struct mp_config_entry *entries;
	size_t n, cap;
};

struct mp_config {
	const char *path;
	struct mp_config_section *sections;
	size_t n, cap;
};

int mp_config_parse(struct mp_arena *a, const char *path, struct mp_str bytes, const struct mp_config_kind *kinds,
	size_t n_kinds, struct mp_config *out, struct mp_err *err);
/* The same for the file at `path`. `root` stands before it, but not in messages. */
int mp_config_read(struct mp_arena *a, const char *root, const char *path, const struct mp_config_kind *kinds,
	size_t n_kinds, struct mp_config *out, struct mp_err *err);

/* The user's or the system's configuration file, the first of them that exists below `root`; NULL when none does. */
const char *mp_config_find(struct mp_arena *a, const char *root);

/* NULL when there is no such section. */
const struct mp_config_section *mp_config_section(const struct mp_config *c, const char *kind, const char *name);
/* The last value of a key, or NULL. */
const struct mp_config_entry *mp_config_entry(const struct mp_config_section *s, const char *key);

#endif
