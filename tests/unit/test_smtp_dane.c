/* tests/unit/test_smtp_dane.c - TLSA records against chains that are made here: usages, selectors, digests, paths, names */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "smtp/dane.h"
#include "tests/unit/row.h"

/* 2026-11-21T10:00:00Z: the time of judging. */
#define NOW_S 1795255200L

enum { DAY = 86400 };

/* Who is who: a root signs an issuer, which signs the server's certificates. */
enum who { ROOT, ISSUER, LEAF, LEAF_EXPIRED, LEAF_OTHER_NAME, ISSUER_EXPIRED, LEAF_OF_EXPIRED, STRANGER, N_CERTS };

static X509 *cert[N_CERTS];
static EVP_PKEY *key[N_CERTS];

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void certify(enum who who, enum who by, const char *name, bool ca, long from, long until)
{
	static long serial = 1;
	X509 *x = X509_new();
	char san[64];

	key[who] = EVP_EC_gen("P-256");
	cert[who] = x;
	assert_true(x && key[who]);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	ASN1_TIME_set(X509_getm_notBefore(x), NOW_S + from * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), NOW_S + until * DAY);
	X509_set_pubkey(x, key[who]);
	X509_NAME_add_entry_by_txt(
		X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(cert[by]));
	extend(x, cert[by], NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (!ca) {
		snprintf(san, sizeof(san), "DNS:%s", name);
		extend(x, cert[by], NID_subject_alt_name, san);
	}
	assert_true(X509_sign(x, key[by], EVP_sha256()) > 0);
}

static int make(void **state)
{
	(void)state;
	certify(ROOT, ROOT, "Root", true, -100, 100);
	certify(ISSUER, ROOT, "Issuer", true, -100, 100);
	certify(LEAF, ISSUER, "mx.example.net", false, -10, 10);
	certify(LEAF_EXPIRED, ISSUER, "mx.example.net", false, -10, -1);
	certify(LEAF_OTHER_NAME, ISSUER, "www.example.org", false, -10, 10);
	certify(ISSUER_EXPIRED, ROOT, "Issuer of old", true, -100, -1);
	certify(LEAF_OF_EXPIRED, ISSUER_EXPIRED, "mx.example.net", false, -10, 10);
	certify(STRANGER, STRANGER, "Stranger", true, -10, 10);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CERTS; i++) {
		X509_free(cert[i]);
		EVP_PKEY_free(key[i]);
	}
	return 0;
}

struct data {
	uint8_t p[4096];
	size_t n;
};

/* What a record holds that is about a certificate. */
static void record_of(enum who who, uint8_t selector, uint8_t matching, struct data *out)
{
	unsigned char *der = NULL;
	int n = selector ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert[who]), &der) : i2d_X509(cert[who], &der);
	unsigned n_md = 0;

	assert_true(n > 0 && (size_t)n < sizeof(out->p));
	if (matching) {
		assert_int_equal(
			EVP_Digest(der, (size_t)n, out->p, &n_md, matching == 1 ? EVP_sha256() : EVP_sha512(), NULL),
			1);
		out->n = n_md;
	} else {
		memcpy(out->p, der, (size_t)n);
		out->n = (size_t)n;
	}
	OPENSSL_free(der);
}

enum { NO_ONE = -1 };

static const struct {
	const char *label;
	int sent[4]; /* as the server sends them; NO_ONE ends */
	int usage, selector, matching;
	enum who of; /* whose data the record has */
	const char *names[2];
	enum smtp_dane_fit want;
	const char *why; /* words of it */
} rows[] = {
	/* the server's own certificate: each selector and digest */
	{"3 0 0", {LEAF, ISSUER, NO_ONE}, 3, 0, 0, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"3 0 1", {LEAF, ISSUER, NO_ONE}, 3, 0, 1, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"3 0 2", {LEAF, ISSUER, NO_ONE}, 3, 0, 2, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"3 1 0", {LEAF, ISSUER, NO_ONE}, 3, 1, 0, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"3 1 1", {LEAF, ISSUER, NO_ONE}, 3, 1, 1, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"3 1 2", {LEAF, ISSUER, NO_ONE}, 3, 1, 2, LEAF, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"no name counts with 3", {LEAF_OTHER_NAME, NO_ONE}, 3, 1, 1, LEAF_OTHER_NAME, {"mx.example.net"},
		SMTP_DANE_MATCHES, NULL},
	{"no time counts with 3", {LEAF_EXPIRED, NO_ONE}, 3, 1, 1, LEAF_EXPIRED, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"a self-signed certificate with 3", {STRANGER, NO_ONE}, 3, 0, 1, STRANGER, {NULL}, SMTP_DANE_MATCHES, NULL},
	{"another key", {LEAF, ISSUER, NO_ONE}, 3, 1, 1, LEAF_EXPIRED, {NULL}, SMTP_DANE_DIFFERS, NULL},
	{"the issuer's digest with 3", {LEAF, ISSUER, NO_ONE}, 3, 1, 1, ISSUER, {NULL}, SMTP_DANE_DIFFERS, NULL},

	/* trust anchors that are sent */
	{"2 0 1 of the root", {LEAF, ISSUER, ROOT, NO_ONE}, 2, 0, 1, ROOT, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"2 1 1 of the issuer", {LEAF, ISSUER, NO_ONE}, 2, 1, 1, ISSUER, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"2 1 2 of the issuer", {LEAF, ISSUER, NO_ONE}, 2, 1, 2, ISSUER, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"sent out of order", {LEAF, ROOT, ISSUER, NO_ONE}, 2, 1, 1, ROOT, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"the second name", {LEAF, ISSUER, NO_ONE}, 2, 1, 1, ISSUER, {"alias.example.org", "mx.example.net"},
		SMTP_DANE_MATCHES, NULL},
	{"another name", {LEAF_OTHER_NAME, ISSUER, NO_ONE}, 2, 1, 1, ISSUER, {"mx.example.net"}, SMTP_DANE_NAME,
		"not for mx.example.net"},
	{"expired", {LEAF_EXPIRED, ISSUER, NO_ONE}, 2, 1, 1, ISSUER, {"mx.example.net"}, SMTP_DANE_NO_PATH, "expired"},
	{"an expired issuer in between", {LEAF_OF_EXPIRED, ISSUER_EXPIRED, ROOT, NO_ONE}, 2, 0, 1, ROOT,
		{"mx.example.net"}, SMTP_DANE_NO_PATH, "expired"},
	{"the anchor leads nowhere", {LEAF, ISSUER, STRANGER, NO_ONE}, 2, 0, 1, STRANGER, {"mx.example.net"},
		SMTP_DANE_NO_PATH, ""},
	{"a link is missing", {LEAF, ROOT, NO_ONE}, 2, 0, 1, ROOT, {"mx.example.net"}, SMTP_DANE_NO_PATH, ""},
	{"the anchor is not sent", {LEAF, NO_ONE}, 2, 1, 1, ISSUER, {"mx.example.net"}, SMTP_DANE_DIFFERS, NULL},
	{"the server's own certificate is no anchor", {LEAF, ISSUER, NO_ONE}, 2, 1, 1, LEAF, {"mx.example.net"},
		SMTP_DANE_DIFFERS, NULL},

	/* trust anchors that the record brings */
	{"2 0 0, not sent", {LEAF, NO_ONE}, 2, 0, 0, ISSUER, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"2 0 0 of the root, not sent", {LEAF, ISSUER, NO_ONE}, 2, 0, 0, ROOT, {"mx.example.net"}, SMTP_DANE_MATCHES,
		NULL},
	{"2 0 0 of a stranger", {LEAF, ISSUER, NO_ONE}, 2, 0, 0, STRANGER, {"mx.example.net"}, SMTP_DANE_DIFFERS, NULL},
	{"2 1 0, not sent", {LEAF, NO_ONE}, 2, 1, 0, ISSUER, {"mx.example.net"}, SMTP_DANE_MATCHES, NULL},
	{"2 1 0 of the root, not sent", {LEAF, ISSUER, NO_ONE}, 2, 1, 0, ROOT, {"mx.example.net"}, SMTP_DANE_MATCHES,
		NULL},
	{"2 1 0, expired", {LEAF_EXPIRED, NO_ONE}, 2, 1, 0, ISSUER, {"mx.example.net"}, SMTP_DANE_DIFFERS, NULL},
	{"2 1 0 of a stranger", {LEAF, ISSUER, NO_ONE}, 2, 1, 0, STRANGER, {"mx.example.net"}, SMTP_DANE_DIFFERS, NULL},
};

static void fits(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct smtp_cert *chain = mp_allocn(a, 4, sizeof(*chain));
		struct smtp_tls tls = {.version = "TLSv1.3", .chain = chain};
		struct data d;
		struct smtp_tlsa r = {
			(uint8_t)rows[i].usage, (uint8_t)rows[i].selector, (uint8_t)rows[i].matching, d.p, 0};
		const char *why = "not written";
		enum smtp_dane_fit got;
		size_t n_names = 0;

		for (; tls.n_chain < 4 && rows[i].sent[tls.n_chain] != NO_ONE; tls.n_chain++) {
			unsigned char *der = NULL;
			int n = i2d_X509(cert[rows[i].sent[tls.n_chain]], &der);

			chain[tls.n_chain].der = mp_memdup(a, der, (size_t)n);
			chain[tls.n_chain].n_der = (size_t)n;
			OPENSSL_free(der);
		}
		while (n_names < ARRAY_LEN(rows[i].names) && rows[i].names[n_names])
			n_names++;
		record_of(rows[i].of, r.selector, r.matching, &d);
		r.n = d.n;
		got = smtp_dane_try(a, &tls, &r, rows[i].names, n_names, NOW_S * 1000, &why);
		row_int(rows[i].label, got, rows[i].want);
		if (rows[i].why && (!why || !strstr(why, rows[i].why)))
			fail_msg("row '%s': why is \"%s\", want \"%s\" in it", rows[i].label, why ? why : "",
				rows[i].why);
		/* one bit of the data another: nothing may match any more */
		d.p[d.n - 1] ^= 1;
		got = smtp_dane_try(a, &tls, &r, rows[i].names, n_names, NOW_S * 1000, &why);
		if (got == SMTP_DANE_MATCHES && rows[i].matching)
			fail_msg("row '%s': matches with another digest", rows[i].label);
	}
	mp_arena_free(a);
}

static void odd(void **state)
{
	static const uint8_t junk[] = {0x30, 0x03, 0x02, 0x01, 0x05};
	struct mp_arena *a = mp_arena_new();
	struct smtp_cert bad = {.der = junk, .n_der = sizeof(junk)}, none = {.subject = "CN=mx"};
	struct smtp_tls unread = {.n_chain = 1, .chain = &bad}, lacking = {.n_chain = 1, .chain = &none};
	struct smtp_tlsa whole = {3, 0, 0, junk, sizeof(junk)}, bare = {2, 1, 0, junk, sizeof(junk)};
	struct data d;
	struct smtp_tlsa good = {3, 1, 1, d.p, 0};
	const char *why;

	(void)state;
	record_of(LEAF, 1, 1, &d);
	good.n = d.n;
	assert_int_equal(smtp_dane_try(a, NULL, &whole, NULL, 0, 0, &why), SMTP_DANE_UNUSABLE);
	assert_string_equal(why, "its data is no certificate");
	assert_int_equal(smtp_dane_try(a, NULL, &bare, NULL, 0, 0, &why), SMTP_DANE_UNUSABLE);
	assert_string_equal(why, "its data is no public key");
	assert_int_equal(smtp_dane_try(a, NULL, &good, NULL, 0, 0, &why), SMTP_DANE_NO_CHAIN);
	assert_int_equal(smtp_dane_try(a, &unread, &good, NULL, 0, 0, &why), SMTP_DANE_NO_CHAIN);
	assert_int_equal(smtp_dane_try(a, &lacking, &good, NULL, 0, 0, &why), SMTP_DANE_NO_CHAIN);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits),
		cmocka_unit_test(odd),
	};

	return cmocka_run_group_tests_name("smtp_dane", tests, make, unmake);
}
