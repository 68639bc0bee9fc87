/* tests/fuzz/fuzz_score.c - answers of rspamd and spamd, and the saved form: any bytes give a score that can be saved, or none */
#include "base/text.h"
#include "probe/score.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(struct mp_arena *a, const struct mp_score *s)
{
	struct mp_score again;

	if (s->n_rules > MP_SCORE_RULES_MAX)
		abort();
	for (size_t i = 0; i < s->n_rules; i++) {
		const struct mp_rule *r = &s->rules[i];

		if (strcmp(mp_text(a, mp_str(r->name)), r->name) != 0 || (i && r->score > r[-1].score) ||
			(r->words && (!mp_utf8_valid(mp_str(r->words)) ||
					     strcmp(mp_text(a, mp_str(r->words)), r->words) != 0)))
			abort();
		mp_rule_known(r->name);
	}
	if (mp_score_read(a, mp_str(mp_score_text(a, s)), &again, NULL) != MP_OK ||
		strcmp(mp_score_text(a, s), mp_score_text(a, &again)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str bytes = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {.msg = ""};
	struct mp_score s;

	if (mp_score_of_spamd(a, bytes, &s, &err) == MP_OK)
		hold(a, &s);
	if (mp_score_of_rspamd(a, bytes, &s, &err) == MP_OK)
		hold(a, &s);
	if (mp_score_read(a, bytes, &s, &err) == MP_OK)
		hold(a, &s);
	if (!mp_utf8_valid(mp_str(err.msg)) || strpbrk(err.msg, "\r\n\x1b"))
		abort();
	mp_arena_free(a);
	return 0;
}
