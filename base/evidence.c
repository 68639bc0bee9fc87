/* base/evidence.c - see base/evidence.h */
#include "base/evidence.h"

enum { BUCKETS = 1024, MAX_KEY = 65536 };

struct mp_evidence {
	struct mp_arena *arena;
	struct mp_question *first, *last, *unseen; /* unseen: first that was never handed out */
	struct mp_question *bucket[BUCKETS];
	size_t answered, asked;
	bool closed;
	struct mp_buf key;
};

struct mp_evidence *mp_evidence_new(void)
{
	struct mp_evidence *ev = mp_xcalloc(1, sizeof(*ev));

	ev->arena = mp_arena_new();
	ev->key = MP_BUF(MAX_KEY);
	return ev;
}

void mp_evidence_free(struct mp_evidence *ev)
{
	if (!ev)
		return;
	mp_arena_free(ev->arena);
	mp_buf_release(&ev->key);
	free(ev);
}

struct mp_arena *mp_evidence_arena(struct mp_evidence *ev)
{
	return ev->arena;
}

static size_t hash(const char *s) /* FNV-1a */
{
	uint64_t h = 14695981039346656037ULL;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	return (size_t)(h % BUCKETS);
}

/* The question of this kind and these parameters; made when it is not there. */
static struct mp_question *intern(struct mp_evidence *ev, const struct mp_kind *kind, const void *params)
{
	struct mp_question *q;
	size_t h;

	mp_buf_reset(&ev->key);
	mp_buf_adds(&ev->key, kind->name);
	mp_buf_addc(&ev->key, ' ');
	kind->key(params, &ev->key);
	h = hash(mp_buf_cstr(&ev->key));
	for (q = ev->bucket[h]; q; q = q->chain)
		if (q->kind == kind && strcmp(q->key, mp_buf_cstr(&ev->key)) == 0)
			return q;
	q = mp_alloc(ev->arena, sizeof(*q));
	q->kind = kind;
	q->key = mp_dup(ev->arena, mp_buf_cstr(&ev->key));
	q->params = kind->copy(params, ev->arena);
	q->chain = ev->bucket[h];
	ev->bucket[h] = q;
	if (ev->last)
		ev->last->next = q;
	else
		ev->first = q;
	ev->last = q;
	if (!ev->unseen)
		ev->unseen = q;
	ev->asked++;
	return q;
}

const void *mp_evidence_ask(struct mp_evidence *ev, const struct mp_kind *kind, const void *params)
{
	struct mp_question *q = intern(ev, kind, params);

	if (!q->answer && ev->closed)
		mp_evidence_give_up(ev, q);
	return q->answer;
}

struct mp_question *mp_evidence_next_wanted(struct mp_evidence *ev)
{
	while (ev->unseen && (ev->unseen->taken || ev->unseen->answer))
		ev->unseen = ev->unseen->next;
	if (!ev->unseen)
		return NULL;
	ev->unseen->taken = true;
	return ev->unseen;
}

void mp_evidence_answer(struct mp_evidence *ev, struct mp_question *q, const void *answer)
{
	if (q->answer)
		return;
	q->answer = answer;
	ev->answered++;
}

void mp_evidence_give_up(struct mp_evidence *ev, struct mp_question *q)
{
	if (!q->answer)
		mp_evidence_answer(ev, q, q->kind->unknown(q->params, ev->arena));
}

void mp_evidence_close(struct mp_evidence *ev)
{
	ev->closed = true;
	for (struct mp_question *q = ev->first; q; q = q->next)
		mp_evidence_give_up(ev, q);
}

size_t mp_evidence_answered(const struct mp_evidence *ev)
{
	return ev->answered;
}

size_t mp_evidence_waiting(const struct mp_evidence *ev)
{
	return ev->asked - ev->answered;
}

const struct mp_question *mp_evidence_first(const struct mp_evidence *ev)
{
	return ev->first;
}

json_t *mp_evidence_to_json(const struct mp_evidence *ev, const struct mp_kind *const *kinds, size_t n)
{
	json_t *out = json_object();

	for (size_t i = 0; i < n; i++)
		mp_jset(out, kinds[i]->name, json_array());
	for (const struct mp_question *q = ev->first; q; q = q->next)
		if (q->answer && mp_jget_array(out, q->kind->name))
			mp_jpush(mp_jget_array(out, q->kind->name), q->kind->to_json(q->params, q->answer));
	return out;
}

int mp_evidence_from_json(
	struct mp_evidence *ev, const struct mp_kind *const *kinds, size_t n, const json_t *j, struct mp_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *list = mp_jget(j, kinds[i]->name);

		if (!list)
			continue;
		if (!json_is_array(list))
			return mp_fail(err, MP_EPARSE, "evidence.%s is not an array", kinds[i]->name);
		for (size_t k = 0; k < json_array_size(list); k++) {
			const void *params = NULL, *answer = NULL;
			struct mp_err why = {.msg = "malformed"};
			struct mp_question *q;

			if (kinds[i]->from_json(json_array_get(list, k), ev->arena, &params, &answer, &why) != MP_OK)
				return mp_fail(err, MP_EPARSE, "evidence.%s[%zu]: %.180s", kinds[i]->name, k, why.msg);
			q = intern(ev, kinds[i], params);
			if (q->answer)
				return mp_fail(
					err, MP_EPARSE, "evidence.%s[%zu]: the same question twice", kinds[i]->name, k);
			mp_evidence_answer(ev, q, answer);
		}
	}
	return MP_OK;
}
