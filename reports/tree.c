/* reports/tree.c - see reports/tree.h */
#include <inttypes.h>

#include "reports/tree.h"
#include "base/ip.h"
#include "base/text.h"

const char *rep_str(const json_t *object, const char *key)
{
	const char *s = mp_jget_str(object, key, NULL);

	return s && *s ? s : NULL;
}

size_t rep_len(const json_t *object, const char *key)
{
	return json_array_size(mp_jget_array(object, key));
}

const json_t *rep_at(const json_t *object, const char *key, size_t i)
{
	return json_array_get(mp_jget_array(object, key), i);
}

bool rep_is(const json_t *object, const char *key, const char *value)
{
	const char *s = rep_str(object, key);

	return s && strcmp(s, value) == 0;
}

size_t rep_count_checks(const json_t *report, const char *status)
{
	size_t n = 0;

	for (size_t i = 0; i < rep_len(report, "checks"); i++)
		n += rep_is(rep_at(report, "checks", i), "status", status);
	return n;
}

const char *rep_overall(const json_t *report, bool single)
{
	if (single && rep_count_checks(report, "fail"))
		return "blocked";
	if (single && rep_count_checks(report, "warn"))
		return "at-risk";
	return rep_str(mp_jget(report, "verdict"), "status");
}

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

const json_t *rep_because_check(const json_t *report, const json_t *because)
{
	const char *id = rep_str(because, "check"), *ip = rep_str(because, "ip");
	const json_t *found = NULL;

	for (size_t i = 0; id && i < rep_len(report, "checks"); i++) {
		const json_t *c = rep_at(report, "checks", i);

		if (!same(id, rep_str(c, "id")) || !same(rep_str(because, "subject"), rep_str(c, "subject")))
			continue;
		if (same(ip, rep_str(mp_jget(c, "values"), "ip")))
			return c;
		/* A reference that does not say for which address means the first of that subject. */
		if (!found && !ip)
			found = c;
	}
	return found;
}

const char *rep_because_detail(const json_t *finding, const json_t *check)
{
	const char *detail = rep_str(check, "detail"), *explanation = rep_str(finding, "explanation");

	return detail && explanation && strstr(explanation, detail) ? NULL : detail;
}

/* A member that is an index, or SIZE_MAX. */
static size_t index_of(const json_t *object, const char *key)
{
	int64_t i = mp_jget_int(object, key, -1);

	return i < 0 || i > INT32_MAX ? SIZE_MAX : (size_t)i;
}

const json_t *rep_because_session(const json_t *report, const json_t *because)
{
	return rep_at(rep_at(report, "targets", index_of(because, "target")), "sessions", index_of(because, "session"));
}

const json_t *rep_session_check(struct mp_arena *a, const json_t *report, const json_t *session)
{
	const char *subject = mp_printf(a, "%s [%s]:%d", mp_jget_str(session, "mx", ""),
		mp_jget_str(session, "address", ""), (int)mp_jget_int(session, "port", 25));
	const char *source = rep_str(session, "source");

	for (size_t i = 0; session && i < rep_len(report, "checks"); i++) {
		const json_t *c = rep_at(report, "checks", i);
		const char *ip = rep_str(mp_jget(c, "values"), "ip");

		if (rep_is(c, "id", "smtp.session") && rep_is(c, "subject", subject) &&
			(!ip || !source || strcmp(ip, source) == 0))
			return c;
	}
	return NULL;
}

size_t rep_session_number(const json_t *report, size_t target, size_t session)
{
	size_t n = session + 1;

	for (size_t t = 0; t < target; t++)
		n += rep_len(rep_at(report, "targets", t), "sessions");
	return n;
}

const char *rep_target_name(const json_t *target)
{
	const char *name = rep_str(target, "target");

	if (!name)
		name = rep_str(target, "domain");
	return name ? name : "a target";
}

const char *rep_target_to(struct mp_arena *a, const json_t *target)
{
	const char *name = rep_target_name(target), *rcpt = rep_str(target, "rcpt");
	const char *server = strncmp(name, "mx:", 3) == 0 && name[3] ? name + 3 : name;

	return !rcpt || same(rcpt, name) ? server : mp_printf(a, "%s via %s", rcpt, server);
}

const json_t *rep_deciding(const json_t *target)
{
	int64_t i = mp_jget_int(target, "decided_by", -1);
	size_t n = rep_len(target, "sessions");

	if (i < 0 || (size_t)i >= n)
		i = (int64_t)n - 1;
	return i < 0 ? NULL : rep_at(target, "sessions", (size_t)i);
}

const char *const *rep_reply_lines(struct mp_arena *a, const json_t *reply, size_t *n)
{
	size_t count = rep_len(reply, "lines"), kept = 0;
	int64_t code = mp_jget_int(reply, "code", 0);
	const char **lines;

	*n = 0;
	if (!count && !code)
		return NULL;
	lines = mp_allocn(a, count + 1, sizeof(*lines));
	for (size_t i = 0; i < count; i++) {
		const char *s = json_string_value(rep_at(reply, "lines", i));

		if (!s)
			continue;
		lines[kept++] = mp_reply_coded(s) || !code
					? s
					: mp_printf(a, "%d%c%s", (int)code, i + 1 < count ? '-' : ' ', s);
	}
	if (!kept && code)
		lines[kept++] = mp_printf(a, "%d", (int)code);
	*n = kept;
	return kept ? lines : NULL;
}

char *rep_reply_flowed(struct mp_arena *a, const json_t *reply)
{
	size_t n;
	const char *const *lines = rep_reply_lines(a, reply, &n);

	return n ? mp_reply_flowed(a, lines, n, rep_str(reply, "enhanced")) : NULL;
}

char *rep_server(struct mp_arena *a, const json_t *session)
{
	const char *mx = rep_str(session, "mx"), *address = rep_str(session, "address");
	int64_t port = mp_jget_int(session, "port", 25);
	struct mp_buf b = MP_BUF(4096);
	char *s;

	if (mx && !same(mx, address))
		mp_buf_adds(&b, mx);
	if (address)
		mp_buf_addf(&b, "%s[%s]", b.n ? " " : "", address);
	if (!b.n)
		mp_buf_adds(&b, "a server");
	if (port != 25)
		mp_buf_addf(&b, ":%d", (int)port);
	s = mp_dup(a, mp_buf_cstr(&b));
	mp_buf_release(&b);
	return s;
}

struct word {
	const char *term, *words;
};

static const char *look_up(const struct word *table, size_t n, const char *term)
{
	for (size_t i = 0; term && i < n; i++)
		if (strcmp(table[i].term, term) == 0)
			return table[i].words;
	return term;
}

const char *rep_stage_word(const char *stage)
{
	static const struct word stages[] = {
		{"connect", "the connection"},
		{"banner", "the banner"},
		{"ehlo", "EHLO"},
		{"starttls", "STARTTLS"},
		{"tls", "the TLS handshake"},
		{"ehlo-tls", "EHLO under TLS"},
		{"mail-from", "MAIL FROM"},
		{"rcpt-to", "RCPT TO"},
		{"data", "DATA"},
		{"message", "the end of the data"},
		{"quit", "QUIT"},
	};

	return look_up(stages, ARRAY_LEN(stages), stage);
}

const char *rep_unnamed_words(const json_t *session)
{
	const json_t *tls = mp_jget(session, "tls");
	const char *mx = rep_str(session, "mx");
	struct mp_ip ip;

	if (!mx || !mp_ip_parse(mp_str(mx), &ip) || !rep_is(tls, "verified", "none") || !rep_str(tls, "name_error") ||
		rep_str(tls, "chain_error") || rep_str(tls, "time_error"))
		return NULL;
	return "chain verified, name not compared (the server was given by its address)";
}

const char *rep_line(struct mp_arena *a, const json_t *session, const json_t *line)
{
	const char *text = mp_jget_str(line, "line", NULL), *words = rep_unnamed_words(session), *tail;
	size_t n, tail_n;

	if (!text || !words || !rep_is(line, "from", "tls"))
		return text;
	tail = mp_printf(a, ", not verified: %s", rep_str(mp_jget(session, "tls"), "name_error"));
	n = strlen(text);
	tail_n = strlen(tail);
	if (n < tail_n || strcmp(text + n - tail_n, tail) != 0)
		return text;
	return mp_printf(a, "%s, %s", mp_dupn(a, text, n - tail_n), words);
}

char *rep_outcome(struct mp_arena *a, const json_t *session)
{
	static const struct word outcomes[] = {
		{"accepted", "accepted"},
		{"rejected", "rejected"},
		{"deferred", "deferred"},
		{"unreachable", "not reached"},
		{"tls-failed", "TLS failed"},
		{"protocol-error", "no proper SMTP"},
		{"aborted", "broken off"},
	};
	const char *outcome = rep_str(session, "outcome"), *stage = rep_stage_word(rep_str(session, "stage"));
	const char *reason = mp_jget(session, "reply") ? NULL : rep_str(session, "reason");
	bool obvious =
		same(outcome, "unreachable") || (same(outcome, "tls-failed") && same(stage, "the TLS handshake"));

	outcome = look_up(outcomes, ARRAY_LEN(outcomes), outcome);
	return mp_printf(a, "%s%s%s%s%s", outcome ? outcome : "no outcome", stage && !obvious ? " at " : "",
		stage && !obvious ? stage : "", reason ? ": " : "", reason ? reason : "");
}

const char *rep_certainty_words(const json_t *finding, bool single)
{
	static const char *const before_any[] = {"egress-blocked", "mx-unusable"};
	static const struct word sentences[] = {
		{"confirmed", "Confirmed: the receiver said so, and the check shows it."},
		{"isolated", "Isolated: sessions that differed in this alone ended differently."},
		{"claimed", "Claimed: the receiver said so; no check shows it."},
		{"likely", "Likely: the receiver gave no cause; the check shows a fault that is judged at that stage."},
		{"latent", "By the check alone: no receiver rejected for it in this run."},
	};

	const char *check = mp_jget_str(rep_at(finding, "because", 0), "check", "");

	/* "latent: nobody rejected for it" goes without saying where something is merely noted ... */
	if (rep_is(finding, "status", "info"))
		return NULL;
	/* ... and where nobody could: mail does not even get there, or none was asked. */
	for (size_t i = 0; i < ARRAY_LEN(before_any); i++)
		if (rep_is(finding, "certainty", "latent") && rep_is(finding, "cause", before_any[i]))
			return "The check shows it; no receiver came to judge.";
	/* Or it is no guess at what a receiver will do: it was seen, or it is a filter's word. */
	if (rep_is(finding, "certainty", "latent") && same(check, "message.placement"))
		return "Seen in the mailbox itself.";
	if (rep_is(finding, "certainty", "latent") && strncmp(check, "content.", 8) == 0)
		return "By a filter of your own alone: no receiver rejected for it in this run.";
	if (rep_is(finding, "certainty", "latent") && single)
		return "By the check alone: no receiver was asked.";
	return look_up(sentences, ARRAY_LEN(sentences), rep_str(finding, "certainty"));
}

const char *rep_cause_by(struct mp_arena *a, const json_t *cause)
{
	int64_t line = mp_jget_int(cause, "own_rule", 0);

	if (line > 0)
		return mp_printf(a, "a rule of the sender's own, line %" PRIi64, line);
	return rep_is(cause, "provider", "unknown") ? NULL : rep_str(cause, "provider");
}

const char *rep_message_words(struct mp_arena *a, const json_t *report, size_t t)
{
	const json_t *target = rep_at(report, "targets", t), *message = mp_jget(target, "message");
	const char *what;

	if (!message)
		return NULL;
	what = mp_printf(a, "Message <%s>, %" PRIi64 " bytes%s", mp_jget_str(message, "id", ""),
		mp_jget_int(message, "size", 0), rep_len(message, "signatures") ? ", DKIM-signed" : "");
	for (size_t i = rep_len(target, "sessions"); i-- > 0;) {
		const json_t *s = rep_at(target, "sessions", i);
		const char *outcome = mp_jget_str(s, "outcome", "");

		if (mp_jget_str(s, "message_id", NULL))
			return mp_printf(a, "%s: sent in session %zu, %s.", what, rep_session_number(report, t, i),
				strcmp(outcome, "accepted") == 0   ? "and accepted"
				: strcmp(outcome, "rejected") == 0 ? "and rejected"
				: strcmp(outcome, "deferred") == 0 ? "and deferred"
								   : "and not answered: it may have arrived");
	}
	return mp_printf(a, "%s: composed, not sent.", what);
}

bool rep_of_message(const json_t *report)
{
	return rep_is(mp_jget(report, "run"), "command", "message");
}

/* Where the sessions that decided ended, if that was before any recipient was named in all of them; or NULL. */
static const char *ended_early(const json_t *report)
{
	static const char *const early[] = {"banner", "ehlo", "starttls", "tls", "ehlo-tls", "mail-from"};
	const char *furthest = NULL;
	size_t at = 0;

	for (size_t t = 0; t < rep_len(report, "targets"); t++) {
		const char *stage = rep_str(rep_deciding(rep_at(report, "targets", t)), "stage");
		size_t i = 0;

		while (stage && i < ARRAY_LEN(early) && strcmp(early[i], stage) != 0)
			i++;
		if (i == ARRAY_LEN(early))
			return NULL;
		if (stage && (!furthest || i > at)) {
			furthest = stage;
			at = i;
		}
	}
	return furthest;
}

const char *rep_basis_words(struct mp_arena *a, const json_t *report, bool single)
{
	static const struct word sentences[] = {
		{"dns", "Judged by the DNS alone: no receiver gave its verdict."},
		{"rcpt",
			"Judged by SMTP sessions up to RCPT TO. No message was sent: what receivers judge after the end of "
			"the data, and whether mail lands in the inbox, was not tested."},
		{"message",
			"Judged by what receivers said to a message that was sent. Whether it lands in the inbox was not "
			"tested."},
		{"placement", "Judged by a message that was sent, and where it was found in the mailbox."},
	};

	if (rep_of_message(report))
		return "Judged by the message, and by what the DNS says of its sender and its signers.";
	if (single)
		return "Judged by this host and the DNS alone: no receiver was asked.";
	if (rep_is(mp_jget(report, "verdict"), "basis", "rcpt") && ended_early(report))
		return mp_printf(a,
			"Judged by SMTP sessions, which ended at %s. No message was sent: what receivers judge later was not "
			"tested.",
			rep_stage_word(ended_early(report)));
	return look_up(sentences, ARRAY_LEN(sentences), rep_str(mp_jget(report, "verdict"), "basis"));
}

char *rep_duration(struct mp_arena *a, double ms)
{
	if (!(ms >= 0))
		ms = 0;
	if (ms < 999.5)
		return mp_printf(a, "%.0f ms", ms);
	if (ms < 9995)
		return mp_printf(a, "%.2f s", ms / 1000);
	if (ms < 119500)
		return mp_printf(a, "%.0f s", ms / 1000);
	if (ms > 1e12)
		ms = 1e12;
	return mp_printf(a, "%d min %d s", (int)(ms / 60000), (int)((int64_t)(ms / 1000) % 60));
}

char *rep_when(struct mp_arena *a, const char *time)
{
	int64_t ms;
	char *s;

	if (!time || !mp_time_parse(mp_str(time), &ms))
		return mp_dup(a, time);
	s = mp_time_text(a, ms, false);
	s[10] = ' ';
	s[strlen(s) - 1] = '\0';
	return mp_printf(a, "%s UTC", s);
}
