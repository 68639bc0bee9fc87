/* probe/message.c - see probe/message.h */
#include "probe/message.h"
#include "base/text.h"
#include "dns/psl.h"
#include "probe/checks/checks.h"
#include "probe/names.h"
#include "smtp/changed.h"

enum { RSA_LEAST = 1024 }; /* RFC 8301 3.2 */

static const struct smtp_header *header(const struct mp_judge *j)
{
	return &j->c->mail->header;
}

bool mp_same_owner(const char *a, const char *b)
{
	const char *x = a ? dns_registrable_domain(a, DNS_PSL_ALL) : NULL,
		   *y = b ? dns_registrable_domain(b, DNS_PSL_ALL) : NULL;

	return x && y && dns_name_eq(x, y);
}

/* Domains that one receiver names its own hosts in. */
static const char *const houses[][6] = {
	{"outlook.com", "exchangelabs.com", "office365.com", "microsoft.com", "hotmail.com"},
	{"google.com", "gmail.com", "1e100.net"},
	{"yahoo.com", "yahoodns.net", "aol.com"},
	{"icloud.com", "apple.com", "me.com"},
};

/* Both names of one receiver's hosts. */
static bool same_house(const char *a, const char *b)
{
	if (mp_same_owner(a, b))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(houses); i++) {
		unsigned found = 0;

		for (size_t k = 0; k < ARRAY_LEN(houses[i]) && houses[i][k]; k++)
			found |= (unsigned)mp_same_owner(a, houses[i][k]) | (unsigned)mp_same_owner(b, houses[i][k])
										    << 1;
		if (found == 3)
			return true;
	}
	return false;
}

/* ---- keys */

struct found_key {
	const char *name;
	const struct dns_answer *answer;
	struct dns_dkim_key key;
	size_t n; /* records */
};

/* False: pending. */
static bool find_key(struct mp_judge *j, const struct smtp_sig *s, struct found_key *out)
{
	memset(out, 0, sizeof(*out));
	out->name = dns_dkim_key_name(j->a, s->selector, s->domain);
	out->answer = mp_dns(j, out->name, DNS_TXT);
	if (!out->answer)
		return false;
	for (size_t i = 0; i < out->answer->n_rr; i++) {
		const struct dns_rr *rr = &out->answer->rr[i];
		struct dns_dkim_key key;

		if (dns_dkim_key_parse(j->a, mp_strn((const char *)rr->txt.p, rr->txt.n), &key) && !out->n++)
			out->key = key;
	}
	return true;
}

struct verdict {
	const char *result, *reason;
};

/* What keeps a key from verifying this signature; result NULL: nothing does. */
static struct verdict judge_key(struct mp_judge *j, const struct smtp_sig *s, const struct found_key *k)
{
	const struct dns_dkim_key *key = &k->key;

	if (!dns_known(k->answer->outcome) && k->answer->outcome != DNS_BADNAME)
		return (struct verdict){"temperror", mp_printf(j->a, "its key %s could not be looked up (%s)", k->name,
							     dns_outcome_words(k->answer->outcome))};
	if (!k->n)
		return (struct verdict){"permerror", mp_printf(j->a, "there is no key at %s", k->name)};
	if (key->revoked)
		return (struct verdict){"permerror", mp_printf(j->a, "its key %s is revoked", k->name)};
	if (key->fault)
		return (struct verdict){
			"permerror", mp_printf(j->a, "its key %s cannot be used: the record %s", k->name, key->fault)};
	if ((key->type == DNS_DKIM_ED25519) != s->ed25519)
		return (struct verdict){"permerror", mp_printf(j->a, "it is made with %s, and the key %s is of type %s",
							     s->algorithm, k->name, dns_dkim_type_name(key->type))};
	if (key->type == DNS_DKIM_RSA && key->bits < RSA_LEAST)
		return (struct verdict){
			"policy", mp_printf(j->a, "its key of %u bits is too weak to be accepted (%d are needed)",
					  key->bits, RSA_LEAST)};
	if (key->strict && s->identity && s->kind == SMTP_SIG_DKIM && !dns_name_eq(s->identity, s->domain))
		return (struct verdict){
			"permerror", mp_printf(j->a, "it is for %s (i=), and the key allows %s alone (t=s)",
					     s->identity, s->domain)};
	return (struct verdict){NULL, NULL};
}

/* ---- one signature over header and body */

/* What happened to the body; NULL: it cannot be told. */
static const char *body_words(struct mp_judge *j, const struct smtp_sig *s, const struct smtp_body_fact *f)
{
	const char *plural = f->lines == 1 ? "" : "s";

	switch (f->undo) {
	case SMTP_UNDO_FOOTER:
		return mp_printf(j->a, "%llu line%s %s appended to the body; without %s its hash is right.",
			(unsigned long long)f->lines, plural, f->lines == 1 ? "was" : "were",
			f->lines == 1 ? "it" : "them");
	case SMTP_UNDO_BANNER:
		return mp_printf(j->a, "%llu line%s %s put before the body; without %s its hash is right.",
			(unsigned long long)f->lines, plural, f->lines == 1 ? "was" : "were",
			f->lines == 1 ? "it" : "them");
	case SMTP_UNDO_PART:
		return "The message was made a part of another one, as mailing lists do that add a footer as a part of its "
		       "own; the hash of that part is right.";
	case SMTP_UNDO_SPACE:
		return "White space of the body changed; a signature with c=relaxed/relaxed would have stood that.";
	case SMTP_UNDO_LINE_ENDS:
		return "Lone CR or LF in the body became line ends, or the other way round.";
	case SMTP_UNDO_DOTS:
		return "Dots at the beginning of lines are doubled, as they are within SMTP: somebody did not take them off.";
	case SMTP_UNDO_FROM:
		return "\"From \" at the beginning of lines became \">From \", as mailboxes in mbox form have it.";
	case SMTP_UNDO_QUOTED:
		return "A relay encoded the 8-bit body as quoted-printable.";
	case SMTP_UNDO_NOTHING:
	case SMTP_UNDO__COUNT:
		break;
	}
	if (s->has_length && f->length < s->length)
		return mp_printf(j->a,
			"The signature is for %llu bytes of the body (l=), and it has %llu: the end is missing.",
			(unsigned long long)s->length, (unsigned long long)f->length);
	return NULL;
}

/* Names in h that have no field, for a message whose change was not found. */
static const char *missing_words(struct mp_judge *j, const struct smtp_sig *s)
{
	struct mp_buf b = MP_BUF(400);
	const char *text;
	size_t n = 0;

	for (size_t i = 0; i < s->n_names; i++) {
		const char *name = mp_text(j->a, mp_strn(s->names[i].p, s->names[i].n < 60 ? s->names[i].n : 60));

		if (!smtp_field_count(header(j), name) && mp_buf_addf(&b, "%s%s", n ? ", " : "", name))
			n++;
	}
	text = n ? mp_printf(j->a,
			   "Which field changed cannot be told. Signed and not there are %s: these may have been taken away.",
			   mp_buf_cstr(&b))
		 : "Which field changed cannot be told.";
	mp_buf_release(&b);
	return text;
}

static const char *join(struct mp_judge *j, const char *a, const char *b)
{
	return a && b ? mp_printf(j->a, "%s %s", a, b) : a ? a : b;
}

/* Header and body against a key that can be used. */
static void verify(struct mp_judge *j, struct mp_signature *s, const struct dns_dkim_key *key, bool explain)
{
	const struct smtp_field *own = &header(j)->field[s->field];
	const struct smtp_body_fact *body = smtp_mail_body(j->c->mail, s->field);
	struct smtp_public *public = key->public_key ? smtp_public_new(key->public_key) : NULL;
	struct smtp_changed c = {.words = NULL};

	if (!public || !body) {
		s->result = "permerror";
		s->reason = public ? "there are more signatures than are looked at" : "its key cannot be read";
		smtp_public_free(public);
		return;
	}
	s->body_changed = memcmp(body->hash, s->sig.body_hash.p, SMTP_HASH) != 0;
	s->header_changed = !smtp_sig_verify(header(j), own, &s->sig, public);
	if (s->sig.has_length && body->length > s->sig.length)
		s->unsigned_bytes = body->length - s->sig.length;
	if (s->header_changed && explain) {
		bool known = smtp_sig_changed(j->a, header(j), own, &s->sig, public, &c);

		/* Another key altogether: nothing it says of the message counts. */
		s->changed = known ? c.words : missing_words(j, &s->sig);
	}
	if (s->body_changed)
		s->changed = join(j, body_words(j, &s->sig, body), s->changed);
	s->result = s->body_changed || s->header_changed ? "fail" : "pass";
	s->reason =
		s->body_changed && s->header_changed
			? "neither the hash of the body nor the signature of the header is right"
		: s->body_changed ? "the hash of the body is not right, while the header is as it was signed"
		: s->header_changed
			? "the signature does not belong to this header and this key, while the body is as it was signed"
			: NULL;
	smtp_public_free(public);
}

bool mp_signature_passes(const struct mp_signature *s)
{
	return strcmp(s->result, "pass") == 0;
}

/* False: pending. */
static bool judge_signature(struct mp_judge *j, struct mp_signature *s, bool explain)
{
	struct found_key k;
	struct verdict v;

	if (s->sig.trouble != SMTP_SIG_GOOD) {
		s->result = s->sig.trouble == SMTP_SIG_MALFORMED ? "neutral" : "permerror";
		s->reason = mp_printf(j->a, "it %s", s->sig.fault);
		return true;
	}
	if (!find_key(j, &s->sig, &k))
		return false;
	v = judge_key(j, &s->sig, &k);
	s->name = k.name;
	s->bits = k.key.bits;
	s->testing = k.key.testing;
	s->no_key = dns_known(k.answer->outcome) && !k.n;
	if (v.result) {
		s->result = v.result;
		s->reason = v.reason;
		k.key.strict = false;
		s->barred = !judge_key(j, &s->sig, &k).result;
		return true;
	}
	if (j->c->mail->header_cut) {
		s->result = "permerror";
		s->reason = mp_printf(j->a, "the header is larger than %d KiB", SMTP_MAIL_HEADER >> 10);
		return true;
	}
	verify(j, s, &k.key, explain);
	if (mp_signature_passes(s) && s->sig.ends_s >= 0 && s->sig.ends_s < mp_message_arrived(j) / 1000) {
		s->result = "fail";
		s->reason = mp_printf(j->a, "it ended on %s (x=), before the message arrived",
			mp_time_text(j->a, s->sig.ends_s * 1000, false));
	}
	return true;
}

bool mp_message_signatures(struct mp_judge *j, bool explain, struct mp_signature **out, size_t *n)
{
	enum { EXPLAINED = 8 };
	const struct smtp_header *h = header(j);
	bool all = true;

	*n = 0;
	*out = mp_allocn(j->a, smtp_field_count(h, "DKIM-Signature") + 1, sizeof(**out));
	for (size_t i = smtp_field_find(h, "DKIM-Signature", 0); i < h->n;
		i = smtp_field_find(h, "DKIM-Signature", i + 1)) {
		struct mp_signature *s = &(*out)[*n];

		s->field = i;
		smtp_sig_read(j->a, SMTP_SIG_DKIM, &h->field[i], &s->sig);
		if (*n >= SMTP_MAIL_SIGNATURES) {
			s->result = "neutral";
			s->reason = mp_printf(
				j->a, "it stands behind %d others, and no more are looked at", SMTP_MAIL_SIGNATURES);
		} else {
			all = judge_signature(j, s, explain && *n < EXPLAINED) && all;
		}
		++*n;
	}
	return all;
}

/* ---- ARC */

/* One seal. False: pending. */
static bool judge_seal(struct mp_judge *j, const struct smtp_arc *arc, size_t i, struct verdict *out)
{
	const struct smtp_sig *s = &arc->set[i - 1].seal_sig;
	struct smtp_public *public;
	uint8_t hash[SMTP_HASH];
	struct found_key k;

	if (!find_key(j, s, &k))
		return false;
	*out = judge_key(j, s, &k);
	if (out->result)
		return true;
	public = k.key.public_key ? smtp_public_new(k.key.public_key) : NULL;
	smtp_arc_seal_hash(arc, i, hash);
	if (!public || !smtp_verify(public, hash, s->signature))
		*out = (struct verdict){"fail", "it does not belong to these ARC fields and this key"};
	smtp_public_free(public);
	return true;
}

static void chain_broken(struct mp_judge *j, struct mp_chain *out, const char *what, size_t i, struct verdict v)
{
	bool unknown = strcmp(v.result, "temperror") == 0;

	if (out->reason && (unknown || strcmp(out->result, "fail") == 0))
		return;
	out->result = unknown ? "temperror" : "fail";
	out->reason = mp_printf(j->a, "%s of instance %zu is not good: %s", what, i, v.reason);
}

bool mp_message_chain(struct mp_judge *j, struct mp_chain *out)
{
	struct mp_signature *message = mp_alloc(j->a, sizeof(*message));
	bool pending = false;
	struct smtp_arc *arc = &out->arc;

	*out = (struct mp_chain){.result = "none"};
	smtp_arc_read(j->a, header(j), arc);
	if (!arc->n)
		return true;
	out->sealer = arc->set[arc->n - 1].seal ? arc->set[arc->n - 1].seal_sig.domain : NULL;
	out->result = "pass";
	if (arc->fault) {
		out->result = "fail";
		out->reason = arc->fault;
		return true;
	}
	message->field = arc->set[arc->n - 1].message_at;
	message->sig = arc->set[arc->n - 1].message_sig;
	pending = !judge_signature(j, message, true);
	if (!pending && !mp_signature_passes(message)) {
		chain_broken(j, out, "the ARC-Message-Signature", arc->n,
			(struct verdict){message->result, message->reason});
		out->changed = message->changed;
	}
	for (size_t i = arc->n; i > 0; i--) {
		struct verdict v = {NULL, NULL};

		if (!judge_seal(j, arc, i, &v))
			pending = true;
		else if (v.result)
			chain_broken(j, out, "the ARC-Seal", i, v);
	}
	return !pending;
}

/* ---- its way */

static bool within(const struct mp_ip *ip)
{
	return ip->family == MP_IPNONE || mp_ip_kind(ip) != MP_IP_GLOBAL;
}

/* Was the message handed over within the receiver's own house at this hop, so that the line below is his, too? */
static bool handed_within(const struct smtp_hop *h, const struct smtp_hop *below, const char *owner)
{
	const char *client = h->rdns ? h->rdns : h->helo;

	if (!below->by)
		return false;
	if (within(&h->ip))
		return true;
	return owner && same_house(below->by, owner) && client && same_house(client, owner);
}

const struct mp_trail *mp_message_trail(struct mp_judge *j)
{
	const struct smtp_header *h = header(j);
	struct mp_trail *t = mp_alloc(j->a, sizeof(*t));
	size_t i = smtp_field_find(h, "Received", 0);

	for (; i < h->n && t->n < MP_HOPS_MAX; i = smtp_field_find(h, "Received", i + 1)) {
		t->field[t->n] = i;
		smtp_received_read(j->a, h->field[i].value, &t->hop[t->n++]);
	}
	t->border = t->n;
	if (!t->n)
		return t;
	for (t->trusted = 1; t->trusted < t->n; t->trusted++) {
		const struct smtp_hop *last = &t->hop[t->trusted - 1];

		if (!t->owner && last->by)
			t->owner = dns_registrable_domain(last->by, DNS_PSL_ALL);
		if (!handed_within(last, &t->hop[t->trusted], t->owner))
			break;
	}
	for (size_t k = t->trusted; k > 0 && t->border == t->n; k--) {
		if (!t->owner && t->hop[k - 1].by)
			t->owner = dns_registrable_domain(t->hop[k - 1].by, DNS_PSL_ALL);
		if (t->hop[k - 1].ip.family != MP_IPNONE)
			t->border = k - 1;
	}
	return t;
}

int64_t mp_message_arrived(struct mp_judge *j)
{
	const struct mp_trail *t = mp_message_trail(j);

	return t->n && t->hop[0].dated && t->hop[0].at_ms < j->c->started_ms ? t->hop[0].at_ms : j->c->started_ms;
}

/* ---- who it is from */

size_t mp_message_authors(struct mp_judge *j, struct smtp_mailbox out[static SMTP_MAILBOXES_MAX])
{
	const struct smtp_header *h = header(j);
	struct smtp_mailbox list[SMTP_MAILBOXES_MAX];
	size_t n = 0;

	for (size_t i = smtp_field_find(h, "From", 0); i < h->n; i = smtp_field_find(h, "From", i + 1)) {
		size_t more = smtp_mailboxes(j->a, h->field[i].value, list);

		for (size_t k = 0; k < more && n < SMTP_MAILBOXES_MAX; k++)
			out[n++] = list[k];
	}
	return n;
}

const char *mp_message_author(struct mp_judge *j)
{
	struct smtp_mailbox *list = mp_allocn(j->a, SMTP_MAILBOXES_MAX, sizeof(*list));
	size_t n = mp_message_authors(j, list);

	const char *domain = NULL;

	for (size_t i = 0; i < n; i++)
		if (!*list[i].domain || !dns_name_eq(list[i].domain, list[0].domain))
			return NULL;
	return n && mp_domain_parse(j->a, mp_str(list[0].domain), &domain, NULL) == MP_OK ? domain : NULL;
}

static const char *return_path(struct mp_judge *j)
{
	const struct smtp_header *h = header(j);
	size_t i = smtp_field_find(h, "Return-Path", 0);
	struct smtp_mailbox list[SMTP_MAILBOXES_MAX];

	if (i == h->n)
		return NULL;
	return smtp_mailboxes(j->a, h->field[i].value, list) ? list[0].address : "";
}

void mp_message_envelope(struct mp_judge *j, struct mp_envelope *out)
{
	const struct mp_trail *t = mp_message_trail(j);
	const struct smtp_hop *hop = t->border < t->n ? &t->hop[t->border] : NULL;
	const char *path = return_path(j);

	*out = (struct mp_envelope){.helo = NULL};
	if (j->c->n_sources) {
		out->ip = j->c->sources[0].address;
		out->origin = j->c->sources_origin;
		hop = NULL; /* a line about another client says nothing of this one */
	} else if (hop) {
		out->ip = hop->ip;
		out->origin = mp_printf(j->a, "the Received line of %s", hop->by ? hop->by : "the receiver");
	}
	out->helo = j->c->ehlo ? j->c->ehlo : hop ? hop->helo : NULL;
	out->mail_from = j->c->mail_from ? j->c->mail_from : path ? path : hop ? hop->envelope_from : NULL;
	if (!out->mail_from && !j->c->ehlo) {
		/* As most mail has it; better than to judge the client's name as if it were a bounce. */
		struct smtp_mailbox *list = mp_allocn(j->a, SMTP_MAILBOXES_MAX, sizeof(*list));

		out->assumed = mp_message_authors(j, list) > 0 && *list[0].domain;
		out->mail_from = out->assumed ? list[0].address : NULL;
	}
	if (!out->mail_from)
		out->mail_from = "";
}

/* ---- what receivers noted */

static bool receivers_own(const struct mp_trail *t, size_t field, const struct smtp_authres *said)
{
	if (!t->n)
		return true; /* nobody else had a hand in it, as far as it tells */
	if (t->trusted < t->n && field > t->field[t->trusted])
		return false;
	if (field < t->field[0])
		return true; /* above the receiver's own line */
	if (!said->id)
		return t->owner && same_house(t->owner, "outlook.com");
	for (size_t i = 0; i < t->trusted; i++)
		if (t->hop[i].by && (dns_name_eq(said->id, t->hop[i].by) || mp_same_owner(said->id, t->hop[i].by)))
			return true;
	return false;
}

size_t mp_message_results(struct mp_judge *j, struct mp_noted_results **out)
{
	const struct smtp_header *h = header(j);
	const struct mp_trail *t = mp_message_trail(j);
	bool above = false;
	size_t n = 0;

	*out = mp_allocn(j->a, smtp_field_count(h, "Authentication-Results") + 1, sizeof(**out));
	for (size_t i = smtp_field_find(h, "Authentication-Results", 0); i < h->n && n < MP_HOPS_MAX;
		i = smtp_field_find(h, "Authentication-Results", i + 1)) {
		struct mp_noted_results *r = &(*out)[n++];

		r->field = i;
		smtp_authres_read(j->a, h->field[i].value, &r->said);
		r->believed = receivers_own(t, i, &r->said);
		above = above || (r->believed && t->border < t->n && i < t->field[t->border]);
	}
	/* Some receivers write below their own line (milters do). One that is seen to write above it does not. */
	for (size_t i = 0; i < n && above; i++)
		(*out)[i].believed = (*out)[i].believed && (*out)[i].field < t->field[t->border];
	return n;
}

/* "spf=pass, dkim=fail (bad signature)" */
static const char *said_words(struct mp_judge *j, const struct mp_noted_results *r)
{
	const char *words[SMTP_AUTHRES_RESULTS];
	size_t n = 0;

	for (size_t i = 0; i < r->said.n; i++) {
		const struct smtp_authres_result *one = &r->said.result[i];
		const char *why =
			strcmp(one->method, "compauth") == 0 && one->reason ? smtp_noted_compauth(one->reason) : NULL;

		words[n++] = why ? mp_printf(j->a, "%s=%s (%s)", one->method, one->result, why)
				 : mp_printf(j->a, "%s=%s", one->method, one->result);
	}
	return n ? mp_list(j->a, words, n) : "nothing";
}

static bool is_fault(const struct smtp_authres_result *r)
{
	static const char *const methods[] = {"spf", "dkim", "dmarc", "compauth", "arc"};
	static const char *const faults[] = {"fail", "softfail", "permerror", "policy"};
	bool known = false, bad = false;

	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		known = known || strcmp(r->method, methods[i]) == 0;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		bad = bad || strcmp(r->result, faults[i]) == 0;
	return known && bad;
}

void mp_message_said(struct mp_judge *j, struct mp_said *out)
{
	const struct mp_trail *t = mp_message_trail(j);

	*out = (struct mp_said){.who = t->n && t->hop[0].by ? t->hop[0].by : "the receiver"};
	out->noted = mp_allocn(j->a, SMTP_NOTED_MAX, sizeof(*out->noted));
	out->n_noted = smtp_noted_read(j->a, header(j), out->noted);
	out->n_results = mp_message_results(j, &out->results);
	out->words = mp_allocn(j->a, out->n_results + out->n_noted, sizeof(*out->words));
	out->bad = mp_allocn(j->a, SMTP_AUTHRES_RESULTS * out->n_results + out->n_noted, sizeof(*out->bad));
	for (size_t i = 0; i < out->n_results; i++) {
		const struct mp_noted_results *r = &out->results[i];

		if (!r->believed)
			continue;
		out->words[out->n++] = mp_printf(j->a, "%s: %s", r->said.id ? r->said.id : out->who, said_words(j, r));
		for (size_t k = 0; k < r->said.n; k++)
			if (is_fault(&r->said.result[k]))
				out->bad[out->n_bad++] =
					mp_printf(j->a, "%s=%s", r->said.result[k].method, r->said.result[k].result);
	}
	for (size_t i = 0; i < out->n_noted; i++) {
		const struct smtp_noted *n = &out->noted[i];

		out->words[out->n++] = i && out->noted[i - 1].at == n->at
					       ? n->words
					       : mp_printf(j->a, "%s (%s): %s", n->by, n->field, n->words);
		if (n->mood == SMTP_NOTED_BAD)
			out->bad[out->n_bad++] = mp_printf(j->a, "%s: %s", n->by, n->words);
	}
}
