/* probe/help.c - see probe/help.h */
#include "probe/help.h"
#include "base/text.h"
#include "probe/check.h"
#include "probe/howto.h"
#include "probe/names.h"
#include "probe/policies.h"
#include "probe/usage.h"
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

static void labelled(const char *label, const char *text)
{
	char first[64];

	snprintf(first, sizeof(first), "  %-24s ", label);
	paragraph(first, text);
}

/* Since when at least all of it holds that was compared with its owner's words; NULL: nothing was. */
static const char *as_of(const struct mp_howto *h)
{
	const char *oldest = NULL;

	for (size_t i = 0; i < ARRAY_LEN(h->ways) && h->ways[i].where; i++)
		if (h->ways[i].verified && (!oldest || strcmp(h->ways[i].verified, oldest) < 0))
			oldest = h->ways[i].verified;
	return oldest;
}

static void how_to(const struct mp_howto *h)
{
	struct mp_buf others = MP_BUF(512);

	printf("\n%s (as of %s)\n\n", h->title, as_of(h));
	paragraph("  ", h->first);
	if (h->ways[0].where)
		putchar('\n');
	for (size_t i = 0; i < ARRAY_LEN(h->ways) && h->ways[i].where; i++) {
		char label[32];

		snprintf(label, sizeof(label), "  %-16s ", h->ways[i].where);
		paragraph(label, h->ways[i].how);
		if (!h->ways[i].verified)
			mp_buf_addf(&others, "%s %s",
				others.n ? ";" : "Not checked against the owner's own pages:", h->ways[i].where);
	}
	if (others.n) {
		putchar('\n');
		mp_buf_adds(&others, ".");
		paragraph("  ", mp_buf_cstr(&others));
	}
	mp_buf_release(&others);
}

static void how_tos(const struct mp_help_row *row)
{
	for (size_t i = 0; row && i < ARRAY_LEN(row->howtos) && row->howtos[i]; i++)
		how_to(row->howtos[i]);
}

/* What a provider asks, row by row. */
static void help_policy(const struct mp_policy *p)
{
	static const char *const of[] = {
		[MP_OF_ALL] = "  - every sender: ", [MP_OF_BULK] = "  - in bulk: ", [MP_ADVISED] = "  - advised: "};

	printf("\nWhat %s asks (as of %s):\n\n", p->name, p->verified);
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct mp_rule *r = &p->rules[i];
		char text[512];

		snprintf(text, sizeof(text), "%s%s%s%s%s.", r->holds, r->effect ? "; else " : "",
			r->effect ? r->effect : "", r->unseen ? "; not to be seen from here: " : "",
			r->unseen ? r->unseen : "");
		paragraph(of[r->demand], text);
	}
	printf("\n");
	paragraph("  in bulk:     ", p->bulk);
}

static void help_check(const struct mp_check *check)
{
	const struct mp_help_row *row = mp_help_row(check->id);
	bool any = false;

	printf("%s (a check)\n\n", check->id);
	paragraph("  holds when:  ", check->title);
	if (row && row->why)
		paragraph("  matters as:  ", row->why);
	if (check->ref)
		paragraph("  follows:     ", check->ref);
	for (int c = 0; c < SMTP_CAUSE__COUNT; c++)
		for (size_t i = 0; i < ARRAY_LEN(smtp_causes[c].points_to) && smtp_causes[c].points_to[i]; i++) {
			if (strcmp(smtp_causes[c].points_to[i], check->id) != 0)
				continue;
			if (!any)
				printf("\nReceivers that refuse for it are told by these causes (mailprobe help CAUSE):\n\n");
			any = true;
			labelled(smtp_causes[c].id, smtp_causes[c].title);
		}
	if (mp_policy_by_check(check->id))
		help_policy(mp_policy_by_check(check->id));
	how_tos(row);
}

static void help_cause(const struct smtp_cause_info *cause)
{
	printf("%s (a cause%s%s)\n\n", cause->id, cause->group[0] ? " of the group " : "", cause->group);
	paragraph("  ", cause->title);
	paragraph("  ", cause->meaning);
	if (cause->points_to[0])
		printf("\nChecks that confirm or refute it (mailprobe help CHECK):\n\n");
	for (size_t k = 0; k < ARRAY_LEN(cause->points_to) && cause->points_to[k]; k++) {
		const struct mp_check *check = mp_check_by_id(cause->points_to[k]);

		labelled(cause->points_to[k], check ? check->title : "");
	}
	if (cause->fix[0])
		printf("\nWhat to do:\n\n");
	for (size_t k = 0; k < ARRAY_LEN(cause->fix) && cause->fix[k]; k++)
		paragraph("  - ", cause->fix[k]);
	how_tos(mp_help_row(cause->id));
}

static int list_checks(void)
{
	for (size_t i = 0; i < mp_n_checks; i++)
		labelled(mp_checks[i]->id, mp_checks[i]->title);
	return 0;
}

static int list_causes(void)
{
	const char *group = "";

	for (int c = SMTP_CAUSE_UNKNOWN + 1; c < SMTP_CAUSE__COUNT; c++) {
		if (strcmp(group, smtp_causes[c].group) != 0)
			printf("%s\n", *smtp_causes[c].group ? smtp_causes[c].group : "of findings alone, in no reply");
		group = smtp_causes[c].group;
		labelled(smtp_causes[c].id, smtp_causes[c].title);
	}
	return 0;
}

static int list_options(void)
{
	mp_usage_options(stdout);
	return 0;
}

static const struct {
	const char *id;
	int (*list)(void);
} lists[] = {{"options", list_options}, {"checks", list_checks}, {"causes", list_causes}};

static int unknown(const char *id)
{
	struct mp_nearest near = {.word = mp_str(id)};
	struct mp_arena *a = mp_arena_new();

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		mp_nearest_try(&near, lists[i].id);
	for (size_t i = 1; i < mp_n_commands; i++)
		mp_nearest_try(&near, mp_commands[i].name);
	for (size_t i = 0; i < mp_n_checks; i++)
		mp_nearest_try(&near, mp_checks[i]->id);
	for (int c = SMTP_CAUSE_UNKNOWN + 1; c < SMTP_CAUSE__COUNT; c++)
		mp_nearest_try(&near, smtp_causes[c].id);
	fprintf(stderr,
		"mailprobe: no check, cause or command '%s'%s; there are 'mailprobe help checks', 'help causes' and "
		"'help options'\n",
		mp_shown(a, mp_str(id)), mp_did_you_mean(a, &near, ""));
	mp_arena_free(a);
	return MP_EXIT_USAGE;
}

int mp_help(const char *id)
{
	const struct mp_command_row *command = mp_command_by_name(id);
	const struct mp_check *check = mp_check_by_id(id);
	enum smtp_cause cause = smtp_cause_by_id(id);

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (strcmp(id, lists[i].id) == 0)
			return lists[i].list();
	if (command)
		mp_usage_command(stdout, command);
	else if (check)
		help_check(check);
	else if (cause != SMTP_CAUSE_UNKNOWN)
		help_cause(&smtp_causes[cause]);
	else
		return unknown(id);
	return 0;
}
