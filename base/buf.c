/* base/buf.c - see base/buf.h */
#include "base/buf.h"

void mp_buf_release(struct mp_buf *b)
{
	free(b->p);
	b->p = NULL;
	b->n = b->cap = 0;
	b->full = false;
}

void mp_buf_reset(struct mp_buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->p)
		b->p[0] = '\0';
}

static bool reserve(struct mp_buf *b, size_t more)
{
	size_t cap;

	if (b->full || more > b->max || b->n > b->max - more) {
		b->full = true;
		return false;
	}
	if (b->n + more + 1 <= b->cap)
		return true;
	cap = b->cap ? b->cap : 64;
	while (cap < b->n + more + 1)
		cap *= 2;
	b->p = mp_xrealloc(b->p, cap);
	b->cap = cap;
	return true;
}

bool mp_buf_add(struct mp_buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return false;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
	return true;
}

bool mp_buf_adds(struct mp_buf *b, const char *s)
{
	return mp_buf_add(b, s, strlen(s));
}

bool mp_buf_addstr(struct mp_buf *b, struct mp_str s)
{
	return mp_buf_add(b, s.p, s.n);
}

bool mp_buf_addc(struct mp_buf *b, char c)
{
	return mp_buf_add(b, &c, 1);
}

bool mp_buf_addf(struct mp_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n))
		return false;
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
	return true;
}

void mp_buf_consume(struct mp_buf *b, size_t n)
{
	if (n > b->n)
		n = b->n;
	if (!n)
		return;
	memmove(b->p, b->p + n, b->n - n + 1);
	b->n -= n;
}

const char *mp_buf_cstr(const struct mp_buf *b)
{
	return b->p ? b->p : "";
}
