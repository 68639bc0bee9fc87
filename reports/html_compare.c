/* reports/html_compare.c - on the page: what changed the answer, and where the servers of a target differ */
#include "reports/compare.h"
#include "reports/placed.h"
#include "reports/html.h"

static void diagnosis(struct rep_html *h, size_t target)
{
	const json_t *t = rep_at(h->report, "targets", target);
	const char *intro = rep_varied_intro(h->a, h->report, target);
	struct rep_varied v;

	if (!intro)
		return;
	rep_html_put(h, "<section>\n<h2>What changed the answer of %s</h2>\n<p class=\"hint\">%s</p>\n",
		rep_target_name(t), intro);
	for (size_t i = 0; rep_varied(h->a, h->report, target, i, &v); i++) {
		const char *number = mp_printf(h->a, "%zu", v.number);

		if (!i)
			rep_html_put(h,
				"<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"What changed the answer\">"
				"<table>\n<thead><tr><th>Varied</th><th>From</th><th>To</th>"
				"<th>Answer</th><th>Session</th></tr></thead>\n<tbody>\n");
		rep_html_put(h, "<tr><td>%s</td><td><code>%s</code></td><td><code>%s</code></td><td>", v.factor, v.from,
			v.to);
		rep_html_badge(h, v.session ? rep_html_outcome_state(v.session) : REP_NONE, v.outcome);
		rep_html_put(h, v.changed ? " <strong>changed</strong></td>" : "</td>");
		rep_html_put(h, "<td><a href=\"#session-%s\">%s</a></td></tr>\n", number, number);
	}
	if (rep_len(t, "diagnosis"))
		rep_html_put(h, "</tbody>\n</table></div>\n");
	if (rep_str(t, "diagnosis_end"))
		rep_html_put(h, "<p class=\"hint\">%s</p>\n", rep_str(t, "diagnosis_end"));
	rep_html_put(h, "</section>\n");
}

static void servers(struct rep_html *h, size_t target)
{
	struct rep_server_row *rows = mp_allocn(h->a, REP_SERVERS_MAX, sizeof(*rows));
	const json_t *t = rep_at(h->report, "targets", target);
	size_t n = rep_server_rows(h->a, t, rows, REP_SERVERS_MAX);
	const char *differ = rep_rows_differ(h->a, rows, n);

	if (!n)
		return;
	rep_html_put(h,
		"<section>\n<h2>The servers of %s compared</h2>\n<p class=\"hint\">%s servers%s%s.</p>\n"
		"<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Servers compared\">"
		"<table>\n<thead><tr><th>Server</th><th>Answer</th><th>Reply</th><th>TLS</th>"
		"<th>Certificate</th><th>Greets as</th></tr></thead>\n<tbody>\n",
		rep_target_name(t), mp_printf(h->a, "%zu", n), differ ? "; they differ in " : ", all alike", differ);
	for (size_t i = 0; i < n; i++) {
		rep_html_put(h, "<tr><td><code>%s</code>%s%s</td><td>", rows[i].server,
			rows[i].source ? " from " : NULL, rows[i].source);
		rep_html_badge(h, rep_html_outcome_state(rows[i].session), rows[i].answer);
		rep_html_put(h, "</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", rows[i].reply, rows[i].tls,
			rows[i].certificate, rows[i].greeting);
	}
	rep_html_put(h, "</tbody>\n</table></div>\n</section>\n");
}

static void cell(struct rep_html *h, const char *text)
{
	rep_html_put(h, "<td>%s</td>", text ? text : "-");
}

static void placement(struct rep_html *h)
{
	struct rep_placed p;
	struct rep_seen s;
	bool any = false;

	if (!rep_any_placed(h->report))
		return;
	rep_html_put(h,
		"<section aria-labelledby=\"placement\">\n<h2 id=\"placement\">Where it landed</h2>\n"
		"<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Placement\"><table>\n<thead><tr><th>Mailbox</th><th>Landed in</th><th>Folder</th>"
		"<th>After</th><th>SPF seen</th><th>DKIM seen</th><th>DMARC seen</th><th>Noted</th></tr></thead>\n"
		"<tbody>\n");
	for (size_t i = 0; i < rep_len(h->report, "targets"); i++)
		for (size_t k = 0; rep_placed(h->a, rep_at(h->report, "targets", i), k, &p); k++) {
			const char *const cells[] = {
				p.mailbox, p.kind, p.folder, p.took, p.spf, p.dkim, p.dmarc, p.note};

			rep_html_put(h, "<tr>");
			for (size_t c = 0; c < ARRAY_LEN(cells); c++)
				cell(h, cells[c]);
			rep_html_put(h, "</tr>\n");
		}
	rep_html_put(h, "</tbody>\n</table></div>\n");
	for (size_t i = 0; i < rep_len(h->report, "targets"); i++)
		for (size_t k = 0; k < rep_len(rep_at(h->report, "targets", i), "placement"); k++)
			for (size_t n = 0; rep_seen(rep_at(rep_at(h->report, "targets", i), "placement", k), n, &s);
				n++) {
				if (!any)
					rep_html_put(h,
						"<h3>What the receiver saw</h3>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Placement\"><table>\n<thead><tr>"
						"<th>What</th><th>Predicted</th><th>Seen</th><th>Why it differs</th>"
						"</tr></thead>\n<tbody>\n");
				any = true;
				rep_html_put(h, "<tr>");
				cell(h, s.what);
				cell(h, s.predicted);
				cell(h, s.seen);
				cell(h, s.why);
				rep_html_put(h, "</tr>\n");
			}
	if (any)
		rep_html_put(h, "</tbody>\n</table></div>\n");
	rep_html_put(h, "</section>\n");
}

void rep_html_compare(struct rep_html *h)
{
	placement(h);
	for (size_t i = 0; i < rep_len(h->report, "targets"); i++) {
		diagnosis(h, i);
		servers(h, i);
	}
}
