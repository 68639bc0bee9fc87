/*
 * probe/checks/dkim.c - dkim.*: published keys, their strength, and whether the signer's private key belongs to them
 *
 * Selectors cannot be enumerated: without a known one nothing is missing. A few usual names are asked all the same, and
 * what is found there is information.
 */
#include "dns/dkim_key.h"
#include "probe/checks/checks.h"

static const char *const usual[] = {"default", "google", "selector1", "selector2", "s1", "s2", "k1", "mail", "dkim"};

enum { RSA_WEAK = 1024, RSA_STRONG = 2048 }; /* RFC 8301 3.2 */

struct published {
	const char *name;
	const struct dns_answer *answer;
	size_t n_keys, n_other;
	struct dns_dkim_key key; /* the first */
};

/* False: pending. */
static bool look_up(struct mp_judge *j, const char *selector, const char *domain, struct published *out)
{
	memset(out, 0, sizeof(*out));
	out->name = dns_dkim_key_name(j->a, selector, domain);
	out->answer = mp_dns(j, out->name, DNS_TXT);
	if (!out->answer)
		return false;
	for (size_t i = 0; i < out->answer->n_rr; i++) {
		const struct dns_rr *rr = &out->answer->rr[i];
		struct dns_dkim_key key;

		if (!dns_dkim_key_parse(j->a, mp_strn((const char *)rr->txt.p, rr->txt.n), &key))
			out->n_other++;
		else if (!out->n_keys++)
			out->key = key;
	}
	return true;
}

static bool usable(const struct published *p)
{
	return p->n_keys == 1 && !p->key.fault;
}

/* All selectors of the case at once, so that one batch of questions is enough. False: pending. */
static bool look_up_all(struct mp_judge *j, struct published **out)
{
	struct published *list = mp_allocn(j->a, j->c->n_selectors, sizeof(*list));
	bool all = true;

	for (size_t i = 0; i < j->c->n_selectors; i++)
		all = look_up(j, j->c->selectors[i].selector, j->c->selectors[i].domain, &list[i]) && all;
	*out = list;
	return all;
}

static void skip_without_selector(struct mp_judge *j)
{
	mp_report(j, j->c->domain, MP_SKIP,
		"No DKIM selector is known, so no key was checked; name one with --selector to have that done.");
}

/* ---- dkim.key */

static json_t *key_json(const struct dns_dkim_key *k)
{
	json_t *j = json_object();

	mp_jset_str(j, "type", dns_dkim_type_name(k->type));
	mp_jset(j, "bits", k->bits ? json_integer(k->bits) : json_null());
	mp_jset_bool(j, "revoked", k->revoked);
	mp_jset_bool(j, "testing", k->testing);
	mp_jset_bool(j, "strict", k->strict);
	mp_jset_str(j, "hash", k->hash);
	mp_jset_str(j, "notes", k->notes);
	mp_jset_str(j, "record", k->text);
	return j;
}

static void put_values(struct mp_result *r, const struct published *p, const char *result)
{
	mp_jset_str(r->values, "result", result);
	mp_jset(r->values, "key", p->n_keys ? key_json(&p->key) : json_null());
}

static const char *how_bits(struct mp_judge *j, const struct dns_dkim_key *k)
{
	return k->type == DNS_DKIM_ED25519 ? "Ed25519" : mp_printf(j->a, "RSA, %u bits", k->bits);
}

static void fix_publish(struct mp_judge *j, struct mp_result *r, const struct mp_selector *s, const char *name)
{
	const char *record = s->public_key ? dns_dkim_record_of(j->a, s->public_key) : NULL;

	if (record)
		mp_fix(j, r,
			"Publish in the zone of %s (your DNS provider, or your own name servers) the key that belongs to %s: %s. TXT "
			"\"%s\" (in strings of at most 255 bytes each).",
			s->domain, s->key_origin, name, record);
	else
		mp_fix(j, r,
			"Publish in the zone of %s (your DNS provider, or your own name servers) the public key of the signer at %s., "
			"type TXT: \"v=DKIM1; k=rsa; p=...\". OpenDKIM has it in the .txt file that opendkim-genkey wrote, rspamd prints it "
			"with \"rspamadm dkim_keygen\".",
			s->domain, name);
}

/* Some control panels add the domain to what was entered: the record is then at NAME.DOMAIN. False: pending. */
static bool found_behind(struct mp_judge *j, const struct mp_selector *s, const char **out)
{
	struct published doubled;
	const char *name = mp_printf(j->a, "%s.%s", s->domain, s->domain);

	*out = NULL;
	if (!look_up(j, s->selector, name, &doubled))
		return false;
	if (doubled.n_keys)
		*out = doubled.name;
	return true;
}

static void report_fault(struct mp_judge *j, const struct mp_selector *s, const struct published *p)
{
	const struct dns_dkim_key *k = &p->key;
	struct mp_result *r = mp_report(
		j, p->name, MP_FAIL, "No receiver can verify signatures with %s: the record %s.", p->name, k->fault);

	if (k->hint)
		mp_detail(j, r, "%s", k->hint);
	if (k->revoked)
		mp_fix(j, r,
			"Sign with a selector whose key is published, or publish the key of %s again if it was not revoked on purpose.",
			s->selector);
	else if (k->private_key)
		mp_fix(j, r,
			"Make a new key pair under another selector, publish its public half, have the signer use it, and remove %s: whoever "
			"read it can sign as %s.",
			p->name, s->domain);
	else if (k->p_wanted)
		mp_fix(j, r, "In the record %s set p=%s.", p->name, k->p_wanted);
	else
		fix_publish(j, r, s, p->name);
	put_values(r, p, "fail");
}

static void report_usable(struct mp_judge *j, const struct published *p)
{
	const struct dns_dkim_key *k = &p->key;
	struct mp_result *r;

	if (k->testing) {
		r = mp_report(j, p->name, MP_WARN,
			"The key at %s is valid (%s), but says that DKIM is being tested (t=y).", p->name,
			how_bits(j, k));
		mp_detail(j, r, "Receivers may treat signed mail as if it were not signed (RFC 6376 3.6.1).");
		mp_fix(j, r, "Remove y from the tag t of %s once signatures verify.", p->name);
	} else {
		r = mp_report(j, p->name, MP_PASS, "The key at %s is valid (%s).", p->name, how_bits(j, k));
		if (k->remark)
			mp_detail(j, r, "%s", k->remark);
	}
	/* RFC 8301 3.2: below 1024 bits verifiers must not take a signature as valid. */
	put_values(r, p, k->type == DNS_DKIM_RSA && k->bits < RSA_WEAK ? "fail" : "pass");
}

/* False: pending. */
static bool report_key(struct mp_judge *j, const struct mp_selector *s, const struct published *p)
{
	struct mp_result *r;
	const char *behind;

	if (p->answer->outcome == DNS_BADNAME) {
		r = mp_report(j, p->name, MP_FAIL, "The selector makes no possible name: %s is too long.", p->name);
		mp_fix(j, r, "Use a shorter selector.");
		put_values(r, p, "fail");
	} else if (!dns_known(p->answer->outcome)) {
		r = mp_cannot_tell(j, p->name, mp_printf(j->a, "the DKIM key %s", p->name), p->answer);
		put_values(r, p, "temperror");
	} else if (p->n_keys > 1) {
		r = mp_report(j, p->name, MP_FAIL,
			"There are %zu DKIM keys at %s; which of them a receiver takes is undefined.", p->n_keys,
			p->name);
		mp_fix(j, r,
			"Leave one TXT record at %s, that of the key which signs; a further key needs a selector of its own.",
			p->name);
		put_values(r, p, "fail");
	} else if (p->n_keys && p->key.fault) {
		report_fault(j, s, p);
	} else if (p->n_keys) {
		report_usable(j, p);
	} else {
		if (!found_behind(j, s, &behind))
			return false;
		r = mp_report(j, p->name, MP_FAIL, "There is no DKIM key at %s%s.", p->name,
			p->n_other                           ? ": its TXT record is something else"
			: p->answer->outcome == DNS_NXDOMAIN ? ": the name does not exist"
							     : ": the name has no TXT record");
		if (behind)
			mp_detail(j, r, "There is one at %s: the domain was added twice.", behind);
		if (behind)
			mp_fix(j, r,
				"Move the record from %s to %s; in the control panel enter the name without the domain.",
				behind, p->name);
		else
			fix_publish(j, r, s, p->name);
		put_values(r, p, "fail");
	}
	return true;
}

static enum mp_judged judge_usual(struct mp_judge *j)
{
	struct published p[ARRAY_LEN(usual)];
	bool all = true;

	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		all = look_up(j, usual[i], j->c->domain, &p[i]) && all;
	if (!all)
		return MP_PENDING;
	skip_without_selector(j);
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (usable(&p[i])) {
			struct mp_result *r = mp_report(j, p[i].name, MP_INFO,
				"A usual selector, %s, has a valid key (%s); whether this host signs with it is not known.",
				usual[i], how_bits(j, &p[i].key));

			put_values(r, &p[i], "pass");
		}
	return MP_SETTLED;
}

static enum mp_judged judge_key(struct mp_judge *j)
{
	struct published *p;
	bool all;

	if (!j->c->n_selectors)
		return judge_usual(j);
	if (!look_up_all(j, &p))
		return MP_PENDING;
	all = true;
	for (size_t i = 0; i < j->c->n_selectors; i++)
		all = report_key(j, &j->c->selectors[i], &p[i]) && all;
	return all ? MP_SETTLED : MP_PENDING;
}

const struct mp_check mp_check_dkim_key = {
	.id = "dkim.key",
	.title = "The DKIM key is published, valid and not revoked",
	.ref = "RFC 6376 3.6.1",
	.in = MP_IN_SENDER | MP_IN_DKIM,
	.judge = judge_key,
};

/* ---- dkim.strength */

static void report_strength(struct mp_judge *j, const struct published *p)
{
	const struct dns_dkim_key *k = &p->key;
	struct mp_result *r;

	if (!usable(p)) {
		mp_report(j, p->name, MP_SKIP, "There is no usable key at %s (follows from dkim.key).", p->name);
		return;
	}
	if (k->type == DNS_DKIM_ED25519) {
		r = mp_report(j, p->name, MP_PASS, "The key at %s is Ed25519.", p->name);
		mp_detail(j, r, "Not every receiver knows Ed25519 yet: sign with an RSA key as well (RFC 8463 3).");
	} else if (k->bits >= RSA_STRONG) {
		r = mp_report(j, p->name, MP_PASS, "The key at %s has %u bits.", p->name, k->bits);
		if (k->bits > 4096)
			mp_detail(j, r, "Receivers need not verify keys of more than 4096 bits (RFC 8301 3.2).");
	} else {
		bool weak = k->bits >= RSA_WEAK;

		r = mp_report(j, p->name, weak ? MP_WARN : MP_FAIL, "The key at %s has %u bits; %s.", p->name, k->bits,
			weak ? "2048 are advised" : "receivers must not accept fewer than 1024");
		mp_fix(j, r,
			"Make an RSA key of 2048 bits under a new selector, publish it, then have the signer use it; keep the old record for "
			"some days, until mail on its way has arrived.");
	}
	mp_jset_str(r->values, "type", dns_dkim_type_name(k->type));
	mp_jset_int(r->values, "bits", k->bits);
}

static enum mp_judged judge_strength(struct mp_judge *j)
{
	struct published *p;

	if (!j->c->n_selectors) {
		skip_without_selector(j);
		return MP_SETTLED;
	}
	if (!look_up_all(j, &p))
		return MP_PENDING;
	for (size_t i = 0; i < j->c->n_selectors; i++)
		report_strength(j, &p[i]);
	return MP_SETTLED;
}

const struct mp_check mp_check_dkim_strength = {
	.id = "dkim.strength",
	.title = "The DKIM key is RSA of 2048 bits or more, or Ed25519",
	.ref = "RFC 8301 3.2",
	.in = MP_IN_SENDER | MP_IN_DKIM,
	.judge = judge_strength,
};

/* ---- dkim.pair */

static void report_pair(struct mp_judge *j, const struct mp_selector *s, const struct published *p)
{
	struct mp_result *r;
	unsigned bits;
	enum dns_dkim_type type;

	if (!s->public_key) {
		mp_report(j, p->name, MP_SKIP, "No private key was given for %s (--dkim-key).", p->name);
		return;
	}
	if (!usable(p)) {
		mp_report(j, p->name, MP_SKIP, "There is no usable key at %s to compare with (follows from dkim.key).",
			p->name);
		return;
	}
	if (strcmp(s->public_key, p->key.public_key) == 0) {
		mp_report(j, p->name, MP_PASS, "The private key %s belongs to the key at %s.", s->key_origin, p->name);
		return;
	}
	type = dns_dkim_public_type(s->public_key, &bits);
	r = mp_report(j, p->name, MP_FAIL,
		"The private key %s does not belong to the key at %s: every signature made with it fails.",
		s->key_origin, p->name);
	mp_detail(j, r, "The private key is %s, the published one %s.",
		type == DNS_DKIM_ED25519 ? "Ed25519" : mp_printf(j->a, "RSA, %u bits", bits), how_bits(j, &p->key));
	fix_publish(j, r, s, p->name);
	mp_fix(j, r, "%s Or have the signer use the key that belongs to the record.", r->fix);
}

static enum mp_judged judge_pair(struct mp_judge *j)
{
	struct published *p;

	if (!j->c->n_selectors) {
		skip_without_selector(j);
		return MP_SETTLED;
	}
	if (!look_up_all(j, &p))
		return MP_PENDING;
	for (size_t i = 0; i < j->c->n_selectors; i++)
		report_pair(j, &j->c->selectors[i], &p[i]);
	return MP_SETTLED;
}

enum mp_verifies mp_dkim_verifies(struct mp_judge *j, const struct mp_selector *s)
{
	struct published p;

	if (!look_up(j, s->selector, s->domain, &p))
		return MP_VERIFIES_PENDING;
	if (!dns_known(p.answer->outcome) && p.answer->outcome != DNS_BADNAME)
		return MP_VERIFIES_UNKNOWN;
	if (!usable(&p) || (p.key.type == DNS_DKIM_RSA && p.key.bits < RSA_WEAK))
		return MP_VERIFIES_NO;
	return s->public_key && strcmp(s->public_key, p.key.public_key) != 0 ? MP_VERIFIES_NO : MP_VERIFIES_YES;
}

const struct mp_check mp_check_dkim_pair = {
	.id = "dkim.pair",
	.title = "The signer's private key belongs to the published DKIM key",
	.ref = "RFC 6376 3.1",
	.in = MP_IN_SENDER | MP_IN_DKIM,
	.judge = judge_pair,
};
