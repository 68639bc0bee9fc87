/* probe/checks/message.c - a received message, verified as a receiver does it: message.dkim, arc, spf, dmarc */
#include "base/text.h"
#include "probe/checks/checks.h"
#include "probe/message.h"

/* ---- message.dkim */

static const char *signature_words(struct mp_judge *j, const struct mp_signature *s)
{
	if (!s->sig.domain)
		return "A DKIM signature";
	return mp_printf(j->a, "The signature of %s%s%s%s", s->sig.domain, s->sig.selector ? " (selector " : "",
		s->sig.selector ? s->sig.selector : "", s->sig.selector ? ")" : "");
}

/* What was checked: the key's name, with the place of the field where several signatures use one. */
static const char *signature_subject(struct mp_judge *j, const struct mp_signature *list, size_t n, size_t at)
{
	const char *name = list[at].sig.domain && list[at].sig.selector
				   ? dns_dkim_key_name(j->a, list[at].sig.selector, list[at].sig.domain)
				   : "DKIM-Signature";
	bool several = false;

	for (size_t i = 0; i < n; i++)
		if (i != at)
			several = several ||
				  (list[i].sig.domain && list[i].sig.selector && list[at].sig.domain &&
					  list[at].sig.selector && mp_ieq(list[i].sig.domain, list[at].sig.domain) &&
					  mp_ieq(list[i].sig.selector, list[at].sig.selector));
	if (!several && strcmp(name, "DKIM-Signature") != 0)
		return name;
	return mp_printf(j->a, "%s, field %zu", name, list[at].field + 1);
}

static void fix_signature(struct mp_judge *j, struct mp_result *r, const struct mp_signature *s)
{
	const char *domain = s->sig.domain ? s->sig.domain : "the signing domain";

	if (s->barred)
		mp_fix(j, r,
			"Have the signer of %s set i=@%s, or none; or take t=s out of the key at %s (whoever runs the DNS of %s).",
			domain, domain, s->name, domain);
	else if (s->no_key || (s->name && strcmp(s->result, "fail") != 0))
		mp_fix(j, r,
			"Publish at %s the key that the signer uses (whoever runs the DNS of %s); \"mailprobe dkim %s %s\" says what is "
			"there.",
			s->name, domain, s->sig.selector, domain);
	else if (strcmp(s->result, "policy") == 0)
		mp_fix(j, r,
			"Make a key of 2048 bits, publish it under a new selector, and have the signer of %s use it.",
			domain);
	else if (strcmp(s->result, "fail") != 0)
		mp_fix(j, r,
			"Correct the signer of %s: it signs with rsa-sha256 or ed25519-sha256, and From, Date, Subject and To among the "
			"fields.",
			domain);
	else if (s->body_changed || s->header_changed)
		mp_fix(j, r,
			"Sign at the last host that touches the message, with c=relaxed/relaxed; where a mailing list or a filter changes "
			"it behind the signer (footers, banners, subject prefixes), have that turned off there, or have it sign anew with "
			"its own domain and in From.");
	else
		mp_fix(j, r, "Have the signer of %s set a longer life (x=), or none.", domain);
}

static json_t *signature_json(const struct mp_signature *s)
{
	json_t *j = json_object();

	mp_jset_str(j, "domain", s->sig.domain);
	mp_jset_str(j, "selector", s->sig.selector);
	mp_jset_str(j, "result", s->result);
	mp_jset_str(j, "reason", s->reason);
	mp_jset_str(j, "changed", s->changed);
	mp_jset_str(j, "algorithm", s->sig.algorithm);
	mp_jset_str(j, "identity", s->sig.identity);
	mp_jset(j, "bits", s->bits ? json_integer(s->bits) : json_null());
	mp_jset_bool(j, "testing", s->testing);
	mp_jset(j, "unsigned_bytes", s->sig.has_length ? json_integer((json_int_t)s->unsigned_bytes) : json_null());
	return j;
}

static void report_pass(struct mp_judge *j, const char *subject, const struct mp_signature *s)
{
	struct mp_result *r;

	if (s->sig.has_length) {
		r = mp_report(j, subject, MP_WARN, "%s is good, but for %s of the body alone (l=).",
			signature_words(j, s),
			s->unsigned_bytes
				? mp_printf(j->a, "all but the last %llu bytes", (unsigned long long)s->unsigned_bytes)
				: "what is there now");
		mp_detail(j, r,
			"Anybody can append text to such a message, and the signature stays good; some receivers do not heed it.");
		mp_fix(j, r, "Have the signer of %s sign whole bodies: turn its body length (l=) off.", s->sig.domain);
	} else {
		r = mp_report(j, subject, MP_PASS, "%s is good (%s).", signature_words(j, s), s->sig.algorithm);
		if (s->testing)
			mp_detail(j, r, "Its key says that the domain is testing DKIM (t=y).");
	}
	mp_jset(r->values, "signature", signature_json(s));
}

static void report_signature(struct mp_judge *j, const char *subject, const struct mp_signature *s, bool another)
{
	enum mp_status status = strcmp(s->result, "temperror") == 0            ? MP_ERROR
				: another || strcmp(s->result, "neutral") == 0 ? MP_WARN
									       : MP_FAIL;
	struct mp_result *r;

	if (mp_signature_passes(s)) {
		report_pass(j, subject, s);
		return;
	}
	r = mp_report(j, subject, status, "%s %s (%s): %s.", signature_words(j, s),
		status == MP_ERROR ? "could not be verified" : "is not good", s->result, s->reason);
	if (s->changed)
		mp_detail(j, r, "%s%s", s->changed,
			another ? " Another signature, of the author's domain, is good." : "");
	else if (another)
		mp_detail(j, r, "Another signature, of the author's domain, is good.");
	if (status != MP_ERROR)
		fix_signature(j, r, s);
	mp_jset(r->values, "signature", signature_json(s));
}

static enum mp_judged judge_dkim(struct mp_judge *j)
{
	const char *author = mp_message_author(j);
	struct mp_signature *list;
	struct mp_result *r;
	bool good = false;
	size_t n;

	if (!mp_message_signatures(j, true, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++)
		good = good || (mp_signature_passes(&list[i]) && mp_same_owner(list[i].sig.domain, author));
	for (size_t i = 0; i < n; i++)
		report_signature(j, signature_subject(j, list, n, i), &list[i], good);
	if (n)
		return MP_SETTLED;
	r = mp_report(j, author ? author : "message", MP_WARN, "The message has no DKIM signature.");
	mp_fix(j, r, "Have the mail server of %s sign what it sends (OpenDKIM, rspamd, or the provider's setting).",
		author ? author : "the sender");
	return MP_SETTLED;
}

const struct mp_check mp_check_message_dkim = {
	.id = "message.dkim",
	.title = "The message's DKIM signatures are good",
	.ref = "RFC 6376 6.1",
	.in = MP_IN_MESSAGE,
	.judge = judge_dkim,
};

/* ---- message.arc */

/* What each sealer says that it saw, the first one first: "mx.list.example.net saw spf=pass and dkim=pass". */
static const char *chain_words(struct mp_judge *j, const struct smtp_arc *arc)
{
	const char *hops[SMTP_ARC_SETS];

	for (size_t i = 0; i < arc->n; i++) {
		const char *seen[SMTP_AUTHRES_RESULTS];
		struct smtp_authres said;

		smtp_authres_read(j->a, arc->set[i].results->value, &said);
		for (size_t k = 0; k < said.n; k++)
			seen[k] = mp_printf(j->a, "%s=%s", said.result[k].method, said.result[k].result);
		hops[i] = mp_printf(j->a, "%s saw %s", said.id ? said.id : "a host that does not tell its name",
			said.n ? mp_list(j->a, seen, said.n) : "nothing");
	}
	return mp_list(j->a, hops, arc->n);
}

static enum mp_judged judge_arc(struct mp_judge *j)
{
	struct mp_chain *c = mp_alloc(j->a, sizeof(*c));
	struct mp_result *r;

	if (!mp_message_chain(j, c))
		return MP_PENDING;
	if (strcmp(c->result, "none") == 0) {
		r = mp_report(j, "ARC", MP_SKIP, "The message has no ARC set; only mail that was forwarded has some.");
	} else if (strcmp(c->result, "pass") == 0) {
		r = mp_report(j, "ARC", MP_PASS, "The ARC chain of %zu set%s is good; the last seal is that of %s.",
			c->arc.n, c->arc.n == 1 ? "" : "s", c->sealer);
		mp_detail(j, r, "What the sealers vouch for, in their order: %s.", chain_words(j, &c->arc));
	} else if (strcmp(c->result, "temperror") == 0) {
		r = mp_report(j, "ARC", MP_ERROR, "The ARC chain could not be verified: %s.", c->reason);
	} else {
		r = mp_report(j, "ARC", MP_WARN, "The ARC chain is broken: %s %s.", c->arc.fault ? "it" : "in it,",
			c->reason);
		if (c->changed)
			mp_detail(j, r, "%s", c->changed);
		mp_fix(j, r,
			"Ask whoever forwards this mail (%s sealed it last) not to change it behind its own seal; your own mail needs no "
			"ARC.",
			c->sealer ? c->sealer : "nobody is named who");
	}
	mp_jset_str(r->values, "result", c->result);
	mp_jset_int(r->values, "sets", (int64_t)c->arc.n);
	mp_jset_str(r->values, "reason", c->reason);
	mp_jset_str(r->values, "sealer", c->sealer);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_arc = {
	.id = "message.arc",
	.title = "The chain of ARC seals is whole",
	.ref = "RFC 8617 5.2",
	.in = MP_IN_MESSAGE,
	.judge = judge_arc,
};

/* ---- message.spf, message.dmarc: the checks of a sender, asked about the sender of this message */

enum mp_judged mp_ask_as(struct mp_judge *j, const struct mp_check *other, const struct mp_case *c)
{
	struct mp_judge sub = *j;
	enum mp_judged ret;

	sub.c = c;
	sub.source = 0;
	ret = other->judge(&sub);
	j->results = sub.results;
	j->n_results = sub.n_results;
	j->cap_results = sub.cap_results;
	return ret;
}

static struct mp_case *case_for_spf(struct mp_judge *j, const struct mp_envelope *e)
{
	struct mp_case *c = mp_alloc(j->a, sizeof(*c));
	struct mp_source *s = mp_alloc(j->a, sizeof(*s));

	*c = *j->c;
	s->address = e->ip;
	c->command = "spf";
	c->sources = s;
	c->n_sources = 1;
	c->ehlo = e->helo;
	c->mail_from = e->mail_from;
	c->arg = "message";
	return c;
}

/* Has the client an identity that SPF could judge? */
static bool has_identity(const struct mp_envelope *e)
{
	return e->ip.family != MP_IPNONE && (*e->mail_from || e->helo);
}

static enum mp_judged judge_spf(struct mp_judge *j)
{
	struct mp_envelope e;
	char text[MP_IP_TEXT];
	struct mp_result *r;

	mp_message_envelope(j, &e);
	if (!has_identity(&e)) {
		mp_report(j, "SPF", MP_SKIP,
			"SPF was not judged: %s; give --ip, and --helo or --from, to have it done.",
			e.ip.family == MP_IPNONE ? "no Received line tells which address the message came from"
						 : "neither the envelope sender nor the client's name is known");
		return MP_SETTLED;
	}
	if (mp_ask_as(j, &mp_check_spf_mail_from, case_for_spf(j, &e)) == MP_PENDING)
		return MP_PENDING;
	r = &j->results[j->n_results - 1];
	mp_jset_str(r->values, "ip", mp_ip_text(&e.ip, text));
	mp_jset_str(r->values, "helo", e.helo);
	mp_jset_str(r->values, "mail_from", e.mail_from);
	mp_jset_str(r->values, "taken_from", e.origin);
	mp_jset_bool(r->values, "mail_from_assumed", e.assumed);
	if (!j->c->n_sources && !r->detail)
		mp_detail(j, r, "Address and name are those of %s.%s", e.origin,
			e.assumed ? " There is no Return-Path: the author's address was taken for the envelope sender."
				  : "");
	return MP_SETTLED;
}

const struct mp_check mp_check_message_spf = {
	.id = "message.spf",
	.title = "SPF lets the client send mail of the envelope sender's domain",
	.ref = "RFC 7208 2.4",
	.in = MP_IN_MESSAGE,
	.judge = judge_spf,
};

/* The domain that SPF authenticates, and its result. False: pending. */
static bool spf_identity(struct mp_judge *j, struct mp_auth *out, bool *there)
{
	struct mp_judge sub = *j;
	struct mp_envelope e;

	*there = false;
	mp_message_envelope(j, &e);
	if (!has_identity(&e))
		return true;
	sub.results = NULL;
	sub.n_results = sub.cap_results = 0;
	if (mp_ask_as(&sub, &mp_check_spf_mail_from, case_for_spf(j, &e)) == MP_PENDING)
		return false;
	if (sub.n_results) {
		const struct mp_result *r = &sub.results[sub.n_results - 1];
		const char *domain = mp_jget_str(r->values, "domain", NULL);

		*there = domain && *domain && domain[0] != '[';
		*out = (struct mp_auth){"spf", domain, mp_jget_str(r->values, "result", "none")};
	}
	return true;
}

/* What the sub-check has no words for: it was asked by somebody who knows dmarc.record. */
static void tell_absence(struct mp_judge *j, struct mp_result *r, const char *author)
{
	const char *result = mp_jget_str(r->values, "result", "");

	if (strcmp(result, "none") == 0) {
		r->status = MP_WARN;
		r->summary = mp_printf(
			j->a, "No DMARC record applies to %s, so nothing says what forged mail deserves.", author);
		mp_fix(j, r,
			"Publish one TXT record at _dmarc.%s (your DNS provider): \"v=DMARC1; p=none\", and later p=reject.",
			author);
	} else if (strcmp(result, "permerror") == 0) {
		r->status = MP_WARN;
		r->summary = mp_printf(j->a, "The DMARC record that applies to %s is broken.", author);
		mp_fix(j, r, "Correct it; \"mailprobe dmarc %s\" says what is wrong with it.", author);
	} else if (r->status == MP_SKIP && strcmp(result, "fail") == 0) {
		r->status = MP_FAIL;
		r->summary =
			mp_printf(j->a, "Nothing authenticates %s: no DKIM signature, and no result of SPF.", author);
		mp_fix(j, r, "Have the mail server of %s sign what it sends with DKIM.", author);
	}
}

static enum mp_judged judge_dmarc(struct mp_judge *j)
{
	const char *author = mp_message_author(j);
	struct mp_case *c = mp_alloc(j->a, sizeof(*c));
	struct mp_auth *auths = mp_allocn(j->a, SMTP_MAIL_SIGNATURES + 1, sizeof(*auths));
	struct mp_signature *list;
	struct mp_result *r;
	size_t n = 0, n_list;
	bool spf = false, pending;

	if (!author) {
		r = mp_report(j, "From", MP_FAIL,
			"DMARC cannot be judged: the message does not come from one domain (From:).");
		mp_fix(j, r, "Have the program that writes the message set one From: field with one address.");
		mp_jset_str(r->values, "result", "permerror");
		mp_jset_str(r->values, "domain", NULL);
		return MP_SETTLED;
	}
	pending = !spf_identity(j, &auths[0], &spf);
	pending = !mp_message_signatures(j, false, &list, &n_list) || pending;
	*c = *j->c;
	c->command = "dmarc";
	c->arg = c->domain = author;
	c->n_sources = c->n_selectors = 0;
	n = spf;
	for (size_t i = 0; i < n_list && i < SMTP_MAIL_SIGNATURES && !pending; i++)
		if (list[i].sig.domain && dns_name_canonical(j->a, list[i].sig.domain))
			auths[n++] = (struct mp_auth){"dkim", list[i].sig.domain, list[i].result};
	c->auths = auths;
	c->n_auths = n;
	/* Asked for ahead of what SPF and DKIM still wait for. */
	if (mp_ask_as(j, &mp_check_dmarc_alignment, c) == MP_PENDING || pending) {
		j->n_results = 0;
		return MP_PENDING;
	}
	r = &j->results[j->n_results - 1];
	tell_absence(j, r, author);
	mp_jset_str(r->values, "domain", c->domain);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_dmarc = {
	.id = "message.dmarc",
	.title = "What SPF or DKIM authenticates aligns with the From: domain",
	.ref = "RFC 9989 4.4",
	.in = MP_IN_MESSAGE,
	.judge = judge_dmarc,
};
