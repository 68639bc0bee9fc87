/* probe/score.c - see probe/score.h */
#include "probe/score.h"
#include "base/jin.h"
#include "base/text.h"

enum { REPORT_LINE_MAX = 1024, HUNDREDTHS_MAX = 10000000 };

/* ---- parts */

/* Hundredths: what is shown, and what saved forms give again. False: no score that can be. */
static bool hundredths(double v, double *out)
{
	bool below = v < 0;
	double size = below ? -v : v;
	int64_t n;

	if (!(size * 100 < HUNDREDTHS_MAX)) /* not a number, too */
		return false;
	n = (int64_t)(size * 100 + 0.5);
	*out = n == 0 ? 0 : (double)(below ? -n : n) / 100;
	return true;
}

/* "-?1*6DIGIT[.1*6DIGIT]" at the beginning of `s`; how many bytes it takes, 0: there is none. */
static size_t number_at(struct mp_str s, double *out)
{
	size_t i = s.n && s.p[0] == '-', first = i;
	double v = 0, unit = 1;

	for (; i < s.n && mp_isdigit(s.p[i]) && i - first < 6; i++)
		v = v * 10 + (s.p[i] - '0');
	if (i == first)
		return 0;
	if (i + 1 < s.n && s.p[i] == '.' && mp_isdigit(s.p[i + 1])) {
		size_t dot = i++;

		for (; i < s.n && mp_isdigit(s.p[i]) && i - dot <= 6; i++)
			v += (s.p[i] - '0') * (unit /= 10);
	}
	if (i < s.n && mp_isdigit(s.p[i]))
		return 0;
	return hundredths(first ? -v : v, out) ? i : 0;
}

/* Text of one line, cut at `max` bytes as they will be shown. */
static const char *line_of(struct mp_arena *a, struct mp_str s, size_t max)
{
	char *text = mp_text(a, s);
	size_t n = strlen(text);

	if (n <= max)
		return text;
	for (n = max; n && ((unsigned char)text[n] & 0xc0) == 0x80;)
		n--;
	text[n] = '\0';
	return text;
}

static bool good_name(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isalpha(s.p[i]) && !mp_isdigit(s.p[i]) && s.p[i] != '_' && s.p[i] != '-' && s.p[i] != '.')
			return false;
	return s.n > 0 && s.n <= MP_SCORE_NAME_MAX;
}

static int by_score(const void *x, const void *y)
{
	const struct mp_rule *a = x, *b = y;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	return strcmp(a->name, b->name);
}

struct rules {
	struct mp_arena *a;
	struct mp_rule *list;
	size_t n;
};

static struct mp_rule *add_rule(struct rules *r, struct mp_str name, double score)
{
	if (r->n == MP_SCORE_RULES_MAX || !good_name(name))
		return NULL;
	r->list[r->n] = (struct mp_rule){.name = mp_dupstr(r->a, name), .score = score};
	return &r->list[r->n++];
}

static void finish(struct rules *r, struct mp_score *out)
{
	if (r->n)
		qsort(r->list, r->n, sizeof(*r->list), by_score);
	out->rules = r->list;
	out->n_rules = r->n;
}

static struct rules rules_new(struct mp_arena *a)
{
	return (struct rules){.a = a, .list = mp_allocn(a, MP_SCORE_RULES_MAX, sizeof(struct mp_rule))};
}

/* ---- rspamd */

static const struct {
	const char *action;
	bool spam, later;
} actions[] = {{"no action", false, false}, {"greylist", false, true}, {"add header", true, false},
	{"rewrite subject", true, false}, {"soft reject", false, true}, {"reject", true, false},
	{"quarantine", true, false}, {"discard", true, false}};

static bool number_member(const json_t *j, const char *key, double *out)
{
	const json_t *v = json_object_get(j, key);

	return json_is_number(v) && hundredths(json_number_value(v), out);
}

/* {"score": 5.2, "required_score": 15, "action": "greylist", "symbols": {"NAME": {"score": 1, "description": "..."}}} */
static int read_rspamd(struct mp_arena *a, const json_t *j, struct mp_score *out, struct mp_err *err)
{
	struct rules r = rules_new(a);
	struct mp_score s = {0};
	const json_t *symbols = json_object_get(j, "symbols"), *value;
	const char *name, *action = mp_jget_str(j, "action", NULL), *error = mp_jget_str(j, "error", NULL);
	size_t known = 0;

	if (error)
		return mp_fail(err, MP_EPARSE, "it says: %s", line_of(a, mp_str(error), MP_SCORE_WORDS_MAX / 2));
	if (!json_is_object(j) || !json_is_object(symbols) || !action || !number_member(j, "score", &s.score) ||
		!number_member(j, "required_score", &s.threshold))
		return mp_fail(err, MP_EPARSE, "what it answered is not rspamd's judgement of a message");
	while (known < ARRAY_LEN(actions) && strcmp(actions[known].action, action) != 0)
		known++;
	if (known == ARRAY_LEN(actions))
		return mp_fail(err, MP_EPARSE, "it would do what is not known of rspamd: %s",
			line_of(a, mp_str(action), MP_SCORE_NAME_MAX));
	s.action = actions[known].action;
	s.spam = actions[known].spam;
	s.later = actions[known].later;
	json_object_foreach((json_t *)(uintptr_t)symbols, name, value)
	{
		const char *words = mp_jget_str(value, "description", NULL);
		struct mp_rule *rule;
		double score;

		if (!number_member(value, "score", &score) || !(rule = add_rule(&r, mp_str(name), score)))
			continue;
		if (words && *words)
			rule->words = line_of(a, mp_str(words), MP_SCORE_WORDS_MAX);
	}
	finish(&r, &s);
	*out = s;
	return MP_OK;
}

int mp_score_of_rspamd(struct mp_arena *a, struct mp_str body, struct mp_score *out, struct mp_err *err)
{
	json_t *j = mp_json_parse(body, NULL);
	int rc = j ? read_rspamd(a, j, out, err)
		   : mp_fail(err, MP_EPARSE, "what it answered is not rspamd's judgement of a message");

	json_decref(j);
	return rc;
}

/* ---- spamd */

static bool next_line(struct mp_str *rest, struct mp_str *line)
{
	if (!mp_str_split(rest, '\n', line))
		return false;
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static struct mp_str after_blanks(struct mp_str s, size_t *blanks)
{
	*blanks = 0;
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s = mp_strn(s.p + 1, s.n - 1);
		++*blanks;
	}
	return s;
}

/* "SPAMD/1.1 0 EX_OK" */
static int read_status(struct mp_arena *a, struct mp_str line, struct mp_err *err)
{
	struct mp_str rest = line, word;
	uint64_t code;

	if (line.n > REPORT_LINE_MAX || !mp_str_istarts(line, "SPAMD/") || !mp_str_split(&rest, ' ', &word) ||
		!mp_str_split(&rest, ' ', &word) || !mp_str_u64(word, 255, &code))
		return mp_fail(err, MP_EPARSE, "what it answered is not spamd's protocol");
	if (code != 0)
		return mp_fail(err, MP_EPARSE, "it could not judge the message (%s)",
			line_of(a, mp_str_trim(line), MP_SCORE_NAME_MAX));
	return MP_OK;
}

/* "Spam: True ; 7.1 / 5.0" */
static bool read_spam(struct mp_str value, struct mp_score *s)
{
	struct mp_str rest = value, word, number;
	size_t blanks, n;

	if (!mp_str_split(&rest, ';', &word))
		return false;
	word = mp_str_trim(word);
	s->spam = mp_str_ieq(word, MP_LIT("True")) || mp_str_ieq(word, MP_LIT("Yes"));
	if (!s->spam && !mp_str_ieq(word, MP_LIT("False")) && !mp_str_ieq(word, MP_LIT("No")))
		return false;
	if (!mp_str_split(&rest, '/', &number))
		return false;
	number = mp_str_trim(number);
	n = number_at(number, &s->score);
	if (!n || n != number.n)
		return false;
	number = after_blanks(mp_str_trim(rest), &blanks);
	n = number_at(number, &s->threshold);
	return n && n == number.n;
}

/* " 2.5 MISSING_MID            The message has no id"; what follows with many blanks before it continues that. */
static bool read_rule(struct rules *r, struct mp_str line, struct mp_buf *words)
{
	size_t blanks, n;
	struct mp_str s = after_blanks(line, &blanks), name;
	double score;

	n = number_at(s, &score);
	if (!n || n >= s.n || s.p[n] != ' ')
		return false;
	s = after_blanks(mp_strn(s.p + n, s.n - n), &blanks);
	for (n = 0; n < s.n && s.p[n] != ' '; n++) {
	}
	name = mp_strn(s.p, n);
	mp_buf_reset(words);
	mp_buf_addstr(words, mp_str_trim(mp_strn(s.p + n, s.n - n)));
	return add_rule(r, name, score) != NULL;
}

static void set_words(struct rules *r, struct mp_buf *words)
{
	if (r->n && words->n)
		r->list[r->n - 1].words = line_of(r->a, mp_buf_str(words), MP_SCORE_WORDS_MAX);
	mp_buf_reset(words);
}

/* The table of the report, below its line of hyphens, up to the next empty line. Before it, it quotes the message. */
static void read_table(struct mp_str report, struct rules *r)
{
	enum { CONTINUED = 16 };
	struct mp_buf words = MP_BUF(REPORT_LINE_MAX);
	struct mp_str line, text;
	bool table = false;
	size_t blanks;

	while (next_line(&report, &line)) {
		text = after_blanks(line, &blanks);
		if (!table) {
			table = mp_str_istarts(line, "---- --------");
			continue;
		}
		if (!text.n || line.n > REPORT_LINE_MAX)
			break;
		if (blanks >= CONTINUED && r->n) {
			mp_buf_addc(&words, ' ');
			mp_buf_addstr(&words, mp_str_trim(text));
			continue;
		}
		set_words(r, &words);
		read_rule(r, line, &words);
	}
	set_words(r, &words);
	mp_buf_release(&words);
}

int mp_score_of_spamd(struct mp_arena *a, struct mp_str bytes, struct mp_score *out, struct mp_err *err)
{
	struct rules r = rules_new(a);
	struct mp_score s = {0};
	struct mp_str rest = bytes, line;
	bool judged = false;

	if (!next_line(&rest, &line))
		line = mp_strn("", 0);
	if (read_status(a, line, err) != MP_OK)
		return MP_EPARSE;
	while (next_line(&rest, &line) && line.n)
		if (mp_str_istarts(line, "Spam:")) {
			judged = read_spam(mp_strn(line.p + 5, line.n - 5), &s);
			if (!judged)
				break;
		}
	if (!judged)
		return mp_fail(err, MP_EPARSE, "what it answered holds no score");
	read_table(rest, &r);
	finish(&r, &s);
	*out = s;
	return MP_OK;
}

/* ---- the saved form */

char *mp_score_text(struct mp_arena *a, const struct mp_score *s)
{
	json_t *j = json_object(), *rules = json_array();
	char *dump, *text;

	mp_jset(j, "score", json_real(s->score));
	mp_jset(j, "threshold", json_real(s->threshold));
	mp_jset_str(j, "action", s->action);
	mp_jset_bool(j, "spam", s->spam);
	for (size_t i = 0; i < s->n_rules; i++) {
		json_t *rule = json_object();

		mp_jset_str(rule, "name", s->rules[i].name);
		mp_jset(rule, "score", json_real(s->rules[i].score));
		mp_jset_str(rule, "words", s->rules[i].words);
		mp_jpush(rules, rule);
	}
	mp_jset(j, "rules", rules);
	dump = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(10));
	text = mp_dup(a, dump);
	free(dump);
	json_decref(j);
	return text;
}

static double read_number(struct mp_jin *in, const char *key)
{
	double v = 0;

	if (!number_member(in->j, key, &v) || v != json_number_value(json_object_get(in->j, key)))
		mp_jin_wrong(in, key, "is not a score");
	return v;
}

int mp_score_read(struct mp_arena *a, struct mp_str text, struct mp_score *out, struct mp_err *err)
{
	json_t *j = mp_json_parse(text, err);
	struct mp_jin in = {.j = j, .a = a, .err = err};
	struct rules r = rules_new(a);
	struct mp_score s = {0};
	const json_t *list = mp_jget_array(j, "rules");

	if (!json_is_object(j)) {
		json_decref(j);
		return mp_fail(err, MP_EPARSE, "not an object");
	}
	s.score = read_number(&in, "score");
	s.threshold = read_number(&in, "threshold");
	s.action = mp_jin_text(&in, "action", MP_SCORE_NAME_MAX, MP_JIN_MAY_LACK);
	s.spam = mp_jin_bool(&in, "spam");
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (s.action && strcmp(actions[i].action, s.action) == 0)
			s.later = actions[i].later;
	if (!list || json_array_size(list) > MP_SCORE_RULES_MAX)
		mp_jin_wrong(&in, "rules", "is not a list of rules");
	for (size_t i = 0; !in.bad && i < json_array_size(list); i++) {
		struct mp_jin one = {.j = json_array_get(list, i), .a = a, .err = err};
		struct mp_rule *rule;
		const char *name;

		if (!json_is_object(one.j)) {
			mp_jin_wrong(&in, "rules", "is not a list of rules");
			break;
		}
		name = mp_jin_text(&one, "name", MP_SCORE_NAME_MAX, MP_JIN_NEEDED);
		rule = add_rule(&r, mp_str(name ? name : ""), read_number(&one, "score"));
		if (!rule)
			mp_jin_wrong(&one, "name", "is not that of a rule");
		else
			rule->words = mp_jin_text(&one, "words", 4 * MP_SCORE_WORDS_MAX, MP_JIN_MAY_LACK);
		in.bad = in.bad || one.bad;
	}
	json_decref(j);
	if (in.bad)
		return MP_EPARSE;
	finish(&r, &s);
	*out = s;
	return MP_OK;
}

char *mp_score_cut_rspamd(struct mp_arena *a, struct mp_str body, const char *message_id)
{
	struct mp_score s = {0};

	(void)message_id;
	return mp_score_of_rspamd(a, body, &s, NULL) == MP_OK ? mp_score_text(a, &s) : NULL;
}

char *mp_score_cut_spamd(struct mp_arena *a, struct mp_str bytes, const char *message_id)
{
	struct mp_score s = {0};

	(void)message_id;
	return mp_score_of_spamd(a, bytes, &s, NULL) == MP_OK ? mp_score_text(a, &s) : NULL;
}
