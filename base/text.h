/*
 * base/text.h - bytes from outside made safe to keep and show; times as text
 *
 * Owns:   nothing; results live in the arena or buffer given.
 * Fails:  never; every byte sequence has a form.
 * Uses:   no I/O, no clock.
 * RFC:    3629 (UTF-8), 3339 (times).
 */
#ifndef MP_TEXT_H
#define MP_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

/* Length of the valid UTF-8 sequence at p (1..4; no surrogates, no overlong forms), or 0. */
size_t mp_utf8_len(const char *p, size_t n);
/* The code point of a sequence that mp_utf8_len() found valid. */
uint32_t mp_utf8_code(const char *p, size_t len);
bool mp_utf8_valid(struct mp_str s);

/*
 * The one way from wire bytes to kept text: valid UTF-8 stays, every other byte and every control character (C0 but
 * tab, DEL, C1, and the bidirectional and zero-width controls that could reorder what a reader sees) becomes \xNN
 * (\u{NNNN} for the latter). The result is valid UTF-8, holds no control but tab, and fits JSON as it is.
 */
char *mp_text(struct mp_arena *a, struct mp_str bytes);

/*
 * The lines of an SMTP reply ("550-5.7.1 No", "550 5.7.1 way") as one text: code and status once, then the words of all
 * lines ("550 5.7.1 No way"). Where a line has another code, it is kept. `status` is the enhanced code, or NULL.
 */
bool mp_reply_coded(const char *line); /* it begins with a code: "550", "550-..." or "550 ..." */
char *mp_reply_flowed(struct mp_arena *a, const char *const *lines, size_t n, const char *status);

/* An argument as a shell has to be given it: what is plain stays, all else stands in single quotes. */
const char *mp_shell_word(struct mp_arena *a, const char *arg);

/* Columns a terminal needs for valid UTF-8 text (wide East Asian counts 2, combining 0). */
size_t mp_text_width(struct mp_str s);

/* Milliseconds since 1970 UTC as RFC 3339: 2026-11-21T10:02:03Z, or with .123 when `fraction`. */
char *mp_time_text(struct mp_arena *a, int64_t ms, bool fraction);
/* The reverse; false when `s` is no RFC 3339 time. */
bool mp_time_parse(struct mp_str s, int64_t *ms);

/*
 * Distance of two words in typing steps: insertions, deletions, substitutions, swaps of neighbours (optimal string
 * alignment), ASCII case folded. Words over 255 bytes give SIZE_MAX.
 */
size_t mp_typo_distance(struct mp_str a, struct mp_str b);

#endif
