/*
 * probe/lines.h - a text file that a person wrote: read whole, bounded, and line by line
 *
 * A line is UTF-8 without NUL, of at most MP_LINE_MAX bytes; blanks around it are dropped, empty ones and comments
 * ("#" or ";" first) passed over. A byte order mark and CRLF are fine.
 *
 * Owns:   texts live in the arena given.
 * Fails:  MP_EINVAL with "FILE:LINE: what is wrong and how it should look".
 * Uses:   mp_lines_read() reads a file; the rest does no I/O.
 */
#ifndef MP_LINES_H
#define MP_LINES_H

#include "base/arena.h"

enum {
	MP_LINES_MAX = 1024 * 1024, /* bytes of a file */
	MP_LINE_MAX = 4096,
};

struct mp_lines {
	struct mp_arena *a;
	const char *path;
	struct mp_str rest;
	unsigned line; /* number of the last that was given */
};

int mp_lines_of(struct mp_arena *a, const char *path, struct mp_str bytes, struct mp_lines *out, struct mp_err *err);
/* The same for the file at `path`. `root` stands before it, but not in messages. */
int mp_lines_read(struct mp_arena *a, const char *root, const char *path, struct mp_lines *out, struct mp_err *err);
/* MP_OK with the next line, or with line->p NULL at the end. */
int mp_lines_next(struct mp_lines *l, struct mp_str *line, struct mp_err *err);
/* Put "FILE:LINE: " before the message, or "FILE:LINE: KEY: "; return err->code. */
int mp_lines_at(const struct mp_lines *l, struct mp_str key, struct mp_err *err);
/* "FILE:LINE", or "FILE:LINE: KEY" */
char *mp_lines_where(const struct mp_lines *l, struct mp_str key);

#endif
