/* tests/unit/test_smtp_match.c - folding, patterns, and the index that must never lose a match */
#include "base/arena.h"
#include "smtp/match.h"
#include "smtp/rules.h"
#include "tests/unit/row.h"

/* ---- folding */

static const struct {
	const char *label, *in, *want;
} folds[] = {
	{"lower case", "550 User UNKNOWN", "550 user unknown"},
	{"blanks and newlines", "  a \t b\r\n\nc  ", "a b c"},
	{"controls",
		"a\x01\x7f"
		"b",
		"a b"},
	{"German", "EMPFÄNGER ÜBER", "empfänger über"},
	{"Russian", "НЕТ ТАКОГО ЁЖ", "нет такого ёж"},
	{"Greek", "ΑΒΓ", "αβγ"},
	{"Polish", "SKRZYNKA PEŁNA ĄĘ", "skrzynka pełna ąę"},
	{"typographic apostrophe", "doesn’t “exist” – no", "doesn't \"exist\" - no"},
	{"no-break blank", "a\u00a0b", "a b"},
	{"full width", "ＵＳＥＲ", "user"},
	{"Chinese stays", "用户不存在。", "用户不存在"},
	{"not UTF-8", "a\x80 \xd7\xfe", "a? ??"},
	{"ISO 8859-1", "UNG\xdcLTIG, bo\xeete", "ungultig, boite"},
	{"cut sequence, taken for a letter and a control", "a\xe2\x80", "aa?"},
	{"empty", "", ""},
};

static void test_fold(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
		char *out = mp_xmalloc(strlen(folds[i].in));

		row_view(folds[i].label, mp_strn(out, smtp_fold(mp_str(folds[i].in), out)), folds[i].want);
		free(out);
	}
}

static void test_fold_nul(void **state)
{
	char out[5];

	(void)state;
	row_view("NUL", mp_strn(out, smtp_fold(mp_strn("a\0\0b", 4), out)), "a b");
}

/* ---- patterns */

static const struct {
	const char *label, *pattern, *text;
	bool want;
} matches[] = {
	{"word", "spam", "this is spam.", true},
	{"not within a word", "ip", "no such recipient", false},
	{"not the start of a word", "user", "username", false},
	{"underscore ends a word", "blocked", "ip_is_blocked", true},
	{"blank covers punctuation", "user unknown", "<user>: unknown", true},
	{"blank needs something", "user unknown", "userunknown", false},
	{"punctuation itself", "#5.1.1", "no mailbox (#5.1.1)", true},
	{"dot is a dot", "5.1.1", "5x1.1", false},
	{"blank before punctuation", "said (x) #5", "said x #5", true},
	{"rest of the word", "greylist*", "you are greylisted now", true},
	{"rest may be empty", "greylist*", "greylist", true},
	{"open on the left", "*listed", "host blacklisted", true},
	{"gap of nothing", "mailbox .. full", "mailbox full", true},
	{"gap of words", "mailbox .. full", "mailbox of this user is full", true},
	{"gap is bounded", "mailbox .. full",
		"mailbox aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa full", false},
	{"gap stays in the sentence", "mailbox .. full", "mailbox not found. disk full", false},
	{"gap ends at a word", "mailbox .. full", "mailbox is awful", false},
	{"gap begins at a word's end", "user .. full", "users are full", false},
	{"group", "(no|not) such", "there is no such thing", true},
	{"group, second way", "(no|not) such", "not such", true},
	{"group, none", "(no|not) such", "any such", false},
	{"empty way", "(very |)low", "low", true},
	{"group within a word", "(block|reject)ed", "it was rejected", true},
	{"group within a word, none", "(block|reject)ed", "it was blocking", false},
	{"nested", "(a(b|c)|d) e", "ac e", true},
	{"backtracks into a group", "(a|a b) c", "a b c", true},
	{"backtracks over a gap", "a .. b c", "a b x b c", true},
	{"digits", "s%d", "code s3140", true},
	{"digits, none", "s%d", "code s", false},
	{"to the next blank", "id=%w", "id=123-4 ube", true},
	{"range", "aup#in-%<1100-1150>", "see aup#in-1130", true},
	{"range, below", "aup#in-%<1100-1150>", "see aup#in-1000", false},
	{"range, not a piece", "aup#in-%<1-9>", "see aup#in-10", false},
	{"start", "^blocked", "blocked by us", true},
	{"start, later", "^blocked", "was blocked", false},
	{"end", "try again later$", "please try again later", true},
	{"end, more follows", "try again later$", "try again later, please", false},
	{"escaped", "\\(bl\\)", "contact us (bl)", true},
	{"escaped, missing", "\\(bl\\)", "contact us bl", false},
	{"either", "xyz | spam", "spam", true},
	{"both, any order", "user & unknown", "unknown local user", true},
	{"both, one missing", "user & unknown", "unknown", false},
	{"but not", "spam & !not spam", "this is not spam", false},
	{"only not", "!spam", "ham", true},
	{"not UTF-8 words", "*用户不存在*", "该用户不存在哦", true},
	{"letters beyond ASCII", "empfänger* .. unbekannt", "empfängeradresse ist unbekannt", true},
	{"empty text", "a", "", false},
	{"empty pattern", "", "a", true},
};

static struct smtp_index ix;

static void test_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
		struct smtp_text t;
		bool by_index = false;

		smtp_text_init(&t, matches[i].text, strlen(matches[i].text));
		if (matches[i].pattern[0])
			row_bool(matches[i].label, smtp_match(&t, matches[i].pattern), matches[i].want);
		memset(&ix, 0, sizeof(ix));
		row_bool(matches[i].label, smtp_index_add(&ix, matches[i].pattern, 7), true);
		for (size_t k = 0; k < ix.n; k++) {
			row_int(matches[i].label, ix.alts[k].owner, 7);
			by_index |= smtp_index_possible(&ix, k, &t) && smtp_index_match(&ix, k, &t);
		}
		row_bool(matches[i].label, by_index, matches[i].want);
	}
}

/* The budget ends what backtracking could make long, and then nothing matches. */
static void test_budget(void **state)
{
	enum { N = 8192 };
	char *text = mp_xmalloc(N);
	struct smtp_text t;

	(void)state;
	for (size_t i = 0; i < N; i++)
		text[i] = i % 2 ? ' ' : 'a';
	smtp_text_init(&t, text, N);
	row_bool("steps", smtp_match(&t, "a .. a .. a .. a .. a .. b"), false);
	row_int("steps left", t.steps, 0);
	row_bool("spent", smtp_match(&t, "a"), false);
	free(text);
}

/* The index may only leave out what cannot match: every pattern of the tables, on texts made of their own words. */
static void test_index_keeps_all(void **state)
{
	struct mp_arena *a = mp_arena_new();
	size_t matched = 0;

	(void)state;
	memset(&ix, 0, sizeof(ix));
	for (size_t i = 0; i < smtp_n_rules; i++)
		row_bool(smtp_rules[i].name, smtp_index_add(&ix, smtp_rules[i].phrase, (uint16_t)i), true);
	for (size_t i = 0; i < smtp_n_rules; i++) {
		struct smtp_text t;
		char *text = mp_dup(a, smtp_rules[i].phrase ? smtp_rules[i].phrase : "");

		/* the pattern itself, its signs taken for punctuation, is a text that many rows match */
		for (char *p = text; *p; p++)
			if (strchr("|&!*()%\\^$", *p))
				*p = ' ';
		smtp_text_init(&t, text, strlen(text));
		for (size_t k = 0; k < ix.n; k++) {
			t.steps = UINT32_MAX;
			if (!smtp_index_match(&ix, k, &t))
				continue;
			matched++;
			if (!smtp_index_possible(&ix, k, &t))
				fail_msg("row '%s': the index leaves out '%.*s' of %s", smtp_rules[i].name,
					(int)ix.alts[k].n, ix.alts[k].p, smtp_rules[ix.alts[k].owner].name);
		}
	}
	row_bool("there were matches", matched > smtp_n_rules, true);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_nul),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_index_keeps_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
