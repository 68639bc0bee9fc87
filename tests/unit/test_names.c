/* tests/unit/test_names.c - names, addresses and numbers that people give, one function at a time */
#include "base/text.h"
#include "probe/names.h"
#include "row.h"

/* Sixty-three letters; four of them and three dots are longer than a name may be. */
#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void domains(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} rows[] = {
		{"example.com", "example.com"},
		{"EXAMPLE.Com.", "example.com"},
		{"a", "a"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"b\xc3\xbc"
		 "cher.example",
			"xn--bcher-kva.example"},
		{"B\xc3\x9c"
		 "CHER.example",
			"xn--bcher-kva.example"},
		{"fa\xc3\x9f.de", "xn--fa-hia.de"},
		{"\xe4\xbe\x8b\xe3\x81\x88.jp", "xn--r8jz45g.jp"},
		{"1.a", "1.a"},
		{"a1-b.c", "a1-b.c"},
		{L63 ".example", L63 ".example"},
		{L63 "a.example", NULL},
		{L63 "." L63 "." L63 "." L63, NULL},
		{"", NULL},
		{".", NULL},
		{"..", NULL},
		{"a..b", NULL},
		{".a", NULL},
		{"a.b..", NULL},
		{"-a.b", NULL},
		{"a-.b", NULL},
		{"a_b.c", NULL},
		{"a b.c", NULL},
		{"a\tb.c", NULL},
		{"a/b.c", NULL},
		{"a.1", NULL},
		{"192.0.2.1", NULL},
		{"[192.0.2.1]", NULL},
		{"a\nb.c", NULL},
		{"a\xff.c", NULL},
		{"\xe2\x80\x8b"
		 "a.b",
			NULL},
		{"xn--\xc3\xbc.example", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {0};
		const char *out = NULL;
		int rc = mp_domain_parse(a, mp_str(rows[i].text), &out, &err);

		row_int(rows[i].text, rc, rows[i].want ? MP_OK : MP_EINVAL);
		row_str(rows[i].text, out, rows[i].want);
		row_bool(rows[i].text, rc == MP_OK || err.msg[0], true);
		mp_arena_free(a);
	}
}

static void domain_with_nul(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_err err;
	const char *out;

	(void)state;
	assert_int_equal(mp_domain_parse(a, mp_strn("a.b\0c", 5), &out, &err), MP_EINVAL);
	assert_string_equal(
		err.msg, "'a.b\\x00c' holds a control character; it should be a host name such as mail.example.com");
	mp_arena_free(a);
}

static void addresses(void **state)
{
	static const struct {
		const char *text;
		unsigned allow;
		const char *want, *domain; /* NULL: refused */
	} rows[] = {
		{"a@b.example", 0, "a@b.example", "b.example"},
		{"A@B.Example", 0, "A@b.example", "b.example"},
		{"<a@b.example>", 0, "a@b.example", "b.example"},
		{"a+b=c/d!e@b.example", 0, "a+b=c/d!e@b.example", "b.example"},
		{"\"a\\\" b\"@b.example", 0, "\"a\\\" b\"@b.example", "b.example"},
		{"\"\"@b.example", 0, "\"\"@b.example", "b.example"},
		{L63 "a@b.example", 0, L63 "a@b.example", "b.example"},
		{L63 "aa@b.example", 0, NULL, NULL},
		{L63 "@" L63 "." L63 "." L63 ".example", 0, NULL, NULL},
		{"<>", 0, NULL, NULL},
		{"<>", MP_ADDRESS_NULL, "", ""},
		{"a@[192.0.2.1]", 0, NULL, NULL},
		{"a@[192.0.2.1]", MP_ADDRESS_LITERAL, "a@[192.0.2.1]", "[192.0.2.1]"},
		{"a@[IPv6:2001:db8::1]", MP_ADDRESS_LITERAL, "a@[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"},
		{"a@[2001:db8::1]", MP_ADDRESS_LITERAL, NULL, NULL},
		{"a@[IPv6:192.0.2.1]", MP_ADDRESS_LITERAL, NULL, NULL},
		{"a@[]", MP_ADDRESS_LITERAL, NULL, NULL},
		{"<a@b.example", 0, NULL, NULL},
		{"a@b.example>", 0, NULL, NULL},
		{"\"a@b.example", 0, NULL, NULL},
		{"\"a\"b@b.example", 0, NULL, NULL},
		{"\"a\\", 0, NULL, NULL},
		{"\"", 0, NULL, NULL},
		{"@", 0, NULL, NULL},
		{"@c.example,@d.example:a@b.example", 0, NULL, NULL},
		{"a b@c.example", 0, NULL, NULL},
		{"a@b.example SIZE=1", 0, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_address out = {0};
		int rc = mp_address_parse(a, mp_str(rows[i].text), rows[i].allow, &out, NULL);

		row_int(rows[i].text, rc, rows[i].want ? MP_OK : MP_EINVAL);
		row_str(rows[i].text, out.text, rows[i].want);
		row_str(rows[i].text, out.domain, rows[i].domain);
		mp_arena_free(a);
	}
}

static void endpoints(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1:53"},
		{"192.0.2.1:5353", "192.0.2.1:5353"},
		{"2001:db8::1", "[2001:db8::1]:53"},
		{"[2001:db8::1]", "[2001:db8::1]:53"},
		{"[2001:DB8:0::1]:54", "[2001:db8::1]:54"},
		{"[192.0.2.1]:54", "192.0.2.1:54"},
		{"::ffff:192.0.2.1", "192.0.2.1:53"},
		{"192.0.2.1:", NULL},
		{"192.0.2.1:0", NULL},
		{"192.0.2.1:65536", NULL},
		{"[2001:db8::1", NULL},
		{"[2001:db8::1]54", NULL},
		{"[]", NULL},
		{":53", NULL},
		{"0.0.0.0", NULL},
		{"::", NULL},
		{"224.0.0.251", NULL},
		{"fe80::1%lo", NULL},
		{"localhost", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_ip ip;
		uint16_t port;
		int rc = mp_endpoint_parse(a, mp_str(rows[i].text), 53, &ip, &port, NULL);

		row_int(rows[i].text, rc, rows[i].want ? MP_OK : MP_EINVAL);
		if (rc == MP_OK)
			row_str(rows[i].text, mp_endpoint_text(a, &ip, port), rows[i].want);
		mp_arena_free(a);
	}
}

static void lists(void **state)
{
	static const struct {
		const char *text, *want; /* parts in brackets */
	} rows[] = {
		{"a", "[a]"},
		{"a,b", "[a][b]"},
		{" a , b ", "[a][b]"},
		{"", "[]"},
		{",", "[][]"},
		{"a,", "[a][]"},
		{"\"a,b\"@c,d", "[\"a,b\"@c][d]"},
		{"\"a\\\",b\"@c,d", "[\"a\\\",b\"@c][d]"},
		{"\"a,b", "[\"a,b]"},
		{"\"a\\", "[\"a\\]"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_str rest = mp_str(rows[i].text), part;
		const char *got = "";

		while (mp_list_next(&rest, &part))
			got = mp_printf(a, "%s[%.*s]", got, (int)part.n, part.p);
		row_str(rows[i].text, got, rows[i].want);
		mp_arena_free(a);
	}
}

static void nearest(void **state)
{
	static const char *const known[] = {"to", "from", "ehlo", "timeout", "tls", "resolver", "header-from", "port"};
	static const struct {
		const char *word, *want;
	} rows[] = {
		{"too", "to"},
		{"form", "from"},
		{"EHLO", "ehlo"},
		{"elho", "ehlo"},
		{"time", "timeout"},
		{"resolv", "resolver"},
		{"reslover", "resolver"},
		{"headerfrom", "header-from"},
		{"prot", "port"},
		{"zzz", NULL},
		{"completely", NULL},
		{"", NULL},
		{"x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_nearest n = {.word = mp_str(rows[i].word)};

		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			mp_nearest_try(&n, known[k]);
		row_str(rows[i].word, n.best, rows[i].want);
	}
}

static void shown(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"short", "short"},
		{"a\nb", "a\\x0ab"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].text, mp_shown(a, mp_str(rows[i].text)), rows[i].want);
	mp_arena_free(a);
}

static void where(void **state)
{
	struct mp_arena *a = mp_arena_new();
	char *path = mp_alloc(a, 4097);
	struct mp_err err;

	(void)state;
	mp_fail(&err, MP_EINVAL, "is empty");
	assert_int_equal(mp_at(&err, "--ehlo"), MP_EINVAL);
	assert_string_equal(err.msg, "--ehlo: is empty");
	/* However long the path, the place and the reason stay to be read. */
	memset(path, 'p', 4090);
	memcpy(path + 4084, ".c:7: k", 7);
	mp_fail(&err, MP_EINVAL, "is empty");
	mp_at(&err, path);
	assert_non_null(strstr(err.msg, "p.c:7: k: is empty"));
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains),
		cmocka_unit_test(domain_with_nul),
		cmocka_unit_test(addresses),
		cmocka_unit_test(endpoints),
		cmocka_unit_test(lists),
		cmocka_unit_test(nearest),
		cmocka_unit_test(shown),
		cmocka_unit_test(where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
