/* tests/unit/test_dns_dkim_key.c - DKIM key records and private keys */
#include <stdarg.h>
#include <stddef.h>

#include "dns/dkim_key.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/row.h"

/* RFC 8463 A.2 */
#define RFC8463_ED "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RFC8463_RSA                                                                                              \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/b" \
	"yYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l" \
	"/K4w3QIDAQAB"

static const struct row {
	const char *label, *record;
	const char *fault; /* a part of it; NULL: usable; "-": no key record at all */
	enum dns_dkim_type type;
	unsigned bits;
	const char *hint;  /* a part of it, or NULL */
	const char *flags; /* letters: t testing, s strict, r revoked, p private */
} rows[] = {
	{"RFC 8463, Ed25519", "v=DKIM1; k=ed25519; p=" RFC8463_ED, NULL, DNS_DKIM_ED25519, 256, NULL, ""},
	{"RFC 8463, RSA", "v=DKIM1; k=rsa; p=" RFC8463_RSA, NULL, DNS_DKIM_RSA, 1024, NULL, ""},
	{"p alone", "p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, ""},
	{"512 bits", "v=DKIM1; p=" RSA512_P, NULL, DNS_DKIM_RSA, 512, NULL, ""},
	{"RSAPublicKey without a header", "v=DKIM1; k=rsa; p=" RSA1024_P_PKCS1, NULL, DNS_DKIM_RSA, 1024, NULL, ""},
	{"white space in p",
		"v=DKIM1; k=rsa; p= MIGf\r\n\tMA0G\t"
		"CSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6"
		"Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5Qjv"
		"HO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB ;",
		NULL, DNS_DKIM_RSA, 1024, NULL, ""},
	{"testing and strict", "v=DKIM1; t=y:s; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, "ts"},
	{"flags of the future", "v=DKIM1; t=z : s; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, "s"},
	{"hashes", "v=DKIM1; h=sha1:sha256; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, ""},
	{"SHA-1 alone", "v=DKIM1; h=sha1; p=" RSA2048_P, "the hash sha1 alone", DNS_DKIM_RSA, 0, NULL, ""},
	{"for mail", "v=DKIM1; s=email; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, ""},
	{"for anything", "v=DKIM1; s=other:*; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, ""},
	{"for something else", "v=DKIM1; s=tlsrpt; p=" RSA2048_P, "not for mail: it has s=tlsrpt", DNS_DKIM_RSA, 0,
		NULL, ""},
	{"revoked", "v=DKIM1; p=", "revoked", DNS_DKIM_RSA, 0, NULL, "r"},
	{"revoked, Ed25519", "v=DKIM1; k=ed25519; p= ;", "revoked", DNS_DKIM_ED25519, 0, NULL, "r"},
	{"no p", "v=DKIM1; k=rsa", "has no tag p", DNS_DKIM_RSA, 0, NULL, ""},
	{"another version", "v=DKIM2; p=" RSA2048_P, "has v=DKIM2", DNS_DKIM_RSA, 0, NULL, ""},
	{"lower case", "v=dkim1; p=" RSA2048_P, "has v=dkim1", DNS_DKIM_RSA, 0, NULL, ""},
	{"v not first", "k=rsa; v=DKIM1; p=" RSA2048_P, "another place", DNS_DKIM_RSA, 0, NULL, ""},
	{"unknown type", "v=DKIM1; k=dsa; p=" RSA2048_P, "k=dsa", DNS_DKIM_UNKNOWN, 0, NULL, ""},
	{"type in capitals", "v=DKIM1; k=RSA; p=" RSA2048_P, "k=RSA", DNS_DKIM_UNKNOWN, 0, NULL, ""},
	{"no base64", "v=DKIM1; p=MIGf!A0G", "does not have (byte 16 of the record)", DNS_DKIM_RSA, 0, NULL, ""},
	{"base64 cut off", "v=DKIM1; p=MIGfM", "in the middle of a group", DNS_DKIM_RSA, 0, NULL, ""},
	{"key cut off", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQ", "is cut off: its key has 33 of 162",
		DNS_DKIM_RSA, 0, "255 bytes", ""},
	{"no key at all", "v=DKIM1; p=aGVsbG8gd29ybGQ=", "holds no RSA public key", DNS_DKIM_RSA, 0, NULL, ""},
	{"key pasted twice", "v=DKIM1; p=" RSA1024_P RSA1024_P, "162 bytes behind the end", DNS_DKIM_RSA, 0,
		"pasted twice", ""},
	{"record pasted twice", "v=DKIM1; k=rsa; p=" RSA2048_P "v=DKIM1; k=rsa; p=" RSA2048_P, "tag \"k\" twice",
		DNS_DKIM_RSA, 0, "pasted twice", ""},
	{"record pasted twice, with a semicolon", "v=DKIM1; p=" RSA2048_P ";v=DKIM1; p=" RSA2048_P, "tag \"v\" twice",
		DNS_DKIM_RSA, 0, "pasted twice", ""},
	{"quotation marks", "\"v=DKIM1; k=rsa; p=" RSA2048_P "\"", "no valid tag name", DNS_DKIM_RSA, 0,
		"quotation marks", ""},
	{"quotation marks within", "v=DKIM1; k=rsa; p=MIGf\" \"MA0G", "byte 23", DNS_DKIM_RSA, 0, "quotation marks",
		""},
	{"backslashes", "v=DKIM1\\; k=rsa\\; p=" RSA2048_P, "has v=DKIM1\\", DNS_DKIM_UNKNOWN, 0, "backslashes", ""},
	{"armour", "v=DKIM1; p=-----BEGIN PUBLIC KEY-----" RSA2048_P "-----END PUBLIC KEY-----", "no base64",
		DNS_DKIM_RSA, 0, "BEGIN and END", ""},
	{"the private key", "v=DKIM1; p=" RSA1024_P_PRIVATE, "holds the private key", DNS_DKIM_RSA, 0, NULL, "p"},
	{"Ed25519 without k", "v=DKIM1; p=" ED25519_P, "32 bytes", DNS_DKIM_RSA, 0, "k=ed25519 is missing", ""},
	{"Ed25519 with a header", "v=DKIM1; k=ed25519; p=" ED25519_P_SPKI, "header around it", DNS_DKIM_ED25519, 0,
		NULL, ""},
	{"RSA called Ed25519", "v=DKIM1; k=ed25519; p=" RSA2048_P, "holds an RSA key", DNS_DKIM_ED25519, 0, "k=rsa",
		""},
	{"Ed25519, 31 bytes", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUQ==", "holds 31 bytes",
		DNS_DKIM_ED25519, 0, NULL, ""},
	{"unknown tags", "v=DKIM1; x=1; p=" RSA2048_P, NULL, DNS_DKIM_RSA, 2048, NULL, ""},
	{"a syntax error", "v=DKIM1; hello; p=" RSA2048_P, "no '=' in \"hello\"", DNS_DKIM_RSA, 0, NULL, ""},
	{"SPF text", "v=spf1 -all", "-", DNS_DKIM_UNKNOWN, 0, NULL, ""},
	{"something else", "google-site-verification=abc", "-", DNS_DKIM_UNKNOWN, 0, NULL, ""},
	{"nothing", "", "-", DNS_DKIM_UNKNOWN, 0, NULL, ""},
};

static void has(const char *label, const char *text, const char *part)
{
	if ((!text != !part) || (part && !strstr(text, part)))
		fail_msg("row '%s': got \"%s\", want \"%s\"", label, text ? text : "(null)", part ? part : "(null)");
}

static void records(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_arena *a = mp_arena_new();
		struct dns_dkim_key k = {0};
		bool is = dns_dkim_key_parse(a, mp_str(row->record), &k),
		     none = row->fault && strcmp(row->fault, "-") == 0;

		row_bool(row->label, is, !none);
		if (is) {
			has(row->label, k.fault, row->fault);
			row_int(row->label, k.bits, row->bits);
			if (!row->hint)
				row_str(row->label, k.hint, NULL);
			else
				has(row->label, k.hint, row->hint);
			row_bool(row->label, k.testing, strchr(row->flags, 't') != NULL);
			row_bool(row->label, k.strict, strchr(row->flags, 's') != NULL);
			row_bool(row->label, k.revoked, strchr(row->flags, 'r') != NULL);
			row_bool(row->label, k.private_key, strchr(row->flags, 'p') != NULL);
			row_bool(row->label, k.public_key != NULL, !row->fault);
		}
		mp_arena_free(a);
	}
}

static const struct pem_row {
	const char *label, *pem;
	const char *record; /* that belongs to it, or NULL */
	const char *error;  /* part of it */
} pems[] = {
	{"PKCS#1", RSA1024_PKCS1, "p=" RSA1024_P, NULL},
	{"PKCS#8", RSA1024_PKCS8, "k=rsa; p=" RSA1024_P, NULL},
	{"the same key in the other form", RSA1024_PKCS8, "p=" RSA1024_P_PKCS1, NULL},
	{"Ed25519", ED25519_PKCS8, "k=ed25519; p=" ED25519_P, NULL},
	{"text before it", "Bag Attributes\n" ED25519_PKCS8, "k=ed25519; p=" ED25519_P, NULL},
	{"encrypted", RSA1024_ENCRYPTED, NULL, "encrypted"},
	{"elliptic curve", EC_PRIVATE, NULL, "neither RSA nor Ed25519"},
	{"a public key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", NULL, "is a public key"},
	{"damaged", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", NULL, "damaged"},
	{"anything", "hello", NULL, "no private key in PEM"},
	{"nothing", "", NULL, "no private key in PEM"},
};

static void private_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pems); i++) {
		const struct pem_row *row = &pems[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_err err = {.msg = ""};
		const char *text = NULL;
		int rc = dns_dkim_public_of_pem(a, mp_str(row->pem), &text, &err);
		struct dns_dkim_key k;

		row_int(row->label, rc, row->record ? MP_OK : MP_EPARSE);
		if (row->record) {
			unsigned bits;

			row_bool(row->label, dns_dkim_key_parse(a, mp_str(row->record), &k), true);
			row_str(row->label, text, k.public_key);
			row_int(row->label, dns_dkim_public_type(text, &bits), k.type);
			row_int(row->label, bits, k.bits);
			/* What would be told to publish is that key again. */
			row_bool(row->label, dns_dkim_key_parse(a, mp_str(dns_dkim_record_of(a, text)), &k), true);
			row_str(row->label, k.public_key, text);
			row_str(row->label, k.fault, NULL);
		} else {
			has(row->label, err.msg, row->error);
			row_str(row->label, text, NULL);
		}
		mp_arena_free(a);
	}
}

static void hostile(void **state)
{
	static const char *const parts[] = {"p=A;", "A", "=", "\"", "\xff\x01", ";", "p=", "MIGf"};
	enum { SIZE = 65535 };
	char *bytes = mp_xmalloc(SIZE);
	unsigned bits;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct mp_arena *a = mp_arena_new();
		size_t n = strlen(parts[i]);
		struct dns_dkim_key k;

		for (size_t at = 0; at < SIZE; at++)
			bytes[at] = parts[i][at % n];
		memcpy(bytes, "v=DKIM1;p=", 10);
		assert_true(dns_dkim_key_parse(a, mp_strn(bytes, SIZE), &k));
		assert_non_null(k.fault);
		mp_arena_free(a);
	}
	free(bytes);
	assert_int_equal(dns_dkim_public_type("AAAA", &bits), DNS_DKIM_UNKNOWN);
	assert_int_equal(bits, 0);
	assert_int_equal(dns_dkim_public_type("no base64!", &bits), DNS_DKIM_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(private_keys),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
