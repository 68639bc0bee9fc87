/* tests/unit/test_dkim.c - signatures: read with all their faults, made and verified, and what damage does to them */
#include <stdarg.h>
#include <stddef.h>

#include "dns/dkim_key.h"
#include "smtp/dkim.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/row.h"

#define HASH_44 "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define REST "; d=example.com; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=AAAA; h=From"

static const struct row {
	const char *label, *value;
	enum smtp_sig_trouble trouble;
	const char *fault; /* part of it */
} rows[] = {
	{"the least", "v=1" REST, SMTP_SIG_GOOD, NULL},
	{"unknown tags", "v=1" REST ":To; foo=bar; z=x", SMTP_SIG_GOOD, NULL},
	{"Ed25519", "v=1; d=example.com; s=s1; a=ed25519-sha256; bh=" HASH_44 "; b=AAAA; h=from", SMTP_SIG_GOOD, NULL},
	{"an identity below", "v=1" REST "; i=joe@sub.Example.com", SMTP_SIG_GOOD, NULL},
	{"an identity without a local part", "v=1" REST "; i=@example.com", SMTP_SIG_GOOD, NULL},
	{"a foreign identity", "v=1" REST "; i=@notexample.com", SMTP_SIG_UNUSABLE, "not below its own domain"},
	{"an identity that is none", "v=1" REST "; i=example.com", SMTP_SIG_MALFORMED, "no address"},
	{"no version", REST, SMTP_SIG_MALFORMED, "empty tag"},
	{"another version", "v=2" REST, SMTP_SIG_MALFORMED, "only v=1 is known"},
	{"no domain", "v=1; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=AAAA; h=From", SMTP_SIG_MALFORMED, "no tag d"},
	{"a domain that is none", "v=1; d=a..b; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=AAAA; h=From", SMTP_SIG_MALFORMED,
		"no name"},
	{"no b", "v=1; d=example.com; s=s1; a=rsa-sha256; bh=" HASH_44 "; h=From", SMTP_SIG_MALFORMED, "no tag b"},
	{"an empty b", "v=1; d=example.com; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=; h=From", SMTP_SIG_MALFORMED,
		"empty tag b"},
	{"a b that is no base64", "v=1; d=example.com; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=A!; h=From",
		SMTP_SIG_MALFORMED, "no base64"},
	{"a short body hash", "v=1; d=example.com; s=s1; a=rsa-sha256; bh=AAAA; b=AAAA; h=From", SMTP_SIG_UNUSABLE,
		"3 bytes"},
	{"SHA-1", "v=1; d=example.com; s=s1; a=rsa-sha1; bh=AAAA; b=AAAA; h=From", SMTP_SIG_UNUSABLE, "SHA-1"},
	{"an unknown algorithm", "v=1; d=example.com; s=s1; a=dsa-sha256; bh=" HASH_44 "; b=AAAA; h=From",
		SMTP_SIG_UNUSABLE, "not known"},
	{"From not signed", "v=1; d=example.com; s=s1; a=rsa-sha256; bh=" HASH_44 "; b=AAAA; h=To:Subject",
		SMTP_SIG_UNUSABLE, "From:"},
	{"an empty name", "v=1" REST "::To", SMTP_SIG_MALFORMED, "empty name"},
	{"an unknown form", "v=1" REST "; c=relaxed/nowsp", SMTP_SIG_MALFORMED, "c=relaxed/nowsp"},
	{"another way to the key", "v=1" REST "; q=http", SMTP_SIG_UNUSABLE, "dns/txt"},
	{"over before it began", "v=1" REST "; t=100; x=100", SMTP_SIG_UNUSABLE, "ends"},
	{"a time that is none", "v=1" REST "; t=soon", SMTP_SIG_MALFORMED, "no time"},
	{"a length that is none", "v=1" REST "; l=-1", SMTP_SIG_MALFORMED, "no number"},
	{"a tag twice", "v=1" REST "; d=example.org", SMTP_SIG_MALFORMED, "twice"},
	{"nothing", "", SMTP_SIG_MALFORMED, "empty tag"},
};

static void reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct smtp_header h;
		struct smtp_sig s;

		smtp_header_parse(a, mp_str(mp_printf(a, "DKIM-Signature: %s\r\n", rows[i].value)), &h);
		smtp_sig_read(a, SMTP_SIG_DKIM, &h.field[0], &s);
		if (s.fault && rows[i].fault && !strstr(s.fault, rows[i].fault))
			fail_msg("row '%s': \"%s\" lacks \"%s\"", rows[i].label, s.fault, rows[i].fault);
		row_bool(rows[i].label, s.fault != NULL, rows[i].fault != NULL);
		row_int(rows[i].label, s.trouble, rows[i].trouble);
		mp_arena_free(a);
	}
}

/* ---- made, and verified */

#define HEADER                                                                                 \
	"From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: A  test\r\n of it\r\n" \
	"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
#define BODY "Hello,  Bob \r\n\r\nbye\r\n\r\n"

static const struct made_row {
	const char *label;
	const char *from, *to; /* a piece of the header that is replaced; NULL: nothing */
	bool simple, relaxed;  /* does it still verify */
} made[] = {
	{"untouched", NULL, NULL, true, true},
	{"white space", "A  test\r\n of", "A test of", false, true},
	{"the case of a name", "Subject:", "SUBJECT:", false, true},
	{"a word", "A  test", "A  text", false, false},
	{"a field gone", "To: bob@example.net\r\n", "", false, false},
	{"a second From above", "From:", "From: eve@example.org\r\nFrom:", false, false},
	{"a second From below", "To:", "From: eve@example.org\r\nTo:", false, false},
	{"a field that nobody signed", "To:", "X-Spam: no\r\nTo:", true, true},
};

static char *replaced(struct mp_arena *a, const char *text, const char *from, const char *to)
{
	const char *at = from ? strstr(text, from) : NULL;

	if (!from)
		return mp_dup(a, text);
	assert_non_null(at);
	return mp_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void check_made(const struct made_row *r, const char *pem, enum smtp_canon how)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_private *key = smtp_private_new(mp_str(pem), NULL);
	struct smtp_signer signer = {"example.com", "s1", key, how, how, 1795255200};
	const char *field = smtp_dkim_sign(a, &signer, MP_LIT(HEADER), MP_LIT(BODY)), *spki = NULL;
	struct smtp_public *public;
	struct smtp_header h;
	struct smtp_sig s;

	assert_int_equal(dns_dkim_public_of_pem(a, mp_str(pem), &spki, NULL), MP_OK);
	public = smtp_public_new(spki);
	smtp_header_parse(a, mp_str(mp_printf(a, "%s%s", field, replaced(a, HEADER, r->from, r->to))), &h);
	smtp_sig_read(a, SMTP_SIG_DKIM, &h.field[0], &s);
	row_str(r->label, s.fault, NULL);
	row_int(r->label, s.header, how);
	row_int(r->label, s.signed_s, 1795255200);
	row_bool(r->label, smtp_sig_verify(&h, &h.field[0], &s, public), how == SMTP_SIMPLE ? r->simple : r->relaxed);
	/* a bit of the signature, and of what the signature itself says */
	s.signature.p[0] ^= 1;
	row_bool(r->label, smtp_sig_verify(&h, &h.field[0], &s, public), false);
	smtp_public_free(public);
	smtp_private_free(key);
	mp_arena_free(a);
}

static void making(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		for (enum smtp_canon how = SMTP_SIMPLE; how <= SMTP_RELAXED; how++) {
			check_made(&made[i], RSA1024_PKCS8, how);
			check_made(&made[i], ED25519_PKCS8, how);
		}
}

/* No line of a made signature is too long for any relay, and From is signed once more than it is there. */
static void form(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_private *key = smtp_private_new(mp_str(RSA1024_PKCS8), NULL);
	struct smtp_signer signer = {"example.com", "s1", key, SMTP_RELAXED, SMTP_SIMPLE, 1795255200};
	struct mp_str rest = mp_str(smtp_dkim_sign(a, &signer, MP_LIT(HEADER), MP_LIT(BODY))), line;

	(void)state;
	assert_non_null(strstr(rest.p, "c=relaxed/simple;"));
	assert_non_null(strstr(rest.p, "h=From:From:To:Subject:Date:Message-ID;"));
	assert_null(strstr(rest.p, "l="));
	while (mp_str_split(&rest, '\n', &line)) {
		assert_true(line.n <= 79);
		assert_true(!line.n || line.p[line.n - 1] == '\r');
	}
	smtp_private_free(key);
	mp_arena_free(a);
}

static void no_key(void **state)
{
	static const char *const bad[] = {
		"", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
	struct mp_err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(smtp_private_new(mp_str(bad[i]), &err));
	assert_null(smtp_public_new(""));
	assert_null(smtp_public_new("AAAA"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(making),
		cmocka_unit_test(form),
		cmocka_unit_test(no_key),
	};

	return cmocka_run_group_tests_name("dkim", tests, NULL, NULL);
}
