/* probe/checks/servers.c - see probe/checks/servers.h */
#include "probe/checks/servers.h"

/* From bad to good, for the one row that stands for several sessions with one server. */
static int outcome_rank(enum smtp_outcome o)
{
	static const int rank[] = {
		[SMTP_REJECTED] = 0,
		[SMTP_DEFERRED] = 1,
		[SMTP_TLS_FAILED] = 2,
		[SMTP_PROTOCOL_ERROR] = 3,
		[SMTP_ABORTED] = 4,
		[SMTP_UNREACHABLE] = 5,
		[SMTP_ACCEPTED] = 6,
	};

	return rank[o];
}

bool mp_servers(struct mp_judge *j, struct mp_server **out, size_t *n_out)
{
	struct mp_server *list = NULL;
	size_t n = 0, cap = 0;

	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_target_outcome(j, t);

		if (!tr)
			return false;
		for (size_t i = 0; i < tr->n_sessions; i++) {
			const struct smtp_session *s = tr->sessions[i];
			struct mp_server v = {s, s, smtp_server_name(j->a, &s->q), tr};
			bool merged = false;

			if (i + 1 < tr->n_sessions && strcmp(tr->sessions[i + 1]->q.purpose, "fallback:plain") == 0)
				v.last = tr->sessions[++i];
			for (size_t k = 0; k < n && !merged; k++) {
				bool again = strcmp(s->q.purpose, "retry") == 0;

				if (strcmp(list[k].subject, v.subject) != 0 ||
					!mp_ip_eq(&list[k].base->q.source, &s->q.source))
					continue;
				merged = true;
				/* A second try takes the place of the first, if it came to a verdict. */
				if (again ? smtp_decided(s->outcome)
					  : outcome_rank(v.last->outcome) < outcome_rank(list[k].last->outcome))
					list[k] = v;
			}
			if (!merged)
				*MP_PUSH(j->a, list, n, cap) = v;
		}
	}
	*out = list;
	*n_out = n;
	return true;
}

bool mp_server_named(const struct mp_server *v)
{
	return v->tr->target->kind != MP_TARGET_SERVER || v->tr->target->host;
}

struct mp_result *mp_server_report(
	struct mp_judge *j, const struct mp_server *v, enum mp_status status, const char *text)
{
	struct mp_result *r = mp_report(j, v->subject, status, "%s", text);
	char ip[MP_IP_TEXT];

	mp_jset_str(r->values, "ip", mp_ip_text(&v->base->q.source, ip));
	return r;
}
