/* tests/unit/test_dns_mta_sts.c - records and policies by the letter of RFC 8461, and which hosts a pattern allows */
#include "dns/mta_sts.h"
#include "tests/unit/row.h"

/* ---- the record */

static void test_records(void **state)
{
	static const struct {
		const char *label, *txt[3], *id, *fault;
		size_t n, n_other;
	} rows[] = {
		{"of the RFC", {"v=STSv1; id=20160831085700Z;"}, "20160831085700Z", NULL, 1, 0},
		{"no last semicolon", {"v=STSv1;id=1"}, "1", NULL, 1, 0},
		{"blanks around the semicolon", {"v=STSv1\t ; id=a ; "}, "a", NULL, 1, 0},
		{"an extension", {"v=STSv1; x.y-z_1=a:b,c; id=A9"}, "A9", NULL, 1, 0},
		{"id twice: the first", {"v=STSv1; id=1; id=2"}, "1", NULL, 1, 0},
		{"32 digits", {"v=STSv1; id=12345678901234567890123456789012"}, "12345678901234567890123456789012",
			NULL, 1, 0},
		{"33 digits", {"v=STSv1; id=123456789012345678901234567890123"}, NULL, "has an id that is not", 1, 0},
		{"a date with dashes", {"v=STSv1; id=2016-08-31"}, NULL, "has an id that is not", 1, 0},
		{"id empty", {"v=STSv1; id="}, NULL, "has an id that is not", 1, 0},
		{"no id", {"v=STSv1;"}, NULL, "has no id", 1, 0},
		{"version alone", {"v=STSv1"}, NULL, "has no id", 1, 0},
		{"no semicolon after the version", {"v=STSv1 id=1"}, NULL, "has no id", 1, 0},
		{"no value", {"v=STSv1; id"}, NULL, "has no '=' in \"id\"", 1, 0},
		{"blank before '='", {"v=STSv1; id =1"}, NULL, "has a part that is no field: \"id =1\"", 1, 0},
		{"two semicolons", {"v=STSv1;; id=1"}, NULL, "has nothing between two semicolons", 1, 0},
		{"an odd extension", {"v=STSv1; id=1; a b=c"}, NULL, "has a part that is no field: \"a b=c\"", 1, 0},
		{"a control character", {"v=STSv1; id=1; a=\x01"}, NULL, "\"a=\\x01\"", 1, 0},
		{"two", {"v=STSv1; id=1", "v=STSv1; id=1"}, NULL, "is one of 2", 2, 0},
		{"one and another text", {"hello", "v=STSv1; id=1"}, "1", NULL, 1, 1},
		{"lower case", {"v=stsv1; id=1"}, NULL, "does not begin with v=STSv1", 0, 1},
		{"another version", {"v=STSv10; id=1"}, NULL, "does not begin with v=STSv1", 0, 1},
		{"a blank before", {" v=STSv1; id=1"}, NULL, "does not begin with v=STSv1", 0, 1},
		{"id before the version", {"id=1; v=STSv1"}, NULL, "does not begin with v=STSv1", 0, 1},
		{"empty", {""}, NULL, "does not begin with v=STSv1", 0, 1},
		{"none", {NULL}, NULL, NULL, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct dns_rr rr[3] = {0};
		struct dns_answer answer = {.outcome = DNS_ANSWERED, .rr = rr};
		struct dns_sts_record r;

		for (; answer.n_rr < 3 && rows[i].txt[answer.n_rr]; answer.n_rr++) {
			const char *text = rows[i].txt[answer.n_rr];

			rr[answer.n_rr].txt.p = (const uint8_t *)text;
			rr[answer.n_rr].txt.n = strlen(text);
		}
		dns_sts_record_read(a, &answer, &r);
		row_str(rows[i].label, r.id, rows[i].id);
		if (!rows[i].fault != !r.fault || (r.fault && !strstr(r.fault, rows[i].fault)))
			row_str(rows[i].label, r.fault, rows[i].fault);
		row_int(rows[i].label, (long long)r.n, (long long)rows[i].n);
		row_int(rows[i].label, (long long)r.n_other, (long long)rows[i].n_other);
		row_bool(rows[i].label, r.text != NULL, rows[i].txt[0] != NULL);
		mp_arena_free(a);
	}
}

/* ---- the policy */

#define V "version: STSv1\n"
#define AGE "max_age: 604800\n"
#define MX "mx: mx.example.com\n"

static void test_policies(void **state)
{
	static const struct {
		const char *label, *text;
		enum dns_sts_mode mode;
		int max_age, n_mx;
		const char *fault, *remark; /* what they have in them */
	} rows[] = {
		{"of the RFC",
			"version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n"
			"mx: backupmx.example.com\r\nmax_age: 604800\r\n",
			DNS_STS_ENFORCE, 604800, 3, NULL, NULL},
		{"LF, no last one", V "mode: testing\n" MX "max_age: 604800", DNS_STS_TESTING, 604800, 1, NULL, NULL},
		{"LF and CRLF", V "mode: testing\r\n" MX AGE, DNS_STS_TESTING, 604800, 1, NULL, NULL},
		{"another order", AGE MX "mode: enforce\n" V, DNS_STS_ENFORCE, 604800, 1, NULL, NULL},
		{"blanks around the colon", "version \t:STSv1  \nmode:enforce\n" MX AGE, DNS_STS_ENFORCE, 604800, 1,
			NULL, NULL},
		{"none needs no mx", V "mode: none\n" AGE, DNS_STS_NONE, 604800, 0, NULL, NULL},
		{"fields twice: the first", V "mode: testing\nmode: enforce\nversion: x\n" MX AGE "max_age: z\n",
			DNS_STS_TESTING, 604800, 1, NULL, "line 3: mode is there again"},
		{"unknown fields", V "mode: enforce\n" MX AGE "x-1.y_z: \xc3\xa9 : a b\n", DNS_STS_ENFORCE, 604800, 1,
			NULL, NULL},
		{"capitals in a pattern", V "mode: enforce\nmx: MX.Example.COM\n" AGE, DNS_STS_ENFORCE, 604800, 1, NULL,
			NULL},
		{"max_age 0", V "mode: none\nmax_age: 0\n", DNS_STS_NONE, 0, 0, NULL, NULL},
		{"max_age a year", V "mode: enforce\n" MX "max_age: 31557600\n", DNS_STS_ENFORCE, 31557600, 1, NULL,
			NULL},
		{"max_age short", V "mode: enforce\n" MX "max_age: 3600\n", DNS_STS_ENFORCE, 3600, 1, NULL,
			"max_age is 3600 seconds"},
		{"an empty line", V "\nmode: enforce\n" MX AGE, DNS_STS_ENFORCE, 604800, 1, NULL,
			"line 2: it is empty"},

		{"empty", "", 0, 0, 0, "it is empty", NULL},
		{"blanks", "  \t", 0, 0, 0, "it is empty", NULL},
		{"byte-order mark", "\xef\xbb\xbf" V "mode: enforce\n" MX AGE, 0, 0, 0, "byte-order mark", NULL},
		{"a page", "<!DOCTYPE html>\n<html>\n", 0, 0, 0, "line 1: there is no ':'", NULL},
		{"no version", "mode: enforce\n" MX AGE, 0, 0, 0, "it has no version", NULL},
		{"another version", "version: STSv2\nmode: enforce\n" MX AGE, 0, 0, 0,
			"line 1: the version is not STSv1", NULL},
		{"version in lower case", "version: stsv1\n", 0, 0, 0, "line 1: the version is not STSv1: \"stsv1\"",
			NULL},
		{"no mode", V MX AGE, 0, 0, 0, "it has no mode", NULL},
		{"mode in capitals", V "mode: Enforce\n" MX AGE, 0, 0, 0,
			"line 2: the mode is none of enforce, testing and none: \"Enforce\"", NULL},
		{"an old mode", V "mode: report\n" MX AGE, 0, 0, 0, "line 2: the mode is none of", NULL},
		{"no max_age", V "mode: enforce\n" MX, 0, 0, 0, "it has no max_age", NULL},
		{"a slip", V "mode: enforce\n" MX "max-age: 86400\n", 0, 0, 0,
			"it has no max_age (line 4 has \"max-age\"", NULL},
		{"a capital", V "Mode: enforce\n" MX AGE, 0, 0, 0, "it has no mode (line 2 has \"Mode\"", NULL},
		{"max_age too large", V "mode: enforce\n" MX "max_age: 31557601\n", 0, 0, 0,
			"line 4: max_age is no number of seconds from 0 to 31557600", NULL},
		{"max_age of 11 digits", V "mode: enforce\n" MX "max_age: 00000000001\n", 0, 0, 0, "line 4: max_age",
			NULL},
		{"max_age in words", V "mode: enforce\n" MX "max_age: 1 week\n", 0, 0, 0, "\"1 week\"", NULL},
		{"no mx", V "mode: enforce\n" AGE, 0, 0, 0, "it has no mx", NULL},
		{"testing needs mx too", V "mode: testing\n" AGE, 0, 0, 0, "it has no mx", NULL},
		{"mx empty", V "mode: enforce\nmx:\n" AGE, 0, 0, 0, "line 3: an mx pattern is no host name", NULL},
		{"several in a line", V "mode: enforce\nmx: a.example.com, b.example.com\n" AGE, 0, 0, 0,
			"line 3: an mx line holds one pattern", NULL},
		{"as an old draft had it", V "mode: enforce\nmx: .example.com\n" AGE, 0, 0, 0, "begins with \"*.\"",
			NULL},
		{"a last dot", V "mode: enforce\nmx: mx.example.com.\n" AGE, 0, 0, 0, "has no dot at its end", NULL},
		{"a star inside", V "mode: enforce\nmx: mx.*.example.com\n" AGE, 0, 0, 0, "a star stands for the whole",
			NULL},
		{"part of a label", V "mode: enforce\nmx: mx*.example.com\n" AGE, 0, 0, 0,
			"a star stands for the whole", NULL},
		{"two stars", V "mode: enforce\nmx: *.*.example.com\n" AGE, 0, 0, 0, "a star stands for the whole",
			NULL},
		{"a star alone", V "mode: enforce\nmx: *\n" AGE, 0, 0, 0, "a star stands for the whole", NULL},
		{"an address", V "mode: enforce\nmx: 192.0.2.1\n" AGE, 0, 0, 0, "is no host name", NULL},
		{"as an MX record has it", V "mode: enforce\nmx: 10 mx.example.com\n" AGE, 0, 0, 0, "is no host name",
			NULL},
		{"no colon", V "mode enforce\n", 0, 0, 0, "line 2: there is no ':' in \"mode enforce\"", NULL},
		{"a comment", "# policy\n" V, 0, 0, 0, "line 1: there is no ':'", NULL},
		{"a comment with a colon", "# our: policy\n" V, 0, 0, 0, "line 1: this is no field: \"# our\"", NULL},
		{"a blank first", V " mode: enforce\n", 0, 0, 0, "line 2: it begins with a blank", NULL},
		{"a control character", V "mode: enforce\n" MX AGE "x: \x01\n", 0, 0, 0, "line 5: this is no field",
			NULL},
		{"no UTF-8", V "mode: enforce\n" MX AGE "x: \xff\n", 0, 0, 0, "line 5: this is no field", NULL},
		{"CR alone", "version: STSv1\rmode: enforce\r", 0, 0, 0, "line 1: the version is not STSv1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct dns_sts_policy p;

		dns_sts_policy_read(a, mp_str(rows[i].text), &p);
		if (!rows[i].fault != !p.fault || (p.fault && !strstr(p.fault, rows[i].fault)))
			row_str(rows[i].label, p.fault, rows[i].fault);
		if (!rows[i].remark != !p.n_remarks || (p.n_remarks && !strstr(p.remarks[0], rows[i].remark)))
			row_str(rows[i].label, p.n_remarks ? p.remarks[0] : NULL, rows[i].remark);
		if (!p.fault) {
			row_str(rows[i].label, dns_sts_mode_name(p.mode), dns_sts_mode_name(rows[i].mode));
			row_int(rows[i].label, p.max_age, rows[i].max_age);
			row_int(rows[i].label, (long long)p.n_mx, rows[i].n_mx);
		}
		mp_arena_free(a);
	}
}

/* A NUL is a byte like any other that no field has. */
static void test_nul(void **state)
{
	static const char text[] = V "mode: enforce\nmx: mx.example.com\0.evil.example\n" AGE;
	struct mp_arena *a = mp_arena_new();
	struct dns_sts_policy p;

	(void)state;
	dns_sts_policy_read(a, mp_strn(text, sizeof(text) - 1), &p);
	assert_non_null(p.fault);
	assert_non_null(strstr(p.fault, "line 3"));
	mp_arena_free(a);
}

/* As many patterns as fit: none is lost. */
static void test_many(void **state)
{
	struct mp_buf b = MP_BUF(65536);
	struct mp_arena *a = mp_arena_new();
	struct dns_sts_policy p;

	(void)state;
	mp_buf_adds(&b, V "mode: enforce\n" AGE);
	for (int i = 0; i < 2000; i++)
		mp_buf_addf(&b, "mx: mx%d.example.com\n", i);
	dns_sts_policy_read(a, mp_buf_str(&b), &p);
	assert_null(p.fault);
	assert_int_equal(p.n_mx, 2000);
	assert_true(dns_sts_allows(&p, "mx1999.example.com"));
	assert_false(dns_sts_allows(&p, "mx2000.example.com"));
	mp_buf_release(&b);
	mp_arena_free(a);
}

static void test_matching(void **state)
{
	static const struct {
		const char *pattern, *host;
		bool match;
	} rows[] = {
		{"mail.example.com", "mail.example.com", true},
		{"mail.example.com", "MAIL.Example.com.", true},
		{"mail.example.com", "a.mail.example.com", false},
		{"mail.example.com", "example.com", false},
		{"*.example.com", "mail.example.com", true},
		{"*.example.com", "Mail.EXAMPLE.com", true},
		{"*.example.com", "example.com", false},
		{"*.example.com", "a.b.example.com", false},
		{"*.example.com", "mail.example.com.evil", false},
		{"*.example.com", "mailexample.com", false},
		{"*.example.com", ".example.com", false},
		{"*.example.com", "", false},
		{"*.example.com", "com", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_bool(rows[i].host, dns_sts_mx_matches(rows[i].pattern, rows[i].host), rows[i].match);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_matching),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
