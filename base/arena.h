/*
 * base/arena.h - memory that is freed all at once
 *
 * Owns:   everything allocated from it. Pointers live until mp_arena_free() or mp_arena_reset().
 * Fails:  never (see mp_xmalloc).
 * Uses:   no I/O, no clock. Not for secrets: nothing is wiped.
 */
#ifndef MP_ARENA_H
#define MP_ARENA_H

#include "base/base.h"

struct mp_arena;

struct mp_arena *mp_arena_new(void);
void mp_arena_free(struct mp_arena *a);  /* NULL is fine */
void mp_arena_reset(struct mp_arena *a); /* free all but the first block */

void *mp_alloc(struct mp_arena *a, size_t n);               /* zeroed, aligned for any type */
void *mp_allocn(struct mp_arena *a, size_t n, size_t size); /* n * size, zeroed, checked for overflow */
char *mp_dup(struct mp_arena *a, const char *s);            /* NULL gives NULL */
char *mp_dupn(struct mp_arena *a, const char *p, size_t n); /* NUL-terminated copy */
char *mp_dupstr(struct mp_arena *a, struct mp_str s);
void *mp_memdup(struct mp_arena *a, const void *p, size_t n);
char *mp_printf(struct mp_arena *a, const char *fmt, ...) MP_PRINTF(2, 3);
char *mp_vprintf(struct mp_arena *a, const char *fmt, va_list ap) MP_PRINTF(2, 0);

/*
 * An array in an arena that grows by doubling: declare `T *items; size_t n, cap;` and
 *     *MP_PUSH(a, v->items, v->n, v->cap) = value;
 * The old array stays in the arena until that is freed: for arrays that grow a few times.
 */
void *mp_push_(struct mp_arena *a, void *items, size_t *n, size_t *cap, size_t size);
#define MP_PUSH(a, items, n, cap) (((items) = mp_push_((a), (items), &(n), &(cap), sizeof(*(items)))), &(items)[(n)-1])

#endif
