/*
 * reports/progress.h - one line on a terminal that says what mailprobe is waiting for, rewritten in place
 *
 * Only for people: nothing is written where the file is no terminal, or where the terminal cannot erase a line.
 *
 * Owns:   a few bytes, until rep_progress_free(); the file descriptor stays the caller's.
 * Fails:  never: what cannot be written is lost.
 * Uses:   writes to the descriptor, asks it for its width. No clock: the time that has passed is given.
 */
#ifndef REP_PROGRESS_H
#define REP_PROGRESS_H

#include "base/base.h"

enum { REP_PROGRESS_AFTER_MS = 300 }; /* a run that ends sooner shows nothing: a flash would only disturb */

struct rep_progress;

/* `term`: the environment's TERM, may be NULL. Never NULL; on anything but a capable terminal it stays silent. */
struct rep_progress *rep_progress_new(int fd, const char *term);
void rep_progress_free(struct rep_progress *p); /* erases the line; NULL is fine */

/*
 * Show `text` (any bytes; one line, cut to the terminal's width) and the time since the start, as
 *     mailprobe: 3 s  mx1.example.net: waiting for the banner (2 questions to the DNS)
 * Writes nothing when the line would be the same as the one that is there.
 */
void rep_progress_show(struct rep_progress *p, const char *text, uint64_t elapsed_ms);

/* Erase the line. To be called before anything else is written to the terminal. */
void rep_progress_clear(struct rep_progress *p);

#endif
