/* base/base.c - see base/base.h */
#include "base/base.h"

int mp_fail(struct mp_err *err, enum mp_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->sys = 0;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	for (char *p = err->msg; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return code;
}

static void *or_die(void *p)
{
	if (!p) {
		fputs("mailprobe: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *mp_xmalloc(size_t n)
{
	return or_die(malloc(n ? n : 1));
}

void *mp_xcalloc(size_t n, size_t size)
{
	return or_die(calloc(n ? n : 1, size ? size : 1));
}

void *mp_xrealloc(void *p, size_t n)
{
	return or_die(realloc(p, n ? n : 1));
}

char *mp_xstrdup(const char *s)
{
	return or_die(strdup(s));
}

bool mp_str_eq(struct mp_str a, struct mp_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static bool ieq_n(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mp_tolower(a[i]) != mp_tolower(b[i]))
			return false;
	return true;
}

bool mp_str_ieq(struct mp_str a, struct mp_str b)
{
	return a.n == b.n && ieq_n(a.p, b.p, a.n);
}

bool mp_str_istarts(struct mp_str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && ieq_n(s.p, prefix, n);
}

bool mp_str_iends(struct mp_str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && ieq_n(s.p + s.n - n, suffix, n);
}

ptrdiff_t mp_str_ifind(struct mp_str s, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= s.n; i++)
		if (ieq_n(s.p + i, needle, n))
			return (ptrdiff_t)i;
	return -1;
}

struct mp_str mp_str_trim(struct mp_str s)
{
	while (s.n && mp_isblank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && mp_isblank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool mp_str_split(struct mp_str *s, char c, struct mp_str *part)
{
	const char *at;

	if (!s->p)
		return false;
	at = s->n ? memchr(s->p, c, s->n) : NULL;
	if (!at) {
		*part = *s;
		s->p = NULL;
		s->n = 0;
		return true;
	}
	*part = mp_strn(s->p, (size_t)(at - s->p));
	s->n -= part->n + 1;
	s->p = at + 1;
	return true;
}

bool mp_str_u64(struct mp_str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t d;

		if (!mp_isdigit(s.p[i]))
			return false;
		d = (uint64_t)(s.p[i] - '0');
		if (d > max || v > (max - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

bool mp_ieq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return mp_str_ieq(mp_str(a), mp_str(b));
}
