/* reports/html_checks.c - all checks on the page, by what they are about, with their evidence */
#include "reports/alike.h"
#include "reports/html.h"
#include "reports/rules.h"

static const struct group {
	const char *prefixes[4], *title;
} groups[] = {
	{{"message."}, "The message"},
	{{"ptr."}, "The address and its reverse name (PTR)"},
	{{"ehlo.", "host."}, "This host and its EHLO name"},
	{{"spf."}, "SPF: who may send for the domain"},
	{{"dkim."}, "DKIM: the domain's signatures"},
	{{"dmarc."}, "DMARC: what the domain asks of receivers"},
	{{"dnsbl."}, "Block lists"},
	{{"mx.", "soa.", "dnssec."}, "Mail servers and zone in the DNS"},
	{{"registration.", "age."}, "The sender's domain at its registry"},
	{{"smtp.", "egress."}, "The way to the receivers"},
	{{"tls.", "mta_sts.", "dane.", "tls_rpt."}, "Encryption"},
	{{"resolver."}, "The resolver"},
	{{"policy."}, "What providers ask of senders"},
	{{NULL}, "Other checks"},
};

static size_t group_of(const json_t *check)
{
	const char *id = mp_jget_str(check, "id", "");

	for (size_t g = 0; g + 1 < ARRAY_LEN(groups); g++)
		for (size_t k = 0; k < ARRAY_LEN(groups[g].prefixes) && groups[g].prefixes[k]; k++)
			if (strncmp(id, groups[g].prefixes[k], strlen(groups[g].prefixes[k])) == 0)
				return g;
	return ARRAY_LEN(groups) - 1;
}

/* The checks of the report, and what is to be known of each beside itself. */
struct table {
	struct rep_html *h;
	size_t n;
	size_t *finding; /* that rests on it, counted from 1; 0: none */
	bool *done;
};

static const json_t *check_at(const struct table *t, size_t i)
{
	return rep_at(t->h->report, "checks", i);
}

/* What is on the page and not on paper, where nobody can open it. */
static bool for_screens(const json_t *c)
{
	return rep_is(c, "status", "skip") || rep_is_rule(c);
}

/* ---- one check */

/* A value in words; NULL for what says nothing: null, false, empty lists. */
static const char *words(struct rep_html *h, const json_t *v, unsigned depth)
{
	enum { MAX_PARTS = 30, MAX_NESTED = 4 };
	const char *all = NULL, *part, *key;
	size_t n = 0, i;
	json_t *value;

	if (json_is_string(v))
		return *json_string_value(v) ? json_string_value(v) : NULL;
	if (json_is_true(v))
		return "yes";
	if (json_is_integer(v))
		return mp_printf(h->a, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return mp_printf(h->a, "%.6g", json_real_value(v));
	if (depth == MAX_NESTED)
		return json_is_array(v) || json_is_object(v) ? "..." : NULL;
	json_array_foreach((json_t *)v, i, value)
	{
		if (n > MAX_PARTS || !(part = words(h, value, depth + 1)))
			continue;
		all = mp_printf(h->a, "%s%s%s", all ? all : "",
			!all                    ? ""
			: json_is_object(value) ? "; "
						: ", ",
			n++ == MAX_PARTS ? "..." : part);
	}
	json_object_foreach((json_t *)v, key, value)
	{
		if (n > MAX_PARTS || !(part = words(h, value, depth + 1)))
			continue;
		all = n++ == MAX_PARTS ? mp_printf(h->a, "%s, ...", all)
				       : mp_printf(h->a, "%s%s%s %s", all ? all : "", all ? ", " : "", key, part);
	}
	return all;
}

static void values(struct rep_html *h, const json_t *c)
{
	json_t *all = mp_jget(c, "values");
	bool any = false;

	for (void *it = json_object_iter(all); it; it = json_object_iter_next(all, it)) {
		const char *text = words(h, json_object_iter_value(it), 0);
		char *key = mp_dup(h->a, json_object_iter_key(it));

		/* The subject has been said. */
		if (!text || rep_is(c, "subject", text))
			continue;
		for (char *p = key; (p = strchr(p, '_')); p++)
			*p = ' ';
		if (!any)
			rep_html_put(h, "<dl class=\"values\">");
		any = true;
		rep_html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>", key, text);
	}
	if (any)
		rep_html_put(h, "</dl>\n");
}

/* A paragraph of a text that each of several has, those that are equal once. */
static void once_each(struct rep_html *h, const json_t *const *all, size_t n, const char *key, const char *title)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = rep_str(all[i], key);
		size_t k = 0;

		while (text && k < i && !rep_is(all[k], key, text))
			k++;
		if (!text || k < i)
			continue;
		rep_html_put(h, "<p class=\"detail\">");
		if (title)
			rep_html_put(h, "<strong>%s</strong> ", title);
		rep_html_put(h, "%s</p>\n", text);
	}
}

/* Several that are alike are told as one. `finding`: that rests on it, or 0. */
static void row(struct rep_html *h, const json_t *const *all, size_t n, size_t finding)
{
	const json_t *c = all[0];
	const char *id = mp_jget_str(c, "id", ""), *refs = rep_html_list(h, c, "refs"), *subjects = NULL, *ids = id;
	const char *word = rep_html_check_word(c), *number = mp_printf(h->a, "%zu", finding);
	enum rep_state state = rep_html_check_state(c);

	for (size_t i = 0; i < n; i++) {
		const char *subject = rep_str(all[i], "subject");

		if (i && !rep_is(all[i], "id", rep_str(all[i - 1], "id") ? rep_str(all[i - 1], "id") : ""))
			ids = mp_printf(h->a, "%s, %s", ids, mp_jget_str(all[i], "id", ""));
		if (subject && (!i || !rep_is(all[i - 1], "subject", subject)))
			subjects = mp_printf(h->a, "%s%s%s", subjects ? subjects : "", subjects ? ", " : "", subject);
	}
	/* What a finding tells stands there. */
	rep_html_put(h, "<details class=\"check %s%s\"", rep_html_class(state), for_screens(c) ? " screen" : "");
	rep_html_put(h, state <= REP_WARN && !finding ? " open><summary>" : "><summary>");
	rep_html_badge(h, state, n > 1 ? mp_printf(h->a, "%zu %s", n, word) : word);
	rep_html_put(h, "<span class=\"what\">%s", rep_alike_summary(h->a, all, n));
	if (finding)
		rep_html_put(h, " (<a href=\"#finding-%s\">finding %s</a>)", number, number);
	rep_html_put(h, "</span><code class=\"id\">%s</code></summary>\n<div>\n", ids);
	if (subjects)
		rep_html_put(h, "<p class=\"hint\">Checked: %s</p>\n", subjects);
	once_each(h, all, n, "detail", NULL);
	once_each(h, all, n, "fix", "To fix it:");
	if (n == 1)
		values(h, c);
	if (refs)
		rep_html_put(h, "<p class=\"hint\">See %s. <code>mailprobe help %s</code> says more.</p>\n", refs, id);
	rep_html_put(h, "</div>\n</details>\n");
}

/* ---- all of them */

static void counts(struct rep_html *h)
{
	static const char *const statuses[] = {"fail", "warn", "error", "pass", "info", "skip"};

	rep_html_put(h, "<p class=\"counts\">");
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		size_t n = rep_count_checks(h->report, statuses[i]);
		json_t *like = json_pack("{s:s}", "status", statuses[i]);

		if (n)
			rep_html_badge(
				h, rep_html_check_state(like), mp_printf(h->a, "%zu %s", n, rep_html_check_word(like)));
		json_decref(like);
	}
	rep_html_put(h,
		"</p>\n<p class=\"hint\">Fail and warning: wrong. Not known: could not be found out, and counts for "
		"nothing. Note: for information. Skipped: does not apply, was not asked for, or follows from "
		"another.</p>\n");
}

static void not_on_paper(struct table *t)
{
	size_t skipped = 0, rules = 0;

	for (size_t i = 0; i < t->n; i++) {
		rules += rep_is_rule(check_at(t, i));
		skipped += !rep_is_rule(check_at(t, i)) && for_screens(check_at(t, i));
	}
	if (skipped || rules)
		rep_html_put(t->h,
			"<p class=\"hint paper\">Not printed: %s skipped checks, %s requirements of providers (the table "
			"above has them), and the evidence behind each check. The page itself holds all.</p>\n",
			mp_printf(t->h->a, "%zu", skipped), mp_printf(t->h->a, "%zu", rules));
}

static void read_table(struct table *t)
{
	struct rep_html *h = t->h;

	t->n = rep_len(h->report, "checks");
	t->finding = mp_allocn(h->a, t->n + 1, sizeof(*t->finding));
	t->done = mp_allocn(h->a, t->n + 1, sizeof(*t->done));
	for (size_t f = rep_len(h->report, "findings"); f-- > 0;)
		for (size_t k = 0; k < rep_len(rep_at(h->report, "findings", f), "because"); k++) {
			const json_t *b = rep_at(rep_at(h->report, "findings", f), "because", k);
			const json_t *c = rep_because_check(h->report, b);

			if (!c)
				c = rep_session_check(h->a, h->report, rep_because_session(h->report, b));
			for (size_t i = 0; c && i < t->n; i++)
				if (check_at(t, i) == c && rep_html_check_state(c) <= REP_UNKNOWN)
					t->finding[i] = f + 1;
		}
}

/* Those of a group, from the first that is left: the first of those alike stands for all. */
static void group_rows(struct table *t, size_t g)
{
	const json_t **alike = mp_allocn(t->h->a, t->n + 1, sizeof(*alike));

	for (size_t i = 0; i < t->n; i++) {
		size_t n = 0;

		if (t->done[i] || !json_is_object(check_at(t, i)) || group_of(check_at(t, i)) != g)
			continue;
		alike[n++] = check_at(t, i);
		for (size_t k = i + 1; !t->finding[i] && k < t->n; k++) {
			if (t->done[k] || t->finding[k] || !rep_alike(alike[0], check_at(t, k)) ||
				group_of(check_at(t, k)) != g)
				continue;
			t->done[k] = true;
			alike[n++] = check_at(t, k);
		}
		row(t->h, alike, n, t->finding[i]);
	}
}

static void group(struct table *t, size_t g)
{
	size_t n = 0, printed = 0, rules = 0;

	for (size_t i = 0; i < t->n; i++) {
		const json_t *c = check_at(t, i);

		if (!json_is_object(c) || group_of(c) != g)
			continue;
		n++;
		printed += !for_screens(c);
		rules += rep_is_rule(c);
	}
	if (!n)
		return;
	rep_html_put(t->h, printed ? "<h3>%s</h3>\n" : "<h3 class=\"screen\">%s</h3>\n", groups[g].title);
	/* The table of them is above. */
	if (rules == n)
		rep_html_put(t->h, "<details class=\"more screen\"><summary>%s requirements, one by one</summary>\n",
			mp_printf(t->h->a, "%zu", n));
	group_rows(t, g);
	if (rules == n)
		rep_html_put(t->h, "</details>\n");
}

void rep_html_checks(struct rep_html *h)
{
	struct table t = {.h = h};

	read_table(&t);
	if (!t.n)
		return;
	rep_html_put(h, "<section aria-labelledby=\"checks\" class=\"checks\">\n<h2 id=\"checks\">All checks</h2>\n");
	counts(h);
	not_on_paper(&t);
	for (size_t g = 0; g < ARRAY_LEN(groups); g++)
		group(&t, g);
	rep_html_put(h, "</section>\n");
}
