/* smtp/sign.c - see smtp/sign.h */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "smtp/sign.h"

enum { KEY_TEXT_MAX = 16384 };

struct smtp_hash {
	EVP_MD_CTX *run, *copy;
};

struct smtp_public {
	EVP_PKEY *key;
};

struct smtp_private {
	EVP_PKEY *key;
};

/* Out of memory, or a library without SHA-256: nothing can go on. */
static void need(bool done)
{
	if (!done) {
		fputs("mailprobe: libcrypto failed\n", stderr);
		abort();
	}
}

struct smtp_hash *smtp_hash_new(void)
{
	struct smtp_hash *h = mp_xmalloc(sizeof(*h));

	h->run = EVP_MD_CTX_new();
	h->copy = EVP_MD_CTX_new();
	need(h->run && h->copy && EVP_DigestInit_ex(h->run, EVP_sha256(), NULL) == 1);
	return h;
}

void smtp_hash_free(struct smtp_hash *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->run);
	EVP_MD_CTX_free(h->copy);
	free(h);
}

void smtp_hash_add(struct smtp_hash *h, struct mp_str bytes)
{
	need(!bytes.n || EVP_DigestUpdate(h->run, bytes.p, bytes.n) == 1);
}

void smtp_hash_now(struct smtp_hash *h, struct mp_str then, uint8_t out[static SMTP_HASH])
{
	need(EVP_MD_CTX_copy_ex(h->copy, h->run) == 1 && (!then.n || EVP_DigestUpdate(h->copy, then.p, then.n) == 1) &&
		EVP_DigestFinal_ex(h->copy, out, NULL) == 1);
}

void smtp_sha256(struct mp_str bytes, uint8_t out[static SMTP_HASH])
{
	need(EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, NULL, EVP_sha256(), NULL) == 1);
}

/* ---- verifying */

static bool usable(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA || EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

struct smtp_public *smtp_public_new(const char *spki)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_public *k = NULL;
	EVP_PKEY *key = NULL;
	struct mp_bytes der;
	size_t at;

	if (strlen(spki) <= KEY_TEXT_MAX && !mp_base64_decode(a, mp_str(spki), &der, &at)) {
		const unsigned char *p = der.p;

		key = d2i_PUBKEY(NULL, &p, (long)der.n);
	}
	if (key && usable(key)) {
		k = mp_xmalloc(sizeof(*k));
		k->key = key;
	} else {
		EVP_PKEY_free(key);
	}
	ERR_clear_error();
	mp_arena_free(a);
	return k;
}

void smtp_public_free(struct smtp_public *k)
{
	if (k)
		EVP_PKEY_free(k->key);
	free(k);
}

bool smtp_public_is_rsa(const struct smtp_public *k)
{
	return EVP_PKEY_get_base_id(k->key) == EVP_PKEY_RSA;
}

bool smtp_verify(const struct smtp_public *k, const uint8_t hash[static SMTP_HASH], struct mp_bytes signature)
{
	bool good = false;

	if (smtp_public_is_rsa(k)) {
		EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(k->key, NULL);

		good = c && EVP_PKEY_verify_init(c) == 1 && EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) == 1 &&
		       EVP_PKEY_verify(c, signature.p, signature.n, hash, SMTP_HASH) == 1;
		EVP_PKEY_CTX_free(c);
	} else {
		EVP_MD_CTX *c = EVP_MD_CTX_new();

		good = c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, k->key) == 1 &&
		       EVP_DigestVerify(c, signature.p, signature.n, hash, SMTP_HASH) == 1;
		EVP_MD_CTX_free(c);
	}
	ERR_clear_error();
	return good;
}

/* ---- signing */

/* Without one the library would ask at the terminal. */
static int no_passphrase(char *buf, int size, int rwflag, void *user)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)user;
	return -1;
}

struct smtp_private *smtp_private_new(struct mp_str pem, struct mp_err *err)
{
	BIO *in = pem.n && pem.n <= INT32_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
	struct smtp_private *k = NULL;

	if (key && usable(key)) {
		k = mp_xmalloc(sizeof(*k));
		k->key = key;
	} else {
		mp_fail(err, MP_EPARSE, "%s",
			key ? "is a private key, but neither RSA nor Ed25519"
			    : "is no private key in PEM form without a passphrase");
		EVP_PKEY_free(key);
	}
	ERR_clear_error();
	BIO_free(in);
	return k;
}

void smtp_private_free(struct smtp_private *k)
{
	if (k)
		EVP_PKEY_free(k->key);
	free(k);
}

bool smtp_private_is_rsa(const struct smtp_private *k)
{
	return EVP_PKEY_get_base_id(k->key) == EVP_PKEY_RSA;
}

char *smtp_sign(struct mp_arena *a, const struct smtp_private *k, const uint8_t hash[static SMTP_HASH])
{
	size_t n = (size_t)EVP_PKEY_get_size(k->key);
	uint8_t *out = mp_alloc(a, n);

	if (smtp_private_is_rsa(k)) {
		EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(k->key, NULL);

		need(c && EVP_PKEY_sign_init(c) == 1 && EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
			EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) == 1 &&
			EVP_PKEY_sign(c, out, &n, hash, SMTP_HASH) == 1);
		EVP_PKEY_CTX_free(c);
	} else {
		EVP_MD_CTX *c = EVP_MD_CTX_new();

		need(c && EVP_DigestSignInit(c, NULL, NULL, NULL, k->key) == 1 &&
			EVP_DigestSign(c, out, &n, hash, SMTP_HASH) == 1);
		EVP_MD_CTX_free(c);
	}
	return mp_base64_encode(a, out, n);
}
