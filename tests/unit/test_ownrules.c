/* tests/unit/test_ownrules.c - rules of the user's own: how they are written, what they take, saved and read back */
#include "base/text.h"
#include "probe/lines.h"
#include "probe/ownrules.h"
#include "row.h"
#include "smtp/cause.h"

static void parse(struct mp_arena *a, const char *text, struct mp_own_rules *out)
{
	struct mp_err err = {.msg = ""};

	if (mp_own_rules_parse(a, "own.rules", mp_str(text), out, &err) != MP_OK)
		fail_msg("%s: %s", text, err.msg);
}

/* ---- what they take */

static const struct {
	const char *label, *rules, *reply;
	int stage;
	const char *mx;
	const char *cause; /* NULL: as without the rules */
	size_t line;
} rows[] = {
	{"words", "spf-fail : go away", "550 5.7.1 Go  away, 192.0.2.1", -1, NULL, "spf-fail", 1},
	{"words, not in it", "spf-fail : go away", "550 5.1.1 no such user", -1, NULL, NULL, 0},
	{"whole words", "spf-fail : go away", "550 ergo away", -1, NULL, NULL, 0},
	{"colon at the cause", "spf-fail: go away", "550 go away", -1, NULL, "spf-fail", 1},
	{"colon at a condition", "spf-fail code=550: go away", "550 go away", -1, NULL, "spf-fail", 1},
	{"before built-in wording", "greylisted : user unknown", "550 5.1.1 user unknown", -1, NULL, "greylisted", 1},
	{"before a token", "rdns-generic : s3140", "550 5.7.1 part of their network is on our block list (S3140)", -1,
		NULL, "rdns-generic", 1},
	{"punctuation is no pattern", "spf-fail : not (yet) 50% [x*] a|b", "550 Not (yet) 50% [X*] a|b", -1, NULL,
		"spf-fail", 1},
	{"across lines", "spf-fail : go far away", "550-go far\n550 away", -1, NULL, "spf-fail", 1},
	{"other letters",
		"spf-fail : ZUR\xc3\x9c"
		"CKGEWIESEN",
		"550 zur\xc3\xbc"
		"ckgewiesen",
		-1, NULL, "spf-fail", 1},
	{"pattern", "greylisted ~ back in %d (minute|hour)*", "450 come back in 12 hours", -1, NULL, "greylisted", 1},
	{"pattern, either", "greylisted ~ foo bar | zork", "450 zork", -1, NULL, "greylisted", 1},
	{"pattern, not", "greylisted ~ zork & !foo", "450 zork foo", -1, NULL, NULL, 0},
	{"pattern in capitals", "greylisted ~ Come Back", "450 come back", -1, NULL, "greylisted", 1},
	{"code", "spf-fail code=550,45x : zork", "451 zork", -1, NULL, "spf-fail", 1},
	{"another code", "spf-fail code=550,45x : zork", "554 zork", -1, NULL, NULL, 0},
	{"enhanced", "spf-fail enhanced=5.7.1,x.7.25 : zork", "450 4.7.25 zork", -1, NULL, "spf-fail", 1},
	{"another enhanced", "spf-fail enhanced=5.7.1 : zork", "550 5.7.13 zork", -1, NULL, NULL, 0},
	{"no enhanced", "spf-fail enhanced=x.x.x : zork", "550 zork", -1, NULL, NULL, 0},
	{"stage", "spf-fail stage=rcpt-to,message : zork", "550 zork", SMTP_AT_MESSAGE, NULL, "spf-fail", 1},
	{"another stage", "spf-fail stage=rcpt-to : zork", "550 zork", SMTP_AT_MAIL, NULL, NULL, 0},
	{"stage not known", "spf-fail stage=rcpt-to : zork", "550 zork", -1, NULL, NULL, 0},
	{"mx", "spf-fail mx=example.net", "550 user unknown", -1, "mx1.Example.NET", "spf-fail", 1},
	{"mx with a star", "spf-fail mx=*.example.net", "550 user unknown", -1, "mx1.example.net", "spf-fail", 1},
	{"mx that ends alike", "spf-fail mx=ample.net", "550 user unknown", -1, "mx1.example.net", NULL, 0},
	{"mx not known", "spf-fail mx=example.net", "550 user unknown", -1, NULL, NULL, 0},
	{"provider", "spf-fail provider=gmail", "550 5.1.1 user unknown", -1, "gmail-smtp-in.l.google.com", "spf-fail",
		1},
	{"another provider", "spf-fail provider=Yahoo", "550 5.1.1 user unknown", -1, "gmail-smtp-in.l.google.com",
		NULL, 0},
	{"code alone, after words", "spf-fail code=550", "550 5.1.1 user unknown", -1, NULL, NULL, 0},
	{"code alone, where words tell nothing", "spf-fail code=550", "550 zork", -1, NULL, "spf-fail", 1},
	{"enhanced alone", "spf-fail enhanced=5.1.1", "550 5.1.1 zork", -1, NULL, "spf-fail", 1},
	{"the first that holds", "spf-fail : zork\ndkim-fail : zork foo", "550 zork foo", -1, NULL, "spf-fail", 1},
	{"words before codes, whatever the order", "spf-fail code=550\ndkim-fail : zork", "550 zork", -1, NULL,
		"dkim-fail", 2},
	{"lines are counted", "# a\n\n; b\nspf-fail : zork\n", "550 zork", -1, NULL, "spf-fail", 4},
	{"quoted in another", "spf-fail : zork",
		"host mx.example.org said: 550 5.1.1 zork (in reply to RCPT TO command)", -1, NULL, "spf-fail", 1},
	{"around what is quoted", "spf-fail : our hub gives up", "our hub gives up: 550 5.1.1 user unknown", -1, NULL,
		"spf-fail", 1},
	{"quoted before around", "spf-fail : our hub\ndkim-fail : zork", "our hub says: 550 5.1.1 zork", -1, NULL,
		"dkim-fail", 2},
	{"no rules", "# none\n", "550 5.1.1 user unknown", -1, NULL, NULL, 0},
};

static void takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct smtp_cause_hint hint = {.stage = rows[i].stage, .mx = rows[i].mx};
		struct smtp_classified with, without;
		struct mp_own_rules rules;

		parse(a, rows[i].rules, &rules);
		without = smtp_classify(a, mp_str(rows[i].reply), &hint);
		hint.own = &rules.made;
		with = smtp_classify(a, mp_str(rows[i].reply), &hint);
		row_str(rows[i].label, smtp_causes[with.cause].id,
			rows[i].cause ? rows[i].cause : smtp_causes[without.cause].id);
		row_int(rows[i].label, (long long)with.own_line, (long long)rows[i].line);
		if (!rows[i].cause) {
			row_bool(rows[i].label, strcmp(with.rule, without.rule) == 0, true);
			row_int(rows[i].label, (int)(with.confidence * 100 + .5), (int)(without.confidence * 100 + .5));
		}
		mp_arena_free(a);
	}
}

static void states_its_confidence(void **state)
{
	static const struct {
		const char *rules;
		int want; /* percent */
	} said[] = {{"spf-fail : zork", 90}, {"spf-fail confidence=0.5 : zork", 50},
		{"spf-fail confidence=1 : zork", 100}, {"spf-fail confidence=0.05 : zork", 5}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_own_rules rules;
		struct smtp_cause_hint hint = {.stage = -1, .own = &rules.made};

		parse(a, said[i].rules, &rules);
		row_int(said[i].rules, (int)(smtp_classify(a, MP_LIT("550 zork"), &hint).confidence * 100 + .5),
			said[i].want);
		mp_arena_free(a);
	}
}

/* ---- what is refused, in one line that says where */

static void refuses(void **state)
{
	static const struct {
		const char *label, *rules, *want;
	} bad[] = {
		{"a cause mistyped", "\nspf-fial : x",
			"own.rules:2: 'spf-fial' is no cause that a reply can have (did you mean 'spf-fail'?)"},
		{"no reply names it", "egress-blocked : x", "own.rules:1: 'egress-blocked' is no cause"},
		{"every reply", "spf-fail", "would take every reply"},
		{"every reply, surely", "spf-fail confidence=0.9", "would take every reply"},
		{"no colon", "spf-fail go away",
			"'go' is no condition such as code=550; words of the reply stand behind ' : '"},
		{"no words", "spf-fail :", "own.rules:1: what stands behind ':': is empty"},
		{"no pattern", "spf-fail ~", "the pattern: is empty"},
		{"no cause", ": go away", "the cause is missing"},
		{"a condition mistyped", "spf-fail cde=550 : x", "unknown condition 'cde=' (did you mean 'code'?)"},
		{"twice", "spf-fail code=550 code=551 : x", "'code=' stands there twice"},
		{"no value", "spf-fail code= : x", "code: is empty"},
		{"two digits", "spf-fail code=55 : x", "code: '55' should be codes such as 550"},
		{"a code of success", "spf-fail code=250 : x", "code: '250' should be codes"},
		{"enhanced of two parts", "spf-fail enhanced=5.7 : x",
			"enhanced: '5.7' should be enhanced codes such as 5.7.1"},
		{"enhanced of success", "spf-fail enhanced=2.7.1 : x", "enhanced: '2.7.1' should be"},
		{"no stage", "spf-fail stage=rcpt : x", "stage: 'rcpt' is not known (did you mean 'rcpt-to'?)"},
		{"no provider", "spf-fail provider=gmial : x",
			"'gmial' is no provider that mailprobe recognises (did you mean 'gmail'?)"},
		{"no host", "spf-fail mx=a..b : x", "mx: "},
		{"too sure", "spf-fail confidence=1.1 : x", "confidence: '1.1' should be a number"},
		{"not sure at all", "spf-fail confidence=0.0 : x", "confidence: '0.0' should be a number"},
		{"code in the words", "spf-fail : 550 5.7.1 go away",
			"the code is no part of the words; write code=550"},
		{"open group", "spf-fail ~ (foo", "has a '(' without its ')'"},
		{"closed group", "spf-fail ~ foo)", "has a ')' without its '('"},
		{"per cent", "spf-fail ~ 100% of", "has a '%' that is neither"},
		{"per cent at the end", "spf-fail ~ 100%", "has a '%' that is neither"},
		{"an open range", "spf-fail ~ %<1-2", "has a '%' that is neither"},
		{"a huge range", "spf-fail ~ %<1-9999999999>", "has a '%' that is neither"},
		{"a backslash at the end", "spf-fail ~ foo\\", "ends in '\\'"},
		{"nothing before or", "spf-fail ~ foo |  | bar", "nothing before it"},
		{"nothing behind or", "spf-fail ~ foo |", "none behind its last '|'"},
		{"deep", "spf-fail ~ (((((a)))))", "groups within groups"},
		{"a pattern of nothing", "spf-fail ~ *", "has no words"},
		{"a control character",
			"spf-fail : go\x01"
			"away",
			"holds a control character"},
		{"not UTF-8", "spf-fail : go \xff", "is not UTF-8 text"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_own_rules rules;
		struct mp_err err = {.msg = ""};

		row_int(bad[i].label, mp_own_rules_parse(a, "own.rules", mp_str(bad[i].rules), &rules, &err),
			MP_EINVAL);
		if (!strstr(err.msg, bad[i].want) || strncmp(err.msg, "own.rules:", 10) != 0)
			fail_msg("row '%s': got \"%s\", want \"%s\"", bad[i].label, err.msg, bad[i].want);
		mp_arena_free(a);
	}
}

static void is_bounded(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(MP_LINES_MAX);
	struct mp_own_rules rules;
	struct mp_err err = {.msg = ""};

	(void)state;
	for (int i = 0; i < MP_OWN_RULES_MAX; i++)
		mp_buf_addf(&b, "spf-fail : zork %d\n", i);
	assert_int_equal(mp_own_rules_parse(a, "f", mp_buf_str(&b), &rules, &err), MP_OK);
	assert_int_equal(rules.n, MP_OWN_RULES_MAX);
	mp_buf_adds(&b, "spf-fail : more\n");
	assert_int_equal(mp_own_rules_parse(a, "f", mp_buf_str(&b), &rules, &err), MP_EINVAL);
	assert_non_null(strstr(err.msg, "f:501: more than 500 rules"));
	mp_buf_reset(&b);
	mp_buf_adds(&b, "spf-fail : ");
	for (int i = 0; i < MP_OWN_WORDS_MAX; i++)
		mp_buf_addc(&b, 'x');
	assert_int_equal(mp_own_rules_parse(a, "f", mp_buf_str(&b), &rules, &err), MP_OK);
	mp_buf_addc(&b, 'x');
	assert_int_equal(mp_own_rules_parse(a, "f", mp_buf_str(&b), &rules, &err), MP_EINVAL);
	/* more alternatives than one index holds */
	mp_buf_reset(&b);
	for (int i = 0; i < 100; i++) {
		mp_buf_adds(&b, "spf-fail ~ a");
		for (int k = 0; k < 100; k++)
			mp_buf_adds(&b, " | b");
		mp_buf_adds(&b, "\n");
	}
	assert_int_equal(mp_own_rules_parse(a, "f", mp_buf_str(&b), &rules, &err), MP_EINVAL);
	assert_non_null(strstr(err.msg, "words or alternatives in all"));
	mp_buf_release(&b);
	mp_arena_free(a);
}

/* A pattern that goes through a text again and again takes its own budget, and leaves the built-in rows theirs. */
static void costs_the_others_nothing(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(16384);
	struct mp_own_rules rules;
	struct smtp_cause_hint hint = {.stage = -1, .own = &rules.made};
	struct smtp_classified c;

	(void)state;
	parse(a, "spf-fail ~ a .. a .. a .. a .. a .. a .. a .. a .. zork", &rules);
	mp_buf_adds(&b, "550 5.1.1 user unknown ");
	for (int i = 0; i < 500; i++)
		mp_buf_adds(&b, "a ");
	mp_buf_adds(&b, "zorkless");
	c = smtp_classify(a, mp_buf_str(&b), &hint);
	assert_string_equal(smtp_causes[c.cause].id, "recipient-unknown");
	assert_int_equal(c.own_line, 0);
	mp_buf_release(&b);
	mp_arena_free(a);
}

/* The built-in tables keep to what is asked of the user's patterns, but for the depth of their groups. */
static void built_in_patterns_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < smtp_n_rules; i++)
		if (smtp_rules[i].phrase && smtp_pattern_wrong(smtp_rules[i].phrase))
			fail_msg("%s %s", smtp_rules[i].name, smtp_pattern_wrong(smtp_rules[i].phrase));
	for (size_t i = 0; i < smtp_n_speakers; i++)
		if (smtp_speakers[i].text && smtp_pattern_wrong(smtp_speakers[i].text))
			fail_msg("%s %s", smtp_speakers[i].name, smtp_pattern_wrong(smtp_speakers[i].text));
}

/* ---- saved */

static void reads_back_what_it_saved(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_own_rules rules, again;
		struct smtp_cause_hint hint = {.stage = rows[i].stage, .mx = rows[i].mx, .own = &again.made};
		struct mp_err err = {.msg = ""};
		struct smtp_classified c;
		json_t *saved, *twice;

		parse(a, rows[i].rules, &rules);
		saved = mp_own_rules_json(&rules);
		row_int(rows[i].label, mp_own_rules_from_json(saved, a, &again, &err), MP_OK);
		twice = mp_own_rules_json(&again);
		row_bool(rows[i].label, json_equal(saved, twice), true);
		c = smtp_classify(a, mp_str(rows[i].reply), &hint);
		row_int(rows[i].label, (long long)c.own_line, (long long)rows[i].line);
		json_decref(saved);
		json_decref(twice);
		mp_arena_free(a);
	}
}

static void refuses_what_nothing_saved(void **state)
{
	static const char *const bad[] = {
		"{}",
		"[1]",
		"[{}]",
		"[{\"line\": 1}]",
		"[{\"line\": 0, \"cause\": \"spf-fail\", \"words\": \"x\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\"}]",
		"[{\"line\": 1, \"cause\": \"zork\", \"words\": \"x\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"words\": 7}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"words\": \"\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"words\": \"x\\ny\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"words\": \"x\", \"pattern\": \"x\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"pattern\": \"(x\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"code\": \"x\"}]",
		"[{\"line\": 1, \"cause\": \"spf-fail\", \"code\": [\"550\"]}]",
		"[{\"line\": 9999999999, \"cause\": \"spf-fail\", \"words\": \"x\"}]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_own_rules rules;
		struct mp_err err = {.msg = ""};
		json_t *j = mp_json_parse(mp_str(bad[i]), &err);

		assert_non_null(j);
		row_int(bad[i], mp_own_rules_from_json(j, a, &rules, &err), MP_EPARSE);
		json_decref(j);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes),
		cmocka_unit_test(states_its_confidence),
		cmocka_unit_test(refuses),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(costs_the_others_nothing),
		cmocka_unit_test(built_in_patterns_are_sound),
		cmocka_unit_test(reads_back_what_it_saved),
		cmocka_unit_test(refuses_what_nothing_saved),
	};

	return cmocka_run_group_tests_name("ownrules", tests, NULL, NULL);
}
