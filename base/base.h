/*
 * base/base.h - what every file needs: fixed-width types, views of bytes, ASCII classes, errors
 *
 * Owns:   nothing.
 * Fails:  functions return enum mp_code; the text for a person goes to struct mp_err, one line without newline.
 * Uses:   no I/O, no clock. Allocation aborts when memory is out (sizes from outside are capped before).
 */
#ifndef MP_BASE_H
#define MP_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MP_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* ---- errors: mailprobe could not do its work. What is wrong with a sender is a check's status, never one of these. */

enum mp_code {
	MP_OK = 0,
	MP_EINVAL = -1, /* a caller or user gave something unusable */
	MP_EPARSE = -2, /* bytes do not have the form they should */
	MP_ELIMIT = -3, /* a bound was reached */
	MP_ETIMEOUT = -4,
	MP_ENET = -5,
	MP_ETLS = -6,
	MP_EIO = -7, /* a local file could not be read or written */
};

struct mp_err {
	enum mp_code code;
	int sys;       /* errno or a library's code, 0 if none */
	char msg[256]; /* one line, escaped, no newline */
};

/* Fill `err` (may be NULL) and return `code`. The text is cut at the size of msg; control bytes become '?'. */
int mp_fail(struct mp_err *err, enum mp_code code, const char *fmt, ...) MP_PRINTF(3, 4);

/* ---- memory: never NULL; aborts with a line on stderr when there is none */

void *mp_xmalloc(size_t n);
void *mp_xcalloc(size_t n, size_t size);
void *mp_xrealloc(void *p, size_t n);
char *mp_xstrdup(const char *s);

/* ---- views: never own, not NUL-terminated */

struct mp_str {
	const char *p;
	size_t n;
};

#define MP_LIT(s) ((struct mp_str){(s), sizeof(s) - 1})

static inline struct mp_str mp_str(const char *s)
{
	return (struct mp_str){s, s ? strlen(s) : 0};
}

static inline struct mp_str mp_strn(const char *p, size_t n)
{
	return (struct mp_str){p, n};
}

bool mp_str_eq(struct mp_str a, struct mp_str b);
bool mp_str_ieq(struct mp_str a, struct mp_str b);        /* ASCII case folded */
bool mp_str_istarts(struct mp_str s, const char *prefix); /* ASCII case folded */
bool mp_str_iends(struct mp_str s, const char *suffix);   /* ASCII case folded */
/* First place of `needle`, ASCII case folded, or -1. */
ptrdiff_t mp_str_ifind(struct mp_str s, const char *needle);
struct mp_str mp_str_trim(struct mp_str s); /* blanks and tabs on both ends */
/* Cut the text before the first `c` off `*s` (all of it when there is none). False when `*s` was at its end. */
bool mp_str_split(struct mp_str *s, char c, struct mp_str *part);
/* Decimal number without sign, all of `s`, at most `max`. False otherwise; `*out` is then untouched. */
bool mp_str_u64(struct mp_str s, uint64_t max, uint64_t *out);

bool mp_ieq(const char *a, const char *b); /* NUL-terminated, ASCII case folded; NULL equals NULL */

/* ---- ASCII classes, independent of the locale: for bytes from the wire */

static inline bool mp_isdigit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool mp_isupper(int c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool mp_islower(int c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool mp_isalpha(int c)
{
	return mp_isupper(c) || mp_islower(c);
}

static inline bool mp_isalnum(int c)
{
	return mp_isalpha(c) || mp_isdigit(c);
}

static inline bool mp_isxdigit(int c)
{
	return mp_isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool mp_isblank(int c)
{
	return c == ' ' || c == '\t';
}

static inline bool mp_isprint(int c)
{
	return c >= 0x20 && c <= 0x7e;
}

static inline char mp_tolower(char c)
{
	return mp_isupper(c) ? (char)(c - 'A' + 'a') : c;
}

static inline char mp_toupper(char c)
{
	return mp_islower(c) ? (char)(c - 'a' + 'A') : c;
}

/* 0..15, or -1 */
static inline int mp_hexval(int c)
{
	if (mp_isdigit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#include "base/banned.h"

#endif
