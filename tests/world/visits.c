/* tests/world/visits.c - see tests/world/visits.h */
#include "tests/world/visits.h"

static void on_bytes(void *user, struct mp_str bytes)
{
	struct world_visit *v = user;

	if (v->answered)
		return;
	if (mp_buf_add(&v->in, bytes.p, bytes.n))
		v->all->on_request(v);
	else
		world_conn_close(v->c);
}

static void on_tls(void *user)
{
	(void)user;
}

static void on_late(void *user)
{
	struct world_visit *v = user;

	world_conn_close(v->c);
}

static void on_drained(void *user)
{
	struct world_visit *v = user;

	if (v->all->on_drained)
		v->all->on_drained(v);
}

static void on_gone(void *user)
{
	struct world_visit *v = user;

	if (v->prev)
		v->prev->next = v->next;
	else
		v->all->first = v->next;
	if (v->next)
		v->next->prev = v->prev;
	mp_buf_release(&v->in);
	free(v);
}

static const struct world_conn_ops ops = {
	.on_bytes = on_bytes,
	.on_tls = on_tls,
	.on_timer = on_late,
	.on_drained = on_drained,
	.on_gone = on_gone,
};

struct world_visit *world_visits_accept(struct world_visits *all, struct uv_stream_s *listener)
{
	struct world_visit *v = mp_xcalloc(1, sizeof(*v));

	v->all = all;
	v->in = MP_BUF(all->request_max);
	v->next = all->first;
	if (all->first)
		all->first->prev = v;
	all->first = v;
	v->c = world_conn_accept(listener, &ops, v);
	return v;
}

void world_visits_close(struct world_visits *all)
{
	for (struct world_visit *v = all->first; v; v = v->next)
		world_conn_close(v->c);
}
