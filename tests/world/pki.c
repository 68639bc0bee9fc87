/* tests/world/pki.c - see tests/world/pki.h */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "tests/world/pki.h"

enum { DAY = 24 * 60 * 60 };

struct world_pki {
	EVP_PKEY *ca_key, *key;
	X509 *ca;
};

static int tls_fail(struct mp_err *err, const char *what)
{
	char text[160];

	ERR_error_string_n(ERR_get_error(), text, sizeof(text));
	ERR_clear_error();
	return mp_fail(err, MP_ETLS, "%s: %s", what, text);
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool ok;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = ext && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

/* A certificate for `name`, valid from `from` to `until` days from now; `issuer` NULL: by itself. */
static X509 *certify(
	const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, bool is_ca, int from, int until)
{
	struct mp_buf san = MP_BUF(300);
	X509 *x = X509_new();
	X509_NAME *subject;
	static long serial;
	bool ok;

	if (!x)
		return NULL;
	serial++;
	mp_buf_addf(&san, "DNS:%s", name);
	subject = X509_get_subject_name(x);
	ok = X509_set_version(x, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x), serial) == 1 &&
	     X509_gmtime_adj(X509_getm_notBefore(x), (long)from * DAY) &&
	     X509_gmtime_adj(X509_getm_notAfter(x), (long)until * DAY) && X509_set_pubkey(x, key) == 1 &&
	     X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0) == 1 &&
	     X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : subject) == 1 &&
	     add_extension(x, issuer ? issuer : x, NID_subject_key_identifier, "hash") &&
	     add_extension(x, issuer ? issuer : x, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (ok && is_ca)
		ok = add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
	else if (ok)
		ok = add_extension(x, issuer ? issuer : x, NID_subject_alt_name, mp_buf_cstr(&san)) &&
		     add_extension(x, issuer ? issuer : x, NID_ext_key_usage, "serverAuth");
	ok = ok && X509_sign(x, issuer_key, EVP_sha256()) > 0;
	mp_buf_release(&san);
	if (ok)
		return x;
	X509_free(x);
	return NULL;
}

struct world_pki *world_pki_new(struct mp_err *err)
{
	struct world_pki *p = mp_xcalloc(1, sizeof(*p));

	p->ca_key = EVP_EC_gen("P-256");
	p->key = EVP_EC_gen("P-256");
	if (p->ca_key && p->key)
		p->ca = certify("The world's certificate authority", p->ca_key, NULL, p->ca_key, true, -1, 30);
	if (!p->ca) {
		tls_fail(err, "cannot make the world's certificate authority");
		world_pki_free(p);
		return NULL;
	}
	return p;
}

void world_pki_free(struct world_pki *p)
{
	if (!p)
		return;
	X509_free(p->ca);
	EVP_PKEY_free(p->key);
	EVP_PKEY_free(p->ca_key);
	free(p);
}

int world_pki_ca_file(const struct world_pki *p, char **path_out, struct mp_err *err)
{
	const char *dir = getenv("TMPDIR");
	struct mp_buf path = MP_BUF(4096);
	FILE *f = NULL;
	int fd, written;

	mp_buf_addf(&path, "%s/mailprobe-world-XXXXXX", dir && dir[0] ? dir : "/tmp");
	fd = path.full ? -1 : mkstemp(path.p);
	if (fd >= 0)
		f = fdopen(fd, "w");
	if (!f) {
		int sys = errno;

		if (fd >= 0) {
			close(fd);
			unlink(path.p);
		}
		mp_fail(err, MP_EIO, "%s: %s", mp_buf_cstr(&path), strerror(sys));
		mp_buf_release(&path);
		return MP_EIO;
	}
	written = PEM_write_X509(f, p->ca);
	if (fclose(f) != 0 || written != 1) {
		mp_fail(err, MP_EIO, "%s: cannot write the world's certificate authority", path.p);
		unlink(path.p);
		mp_buf_release(&path);
		return MP_EIO;
	}
	*path_out = path.p; /* the caller's now */
	return MP_OK;
}

void world_pki_spki(const struct world_pki *p, char hex[static 65])
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE] = {0};
	int n = i2d_PUBKEY(p->key, &der);

	if (n > 0)
		EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(), NULL);
	for (size_t i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", md[i]);
	OPENSSL_free(der);
}

/* An extension that makes a certificate as large as it is. */
static X509 *fatten(X509 *x, size_t n, EVP_PKEY *issuer_key)
{
	unsigned char *bytes = mp_xcalloc(1, n);
	ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext = NULL;
	bool ok = x && data && ASN1_OCTET_STRING_set(data, bytes, (int)n) == 1 &&
		  (ext = X509_EXTENSION_create_by_NID(NULL, NID_netscape_comment, 0, data)) &&
		  X509_add_ext(x, ext, -1) == 1 && X509_sign(x, issuer_key, EVP_sha256()) > 0;

	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(data);
	free(bytes);
	if (ok)
		return x;
	X509_free(x);
	return NULL;
}

static X509 *leaf(const struct world_pki *p, const char *host, enum world_cert cert, X509 **chain)
{
	X509 *x;

	*chain = NULL;
	switch (cert) {
	case WORLD_CERT_VALID:
		return certify(host, p->key, p->ca, p->ca_key, false, -1, 20);
	case WORLD_CERT_EXPIRED:
		return certify(host, p->key, p->ca, p->ca_key, false, -40, -10);
	case WORLD_CERT_NOT_YET:
		return certify(host, p->key, p->ca, p->ca_key, false, 10, 20);
	case WORLD_CERT_WRONG_NAME:
		return certify("another-host.example", p->key, p->ca, p->ca_key, false, -1, 20);
	case WORLD_CERT_SELF_SIGNED:
		return certify(host, p->key, NULL, p->key, false, -1, 20);
	case WORLD_CERT_HUGE:
		return fatten(certify(host, p->key, p->ca, p->ca_key, false, -1, 20), 1 << 20, p->ca_key);
	case WORLD_CERT_UNKNOWN_CA: {
		EVP_PKEY *stranger_key = EVP_EC_gen("P-256");
		X509 *stranger = NULL;

		if (stranger_key)
			stranger = certify("An unheard-of authority", stranger_key, NULL, stranger_key, true, -1, 30);
		x = stranger ? certify(host, p->key, stranger, stranger_key, false, -1, 20) : NULL;
		EVP_PKEY_free(stranger_key);
		*chain = stranger;
		return x;
	}
	}
	return NULL;
}

SSL_CTX *world_pki_context(const struct world_pki *p, const char *host, enum world_cert cert, int min_version,
	int max_version, struct mp_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	X509 *chain = NULL, *x = leaf(p, host, cert, &chain);
	bool ok = ctx && x;

	if (ok && ((min_version && min_version < TLS1_2_VERSION) || (max_version && max_version < TLS1_2_VERSION)))
		SSL_CTX_set_security_level(ctx, 0);
	ok = ok && SSL_CTX_set_min_proto_version(ctx, min_version) == 1 &&
	     SSL_CTX_set_max_proto_version(ctx, max_version) == 1 && SSL_CTX_use_certificate(ctx, x) == 1 &&
	     SSL_CTX_use_PrivateKey(ctx, p->key) == 1;
	if (ok && chain)
		ok = SSL_CTX_add1_chain_cert(ctx, chain) == 1;
	X509_free(x);
	X509_free(chain);
	if (ok)
		return ctx;
	tls_fail(err, "cannot make a receiver's certificate");
	SSL_CTX_free(ctx);
	return NULL;
}
