/* tests/bench/classify.c - how well and how fast smtp_classify() does on labelled replies: classify [-v] FILE.tsv... */
#include <time.h>

#include "smtp/cause.h"

enum { LINE_MAX_LEN = 64 * 1024 };

struct tally {
	size_t n, cause, group, answered, confident_wrong, ece_n[10], ece_right[10];
};

static char *column(char **rest)
{
	char *start = *rest, *tab = start ? strchr(start, '\t') : NULL;

	*rest = tab ? tab + 1 : NULL;
	if (tab)
		*tab = '\0';
	return start;
}

/* A literal "\n" joins the lines of a multi-line reply. */
static size_t unescape(char *s)
{
	char *out = s, *start = s;

	for (; *s; s++) {
		bool newline = s[0] == '\\' && s[1] == 'n';

		*out++ = newline ? '\n' : *s;
		s += newline ? 1 : 0;
	}
	return (size_t)(out - start);
}

static void one(struct mp_arena *a, struct tally *t, const char *id, char *reply, const char *label, bool verbose)
{
	char *shown = mp_dup(a, reply);
	size_t n = unescape(reply);
	struct smtp_classified c = smtp_classify(a, mp_strn(reply, n), NULL);
	enum smtp_cause want = smtp_cause_by_id(label);
	bool right = c.cause == want;
	bool right_group = right || (c.cause && strcmp(smtp_causes[c.cause].group, smtp_causes[want].group) == 0);
	size_t bin = c.confidence >= 0.999 ? 9 : (size_t)(c.confidence * 10);

	t->n++;
	t->cause += right;
	t->group += right_group;
	t->answered += c.cause != SMTP_CAUSE_UNKNOWN;
	t->confident_wrong += !right && c.confidence > 0.8;
	t->ece_n[bin]++;
	t->ece_right[bin] += right;
	if (verbose && !right)
		printf("%s\t%s%s\twant %s\tgot %s %.2f [%s]\t%s\n", id, right_group ? "" : "GROUP",
			c.confidence > 0.8 ? " CONF" : "", label, smtp_causes[c.cause].id, c.confidence, c.rule, shown);
}

static double percent(size_t part, size_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

int main(int argc, char **argv)
{
	struct mp_arena *a = mp_arena_new();
	struct tally t = {0};
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	char *line = mp_xmalloc(LINE_MAX_LEN);
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = verbose ? 2 : 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "r");

		if (!f) {
			perror(argv[i]);
			return 74;
		}
		while (fgets(line, LINE_MAX_LEN, f)) {
			char *rest = line, *id, *reply, *label;

			line[strcspn(line, "\r\n")] = '\0';
			id = column(&rest);
			reply = column(&rest);
			label = column(&rest);
			if (!label || strcmp(id, "id") == 0)
				continue;
			one(a, &t, id, reply, label, verbose);
			mp_arena_reset(a);
		}
		fclose(f);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("replies %zu  cause %.1f%%  group %.1f%%  answered %.1f%%  wrong above 0.8: %.1f%%\n", t.n,
		percent(t.cause, t.n), percent(t.group, t.n), percent(t.answered, t.n),
		percent(t.confident_wrong, t.n));
	for (size_t i = 0; i < 10; i++)
		if (t.ece_n[i])
			printf("  stated %.1f-%.1f: %4zu replies, right %.1f%%\n", (double)i / 10, (double)(i + 1) / 10,
				t.ece_n[i], percent(t.ece_right[i], t.ece_n[i]));
	printf("%.2f us for a reply\n",
		((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / 1e3 /
			(double)(t.n ? t.n : 1));
	free(line);
	mp_arena_free(a);
	return 0;
}
