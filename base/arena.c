/* base/arena.c - see base/arena.h */
#include <stdalign.h>

#include "base/arena.h"

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

struct mp_arena {
	struct block *head;
};

enum { FIRST_BLOCK = 2048, MAX_BLOCK = 65536 };

static struct block *block_new(size_t size)
{
	struct block *b = mp_xmalloc(sizeof(*b) + size);

	b->next = NULL;
	b->used = 0;
	b->size = size;
	return b;
}

struct mp_arena *mp_arena_new(void)
{
	struct mp_arena *a = mp_xmalloc(sizeof(*a));

	a->head = NULL;
	return a;
}

void mp_arena_reset(struct mp_arena *a)
{
	struct block *b = a->head;

	if (!b)
		return;
	while (b->next) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	b->used = 0;
	a->head = b;
}

void mp_arena_free(struct mp_arena *a)
{
	if (!a)
		return;
	mp_arena_reset(a);
	free(a->head);
	free(a);
}

void *mp_alloc(struct mp_arena *a, size_t n)
{
	const size_t al = alignof(max_align_t);
	struct block *b = a->head;
	void *p;

	if (n > SIZE_MAX / 2)
		abort();
	n = (n + al - 1) / al * al;
	if (!b || b->size - b->used < n) {
		size_t size = b ? b->size * 2 : FIRST_BLOCK;

		if (size > MAX_BLOCK)
			size = MAX_BLOCK;
		if (size < n)
			size = n;
		b = block_new(size);
		b->next = a->head;
		a->head = b;
	}
	p = b->bytes + b->used;
	b->used += n;
	return memset(p, 0, n);
}

void *mp_allocn(struct mp_arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		abort();
	return mp_alloc(a, n * size);
}

char *mp_dupn(struct mp_arena *a, const char *p, size_t n)
{
	char *s = mp_alloc(a, n + 1);

	if (n)
		memcpy(s, p, n);
	return s;
}

char *mp_dup(struct mp_arena *a, const char *s)
{
	return s ? mp_dupn(a, s, strlen(s)) : NULL;
}

char *mp_dupstr(struct mp_arena *a, struct mp_str s)
{
	return mp_dupn(a, s.p, s.n);
}

void *mp_memdup(struct mp_arena *a, const void *p, size_t n)
{
	void *q = mp_alloc(a, n);

	if (n)
		memcpy(q, p, n);
	return q;
}

char *mp_vprintf(struct mp_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	s = mp_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *mp_printf(struct mp_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = mp_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *mp_push_(struct mp_arena *a, void *items, size_t *n, size_t *cap, size_t size)
{
	if (*n == *cap) {
		size_t more = *cap ? *cap * 2 : 8;
		void *grown = mp_allocn(a, more, size);

		if (*n)
			memcpy(grown, items, *n * size);
		items = grown;
		*cap = more;
	}
	(*n)++;
	return items;
}
