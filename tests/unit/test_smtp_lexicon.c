/* tests/unit/test_smtp_lexicon.c - words of other languages put into English, and English left as it is */
#include "base/arena.h"
#include "base/text.h"
#include "smtp/lexicon.h"
#include "smtp/match.h"
#include "smtp/rules.h"
#include "tests/unit/row.h"

static struct mp_str in_english(struct mp_arena *a, struct mp_str text)
{
	char *folded = mp_alloc(a, text.n + 1), *out = mp_alloc(a, 8192);
	size_t n = smtp_fold(text, folded);

	return mp_strn(out, smtp_to_english(mp_strn(folded, n), out, 8192));
}

static const struct {
	const char *label, *in, *want;
} texts[] = {
	{"English stays", "550 5.1.1 User unknown, not here", "550 5.1.1 user unknown, not here"},
	{"German", "550 Empfänger unbekannt", "550 recipient unknown"},
	{"German without umlauts", "550 Empfaenger unbekannt", "550 recipient unknown"},
	{"a whole word only", "550 inconnus-sans", "550 unknown-without"},
	{"not the beginning of another", "contact", "contact"},
	{"inflected", "adresses inconnues", "address unknown"},
	{"the longest phrase wins", "Absender Absenderdomain existiert nicht", "sender sender domain does not exist"},
	{"apostrophe in a phrase", "cette adresse n'existe pas", "this address does not exist"},
	{"Spanish with accents", "dirección inválida", "address invalid"},
	{"Polish", "Skrzynka pełna", "mailbox full"},
	{"Cyrillic", "Нет такого пользователя", "no such user"},
	{"Cyrillic capital with diaeresis", "ЁЖ", "еж"},
	{"Chinese, without blanks", "用户不存在", "user does not exist"},
	{"Chinese around Latin letters", "您的IP被拒绝", "your ip address rejected 绝"},
	{"Japanese particles stay", "メールボックスがいっぱいです", "mailbox が full で す"},
	{"Korean", "사용자를 찾을 수 없습니다", "user 를 not found 습 니 다"},
	{"sharp s", "Größe überschritten", "size exceeded"},
	{"masked names stay", "@xaddr unbekannt @xhost", "@xaddr unknown @xhost"},
	{"ISO 8859-1", "ung\xfcltiger Empf\xe4nger", "invalid recipient"},
	{"empty", "", ""},
};

static void test_texts(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		row_view(texts[i].label, in_english(a, mp_str(texts[i].in)), texts[i].want);
	mp_arena_free(a);
}

/* The rows must see the English that they were written for: no word of theirs may be a word of the table. */
static void test_english_stays(void **state)
{
	struct mp_arena *a = mp_arena_new();
	size_t words = 0, taken = 0;

	(void)state;
	for (size_t i = 0; i < smtp_n_rules; i++) {
		const char *p = smtp_rules[i].phrase;

		for (size_t n = 0; p && smtp_rules[i].tier == SMTP_BY_WORDS && *p; p += n ? n : 1) {
			struct mp_str word, got;

			for (n = 0; mp_isalpha(p[n]) || p[n] == '\'';)
				n++;
			word = mp_strn(p, n);
			if (n < 2 || p[n] == '*' || (unsigned char)p[n] >= 0x80)
				continue;
			got = in_english(a, word);
			if (!mp_str_eq(got, word)) {
				print_message("%s: \"%.*s\" is taken for \"%.*s\"\n", smtp_rules[i].name, (int)word.n,
					word.p, (int)got.n, got.p);
				taken++;
			}
			words++;
			mp_arena_reset(a);
		}
	}
	row_bool("words were tried", words > 2000, true);
	row_int("words taken for others", (long long)taken, 0);
	mp_arena_free(a);
}

static struct mp_str without_stars(struct mp_arena *a, struct mp_str s)
{
	char *out = mp_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '*')
			out[n++] = s.p[i];
	return mp_strn(out, n);
}

/* An alternative can be found, and stands once. */
static void test_table(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const char *bad = NULL;

	(void)state;
	for (size_t i = 0; i < smtp_n_lexicon; i++) {
		struct mp_str rest = mp_str(smtp_lexicon[i].others), one;

		while (mp_str_split(&rest, '|', &one)) {
			struct mp_str got = in_english(a, without_stars(a, one));

			if (!mp_str_eq(got, mp_str(smtp_lexicon[i].english))) {
				print_message("\"%.*s\": want \"%s\", got \"%.*s\"\n", (int)one.n, one.p,
					smtp_lexicon[i].english, (int)got.n, got.p);
				bad = smtp_lexicon[i].english;
			}
		}
	}
	row_str("every alternative gives its English", bad, NULL);
	mp_arena_free(a);
}

/* Cut off where the room ends, never beyond. */
static void test_room(void **state)
{
	char out[8];
	const struct mp_str in = MP_LIT("unbekannt unbekannt");

	(void)state;
	for (size_t size = 0; size <= sizeof(out); size++) {
		memset(out, '#', sizeof(out));
		row_int("length", (long long)smtp_to_english(in, out, size), (long long)size);
		for (size_t i = size; i < sizeof(out); i++)
			row_int("untouched", out[i], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_english_stays),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
