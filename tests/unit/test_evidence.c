/* tests/unit/test_evidence.c - JSON with its bounds, and the memo of questions and answers */
#include "base/evidence.h"
#include "tests/unit/row.h"

/* ---- json.h */

static char *written(struct mp_arena *a, const json_t *j, int indent)
{
	struct mp_buf b = MP_BUF(1000000);
	char *s;

	mp_json_write(j, indent, &b);
	s = mp_dupstr(a, mp_buf_str(&b));
	mp_buf_release(&b);
	return s;
}

static void writing_json(void **state)
{
	struct mp_arena *a = mp_arena_new();
	json_t *o = json_object(), *list = json_array();

	(void)state;
	mp_jset_str(o, "z", "first set, first written");
	mp_jset_int(o, "int", INT64_MAX);
	mp_jset_bool(o, "yes", true);
	mp_jset_bool(o, "no", false);
	mp_jset_str(o, "none", NULL);
	mp_jpush(list, mp_j("a\"b\\c"));
	mp_jpush(list, json_real(12.5));
	mp_jset(o, "list", list);
	assert_string_equal(written(a, o, 0),
		"{\"z\":\"first set, first written\",\"int\":9223372036854775807,"
		"\"yes\":true,\"no\":false,\"none\":null,\"list\":[\"a\\\"b\\\\c\",12.5]}\n");
	json_object_clear(o);
	mp_jset_int(o, "a", -1);
	assert_string_equal(written(a, o, 2), "{\n  \"a\": -1\n}\n");
	mp_jset_int(o, "a", 2); /* set again: replaced */
	assert_string_equal(written(a, o, 0), "{\"a\":2}\n");
	json_decref(o);
	mp_arena_free(a);
}

static void json_of_hostile_bytes(void **state)
{
	static const struct {
		const char *label;
		struct mp_str in;
		const char *want;
	} rows[] = {
		{"plain", {"550 no", 6}, "550 no"},
		{"UTF-8", {"gr\xc3\xbc\xc3\x9f", 6}, "gr\xc3\xbc\xc3\x9f"},
		{"Latin-1", {"gr\xfc\xdf", 4}, "gr\\xfc\\xdf"},
		{"NUL", {"a\0b", 3}, "a\\x00b"},
		{"escape", {"\x1b[2J", 4}, "\\x1b[2J"},
		{"line ends stay", {"a\nb\n", 4}, "a\nb\n"},
		{"carriage return", {"a\r\nb", 4}, "a\\x0d\nb"},
		{"empty", {"", 0}, ""},
		{"only a line end", {"\n", 1}, "\n"},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *list = json_array(), *again;

		mp_jpush(list, mp_jstr(rows[i].in));
		row_str(rows[i].label, json_string_value(json_array_get(list, 0)), rows[i].want);
		again = mp_json_parse(mp_str(written(a, list, 0)), NULL);
		row_bool(rows[i].label, again && json_equal(list, again), true);
		json_decref(again);
		json_decref(list);
	}
	assert_true(json_is_null(mp_jstr(mp_str(NULL))));
	assert_true(json_is_null(mp_j(NULL)));
	/* every single byte */
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		json_t *list = json_array(), *again;

		mp_jpush(list, mp_jstr(mp_strn(&byte, 1)));
		again = mp_json_parse(mp_str(written(a, list, 0)), NULL);
		assert_true(again && json_equal(list, again));
		json_decref(again);
		json_decref(list);
	}
	mp_arena_free(a);
}

static void getting_from_json(void **state)
{
	static const char text[] = "{\"s\":\"text\",\"i\":42,\"r\":2.5,\"t\":true,\"f\":false,\"n\":null,"
				   "\"a\":[1],\"o\":{\"s\":\"inner\"}}";
	json_t *o = mp_json_parse(MP_LIT(text), NULL), *array;
	const json_t *const others[] = {NULL, mp_jget(o, "s"), mp_jget(o, "i"), mp_jget(o, "a")};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	assert_non_null(o);
	array = mp_jget_array(o, "a");
	assert_string_equal(mp_jget_str(o, "s", "-"), "text");
	assert_string_equal(mp_jget_str(mp_jget(o, "o"), "s", "-"), "inner");
	assert_int_equal(mp_jget_int(o, "i", -1), 42);
	assert_true(mp_jget_num(o, "i", -1) > 41.9 && mp_jget_num(o, "r", -1) < 2.6);
	assert_true(mp_jget_bool(o, "t", false));
	assert_false(mp_jget_bool(o, "f", true));
	assert_int_equal(json_array_size(array), 1);
	assert_string_equal(mp_jdup(a, o, "s"), "text");

	/* absent, null, and of another type: the default */
	assert_null(mp_jget(o, "n"));
	assert_null(mp_jget(o, "absent"));
	assert_null(mp_jget_str(o, "i", NULL));
	assert_string_equal(mp_jget_str(o, "n", "-"), "-");
	assert_int_equal(mp_jget_int(o, "r", -1), -1);
	assert_int_equal(mp_jget_int(o, "s", -1), -1);
	assert_true(mp_jget_num(o, "s", -1) < 0);
	assert_true(mp_jget_bool(o, "i", true));
	assert_null(mp_jget_array(o, "o"));
	assert_null(mp_jdup(a, o, "o"));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_null(mp_jget(others[i], "s"));
		assert_null(mp_jget_array(others[i], "s"));
		assert_string_equal(mp_jget_str(others[i], "s", "-"), "-");
		assert_int_equal(mp_jget_int(others[i], "s", 7), 7);
		assert_false(mp_jget_bool(others[i], "s", false));
	}
	json_decref(o);
	mp_arena_free(a);
}

static void parsing_json(void **state)
{
	static const struct {
		const char *label;
		struct mp_str in;
		bool ok;
	} rows[] = {
		{"object", {"{}", 2}, true},
		{"array", {" [1, 2] ", 8}, true},
		{"empty", {"", 0}, false},
		{"no text", {NULL, 0}, false},
		{"blank", {"  ", 2}, false},
		{"cut", {"{\"a\":", 5}, false},
		{"more behind", {"{} {}", 5}, false},
		{"NUL behind", {"{}\0", 3}, false},
		{"same key twice", {"{\"a\":1,\"a\":2}", 13}, false},
		{"no UTF-8", {"[\"\xff\"]", 5}, false},
		{"NUL in text", {"[\"\\u0000\"]", 10}, false},
		{"lone surrogate", {"[\"\\ud800\"]", 10}, false},
		{"control character in text", {"[\"\n\"]", 5}, false},
		{"integer too large", {"[9223372036854775808]", 21}, false},
		{"real too large", {"[1e999]", 7}, false},
		{"not JSON", {"hello", 5}, false},
	};
	char *deep = mp_xmalloc(1000000);
	struct mp_err err;
	json_t *j;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		err = (struct mp_err){.code = MP_OK};
		j = mp_json_parse(rows[i].in, &err);
		row_bool(rows[i].label, j != NULL, rows[i].ok);
		if (!rows[i].ok) {
			row_int(rows[i].label, err.code, MP_EPARSE);
			row_bool(rows[i].label, strncmp(err.msg, "line ", 5) == 0, true);
		}
		json_decref(j);
	}
	j = mp_json_parse(mp_str("{\n \"a\": 1,\n oops}"), &err);
	assert_null(j);
	assert_non_null(strstr(err.msg, "line 3, column "));

	memset(deep, '[', 1000000);
	assert_null(mp_json_parse(mp_strn(deep, 1000000), &err)); /* and the stack holds */
	assert_int_equal(err.code, MP_EPARSE);
	assert_null(mp_json_parse(mp_strn(deep, (size_t)MP_JSON_MAX + 1), &err)); /* not looked at */
	assert_int_equal(err.code, MP_ELIMIT);
	free(deep);
}

/* ---- evidence.h: a toy kind. Question: a word and a number. Answer: a number. */

struct toy {
	const char *word;
	int64_t n;
};

static const int64_t unknown_answer = -1;

static void toy_key(const void *params, struct mp_buf *out)
{
	const struct toy *t = params;

	mp_buf_addf(out, "%s %lld", t->word, (long long)t->n);
}

static const void *toy_copy(const void *params, struct mp_arena *a)
{
	const struct toy *t = params;
	struct toy *copy = mp_alloc(a, sizeof(*copy));

	copy->word = mp_dup(a, t->word);
	copy->n = t->n;
	return copy;
}

static const void *toy_unknown(const void *params, struct mp_arena *a)
{
	(void)params;
	(void)a;
	return &unknown_answer;
}

static json_t *toy_to_json(const void *params, const void *answer)
{
	const struct toy *t = params;
	json_t *j = json_object();

	mp_jset_str(j, "word", t->word);
	mp_jset_int(j, "n", t->n);
	mp_jset_int(j, "answer", *(const int64_t *)answer);
	return j;
}

static int toy_from_json(
	const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err)
{
	struct toy *t = mp_alloc(a, sizeof(*t));
	int64_t *n = mp_alloc(a, sizeof(*n));

	t->word = mp_jdup(a, j, "word");
	t->n = mp_jget_int(j, "n", 0);
	*n = mp_jget_int(j, "answer", INT64_MIN);
	if (!t->word || *n == INT64_MIN)
		return mp_fail(err, MP_EPARSE, "no word or no answer");
	*params = t;
	*answer = n;
	return MP_OK;
}

static const struct mp_kind toy_kind = {"toy", toy_key, toy_copy, toy_unknown, toy_to_json, toy_from_json};
static const struct mp_kind other_kind = {"other", toy_key, toy_copy, toy_unknown, toy_to_json, toy_from_json};
static const struct mp_kind *const kinds[] = {&toy_kind, &other_kind};

static const int64_t *ask(struct mp_evidence *ev, const struct mp_kind *kind, const char *word, int64_t n)
{
	struct toy t = {word, n};

	return mp_evidence_ask(ev, kind, &t);
}

static void asking(void **state)
{
	static const int64_t one = 1, two = 2;
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_question *q, *q2;
	char word[] = "apple";

	(void)state;
	assert_null(mp_evidence_next_wanted(ev));
	assert_null(mp_evidence_first(ev));
	assert_null(ask(ev, &toy_kind, word, 1));
	word[0] = 'A'; /* the question was copied */
	assert_null(ask(ev, &toy_kind, "apple", 1));
	assert_null(ask(ev, &toy_kind, "pear", 1));
	assert_null(ask(ev, &other_kind, "apple", 1)); /* the same words, another kind: another question */
	assert_int_equal(mp_evidence_waiting(ev), 3);
	assert_int_equal(mp_evidence_answered(ev), 0);

	/* handed out once, in the order asked */
	q = mp_evidence_next_wanted(ev);
	assert_string_equal(((const struct toy *)q->params)->word, "apple");
	assert_ptr_equal(q->kind, &toy_kind);
	assert_true(q->taken);
	assert_ptr_equal(mp_evidence_first(ev), q);
	q2 = mp_evidence_next_wanted(ev);
	assert_string_equal(((const struct toy *)q2->params)->word, "pear");
	assert_ptr_equal(mp_evidence_next_wanted(ev)->kind, &other_kind);
	assert_null(mp_evidence_next_wanted(ev));
	assert_null(ask(ev, &toy_kind, "apple", 1));
	assert_null(mp_evidence_next_wanted(ev));

	mp_evidence_answer(ev, q, &one);
	assert_int_equal(*ask(ev, &toy_kind, "apple", 1), 1);
	mp_evidence_answer(ev, q, &two); /* an answer never changes */
	assert_int_equal(*ask(ev, &toy_kind, "apple", 1), 1);
	mp_evidence_give_up(ev, q);
	assert_int_equal(*ask(ev, &toy_kind, "apple", 1), 1);
	assert_null(ask(ev, &other_kind, "apple", 1));
	assert_int_equal(mp_evidence_answered(ev), 1);
	assert_int_equal(mp_evidence_waiting(ev), 2);

	mp_evidence_give_up(ev, q2);
	assert_ptr_equal(ask(ev, &toy_kind, "pear", 1), &unknown_answer);
	assert_int_equal(mp_evidence_answered(ev), 2);

	/* a new question behind the last one handed out */
	assert_null(ask(ev, &toy_kind, "plum", 1));
	q = mp_evidence_next_wanted(ev);
	assert_string_equal(((const struct toy *)q->params)->word, "plum");
	mp_evidence_free(ev);
	mp_evidence_free(NULL);
}

static void asking_much(void **state)
{
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_question *q;
	size_t n = 0;

	(void)state;
	/* more than there are hash buckets, and each twice */
	for (int64_t i = 0; i < 5000; i++) {
		assert_null(ask(ev, &toy_kind, "n", i));
		assert_null(ask(ev, &toy_kind, "n", i / 2));
	}
	assert_int_equal(mp_evidence_waiting(ev), 5000);
	while ((q = mp_evidence_next_wanted(ev))) {
		const struct toy *t = q->params;

		assert_int_equal(t->n, n);
		mp_evidence_answer(ev, q, &t->n);
		n++;
	}
	assert_int_equal(n, 5000);
	assert_int_equal(mp_evidence_waiting(ev), 0);
	for (int64_t i = 0; i < 5000; i++)
		assert_int_equal(*ask(ev, &toy_kind, "n", i), i);
	mp_evidence_free(ev);
}

static void answered_while_wanted(void **state)
{
	static const int64_t one = 1;
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_question *q;

	(void)state;
	ask(ev, &toy_kind, "a", 0);
	ask(ev, &toy_kind, "b", 0);
	ask(ev, &toy_kind, "c", 0);
	q = mp_evidence_next_wanted(ev);
	mp_evidence_answer(ev, q->next, &one); /* by the way, before anyone took it */
	q = mp_evidence_next_wanted(ev);
	assert_string_equal(((const struct toy *)q->params)->word, "c");
	assert_null(mp_evidence_next_wanted(ev));
	mp_evidence_free(ev);
}

static void closing(void **state)
{
	static const int64_t late = 5, one = 1;
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_question *q;

	(void)state;
	ask(ev, &toy_kind, "answered", 0);
	ask(ev, &toy_kind, "taken", 0);
	ask(ev, &toy_kind, "wanted", 0);
	mp_evidence_answer(ev, mp_evidence_next_wanted(ev), &one);
	q = mp_evidence_next_wanted(ev);
	mp_evidence_close(ev);
	assert_int_equal(*ask(ev, &toy_kind, "answered", 0), 1);
	assert_ptr_equal(ask(ev, &toy_kind, "taken", 0), &unknown_answer);
	assert_ptr_equal(ask(ev, &toy_kind, "wanted", 0), &unknown_answer);
	assert_ptr_equal(ask(ev, &toy_kind, "new", 0), &unknown_answer);
	assert_int_equal(mp_evidence_waiting(ev), 0);
	assert_null(mp_evidence_next_wanted(ev));
	mp_evidence_answer(ev, q, &late); /* the observer's answer comes after all */
	assert_ptr_equal(ask(ev, &toy_kind, "taken", 0), &unknown_answer);
	mp_evidence_close(ev);
	assert_int_equal(mp_evidence_answered(ev), 4);
	mp_evidence_free(ev);
}

static void round_trip(void **state)
{
	static const int64_t one = 1, two = 2, three = 3;
	struct mp_evidence *ev = mp_evidence_new(), *again = mp_evidence_new();
	struct mp_arena *a = mp_arena_new();
	struct mp_err err;
	json_t *saved, *resaved;

	(void)state;
	ask(ev, &toy_kind, "b", 2);
	ask(ev, &other_kind, "o", 0);
	ask(ev, &toy_kind, "a", 1);
	ask(ev, &toy_kind, "never answered", 0);
	mp_evidence_answer(ev, mp_evidence_next_wanted(ev), &two);
	mp_evidence_answer(ev, mp_evidence_next_wanted(ev), &three);
	mp_evidence_answer(ev, mp_evidence_next_wanted(ev), &one);
	saved = mp_evidence_to_json(ev, kinds, ARRAY_LEN(kinds));
	assert_string_equal(written(a, saved, 0),
		"{\"toy\":[{\"word\":\"b\",\"n\":2,\"answer\":2},{\"word\":\"a\",\"n\":1,\"answer\":1}],"
		"\"other\":[{\"word\":\"o\",\"n\":0,\"answer\":3}]}\n");

	assert_int_equal(mp_evidence_from_json(again, kinds, ARRAY_LEN(kinds), saved, &err), MP_OK);
	assert_int_equal(mp_evidence_answered(again), 3);
	assert_null(mp_evidence_next_wanted(again));
	assert_int_equal(*ask(again, &toy_kind, "b", 2), 2);
	assert_int_equal(*ask(again, &other_kind, "o", 0), 3);
	assert_null(ask(again, &toy_kind, "never answered", 0));
	mp_evidence_close(again); /* as a replay does */
	assert_ptr_equal(ask(again, &toy_kind, "never answered", 0), &unknown_answer);
	json_decref(saved);
	mp_evidence_free(again);

	/* kinds that were not asked for are neither written nor read */
	saved = mp_evidence_to_json(ev, kinds, 1);
	assert_null(mp_jget(saved, "other"));
	again = mp_evidence_new();
	mp_jset(saved, "other", json_string("anything"));
	assert_int_equal(mp_evidence_from_json(again, kinds, 1, saved, &err), MP_OK);
	resaved = mp_evidence_to_json(again, kinds, 1);
	json_object_del(saved, "other");
	assert_true(json_equal(saved, resaved));
	json_decref(saved);
	json_decref(resaved);
	mp_evidence_free(again);
	mp_evidence_free(ev);
	mp_arena_free(a);
}

static void reading_malformed(void **state)
{
	static const struct {
		const char *in, *why; /* why NULL: it is well-formed */
	} rows[] = {
		{"{}", NULL},
		{"{\"toy\":null}", NULL},
		{"{\"toy\":[]}", NULL},
		{"{\"toy\":{}}", "evidence.toy is not an array"},
		{"{\"toy\":\"x\"}", "evidence.toy is not an array"},
		{"{\"toy\":[{\"word\":\"a\",\"answer\":1},{\"word\":\"b\"}]}", "evidence.toy[1]: no word or no answer"},
		{"{\"toy\":[null]}", "evidence.toy[0]: no word or no answer"},
		{"{\"toy\":[[]]}", "evidence.toy[0]: no word or no answer"},
		{"{\"other\":[{\"word\":\"a\",\"answer\":1},{\"word\":\"a\",\"answer\":1}]}",
			"evidence.other[1]: the same question twice"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_evidence *ev = mp_evidence_new();
		json_t *j = mp_json_parse(mp_str(rows[i].in), NULL);
		struct mp_err err = {.code = MP_OK};

		assert_non_null(j);
		row_int(rows[i].in, mp_evidence_from_json(ev, kinds, ARRAY_LEN(kinds), j, &err),
			rows[i].why ? MP_EPARSE : MP_OK);
		row_str(rows[i].in, err.msg, rows[i].why ? rows[i].why : "");
		json_decref(j);
		mp_evidence_free(ev);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writing_json),
		cmocka_unit_test(json_of_hostile_bytes),
		cmocka_unit_test(getting_from_json),
		cmocka_unit_test(parsing_json),
		cmocka_unit_test(asking),
		cmocka_unit_test(asking_much),
		cmocka_unit_test(answered_while_wanted),
		cmocka_unit_test(closing),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(reading_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
