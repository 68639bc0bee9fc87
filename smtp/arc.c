/* smtp/arc.c - see smtp/arc.h */
#include "smtp/arc.h"

static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"};

/* The instance that an ARC-Authentication-Results field begins with, "i=2;", or 0. */
static unsigned results_instance(struct mp_arena *a, const struct smtp_field *f)
{
	struct smtp_lexer l;
	struct smtp_token t;
	uint64_t n;

	smtp_lex_init(&l, a, f->value, ";=");
	if (smtp_lex(&l, &t) != SMTP_TOKEN_ATOM || !mp_str_ieq(t.text, MP_LIT("i")) ||
		smtp_lex(&l, &t) != SMTP_TOKEN_SPECIAL || t.text.p[0] != '=' || smtp_lex(&l, &t) != SMTP_TOKEN_ATOM ||
		!mp_str_u64(t.text, 1000, &n))
		return 0;
	return (unsigned)n;
}

static void fault(struct smtp_arc *out, const char *words)
{
	if (!out->fault)
		out->fault = words;
}

/* Put a field into its set. */
static void place(struct mp_arena *a, struct smtp_arc *out, const struct smtp_header *h, size_t at, size_t kind)
{
	const struct smtp_field *f = &h->field[at];
	struct smtp_sig sig = {.instance = 0};
	const struct smtp_field **slot;
	struct smtp_arc_set *set;
	size_t i;

	if (kind == 0) {
		i = results_instance(a, f);
	} else {
		smtp_sig_read(a, kind == 1 ? SMTP_SIG_ARC_MESSAGE : SMTP_SIG_ARC_SEAL, f, &sig);
		i = sig.instance;
	}
	if (i < 1 || i > SMTP_ARC_SETS) {
		fault(out, mp_printf(a,
				   i ? "has an %s field of instance %zu, beyond the limit of 50"
				     : "has an %s field without an instance",
				   names[kind], i));
		out->n = out->n ? out->n : 1;
		return;
	}
	set = &out->set[i - 1];
	slot = kind == 0 ? &set->results : kind == 1 ? &set->message : &set->seal;
	if (*slot)
		fault(out, mp_printf(a, "has two %s fields of instance %zu", names[kind], i));
	*slot = f;
	if (kind == 1) {
		set->message_at = at;
		set->message_sig = sig;
	} else if (kind == 2) {
		set->seal_sig = sig;
	}
	if (i > out->n)
		out->n = i;
}

static void check_set(struct mp_arena *a, struct smtp_arc *out, size_t i)
{
	const struct smtp_arc_set *set = &out->set[i - 1];
	const char *want = i == 1 ? "none" : "pass";

	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		if (!(k == 0 ? set->results : k == 1 ? set->message : set->seal))
			fault(out, mp_printf(a, "has no %s field of instance %zu", names[k], i));
	if (out->fault)
		return;
	if (set->seal_sig.fault)
		fault(out, mp_printf(a, "has a seal of instance %zu that %s", i, set->seal_sig.fault));
	else if (strcmp(set->seal_sig.cv, "fail") == 0)
		fault(out, mp_printf(a, "was found broken by %s already (cv=fail of instance %zu)",
				   set->seal_sig.domain, i));
	else if (strcmp(set->seal_sig.cv, want) != 0)
		fault(out, mp_printf(a, "has cv=%s in the seal of instance %zu, where %s must be", set->seal_sig.cv, i,
				   want));
}

void smtp_arc_read(struct mp_arena *a, const struct smtp_header *h, struct smtp_arc *out)
{
	*out = (struct smtp_arc){.set = mp_allocn(a, SMTP_ARC_SETS, sizeof(*out->set))};
	for (size_t at = 0; at < h->n; at++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (smtp_field_is(&h->field[at], names[k]))
				place(a, out, h, at, k);
	for (size_t i = out->n; i > 0 && !out->fault; i--)
		check_set(a, out, i);
	if (out->n && !out->fault && out->set[out->n - 1].message_sig.fault)
		fault(out, mp_printf(a, "has an ARC-Message-Signature of instance %zu that %s", out->n,
				   out->set[out->n - 1].message_sig.fault));
}

void smtp_arc_seal_hash(const struct smtp_arc *arc, size_t i, uint8_t out[static SMTP_HASH])
{
	const struct smtp_field *fields[3 * SMTP_ARC_SETS], *own = arc->set[i - 1].seal;
	size_t n = 0;

	for (size_t k = 0; k < i; k++) {
		fields[n++] = arc->set[k].results;
		fields[n++] = arc->set[k].message;
		fields[n++] = arc->set[k].seal;
	}
	/* 5.1.1: the seal itself comes last, without its b, and without a CRLF at the end */
	smtp_sig_hash(SMTP_RELAXED, fields, n - 1, own, out);
}

/* ---- sealing */

char *smtp_arc_seal(struct mp_arena *a, const struct smtp_signer *s, const char *results, const char *cv,
	struct mp_str header, struct mp_str body)
{
	struct smtp_header h;
	struct smtp_arc arc;
	size_t i;
	char *message, *seal, *aar;
	uint8_t hash[SMTP_HASH];

	smtp_header_parse(a, header, &h);
	smtp_arc_read(a, &h, &arc);
	i = arc.n + 1;
	if (i > SMTP_ARC_SETS)
		return NULL;
	aar = mp_printf(a, "ARC-Authentication-Results: i=%zu; %s\r\n", i, results);
	message = smtp_arc_message(a, s, i, header, body);
	seal = mp_printf(a, "ARC-Seal: i=%zu; a=%s-sha256; t=%lld; cv=%s;\r\n\td=%s; s=%s;\r\n\tb=", i,
		smtp_private_is_rsa(s->key) ? "rsa" : "ed25519", (long long)s->now_s, cv, s->domain, s->selector);
	smtp_header_parse(
		a, mp_str(mp_printf(a, "%sAA==\r\n%s%s%.*s", seal, message, aar, (int)header.n, header.p)), &h);
	smtp_arc_read(a, &h, &arc);
	smtp_arc_seal_hash(&arc, i, hash);
	return mp_printf(a, "%s%s\r\n%s%s", seal, smtp_sign_folded(a, s->key, hash), message, aar);
}
