/* reports/text_sessions.c - the sessions for a person: what came of each, and its dialogue */
#include "reports/text.h"

static const char *tls_words(struct rep_sheet *t, const json_t *session)
{
	static const char *const faults[] = {"chain_error", "name_error", "time_error"};
	static const char *const clear[] = {"starttls", "mail-from", "rcpt-to", "data", "message", "quit"};
	const json_t *tls = mp_jget(session, "tls"), *offer = mp_jget(session, "starttls");
	const char *verified = rep_str(tls, "verified"), *unnamed = rep_unnamed_words(session);
	struct rep_list l = {t, rep_str(tls, "version")};
	struct rep_list bad = {t, NULL};

	if (l.text) {
		if (verified && strcmp(verified, "none") != 0)
			rep_add(&l, ", ", "certificate verified (%s)", strcmp(verified, "dane") == 0 ? "DANE" : "PKIX");
		for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
			const char *fault = rep_str(tls, faults[i]);

			if (fault || (fault = rep_str(mp_jget(tls, "certificate"), faults[i])))
				rep_add(&bad, "; ", "%s", fault);
		}
		if (unnamed)
			rep_add(&l, ", ", "certificate: %s", unnamed);
		else if (verified && strcmp(verified, "none") == 0)
			rep_add(&l, ", ", "certificate not verified%s%s%s", bad.text ? " (" : "",
				bad.text ? bad.text : "", bad.text ? ")" : "");
		return l.text;
	}
	for (size_t i = 0; i < ARRAY_LEN(clear); i++)
		if (rep_is(session, "stage", clear[i]))
			return json_is_false(mp_jget(offer, "offered")) ? "in the clear (STARTTLS was not offered)"
									: "in the clear";
	return NULL;
}

static double total_ms(const json_t *session)
{
	size_t n = rep_len(session, "transcript");

	return mp_jget_num(mp_jget(session, "timings_ms"), "total",
		n ? mp_jget_num(rep_at(session, "transcript", n - 1), "t_ms", 0) : -1);
}

static void certificate(struct rep_sheet *t, const json_t *cert)
{
	static const char *const parts[] = {"subject", "issuer", "not_before", "not_after", "key", "signature"};
	struct rep_list l = {t, NULL}, names = {t, NULL};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (rep_str(cert, parts[i]))
			rep_add(&l, ", ", "%s %s", parts[i], rep_str(cert, parts[i]));
	for (size_t i = 0; i < rep_len(cert, "names"); i++)
		if (json_is_string(rep_at(cert, "names", i)))
			rep_add(&names, " ", "%s", json_string_value(rep_at(cert, "names", i)));
	if (l.text)
		rep_print(&t->pg, REP_INDENT, "Certificate: %s", l.text);
	if (names.text)
		rep_print(&t->pg, REP_INDENT, "Names in it: %s", names.text);
}

static void timings(struct rep_sheet *t, const json_t *session)
{
	const json_t *v, *all = mp_jget(session, "timings_ms");
	struct rep_list l = {t, NULL};

	for (void *it = json_object_iter((json_t *)all); it; it = json_object_iter_next((json_t *)all, it)) {
		v = json_object_iter_value(it);
		if (json_is_number(v) && json_number_value(v) >= 0)
			rep_add(&l, ", ", "%s %.1f", json_object_iter_key(it), json_number_value(v));
	}
	if (l.text)
		rep_print(&t->pg, REP_INDENT, "Times in ms: %s", l.text);
}

/* What is worth a line before the dialogue. */
static void session_facts(struct rep_sheet *t, const json_t *s)
{
	struct rep_page *pg = &t->pg;
	const char *seen = rep_str(s, "seen_as"), *source = rep_str(s, "source"), *id = rep_str(s, "message_id");
	const json_t *cause = mp_jget(s, "cause");
	int64_t injected = mp_jget_int(s, "injected_bytes", 0);

	if (rep_str(cause, "id")) {
		const char *by = rep_cause_by(pg->a, cause);

		if (t->verbose)
			rep_print(pg, REP_INDENT, "Cause by wording: %s (%s, confidence %.2f)", rep_str(cause, "id"),
				by ? by : "no known wording", mp_jget_num(cause, "confidence", 0));
		else if (!rep_is(cause, "id", "unknown"))
			rep_print(pg, REP_INDENT, "Cause by wording: %s%s%s%s", rep_str(cause, "id"), by ? " (" : "",
				by ? by : "", by ? ")" : "");
	}
	if (seen && (!source || strcmp(seen, source) != 0))
		rep_print(pg, REP_INDENT, "The server sees us as %s.", seen);
	if (mp_jget_bool(s, "helo", false))
		rep_print(pg, REP_INDENT, "EHLO was refused; HELO was used.");
	if (injected > 0)
		rep_print(pg, REP_INDENT,
			"%lld bytes of plaintext came behind the reply to STARTTLS; they were not used.",
			(long long)injected);
	if (id)
		rep_print(pg, REP_INDENT, "Message-ID: %s", id);
	if (t->verbose) {
		certificate(t, mp_jget(mp_jget(s, "tls"), "certificate"));
		timings(t, s);
	}
}

struct dialogue {
	struct rep_sheet *t;
	const json_t *session, *lines;
	size_t n;
	size_t decided, decided_end; /* lines of the reply that decided; none: equal */
	enum rep_ink decided_ink;
	int time_cols;
	const char *last_time;
};

static const char *line_text(const struct dialogue *d, size_t i)
{
	const char *text = rep_line(d->t->pg.a, d->session, json_array_get(d->lines, i));

	return text ? text : "";
}

static bool line_from(const struct dialogue *d, size_t i, const char *from)
{
	return i < d->n && rep_is(json_array_get(d->lines, i), "from", from);
}

/*
 * Where the deciding reply stands in the dialogue: the last place where its lines follow one another. Without a reply
 * it is what was noted after the server's last word: silence, a cut line, a failed handshake.
 */
static void find_decided(struct dialogue *d, const json_t *session)
{
	size_t n;
	const char *const *reply = rep_reply_lines(d->t->pg.a, mp_jget(session, "reply"), &n);

	d->decided_ink = rep_outcome_ink(session);
	for (size_t at = n && n <= d->n ? d->n - n + 1 : 0; at-- > 0;) {
		size_t k = 0;

		while (k < n && line_from(d, at + k, "server") && strcmp(line_text(d, at + k), reply[k]) == 0)
			k++;
		if (k == n) {
			d->decided = at;
			d->decided_end = at + n;
			return;
		}
	}
	if (n || rep_is(session, "outcome", "accepted"))
		return;
	for (size_t at = d->n; at-- > 0 && !line_from(d, at, "server");)
		if (line_from(d, at, "note") || line_from(d, at, "tls")) {
			d->decided = at;
			d->decided_end = at + 1;
			return;
		}
}

/* What stands before a line: a mark at a refusal, the time where it is another than above, the direction. */
static void line_prefix(struct dialogue *d, size_t i, bool decided, struct rep_para *para)
{
	static const struct {
		const char *from, *ascii, *unicode;
	} arrows[] = {
		{"server", "<-", "\xe2\x86\x90 "},
		{"client", "->", "\xe2\x86\x92 "},
		{"tls", "==", "\xe2\x95\x90\xe2\x95\x90"},
		{"note", "--", "\xe2\x94\x80\xe2\x94\x80"},
	};
	struct rep_page *pg = &d->t->pg;
	double ms = mp_jget_num(json_array_get(d->lines, i), "t_ms", -1);
	const char *time = ms >= 0 && ms < 1e9 ? mp_printf(pg->a, "%.3f", ms / 1000) : "";
	bool again = d->last_time && strcmp(d->last_time, time) == 0;
	bool bad = decided && d->decided_ink != REP_GREEN;
	const char *arrow = "  ";

	for (size_t k = 0; k < ARRAY_LEN(arrows); k++)
		if (line_from(d, i, arrows[k].from))
			arrow = pg->unicode ? arrows[k].unicode : arrows[k].ascii;
	d->last_time = time;
	para->first = mp_printf(pg->a, "   %s %s %s ", rep_inked(pg, d->decided_ink, bad ? "!" : " "),
		rep_cell(pg, REP_DIM, again ? "" : time, -d->time_cols), rep_inked(pg, REP_DIM, arrow));
	para->ink = decided ? d->decided_ink : line_from(d, i, "note") ? REP_DIM : REP_PLAIN;
}

/* The end of a run of lines of a reply to EHLO that can be folded: 250-..., 250-..., 250 ... */
static size_t ehlo_run(const struct dialogue *d, size_t i)
{
	const char *command = i > 0 && line_from(d, i - 1, "client") ? line_text(d, i - 1) : "";
	size_t end = i;

	if (!mp_str_istarts(mp_str(command), "EHLO "))
		return i;
	while (line_from(d, end, "server") && strncmp(line_text(d, end), "250", 3) == 0 &&
		strlen(line_text(d, end)) > 4)
		end++;
	/* A reply that decided is shown as it came; two lines are not worth folding. */
	return end - i < 3 || (d->decided < end && d->decided_end > i) ? i : end;
}

static void dialogue(struct rep_sheet *t, const json_t *session)
{
	struct rep_page *pg = &t->pg;
	struct dialogue d = {.t = t, .session = session, .lines = mp_jget_array(session, "transcript"), .time_cols = 5};
	double longest = 0;

	d.n = json_array_size(d.lines);
	for (size_t i = 0; i < d.n; i++) {
		double ms = mp_jget_num(json_array_get(d.lines, i), "t_ms", 0);

		longest = ms > longest && ms < 1e9 ? ms : longest;
	}
	for (double s = longest / 1000; s >= 10 && d.time_cols < 10; s /= 10)
		d.time_cols++;
	find_decided(&d, session);
	for (size_t i = 0; i < d.n; i++) {
		size_t end = t->verbose ? i : ehlo_run(&d, i);
		struct rep_para para = {.raw = true};
		struct rep_list keywords = {t, NULL};

		if (!json_is_string(mp_jget(json_array_get(d.lines, i), "line")))
			continue;
		line_prefix(&d, i, i >= d.decided && i < d.decided_end, &para);
		para.rest = mp_printf(pg->a, "%*s%s ", d.time_cols + 6, "", rep_inked(pg, REP_DIM, ".."));
		rep_wrap(pg, &para, line_text(&d, i));
		if (end == i)
			continue;
		line_prefix(&d, i + 1, false, &para);
		para.rest = rep_blanks(pg, rep_cols(para.first) + 4);
		for (i++; i < end; i++)
			rep_add(&keywords, ", ", "%s", line_text(&d, i) + 4);
		i--;
		rep_wrap(pg, &para, mp_printf(pg->a, "250 %s", keywords.text));
	}
}

/* To which server, from where, and what for. */
static void session_head(struct rep_sheet *t, const json_t *s, size_t number)
{
	struct rep_page *pg = &t->pg;
	const char *source = rep_str(s, "source"), *purpose = rep_str(s, "purpose");
	struct rep_list head = {t, rep_server(pg->a, s)};
	struct rep_para title = {.first = mp_printf(pg->a, "%3zu. ", number), .ink = REP_BOLD};

	if (source)
		rep_add(&head, " ", "from %s", source);
	if (purpose && strcmp(purpose, "baseline") != 0)
		rep_add(&head, " ", "(%s)", purpose);
	rep_wrap(pg, &title, head.text);
}

static void session(struct rep_sheet *t, const json_t *s, size_t number, bool decides)
{
	struct rep_page *pg = &t->pg;
	const char *tls = tls_words(t, s);
	struct rep_list state = {t, ""};

	rep_blank(pg);
	session_head(t, s, number);
	if (total_ms(s) >= 0)
		rep_add(&state, "", "; %s", rep_duration(pg->a, total_ms(s)));
	if (tls)
		rep_add(&state, "", "; %s", tls);
	if (decides)
		rep_add(&state, "", "; this one decides");
	rep_worded(t, REP_INDENT, rep_outcome_ink(s), rep_outcome(pg->a, s), state.text);
	session_facts(t, s);
	if (rep_len(s, "transcript")) {
		rep_blank(pg);
		dialogue(t, s);
	}
	rep_blank(pg);
}

/* A session without its dialogue: what came of it. */
static void session_in_short(struct rep_sheet *t, const json_t *s, size_t number)
{
	const char *said = rep_is(s, "outcome", "accepted") ? NULL : rep_reply_flowed(t->pg.a, mp_jget(s, "reply"));

	session_head(t, s, number);
	rep_worded(t, REP_INDENT, rep_outcome_ink(s), rep_outcome(t->pg.a, s),
		said ? mp_printf(t->pg.a, ": %s", said) : "");
}

/* Whoever wants to know why reads one dialogue: of the session that decided. The others end in one word. */
static void sessions_of(struct rep_sheet *t, const json_t *target, size_t number)
{
	const json_t *deciding = rep_deciding(target);
	size_t n = rep_len(target, "sessions"), hidden = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *s = rep_at(target, "sessions", i);

		if (t->verbose || s == deciding) {
			session(t, s, rep_session_number(t->report, number, i),
				n > 1 && mp_jget_int(target, "decided_by", -1) == (int64_t)i);
			continue;
		}
		if (!hidden)
			rep_blank(&t->pg);
		hidden++;
		session_in_short(t, s, rep_session_number(t->report, number, i));
	}
	if (!hidden)
		return;
	rep_blank(&t->pg);
	if (hidden == 1)
		rep_print(&t->pg, REP_INDENT, "The dialogue of the other session is not shown: --verbose shows it.");
	else
		rep_print(&t->pg, REP_INDENT, "The dialogues of %zu other sessions are not shown: --verbose shows all.",
			hidden);
}

static const char *mx_words(struct rep_sheet *t, const json_t *target)
{
	struct rep_list l = {t, NULL};

	for (size_t i = 0; i < rep_len(target, "mx"); i++) {
		const json_t *mx = rep_at(target, "mx", i);
		struct rep_list addresses = {t, NULL};

		for (size_t k = 0; t->verbose && k < rep_len(mx, "addresses"); k++)
			if (json_is_string(rep_at(mx, "addresses", k)))
				rep_add(&addresses, " ", "[%s]", json_string_value(rep_at(mx, "addresses", k)));
		if (json_is_integer(mp_jget(mx, "preference")))
			rep_add(&l, ", ", "%lld ", (long long)mp_jget_int(mx, "preference", 0));
		rep_add(&l, json_is_integer(mp_jget(mx, "preference")) ? "" : ", ", "%s%s%s",
			mp_jget_str(mx, "host", "?"), addresses.text ? " " : "", addresses.text ? addresses.text : "");
	}
	return l.text;
}

void rep_text_sessions(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "targets"), held = 0;

	for (size_t i = 0; i < n; i++)
		held += rep_len(rep_at(t->report, "targets", i), "sessions");
	if (!n || (t->single && !held))
		return;
	rep_heading(t, "SESSIONS", NULL);
	for (size_t i = 0; i < n; i++) {
		const json_t *target = rep_at(t->report, "targets", i);
		const struct rep_verdict_word *w = rep_verdict_word(rep_str(target, "status"));
		const char *mx = rep_is(target, "mx_kind", "given") ? NULL : mx_words(t, target);
		size_t count = rep_len(target, "sessions");
		struct rep_para para = {.ink = REP_BOLD};

		rep_blank(pg);
		para.first = mp_printf(pg->a, "  %s  ", rep_inked(pg, w->ink, w->word));
		rep_wrap(pg, &para,
			mp_printf(pg->a, "%s%s%s", rep_target_name(target), mx ? ", MX " : "", mx ? mx : ""));
		if (!count)
			rep_print(pg, REP_INDENT, "No session was held.");
		else if (mp_jget_bool(target, "rcpt_assumed", false))
			rep_print(pg, REP_INDENT,
				"The recipient %s was assumed: weaker evidence than a mailbox of yours there (--rcpt).",
				mp_jget_str(target, "rcpt", ""));
		if (rep_message_words(pg->a, t->report, i))
			rep_print(pg, REP_INDENT, "%s", rep_message_words(pg->a, t->report, i));
		sessions_of(t, target, i);
	}
}
