/* reports/html_sessions.c - the sessions on the page: what came of each, and its dialogue along the time */
#include "reports/html.h"

enum { LANE = 1000 }; /* the width of a session's time line, in its own units */

struct dialogue {
	struct mp_arena *a;
	const json_t *session, *lines;
	size_t n;
	double start, end;           /* ms */
	size_t decided, decided_end; /* the deciding reply's lines; none: equal */
};

static const json_t *line_at(const struct dialogue *d, size_t i)
{
	return json_array_get(d->lines, i);
}

static const char *text_at(const struct dialogue *d, size_t i)
{
	const char *text = rep_line(d->a, d->session, line_at(d, i));

	return text ? text : "";
}

static double time_at(const struct dialogue *d, size_t i)
{
	double ms = mp_jget_num(line_at(d, i), "t_ms", -1);

	return ms >= 0 && ms < 1e9 ? ms : -1;
}

/* The last place where the lines of the deciding reply follow one another. */
static void find_decided(struct rep_html *h, struct dialogue *d, const json_t *session)
{
	size_t n;
	const char *const *reply = rep_reply_lines(h->a, mp_jget(session, "reply"), &n);

	for (size_t at = n && n <= d->n ? d->n - n + 1 : 0; at-- > 0;) {
		size_t k = 0;

		while (k < n && rep_is(line_at(d, at + k), "from", "server") &&
			strcmp(text_at(d, at + k), reply[k]) == 0)
			k++;
		if (k == n) {
			d->decided = at;
			d->decided_end = at + n;
			return;
		}
	}
}

/* 250-...: the reply goes on. */
static bool goes_on(const char *line)
{
	return mp_isdigit(line[0]) && mp_isdigit(line[1]) && mp_isdigit(line[2]) && line[3] == '-';
}

static size_t reply_end(const struct dialogue *d, size_t i)
{
	size_t end = i + 1;

	while (end < d->n && goes_on(text_at(d, end - 1)) && rep_is(line_at(d, end), "from", "server"))
		end++;
	return end;
}

static double clamp(double v)
{
	return v < 0 ? 0 : v > LANE ? LANE : v;
}

/* Where on the session's time line something took place, from `from` to `to` ms. */
static void lane(struct rep_html *h, const struct dialogue *d, double from, double to)
{
	double scale = d->end > d->start ? LANE / (d->end - d->start) : 0;
	double x = clamp((from - d->start) * scale), width = clamp((to - from) * scale);

	if (width < 8)
		width = 8;
	if (x + width > LANE)
		x = LANE - width;
	rep_html_put(h,
		"<svg class=\"lane\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<rect class=\"rail\" y=\"4\" width=\"1000\" height=\"2\"/>"
		"<rect class=\"run\" x=\"%s\" width=\"%s\" height=\"10\"/></svg>",
		mp_printf(h->a, "%.0f", x), mp_printf(h->a, "%.0f", width));
}

static void lines_of(struct rep_html *h, const struct dialogue *d, size_t i, size_t end)
{
	if (end - i < 4) {
		for (size_t k = i; k < end; k++)
			rep_html_put(h, k > i ? "\n%s" : "%s", text_at(d, k));
		return;
	}
	/* A long reply, as to EHLO: its first line, the others on request. */
	rep_html_put(h, "%s", text_at(d, i));
	rep_html_put(h, "</code><details><summary>%s more lines</summary><code>", mp_printf(h->a, "%zu", end - i - 1));
	for (size_t k = i + 1; k < end; k++)
		rep_html_put(h, k > i + 1 ? "\n%s" : "%s", text_at(d, k));
	rep_html_put(h, "</code></details><code>");
}

static void turns(struct rep_html *h, const struct dialogue *d, const json_t *session)
{
	static const struct {
		const char *from, *who;
	} parties[] = {{"server", "server"}, {"client", "we"}, {"tls", "TLS"}, {"note", "note"}};
	double asked = d->start, now, shown = -1;
	size_t end;

	rep_html_put(h, "<ol class=\"dialogue\">\n");
	for (size_t i = 0; i < d->n; i = end) {
		const char *who = "?", *kind = "note";
		bool decided = i < d->decided_end && i >= d->decided, server = rep_is(line_at(d, i), "from", "server");
		bool tls = rep_is(line_at(d, i), "from", "tls");

		end = server ? reply_end(d, i) : i + 1;
		if (!json_is_string(mp_jget(line_at(d, i), "line")))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(parties); k++)
			if (rep_is(line_at(d, i), "from", parties[k].from)) {
				kind = parties[k].from;
				who = parties[k].who;
			}
		now = time_at(d, i);
		rep_html_put(h, "<li class=\"%s%s%s\">", kind, decided ? " decided " : "",
			decided ? rep_html_class(rep_html_outcome_state(session)) : "");
		rep_html_put(h, "<span class=\"t\">%s</span>",
			now < 0 || now == shown ? "" : mp_printf(h->a, "%.1f ms", now));
		if (now >= 0 && (server || tls) && now > asked)
			lane(h, d, asked, now);
		else
			rep_html_put(h, "<span class=\"lane\"></span>");
		rep_html_put(h, "<span class=\"rt\">%s</span><span class=\"who\">%s</span><div class=\"line\"><code>",
			now >= 0 && (server || tls) && now > asked ? mp_printf(h->a, "+%.1f", now - asked) : "", who);
		lines_of(h, d, i, end);
		rep_html_put(h, "</code></div></li>\n");
		if (now < 0)
			continue;
		shown = now;
		asked = now;
	}
	rep_html_put(h, "</ol>\n");
}

static void dialogue(struct rep_html *h, const json_t *session)
{
	struct dialogue d = {.a = h->a, .session = session, .lines = mp_jget_array(session, "transcript")};
	const char *total;

	d.n = json_array_size(d.lines);
	if (!d.n)
		return;
	for (size_t i = 0; i < d.n; i++)
		d.end = time_at(&d, i) > d.end ? time_at(&d, i) : d.end;
	find_decided(h, &d, session);
	total = rep_duration(h->a, d.end);
	rep_html_put(h,
		"<p class=\"hint\">The dialogue, %s from the first packet to the last line. Bars and +ms show how long "
		"we waited for each answer; the line that decided is marked.</p>\n",
		total);
	turns(h, &d, session);
}

static void row(struct rep_html *h, const char *name, const char *value)
{
	if (value && *value)
		rep_html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static const char *tls_text(struct rep_html *h, const json_t *session)
{
	const json_t *tls = mp_jget(session, "tls");
	const char *version = rep_str(tls, "version"), *cipher = rep_str(tls, "cipher"), *group = rep_str(tls, "group");
	const char *unnamed = rep_unnamed_words(session), *verified = rep_str(tls, "verified");

	if (!version && (rep_is(session, "stage", "connect") || rep_is(session, "stage", "banner") ||
				rep_is(session, "stage", "ehlo")))
		return "not reached: the session ended before";
	if (!version)
		return json_is_false(mp_jget(mp_jget(session, "starttls"), "offered"))
			       ? "none (STARTTLS was not offered)"
			       : NULL;
	return mp_printf(h->a, "%s%s%s%s%s%s%s", version, cipher ? ", " : "", cipher ? cipher : "", group ? ", " : "",
		group ? group : "",
		unnamed    ? ", certificate: "
		: verified ? ", certificate verified: "
			   : "",
		unnamed    ? unnamed
		: verified ? verified
			   : "");
}

static const char *timings_text(struct rep_html *h, const json_t *session)
{
	json_t *all = mp_jget(session, "timings_ms");
	const char *text = NULL;

	for (void *it = json_object_iter(all); it; it = json_object_iter_next(all, it)) {
		const json_t *v = json_object_iter_value(it);

		if (json_is_number(v) && json_number_value(v) >= 0 && json_number_value(v) < 1e9)
			text = mp_printf(h->a, "%s%s%s %.1f", text ? text : "", text ? ", " : "",
				json_object_iter_key(it), json_number_value(v));
	}
	return text;
}

static void facts(struct rep_html *h, const json_t *s)
{
	const json_t *cause = mp_jget(s, "cause"), *cert = mp_jget(mp_jget(s, "tls"), "certificate");
	const char *by = rep_cause_by(h->a, cause);

	rep_html_put(h, "<details class=\"more\"><summary>Facts of this session</summary>\n<dl class=\"facts\">\n");
	row(h, "From", rep_str(s, "source"));
	row(h, "EHLO name",
		rep_str(s, "ehlo") && (rep_is(s, "stage", "connect") || rep_is(s, "stage", "banner"))
			? mp_printf(h->a, "%s (it was not sent: the session ended before)", rep_str(s, "ehlo"))
			: rep_str(s, "ehlo"));
	row(h, "The server sees us as", rep_str(s, "seen_as"));
	row(h, "Cause, by the wording",
		rep_str(cause, "id")
			? mp_printf(h->a, "%s%s%s%s (confidence %.2f)", rep_str(cause, "id"), by ? " (" : "",
				  by ? by : "", by ? ")" : "", mp_jget_num(cause, "confidence", 0))
			: NULL);
	row(h, "Extensions", rep_html_list(h, s, "extensions"));
	row(h, "TLS", tls_text(h, s));
	row(h, "Certificate", rep_str(cert, "subject"));
	row(h, "Names in it", rep_html_list(h, cert, "names"));
	row(h, "Issued by", rep_str(cert, "issuer"));
	row(h, "Valid from", rep_when(h->a, rep_str(cert, "not_before")));
	row(h, "Valid until", rep_when(h->a, rep_str(cert, "not_after")));
	row(h, "Key", rep_str(cert, "key"));
	row(h, "SHA-256", rep_str(cert, "sha256"));
	row(h, "Message-ID", rep_str(s, "message_id"));
	row(h, "Times in ms", timings_text(h, s));
	if (mp_jget_bool(s, "helo", false))
		row(h, "Greeting", "EHLO was refused; HELO was used.");
	if (mp_jget_int(s, "injected_bytes", 0) > 0)
		row(h, "Plaintext behind STARTTLS",
			mp_printf(h->a, "%lld bytes, not used", (long long)mp_jget_int(s, "injected_bytes", 0)));
	rep_html_put(h, "</dl>\n</details>\n");
}

static void session(struct rep_html *h, const json_t *s, size_t number, bool decides)
{
	const char *n = mp_printf(h->a, "%zu", number), *purpose = rep_str(s, "purpose"),
		   *source = rep_str(s, "source");
	const char *said = rep_reply_flowed(h->a, mp_jget(s, "reply"));
	enum rep_state state = rep_html_outcome_state(s);

	rep_html_put(h, "<article class=\"card %s\" id=\"session-%s\">\n<h4>", rep_html_class(state), n);
	rep_html_badge(h, state, rep_outcome(h->a, s));
	rep_html_put(h, " <span>%s. %s</span></h4>\n<p class=\"hint\">%s%s%s%s%s</p>\n", n, rep_server(h->a, s),
		source ? "From " : "", source,
		purpose && strcmp(purpose, "baseline") != 0 ? ", an experiment or second try: " : "",
		purpose && strcmp(purpose, "baseline") != 0 ? purpose : "", decides ? ". This session decides." : "");
	if (said && state != REP_GOOD)
		rep_html_put(h, "<p class=\"said\">%s</p>\n", said);
	dialogue(h, s);
	facts(h, s);
	rep_html_put(h, "</article>\n");
}

static const char *mx_text(struct rep_html *h, const json_t *target)
{
	const char *text = NULL;

	for (size_t i = 0; i < rep_len(target, "mx") && i < 20; i++) {
		const json_t *mx = rep_at(target, "mx", i);
		const char *host = rep_str(mx, "host");

		if (host)
			text = mp_printf(h->a, "%s%s%lld %s", text ? text : "", text ? ", " : "",
				(long long)mp_jget_int(mx, "preference", 0), host);
	}
	return text;
}

void rep_html_sessions(struct rep_html *h)
{
	size_t n = rep_len(h->report, "targets");

	if (!n)
		return;
	rep_html_put(
		h, "<section aria-labelledby=\"sessions\">\n<h2 id=\"sessions\">What the mail servers said</h2>\n");
	for (size_t i = 0; i < n; i++) {
		const json_t *target = rep_at(h->report, "targets", i);
		const char *status = rep_str(target, "status"), *mx = mx_text(h, target);
		size_t count = rep_len(target, "sessions");

		rep_html_put(h, "<h3>");
		rep_html_badge(h, rep_html_verdict_state(status), rep_html_verdict_word(status));
		rep_html_put(h, " <span>%s</span></h3>\n", rep_target_to(h->a, target));
		if (mx && !rep_is(target, "mx_kind", "given"))
			rep_html_put(h, "<p class=\"hint\">Mail servers (MX, with preference): %s</p>\n", mx);
		if (mp_jget_bool(target, "rcpt_assumed", false))
			rep_html_put(h,
				"<p class=\"hint\">The recipient %s was assumed: weaker evidence than a mailbox of yours "
				"there.</p>\n",
				rep_str(target, "rcpt"));
		if (rep_message_words(h->a, h->report, i))
			rep_html_put(h, "<p class=\"hint\">%s</p>\n", rep_message_words(h->a, h->report, i));
		if (!count)
			rep_html_put(h, "<p>No session was held. %s</p>\n", rep_str(target, "summary"));
		for (size_t k = 0; k < count; k++)
			session(h, rep_at(target, "sessions", k), rep_session_number(h->report, i, k),
				count > 1 && mp_jget_int(target, "decided_by", -1) == (int64_t)k);
	}
	rep_html_put(h, "</section>\n");
}
