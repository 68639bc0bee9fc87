/* tests/unit/test_score.c - what rspamd and spamd answer, its saved form, and the words for their rules */
#include "base/text.h"
#include "probe/score.h"
#include "tests/unit/row.h"

#define RSPAMD(symbols)                                                                                           \
	"{\"score\":5.2,\"required_score\":15,\"action\":\"greylist\",\"symbols\":{" symbols "},\"messages\":{}," \
	"\"milter\":{\"remove_headers\":{\"X-Spam\":0}}}"
#define NO_JUDGEMENT "what it answered is not rspamd's judgement of a message"

/* "SCORE/THRESHOLD ACTION spam later; NAME SCORE 'WORDS'; ..." */
static const char *told(struct mp_arena *a, const struct mp_score *s)
{
	const char *all = mp_printf(a, "%g/%g %s%s%s", s->score, s->threshold, s->action ? s->action : "-",
		s->spam ? " spam" : "", s->later ? " later" : "");

	for (size_t i = 0; i < s->n_rules; i++)
		all = mp_printf(a, "%s; %s %g '%s'", all, s->rules[i].name, s->rules[i].score,
			s->rules[i].words ? s->rules[i].words : "");
	return all;
}

struct row {
	const char *label, *in, *want, *trouble;
};

static void hold(const struct row *rows, size_t n,
	int (*parse)(struct mp_arena *a, struct mp_str bytes, struct mp_score *out, struct mp_err *err))
{
	for (size_t i = 0; i < n; i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		struct mp_score s, again;
		int rc = parse(a, mp_str(rows[i].in), &s, &err);

		row_str(rows[i].label, rc == MP_OK ? told(a, &s) : NULL, rows[i].want);
		row_str(rows[i].label, rc == MP_OK ? NULL : err.msg, rows[i].trouble);
		if (rc == MP_OK) {
			row_int(rows[i].label, mp_score_read(a, mp_str(mp_score_text(a, &s)), &again, &err), MP_OK);
			row_str(rows[i].label, told(a, &again), rows[i].want);
			row_str(rows[i].label, mp_score_text(a, &again), mp_score_text(a, &s));
		}
		mp_arena_free(a);
	}
}

static void rspamd(void **state)
{
	static const struct row rows[] = {
		{"as it is, the worst first",
			RSPAMD("\"MIME_GOOD\":{\"score\":-0.1,\"description\":\"Known type\",\"options\":[\"text/plain\"]},"
			       "\"MISSING_MID\":{\"score\":2.5,\"description\":\"No id\"},\"ARC_NA\":{\"score\":0}"),
			"5.2/15 greylist later; MISSING_MID 2.5 'No id'; ARC_NA 0 ''; MIME_GOOD -0.1 'Known type'",
			NULL},
		{"the same score: by name", RSPAMD("\"B\":{\"score\":1},\"A\":{\"score\":1.0000001}"),
			"5.2/15 greylist later; A 1 ''; B 1 ''", NULL},
		{"no symbols", RSPAMD(""), "5.2/15 greylist later", NULL},
		{"spam", "{\"score\":15.004,\"required_score\":15.0,\"action\":\"reject\",\"symbols\":{}}",
			"15/15 reject spam", NULL},
		{"below zero", "{\"score\":-3.456,\"required_score\":15,\"action\":\"no action\",\"symbols\":{}}",
			"-3.46/15 no action", NULL},
		{"odd symbols are left out",
			RSPAMD("\"A\":7,\"B\":{\"score\":\"1\"},\"C\":{},\"<b>\":{\"score\":1},\"\":{\"score\":1},"
			       "\"D\":{\"score\":1e300},\"E\":{\"score\":1,\"description\":7}"),
			"5.2/15 greylist later; E 1 ''", NULL},
		{"escapes", RSPAMD("\"A\":{\"score\":1,\"description\":\"a\\u001b[31mb\\nc\"}"),
			"5.2/15 greylist later; A 1 'a\\x1b[31mb\\x0ac'", NULL},
		{"an error", "{\"error\":\"Unauthorized\"}", NULL, "it says: Unauthorized"},
		{"no JSON", "<html>", NULL, NO_JUDGEMENT},
		{"nothing", "", NULL, NO_JUDGEMENT},
		{"a list", "[]", NULL, NO_JUDGEMENT},
		{"no score", "{\"required_score\":15,\"action\":\"reject\",\"symbols\":{}}", NULL, NO_JUDGEMENT},
		{"a score that is none", "{\"score\":\"5\",\"required_score\":15,\"action\":\"reject\",\"symbols\":{}}",
			NULL, NO_JUDGEMENT},
		{"a score beyond all", "{\"score\":1e6,\"required_score\":15,\"action\":\"reject\",\"symbols\":{}}",
			NULL, NO_JUDGEMENT},
		{"no symbols at all", "{\"score\":5,\"required_score\":15,\"action\":\"reject\"}", NULL, NO_JUDGEMENT},
		{"an action of its own", "{\"score\":5,\"required_score\":15,\"action\":\"eat\\u001b\",\"symbols\":{}}",
			NULL, "it would do what is not known of rspamd: eat\\x1b"},
		{"a NUL", RSPAMD("\"A\":{\"score\":1,\"description\":\"\\u0000\"}"), NULL, NO_JUDGEMENT},
		{"cut", "{\"score\":5,\"required_sco", NULL, NO_JUDGEMENT},
	};

	(void)state;
	hold(rows, ARRAY_LEN(rows), mp_score_of_rspamd);
}

#define OK "SPAMD/1.1 0 EX_OK\r\nContent-length: 9\r\nSpam: True ; 7.1 / 5.0\r\n\r\n"
#define TABLE                                                                          \
	"Content preview:  9.9 NOT_A_RULE said the message\n   9.8 NOR_THIS   one\n\n" \
	" pts rule name              description\n"                                    \
	"---- ---------------------- --------------------------------------------------\n"
#define NO_PROTOCOL "what it answered is not spamd's protocol"
#define NO_SCORE "what it answered holds no score"

static void spamd(void **state)
{
	static const struct row rows[] = {
		{"as it is, the worst first",
			OK TABLE
			"-0.0 NO_RELAYS              Informational: not relayed\n 1.2 MISSING_HEADERS        Missing To: "
			"header\n",
			"7.1/5 - spam; MISSING_HEADERS 1.2 'Missing To: header'; NO_RELAYS 0 'Informational: not relayed'",
			NULL},
		{"words on two lines",
			OK TABLE " 3.5 BAYES_99               BODY: Bayes spam probability is 99 to 99.9%\n"
				 "                            [score: 0.9991]\n 1.0 X                      y\n",
			"7.1/5 - spam; BAYES_99 3.5 'BODY: Bayes spam probability is 99 to 99.9% [score: 0.9991]'; X 1 'y'",
			NULL},
		{"a long name", OK TABLE " 0.9 A_NAME_THAT_IS_LONGER_THAN_ITS_COLUMN words\n",
			"7.1/5 - spam; A_NAME_THAT_IS_LONGER_THAN_ITS_COLUMN 0.9 'words'", NULL},
		{"many points", OK TABLE "1000 GTUBE                  BODY: a test\n",
			"7.1/5 - spam; GTUBE 1000 'BODY: a test'", NULL},
		{"without words", OK TABLE " 0.9 A\n", "7.1/5 - spam; A 0.9 ''", NULL},
		{"it ends at an empty line", OK TABLE " 0.9 A b\n\n 8.8 NOT_ONE behind it\n", "7.1/5 - spam; A 0.9 'b'",
			NULL},
		{"odd rows", OK TABLE "abc\n x.1 A b\n 1.x A b\n 1.1A b\n 1.0 <b> c\n99999999 A b\n 0.9 A b\n",
			"7.1/5 - spam; A 0.9 'b'", NULL},
		{"escapes", OK TABLE " 0.9 A a\x1b[31m\xff\n", "7.1/5 - spam; A 0.9 'a\\x1b[31m\\xff'", NULL},
		{"no table", OK "Content preview: x\n", "7.1/5 - spam", NULL},
		{"good", "SPAMD/1.5 0 EX_OK\nSpam: False ; -0.1 / 5.0\n\n", "-0.1/5 -", NULL},
		{"older words", "SPAMD/1.0 0 EX_OK\r\nspam: Yes ; 15 / 5\r\n\r\n", "15/5 - spam", NULL},
		{"it cannot", "SPAMD/1.1 69 EX_UNAVAILABLE\r\n\r\n", NULL,
			"it could not judge the message (SPAMD/1.1 69 EX_UNAVAILABLE)"},
		{"it does not understand", "SPAMD/1.0 76 Bad header line: (x\x1b)\r\n", NULL,
			"it could not judge the message (SPAMD/1.0 76 Bad header line: (x\\x1b))"},
		{"another protocol", "220 mx.example.net ESMTP\r\n", NULL, NO_PROTOCOL},
		{"half a line", "SPAMD/1.1", NULL, NO_PROTOCOL},
		{"no code", "SPAMD/1.1 x EX_OK\r\n", NULL, NO_PROTOCOL},
		{"nothing", "", NULL, NO_PROTOCOL},
		{"no score", "SPAMD/1.1 0 EX_OK\r\nContent-length: 0\r\n\r\nSpam: True ; 1 / 2\r\n", NULL, NO_SCORE},
		{"half a score", "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7.1\r\n\r\n", NULL, NO_SCORE},
		{"no verdict", "SPAMD/1.1 0 EX_OK\r\nSpam: maybe ; 7.1 / 5\r\n\r\n", NULL, NO_SCORE},
		{"more than a score", "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7.1 / 5 x\r\n\r\n", NULL, NO_SCORE},
	};

	(void)state;
	hold(rows, ARRAY_LEN(rows), mp_score_of_spamd);
}

static void bounds(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(1 << 20);
	struct mp_score s;
	char *words = mp_alloc(a, 4096);

	(void)state;
	mp_buf_adds(&b, OK TABLE);
	for (int i = 0; i < 2 * MP_SCORE_RULES_MAX; i++)
		mp_buf_addf(&b, " 1.0 RULE_%d words\n", i);
	row_int("rules", mp_score_of_spamd(a, mp_buf_str(&b), &s, NULL), MP_OK);
	row_int("rules", (int)s.n_rules, MP_SCORE_RULES_MAX);
	/* cut where a character ends */
	memset(words, 'x', MP_SCORE_WORDS_MAX - 1);
	memcpy(words + MP_SCORE_WORDS_MAX - 1, "\xc3\xa4", 3);
	mp_buf_reset(&b);
	mp_buf_addf(&b, RSPAMD("\"A\":{\"score\":1,\"description\":\"%s\"}"), words);
	row_int("words", mp_score_of_rspamd(a, mp_buf_str(&b), &s, NULL), MP_OK);
	row_int("words", (int)strlen(s.rules[0].words), MP_SCORE_WORDS_MAX - 1);
	mp_buf_release(&b);
	mp_arena_free(a);
}

static void saved(void **state)
{
	static const struct {
		const char *label, *in;
	} rows[] = {
		{"nothing", ""},
		{"a list", "[]"},
		{"no score", "{\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[]}"},
		{"a score of more than hundredths",
			"{\"score\":1.234,\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[]}"},
		{"no verdict", "{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"rules\":[]}"},
		{"no rules", "{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"spam\":false}"},
		{"a rule that is none",
			"{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[1]}"},
		{"a rule without a name",
			"{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[{\"score\":1.0}]}"},
		{"a rule with an odd name",
			"{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[{\"name\":\"<b>\",\"score\":1.0}]}"},
		{"words on two lines",
			"{\"score\":1.0,\"threshold\":5.0,\"action\":null,\"spam\":false,\"rules\":[{\"name\":\"A\",\"score\":1.0,"
			"\"words\":\"a\\nb\"}]}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_score s;

		row_int(rows[i].label, mp_score_read(a, mp_str(rows[i].in), &s, NULL), MP_EPARSE);
		mp_arena_free(a);
	}
}

static void known(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{"MISSING_MID", "it has no Message-ID"},
		{"R_SPF_SOFTFAIL", "SPF says that the sending address should not send for this domain"},
		{"BAYES_50", "it resembles neither what the filter learned as good nor as spam"},
		{"BAYES_999", "it resembles messages that the filter learned as spam"},
		{"URIBL_BLOCKED", "the list of domains did not answer the filter"},
		{"URIBL_BLACK", "a domain in the message is on a list"},
		{"DMARC_POLICY_REJECT", "DMARC fails"},
		{"SENDER_REPUTATION_SPAM", "the sender has a bad name with this filter"},
		{"HTML_IMAGE_ONLY_12", "it is images with little text"},
		{"XXX_OF_ITS_OWNER", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct mp_rule_known *k = mp_rule_known(rows[i].name);

		row_str(rows[i].name, k ? k->words : NULL, rows[i].want);
	}
	for (size_t i = 0; i < mp_n_rules_known; i++) {
		const struct mp_rule_known *k = &mp_rules_known[i];

		/* the pattern is its own best match: no row hides behind another */
		row_bool(k->name, mp_rule_known(k->name) == k, true);
		row_bool(k->name, *k->words && k->words[strlen(k->words) - 1] != '.', true);
		row_bool(k->name, !k->fix || k->fix[strlen(k->fix) - 1] == '.', true);
		for (size_t n = 0; n < i; n++)
			row_bool(k->name, strcmp(k->name, mp_rules_known[n].name) == 0, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rspamd),
		cmocka_unit_test(spamd),
		cmocka_unit_test(bounds),
		cmocka_unit_test(saved),
		cmocka_unit_test(known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
