/* smtp/dane.c - see smtp/dane.h */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "smtp/dane.h"

enum { CHAIN_MAX = 16 };

struct chain {
	X509 *cert[CHAIN_MAX];
	size_t n;
};

static void release(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++)
		X509_free(c->cert[i]);
	ERR_clear_error();
}

/* False: the chain is not there, or not all of it is certificates. */
static bool read_chain(const struct smtp_tls *t, struct chain *out)
{
	out->n = 0;
	for (size_t i = 0; i < t->n_chain && i < CHAIN_MAX; i++) {
		const unsigned char *p = t->chain[i].der;
		X509 *x = p ? d2i_X509(NULL, &p, (long)t->chain[i].n_der) : NULL;

		if (!x)
			break;
		out->cert[out->n++] = x;
	}
	return out->n > 0 && out->n == t->n_chain;
}

/* What a record is about: the whole certificate or its key, as DER. The caller frees. */
static int selected(const X509 *x, uint8_t selector, unsigned char **der)
{
	*der = NULL;
	return selector == 0 ? i2d_X509(x, der) : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), der);
}

static bool fits(const X509 *x, const struct smtp_tlsa *r)
{
	unsigned char *der, md[EVP_MAX_MD_SIZE];
	int n = selected(x, r->selector, &der);
	unsigned n_md = 0;
	bool same;

	if (n <= 0)
		return false;
	if (r->matching == 0)
		same = (size_t)n == r->n && memcmp(der, r->p, r->n) == 0;
	else
		same = EVP_Digest(der, (size_t)n, md, &n_md, r->matching == 1 ? EVP_sha256() : EVP_sha512(), NULL) ==
			       1 &&
		       n_md == r->n && memcmp(md, r->p, r->n) == 0;
	OPENSSL_free(der);
	return same;
}

/* Whole data that is no certificate or key makes the record unusable (RFC 7671 4.1). */
static const char *data_fault(const struct smtp_tlsa *r)
{
	const unsigned char *p = r->p;
	X509 *x;
	EVP_PKEY *key;

	if (r->matching != 0)
		return NULL;
	if (r->selector == 0) {
		x = d2i_X509(NULL, &p, (long)r->n);
		X509_free(x);
		return x && p == r->p + r->n ? NULL : "its data is no certificate";
	}
	key = d2i_PUBKEY(NULL, &p, (long)r->n);
	EVP_PKEY_free(key);
	return key && p == r->p + r->n ? NULL : "its data is no public key";
}

/* NULL: a valid chain leads from the first certificate to the anchor; else what is wrong. */
static const char *path_fault(struct mp_arena *a, const struct chain *c, X509 *anchor, int64_t now_ms)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *v = X509_STORE_CTX_new();
	STACK_OF(X509) *sent = sk_X509_new_null();
	const char *fault = "the chain cannot be verified";

	for (size_t i = 1; i < c->n && sent; i++)
		sk_X509_push(sent, c->cert[i]);
	if (store && v && sent && X509_STORE_add_cert(store, anchor) == 1 &&
		X509_STORE_CTX_init(v, store, c->cert[0], sent) == 1) {
		X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(v);

		X509_STORE_CTX_set_default(v, "ssl_server");
		X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_time(p, (time_t)(now_ms / 1000));
		X509_VERIFY_PARAM_set_depth(p, CHAIN_MAX);
		fault = X509_verify_cert(v) == 1
				? NULL
				: mp_dup(a, X509_verify_cert_error_string(X509_STORE_CTX_get_error(v)));
	}
	sk_X509_free(sent);
	X509_STORE_CTX_free(v);
	X509_STORE_free(store);
	return fault;
}

/* A bare key as anchor (2 1 0) that no certificate of the chain has: whose signature does it verify? */
static const char *key_path_fault(struct mp_arena *a, const struct chain *c, EVP_PKEY *key, int64_t now_ms)
{
	const char *fault = "no certificate of the chain is signed by that key";

	for (size_t i = 0; i < c->n; i++)
		if (X509_verify(c->cert[i], key) == 1) {
			fault = i == 0 ? NULL : path_fault(a, c, c->cert[i], now_ms);
			break;
		}
	if (!fault && (X509_cmp_time(X509_get0_notAfter(c->cert[0]), &(time_t){(time_t)(now_ms / 1000)}) < 0 ||
			      X509_cmp_time(X509_get0_notBefore(c->cert[0]), &(time_t){(time_t)(now_ms / 1000)}) > 0))
		fault = "certificate has expired or is not valid yet";
	return fault;
}

static enum smtp_dane_fit try_anchor(struct mp_arena *a, const struct chain *c, const struct smtp_tlsa *r,
	const char *const *names, size_t n_names, int64_t now_ms, const char **why)
{
	const unsigned char *p = r->p;
	const char *fault = NULL;
	bool found = false;

	/* RFC 7671 5.2: the anchor is above the server's own certificate. */
	for (size_t i = 1; i < c->n && !(found && !fault); i++)
		if (fits(c->cert[i], r)) {
			found = true;
			fault = path_fault(a, c, c->cert[i], now_ms);
		}
	if (!found && r->matching == 0 && r->selector == 0) { /* the record itself brings the anchor */
		X509 *anchor = d2i_X509(NULL, &p, (long)r->n);

		fault = anchor ? path_fault(a, c, anchor, now_ms) : "its data is no certificate";
		found = !fault;
		X509_free(anchor);
	} else if (!found && r->matching == 0) {
		EVP_PKEY *key = d2i_PUBKEY(NULL, &p, (long)r->n);

		fault = key ? key_path_fault(a, c, key, now_ms) : "its data is no public key";
		found = !fault;
		EVP_PKEY_free(key);
	}
	if (!found)
		return SMTP_DANE_DIFFERS;
	if (fault) {
		*why = fault;
		return SMTP_DANE_NO_PATH;
	}
	for (size_t i = 0; i < n_names; i++)
		if (X509_check_host(c->cert[0], names[i], 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
			return SMTP_DANE_MATCHES;
	*why = n_names ? mp_printf(a, "the certificate is not for %s", names[0]) : "there is no name to check";
	return SMTP_DANE_NAME;
}

enum smtp_dane_fit smtp_dane_try(struct mp_arena *a, const struct smtp_tls *t, const struct smtp_tlsa *r,
	const char *const *names, size_t n_names, int64_t now_ms, const char **why)
{
	struct chain c = {.n = 0};
	enum smtp_dane_fit fit;

	*why = data_fault(r);
	if (*why) {
		ERR_clear_error();
		return SMTP_DANE_UNUSABLE;
	}
	if (!t || !read_chain(t, &c))
		fit = SMTP_DANE_NO_CHAIN;
	else if (r->usage == 3)
		fit = fits(c.cert[0], r) ? SMTP_DANE_MATCHES : SMTP_DANE_DIFFERS;
	else
		fit = try_anchor(a, &c, r, names, n_names, now_ms, why);
	release(&c);
	return fit;
}
