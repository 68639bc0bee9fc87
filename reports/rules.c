/* reports/rules.c - see reports/rules.h */
#include "reports/rules.h"

static const struct kind {
	const char *required, *words;
} kinds[] = {
	{"always", "of every sender"},
	{"bulk", "if you send in bulk"},
	{"advised", "advised"},
};

bool rep_is_rule(const json_t *check)
{
	const char *id = rep_str(check, "id");

	return id && strncmp(id, "policy.", 7) == 0 && rep_str(mp_jget(check, "values"), "provider");
}

const char *rep_rules_kind(const char *required)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].required, required) == 0)
			return kinds[i].words;
	return required;
}

const char *rep_rule_word(const json_t *cell)
{
	static const char *const words[][2] = {
		{"met", "met"}, {"not met", "not met"}, {"not determined", "unknown"}, {"not seen", "not seen"}};
	const json_t *values = mp_jget(cell, "values");

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (rep_is(values, "state", words[i][0]))
			return words[i][1];
	return cell ? "unknown" : "";
}

static size_t column(struct rep_rules *t, const char *provider)
{
	for (size_t i = 0; i < t->n_providers; i++)
		if (strcmp(t->provider[i], provider) == 0)
			return i;
	if (t->n_providers == REP_PROVIDERS)
		return REP_PROVIDERS;
	t->provider[t->n_providers] = provider;
	return t->n_providers++;
}

static struct rep_rule *row(struct mp_arena *a, struct rep_rules *t, const char *subject, const char *required)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rule[i].subject, subject) == 0 && strcmp(t->rule[i].required, required) == 0)
			return &t->rule[i];
	*MP_PUSH(a, t->rule, t->n, t->cap) = (struct rep_rule){.subject = subject, .required = required};
	return &t->rule[t->n - 1];
}

static void read_kind(struct mp_arena *a, const json_t *report, const char *required, struct rep_rules *t)
{
	for (size_t i = 0; i < rep_len(report, "checks"); i++) {
		const json_t *c = rep_at(report, "checks", i), *v = mp_jget(c, "values");
		size_t at;

		if (!rep_is_rule(c) || (t->counting && !mp_jget_bool(v, "counts", false)) ||
			strcmp(mp_jget_str(v, "required", "always"), required) != 0)
			continue;
		at = column(t, rep_str(v, "provider"));
		if (at == REP_PROVIDERS)
			continue;
		row(a, t, mp_jget_str(c, "subject", ""), required)->cell[at] = c;
		if (rep_str(v, "threshold"))
			t->bulk[at] = rep_str(v, "threshold");
	}
}

bool rep_rules_read(struct mp_arena *a, const json_t *report, struct rep_rules *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < rep_len(report, "checks"); i++) {
		const json_t *c = rep_at(report, "checks", i);

		out->counting =
			out->counting || (rep_is_rule(c) && mp_jget_bool(mp_jget(c, "values"), "counts", false));
	}
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		read_kind(a, report, kinds[k].required, out);
	return out->n > 0;
}
