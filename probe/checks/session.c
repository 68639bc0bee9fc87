/* probe/checks/session.c - what the sessions showed, as checks: mx.target, smtp.*, tls.* */
#include "base/text.h"
#include "probe/checks/checks.h"
#include "probe/checks/mta_sts.h"
#include "probe/checks/servers.h"
#include "probe/dane.h"
#include "probe/target.h"
#include "smtp/middlebox.h"
#include "smtp/reply.h"

/* ---- mx.target */

static const char *host_list(struct mp_judge *j, const struct mp_target_result *tr)
{
	struct mp_buf b = MP_BUF(4096);
	const char *text;

	for (size_t i = 0; i < tr->n_mx && i < 8; i++)
		mp_buf_addf(&b, "%s%s", i ? ", " : "", tr->mx[i].host);
	if (tr->n_mx > 8)
		mp_buf_addf(&b, " and %zu more", tr->n_mx - 8);
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* Hosts without an address in any family that was asked for; those whose look-up failed count in *unsure. */
static size_t count_dead(const struct mp_target_result *tr, size_t *unsure)
{
	size_t dead = 0;

	*unsure = 0;
	for (size_t i = 0; i < tr->n_mx; i++) {
		if (tr->mx[i].n_addresses)
			continue;
		if (!dns_known(tr->mx[i].a) || !dns_known(tr->mx[i].aaaa))
			(*unsure)++;
		else
			dead++;
	}
	return dead;
}

static void mx_values(struct mp_judge *j, struct mp_result *r, const struct mp_target_result *tr, const char *kind)
{
	json_t *hosts = json_array();

	(void)j;
	for (size_t i = 0; i < tr->n_mx; i++)
		mp_jpush(hosts, mp_j(tr->mx[i].host));
	mp_jset_str(r->values, "kind", kind);
	mp_jset(r->values, "hosts", hosts);
}

static void mx_oddities(struct mp_judge *j, struct mp_result *r, const struct mp_target_result *tr)
{
	struct mp_buf b = MP_BUF(4096);

	for (size_t i = 0; i < tr->n_mx; i++) {
		if (tr->mx[i].is_alias)
			mp_buf_addf(
				&b, "%s is an alias (CNAME), which RFC 2181 10.3 forbids for an MX. ", tr->mx[i].host);
		for (size_t k = 0; k < tr->mx[i].n_addresses; k++) {
			const char *odd = mp_odd_mx_address(&tr->mx[i].addresses[k]);
			char text[MP_IP_TEXT];

			if (odd)
				mp_buf_addf(&b, "%s has %s (%s). ", tr->mx[i].host, odd,
					mp_ip_text(&tr->mx[i].addresses[k], text));
		}
	}
	if (b.n)
		mp_detail(j, r, "%.*s", (int)(b.n - 1), mp_buf_cstr(&b));
	mp_buf_release(&b);
}

static enum mp_judged judge_mx_target(struct mp_judge *j)
{
	const struct mp_target_result *tr = mp_target_outcome(j, j->target);
	const char *d, *ask_them;
	struct mp_result *r = NULL;
	size_t dead, unsure;

	if (!tr)
		return MP_PENDING;
	d = tr->target->domain;
	for (size_t i = 0; i < j->target; i++)
		if (mp_ieq(j->c->targets[i].domain, d))
			return MP_SETTLED; /* the same domain again: judged once */
	dead = count_dead(tr, &unsure);
	ask_them = mp_printf(j->a,
		"Check the spelling of %s. If it is right, its administrator has to fix the DNS; nothing on this host helps.",
		d);
	switch (tr->mx_state) {
	case MP_MX_NULL:
		r = mp_report(j, d, MP_FAIL, "%s publishes a null MX: it says that it takes no mail (RFC 7505).", d);
		mx_values(j, r, tr, "null");
		mp_fix(j, r, "%s", ask_them);
		break;
	case MP_MX_NXDOMAIN:
		r = mp_report(j, d, MP_FAIL, "The domain %s does not exist.", d);
		mx_values(j, r, tr, "nxdomain");
		mp_fix(j, r, "%s", ask_them);
		break;
	case MP_MX_NOTHING:
		r = mp_report(j, d, MP_FAIL, "%s has neither an MX nor an address: it takes no mail.", d);
		mx_values(j, r, tr, "none");
		mp_fix(j, r, "%s", ask_them);
		break;
	case MP_MX_NO_ADDRESS:
		r = mp_report(j, d, MP_FAIL, "No mail server of %s has an address that this host can send to (%s).", d,
			host_list(j, tr));
		mx_values(j, r, tr, "no-address");
		mp_fix(j, r, "%s", ask_them);
		break;
	case MP_MX_UNKNOWN:
		if (tr->mx_answer && !dns_known(tr->mx_answer->outcome))
			r = mp_cannot_tell(j, d, mp_printf(j->a, "the MX of %s", d), tr->mx_answer);
		else
			r = mp_report(j, d, MP_ERROR,
				"The addresses of the mail servers of %s could not be determined (%s).", d,
				host_list(j, tr));
		mx_values(j, r, tr, "unknown");
		break;
	case MP_MX_GIVEN:
		r = mp_report(j, d, MP_SKIP, "The server was given; no MX was looked up.");
		mx_values(j, r, tr, "given");
		break;
	case MP_MX_IMPLICIT:
		r = mp_report(j, d, MP_PASS, "%s has no MX; its own address takes the mail (implicit MX).", d);
		mx_values(j, r, tr, "implicit");
		break;
	case MP_MX_FOUND:
		if (dead || tr->null_mx_among_others) {
			r = mp_report(j, d, MP_WARN,
				tr->null_mx_among_others ? "%s publishes a null MX beside others (%s)."
							 : "Not every mail server of %s has an address (%s).",
				d, host_list(j, tr));
			mp_fix(j, r,
				"The administrator of %s should fix the MX records; mail goes to the other hosts meanwhile.",
				d);
		} else if (unsure) {
			r = mp_report(j, d, MP_PASS,
				"%s has %zu mail server%s; the addresses of %zu could not be determined.", d, tr->n_mx,
				tr->n_mx == 1 ? "" : "s", unsure);
		} else {
			r = mp_report(j, d, MP_PASS, "%s has %zu mail server%s: %s.", d, tr->n_mx,
				tr->n_mx == 1 ? "" : "s", host_list(j, tr));
		}
		mx_values(j, r, tr, "mx");
		break;
	}
	if (!r->detail)
		mx_oddities(j, r, tr);
	return MP_SETTLED;
}

const struct mp_check mp_check_mx_target = {
	.id = "mx.target",
	.title = "The target's mail servers can be found",
	.ref = "RFC 5321 5.1",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE | MP_IN_MX,
	.judge = judge_mx_target,
};

/* What was said; a summary holds no more than a few lines of it. */
static const char *said(struct mp_judge *j, const struct smtp_reply *r)
{
	return r ? smtp_reply_flowed(j->a, r, 500) : "";
}

/* Where in the session something happened, in words for a sentence: "in reply to RCPT". */
static const char *stage_words(enum smtp_stage s)
{
	static const char *const words[] = {
		[SMTP_AT_CONNECT] = "on connecting",
		[SMTP_AT_BANNER] = "in its greeting",
		[SMTP_AT_EHLO] = "in reply to EHLO",
		[SMTP_AT_STARTTLS] = "in reply to STARTTLS",
		[SMTP_AT_TLS] = "in the TLS handshake",
		[SMTP_AT_EHLO_TLS] = "in reply to EHLO inside TLS",
		[SMTP_AT_MAIL] = "in reply to MAIL",
		[SMTP_AT_RCPT] = "in reply to RCPT",
		[SMTP_AT_DATA] = "in reply to DATA",
		[SMTP_AT_MESSAGE] = "after the message",
		[SMTP_AT_QUIT] = "in reply to QUIT",
	};

	return words[s];
}

static enum mp_judged judge_smtp_session(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	if (!n)
		mp_report(
			j, j->c->n_targets ? j->c->targets[0].domain : "", MP_SKIP, "There was no server to talk to.");
	for (size_t i = 0; i < n; i++) {
		const struct smtp_session *s = list[i].last;
		const char *tail = list[i].last != list[i].base ? " (without TLS, after its handshake had failed)"
				   : strcmp(s->q.purpose, "retry") == 0 ? " (at the second try)"
									: "";
		struct mp_result *r;

		switch (s->outcome) {
		case SMTP_ACCEPTED:
			r = mp_server_report(
				j, &list[i], MP_PASS, mp_printf(j->a, "The recipient was accepted%s.", tail));
			break;
		case SMTP_REJECTED:
			r = mp_server_report(j, &list[i], MP_FAIL,
				mp_printf(j->a, "Rejected %s%s: %s", stage_words(s->stage), tail, said(j, s->reply)));
			mp_fix(j, r, "See the findings: the reply and the checks together name what to change.");
			break;
		case SMTP_DEFERRED:
			r = mp_server_report(j, &list[i], MP_WARN,
				mp_printf(j->a, "Deferred %s%s: %s", stage_words(s->stage), tail, said(j, s->reply)));
			mp_fix(j, r, "See the findings. A deferral may pass by itself: an MTA tries again.");
			break;
		default:
			r = mp_server_report(j, &list[i], MP_ERROR,
				mp_printf(j->a, "No verdict: the session ended %s%s (%s).", stage_words(s->stage), tail,
					s->reason ? s->reason : smtp_outcome_name(s->outcome)));
			break;
		}
		mp_jset_str(r->values, "outcome", smtp_outcome_name(s->outcome));
		mp_jset_str(r->values, "stage", smtp_stage_name(s->stage));
		if (s->reply)
			mp_jset_int(r->values, "code", s->reply->code);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_smtp_session = {
	.id = "smtp.session",
	.title = "The receiver accepts the recipient",
	.ref = "RFC 5321 3",
	.in = MP_IN_PROBE,
	.judge = judge_smtp_session,
};

static bool got_to_ehlo(const struct smtp_session *s)
{
	return s->ehlo_reply && s->ehlo_reply->code / 100 == 2;
}

static struct mp_result *not_offered(struct mp_judge *j, const struct mp_server *v)
{
	const struct smtp_session *s = v->base;
	enum mp_status status = s->q.tls == SMTP_TLS_REQUIRE ? MP_FAIL : MP_WARN;
	const char *keyword, *signs = smtp_middlebox_words(j->a, s, &keyword);
	struct mp_result *r;

	if (signs) {
		r = mp_server_report(j, v, status,
			mp_printf(j->a,
				"STARTTLS is not offered, and a device between us and the server rewrites the session: %s.",
				signs));
		mp_detail(j, r,
			"Firewalls that inspect SMTP do so (Cisco: inspect esmtp, or fixup protocol smtp): mail travels in "
			"the clear, and a sender that insists on TLS cannot deliver.");
		mp_fix(j, r,
			"If other receivers look the same from here, switch off the inspection of SMTP in this network's "
			"firewall (Cisco ASA: no inspect esmtp, or allow-tls). If not, the receiver's administrator has to do "
			"so in theirs.");
		mp_jset_str(r->values, "masked", keyword);
		return r;
	}
	r = mp_server_report(j, v, status, "STARTTLS is not offered: mail to this server travels in the clear.");
	mp_detail(j, r, "A sender that takes TLS as it comes delivers all the same; one that insists on it does not.");
	mp_fix(j, r,
		"Nothing on this host: the receiver's administrator has to fix its TLS. If others see STARTTLS there, a "
		"device on the way strips it: compare from elsewhere.");
	return r;
}

static enum mp_judged judge_smtp_starttls(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++) {
		const struct smtp_session *s = list[i].base;
		const char *fix =
			"Nothing on this host: the receiver's administrator has to fix its TLS. Until then mail "
			"travels there in the clear.";
		struct mp_result *r;

		if (s->q.tls == SMTP_TLS_OFF) {
			r = mp_server_report(j, &list[i], MP_SKIP, "Not tried: --tls off.");
		} else if (s->tls && !s->tls_error && s->injected_bytes) {
			r = mp_server_report(j, &list[i], MP_WARN,
				mp_printf(j->a,
					"TLS works, but %zu bytes of plain text came behind the reply to STARTTLS; they "
					"were thrown away. Something between may be injecting commands.",
					s->injected_bytes));
			mp_fix(j, r,
				"Look at the transcript and tell the receiver's administrator: its server or a device before it "
				"is open to injection (CVE-2011-0411 and its kin).");
		} else if (s->tls && !s->tls_error) {
			r = mp_server_report(j, &list[i], MP_PASS,
				mp_printf(j->a, "STARTTLS is offered and works (%s).", s->tls->version));
		} else if (s->stage == SMTP_AT_TLS || s->tls_error) {
			r = mp_server_report(j, &list[i], s->q.tls == SMTP_TLS_REQUIRE ? MP_FAIL : MP_WARN,
				mp_printf(j->a, "STARTTLS is offered, but the handshake fails: %s.",
					s->tls_error ? s->tls_error
					: s->reason  ? s->reason
						     : "no reason given"));
			mp_fix(j, r, "%s", fix);
		} else if (s->starttls_reply) {
			r = mp_server_report(j, &list[i], s->q.tls == SMTP_TLS_REQUIRE ? MP_FAIL : MP_WARN,
				mp_printf(
					j->a, "STARTTLS is offered and then refused: %s", said(j, s->starttls_reply)));
			mp_fix(j, r, "%s", fix);
		} else if (got_to_ehlo(s) && !s->starttls_offered) {
			r = not_offered(j, &list[i]);
		} else {
			r = mp_server_report(j, &list[i], MP_SKIP, "The session ended before TLS could begin.");
		}
		mp_jset_bool(r->values, "offered", s->starttls_offered);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_smtp_starttls = {
	.id = "smtp.starttls",
	.title = "STARTTLS is offered and works",
	.ref = "RFC 3207",
	.in = MP_IN_PROBE,
	.judge = judge_smtp_starttls,
};

/* Keys and signatures that verifying senders refuse, and others take: sentences to stand behind another; "" for none. */
static const char *weak_words(struct mp_judge *j, const struct smtp_tls *t)
{
	enum { RSA_MIN = 2048 };
	const char *words = "";

	for (size_t i = 0; i < t->n_chain; i++) {
		const struct smtp_cert *c = &t->chain[i];
		struct mp_str bits = mp_str(c->key);
		struct mp_str signature = mp_str(c->signature);
		bool own = strcmp(c->subject, c->issuer) == 0; /* nobody looks at the signature of a root */
		uint64_t n;

		if (mp_str_istarts(bits, "RSA ") && mp_str_u64(mp_strn(bits.p + 4, bits.n - 4), 65536, &n) &&
			n < RSA_MIN)
			words = mp_printf(j->a, "%s The key of %s is weak (RSA of %u bits; 2048 is the least).", words,
				i ? c->subject : "the certificate", (unsigned)n);
		if (!own && (mp_str_ifind(signature, "sha1") >= 0 || mp_str_ifind(signature, "md5") >= 0))
			words = mp_printf(j->a, "%s The signature of %s is weak (%s).", words,
				i ? c->subject : "the certificate", c->signature);
	}
	return words;
}

/* How DANE covers a certificate that PKIX would not: a sentence, or NULL. */
static const char *covered_words(struct mp_judge *j, const struct mp_server *v)
{
	const struct mp_dane *d = mp_dane_of(v->tr, v->base);
	struct mp_dane_met met;

	if (!d || d->state != MP_DANE_RECORDS || !d->believed)
		return NULL;
	mp_dane_meet(j, d, v->tr->target, v->base->q.mx, v->base, &met);
	if (met.by < 0)
		return NULL;
	return d->rr->rr[met.by].tlsa.usage == 3
		       ? "The certificate is covered by DANE-EE: its key is what the TLSA record says, and chain, name and "
			 "time do not count (RFC 7672 3.1.1)."
		       : "The certificate is covered by DANE-TA: its chain leads to what the TLSA record names (RFC 7672 "
			 "3.1.2).";
}

static enum mp_judged judge_tls_certificate(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++) {
		const struct smtp_tls *t = list[i].base->tls;
		const char *covered = t ? covered_words(j, &list[i]) : NULL, *weak = t ? weak_words(j, t) : "";
		const char *name_error = t && mp_server_named(&list[i]) ? t->name_error : NULL;
		struct mp_buf why = MP_BUF(4096);
		bool enforced = false;
		struct mp_result *r;

		if (!t) {
			mp_server_report(j, &list[i], MP_SKIP, "There was no TLS session.");
			continue;
		}
		if (t->chain_error && t->roots_loaded)
			mp_buf_addf(&why, "; chain: %s", t->chain_error);
		if (name_error)
			mp_buf_addf(&why, "; name: %s", name_error);
		if (t->time_error)
			mp_buf_addf(&why, "; time: %s", t->time_error);
		if (why.n && !covered && !mp_sts_enforced(j, &list[i], &enforced)) {
			mp_buf_release(&why);
			return MP_PENDING;
		}
		if (covered && (why.n || !t->roots_loaded)) {
			r = mp_server_report(j, &list[i], MP_PASS, covered);
			if (why.n)
				mp_detail(j, r, "For senders that go by certificate authorities%s.", mp_buf_cstr(&why));
		} else if (why.n) {
			r = mp_server_report(j, &list[i], enforced ? MP_FAIL : MP_WARN,
				mp_printf(j->a, "The certificate would not satisfy a verifying sender%s.",
					mp_buf_cstr(&why)));
			mp_detail(j, r, "%s%s",
				enforced
					? "An MTA-STS policy of mode enforce asks senders to verify it: those that follow it do "
					  "not deliver here. Others send mail all the same."
					: "A sender that verifies (by its own policy, say) does not deliver here. One that takes "
					  "TLS as it comes, as most MTAs do, sends mail all the same.",
				weak);
			mp_fix(j, r,
				"Nothing on this host: the receiver's administrator has to renew or correct the certificate.");
		} else if (*weak) {
			r = mp_server_report(j, &list[i], MP_WARN, weak + 1);
			mp_detail(j, r,
				"Nothing else is wrong with it; yet senders with today's settings may refuse it.");
			mp_fix(j, r,
				"Nothing on this host: the receiver's administrator has to replace the certificate by one with "
				"an RSA key of 2048 bits or more (or EC P-256), signed with SHA-256.");
		} else if (!t->roots_loaded) {
			r = mp_server_report(j, &list[i], MP_ERROR,
				"The chain could not be verified: this machine has no trusted roots (package ca-certificates).");
		} else if (t->name_error) {
			r = mp_server_report(j, &list[i], MP_PASS,
				"Chain and time of the certificate are right. The server was given by its address: there is no "
				"name to compare.");
		} else {
			r = mp_server_report(j, &list[i], MP_PASS,
				mp_printf(j->a, "Chain, name and time of the certificate are right (%s).",
					t->n_chain && t->chain[0].n_names ? t->chain[0].names[0] : list[i].base->q.mx));
		}
		mp_jset_str(r->values, "chain", t->chain_error);
		mp_jset_str(r->values, "name", name_error);
		mp_jset_str(r->values, "time", t->time_error);
		if (t->n_chain)
			mp_jset_str(r->values, "not_after", mp_time_text(j->a, t->chain[0].not_after_ms, false));
		mp_buf_release(&why);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_tls_certificate = {
	.id = "tls.certificate",
	.title = "The receiver's certificate holds: chain, name, time",
	.ref = "RFC 5280, RFC 6125",
	.in = MP_IN_PROBE,
	.judge = judge_tls_certificate,
};

/* By OpenSSL's names of suites. Which of them can be met at all depends on how OpenSSL was built. */
static bool weak_cipher(const char *cipher)
{
	static const char *const parts[] = {
		"RC4", "3DES", "DES-CBC", "NULL", "EXP", "ADH", "AECDH", "MD5", "RC2", "SEED", "IDEA"};

	for (size_t i = 0; cipher && i < ARRAY_LEN(parts); i++)
		if (mp_str_ifind(mp_str(cipher), parts[i]) >= 0)
			return true;
	return false;
}

static enum mp_judged judge_tls_version(struct mp_judge *j)
{
	struct mp_server *list;
	size_t n;

	if (!mp_servers(j, &list, &n))
		return MP_PENDING;
	for (size_t i = 0; i < n; i++) {
		const struct smtp_tls *t = list[i].base->tls;
		struct mp_result *r;

		if (!t) {
			mp_server_report(j, &list[i], MP_SKIP, "There was no TLS session.");
			continue;
		}
		if (strcmp(t->version, "TLSv1.2") != 0 && strcmp(t->version, "TLSv1.3") != 0) {
			r = mp_server_report(j, &list[i], MP_FAIL,
				mp_printf(j->a, "The server speaks %s at best; RFC 8996 retired it.", t->version));
			mp_detail(j, r,
				"Senders with today's settings cannot agree on TLS with it; they then send in the clear, or not at "
				"all where they insist on TLS.");
			mp_fix(j, r,
				"Nothing on this host: the receiver's administrator has to enable TLS 1.2 or 1.3.");
		} else if (weak_cipher(t->cipher)) {
			r = mp_server_report(j, &list[i], MP_WARN,
				mp_printf(j->a, "The server chose the weak cipher %s (%s) out of better ones.",
					t->cipher, t->version));
			mp_fix(j, r,
				"Nothing on this host: the receiver's administrator has to prefer AES-GCM or ChaCha20 suites.");
		} else {
			r = mp_server_report(j, &list[i], MP_PASS,
				mp_printf(
					j->a, "%s with %s.", t->version, t->cipher ? t->cipher : "an unnamed cipher"));
		}
		mp_jset_str(r->values, "version", t->version);
		mp_jset_str(r->values, "cipher", t->cipher);
		mp_jset_str(r->values, "group", t->group);
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_tls_version = {
	.id = "tls.version",
	.title = "TLS 1.2 or better",
	.ref = "RFC 8996",
	.in = MP_IN_PROBE,
	.judge = judge_tls_version,
};
