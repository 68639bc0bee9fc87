/* reports/html_checks.c - all checks on the page, by what they are about, with their evidence */
#include "reports/html.h"

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

static void values(struct rep_html *h, const json_t *c)
{
	json_t *all = mp_jget(c, "values");
	bool any = false;

	for (void *it = json_object_iter(all); it; it = json_object_iter_next(all, it)) {
		const json_t *v = json_object_iter_value(it);
		char *dump = json_is_string(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY);
		const char *text = dump ? dump : json_string_value(v);

		if (!any)
			rep_html_put(h, "<dl class=\"values\">");
		any = true;
		rep_html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>", json_object_iter_key(it), text);
		free(dump);
	}
	if (any)
		rep_html_put(h, "</dl>\n");
}

static void check(struct rep_html *h, const json_t *c)
{
	const char *id = rep_str(c, "id"), *refs = rep_html_list(h, c, "refs");
	enum rep_state state = rep_html_check_state(c);
	bool wrong = state <= REP_WARN;

	rep_html_put(
		h, wrong ? "<details class=\"check %s\" open>" : "<details class=\"check %s\">", rep_html_class(state));
	rep_html_put(h, "<summary>");
	rep_html_badge(h, state, rep_html_check_word(c));
	rep_html_put(h, "<span class=\"what\">%s</span><code class=\"id\">%s</code></summary>\n<div>\n",
		mp_jget_str(c, "summary", ""), id);
	if (rep_str(c, "subject"))
		rep_html_put(h, "<p class=\"hint\">Checked: %s</p>\n", rep_str(c, "subject"));
	if (rep_str(c, "detail"))
		rep_html_put(h, "<p class=\"detail\">%s</p>\n", rep_str(c, "detail"));
	if (rep_str(c, "fix"))
		rep_html_put(h, "<p class=\"detail\"><strong>To mend it:</strong> %s</p>\n", rep_str(c, "fix"));
	values(h, c);
	if (refs)
		rep_html_put(h, "<p class=\"hint\">See %s. <code>mailprobe help %s</code> says more.</p>\n", refs, id);
	rep_html_put(h, "</div>\n</details>\n");
}

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
	rep_html_put(h, "</p>\n");
}

void rep_html_checks(struct rep_html *h)
{
	size_t n = rep_len(h->report, "checks");

	if (!n)
		return;
	rep_html_put(h, "<section aria-labelledby=\"checks\">\n<h2 id=\"checks\">All checks</h2>\n");
	counts(h);
	for (size_t g = 0; g < ARRAY_LEN(groups); g++) {
		bool any = false;

		for (size_t i = 0; i < n; i++) {
			const json_t *c = rep_at(h->report, "checks", i);

			if (!json_is_object(c) || group_of(c) != g)
				continue;
			if (!any)
				rep_html_put(h, "<h3>%s</h3>\n", groups[g].title);
			any = true;
			check(h, c);
		}
	}
	rep_html_put(h, "</section>\n");
}
