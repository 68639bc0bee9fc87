/* reports/html_rules.c - what providers ask of senders, as a table on the page */
#include "reports/html.h"
#include "reports/rules.h"

void rep_html_rules(struct rep_html *h)
{
	struct rep_rules r;
	const char *kind = NULL;

	if (!rep_rules_read(h->a, h->report, &r))
		return;
	rep_html_put(h, "<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">What providers ask of senders</h2>\n"
			"<div class=\"rules\" role=\"region\" tabindex=\"0\" aria-label=\"Requirements of providers\">"
			"<table>\n<thead><tr><th scope=\"col\">Requirement</th>");
	for (size_t p = 0; p < r.n_providers; p++)
		rep_html_put(h, "<th scope=\"col\">%s</th>", r.provider[p]);
	rep_html_put(h, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < r.n; i++) {
		if (!kind || strcmp(kind, r.rule[i].required) != 0)
			rep_html_put(h, "<tr><th scope=\"rowgroup\" class=\"hint\">%s</th></tr>\n",
				rep_rules_kind(r.rule[i].required));
		kind = r.rule[i].required;
		rep_html_put(h, "<tr><th scope=\"row\">%s</th>", r.rule[i].subject);
		for (size_t p = 0; p < r.n_providers; p++) {
			const json_t *cell = r.rule[i].cell[p];

			rep_html_put(h, "<td>");
			if (cell) {
				enum rep_state state = rep_html_check_state(cell);
				bool unmet = strcmp(rep_rule_word(cell), "not met") == 0;

				/* On a narrow page the heads of the columns are not there. */
				rep_html_put(h, "<span class=\"by\">%s</span>", r.provider[p]);
				/* Not of a target: it does not count here, but it is not met all the same. */
				rep_html_badge(h, unmet && state > REP_WARN ? REP_WARN : state, rep_rule_word(cell));
			}
			rep_html_put(h, "</td>");
		}
		rep_html_put(h, "</tr>\n");
	}
	rep_html_put(h, "</tbody>\n</table></div>\n");
	for (size_t p = 0; p < r.n_providers; p++)
		if (r.bulk[p])
			rep_html_put(h, "<p class=\"hint\">%s, in bulk: %s.</p>\n", r.provider[p], r.bulk[p]);
	rep_html_put(h, "<p class=\"hint\">Not seen: it takes a message, a selector, or what only the provider knows. "
			"The checks below say more of each.</p>\n</section>\n");
}
