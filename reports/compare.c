/* reports/compare.c - see reports/compare.h */
#include "reports/compare.h"

static const char *factor_words(const char *factor)
{
	static const struct {
		const char *factor, *words;
	} names[] = {
		{"ehlo", "the EHLO name"},
		{"sender", "the sender"},
		{"source", "the source address"},
		{"family", "the address family"},
		{"tls", "STARTTLS"},
		{"mx", "the mail server"},
		{"rcpt", "the recipient"},
		{"time", "the time"},
	};

	for (size_t i = 0; factor && i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].factor, factor) == 0)
			return names[i].words;
	return factor ? factor : "something";
}

bool rep_varied(struct mp_arena *a, const json_t *report, size_t target, size_t i, struct rep_varied *out)
{
	const json_t *t = rep_at(report, "targets", target), *e = rep_at(t, "diagnosis", i);
	int64_t at = mp_jget_int(e, "session", -1);

	if (!json_is_object(e) || i >= REP_VARIED_MAX)
		return false;
	*out = (struct rep_varied){
		.factor = factor_words(rep_str(e, "factor")),
		.from = mp_jget_str(e, "from", "?"),
		.to = mp_jget_str(e, "to", "?"),
		.outcome = mp_jget_str(e, "outcome", "?"),
		.changed = mp_jget_bool(e, "changed", false),
	};
	if (at >= 0 && (size_t)at < rep_len(t, "sessions")) {
		out->session = rep_at(t, "sessions", (size_t)at);
		out->number = rep_session_number(report, target, (size_t)at);
		out->outcome = rep_outcome(a, out->session);
	}
	return true;
}

const char *rep_varied_intro(struct mp_arena *a, const json_t *report, size_t target)
{
	const json_t *t = rep_at(report, "targets", target);
	int64_t of = mp_jget_int(t, "diagnosis_of", -1);

	if (of < 0 || (size_t)of >= rep_len(t, "sessions"))
		return NULL;
	return mp_printf(a, "Session %zu was %s.%s", rep_session_number(report, target, (size_t)of),
		rep_outcome(a, rep_at(t, "sessions", (size_t)of)),
		rep_len(t, "diagnosis") ? " Each of these differs from it in one thing." : "");
}

/* ---- servers */

static bool decided(const json_t *s)
{
	return rep_is(s, "outcome", "accepted") || rep_is(s, "outcome", "rejected") || rep_is(s, "outcome", "deferred");
}

/* Sessions that tell of a server: not those that vary something, nor a mere look whether it is there. */
static bool tells(const json_t *s)
{
	return !rep_str(s, "purpose") || rep_is(s, "purpose", "baseline") || rep_is(s, "purpose", "fallback:plain") ||
	       rep_is(s, "purpose", "retry");
}

static bool same(const json_t *a, const json_t *b, const char *key)
{
	const char *x = rep_str(a, key), *y = rep_str(b, key);

	return x == y || (x && y && strcmp(x, y) == 0);
}

static void fill(struct mp_arena *a, struct rep_server_row *r, const json_t *s)
{
	const json_t *reply = mp_jget(s, "reply"), *tls = mp_jget(s, "tls");
	const char *enhanced = rep_str(reply, "enhanced"), *verified = rep_str(tls, "verified");
	int64_t code = mp_jget_int(reply, "code", 0);

	*r = (struct rep_server_row){.session = s, .server = rep_server(a, s), .answer = rep_outcome(a, s)};
	r->source = rep_str(s, "source");
	if (code > 0)
		r->reply = mp_printf(a, "%d%s%s", (int)code, enhanced ? " " : "", enhanced ? enhanced : "");
	r->tls = rep_str(tls, "version") ? rep_str(tls, "version") : "none";
	if (verified)
		r->certificate = strcmp(verified, "none") == 0 ? "not verified" : "verified";
	r->greeting = rep_str(mp_jget(s, "banner"), "host");
}

size_t rep_ways(const json_t *target, const json_t **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < rep_len(target, "sessions"); i++) {
		const json_t *s = rep_at(target, "sessions", i);
		size_t at = 0;

		if (!tells(s))
			continue;
		while (at < n && !(same(out[at], s, "mx") && same(out[at], s, "address") && same(out[at], s, "source")))
			at++;
		if (at == max)
			break;
		out[at] = s;
		n += at == n;
	}
	return n;
}

size_t rep_server_rows(struct mp_arena *a, const json_t *target, struct rep_server_row *rows, size_t max)
{
	const json_t **ways = mp_allocn(a, max + 1, sizeof(*ways));
	size_t n = rep_ways(target, ways, max), verdicts = 0, servers = 0;
	bool sources = false;

	for (size_t i = 0; i < n; i++)
		fill(a, &rows[i], ways[i]);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		verdicts += decided(rows[i].session);
		sources = sources || !same(rows[i].session, rows[0].session, "source");
		while (k < i && strcmp(rows[k].server, rows[i].server) != 0)
			k++;
		servers += k == i;
	}
	for (size_t i = 0; i < n && !sources; i++)
		rows[i].source = NULL;
	return servers > 1 && verdicts > 1 ? n : 0;
}

const char *rep_rows_differ(struct mp_arena *a, const struct rep_server_row *rows, size_t n)
{
	static const struct {
		size_t at;
		const char *words;
	} columns[] = {
		{offsetof(struct rep_server_row, answer), "the answer"},
		{offsetof(struct rep_server_row, reply), "the reply"},
		{offsetof(struct rep_server_row, tls), "TLS"},
		{offsetof(struct rep_server_row, certificate), "the certificate"},
	};
	const char *text = NULL;

	for (size_t c = 0; c < ARRAY_LEN(columns); c++)
		for (size_t i = 1; i < n; i++) {
			const char *x = *(const char *const *)((const char *)&rows[0] + columns[c].at);
			const char *y = *(const char *const *)((const char *)&rows[i] + columns[c].at);

			if (x == y || (x && y && strcmp(x, y) == 0))
				continue;
			text = mp_printf(a, "%s%s%s", text ? text : "", text ? ", " : "", columns[c].words);
			break;
		}
	return text;
}
