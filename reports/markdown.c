/*
 * reports/markdown.c - the report for a ticket: GitHub, GitLab, Jira Cloud, and where Markdown is read as it stands
 *
 * No text of the tree can become markup. Prose goes word by word: a word of letters and a sentence's marks stays, any
 * other (names, addresses, codes, and whatever somebody wants to inject) stands in a code span, where no renderer makes
 * links, images, HTML, mentions or references of it. A backslash would not do: mentions and bare addresses are looked
 * for after escapes are gone. Texts of several lines stand in fences longer than any run of backticks in them.
 */
#include "base/text.h"
#include "reports/alike.h"
#include "reports/compare.h"
#include "reports/placed.h"
#include "reports/rules.h"
#include "reports/text.h"

enum {
	MAX_QUOTES = 4,    /* replies quoted for one finding; the dialogues have all */
	MAX_QUOTED = 4000, /* bytes of one of them */
	MIN_FENCE = 3,
};

struct md {
	struct mp_arena *a;
	struct mp_buf *out;
	const json_t *report;
	bool single;
};

/* ---- foreign text */

/* One line without controls. */
static char *one_line(struct md *m, const char *text)
{
	char *s = mp_dup(m->a, text);

	for (char *p = s; *p; p++)
		if (*p == '\n' || *p == '\t' || *p == '\r')
			*p = ' ';
	return mp_text(m->a, mp_str(s));
}

/* In a span of its own. A backtick would end it and a bar a table's cell, whatever stands around them. */
static void add_code(struct md *m, struct mp_str s)
{
	mp_buf_addc(m->out, '`');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '`' || s.p[i] == '|')
			mp_buf_addf(m->out, "\\x%02x", (unsigned)s.p[i]);
		else
			mp_buf_addc(m->out, s.p[i]);
	}
	mp_buf_addc(m->out, '`');
}

static bool letter(char c)
{
	return mp_isalpha(c) || ((unsigned char)c & 0x80);
}

/*
 * Whether a word is one of prose: letters, between them single hyphens and apostrophes; or a number below 1000. Longer
 * words of hexadecimal digits alone are taken for commits by forges.
 */
static bool plain(struct mp_str w)
{
	size_t digits = 0, hex = 0;

	for (size_t i = 0; i < w.n; i++) {
		bool joins = (w.p[i] == '-' || w.p[i] == '\'') && i > 0 && i + 1 < w.n;

		digits += mp_isdigit(w.p[i]);
		hex += mp_isxdigit(w.p[i]);
		if (joins ? !letter(w.p[i - 1]) || !letter(w.p[i + 1]) : !letter(w.p[i]) && !mp_isdigit(w.p[i]))
			return false;
	}
	return w.n && (digits ? digits == w.n && w.n < 4 : hex < w.n || w.n < 7);
}

/* Marks around a word that mean nothing before it, or behind it. */
static struct mp_str bare(struct mp_str w, struct mp_str *before, struct mp_str *behind)
{
	size_t from = 0, to = w.n;

	while (from < w.n && strchr("(\"", w.p[from]))
		from++;
	while (to > from && strchr(".,;:?)\"", w.p[to - 1]))
		to--;
	*before = mp_strn(w.p, from);
	*behind = mp_strn(w.p + to, w.n - to);
	return mp_strn(w.p + from, to - from);
}

/* Prose of the tree on one line. A number that begins it would begin a list. */
static void add_prose(struct md *m, const char *text)
{
	struct mp_str rest = mp_str(one_line(m, text)), word, before, behind;
	bool first = true;

	while (mp_str_split(&rest, ' ', &word)) {
		struct mp_str w = bare(word, &before, &behind);

		if (!word.n)
			continue;
		if (!first)
			mp_buf_addc(m->out, ' ');
		if (!w.n) {
			/* marks alone */
			add_code(m, word);
		} else if (plain(w) && !(first && mp_isdigit(w.p[0]))) {
			mp_buf_addstr(m->out, word);
		} else {
			mp_buf_addstr(m->out, before);
			add_code(m, w);
			mp_buf_addstr(m->out, behind);
		}
		first = false;
	}
}

/* A name or an address: one span whatever it holds. An empty one would open a span of what follows. */
static void add_name(struct md *m, const char *text)
{
	struct mp_str s = mp_str_trim(mp_str(one_line(m, text)));

	add_code(m, s.n ? s : MP_LIT("-"));
}

static void add_paragraphs(struct md *m, const char *text)
{
	struct mp_str rest = mp_str(text), line;

	while (mp_str_split(&rest, '\n', &line)) {
		if (!mp_str_trim(line).n)
			continue;
		add_prose(m, mp_dupstr(m->a, line));
		mp_buf_adds(m->out, "\n\n");
	}
}

/* Lines as they came, in a fence that none of them can end. */
static void add_fenced(struct md *m, const char *text)
{
	struct mp_str rest = mp_str(text), line;
	size_t run = 0, longest = MIN_FENCE - 1;
	char *fence;

	for (const char *p = text; *p; p++) {
		run = *p == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	fence = mp_alloc(m->a, longest + 2);
	memset(fence, '`', longest + 1);
	while (rest.n && rest.p[rest.n - 1] == '\n')
		rest.n--;
	mp_buf_addf(m->out, "%stext\n", fence);
	while (mp_str_split(&rest, '\n', &line))
		mp_buf_addf(m->out, "%s\n", mp_text(m->a, line));
	mp_buf_addf(m->out, "%s\n\n", fence);
}

/* ---- what was tested, and the verdict */

static const char *verdict_word(const struct md *m, const char *status)
{
	const struct rep_verdict_word *w = rep_verdict_word(status);

	return m->single ? w->single : w->word;
}

static void add_from(struct md *m)
{
	const json_t *sender = mp_jget(m->report, "sender");

	if (!rep_str(sender, "ehlo") && !rep_len(sender, "sources"))
		return;
	mp_buf_adds(m->out, "- From:");
	if (rep_str(sender, "ehlo")) {
		mp_buf_addc(m->out, ' ');
		add_name(m, rep_str(sender, "ehlo"));
	}
	for (size_t i = 0; i < rep_len(sender, "sources"); i++) {
		const json_t *s = rep_at(sender, "sources", i);
		const char *address = rep_str(s, "address"), *seen = rep_str(s, "seen_as");

		if (address) {
			mp_buf_addc(m->out, ' ');
			add_name(m, mp_printf(m->a, "[%s]", address));
		}
		if (seen && (!address || strcmp(seen, address) != 0)) {
			mp_buf_adds(m->out, " seen as ");
			add_name(m, mp_printf(m->a, "[%s]", seen));
		}
	}
	if (mp_jget_str(sender, "mail_from", NULL)) {
		mp_buf_adds(m->out, ", sender ");
		add_name(m, mp_printf(m->a, "<%s>", mp_jget_str(sender, "mail_from", "")));
	}
	if (rep_str(sender, "header_from") && !rep_is(sender, "header_from", mp_jget_str(sender, "mail_from", ""))) {
		mp_buf_adds(m->out, ", From: ");
		add_name(m, rep_str(sender, "header_from"));
	}
	mp_buf_addc(m->out, '\n');
}

static void add_to(struct md *m)
{
	size_t n = m->single ? 0 : rep_len(m->report, "targets");

	for (size_t i = 0; i < n; i++) {
		const json_t *t = rep_at(m->report, "targets", i);
		bool given = rep_is(t, "mx_kind", "given");
		const char *name = given ? rep_target_to(m->a, t) : rep_target_name(t), *domain = rep_str(t, "domain");

		mp_buf_adds(m->out, i ? ", " : "- To: ");
		add_name(m, name);
		if (domain && !strstr(name, domain)) {
			mp_buf_adds(m->out, " (");
			add_name(m, domain);
			mp_buf_addc(m->out, ')');
		}
	}
	if (n)
		mp_buf_addc(m->out, '\n');
}

static void add_run(struct md *m)
{
	const json_t *run = mp_jget(m->report, "run"), *tool = mp_jget(m->report, "tool");

	mp_buf_adds(m->out, "- By: ");
	add_name(m, mp_printf(m->a, "mailprobe %s", mp_jget_str(tool, "version", "")));
	if (rep_str(run, "started")) {
		mp_buf_adds(m->out, ", ");
		add_name(m, rep_when(m->a, rep_str(run, "started")));
	}
	if (json_is_number(mp_jget(run, "duration_ms")))
		mp_buf_addf(m->out, ", %s", rep_duration(m->a, mp_jget_num(run, "duration_ms", 0)));
	if (mp_jget_bool(run, "interrupted", false))
		mp_buf_adds(m->out, ", ended early");
	if (rep_str(run, "replayed")) {
		mp_buf_adds(m->out, ", judged again ");
		add_name(m, rep_when(m->a, rep_str(run, "replayed")));
	}
	if (rep_str(run, "id")) {
		mp_buf_adds(m->out, ", run ");
		add_name(m, rep_str(run, "id"));
	}
	mp_buf_adds(m->out, "\n\n");
}

static void add_head(struct md *m)
{
	const char *summary = rep_str(mp_jget(m->report, "verdict"), "summary");
	size_t n = m->single ? 0 : rep_len(m->report, "targets");

	mp_buf_addf(m->out, "## mailprobe: %s\n\n", verdict_word(m, rep_overall(m->report, m->single)));
	if (summary)
		add_paragraphs(m, summary);
	add_from(m);
	add_to(m);
	add_run(m);
	if (n < 2)
		return;
	mp_buf_adds(m->out, "| Verdict | Target | What came of it |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < n; i++) {
		const json_t *t = rep_at(m->report, "targets", i), *s = rep_deciding(t);
		const char *brief = rep_str(t, "summary");

		mp_buf_addf(m->out, "| %s | ", verdict_word(m, rep_str(t, "status")));
		add_name(m, rep_target_name(t));
		mp_buf_adds(m->out, " | ");
		add_prose(m, brief ? brief : s ? rep_outcome(m->a, s) : "No session was held.");
		mp_buf_adds(m->out, " |\n");
	}
	mp_buf_addc(m->out, '\n');
}

/* ---- findings */

static bool noted(const json_t *f)
{
	return rep_is(f, "status", "info");
}

static void add_quote(struct md *m, const json_t *because)
{
	const json_t *s = rep_because_session(m->report, because);
	struct mp_buf text = MP_BUF(MAX_QUOTED);
	const char *const *lines;
	size_t n;

	add_name(m, rep_server(m->a, s));
	mp_buf_addc(m->out, ' ');
	add_prose(m, rep_outcome(m->a, s));
	mp_buf_addf(m->out, " (session %zu)",
		rep_session_number(m->report, (size_t)mp_jget_int(because, "target", 0),
			(size_t)mp_jget_int(because, "session", 0)));
	lines = rep_reply_lines(m->a, mp_jget(s, "reply"), &n);
	for (size_t i = 0; i < n && !text.full; i++)
		mp_buf_addf(&text, "%s\n", lines[i]);
	mp_buf_adds(m->out, n ? ":\n\n" : ".\n\n");
	if (n)
		add_fenced(m, mp_printf(m->a, "%s%s", mp_buf_cstr(&text), text.full ? "...\n" : ""));
	mp_buf_release(&text);
}

static void add_because(struct md *m, const json_t *f)
{
	size_t n = rep_len(f, "because"), shown = 0;

	for (size_t i = 0; i < n && shown < MAX_QUOTES && !noted(f); i++)
		if (rep_because_session(m->report, rep_at(f, "because", i))) {
			add_quote(m, rep_at(f, "because", i));
			shown++;
		}
	shown = 0;
	for (size_t i = 0; i < n; i++) {
		const json_t *c = rep_because_check(m->report, rep_at(f, "because", i));

		if (!c)
			continue;
		mp_buf_addf(m->out, "- **%s** ", rep_status_word(rep_str(c, "status"))->word);
		add_name(m, mp_jget_str(c, "id", "?"));
		if (rep_str(c, "subject")) {
			mp_buf_addc(m->out, ' ');
			add_name(m, rep_str(c, "subject"));
		}
		if (rep_str(c, "summary") && !rep_is(c, "summary", mp_jget_str(f, "title", ""))) {
			mp_buf_adds(m->out, ": ");
			add_prose(m, rep_str(c, "summary"));
		}
		mp_buf_addc(m->out, '\n');
		shown++;
	}
	if (shown)
		mp_buf_addc(m->out, '\n');
}

static size_t add_steps(struct md *m, const json_t *f, size_t number)
{
	for (size_t i = 0; i < rep_len(f, "fix"); i++) {
		const char *step = json_string_value(rep_at(f, "fix", i));

		if (!step || !*step)
			continue;
		if (number)
			mp_buf_addf(m->out, "%zu. ", number++);
		else
			mp_buf_adds(m->out, "- ");
		add_prose(m, step);
		mp_buf_addc(m->out, '\n');
	}
	return number;
}

/* The findings that are only notes, or the others; the numbers count all of them. */
static void add_findings(struct md *m, const char *title, bool notes)
{
	size_t shown = 0;

	for (size_t i = 0; i < rep_len(m->report, "findings"); i++) {
		const json_t *f = rep_at(m->report, "findings", i);
		const char *certainty = rep_certainty_words(f, m->single);

		if (noted(f) != notes)
			continue;
		if (!shown++)
			mp_buf_addf(m->out, "### %s\n\n", title);
		mp_buf_addf(m->out, "**%zu. %s** ", i + 1, rep_status_word(rep_str(f, "status"))->word);
		add_prose(m, mp_jget_str(f, "title", mp_jget_str(f, "id", "a finding")));
		mp_buf_adds(m->out, "\n\n");
		if (certainty)
			add_paragraphs(m, certainty);
		if (rep_str(f, "explanation"))
			add_paragraphs(m, rep_str(f, "explanation"));
		add_because(m, f);
		if (notes && rep_len(f, "fix")) {
			add_steps(m, f, 0);
			mp_buf_addc(m->out, '\n');
		}
	}
}

static void add_again(struct md *m)
{
	const json_t *again = mp_jget(mp_jget(m->report, "verdict"), "again");

	if (!again)
		return;
	mp_buf_adds(m->out, "Then test again");
	if (rep_str(again, "with")) {
		mp_buf_adds(m->out, " with ");
		add_prose(m, rep_str(again, "with"));
	} else if (!rep_str(again, "command")) {
		mp_buf_adds(m->out, " with the same command");
	}
	mp_buf_adds(m->out, ".");
	if (rep_str(again, "after")) {
		mp_buf_adds(m->out, " ");
		add_prose(m, rep_str(again, "after"));
	}
	mp_buf_adds(m->out, "\n\n");
	if (rep_str(again, "command"))
		add_fenced(m, rep_str(again, "command"));
}

static void add_actions(struct md *m)
{
	size_t n = rep_len(m->report, "findings"), next = 1, requests = 0;
	struct mp_buf *out = m->out, steps = MP_BUF(SIZE_MAX / 4);

	m->out = &steps;
	for (size_t i = 0; i < n; i++)
		if (!noted(rep_at(m->report, "findings", i)))
			next = add_steps(m, rep_at(m->report, "findings", i), next);
	m->out = out;
	if (steps.n)
		mp_buf_addf(out, "### What to do\n\n%s\n", mp_buf_cstr(&steps));
	mp_buf_release(&steps);
	add_again(m);
	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(m->report, "findings", i);

		if (!rep_str(f, "request") || noted(f))
			continue;
		mp_buf_addf(out, "%sText to send, for finding %zu:\n\n",
			requests++ || next > 1 ? "" : "### What to do\n\n", i + 1);
		add_fenced(m, rep_str(f, "request"));
	}
}

/* ---- comparisons */

static void add_cell(struct md *m, const char *text, bool name)
{
	mp_buf_adds(m->out, " ");
	if (!text || !*text)
		mp_buf_adds(m->out, "-");
	else if (name)
		add_name(m, text);
	else
		add_prose(m, text);
	mp_buf_adds(m->out, " |");
}

static void add_diagnosis(struct md *m, size_t target)
{
	const json_t *t = rep_at(m->report, "targets", target);
	const char *intro = rep_varied_intro(m->a, m->report, target), *end = rep_str(t, "diagnosis_end");
	struct rep_varied v;

	if (!intro)
		return;
	mp_buf_adds(m->out, "### What changed the answer of ");
	add_name(m, rep_target_name(t));
	mp_buf_adds(m->out, "\n\n");
	add_prose(m, intro);
	mp_buf_adds(m->out, "\n\n");
	for (size_t i = 0; rep_varied(m->a, m->report, target, i, &v); i++) {
		if (!i)
			mp_buf_adds(m->out,
				"| Varied | From | To | Answer | Changed | Session |\n| --- | --- | --- | --- | --- | --- |\n");
		mp_buf_addc(m->out, '|');
		add_cell(m, v.factor, false);
		add_cell(m, v.from, true);
		add_cell(m, v.to, true);
		add_cell(m, v.outcome, false);
		add_cell(m, v.changed ? "yes" : "no", false);
		mp_buf_addf(m->out, " %zu |\n", v.number);
	}
	if (rep_len(t, "diagnosis"))
		mp_buf_addc(m->out, '\n');
	if (end) {
		add_prose(m, end);
		mp_buf_adds(m->out, "\n\n");
	}
}

static void add_servers(struct md *m, size_t target)
{
	struct rep_server_row *rows = mp_allocn(m->a, REP_SERVERS_MAX, sizeof(*rows));
	const json_t *t = rep_at(m->report, "targets", target);
	size_t n = rep_server_rows(m->a, t, rows, REP_SERVERS_MAX);
	const char *differ = rep_rows_differ(m->a, rows, n);

	if (!n)
		return;
	mp_buf_adds(m->out, "### The servers of ");
	add_name(m, rep_target_name(t));
	mp_buf_addf(m->out, " compared\n\n%zu servers%s%s.\n\n", n, differ ? "; they differ in " : ", all alike",
		differ ? differ : "");
	mp_buf_adds(m->out,
		"| Server | From | Answer | Reply | TLS | Certificate | Greets as |\n| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n; i++) {
		mp_buf_addc(m->out, '|');
		add_cell(m, rows[i].server, true);
		add_cell(m, rows[i].source, true);
		add_cell(m, rows[i].answer, false);
		add_cell(m, rows[i].reply, true);
		add_cell(m, rows[i].tls, true);
		add_cell(m, rows[i].certificate, false);
		add_cell(m, rows[i].greeting, true);
		mp_buf_addc(m->out, '\n');
	}
	mp_buf_addc(m->out, '\n');
}

static void add_placement(struct md *m)
{
	struct rep_placed p;
	struct rep_seen s;
	bool any = false;

	if (!rep_any_placed(m->report))
		return;
	mp_buf_adds(m->out, "### Where it landed\n\n"
			    "| Mailbox | Landed in | Folder | After | SPF seen | DKIM seen | DMARC seen | Noted |\n"
			    "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < rep_len(m->report, "targets"); i++)
		for (size_t k = 0; rep_placed(m->a, rep_at(m->report, "targets", i), k, &p); k++) {
			mp_buf_addc(m->out, '|');
			add_cell(m, p.mailbox, true);
			add_cell(m, p.kind, false);
			add_cell(m, p.folder, true);
			add_cell(m, p.took, false);
			add_cell(m, p.spf, false);
			add_cell(m, p.dkim, false);
			add_cell(m, p.dmarc, false);
			add_cell(m, p.note, false);
			mp_buf_addc(m->out, '\n');
		}
	mp_buf_addc(m->out, '\n');
	for (size_t i = 0; i < rep_len(m->report, "targets"); i++)
		for (size_t k = 0; k < rep_len(rep_at(m->report, "targets", i), "placement"); k++)
			for (size_t n = 0; rep_seen(rep_at(rep_at(m->report, "targets", i), "placement", k), n, &s);
				n++) {
				if (!any)
					mp_buf_adds(m->out,
						"| What | Predicted | Seen | Why it differs |\n| --- | --- | --- | --- |\n");
				any = true;
				mp_buf_addc(m->out, '|');
				add_cell(m, s.what, false);
				add_cell(m, s.predicted, false);
				add_cell(m, s.seen, false);
				add_cell(m, s.why, false);
				mp_buf_addc(m->out, '\n');
			}
	if (any)
		mp_buf_addc(m->out, '\n');
}

static void add_comparisons(struct md *m)
{
	if (!m->single)
		add_placement(m);
	for (size_t i = 0; i < rep_len(m->report, "targets") && !m->single; i++) {
		add_diagnosis(m, i);
		add_servers(m, i);
	}
}

/* ---- sessions */

static void add_dialogue(struct md *m, const json_t *s)
{
	static const struct {
		const char *from, *arrow;
	} arrows[] = {{"server", "<-"}, {"client", "->"}, {"tls", "=="}, {"note", "--"}};
	struct mp_buf text = MP_BUF(SIZE_MAX / 4);

	for (size_t i = 0; i < rep_len(s, "transcript"); i++) {
		const json_t *l = rep_at(s, "transcript", i);
		const char *line = rep_line(m->a, s, l), *arrow = "  ";
		double ms = mp_jget_num(l, "t_ms", -1);

		for (size_t k = 0; k < ARRAY_LEN(arrows); k++)
			if (rep_is(l, "from", arrows[k].from))
				arrow = arrows[k].arrow;
		if (line && ms >= 0 && ms < 1e9)
			mp_buf_addf(&text, "%6.3f %s %s\n", ms / 1000, arrow, mp_text(m->a, mp_str(line)));
		else if (line)
			mp_buf_addf(&text, "       %s %s\n", arrow, mp_text(m->a, mp_str(line)));
	}
	if (text.n)
		add_fenced(m, mp_buf_cstr(&text));
	mp_buf_release(&text);
}

static void add_session(struct md *m, const json_t *s, size_t number, bool decides)
{
	const json_t *tls = mp_jget(s, "tls"), *cause = mp_jget(s, "cause");
	const char *purpose = rep_str(s, "purpose");

	mp_buf_addf(m->out, "**Session %zu** ", number);
	add_name(m, rep_server(m->a, s));
	if (rep_str(s, "source")) {
		mp_buf_adds(m->out, " from ");
		add_name(m, rep_str(s, "source"));
	}
	if (purpose && strcmp(purpose, "baseline") != 0) {
		mp_buf_adds(m->out, " (");
		add_name(m, purpose);
		mp_buf_addc(m->out, ')');
	}
	mp_buf_adds(m->out, ": ");
	add_prose(m, rep_outcome(m->a, s));
	if (json_is_number(mp_jget(mp_jget(s, "timings_ms"), "total")))
		mp_buf_addf(m->out, "; %s", rep_duration(m->a, mp_jget_num(mp_jget(s, "timings_ms"), "total", 0)));
	if (rep_str(tls, "version")) {
		mp_buf_adds(m->out, "; ");
		add_name(m, rep_str(tls, "version"));
		if (rep_unnamed_words(s))
			mp_buf_addf(m->out, ", certificate: %s", rep_unnamed_words(s));
		else
			mp_buf_addf(m->out, ", certificate %sverified",
				rep_is(tls, "verified", "pkix") || rep_is(tls, "verified", "dane") ? "" : "not ");
	}
	if (rep_str(cause, "id")) {
		mp_buf_adds(m->out, "; cause by wording: ");
		add_name(m, rep_str(cause, "id"));
		if (mp_jget_int(cause, "own_rule", 0) > 0)
			mp_buf_addf(m->out, " (%s)", rep_cause_by(m->a, cause));
	}
	mp_buf_adds(m->out, decides ? "; this one decides\n\n" : "\n\n");
	add_dialogue(m, s);
}

static void add_sessions(struct md *m)
{
	size_t n = rep_len(m->report, "targets");

	if (n && !m->single)
		mp_buf_adds(m->out, "### Sessions\n\n");
	for (size_t i = 0; i < n && !m->single; i++) {
		const json_t *t = rep_at(m->report, "targets", i);
		size_t count = rep_len(t, "sessions");

		mp_buf_addf(m->out, "**%s** ", verdict_word(m, rep_str(t, "status")));
		add_name(m, rep_target_name(t));
		for (size_t k = 0; k < rep_len(t, "mx"); k++) {
			mp_buf_adds(m->out, k ? ", " : "; MX ");
			add_name(m, mp_jget_str(rep_at(t, "mx", k), "host", "?"));
		}
		mp_buf_adds(m->out, count ? "\n\n" : "\n\nNo session was held.\n\n");
		if (count && mp_jget_bool(t, "rcpt_assumed", false)) {
			mp_buf_adds(m->out, "The recipient ");
			add_name(m, mp_jget_str(t, "rcpt", ""));
			mp_buf_adds(m->out, " was assumed: weaker evidence than a mailbox of yours there.\n\n");
		}
		if (rep_message_words(m->a, m->report, i))
			add_paragraphs(m, rep_message_words(m->a, m->report, i));
		for (size_t k = 0; k < count; k++)
			add_session(m, rep_at(t, "sessions", k), rep_session_number(m->report, i, k),
				count > 1 && mp_jget_int(t, "decided_by", -1) == (int64_t)k);
	}
}

/* ---- checks */

static void add_rules(struct md *m)
{
	struct rep_rules r;

	if (!rep_rules_read(m->a, m->report, &r))
		return;
	mp_buf_adds(m->out, "### What providers ask of senders\n\n| Requirement |");
	for (size_t p = 0; p < r.n_providers; p++) {
		mp_buf_addc(m->out, ' ');
		add_name(m, r.provider[p]);
		mp_buf_adds(m->out, " |");
	}
	mp_buf_adds(m->out, "\n| --- |");
	for (size_t p = 0; p < r.n_providers; p++)
		mp_buf_adds(m->out, " --- |");
	for (size_t i = 0; i < r.n; i++) {
		mp_buf_adds(m->out, "\n| ");
		add_prose(m, mp_printf(m->a, "%s, %s", r.rule[i].subject, rep_rules_kind(r.rule[i].required)));
		mp_buf_adds(m->out, " |");
		for (size_t p = 0; p < r.n_providers; p++)
			mp_buf_addf(m->out, " %s |", rep_rule_word(r.rule[i].cell[p]));
	}
	mp_buf_adds(m->out, "\n\n");
	for (size_t p = 0; p < r.n_providers; p++)
		if (r.bulk[p]) {
			add_prose(m, mp_printf(m->a, "%s, in bulk: %s.", r.provider[p], r.bulk[p]));
			mp_buf_adds(m->out, "\n\n");
		}
}

/* Check i, and those behind it that say the same of other lists: how many. 0: one before it has told it. */
static size_t alike(struct md *m, size_t i, const json_t **all)
{
	const json_t *c = rep_at(m->report, "checks", i);
	size_t n = 0;

	for (size_t k = 0; k < rep_len(m->report, "checks"); k++) {
		const json_t *other = rep_at(m->report, "checks", k);

		if (k != i && !(rep_str(mp_jget(c, "values"), "list") && rep_alike(c, other)))
			continue;
		if (k < i)
			return 0;
		all[n++] = other;
	}
	return n;
}

static void add_checks(struct md *m)
{
	size_t n = rep_len(m->report, "checks"), kinds = 0;
	const json_t **all = mp_allocn(m->a, n + 1, sizeof(*all));

	if (!n)
		return;
	mp_buf_adds(m->out, "### Checks\n\n");
	for (size_t i = 0; i < REP_N_STATUSES; i++) {
		size_t count = 0;

		for (size_t k = 0; k < n; k++)
			count += rep_is(rep_at(m->report, "checks", k), "status", rep_statuses[i].status) &&
				 !rep_is_rule(rep_at(m->report, "checks", k));
		if (count)
			mp_buf_addf(m->out, "%s%zu %s", kinds++ ? ", " : "", count, rep_statuses[i].count);
	}
	mp_buf_adds(m->out, kinds ? "\n\n" : "");
	mp_buf_adds(m->out, "| Status | Check | Subject | What was found |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n; i++) {
		const json_t *c = rep_at(m->report, "checks", i);
		const char *ip = rep_str(mp_jget(c, "values"), "ip");
		size_t same;

		if (!json_is_object(c) || rep_is_rule(c) || !(same = alike(m, i, all)))
			continue;
		mp_buf_addf(m->out, "| %s | ", rep_status_word(rep_str(c, "status"))->word);
		add_name(m, mp_jget_str(c, "id", "?"));
		mp_buf_adds(m->out, " | ");
		for (size_t k = 0; k < same; k++) {
			mp_buf_adds(m->out, k ? ", " : "");
			add_name(m, mp_jget_str(all[k], "subject", ""));
		}
		if (ip && !rep_is(c, "subject", ip)) {
			mp_buf_adds(m->out, " for ");
			add_name(m, ip);
		}
		mp_buf_adds(m->out, " | ");
		add_prose(m, rep_alike_summary(m->a, all, same));
		mp_buf_adds(m->out, " |\n");
	}
	mp_buf_addc(m->out, '\n');
}

/* ---- the form */

static int write_markdown(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	struct md m = {.a = mp_arena_new(), .out = out, .report = report};
	const char *basis;

	m.single = style->single || !rep_len(report, "targets");
	add_head(&m);
	add_findings(&m, "Why", false);
	add_actions(&m);
	add_findings(&m, "Also noted", true);
	add_comparisons(&m);
	add_sessions(&m);
	add_rules(&m);
	add_checks(&m);
	basis = rep_basis_words(m.a, report, m.single);
	if (basis)
		add_paragraphs(&m, basis);
	while (out->n > 1 && out->p[out->n - 1] == '\n' && out->p[out->n - 2] == '\n')
		out->p[--out->n] = '\0';
	mp_arena_free(m.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_markdown = {
	.name = "markdown",
	.suffixes = {".md"},
	.write = write_markdown,
};
