/* reports/text_rules.c - what providers ask of senders, for a person: a table, or on a narrow page a list for each */
#include "reports/rules.h"
#include "reports/text.h"

enum { COLUMN = 11, MARGIN = 4 };

static enum rep_ink ink_of(const json_t *cell)
{
	const char *word = rep_rule_word(cell);

	if (strcmp(word, "not met") == 0)
		return rep_is(cell, "status", "fail") ? REP_RED : REP_YELLOW;
	return strcmp(word, "met") == 0 ? REP_GREEN : strcmp(word, "not seen") == 0 ? REP_DIM : REP_MAGENTA;
}

static const char *word_of(const json_t *cell)
{
	const char *word = rep_rule_word(cell);

	return strcmp(word, "not met") == 0 ? "NOT MET" : word;
}

static void kind_line(struct rep_sheet *t, const char *required)
{
	rep_wrap(&t->pg, &(struct rep_para){.first = "  ", .ink = REP_DIM}, rep_rules_kind(required));
}

static void table(struct rep_sheet *t, const struct rep_rules *r, unsigned subject_cols)
{
	struct rep_page *pg = &t->pg;
	const char *line = rep_blanks(pg, MARGIN + subject_cols), *kind = NULL;

	for (size_t p = 0; p < r->n_providers; p++)
		line = mp_printf(pg->a, "%s%s", line, rep_cell(pg, REP_BOLD, r->provider[p], COLUMN));
	rep_wrap(pg, &(struct rep_para){.first = line}, "");
	for (size_t i = 0; i < r->n; i++) {
		const struct rep_rule *rule = &r->rule[i];

		if (!kind || strcmp(kind, rule->required) != 0)
			kind_line(t, kind = rule->required);
		line = mp_printf(pg->a, "%s%s", rep_blanks(pg, MARGIN),
			rep_cell(pg, REP_PLAIN, rule->subject, (int)subject_cols));
		for (size_t p = 0; p < r->n_providers; p++)
			line = mp_printf(pg->a, "%s%s", line,
				rep_cell(pg, ink_of(rule->cell[p]), word_of(rule->cell[p]), COLUMN));
		rep_wrap(pg, &(struct rep_para){.first = line}, "");
	}
}

static void lists(struct rep_sheet *t, const struct rep_rules *r)
{
	struct rep_page *pg = &t->pg;

	for (size_t p = 0; p < r->n_providers; p++) {
		const char *kind = NULL;

		rep_blank(pg);
		rep_wrap(pg, &(struct rep_para){.first = "  ", .ink = REP_BOLD}, r->provider[p]);
		for (size_t i = 0; i < r->n; i++) {
			const json_t *cell = r->rule[i].cell[p];

			if (!cell)
				continue;
			if (!kind || strcmp(kind, r->rule[i].required) != 0)
				kind_line(t, kind = r->rule[i].required);
			rep_wrap(pg,
				&(struct rep_para){.first = mp_printf(pg->a, "    %s",
							   rep_cell(pg, ink_of(cell), word_of(cell), COLUMN))},
				r->rule[i].subject);
		}
	}
}

/* Of providers that nobody asked about: a line each. */
static void brief(struct rep_sheet *t, const struct rep_rules *r)
{
	struct rep_page *pg = &t->pg;

	for (size_t p = 0; p < r->n_providers; p++) {
		struct rep_list broken = {t, NULL}, open = {t, NULL};
		const char *words;

		for (size_t i = 0; i < r->n; i++) {
			const char *word = rep_rule_word(r->rule[i].cell[p]);

			if (strcmp(word, "unknown") == 0)
				rep_add(&open, ", ", "%s", r->rule[i].subject);
			if (strcmp(word, "not met") == 0)
				rep_add(&broken, ", ", "%s%s", r->rule[i].subject,
					strcmp(r->rule[i].required, "bulk") == 0 ? " (in bulk)" : "");
		}
		words = broken.text ? mp_printf(pg->a, "NOT MET: %s", broken.text)
			: open.text ? ""
				    : "met, as far as can be seen from here";
		if (open.text)
			words = mp_printf(pg->a, "%s%snot determined: %s", words, broken.text ? "; " : "", open.text);
		rep_wrap(pg,
			&(struct rep_para){
				.first = mp_printf(pg->a, "  %s", rep_cell(pg, REP_PLAIN, r->provider[p], COLUMN))},
			words);
	}
	rep_wrap(pg, &(struct rep_para){.first = "  ", .rest = "    ", .ink = REP_DIM},
		"No target of this run is theirs; --verbose and mailprobe check show each requirement.");
}

void rep_text_rules(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	struct rep_rules r;
	unsigned widest = 0;

	if (!rep_rules_read(pg->a, t->report, &r))
		return;
	rep_heading(t, "WHAT PROVIDERS ASK OF SENDERS", NULL);
	if (!r.counting && !t->single && !t->verbose) {
		brief(t, &r);
		return;
	}
	for (size_t i = 0; i < r.n; i++) {
		unsigned cols = rep_cols(rep_clean(pg, r.rule[i].subject));

		widest = cols > widest ? cols : widest;
	}
	if (MARGIN + widest + 2 + r.n_providers * COLUMN <= pg->width)
		table(t, &r, widest + 2);
	else
		lists(t, &r);
	rep_blank(pg);
	for (size_t p = 0; p < r.n_providers; p++)
		if (r.bulk[p])
			rep_wrap(pg, &(struct rep_para){.first = "  ", .rest = "    ", .ink = REP_DIM},
				mp_printf(pg->a, "%s, in bulk: %s.", r.provider[p], r.bulk[p]));
	if (!t->verbose)
		rep_wrap(pg, &(struct rep_para){.first = "  ", .rest = "    ", .ink = REP_DIM},
			"Not seen: it takes a message, a selector, or what only the provider knows; --verbose says of each.");
}
