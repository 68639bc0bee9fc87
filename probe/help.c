/* probe/help.c - see probe/help.h */
#include "probe/help.h"
#include "base/text.h"
#include "probe/check.h"
#include "probe/options.h"
#include "smtp/cause.h"

enum { WIDTH = 80 };

/* Print words, wrapped, with `first` before the first line and blanks of the same width before the others. */
static void paragraph(const char *first, const char *text)
{
	size_t indent = strlen(first), column = indent;
	struct mp_str rest = mp_str(text), word;
	bool begun = false;

	fputs(first, stdout);
	while (mp_str_split(&rest, ' ', &word)) {
		if (begun && column + 1 + word.n > WIDTH) {
			printf("\n%*s", (int)indent, "");
			column = indent;
			begun = false;
		}
		printf("%s%.*s", begun ? " " : "", (int)word.n, word.p);
		column += word.n + begun;
		begun = true;
	}
	putchar('\n');
}

static void help_check(const struct mp_check *check)
{
	printf("%s (a check)\n\n", check->id);
	paragraph("  holds when:  ", check->title);
	if (check->ref)
		paragraph("  follows:     ", check->ref);
	for (int c = 0; c < SMTP_CAUSE__COUNT; c++)
		for (size_t i = 0; smtp_causes[c].points_to[i]; i++) {
			if (strcmp(smtp_causes[c].points_to[i], check->id) != 0)
				continue;
			printf("\n  Receivers that reject for it say so as %s:\n", smtp_causes[c].id);
			paragraph("    ", smtp_causes[c].meaning);
			for (size_t k = 0; smtp_causes[c].fix[k]; k++)
				paragraph("    - ", smtp_causes[c].fix[k]);
		}
}

static void help_cause(const struct smtp_cause_info *cause)
{
	printf("%s (a cause%s%s)\n\n", cause->id, cause->group[0] ? " of the group " : "", cause->group);
	paragraph("  ", cause->title);
	paragraph("  ", cause->meaning);
	if (cause->points_to[0])
		printf("\n  Checks that confirm or refute it:\n");
	for (size_t k = 0; cause->points_to[k]; k++)
		paragraph("    ", cause->points_to[k]);
	if (cause->fix[0])
		printf("\n  What to do:\n");
	for (size_t k = 0; cause->fix[k]; k++)
		paragraph("    - ", cause->fix[k]);
}

static void nearer(const char *id, const char *candidate, const char **nearest, size_t *best)
{
	size_t d = mp_typo_distance(mp_str(id), mp_str(candidate));

	if (d < *best) {
		*best = d;
		*nearest = candidate;
	}
}

int mp_help(const char *id)
{
	const struct mp_check *check = mp_check_by_id(id);
	enum smtp_cause cause = smtp_cause_by_id(id);
	const char *nearest = NULL;
	size_t best = 4;

	if (check) {
		help_check(check);
		return 0;
	}
	if (cause != SMTP_CAUSE_UNKNOWN) {
		help_cause(&smtp_causes[cause]);
		return 0;
	}
	for (size_t i = 0; i < mp_n_checks; i++)
		nearer(id, mp_checks[i]->id, &nearest, &best);
	for (int c = SMTP_CAUSE_UNKNOWN + 1; c < SMTP_CAUSE__COUNT; c++)
		nearer(id, smtp_causes[c].id, &nearest, &best);
	fprintf(stderr, "mailprobe: no check or cause '%.60s'%s%s%s\n", id, nearest ? " (did you mean '" : "",
		nearest ? nearest : "", nearest ? "'?)" : "");
	return MP_EXIT_USAGE;
}
