/* tests/fuzz/fuzz_ownrules.c - any bytes as a file of rules: refused in one line, or rules that keep, and match in bounds */
#include "base/text.h"
#include "probe/ownrules.h"
#include "smtp/cause.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Up to a line "---" the rules, then a reply. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_str text = mp_strn((const char *)data, size), reply = MP_LIT("550 5.7.1 zork a b c 42 (x) a b c");
	struct mp_own_rules rules, again;
	struct smtp_cause_hint hint = {.stage = size % 2 ? -1 : SMTP_AT_RCPT, .mx = "mx1.example.net"};
	struct mp_err err = {.msg = ""};
	struct smtp_classified one, other;
	ptrdiff_t at = mp_str_ifind(text, "\n---\n");
	json_t *saved;

	if (at >= 0) {
		reply = mp_strn(text.p + at + 5, text.n - (size_t)at - 5);
		text.n = (size_t)at;
	}
	if (mp_own_rules_parse(a, "f", text, &rules, &err) != MP_OK) {
		if (!err.msg[0] || strchr(err.msg, '\n'))
			abort();
		mp_arena_free(a);
		return 0;
	}
	saved = mp_own_rules_json(&rules);
	if (mp_own_rules_from_json(saved, a, &again, &err) != MP_OK || again.n != rules.n)
		abort();
	json_decref(saved);
	hint.own = &rules.made;
	one = smtp_classify(a, reply, &hint);
	hint.own = &again.made;
	other = smtp_classify(a, reply, &hint);
	if (one.cause != other.cause || one.own_line != other.own_line || (one.own_line && one.confidence <= 0))
		abort();
	mp_arena_free(a);
	return 0;
}
