/* reports/text_checks.c - all checks for a person: a line for each, more for those that do not hold */
#include "reports/alike.h"
#include "reports/rules.h"
#include "reports/text.h"

enum {
	MIN_TEXT = 38, /* columns that a check's summary needs to stand beside its id */
	MAX_ID = 20,
};

/* A check that a finding rests on. */
struct link {
	const json_t *check;
	size_t finding; /* counted from 1 */
};

/* The layout of all rows: ids in a column of their own, or, on a narrow page, above the text. */
struct table {
	struct rep_sheet *t;
	struct link *links;
	size_t n_links, cap_links;
	unsigned id_cols;
	bool beside;
	size_t last; /* rows that were written last without an empty line between */
};

static void note_links(struct table *tab)
{
	struct rep_sheet *t = tab->t;

	for (size_t i = 0; i < rep_len(t->report, "findings"); i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		for (size_t k = 0; k < rep_len(f, "because"); k++) {
			const json_t *b = rep_at(f, "because", k), *c = rep_because_check(t->report, b);

			if (!c && !rep_is(f, "status", "info"))
				c = rep_session_check(t->pg.a, t->report, rep_because_session(t->report, b));
			if (c && !rep_is(c, "status", "pass"))
				*MP_PUSH(t->pg.a, tab->links, tab->n_links, tab->cap_links) = (struct link){c, i + 1};
		}
	}
}

/* Numbers of the findings that rest on a check, or NULL. */
static const char *findings_of(struct table *tab, const json_t *check)
{
	struct rep_list l = {tab->t, NULL};
	size_t last = 0;

	for (size_t i = 0; i < tab->n_links; i++) {
		if (tab->links[i].check == check && tab->links[i].finding != last)
			rep_add(&l, ", ", "%zu", tab->links[i].finding);
		if (tab->links[i].check == check)
			last = tab->links[i].finding;
	}
	return l.text;
}

static bool names_subject(const json_t *c)
{
	const char *subject = rep_str(c, "subject");

	return !subject || mp_str_ifind(mp_str(mp_jget_str(c, "summary", "")), subject) >= 0;
}

/* The summary, with what was checked where neither it nor a line above the check says so. */
static const char *check_text(struct table *tab, const json_t *c, bool below_subject)
{
	const char *summary = mp_jget_str(c, "summary", ""), *ip = rep_str(mp_jget(c, "values"), "ip");
	const char *subject = mp_jget_str(c, "subject", ""), *text = summary, *told = findings_of(tab, c);
	struct rep_sheet *t = tab->t;

	if (!below_subject && !names_subject(c))
		text = mp_printf(t->pg.a, "%s: %s", subject, summary);
	if (ip && rep_len(mp_jget(t->report, "sender"), "sources") > 1 && !strstr(text, ip) && !strstr(subject, ip))
		text = mp_printf(t->pg.a, "%s (from %s)", text, ip);
	return told ? mp_printf(t->pg.a, "%s (finding %s)", text, told) : text;
}

static void check_values(struct rep_sheet *t, const json_t *c, struct rep_para *para)
{
	json_t *values = mp_jget(c, "values");
	struct rep_list l = {t, NULL};

	for (void *it = json_object_iter(values); it; it = json_object_iter_next(values, it)) {
		json_t *v = json_object_iter_value(it);
		char *dump = json_is_string(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY);

		if (json_is_string(v) && !rep_is(c, "subject", json_string_value(v)))
			rep_add(&l, ", ", "%s=%s", json_object_iter_key(it), json_string_value(v));
		else if (dump)
			rep_add(&l, ", ", "%s=%s", json_object_iter_key(it), dump);
		free(dump);
	}
	if (l.text)
		rep_wrap(&t->pg, para, l.text);
}

static void check_more(struct rep_sheet *t, const json_t *c, unsigned indent)
{
	struct rep_page *pg = &t->pg;
	const char *detail = rep_str(c, "detail"), *fix = rep_str(c, "fix");
	struct rep_para para = {.first = rep_blanks(pg, indent)};
	struct rep_list refs = {t, NULL};

	if (detail)
		rep_wrap(pg, &para, detail);
	if (fix)
		rep_worded(t, indent, REP_BOLD, "Fix: ", fix);
	if (!t->verbose)
		return;
	for (size_t i = 0; i < rep_len(c, "refs"); i++)
		if (json_is_string(rep_at(c, "refs", i)))
			rep_add(&refs, ", ", "%s", json_string_value(rep_at(c, "refs", i)));
	para.ink = REP_DIM;
	check_values(t, c, &para);
	if (refs.text)
		rep_wrap(pg, &para, refs.text);
}

/* A filter's score (--rspamd, --spamd). */
static bool asked_for(const json_t *c)
{
	return strncmp(mp_jget_str(c, "id", ""), "content.", 8) == 0;
}

static void check_row(struct table *tab, const json_t *c, bool below_subject)
{
	struct rep_sheet *t = tab->t;
	struct rep_page *pg = &t->pg;
	const struct rep_status_word *w = rep_status_word(rep_str(c, "status"));
	const char *id = mp_jget_str(c, "id", "?"), *text = check_text(tab, c, below_subject);
	bool good = rep_is(c, "status", "pass") || rep_is(c, "status", "info") || rep_is(c, "status", "skip");
	struct rep_para para = {.first = mp_printf(pg->a, "  %s  ", rep_cell(pg, w->ink, w->word, 5))};

	if (tab->beside) {
		para.first = mp_printf(pg->a, "%s%s  ", para.first, rep_cell(pg, REP_PLAIN, id, (int)tab->id_cols));
	} else {
		rep_wrap(pg, &para, id);
		para.first = rep_blanks(pg, 9);
	}
	rep_wrap(pg, &para, text);
	/* What a finding has quoted is not said twice. */
	if (t->verbose || ((!good || asked_for(c)) && !findings_of(tab, c)))
		check_more(t, c, tab->beside ? tab->id_cols + 11 : 9);
}

static bool same_member(const json_t *x, const json_t *y, const char *key)
{
	const char *a = rep_str(x, key), *b = rep_str(y, key);

	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* A skipped check on one line, its reason cut where it is long. */
static void skipped_row(struct table *tab, const json_t *c)
{
	struct rep_page *pg = &tab->t->pg;
	const char *id = mp_jget_str(c, "id", "?"), *reason = mp_jget_str(c, "summary", "");
	const char *word = rep_cell(pg, REP_DIM, "skip", 5);
	struct rep_para para = {.ink = REP_DIM, .one_line = tab->beside};

	para.first = mp_printf(pg->a, "  %s  ", word);
	if (tab->beside)
		para.first = mp_printf(pg->a, "%s%s  ", para.first, rep_cell(pg, REP_DIM, id, (int)tab->id_cols));
	else
		reason = mp_printf(pg->a, "%s: %s", id, reason);
	rep_wrap(pg, &para, reason);
}

/* Whether check i of several says something at `key` that none before it has said. */
static bool says_more(const json_t *const *rows, size_t i, const char *key)
{
	for (size_t k = 0; k < i; k++)
		if (same_member(rows[k], rows[i], key))
			return false;
	return rep_str(rows[i], key);
}

/* Several checks that say the same: their ids, then that once. */
static void common_row(struct table *tab, const json_t *const *rows, size_t n)
{
	struct rep_page *pg = &tab->t->pg;
	const struct rep_status_word *w = rep_status_word(rep_str(rows[0], "status"));
	struct rep_list l = {tab->t, NULL};
	struct rep_para para = {.first = mp_printf(pg->a, "  %s  ", rep_cell(pg, w->ink, w->word, 5))};

	for (size_t i = 0; i < n; i++)
		if (says_more(rows, i, "id"))
			rep_add(&l, ", ", "%s", rep_str(rows[i], "id"));
	if (rep_is(rows[0], "status", "skip"))
		para.ink = REP_DIM;
	rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", l.text ? l.text : "?", rep_alike_summary(pg->a, rows, n)));
	if (rep_is(rows[0], "status", "skip"))
		return;
	para = (struct rep_para){.first = rep_blanks(pg, 9)};
	for (size_t i = 0; i < n; i++)
		if (says_more(rows, i, "detail"))
			rep_wrap(pg, &para, rep_str(rows[i], "detail"));
	for (size_t i = 0; i < n; i++)
		if (says_more(rows, i, "fix"))
			rep_worded(tab->t, 9, REP_BOLD, "Fix: ", rep_str(rows[i], "fix"));
}

/* Whether two checks are worth one row: nothing came of either, for the same reason. */
static bool in_common(struct table *tab, const json_t *x, const json_t *y)
{
	return (rep_is(x, "status", "skip") || rep_is(x, "status", "error")) && rep_alike(x, y) &&
	       !findings_of(tab, x) && !findings_of(tab, y);
}

/* Rows of one subject: said once above them, where one of them does not say it itself. */
static void subject_rows(struct table *tab, const json_t *const *rows, size_t n, bool first)
{
	struct rep_sheet *t = tab->t;
	struct rep_page *pg = &t->pg;
	bool *done = mp_allocn(pg->a, n + 1, sizeof(*done)), above = false;
	const json_t **alike = mp_allocn(pg->a, n + 1, sizeof(*alike));

	for (size_t i = 0; i < n && n > 1 && same_member(rows[0], rows[n - 1], "subject"); i++)
		above = above || !names_subject(rows[i]);
	/* Single rows stand together. */
	if (first && (n > 1 || tab->last > 1))
		rep_blank(pg);
	if (above)
		rep_wrap(pg, &(struct rep_para){.first = "  ", .rest = "    ", .ink = REP_DIM},
			rep_str(rows[0], "subject"));
	tab->last = n;
	for (size_t i = 0; i < n; i++) {
		size_t count = 1;

		if (done[i])
			continue;
		alike[0] = rows[i];
		for (size_t k = i + 1; k < n && !t->verbose; k++) {
			if (!in_common(tab, rows[i], rows[k]))
				continue;
			done[k] = true;
			alike[count++] = rows[k];
		}
		if (count > 1)
			common_row(tab, alike, count);
		else if (rep_is(rows[i], "status", "skip") && !t->verbose)
			skipped_row(tab, rows[i]);
		else
			check_row(tab, rows[i], above);
	}
}

/* What stands together: the name space of the id, "ptr" of "ptr.exists"; what is seen in a session is one matter. */
static struct mp_str matter(const json_t *c)
{
	struct mp_str id = mp_str(mp_jget_str(c, "id", "")), part = {"", 0};

	mp_str_split(&id, '.', &part);
	return mp_str_eq(part, MP_LIT("tls")) ? MP_LIT("smtp") : part;
}

/*
 * Whether a check is worth a line where the receiver was asked: a fault, or what could not be determined. What is right,
 * noted or not tested is a number in the title; but not what an option of its own has asked for.
 */
static bool worth_a_line(const json_t *c)
{
	return asked_for(c) ||
	       (!rep_is(c, "status", "pass") && !rep_is(c, "status", "info") && !rep_is(c, "status", "skip"));
}

/* Whether two checks stand together: of one subject, or of several lists that say the same. */
static bool together(struct table *tab, const json_t *x, const json_t *y)
{
	bool lists = rep_is(x, "status", "error") && rep_str(mp_jget(x, "values"), "list") && !tab->t->verbose;

	return x == y || (lists ? in_common(tab, x, y) : same_member(x, y, "subject"));
}

/* Take the rows of the first matter that are left, subject by subject. */
static void matter_rows(struct table *tab, const json_t **rows, size_t *n)
{
	struct mp_arena *a = tab->t->pg.a;
	const json_t **part = mp_allocn(a, *n + 1, sizeof(*part));
	struct mp_str first = matter(rows[0]);
	size_t i = 0;
	bool begun = false;

	while (i < *n) {
		const json_t *subject = rows[i];
		size_t taken = 0, left = i;

		if (!mp_str_eq(first, matter(subject))) {
			i++;
			continue;
		}
		for (size_t k = i; k < *n; k++) {
			if (mp_str_eq(first, matter(rows[k])) && together(tab, subject, rows[k]))
				part[taken++] = rows[k];
			else
				rows[left++] = rows[k];
		}
		*n = left;
		subject_rows(tab, part, taken, !begun);
		begun = true;
	}
}

void rep_text_checks(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	size_t all = rep_len(t->report, "checks"), n = 0;
	struct rep_list counts = {t, NULL};
	struct table tab = {.t = t};
	const json_t **rows = mp_allocn(pg->a, all + 1, sizeof(*rows));

	for (size_t i = 0; i < all; i++) {
		const json_t *c = rep_at(t->report, "checks", i);
		unsigned cols;

		/* The providers' rules have a table of their own. */
		if (rep_is_rule(c) && !t->verbose)
			continue;
		rows[n++] = c;
		cols = rep_cols(rep_clean(pg, mp_jget_str(c, "id", "?")));
		tab.id_cols = cols > tab.id_cols ? cols : tab.id_cols;
	}
	if (!n)
		return;
	tab.id_cols = tab.id_cols > MAX_ID ? MAX_ID : tab.id_cols;
	tab.beside = pg->width >= tab.id_cols + 11 + MIN_TEXT;
	for (size_t i = 0; i < REP_N_STATUSES; i++) {
		size_t count = 0;

		for (size_t k = 0; k < n; k++)
			count += rep_is(rows[k], "status", rep_statuses[i].status);
		if (count)
			rep_add(&counts, ", ", "%zu %s", count, rep_statuses[i].count);
	}
	note_links(&tab);
	rep_heading(t, "CHECKS", counts.text);
	if (!t->verbose && !t->single) {
		size_t kept = 0, folded;

		for (size_t i = 0; i < n; i++)
			if (worth_a_line(rows[i]))
				rows[kept++] = rows[i];
		folded = n - kept;
		n = kept;
		while (n > 0)
			matter_rows(&tab, rows, &n);
		if (folded) {
			if (kept)
				rep_blank(pg);
			rep_print(pg, 2, "%s --verbose lists %s.",
				kept ? "The others are not listed:" : "None is at fault.", kept ? "all" : "them");
		}
		return;
	}
	while (n > 0)
		matter_rows(&tab, rows, &n);
}
