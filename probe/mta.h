/*
 * probe/mta.h - readers of local MTAs' configurations
 *
 * One row for each MTA: where its configuration and its programs are, and what reads them.
 *
 * Owns:   texts live in the arena. Fails: never; see struct mp_mta. Uses: files below a root directory.
 */
#ifndef MP_MTA_H
#define MP_MTA_H

#include "probe/identity.h"

enum {
	MTA_FILE_MAX = 8 * 1024 * 1024, /* hosts files that block advertising are large */
	MTA_VALUE_MAX = 8192,
	MTA_STEPS_MAX = 4096, /* expansions and replacements in one configuration */
	MTA_DEPTH_MAX = 16,   /* of expansions and of files that include files */
};

/* What a reader may use. */
struct mta_host {
	struct mp_arena *a;
	const char *root;
	const char *config;   /* the path of the row that exists */
	const char *hostname; /* never NULL */
	const char *fqdn;     /* or NULL */
};

struct mta_row {
	const char *name;
	const char *configs[6];  /* in the order they are looked for */
	const char *programs[5]; /* one of them is there when the MTA is installed */
	const char *links[4];    /* what the target of /usr/sbin/sendmail contains when it is this one's */
	void (*read)(const struct mta_host *h, struct mp_mta *out);
};

void mta_read_postfix(const struct mta_host *h, struct mp_mta *out);
void mta_read_exim(const struct mta_host *h, struct mp_mta *out);
void mta_read_opensmtpd(const struct mta_host *h, struct mp_mta *out);
void mta_read_sendmail(const struct mta_host *h, struct mp_mta *out);

/* A regular file of at most MTA_FILE_MAX bytes, as text up to the first NUL. NULL with errno in *sys (may be NULL). */
const char *mta_file(struct mp_arena *a, const char *root, const char *path, int *sys);
/* First word of the first line of a file such as /etc/mailname, or NULL. */
const char *mta_first_word(struct mp_arena *a, const char *root, const char *path);
/* Cut the next word off; words end at blanks and tabs. False when there is none. */
bool mta_next_word(struct mp_str *s, struct mp_str *word);
/* The text of an address, brackets allowed, added to the addresses to bind. False when it is none. */
bool mta_add_bind(struct mp_mta *m, struct mp_str text, const char *origin);

#endif
