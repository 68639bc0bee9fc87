/* smtp/tls.c - see smtp/tls.h */
#include <dirent.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "smtp/tls.h"

enum { MAX_NAME_TEXT = 512 };

struct smtp_tls_ctx {
	SSL_CTX *ssl;
	char *ca_file;
	int64_t now_ms;
	X509_STORE *store;  /* NULL until the first certificate is judged */
	bool bundle_seen;   /* the system's bundle was read too */
	bool ca_file_empty; /* nothing usable in ca_file */
};

struct smtp_tls_conn {
	struct smtp_tls_ctx *ctx;
	SSL *ssl;
	BIO *in, *out; /* owned by ssl */
	char *host;
	bool is_address, failed;
	int alert_in, alert_out; /* last fatal alert each way, -1: none */
	unsigned hellos;         /* ClientHellos sent */
	bool cert_asked, ticket;
	struct smtp_tls *told; /* what was described, in which a later ticket is noted */
	char why[256];
};

struct smtp_tls_ctx *smtp_tls_ctx_new(const char *ca_file, int64_t now_ms)
{
	struct smtp_tls_ctx *ctx = mp_xcalloc(1, sizeof(*ctx));

	ctx->ca_file = ca_file ? mp_xstrdup(ca_file) : NULL;
	ctx->now_ms = now_ms;
	return ctx;
}

void smtp_tls_ctx_free(struct smtp_tls_ctx *ctx)
{
	if (!ctx)
		return;
	SSL_CTX_free(ctx->ssl);
	X509_STORE_free(ctx->store);
	free(ctx->ca_file);
	free(ctx);
}

static void on_info(const SSL *ssl, int where, int ret)
{
	struct smtp_tls_conn *c = SSL_get_app_data(ssl);

	if (!(where & SSL_CB_ALERT) || !c || (ret >> 8) != SSL3_AL_FATAL)
		return;
	if (where & SSL_CB_READ)
		c->alert_in = ret & 0xff;
	else
		c->alert_out = ret & 0xff;
}

/* Handshake messages as they pass, TLS 1.3's in plain form. */
static void on_message(int write_p, int version, int content_type, const void *buf, size_t len, SSL *ssl, void *arg)
{
	struct smtp_tls_conn *c = SSL_get_app_data(ssl);

	(void)version;
	(void)arg;
	if (content_type != SSL3_RT_HANDSHAKE || len == 0 || !c)
		return;
	switch (*(const unsigned char *)buf) {
	case SSL3_MT_CLIENT_HELLO:
		c->hellos += write_p != 0;
		break;
	case SSL3_MT_CERTIFICATE_REQUEST:
		c->cert_asked = c->cert_asked || !write_p;
		break;
	case SSL3_MT_NEWSESSION_TICKET:
		c->ticket = true;
		if (c->told)
			c->told->ticket_given = true;
		break;
	}
}

void smtp_tls_prepare(struct smtp_tls_ctx *ctx)
{
	SSL_CTX *s;

	if (ctx->ssl)
		return;
	s = ctx->ssl = SSL_CTX_new(TLS_client_method());
	if (!s)
		return;
	SSL_CTX_set_security_level(s, 0);
	SSL_CTX_set_min_proto_version(s, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(s, 0);
	SSL_CTX_set_cipher_list(s, "DEFAULT:@SECLEVEL=0");
	/* A HelloRetryRequest costs a round trip: the groups that servers agree to, each with a share where it can be. */
#if OPENSSL_VERSION_NUMBER >= 0x30500000L
	if (SSL_CTX_set1_groups_list(s, "*X25519:*P-256:X448:P-384:P-521") != 1)
#endif
		SSL_CTX_set1_groups_list(s, "X25519:P-256:X448:P-384:P-521");
	SSL_CTX_clear_options(s, SSL_CTX_get_options(s)); /* the system's policy is not what is probed */
	SSL_CTX_set_options(s, SSL_OP_ALL | SSL_OP_NO_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET |
				       SSL_OP_NO_COMPRESSION | SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
	SSL_CTX_set_mode(s, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_session_cache_mode(s, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(s, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_max_cert_list(s, SMTP_CERT_BYTES);
	SSL_CTX_set_info_callback(s, on_info);
	SSL_CTX_set_msg_callback(s, on_message);
	ERR_clear_error();
}

struct smtp_tls_conn *smtp_tls_open(struct smtp_tls_ctx *ctx, const char *host)
{
	struct smtp_tls_conn *c;
	struct mp_ip ip;
	size_t n;

	smtp_tls_prepare(ctx);
	if (!ctx->ssl)
		return NULL;
	c = mp_xcalloc(1, sizeof(*c));
	c->ctx = ctx;
	c->alert_in = c->alert_out = -1;
	c->ssl = SSL_new(ctx->ssl);
	c->in = BIO_new(BIO_s_mem());
	c->out = BIO_new(BIO_s_mem());
	if (!c->ssl || !c->in || !c->out) {
		SSL_free(c->ssl);
		BIO_free(c->in);
		BIO_free(c->out);
		free(c);
		return NULL;
	}
	/* Empty is "not yet": the end of the connection is the caller's to see. */
	BIO_set_mem_eof_return(c->in, -1);
	BIO_set_mem_eof_return(c->out, -1);
	SSL_set_bio(c->ssl, c->in, c->out);
	SSL_set_app_data(c->ssl, c);
	SSL_set_connect_state(c->ssl);
	c->host = mp_xstrdup(host);
	n = strlen(c->host);
	if (n && c->host[n - 1] == '.')
		c->host[n - 1] = '\0';
	c->is_address = mp_ip_parse(mp_str(c->host), &ip);
	if (!c->is_address && *c->host)
		SSL_set_tlsext_host_name(c->ssl, c->host);
	ERR_clear_error();
	return c;
}

void smtp_tls_close(struct smtp_tls_conn *c)
{
	if (!c)
		return;
	SSL_free(c->ssl);
	free(c->host);
	free(c);
	ERR_clear_error();
}

void smtp_tls_in(struct smtp_tls_conn *c, struct mp_str bytes)
{
	while (bytes.n) {
		int n = BIO_write(c->in, bytes.p, bytes.n > 65536 ? 65536 : (int)bytes.n);

		if (n <= 0)
			abort(); /* a memory BIO fails for want of memory alone */
		bytes = mp_strn(bytes.p + n, bytes.n - (size_t)n);
	}
}

struct mp_str smtp_tls_out(struct smtp_tls_conn *c)
{
	char *p = NULL;
	long n = BIO_get_mem_data(c->out, &p);

	return n > 0 ? mp_strn(p, (size_t)n) : mp_strn(NULL, 0);
}

void smtp_tls_sent(struct smtp_tls_conn *c)
{
	(void)BIO_reset(c->out);
}

/* ---- failures in words */

static const struct {
	int reason;
	const char *words;
} reasons[] = {
	{SSL_R_WRONG_VERSION_NUMBER, "what the server sent is not TLS"},
	{SSL_R_HTTP_REQUEST, "what the server sent is not TLS"},
	{SSL_R_UNSUPPORTED_PROTOCOL, "the server speaks no TLS version from 1.0 on"},
	{SSL_R_NO_PROTOCOLS_AVAILABLE, "no TLS version is left to offer"},
	{SSL_R_EXCESSIVE_MESSAGE_SIZE, "a handshake message is larger than the bound (certificates: 100 KiB)"},
	{SSL_R_UNEXPECTED_MESSAGE, "a handshake message came out of order"},
	{SSL_R_LENGTH_MISMATCH, "a handshake message is malformed"},
	{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "a record could not be decrypted"},
	{SSL_R_BAD_SIGNATURE, "the server's signature over the handshake is bad"},
	{SSL_R_WRONG_SIGNATURE_TYPE, "the server signed with an algorithm that was not offered"},
	{SSL_R_NO_SHARED_CIPHER, "no cipher suite in common"},
	{SSL_R_UNKNOWN_CERTIFICATE_TYPE, "the server's certificate has a key of an unknown kind"},
};

static const char *alert_text(int alert)
{
	switch (alert) { /* RFC 8446 6, RFC 7301: not in OpenSSL 3.0's list */
	case 109:
		return "missing extension";
	case 116:
		return "certificate required";
	case 120:
		return "no application protocol";
	default:
		return SSL_alert_desc_string_long(alert);
	}
}

static void fail(struct smtp_tls_conn *c, const char *fallback)
{
	unsigned long err = ERR_peek_error();
	const char *text = NULL;

	if (c->failed)
		return;
	c->failed = true;
	if (c->alert_in >= 0) {
		snprintf(c->why, sizeof(c->why), "the server ended it with the alert \"%s\" (%d)",
			alert_text(c->alert_in), c->alert_in);
		ERR_clear_error();
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(reasons) && err && ERR_GET_LIB(err) == ERR_LIB_SSL; i++)
		if (ERR_GET_REASON(err) == reasons[i].reason)
			text = reasons[i].words;
	if (!text && err)
		text = ERR_reason_error_string(err);
	if (c->alert_out >= 0)
		snprintf(c->why, sizeof(c->why), "%s (our alert: \"%s\")", text ? text : fallback,
			alert_text(c->alert_out));
	else
		snprintf(c->why, sizeof(c->why), "%s", text ? text : fallback);
	ERR_clear_error();
}

const char *smtp_tls_why(const struct smtp_tls_conn *c)
{
	return c->why;
}

/* ---- the stream */

int smtp_tls_handshake(struct smtp_tls_conn *c)
{
	int n;

	if (c->failed)
		return -1;
	ERR_clear_error();
	n = SSL_do_handshake(c->ssl);
	if (n == 1)
		return 1;
	if (SSL_get_error(c->ssl, n) == SSL_ERROR_WANT_READ)
		return 0;
	fail(c, "the handshake failed");
	return -1;
}

int smtp_tls_read(struct smtp_tls_conn *c, char *buf, size_t size)
{
	int n;

	if (c->failed)
		return -2;
	ERR_clear_error();
	n = SSL_read(c->ssl, buf, size > INT32_MAX ? INT32_MAX : (int)size);
	if (n > 0)
		return n;
	switch (SSL_get_error(c->ssl, n)) {
	case SSL_ERROR_WANT_READ:
		return 0;
	case SSL_ERROR_ZERO_RETURN:
		return -1;
	default:
		fail(c, "the TLS stream is broken");
		return -2;
	}
}

bool smtp_tls_write(struct smtp_tls_conn *c, struct mp_str bytes)
{
	if (c->failed)
		return false;
	if (!bytes.n)
		return true;
	ERR_clear_error();
	if (SSL_write(c->ssl, bytes.p, (int)bytes.n) == (int)bytes.n)
		return true;
	fail(c, "the TLS stream is broken");
	return false;
}

void smtp_tls_goodbye(struct smtp_tls_conn *c)
{
	if (c->failed || !SSL_is_init_finished(c->ssl))
		return;
	ERR_clear_error();
	SSL_shutdown(c->ssl);
	ERR_clear_error();
}

/* ---- certificates as a record */

static const char *kept(struct mp_arena *a, const char *p, size_t n)
{
	return mp_text(a, mp_strn(p, n < MAX_NAME_TEXT ? n : MAX_NAME_TEXT));
}

static const char *name_text(struct mp_arena *a, const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());
	const char *text = "";
	char *p;
	long n;

	if (b && X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0 &&
		(n = BIO_get_mem_data(b, &p)) > 0)
		text = kept(a, p, (size_t)n);
	BIO_free(b);
	return text;
}

static void names_of(struct mp_arena *a, X509 *x, struct smtp_cert *out)
{
	GENERAL_NAMES *sans = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	const char **names = mp_allocn(a, SMTP_NAMES_MAX, sizeof(*names));

	out->names = names;
	for (int i = 0; i < sk_GENERAL_NAME_num(sans) && out->n_names < SMTP_NAMES_MAX; i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(sans, i);

		if (g->type == GEN_DNS)
			names[out->n_names++] = kept(a, (const char *)ASN1_STRING_get0_data(g->d.dNSName),
				(size_t)ASN1_STRING_length(g->d.dNSName));
	}
	GENERAL_NAMES_free(sans);
	if (!out->n_names) {
		const X509_NAME *subject = X509_get_subject_name(x);
		int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
		const ASN1_STRING *cn = at >= 0 ? X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)) : NULL;
		unsigned char *utf8 = NULL;
		int n = cn ? ASN1_STRING_to_UTF8(&utf8, cn) : -1;

		if (n > 0)
			names[out->n_names++] = kept(a, (const char *)utf8, (size_t)n);
		OPENSSL_free(utf8);
	}
}

static int64_t time_ms(const ASN1_TIME *t, int64_t otherwise)
{
	char text[64];
	struct tm tm;
	int64_t ms;

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return otherwise;
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (!mp_time_parse(mp_str(text), &ms))
		return otherwise;
	if (ms < SMTP_CERT_TIME_MIN)
		return SMTP_CERT_TIME_MIN;
	return ms > SMTP_CERT_TIME_MAX ? SMTP_CERT_TIME_MAX : ms;
}

static const char *key_text(struct mp_arena *a, X509 *x)
{
	static const struct {
		const char *ours, *plain;
	} curves[] = {{"prime256v1", "P-256"}, {"secp384r1", "P-384"}, {"secp521r1", "P-521"}};
	EVP_PKEY *key = X509_get0_pubkey(x);
	char group[80] = "";

	if (!key)
		return "unknown";
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return mp_printf(a, "RSA %d", EVP_PKEY_get_bits(key));
	case EVP_PKEY_RSA_PSS:
		return mp_printf(a, "RSA-PSS %d", EVP_PKEY_get_bits(key));
	case EVP_PKEY_DSA:
		return mp_printf(a, "DSA %d", EVP_PKEY_get_bits(key));
	case EVP_PKEY_ED25519:
		return "Ed25519";
	case EVP_PKEY_ED448:
		return "Ed448";
	case EVP_PKEY_EC:
		EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
		for (size_t i = 0; i < ARRAY_LEN(curves); i++)
			if (strcmp(group, curves[i].ours) == 0)
				return mp_printf(a, "EC %s", curves[i].plain);
		return *group ? mp_printf(a, "EC %s", kept(a, group, strlen(group)))
			      : mp_printf(a, "EC %d", EVP_PKEY_get_bits(key));
	default:
		return "unknown";
	}
}

static const char *hex(struct mp_arena *a, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *text = mp_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	return text;
}

static void cert_of(struct mp_arena *a, X509 *x, struct smtp_cert *out)
{
	unsigned char md[EVP_MAX_MD_SIZE], *spki = NULL, *der = NULL;
	const char *signature;
	unsigned n = 0;
	int len;

	out->subject = name_text(a, X509_get_subject_name(x));
	out->issuer = name_text(a, X509_get_issuer_name(x));
	names_of(a, x, out);
	out->not_before_ms = time_ms(X509_get0_notBefore(x), SMTP_CERT_TIME_MAX);
	out->not_after_ms = time_ms(X509_get0_notAfter(x), SMTP_CERT_TIME_MIN);
	out->key = key_text(a, x);
	signature = OBJ_nid2sn(X509_get_signature_nid(x));
	out->signature = signature ? signature : "unknown";
	len = i2d_X509(x, &der);
	if (len > 0) {
		out->der = mp_memdup(a, der, (size_t)len);
		out->n_der = (size_t)len;
	}
	OPENSSL_free(der);
	out->sha256 = X509_digest(x, EVP_sha256(), md, &n) == 1 ? hex(a, md, n) : "";
	out->spki_sha256 = "";
	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &spki);
	if (len > 0 && EVP_Digest(spki, (size_t)len, md, &n, EVP_sha256(), NULL) == 1)
		out->spki_sha256 = hex(a, md, n);
	OPENSSL_free(spki);
}

/* ---- PKIX: chain, name and time, each by itself */

/* One load for all sessions. Directories are searched by hash when an issuer is looked for, so this reads next to nothing. */
static void open_store(struct smtp_tls_ctx *ctx)
{
	X509_LOOKUP *dir;

	ctx->store = X509_STORE_new();
	if (!ctx->store)
		abort();
	dir = X509_STORE_add_lookup(ctx->store, X509_LOOKUP_hash_dir());
	if (dir)
		X509_LOOKUP_add_dir(dir, NULL, X509_FILETYPE_DEFAULT);
	if (ctx->ca_file)
		ctx->ca_file_empty = X509_STORE_load_file(ctx->store, ctx->ca_file) != 1;
	ERR_clear_error();
}

/* Are there files as c_rehash names them, hhhhhhhh.N? */
static bool hashed_roots(void)
{
	DIR *dir = opendir(X509_get_default_cert_dir());
	struct dirent *d;
	bool found = false;

	while (!found && dir && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		found = n >= 10 && d->d_name[8] == '.' && mp_isdigit(d->d_name[9]);
	}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * The system's bundle takes 20 ms to read, so it is for where there is no hashed directory of the same certificates.
 * False: it will not help.
 */
static bool read_bundle(struct smtp_tls_ctx *ctx)
{
	X509_LOOKUP *file;

	if (ctx->bundle_seen || hashed_roots())
		return false;
	ctx->bundle_seen = true;
	file = X509_STORE_add_lookup(ctx->store, X509_LOOKUP_file());
	if (file)
		X509_LOOKUP_load_file(file, NULL, X509_FILETYPE_DEFAULT);
	ERR_clear_error();
	return true;
}

static bool any_roots(struct smtp_tls_ctx *ctx)
{
	return sk_X509_OBJECT_num(X509_STORE_get0_objects(ctx->store)) > 0 || hashed_roots();
}

/* X509_V_OK or what is wrong, the time aside. On success *path is the verified chain, the caller's to free. */
static int verify(struct smtp_tls_ctx *ctx, X509 *leaf, STACK_OF(X509) * sent, STACK_OF(X509) * *path, X509 **at)
{
	X509_STORE_CTX *v = X509_STORE_CTX_new();
	int err = X509_V_ERR_UNSPECIFIED;

	*path = NULL;
	*at = NULL;
	if (v && X509_STORE_CTX_init(v, ctx->store, leaf, sent) == 1) {
		X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(v);

		X509_STORE_CTX_set_default(v, "ssl_server");
		X509_VERIFY_PARAM_set_flags(
			p, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_auth_level(p, 1);
		X509_VERIFY_PARAM_set_depth(p, SMTP_CHAIN_MAX);
		if (X509_verify_cert(v) == 1) {
			err = X509_V_OK;
			*path = X509_STORE_CTX_get1_chain(v);
		} else {
			err = X509_STORE_CTX_get_error(v);
			*at = X509_STORE_CTX_get_current_cert(v);
			if (*at)
				X509_up_ref(*at);
		}
	}
	X509_STORE_CTX_free(v);
	ERR_clear_error();
	return err;
}

static const char *chain_words(struct mp_arena *a, int err, X509 *at)
{
	switch (err) {
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return "the certificate is self-signed";
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return mp_printf(a, "the chain ends in a root that is not trusted here: %s",
			at ? name_text(a, X509_get_subject_name(at)) : "unknown");
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return mp_printf(a, "no path to a trusted root: the issuer was not sent and is not known here: %s",
			at ? name_text(a, X509_get_issuer_name(at)) : "unknown");
	default:
		return mp_dup(a, X509_verify_cert_error_string(err));
	}
}

static const char *time_words(
	struct mp_arena *a, const struct smtp_tls_ctx *ctx, const STACK_OF(X509) * certs, const X509 *leaf)
{
	for (int i = 0; i < sk_X509_num(certs); i++) {
		const X509 *x = sk_X509_value(certs, i);
		int64_t from = time_ms(X509_get0_notBefore(x), SMTP_CERT_TIME_MAX);
		int64_t to = time_ms(X509_get0_notAfter(x), SMTP_CERT_TIME_MIN);
		const char *whose = X509_cmp(x, leaf) == 0 ? "the certificate"
							   : mp_printf(a, "the issuer's certificate (%s)",
								     name_text(a, X509_get_subject_name(x)));

		if (ctx->now_ms > to)
			return mp_printf(a, "%s expired at %s", whose, mp_time_text(a, to, false));
		if (ctx->now_ms < from)
			return mp_printf(a, "%s is not valid before %s", whose, mp_time_text(a, from, false));
	}
	return NULL;
}

/* RFC 6125 6.4: dNSName with a wildcard as the whole left-most label; the CN only where there is no dNSName. */
static const char *name_words(struct mp_arena *a, const char *host, X509 *leaf, const struct smtp_cert *cert)
{
	struct mp_buf text = MP_BUF(1024);
	const char *words;
	struct mp_ip ip;

	if (mp_ip_parse(mp_str(host), &ip)
			? X509_check_ip_asc(leaf, host, 0) == 1
			: X509_check_host(leaf, host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
		return NULL;
	mp_buf_addf(&text, "the certificate does not cover %s", host);
	for (size_t i = 0; i < cert->n_names && i < 3; i++)
		mp_buf_addf(&text, "%s%.100s", i ? ", " : "; it names ", cert->names[i]);
	if (cert->n_names > 3)
		mp_buf_addf(&text, " and %zu more", cert->n_names - 3);
	words = mp_text(a, mp_buf_str(&text));
	mp_buf_release(&text);
	return words;
}

static void judge(struct smtp_tls_ctx *ctx, const char *host, struct mp_arena *a, X509 *leaf, STACK_OF(X509) * sent,
	struct smtp_tls *t)
{
	STACK_OF(X509) * path;
	X509 *at;
	int err;

	if (!ctx->store)
		open_store(ctx);
	err = verify(ctx, leaf, sent, &path, &at);
	if (err != X509_V_OK && read_bundle(ctx)) {
		X509_free(at);
		err = verify(ctx, leaf, sent, &path, &at);
	}
	t->roots_loaded = err == X509_V_OK || any_roots(ctx);
	if (err != X509_V_OK && !t->roots_loaded)
		t->chain_error = "there are no trust anchors on this machine (package ca-certificates)";
	else if (err != X509_V_OK)
		t->chain_error = chain_words(a, err, at);
	if (t->chain_error && ctx->ca_file_empty)
		t->chain_error = mp_printf(a, "%s (and the file of extra trust anchors holds none)", t->chain_error);
	t->name_error = name_words(a, host, leaf, &t->chain[0]);
	/* An expired certificate that was sent but is not on the path does no harm. */
	t->time_error = time_words(a, ctx, path ? path : sent, leaf);
	sk_X509_pop_free(path, X509_free);
	X509_free(at);
}

static const char *group_text(struct mp_arena *a, SSL *ssl)
{
	static const struct {
		const char *theirs, *plain;
	} names[] = {
		{"x25519", "X25519"},
		{"x448", "X448"},
		{"secp256r1", "P-256"},
		{"secp384r1", "P-384"},
		{"secp521r1", "P-521"},
	};
	int id = (int)SSL_get_negotiated_group(ssl);
	const char *name = id ? SSL_group_to_name(ssl, id) : NULL;

	for (size_t i = 0; i < ARRAY_LEN(names) && name; i++)
		if (mp_ieq(name, names[i].theirs))
			return names[i].plain;
	return mp_dup(a, name);
}

static const char *signature_text(struct mp_arena *a, SSL *ssl)
{
	int type = NID_undef, digest = NID_undef;
	const char *name;

	if (SSL_get_peer_signature_type_nid(ssl, &type) != 1)
		return NULL;
	switch (type) {
	case NID_rsassaPss:
		name = "RSA-PSS";
		break;
	case EVP_PKEY_RSA:
		name = "RSA";
		break;
	case EVP_PKEY_EC:
		name = "ECDSA";
		break;
	case EVP_PKEY_ED25519:
		return "Ed25519";
	case EVP_PKEY_ED448:
		return "Ed448";
	default:
		name = OBJ_nid2sn(type);
	}
	if (SSL_get_peer_signature_nid(ssl, &digest) != 1 || digest == NID_undef)
		return mp_dup(a, name);
	return mp_printf(a, "%s-%s", name, OBJ_nid2sn(digest));
}

struct smtp_tls *smtp_tls_describe(struct smtp_tls_conn *c, struct mp_arena *a)
{
	struct smtp_tls *t = mp_alloc(a, sizeof(*t));
	STACK_OF(X509) *sent = SSL_get_peer_cert_chain(c->ssl);
	X509 *leaf = SSL_get0_peer_certificate(c->ssl);
	struct smtp_cert *chain;

	ERR_clear_error();
	t->version = mp_dup(a, SSL_get_version(c->ssl));
	t->cipher = mp_dup(a, SSL_CIPHER_get_name(SSL_get_current_cipher(c->ssl)));
	t->group = group_text(a, c->ssl);
	t->peer_signature = signature_text(a, c->ssl);
	t->sni = mp_dup(a, SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name));
	t->resumed = SSL_session_reused(c->ssl) == 1;
	t->hello_retried = c->hellos > 1;
	t->client_cert_asked = c->cert_asked;
	t->ticket_given = c->ticket;
	c->told = t;
	if (!leaf || sk_X509_num(sent) < 1) {
		t->chain_error = "the server sent no certificate";
		t->name_error = NULL;
		return t;
	}
	t->n_chain = (size_t)sk_X509_num(sent) < SMTP_CHAIN_MAX ? (size_t)sk_X509_num(sent) : SMTP_CHAIN_MAX;
	t->chain = chain = mp_allocn(a, t->n_chain, sizeof(*chain));
	for (size_t i = 0; i < t->n_chain; i++)
		cert_of(a, sk_X509_value(sent, (int)i), &chain[i]);
	judge(c->ctx, c->host, a, leaf, sent, t);
	ERR_clear_error();
	return t;
}

/* ---- certificates of others' connections */

static int on_verify(X509_STORE_CTX *v, void *arg)
{
	struct smtp_tls_guard *g = arg;
	X509 *leaf = X509_STORE_CTX_get0_cert(v);
	struct smtp_cert cert = {0};
	struct smtp_tls t = {.n_chain = 1, .chain = &cert};

	cert_of(g->a, leaf, &cert);
	judge(g->ctx, g->host, g->a, leaf, X509_STORE_CTX_get0_untrusted(v), &t);
	g->chain_error = t.chain_error;
	g->name_error = t.name_error;
	g->time_error = t.time_error;
	if (t.chain_error || t.name_error || t.time_error) {
		X509_STORE_CTX_set_error(v, X509_V_ERR_APPLICATION_VERIFICATION);
		return 0;
	}
	X509_STORE_CTX_set_error(v, X509_V_OK);
	return 1;
}

void smtp_tls_guard(struct smtp_tls_guard *g, void *ssl_ctx)
{
	SSL_CTX_set_cert_verify_callback(ssl_ctx, on_verify, g);
}
