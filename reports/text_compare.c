/* reports/text_compare.c - for a person: what changed the answer, and where the servers of a target differ */
#include "reports/compare.h"
#include "reports/placed.h"
#include "reports/text.h"

/* Text that stands beside a word in ink, all its lines. */
static void beside(struct rep_sheet *t, enum rep_ink ink, const char *word, const char *text)
{
	struct rep_para para = {.first = mp_printf(t->pg.a, "  %s ", rep_cell(&t->pg, ink, word, 7))};

	rep_wrap(&t->pg, &para, text);
}

static void diagnosis(struct rep_sheet *t, size_t target)
{
	const json_t *tgt = rep_at(t->report, "targets", target);
	const char *intro = rep_varied_intro(t->pg.a, t->report, target), *end = rep_str(tgt, "diagnosis_end");
	struct rep_varied v;

	if (!intro)
		return;
	rep_heading(t, "WHAT CHANGED THE ANSWER", NULL);
	rep_blank(&t->pg);
	rep_print(&t->pg, 2, "%s: %s", rep_target_name(tgt), intro);
	rep_blank(&t->pg);
	for (size_t i = 0; rep_varied(t->pg.a, t->report, target, i, &v); i++)
		beside(t, v.changed ? REP_GREEN : REP_DIM, v.changed ? "changed" : "same",
			mp_printf(t->pg.a, "%s: %s instead of %s; %s (session %zu)", v.factor, v.to, v.from, v.outcome,
				v.number));
	rep_blank(&t->pg);
	if (end)
		rep_print(&t->pg, 2, "%s", end);
	rep_blank(&t->pg);
}

/* A row of cells; what is longest, the name, stands last and may go on below. */
static void server_row(struct rep_sheet *t, enum rep_ink ink, const char *const *cells, const char *server)
{
	static const int widths[] = {19, 10, 7, 4};
	struct rep_page *pg = &t->pg;
	struct rep_para para = {.first = "  "};

	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		para.first = mp_printf(pg->a, "%s%s ", para.first,
			rep_cell(pg, i ? REP_PLAIN : ink, cells[i] ? cells[i] : "-", widths[i]));
	rep_wrap(pg, &para, server);
}

static void servers(struct rep_sheet *t, size_t target)
{
	static const char *const heads[] = {"answer", "reply", "TLS", "cert"};
	struct rep_server_row *rows = mp_allocn(t->pg.a, REP_SERVERS_MAX, sizeof(*rows));
	const json_t *tgt = rep_at(t->report, "targets", target);
	size_t n = rep_server_rows(t->pg.a, tgt, rows, REP_SERVERS_MAX);
	const char *differ = rep_rows_differ(t->pg.a, rows, n);
	bool table = t->pg.width >= 80;

	if (!n)
		return;
	rep_heading(t, "SERVERS COMPARED", NULL);
	rep_blank(&t->pg);
	rep_print(&t->pg, 2, "%s: %zu servers%s%s.", rep_target_name(tgt), n,
		differ ? "; they differ in " : ", all alike", differ ? differ : "");
	rep_blank(&t->pg);
	if (table)
		server_row(t, REP_PLAIN, heads, "server");
	for (size_t i = 0; i < n; i++) {
		const char *cells[] = {rows[i].answer, rows[i].reply, rows[i].tls,
			!rows[i].certificate                           ? NULL
			: strcmp(rows[i].certificate, "verified") == 0 ? "ok"
								       : "bad"};
		bool other_name = rows[i].greeting && rep_str(rows[i].session, "mx") &&
				  !mp_ieq(rows[i].greeting, rep_str(rows[i].session, "mx"));

		const char *server = mp_printf(t->pg.a, "%s%s%s%s%s", rows[i].server, rows[i].source ? " from " : "",
			rows[i].source ? rows[i].source : "", other_name ? ", greets as " : "",
			other_name ? rows[i].greeting : "");

		if (table)
			server_row(t, rep_outcome_ink(rows[i].session), cells, server);
		else
			rep_worded(t, 2, rep_outcome_ink(rows[i].session), rows[i].answer,
				mp_printf(t->pg.a, ", %s, TLS %s: %s", rows[i].reply ? rows[i].reply : "no reply",
					rows[i].tls, server));
	}
	rep_blank(&t->pg);
}

static void placed_row(struct rep_sheet *t, enum rep_ink ink, const char *const *cells, const char *rest)
{
	static const int widths[] = {14, 10, 6, 9, 9, 9};
	struct rep_para para = {.first = "  "};

	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		para.first = mp_printf(t->pg.a, "%s%s ", para.first,
			rep_cell(&t->pg, i == 1 ? ink : REP_PLAIN, cells[i] ? cells[i] : "-", widths[i]));
	rep_wrap(&t->pg, &para, rest);
}

static void placed_one(struct rep_sheet *t, const struct rep_placed *p)
{
	const char *cells[] = {p->mailbox, p->kind, p->took, p->spf, p->dkim, p->dmarc};
	const char *folder = p->folder ? p->folder : "-";
	enum rep_ink ink = p->good ? REP_GREEN : p->bad ? REP_RED : REP_PLAIN;

	if (t->pg.width >= 80) {
		placed_row(t, ink, cells, folder);
		if (p->note)
			rep_print(&t->pg, 17, "%s", p->note);
	} else {
		rep_worded(t, 2, ink, p->kind,
			mp_printf(t->pg.a, ", %s, after %s; seen SPF %s, DKIM %s, DMARC %s: %s%s%s", p->mailbox,
				p->took ? p->took : "-", p->spf ? p->spf : "-", p->dkim ? p->dkim : "-",
				p->dmarc ? p->dmarc : "-", folder, p->note ? "; " : "", p->note ? p->note : ""));
	}
}

/* What was seen otherwise than predicted, each; the rest in one line. */
static void predictions(struct rep_sheet *t, const json_t *placement, bool *any)
{
	const char *same = NULL;
	struct rep_seen s;

	for (size_t n = 0; rep_seen(placement, n, &s); n++) {
		if (!*any)
			rep_blank(&t->pg);
		*any = true;
		if (s.same)
			same = mp_printf(t->pg.a, "%s%s%s", same ? same : "", same ? ", " : "", s.method);
		if (s.differs)
			beside(t, REP_YELLOW, "differs",
				mp_printf(t->pg.a, "%s: predicted %s, seen %s%s%s", s.what, s.predicted, s.seen,
					s.why ? ". " : "", s.why ? s.why : ""));
	}
	if (same)
		beside(t, REP_DIM, "same",
			mp_printf(t->pg.a, "%s: %s as predicted", mp_jget_str(placement, "mailbox", "?"), same));
}

static void placement(struct rep_sheet *t)
{
	static const char *const heads[] = {"mailbox", "landed in", "after", "SPF", "DKIM", "DMARC"};
	bool any = false;
	struct rep_placed p;

	if (!rep_any_placed(t->report))
		return;
	rep_heading(t, "WHERE IT LANDED", "and what the receiver saw");
	rep_blank(&t->pg);
	if (t->pg.width >= 80)
		placed_row(t, REP_PLAIN, heads, "folder");
	for (size_t i = 0; i < rep_len(t->report, "targets"); i++)
		for (size_t k = 0; rep_placed(t->pg.a, rep_at(t->report, "targets", i), k, &p); k++)
			placed_one(t, &p);
	for (size_t i = 0; i < rep_len(t->report, "targets"); i++) {
		const json_t *target = rep_at(t->report, "targets", i);

		for (size_t k = 0; k < rep_len(target, "placement"); k++)
			predictions(t, rep_at(target, "placement", k), &any);
	}
	rep_blank(&t->pg);
}

void rep_text_compare(struct rep_sheet *t)
{
	placement(t);
	for (size_t i = 0; i < rep_len(t->report, "targets"); i++) {
		diagnosis(t, i);
		servers(t, i);
	}
}
