/* smtp/dkim.c - see smtp/dkim.h */
#include "base/tags.h"
#include "base/text.h"
#include "smtp/dkim.h"

enum { CANON_MAX = 4 * 1024 * 1024, DOMAIN_MAX = 253 };

/* ---- reading */

struct reader {
	struct mp_arena *a;
	struct mp_tags *tags;
	struct smtp_sig *s;
};

static void fault(struct reader *r, enum smtp_sig_trouble trouble, const char *words)
{
	if (r->s->trouble != SMTP_SIG_GOOD)
		return;
	r->s->trouble = trouble;
	r->s->fault = words;
}

/* The value of a tag; a missing one that is needed is a fault. */
static struct mp_str value(struct reader *r, const char *tag, bool needed)
{
	const struct mp_tag *t = mp_tag_find(r->tags, tag);

	if (!t && needed)
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has no tag %s", tag));
	return t ? t->value : mp_strn(NULL, 0);
}

static char *lower(struct mp_arena *a, struct mp_str s)
{
	char *out = mp_text(a, s);

	for (char *p = out; *p; p++)
		*p = mp_tolower(*p);
	return out;
}

/* Letters, digits, hyphens, underscores and dots: what a name of the DNS can be. */
static bool is_name(struct mp_str s)
{
	if (!s.n || s.n > DOMAIN_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isalnum((unsigned char)s.p[i]) && !strchr("-_.", s.p[i]))
			return false;
		else if (s.p[i] == '.' && s.p[i - 1] == '.')
			return false;
	return true;
}

static const char *read_name(struct reader *r, const char *tag)
{
	struct mp_str v = value(r, tag, true);

	if (!v.p)
		return NULL;
	if (!is_name(v)) {
		fault(r, SMTP_SIG_MALFORMED,
			mp_printf(r->a, "has %s=%s, which is no name", tag, mp_tag_shown(r->a, v)));
		return v.n ? mp_tag_shown(r->a, v) : NULL;
	}
	return lower(r->a, v);
}

static struct mp_bytes read_base64(struct reader *r, const char *tag, bool needed)
{
	struct mp_str v = value(r, tag, needed);
	struct mp_bytes out = {NULL, 0};
	const char *wrong;
	size_t at;

	if (!v.p)
		return out;
	wrong = mp_base64_decode(r->a, v, &out, &at);
	if (wrong)
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has a tag %s that is no base64: it %s", tag, wrong));
	else if (!out.n)
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has an empty tag %s", tag));
	return out;
}

static int64_t read_time(struct reader *r, const char *tag)
{
	struct mp_str v = value(r, tag, false);
	uint64_t n;

	if (!v.p)
		return -1;
	if (v.n > 12 || !mp_str_u64(v, 999999999999, &n)) {
		fault(r, SMTP_SIG_MALFORMED,
			mp_printf(r->a, "has %s=%s, which is no time in seconds", tag, mp_tag_shown(r->a, v)));
		return -1;
	}
	return (int64_t)n;
}

static void read_forms(struct reader *r)
{
	struct mp_str v = value(r, "c", false);

	r->s->header = r->s->body = r->s->kind == SMTP_SIG_ARC_SEAL ? SMTP_RELAXED : SMTP_SIMPLE;
	if (!v.p || r->s->kind == SMTP_SIG_ARC_SEAL)
		return;
	if (!smtp_canon_parse(v, &r->s->header, &r->s->body))
		fault(r, SMTP_SIG_MALFORMED,
			mp_printf(r->a, "has c=%s, a form that is not known", mp_tag_shown(r->a, v)));
}

static void read_algorithm(struct reader *r)
{
	struct mp_str v = value(r, "a", true);

	if (!v.p)
		return;
	r->s->algorithm = lower(r->a, mp_strn(v.p, v.n < 40 ? v.n : 40));
	if (mp_str_ieq(v, MP_LIT("ed25519-sha256")))
		r->s->ed25519 = true;
	else if (mp_str_ieq(v, MP_LIT("rsa-sha1")))
		fault(r, SMTP_SIG_UNUSABLE,
			"is made with SHA-1 (a=rsa-sha1), which no verifier accepts any more (RFC 8301)");
	else if (!mp_str_ieq(v, MP_LIT("rsa-sha256")))
		fault(r, SMTP_SIG_UNUSABLE,
			mp_printf(r->a, "has a=%s, an algorithm that is not known", mp_tag_shown(r->a, v)));
}

/* The names that are signed. */
static void read_names(struct reader *r)
{
	struct mp_str rest = value(r, "h", true), name;
	bool from = false, own = false;

	if (!rest.p)
		return;
	r->s->names = mp_allocn(r->a, SMTP_SIG_NAMES, sizeof(*r->s->names));
	while (mp_tag_item(&rest, ':', &name)) {
		if (!name.n) {
			fault(r, SMTP_SIG_MALFORMED, "has an empty name in its tag h");
			return;
		}
		if (r->s->n_names == SMTP_SIG_NAMES) {
			fault(r, SMTP_SIG_UNUSABLE, "signs more fields than any real one");
			return;
		}
		from = from || mp_str_ieq(name, MP_LIT("from"));
		own = own || mp_str_ieq(name, MP_LIT("arc-seal"));
		r->s->names[r->s->n_names++] = name;
	}
	if (!from)
		fault(r, SMTP_SIG_UNUSABLE, "does not sign the From: field");
	if (own && r->s->kind == SMTP_SIG_ARC_MESSAGE)
		fault(r, SMTP_SIG_UNUSABLE, "signs an ARC-Seal field");
}

static void read_length(struct reader *r)
{
	struct mp_str v = value(r, "l", false);

	if (!v.p)
		return;
	r->s->has_length = true;
	if (!mp_str_u64(v, INT64_MAX, &r->s->length))
		fault(r, SMTP_SIG_MALFORMED,
			mp_printf(r->a, "has l=%s, which is no number of bytes", mp_tag_shown(r->a, v)));
}

/* i=: an address at the domain or below it. */
static void read_identity(struct reader *r)
{
	struct mp_str v = value(r, "i", false), domain = v;
	size_t d = r->s->domain ? strlen(r->s->domain) : 0;
	const char *at = NULL;

	r->s->identity = r->s->domain;
	if (!v.p)
		return;
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '@')
			at = v.p + i;
	if (at)
		domain = mp_strn(at + 1, (size_t)(v.p + v.n - at - 1));
	r->s->identity = lower(r->a, domain);
	if (!at || !is_name(domain))
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has i=%s, which is no address", mp_tag_shown(r->a, v)));
	else if (d &&
		 !(mp_str_ieq(domain, mp_str(r->s->domain)) ||
			 (domain.n > d + 1 && domain.p[domain.n - d - 1] == '.' && mp_str_iends(domain, r->s->domain))))
		fault(r, SMTP_SIG_UNUSABLE,
			mp_printf(r->a, "is for %s (i=), which is not below its own domain %s (d=)",
				mp_tag_shown(r->a, domain), r->s->domain));
}

static void read_instance(struct reader *r)
{
	struct mp_str v = value(r, "i", true);
	uint64_t n;

	if (!v.p)
		return;
	if (mp_str_u64(v, 1000, &n) && n >= 1)
		r->s->instance = (unsigned)n;
	else
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has i=%s, which is no number", mp_tag_shown(r->a, v)));
}

static void read_dkim(struct reader *r)
{
	struct mp_str v = value(r, "v", true), q = value(r, "q", false), item;
	bool dns = !q.p;

	if (v.p && !mp_str_eq(v, MP_LIT("1")))
		fault(r, SMTP_SIG_MALFORMED, mp_printf(r->a, "has v=%s, and only v=1 is known", mp_tag_shown(r->a, v)));
	while (q.p && mp_tag_item(&q, ':', &item))
		dns = dns || mp_str_ieq(item, MP_LIT("dns/txt"));
	if (!dns)
		fault(r, SMTP_SIG_UNUSABLE, "has a tag q without dns/txt, the only way to a key that is known");
}

void smtp_sig_read(struct mp_arena *a, enum smtp_sig_kind kind, const struct smtp_field *f, struct smtp_sig *out)
{
	struct reader r = {.a = a, .tags = mp_alloc(a, sizeof(*r.tags)), .s = out};
	bool seal = kind == SMTP_SIG_ARC_SEAL;

	*out = (struct smtp_sig){.kind = kind, .signed_s = -1, .ends_s = -1};
	mp_tags_parse(f->value, r.tags);
	if (r.tags->n_faults)
		fault(&r, SMTP_SIG_MALFORMED, mp_tag_fault_words(a, &r.tags->fault[0]));
	out->domain = read_name(&r, "d");
	out->selector = read_name(&r, "s");
	read_algorithm(&r);
	read_forms(&r);
	out->signature = read_base64(&r, "b", true);
	out->signed_s = read_time(&r, "t");
	if (kind == SMTP_SIG_DKIM) {
		read_dkim(&r);
		read_identity(&r);
		out->ends_s = read_time(&r, "x");
	} else {
		read_instance(&r);
	}
	if (seal) {
		struct mp_str cv = value(&r, "cv", true);

		out->cv = cv.p ? lower(a, mp_strn(cv.p, cv.n < 20 ? cv.n : 20)) : NULL;
		if (mp_tag_find(r.tags, "h"))
			fault(&r, SMTP_SIG_UNUSABLE, "has a tag h, which a seal must not have");
		return;
	}
	out->body_hash = read_base64(&r, "bh", true);
	if (out->body_hash.p && out->body_hash.n != SMTP_HASH)
		fault(&r, SMTP_SIG_UNUSABLE,
			mp_printf(a, "has a body hash of %zu bytes; SHA-256 gives %d", out->body_hash.n, SMTP_HASH));
	read_names(&r);
	read_length(&r);
	if (out->ends_s >= 0 && out->signed_s >= 0 && out->ends_s <= out->signed_s)
		fault(&r, SMTP_SIG_UNUSABLE, "ends (x=) before it was made (t=)");
}

/* ---- hashing and verifying */

void smtp_sig_fields(const struct smtp_header *h, const struct smtp_sig *s, const struct smtp_field **out)
{
	bool *used = mp_xcalloc(h->n, sizeof(*used));

	for (size_t k = 0; k < s->n_names; k++) {
		size_t i = h->n;

		while (i > 0 && (used[i - 1] || !mp_str_ieq(h->field[i - 1].name, s->names[k])))
			i--;
		out[k] = i ? &h->field[i - 1] : NULL;
		if (i)
			used[i - 1] = true;
	}
	free(used);
}

void smtp_sig_hash(enum smtp_canon how, const struct smtp_field *const *fields, size_t n, const struct smtp_field *own,
	uint8_t out[static SMTP_HASH])
{
	struct mp_buf b = MP_BUF(CANON_MAX);

	for (size_t i = 0; i < n; i++)
		if (fields[i])
			smtp_canon_field(how, fields[i], &b);
	smtp_canon_own(how, own, &b);
	smtp_sha256(mp_buf_str(&b), out);
	mp_buf_release(&b);
}

bool smtp_sig_verify(const struct smtp_header *h, const struct smtp_field *own, const struct smtp_sig *s,
	const struct smtp_public *key)
{
	const struct smtp_field *fields[SMTP_SIG_NAMES];
	uint8_t hash[SMTP_HASH];

	smtp_sig_fields(h, s, fields);
	smtp_sig_hash(s->header, fields, s->n_names, own, hash);
	return smtp_verify(key, hash, s->signature);
}

/* ---- signing */

/* Fields that say something to the reader or his program (6376 5.4.1), and those of lists. */
static const char *const signed_names[] = {"From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID",
	"In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
	"List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Owner", "List-Archive"};

static void hash_more(void *to, struct mp_str bytes)
{
	smtp_hash_add(to, bytes);
}

static char *body_hash(struct mp_arena *a, enum smtp_canon how, struct mp_str body)
{
	struct smtp_hash *h = smtp_hash_new();
	uint8_t out[SMTP_HASH];
	struct smtp_body b;

	smtp_body_init(&b, how, hash_more, h);
	for (size_t at = 0; at < body.n;) {
		size_t end = at;

		while (end < body.n && !(body.p[end] == '\r' && end + 1 < body.n && body.p[end + 1] == '\n'))
			end++;
		smtp_body_text(&b, mp_strn(body.p + at, end - at));
		if (end < body.n)
			smtp_body_line(&b);
		at = end + 2;
	}
	smtp_body_end(&b);
	smtp_hash_now(h, mp_strn(NULL, 0), out);
	smtp_hash_free(h);
	return mp_base64_encode(a, out, SMTP_HASH);
}

/* "From:From:To", a line break before a column too far. */
static void put_names(const struct smtp_header *h, struct mp_buf *out)
{
	enum { LINE = 72, SAME = 8 };
	size_t column = 3;
	bool first = true;

	for (size_t i = 0; i < ARRAY_LEN(signed_names); i++) {
		size_t n = smtp_field_count(h, signed_names[i]);

		n = (n < SAME ? n : SAME) + (i == 0);

		for (; n; n--) {
			size_t length = strlen(signed_names[i]) + 1;

			if (!first)
				mp_buf_addc(out, ':');
			if (!first && column + length > LINE) {
				mp_buf_adds(out, "\r\n\t ");
				column = 2;
			}
			mp_buf_adds(out, signed_names[i]);
			column += length;
			first = false;
		}
	}
}

char *smtp_sign_folded(struct mp_arena *a, const struct smtp_private *k, const uint8_t hash[static SMTP_HASH])
{
	enum { LINE = 70 };
	const char *signature = smtp_sign(a, k, hash);
	size_t n = strlen(signature);
	struct mp_buf b = MP_BUF(2 * n + 8);
	char *text;

	for (size_t at = 0; at < n; at += LINE)
		mp_buf_addf(&b, "%s%.*s", at ? "\r\n\t " : "", LINE, signature + at);
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* `head`: the field's name and its first tag. */
static char *sign(struct mp_arena *a, const struct smtp_signer *s, enum smtp_sig_kind kind, const char *head,
	struct mp_str header, struct mp_str body)
{
	const struct smtp_field *fields[SMTP_SIG_NAMES];
	struct mp_buf b = MP_BUF(64 * 1024);
	struct smtp_header h, own;
	struct smtp_sig sig;
	uint8_t hash[SMTP_HASH];
	char *text;

	smtp_header_parse(a, header, &h);
	mp_buf_addf(&b, "%s; a=%s-sha256; c=%s/%s;\r\n\td=%s; s=%s; t=%lld;\r\n\th=", head,
		smtp_private_is_rsa(s->key) ? "rsa" : "ed25519", smtp_canon_name(s->header), smtp_canon_name(s->body),
		s->domain, s->selector, (long long)s->now_s);
	put_names(&h, &b);
	mp_buf_addf(&b, ";\r\n\tbh=%s;\r\n\tb=", body_hash(a, s->body, body));

	/* what is signed is read from the field as a verifier reads it; its end does not count */
	smtp_header_parse(a, mp_str(mp_printf(a, "%sAA==\r\n", mp_buf_cstr(&b))), &own);
	smtp_sig_read(a, kind, &own.field[0], &sig);
	smtp_sig_fields(&h, &sig, fields);
	smtp_sig_hash(s->header, fields, sig.n_names, &own.field[0], hash);
	text = mp_printf(a, "%s%s\r\n", mp_buf_cstr(&b), smtp_sign_folded(a, s->key, hash));
	mp_buf_release(&b);
	return text;
}

char *smtp_dkim_sign(struct mp_arena *a, const struct smtp_signer *s, struct mp_str header, struct mp_str body)
{
	return sign(a, s, SMTP_SIG_DKIM, "DKIM-Signature: v=1", header, body);
}

char *smtp_arc_message(
	struct mp_arena *a, const struct smtp_signer *s, size_t instance, struct mp_str header, struct mp_str body)
{
	return sign(a, s, SMTP_SIG_ARC_MESSAGE, mp_printf(a, "ARC-Message-Signature: i=%zu", instance), header, body);
}
