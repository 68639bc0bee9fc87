/* dns/dkim_key.c - see dns/dkim_key.h */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/base64.h"
#include "base/tags.h"
#include "base/text.h"
#include "dns/dkim_key.h"

enum { KEY_MAX = 8192, ED25519_BYTES = 32 }; /* bytes of a key: RSA of 16384 bits needs 2070 */

const char *dns_dkim_type_name(enum dns_dkim_type t)
{
	return t == DNS_DKIM_RSA ? "rsa" : t == DNS_DKIM_ED25519 ? "ed25519" : "unknown";
}

char *dns_dkim_key_name(struct mp_arena *a, const char *selector, const char *domain)
{
	return mp_printf(a, "%s._domainkey.%s", selector, domain);
}

/* ---- keys */

static char *public_text(struct mp_arena *a, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	char *out = n > 0 ? mp_base64_encode(a, der, (size_t)n) : NULL;

	OPENSSL_free(der);
	return out;
}

/* What a DER SEQUENCE says of its length, header included; 0 when the bytes begin with none. */
static size_t der_length(struct mp_bytes b)
{
	size_t n = 0, more;

	if (b.n < 2 || b.p[0] != 0x30)
		return 0;
	if (b.p[1] < 0x80)
		return (size_t)b.p[1] + 2;
	more = b.p[1] & 0x7f;
	if (more == 0 || more > 3 || b.n < 2 + more)
		return 0;
	for (size_t i = 0; i < more; i++)
		n = n << 8 | b.p[2 + i];
	return n + 2 + more;
}

static enum dns_dkim_type type_of(const EVP_PKEY *key)
{
	int id = EVP_PKEY_get_base_id(key);

	return id == EVP_PKEY_RSA ? DNS_DKIM_RSA : id == EVP_PKEY_ED25519 ? DNS_DKIM_ED25519 : DNS_DKIM_UNKNOWN;
}

/* The key that is all of `b`: SubjectPublicKeyInfo, or RSAPublicKey as RFC 6376 has it literally. */
static EVP_PKEY *decode_public(struct mp_bytes b)
{
	const unsigned char *p = b.p;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &p, (long)b.n);

	if (!key || p != b.p + b.n) {
		EVP_PKEY_free(key);
		p = b.p;
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)b.n);
		if (key && p != b.p + b.n) {
			EVP_PKEY_free(key);
			key = NULL;
		}
	}
	ERR_clear_error();
	return key;
}

static bool is_private(struct mp_bytes b)
{
	const unsigned char *p = b.p;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)b.n);

	ERR_clear_error();
	EVP_PKEY_free(key);
	return key != NULL;
}

static void read_rsa(struct mp_arena *a, struct mp_bytes b, struct dns_dkim_key *k)
{
	size_t says = der_length(b);
	EVP_PKEY *key = decode_public(b);

	if (key && type_of(key) == DNS_DKIM_RSA) {
		k->bits = (unsigned)EVP_PKEY_get_bits(key);
		k->public_key = public_text(a, key);
	} else if (key && type_of(key) == DNS_DKIM_ED25519) {
		k->fault = "says k=rsa and holds an Ed25519 key";
		k->hint = "The tag k=ed25519 is missing, and p holds the key in the form of other uses.";
	} else if (is_private(b)) {
		k->private_key = true;
		k->fault = "holds the private key, which everybody can read now";
	} else if (b.n == ED25519_BYTES) {
		k->fault = "says k=rsa (or nothing) and holds 32 bytes, the size of an Ed25519 key";
		k->hint = "The tag k=ed25519 is missing.";
	} else if (says > b.n) {
		k->fault = mp_printf(a, "is cut off: its key has %zu of %zu bytes", b.n, says);
		k->hint = "A TXT string holds 255 bytes; a longer record is written as several quoted strings.";
	} else if (says && says < b.n) {
		k->fault = mp_printf(a, "has %zu bytes behind the end of its key", b.n - says);
		k->hint = "The key was probably pasted twice.";
	} else {
		k->fault = "holds no RSA public key";
	}
	EVP_PKEY_free(key);
}

static void read_ed25519(struct mp_arena *a, struct mp_bytes b, struct dns_dkim_key *k)
{
	EVP_PKEY *key = NULL;

	if (b.n == ED25519_BYTES) {
		key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, b.p, b.n);
		k->bits = 256;
		k->public_key = key ? public_text(a, key) : NULL;
		EVP_PKEY_free(key);
		return;
	}
	key = decode_public(b);
	if (key && type_of(key) == DNS_DKIM_ED25519) {
		k->fault = "holds an Ed25519 key with a header around it; RFC 8463 wants the 32 bytes alone";
		k->p_wanted = mp_base64_encode(a, b.p + b.n - ED25519_BYTES, ED25519_BYTES);
	} else if (key && type_of(key) == DNS_DKIM_RSA) {
		k->fault = "says k=ed25519 and holds an RSA key";
		k->hint = "The tag should be k=rsa.";
	} else if (is_private(b)) {
		k->private_key = true;
		k->fault = "holds the private key, which everybody can read now";
	} else {
		k->fault = mp_printf(a, "holds %zu bytes, and an Ed25519 key has 32", b.n);
	}
	EVP_PKEY_free(key);
}

/* ---- the record */

/* What people do to records on their way into the DNS. */
static const char *near_miss(struct mp_str record, struct mp_str p)
{
	if (mp_str_ifind(record, "BEGIN ") >= 0 && mp_str_ifind(record, "-----") >= 0)
		return "The lines BEGIN and END of the key file are no part of it.";
	if (mp_str_ifind(p, "v=DKIM1") >= 0 || mp_str_ifind(p, "p=") >= 0)
		return "The record was probably pasted twice.";
	if (record.n && memchr(record.p, '"', record.n))
		return "There are quotation marks inside the record; they belong around its strings in a zone file alone.";
	if (record.n && memchr(record.p, '\\', record.n))
		return "There are backslashes inside the record; they belong into some zone files alone.";
	if (mp_str_ifind(record, "IN TXT") >= 0)
		return "The record holds a whole line of a zone file.";
	return NULL;
}

static bool list_has(struct mp_str list, const char *const *words)
{
	struct mp_str item;

	while (mp_tag_item(&list, ':', &item))
		for (size_t i = 0; words[i]; i++)
			if (mp_str_eq(item, mp_str(words[i])))
				return true;
	return false;
}

static void read_flags(struct mp_str list, struct dns_dkim_key *k)
{
	struct mp_str item;

	while (mp_tag_item(&list, ':', &item)) {
		k->testing = k->testing || mp_str_eq(item, MP_LIT("y"));
		k->strict = k->strict || mp_str_eq(item, MP_LIT("s"));
	}
}

static void read_p(struct mp_arena *a, const struct mp_tag *p, struct dns_dkim_key *k)
{
	struct mp_bytes b;
	size_t at;
	const char *wrong;

	if (!p->value.n) {
		k->revoked = true;
		k->fault = "has an empty p: the key is revoked";
		return;
	}
	if (p->value.n > KEY_MAX) {
		k->fault = mp_printf(a, "has a key of %zu characters, longer than any that is used", p->value.n);
		return;
	}
	wrong = mp_base64_decode(a, p->value, &b, &at);
	if (wrong) {
		k->fault = mp_printf(
			a, "has a key that is no base64: it %s (byte %zu of the record)", wrong, p->value_at + at + 1);
		return;
	}
	if (k->type == DNS_DKIM_RSA)
		read_rsa(a, b, k);
	else
		read_ed25519(a, b, k);
}

/* The tags beside p, in the order in which a verifier would give up. */
static void read_tags(struct mp_arena *a, const struct mp_tags *t, struct dns_dkim_key *k)
{
	static const char *const hashes[] = {"sha256", NULL}, *const services[] = {"*", "email", NULL};
	static const char *const known[] = {"v", "k", "h", "s", "t", "n", "p", "g", NULL};
	const struct mp_tag *v = mp_tag_find(t, "v"), *key = mp_tag_find(t, "k"), *h = mp_tag_find(t, "h"),
			    *s = mp_tag_find(t, "s"), *n = mp_tag_find(t, "n"), *flags = mp_tag_find(t, "t"),
			    *p = mp_tag_find(t, "p");

	k->type = !key || mp_str_eq(key->value, MP_LIT("rsa")) ? DNS_DKIM_RSA
		  : mp_str_eq(key->value, MP_LIT("ed25519"))   ? DNS_DKIM_ED25519
							       : DNS_DKIM_UNKNOWN;
	k->hash = h ? mp_tag_shown(a, h->value) : NULL;
	k->notes = n ? mp_tag_shown(a, n->value) : NULL;
	if (flags)
		read_flags(flags->value, k);
	for (size_t i = 0; i < t->n; i++) {
		bool is = false;

		for (size_t w = 0; known[w]; w++)
			is = is || mp_str_eq(t->tag[i].name, mp_str(known[w]));
		if (!is)
			k->remark =
				mp_printf(a, "The tag \"%s\" is unknown and ignored.", mp_tag_shown(a, t->tag[i].name));
	}
	if (v && !mp_str_eq(v->value, MP_LIT("DKIM1"))) {
		k->fault = mp_printf(a, "has v=%s, and only v=DKIM1 is known", mp_tag_shown(a, v->value));
	} else if (v && v != &t->tag[0]) {
		k->fault = "has v=DKIM1 in another place than the beginning";
	} else if (t->n_faults) {
		k->fault = mp_tag_fault_words(a, &t->fault[0]);
		if (t->fault[0].trouble == MP_TAG_TWICE)
			k->hint = "The record was probably pasted twice.";
	} else if (!p) {
		k->fault = "has no tag p";
	} else if (k->type == DNS_DKIM_UNKNOWN) {
		k->fault = mp_printf(
			a, "has k=%s, a type that verifiers do not know (rsa or ed25519)", mp_tag_shown(a, key->value));
	} else if (h && !list_has(h->value, hashes)) {
		k->fault = mp_printf(a, "allows the hash %s alone, and only sha256 may be used", k->hash);
	} else if (s && !list_has(s->value, services)) {
		k->fault = mp_printf(a, "is not for mail: it has s=%s", mp_tag_shown(a, s->value));
	}
	if (p && !k->fault)
		read_p(a, p, k);
}

bool dns_dkim_key_parse(struct mp_arena *a, struct mp_str record, struct dns_dkim_key *out)
{
	struct mp_tags *t = mp_alloc(a, sizeof(*t));
	const struct mp_tag *p;

	memset(out, 0, sizeof(*out));
	mp_tags_parse(record, t);
	p = mp_tag_find(t, "p");
	if (!p && mp_str_ifind(mp_strn(record.p, record.n < 1024 ? record.n : 1024), "DKIM1") < 0 &&
		!mp_tag_find(t, "k"))
		return false;
	out->text = mp_text(a, record);
	read_tags(a, t, out);
	if (out->fault && !out->hint && !out->revoked)
		out->hint = near_miss(mp_strn(record.p, record.n < KEY_MAX ? record.n : KEY_MAX),
			p && p->value.n < KEY_MAX ? p->value : mp_strn(NULL, 0));
	return true;
}

/* ---- private keys */

/* Without one the library would ask at the terminal. */
static int no_passphrase(char *buf, int size, int rwflag, void *user)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)user;
	return -1;
}

int dns_dkim_public_of_pem(struct mp_arena *a, struct mp_str pem, const char **out, struct mp_err *err)
{
	BIO *in = pem.n && pem.n <= INT32_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
	const char *text = NULL;
	int rc = MP_OK;

	if (key && type_of(key) != DNS_DKIM_UNKNOWN)
		text = public_text(a, key);
	if (text)
		*out = text;
	else if (key)
		rc = mp_fail(err, MP_EPARSE, "is a private key, but neither RSA nor Ed25519");
	else if (mp_str_ifind(pem, "ENCRYPTED") >= 0)
		rc = mp_fail(err, MP_EPARSE, "is an encrypted private key; DKIM signers need one without a passphrase");
	else if (mp_str_ifind(pem, "PRIVATE KEY-----") >= 0)
		rc = mp_fail(err, MP_EPARSE, "is a private key that is damaged");
	else if (mp_str_ifind(pem, "PUBLIC KEY-----") >= 0)
		rc = mp_fail(err, MP_EPARSE, "is a public key; the private one is wanted");
	else
		rc = mp_fail(err, MP_EPARSE, "is no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
	ERR_clear_error();
	EVP_PKEY_free(key);
	BIO_free(in);
	return rc;
}

enum dns_dkim_type dns_dkim_public_type(const char *public_key, unsigned *bits)
{
	struct mp_arena *a = mp_arena_new();
	enum dns_dkim_type type = DNS_DKIM_UNKNOWN;
	struct mp_bytes b;
	size_t at;

	*bits = 0;
	if (strlen(public_key) <= KEY_MAX && !mp_base64_decode(a, mp_str(public_key), &b, &at)) {
		EVP_PKEY *key = decode_public(b);

		if (key) {
			type = type_of(key);
			*bits = type == DNS_DKIM_ED25519 ? 256 : (unsigned)EVP_PKEY_get_bits(key);
		}
		EVP_PKEY_free(key);
	}
	mp_arena_free(a);
	return type;
}

char *dns_dkim_record_of(struct mp_arena *a, const char *public_key)
{
	unsigned bits;
	enum dns_dkim_type type = dns_dkim_public_type(public_key, &bits);
	struct mp_bytes b;
	size_t at;

	if (type == DNS_DKIM_RSA)
		return mp_printf(a, "v=DKIM1; k=rsa; p=%s", public_key);
	if (type != DNS_DKIM_ED25519 || mp_base64_decode(a, mp_str(public_key), &b, &at) || b.n < ED25519_BYTES)
		return NULL;
	/* RFC 8463 4: without the header, which is what stands before the last 32 bytes (RFC 8410 4). */
	return mp_printf(a, "v=DKIM1; k=ed25519; p=%s", mp_base64_encode(a, b.p + b.n - ED25519_BYTES, ED25519_BYTES));
}
