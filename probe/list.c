/* probe/list.c - `mailprobe targets`: the receivers that --to knows by name, the user's own first */
#include "probe/raw.h"
#include "probe/receivers.h"

enum { WIDTH = 80, INDENT = 4 };

/* Words of `text` from column `at` on, wrapped; returns the column behind them. */
static int wrapped(FILE *f, int at, const char *text)
{
	struct mp_str rest = mp_str(text), word;

	while (mp_str_split(&rest, ' ', &word)) {
		if (at > INDENT && at + 1 + (int)word.n > WIDTH) {
			fprintf(f, "\n%*s", INDENT, "");
			at = INDENT;
		} else if (at > INDENT) {
			fputc(' ', f);
			at++;
		}
		at += fprintf(f, "%.*s", (int)word.n, word.p);
	}
	return at;
}

static void judges(FILE *f, const struct mp_receiver *r)
{
	static const struct {
		enum smtp_stage stage;
		const char *words;
	} stages[] = {{SMTP_AT_BANNER, "in the greeting:"}, {SMTP_AT_EHLO, "at EHLO:"}, {SMTP_AT_MAIL, "at MAIL:"},
		{SMTP_AT_RCPT, "at RCPT:"}, {SMTP_AT_MESSAGE, "after the data:"}};

	for (size_t s = 0; s < ARRAY_LEN(stages); s++) {
		bool any = false;
		int at = 0;

		for (size_t i = 0; i < ARRAY_LEN(r->judges) && r->judges[i].cause != SMTP_CAUSE_UNKNOWN; i++) {
			if (r->judges[i].stage != stages[s].stage)
				continue;
			if (!any)
				at = wrapped(f, fprintf(f, "%*s", INDENT, ""), stages[s].words);
			at = wrapped(f, at, smtp_causes[r->judges[i].cause].id);
			any = true;
		}
		if (any)
			fputc('\n', f);
	}
}

void mp_targets_list(FILE *f, const struct mp_options *o)
{
	if (o->raw->n_targets)
		fprintf(f, "Yours, in %s:\n\n", o->raw->config);
	for (size_t i = 0; i < o->raw->n_targets; i++) {
		const struct mp_own_target *t = &o->raw->targets[i];

		fprintf(f, "%-16s %s%s\n", t->name, t->server.text ? "mx:" : "",
			t->server.text ? t->server.text : t->domain.text);
		if (t->rcpt.text)
			fprintf(f, "%*sto %s\n", INDENT, "", t->rcpt.text);
	}
	if (o->raw->n_targets)
		fputc('\n', f);
	fputs("Names for --to (\"-mx\" may be left out), and what each is known to judge at\n"
	      "which stage of a session:\n\n",
		f);
	for (size_t i = 0; i < mp_n_receivers; i++) {
		const struct mp_receiver *r = &mp_receivers[i];

		fprintf(f, "%-16s %-16s %s\n", r->alias, r->domain, r->name);
		if (!o->quiet)
			judges(f, r);
		if (o->verbose && r->note) {
			wrapped(f, fprintf(f, "%*s", INDENT, ""), r->note);
			fputc('\n', f);
		}
		if (o->verbose && r->contact)
			fprintf(f, "%*s%s\n", INDENT, "", r->contact);
	}
}
