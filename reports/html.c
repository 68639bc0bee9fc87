/* reports/html.c - the report as one page for a browser: the frame, the verdict, the findings and what to do */
#include "base/ip.h"
#include "base/text.h"
#include "reports/html.h"
#include "reports/placed.h"

enum { MAX_ITEMS = 40 }; /* of a list in running text */

/* ---- bytes */

void rep_html_text(struct rep_html *h, const char *s)
{
	struct mp_str rest = mp_str(s ? s : ""), line;
	bool first = true;

	while (mp_str_split(&rest, '\n', &line)) {
		const char *p = mp_text(h->a, line);

		if (!first)
			mp_buf_addc(h->out, '\n');
		first = false;
		for (; *p; p++) {
			switch (*p) {
			case '&':
				mp_buf_adds(h->out, "&amp;");
				break;
			case '<':
				mp_buf_adds(h->out, "&lt;");
				break;
			case '>':
				mp_buf_adds(h->out, "&gt;");
				break;
			case '"':
				mp_buf_adds(h->out, "&quot;");
				break;
			case '\'':
				mp_buf_adds(h->out, "&#39;");
				break;
			case '`':
				mp_buf_adds(h->out, "&#96;");
				break;
			default:
				mp_buf_addc(h->out, *p);
				break;
			}
		}
	}
}

void rep_html_put(struct rep_html *h, const char *markup, ...)
{
	const char *arg;
	va_list ap;

	va_start(ap, markup);
	while ((arg = strstr(markup, "%s"))) {
		mp_buf_add(h->out, markup, (size_t)(arg - markup));
		rep_html_text(h, va_arg(ap, const char *));
		markup = arg + 2;
	}
	va_end(ap);
	mp_buf_adds(h->out, markup);
}

/* ---- states */

const char *rep_html_class(enum rep_state state)
{
	static const char *const classes[REP_N_STATES] = {"bad", "warn", "unknown", "good", "note", "none"};

	return classes[state];
}

void rep_html_icon(struct rep_html *h, enum rep_state state)
{
	static const char *const drawings[REP_N_STATES] = {
		[REP_BAD] = "<path d=\"M4 4l8 8M12 4l-8 8\"/>",
		[REP_WARN] = "<path d=\"M8 3v6.5M8 12.4v.6\"/>",
		[REP_UNKNOWN] = "<path d=\"M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 12.6v.5\"/>",
		[REP_GOOD] = "<path d=\"M3.5 8.5l3 3 6-7\"/>",
		[REP_NOTE] = "<path d=\"M8 7v5.5M8 3.5v.6\"/>",
		[REP_NONE] = "<path d=\"M4 8h8\"/>",
	};

	rep_html_put(h, "<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">");
	mp_buf_adds(h->out, drawings[state]);
	rep_html_put(h, "</svg>");
}

void rep_html_badge(struct rep_html *h, enum rep_state state, const char *word)
{
	rep_html_put(h, "<span class=\"badge %s\">", rep_html_class(state));
	rep_html_icon(h, state);
	rep_html_put(h, "%s</span>", word);
}

struct state_word {
	const char *term, *word, *means;
	enum rep_state state;
};

static const struct state_word *look_up(const struct state_word *rows, size_t n, const char *term)
{
	for (size_t i = 0; term && i < n; i++)
		if (strcmp(rows[i].term, term) == 0)
			return &rows[i];
	return &rows[n - 1];
}

static const struct state_word *check_row(const json_t *check)
{
	static const struct state_word rows[] = {
		{"fail", "fail", "", REP_BAD},
		{"warn", "warning", "", REP_WARN},
		{"error", "not known", "", REP_UNKNOWN},
		{"pass", "pass", "", REP_GOOD},
		{"info", "note", "", REP_NOTE},
		{"skip", "skipped", "", REP_NONE},
		{"", "?", "", REP_NONE},
	};

	return look_up(rows, ARRAY_LEN(rows), rep_str(check, "status"));
}

static const struct state_word *verdict_row(const char *status)
{
	static const struct state_word rows[] = {
		{"blocked", "Blocked", "Mail is refused as things stand.", REP_BAD},
		{"at-risk", "At risk", "Mail may be delayed, refused or filed as spam.", REP_WARN},
		{"deliverable", "Deliverable", "", REP_GOOD},
		{"unknown", "Unknown", "What was found out does not suffice for a verdict.", REP_UNKNOWN},
	};

	return look_up(rows, ARRAY_LEN(rows), status);
}

/* Of a sender's side alone: no receiver was asked, so no word of delivery. */
static const struct state_word *single_row(const json_t *report)
{
	static const struct state_word rows[] = {
		{"blocked", "Fail", "At least one check failed.", REP_BAD},
		{"at-risk", "Warning", "Nothing failed, but there are warnings.", REP_WARN},
		{"deliverable", "Pass", "What could be checked is as it should be.", REP_GOOD},
		{"unknown", "Unknown", "What was found out does not suffice for a verdict.", REP_UNKNOWN},
	};

	return look_up(rows, ARRAY_LEN(rows), rep_overall(report, true));
}

enum rep_state rep_html_check_state(const json_t *check)
{
	return check_row(check)->state;
}

const char *rep_html_check_word(const json_t *check)
{
	return check_row(check)->word;
}

enum rep_state rep_html_verdict_state(const char *status)
{
	return verdict_row(status)->state;
}

const char *rep_html_verdict_word(const char *status)
{
	return verdict_row(status)->word;
}

enum rep_state rep_html_outcome_state(const json_t *session)
{
	if (rep_is(session, "outcome", "accepted"))
		return REP_GOOD;
	if (rep_is(session, "outcome", "rejected"))
		return REP_BAD;
	return rep_is(session, "outcome", "deferred") ? REP_WARN : REP_UNKNOWN;
}

const char *rep_html_list(struct rep_html *h, const json_t *object, const char *key)
{
	const char *text = NULL;
	size_t n = rep_len(object, key);

	for (size_t i = 0; i < n && i < MAX_ITEMS; i++) {
		const char *s = json_string_value(rep_at(object, key, i));

		if (s && *s)
			text = mp_printf(h->a, "%s%s%s", text ? text : "", text ? ", " : "", s);
	}
	return text && n > MAX_ITEMS ? mp_printf(h->a, "%s, ...", text) : text;
}

/* Whether these bytes are an IPv4 address: they are short enough for any line. */
static bool is_ipv4(struct rep_html *h, const char *p, size_t n)
{
	struct mp_ip ip;

	return n < 16 && mp_ip_parse(mp_str(mp_dupn(h->a, p, n)), &ip) && ip.family == MP_IPV4;
}

void rep_html_names(struct rep_html *h, const char *value)
{
	while (*value) {
		size_t word = strcspn(value, " ,()"), joint = strcspn(value, ".:@ ,()");

		if (word && is_ipv4(h, value, word)) {
			rep_html_put(h, "<span class=\"ip\">%s</span>", mp_dupn(h->a, value, word));
			value += word;
			continue;
		}
		joint += value[joint] != '\0';
		rep_html_put(h, "%s", mp_dupn(h->a, value, joint));
		if (value[joint] && joint < word)
			rep_html_put(h, "<wbr>");
		value += joint;
	}
}

/* ---- the head, and the verdict */

static const struct state_word *overall(const struct rep_html *h)
{
	return h->single ? single_row(h->report) : verdict_row(rep_str(mp_jget(h->report, "verdict"), "status"));
}

/* Whom mail is sent to, as the user named them. */
static const char *targets_text(struct rep_html *h)
{
	const char *text = NULL;
	size_t n = rep_len(h->report, "targets");

	for (size_t i = 0; i < n && i < MAX_ITEMS; i++)
		text = mp_printf(h->a, "%s%s%s", text ? text : "", text ? ", " : "",
			n > 3 ? rep_target_name(rep_at(h->report, "targets", i))
			      : rep_target_to(h->a, rep_at(h->report, "targets", i)));
	return text && n > MAX_ITEMS ? mp_printf(h->a, "%s, ...", text) : text;
}

static void head(struct rep_html *h)
{
	const char *summary = rep_str(mp_jget(h->report, "verdict"), "summary");

	rep_html_put(h,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
	mp_buf_adds(h->out, rep_html_style_hash);
	rep_html_put(h, "'; base-uri 'none'; form-action 'none'\">\n"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			"<meta name=\"color-scheme\" content=\"light dark\">\n"
			"<meta name=\"referrer\" content=\"no-referrer\">\n");
	rep_html_put(h, "<title>%s%s%s - mailprobe</title>\n<style>", overall(h)->word, summary ? ": " : "", summary);
	mp_buf_adds(h->out, rep_html_style);
	rep_html_put(h, "</style>\n</head>\n");
}

static void fact(struct rep_html *h, const char *name, const char *value, const char *more)
{
	if (!value)
		return;
	rep_html_put(h, "<div><dt>%s</dt><dd>", name);
	rep_html_names(h, value);
	if (more)
		rep_html_put(h, " <small>%s</small>", more);
	rep_html_put(h, "</dd></div>\n");
}

static const char *sources_text(struct rep_html *h)
{
	const json_t *sender = mp_jget(h->report, "sender");
	const char *text = NULL;

	for (size_t i = 0; i < rep_len(sender, "sources") && i < MAX_ITEMS; i++) {
		const json_t *s = rep_at(sender, "sources", i);
		const char *address = rep_str(s, "address"), *seen = rep_str(s, "seen_as");
		bool other = address && seen && strcmp(address, seen) != 0;

		if (!address && !seen)
			continue;
		text = mp_printf(h->a, "%s%s%s%s%s%s", text ? text : "", text ? ", " : "", seen ? seen : address,
			other ? " (local: " : "", other ? address : "", other ? ")" : "");
	}
	return text;
}

/* The command as it was typed, without the program's own name. */
static const char *asked_for(struct rep_html *h)
{
	const json_t *run = mp_jget(h->report, "run");
	const char *text = NULL;

	for (size_t i = 1; i < rep_len(run, "argv") && i < MAX_ITEMS; i++) {
		const char *word = json_string_value(rep_at(run, "argv", i));

		if (word)
			text = mp_printf(h->a, "%s%s%s", text ? text : "", text ? " " : "", mp_shell_word(h->a, word));
	}
	return text;
}

/* Where the EHLO name comes from, or NULL. */
static const char *origin_words(struct rep_html *h)
{
	const json_t *sender = mp_jget(h->report, "sender");
	const char *origin = rep_str(sender, "ehlo_origin"), *mta = rep_str(mp_jget(sender, "mta"), "name");

	if (!origin)
		return NULL;
	if (strcmp(origin, "--ehlo") == 0)
		return mp_printf(h->a, "given with --ehlo, not read from %s", mta ? mta : "the mail server");
	return mp_printf(h->a, "%s %s", mta ? "read from" : "from", origin);
}

static void senders(struct rep_html *h)
{
	const json_t *sender = mp_jget(h->report, "sender");
	const char *from = mp_jget_str(sender, "mail_from", NULL), *shown = rep_str(sender, "header_from");
	bool same = from && shown && strcmp(from, shown) == 0;

	if (from && !*from)
		from = "<> (the null sender)";
	fact(h, same ? "From" : "Envelope sender", from, same ? "envelope and From: header" : "MAIL FROM");
	if (!same)
		fact(h, "From: header", shown, "what readers see");
}

static void facts(struct rep_html *h)
{
	const json_t *run = mp_jget(h->report, "run"), *sender = mp_jget(h->report, "sender");
	const char *to = targets_text(h), *took = NULL;
	bool assumed = false;

	for (size_t i = 0; i < rep_len(h->report, "targets"); i++)
		assumed = assumed || mp_jget_bool(rep_at(h->report, "targets", i), "rcpt_assumed", false);
	if (json_is_number(mp_jget(run, "duration_ms")))
		took = mp_printf(h->a, "took %s", rep_duration(h->a, mp_jget_num(run, "duration_ms", 0)));
	rep_html_put(h, "<dl class=\"facts\">\n");
	senders(h);
	fact(h, "To", to, assumed ? "a recipient was assumed" : NULL);
	fact(h, "Sending address", sources_text(h), NULL);
	fact(h, "Announced as (EHLO)", rep_str(sender, "ehlo"), origin_words(h));
	fact(h, "Run on", rep_str(sender, "hostname"), NULL);
	if (!mp_jget_str(sender, "mail_from", NULL) && !to)
		fact(h, "Asked for", asked_for(h), NULL);
	fact(h, "When", rep_when(h->a, rep_str(run, "started")), took);
	rep_html_put(h, "</dl>\n");
}

static void banner(struct rep_html *h)
{
	rep_html_put(h,
		"<body>\n<a class=\"skip\" href=\"#report\">Skip to the report</a>\n<header>\n"
		"<p class=\"brand\">mailprobe <span>mail delivery report</span></p>\n<p class=\"about\">%s</p>\n"
		"</header>\n",
		rep_len(h->report, "targets")
			? "Does mail from this server arrive? mailprobe opens real SMTP sessions from the sending host, and "
			  "checks its DNS records."
		: rep_of_message(h->report)
			? "Is this message what it says it is? Its signatures were verified, and the DNS was asked "
			  "about its sender."
			: "Is this server fit to send mail? The DNS was asked about it; no receiver was spoken to.");
}

/* Of how many receivers the verdict speaks, where that is not all there is to say. */
static const char *tested_words(struct rep_html *h, enum rep_state state)
{
	size_t n = rep_len(h->report, "targets");

	if (h->single || !n || (state != REP_BAD && state != REP_WARN))
		return NULL;
	if (n == 1)
		return "1 receiver was tested; others may decide otherwise.";
	return mp_printf(h->a, "%zu receivers were tested; this is the worst of what they said.", n);
}

/* The first step of the first finding that counts, or NULL. */
static const char *first_step(struct rep_html *h)
{
	for (size_t i = 0; i < rep_len(h->report, "findings"); i++) {
		const json_t *f = rep_at(h->report, "findings", i);

		for (size_t k = 0; !rep_is(f, "status", "info") && k < rep_len(f, "fix"); k++) {
			const char *step = json_string_value(rep_at(f, "fix", k));

			if (step && *step)
				return step;
		}
	}
	return NULL;
}

static void verdict(struct rep_html *h)
{
	const json_t *v = mp_jget(h->report, "verdict");
	const struct state_word *w = overall(h);
	const char *summary = rep_str(v, "summary"), *step = first_step(h), *tested = tested_words(h, w->state);
	const char *basis = rep_basis_words(h->a, h->report, h->single);
	size_t n = rep_len(h->report, "targets");

	rep_html_put(h, "<section class=\"verdict %s\" aria-labelledby=\"verdict\">\n<p class=\"word\">",
		rep_html_class(w->state));
	rep_html_icon(h, w->state);
	rep_html_put(h, "%s</p>\n<h1 id=\"verdict\">%s</h1>\n", w->word, summary ? summary : w->word);
	if (*w->means)
		rep_html_put(h, "<p>%s%s%s</p>\n", w->means, tested ? " " : "", tested);
	if (step)
		rep_html_put(h, "<p class=\"first\"><strong>First thing to do</strong> %s</p>\n", step);
	if (n > 1) {
		rep_html_put(h, "<ul class=\"targets\">\n");
		for (size_t i = 0; i < n; i++) {
			const json_t *target = rep_at(h->report, "targets", i);
			const json_t *s = rep_deciding(target);
			const char *status = rep_str(target, "status"), *landed = rep_landed(h->a, target);

			rep_html_put(h, "<li>");
			rep_html_badge(h, rep_html_verdict_state(status), rep_html_verdict_word(status));
			rep_html_put(h, " <strong>%s</strong> <span>%s</span></li>\n", rep_target_name(target),
				landed ? landed
				: s    ? rep_outcome(h->a, s)
				       : rep_str(target, "summary"));
		}
		rep_html_put(h, "</ul>\n");
	}
	if (basis)
		rep_html_put(h, "<p class=\"basis\">%s</p>\n", basis);
	rep_html_put(h, "</section>\n");
}

/* ---- findings */

static void steps(struct rep_html *h, const json_t *f)
{
	bool any = false;

	for (size_t i = 0; i < rep_len(f, "fix"); i++) {
		const char *step = json_string_value(rep_at(f, "fix", i));

		if (!step || !*step)
			continue;
		if (!any)
			rep_html_put(h, "<ol class=\"steps\">\n");
		any = true;
		rep_html_put(h, "<li>%s</li>\n", step);
	}
	if (any)
		rep_html_put(h, "</ol>\n");
}

/* The number, counted from 1, of an earlier finding with an equal member; 0: none. */
static size_t told_before(const struct rep_html *h, size_t at, const char *key)
{
	const json_t *value = mp_jget(rep_at(h->report, "findings", at), key);

	for (size_t i = 0; value && i < at; i++)
		if (json_equal(value, mp_jget(rep_at(h->report, "findings", i), key)))
			return i + 1;
	return 0;
}

static void what_to_do(struct rep_html *h, const json_t *f, size_t at)
{
	size_t same_steps = rep_len(f, "fix") ? told_before(h, at, "fix") : 0;
	size_t same_request = rep_str(f, "request") ? told_before(h, at, "request") : 0;
	const char *kind = rep_str(f, "request_kind");

	if (!rep_len(f, "fix") && !rep_str(f, "request"))
		return;
	rep_html_put(h, "<h4>What to do</h4>\n");
	if (same_steps)
		rep_html_put(
			h, "<p>The steps of finding %s fix this as well.</p>\n", mp_printf(h->a, "%zu", same_steps));
	else
		steps(h, f);
	if (same_request && same_request != same_steps)
		rep_html_put(
			h, "<p>The text to send stands at finding %s.</p>\n", mp_printf(h->a, "%zu", same_request));
	if (!rep_str(f, "request") || same_request)
		return;
	rep_html_put(h,
		"<figure class=\"request\">\n<figcaption><strong>Text to send</strong> to whoever can do it.<span "
		"class=\"screen\"> One click selects all of it; then copy.</span>%s</figcaption>\n<pre tabindex=\"0\">%s</pre>\n</figure>\n",
		kind ? mp_printf(h->a, " (mailprobe prints it with --request %s.)", kind) : "", rep_str(f, "request"));
}

static void said(struct rep_html *h, const json_t *session, const json_t *because)
{
	size_t n, target = (size_t)mp_jget_int(because, "target", 0),
		  index = (size_t)mp_jget_int(because, "session", 0);
	const char *const *lines = rep_reply_lines(h->a, mp_jget(session, "reply"), &n);
	const char *number = mp_printf(h->a, "%zu", rep_session_number(h->report, target, index));

	rep_html_put(h, "<li>");
	rep_html_badge(h, rep_html_outcome_state(session), "session");
	rep_html_put(h, "<div><p>%s: %s (<a href=\"#session-%s\">session %s</a>)</p>\n", rep_server(h->a, session),
		rep_outcome(h->a, session), number, number);
	if (lines)
		rep_html_put(h, "<pre class=\"said %s\">", rep_html_class(rep_html_outcome_state(session)));
	for (size_t i = 0; lines && i < n; i++)
		rep_html_put(h, "%s\n", lines[i]);
	rep_html_put(h, lines ? "</pre></div></li>\n" : "</div></li>\n");
}

static void evidence(struct rep_html *h, const json_t *f)
{
	bool any = false;

	for (size_t i = 0; i < rep_len(f, "because"); i++) {
		const json_t *b = rep_at(f, "because", i);
		const json_t *check = rep_because_check(h->report, b), *session = rep_because_session(h->report, b);

		if (!check && !json_is_object(session))
			continue;
		if (!any)
			rep_html_put(h, "<h4>How it was found</h4>\n<ul class=\"evidence\">\n");
		any = true;
		if (!check) {
			said(h, session, b);
			continue;
		}
		rep_html_put(h, "<li>");
		rep_html_badge(h, rep_html_check_state(check), rep_html_check_word(check));
		/* What the title says need not be said again. */
		rep_html_put(h, "<div><p>%s <code class=\"id\">%s</code></p>\n",
			rep_is(f, "title", mp_jget_str(check, "summary", "")) ? mp_jget_str(check, "subject", "")
									      : mp_jget_str(check, "summary", ""),
			rep_str(check, "id"));
		if (rep_because_detail(f, check))
			rep_html_put(h, "<p class=\"detail\">%s</p>\n", rep_because_detail(f, check));
		rep_html_put(h, "</div></li>\n");
	}
	if (any)
		rep_html_put(h, "</ul>\n");
}

static void finding(struct rep_html *h, const json_t *f, size_t at)
{
	const char *number = mp_printf(h->a, "%zu", at + 1), *certainty = rep_certainty_words(f, h->single);
	enum rep_state state = rep_is(f, "status", "info") ? REP_NOTE : rep_html_check_state(f);

	rep_html_put(h, "<article class=\"card %s\" id=\"finding-%s\">\n<h3>", rep_html_class(state), number);
	rep_html_badge(h, state, state == REP_NOTE ? "note" : state == REP_WARN ? "warning" : "fault");
	rep_html_put(
		h, " <span>%s. %s</span></h3>\n", number, mp_jget_str(f, "title", mp_jget_str(f, "id", "A finding")));
	if (rep_str(f, "explanation"))
		rep_html_put(h, "<p class=\"detail\">%s</p>\n", rep_str(f, "explanation"));
	if (certainty)
		rep_html_put(h, "<p class=\"certainty\">%s</p>\n", certainty);
	what_to_do(h, f, at);
	evidence(h, f);
	rep_html_put(h, "</article>\n");
}

/* How to see that it helped. */
static void again(struct rep_html *h)
{
	const json_t *of = mp_jget(mp_jget(h->report, "verdict"), "again");
	const char *command = rep_str(of, "command"), *with = rep_str(of, "with"), *after = rep_str(of, "after");

	if (!of)
		return;
	rep_html_put(h, "<p class=\"again\"><strong>Then test again</strong>");
	if (command)
		rep_html_put(h, ": <code>%s</code>.", command);
	else
		rep_html_put(h, " with %s.", with ? with : "the same command");
	rep_html_put(h, " %s</p>\n", after ? after : "");
}

static void findings(struct rep_html *h, bool noted)
{
	bool any = false;

	for (size_t i = 0; i < rep_len(h->report, "findings"); i++) {
		const json_t *f = rep_at(h->report, "findings", i);

		if (rep_is(f, "status", "info") != noted)
			continue;
		if (!any)
			rep_html_put(h, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n",
				noted ? "noted" : "findings", noted ? "noted" : "findings",
				noted ? "Also noted" : "What is wrong, and what to do");
		any = true;
		finding(h, f, i);
	}
	if (any && !noted)
		again(h);
	if (any)
		rep_html_put(h, "</section>\n");
}

/* ---- the form */

static void foot(struct rep_html *h)
{
	const json_t *tool = mp_jget(h->report, "tool"), *run = mp_jget(h->report, "run");

	rep_html_put(h, "</main>\n<footer>\n");
	if (mp_jget_bool(run, "interrupted", false))
		rep_html_put(h, "<p>The run was ended early: what was not known by then counts as not known.</p>\n");
	if (rep_str(run, "replayed"))
		rep_html_put(h, "<p>Judged again from the saved evidence on %s; nothing was asked anew.</p>\n",
			rep_when(h->a, rep_str(run, "replayed")));
	rep_html_put(h, "<p>Made by %s %s", mp_jget_str(tool, "name", "mailprobe"), rep_str(tool, "version"));
	if (rep_str(run, "id"))
		rep_html_put(h, ", run %s", rep_str(run, "id"));
	rep_html_put(h, ". This file holds all the evidence and loads nothing from anywhere: "
			"<code>mailprobe replay FILE.html</code> judges it again, and "
			"<code>--format json</code> with it gives the data.</p>\n</footer>\n");
}

static int write_html(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	struct rep_html h = {.a = mp_arena_new(), .out = out, .report = report};

	h.single = style->single || !rep_len(report, "targets");
	head(&h);
	banner(&h);
	rep_html_put(&h, "<main id=\"report\">\n");
	verdict(&h);
	facts(&h);
	rep_html_path(&h);
	findings(&h, false);
	findings(&h, true);
	rep_html_compare(&h);
	rep_html_sessions(&h);
	rep_html_rules(&h);
	rep_html_checks(&h);
	foot(&h);
	rep_html_embed(&h);
	rep_html_put(&h, "</body>\n</html>\n");
	mp_arena_free(h.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_html = {
	.name = "html",
	.suffixes = {".html", ".htm"},
	.write = write_html,
};
