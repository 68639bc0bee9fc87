/* probe/usage.c - see probe/usage.h */
#include "probe/usage.h"
#include "base/text.h"
#include "probe/request.h"

enum { WIDTH = 80, INDENT = 28 };

/* Words from column `at` on, wrapped to `indent`, and the line's end. */
static void words(FILE *f, int at, int indent, const char *text)
{
	struct mp_str rest = mp_str(text), word;
	bool first = true;

	while (mp_str_split(&rest, ' ', &word)) {
		if (at > indent && at + !first + (int)word.n > WIDTH) {
			fprintf(f, "\n%*s", indent, "");
			at = indent;
			first = true;
		}
		at += fprintf(f, "%s%.*s", first ? "" : " ", (int)word.n, word.p);
		first = false;
	}
	fputc('\n', f);
}

/* "label    help; more", the text within its column. */
static void line(FILE *f, const char *label, const char *help, const char *more)
{
	char text[512];
	int at = fprintf(f, "  %s", label);

	if (at > INDENT - 1) {
		fputc('\n', f);
		at = 0;
	}
	snprintf(text, sizeof(text), "%s%s%s", help, more ? "; " : "", more ? more : "");
	words(f, at + fprintf(f, "%*s", INDENT - at, ""), INDENT, text);
}

static void option_line(FILE *f, const struct mp_option_row *o, bool more)
{
	char label[80];

	snprintf(label, sizeof(label), "%c%c%s--%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		o->letter ? ", " : "  ", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
	line(f, label, o->help, more ? o->more : NULL);
}

/* The options whose flags `among` are `flags`, and that say something to one of the commands `of`, by group. */
static void option_lines(FILE *f, unsigned among, unsigned flags, unsigned of, const char *before, bool more)
{
	const char *group = "";
	char label[80];

	for (size_t i = 0; i < MP_OPT__COUNT; i++) {
		const struct mp_option_row *o = &mp_options[i];

		if ((o->flags & among) != flags || !(o->of & of))
			continue;
		if (strcmp(group, o->group) != 0)
			fprintf(f, "%s%s:\n", before, o->group);
		group = o->group;
		option_line(f, o, more);
		for (size_t k = 0; more && i == MP_OPT_REQUEST && k < mp_n_request_kinds; k++) {
			snprintf(label, sizeof(label), "      %s", mp_request_kinds[k].word);
			line(f, label, mp_request_kinds[k].asks, NULL);
		}
	}
}

const struct mp_command_row *mp_command_by_name(const char *name)
{
	for (size_t i = 1; i < mp_n_commands; i++)
		if (strcmp(name, mp_commands[i].name) == 0)
			return &mp_commands[i];
	return NULL;
}

void mp_usage(FILE *f)
{
	char label[80];

	fputs("Usage: mailprobe --to TARGET... [options]\n"
	      "       mailprobe COMMAND [ARGUMENT] [options]\n"
	      "\n"
	      "Will that receiver take mail from this host? If not: why, and who can fix it?\n"
	      "Asks it over SMTP, up to RCPT; sends no mail unless --send is given.\n"
	      "\nCommands:\n",
		f);
	for (size_t i = 1; i < mp_n_commands; i++) {
		const struct mp_command_row *c = &mp_commands[i];

		snprintf(label, sizeof(label), "%s%s%s", c->name, *c->usage ? " " : "", c->usage);
		line(f, label, c->help, NULL);
	}
	fputc('\n', f);
	option_lines(f, MP_OPTION_COMMON, MP_OPTION_COMMON, ~0U, "", false);
	fputs("\nExamples:\n"
	      "  mailprobe --to gmail-mx                        will Gmail take our mail?\n"
	      "  mailprobe --to you@example.org -o report.html  a report to keep or attach\n"
	      "  mailprobe explain '550 5.7.25 no PTR record'   what a rejection means\n"
	      "\nAll options: mailprobe help options. More: mailprobe COMMAND --help, mailprobe\n"
	      "help ID (help checks and help causes list them), mailprobe(1).\n",
		f);
	fprintf(f, "%s\n", mp_commands[0].exits);
}

void mp_usage_options(FILE *f)
{
	fputs("All options of mailprobe. Those of one command: mailprobe COMMAND --help.\n", f);
	option_lines(f, 0, 0, ~0U, "\n", true);
}

void mp_usage_command(FILE *f, const struct mp_command_row *c)
{
	char text[512];

	snprintf(text, sizeof(text), "%c%s.%s%s", c->help[0] - 'a' + 'A', c->help + 1, c->more ? " " : "",
		c->more ? c->more : "");
	fprintf(f, "Usage: mailprobe %s%s%s [options]\n\n", c->name, *c->usage ? " " : "", c->usage);
	words(f, 0, 0, text);
	option_lines(f, MP_OPTION_ONLY, MP_OPTION_ONLY, MP_OF(c->id), "\n", true);
	option_lines(f, MP_OPTION_ONLY, 0, MP_OF(c->id), "\n", false);
	fprintf(f, "\nExample: %s\n", c->example);
	words(f, 0, 0, c->exits);
}
