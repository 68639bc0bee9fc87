/* probe/request.c - see probe/request.h */
#include "probe/request.h"
#include "base/text.h"
#include "dns/dnsbl.h"
#include "probe/checks/checks.h"
#include "probe/receivers.h"
#include "probe/run.h"

enum { WIDTH = 72, MAX_TEXT = 16384, MAX_LINES = 20, MAX_LIST = 8 };

/* ---- what is known when a text is written */

struct letter {
	struct mp_judge *j;
	struct mp_finding *f;
	const struct mp_result *check;      /* the first faulty check that the finding rests on, or NULL */
	const struct smtp_session *session; /* the first session, or NULL */
	const struct mp_target_result *target;
	int source;      /* index, or -1 */
	const char *ip;  /* the address that receivers see, or NULL */
	const char *to;  /* a mail address, a page, or words */
	struct mp_buf b; /* the text */
};

static bool is_faulty(const struct mp_result *r)
{
	return r->status == MP_FAIL || r->status == MP_WARN;
}

/* The result of a check for the letter's source, or NULL. */
static const struct mp_result *result_of(const struct letter *l, const char *id)
{
	for (size_t i = 0; i < mp_run_n_results(l->j->run); i++) {
		const struct mp_result *r = mp_run_result(l->j->run, i);
		int source = mp_result_source(l->j, r);

		if (strcmp(r->check->id, id) == 0 && (source < 0 || l->source < 0 || source == l->source))
			return r;
	}
	return NULL;
}

/* ---- parts of a text */

static void say(struct letter *l, const char *fmt, ...) MP_PRINTF(2, 3);

static void say(struct letter *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mp_buf_adds(&l->b, mp_vprintf(l->j->a, fmt, ap));
	va_end(ap);
}

/* Words in lines of a mail, `first` before the first line and blanks of the same width before the others. */
static void paragraph(struct letter *l, const char *first, const char *text)
{
	size_t indent = strlen(first), column = indent;
	struct mp_str rest = mp_str(text), word;
	bool begun = false;

	say(l, "%s", first);
	while (mp_str_split(&rest, ' ', &word)) {
		if (begun && column + 1 + word.n > WIDTH) {
			say(l, "\n%*s", (int)indent, "");
			column = indent;
			begun = false;
		}
		say(l, "%s%.*s", begun ? " " : "", (int)word.n, word.p);
		column += word.n + begun;
		begun = true;
	}
	say(l, "\n");
}

static void head(struct letter *l, const char *subject)
{
	say(l, "To: %s\nSubject: %s\n\nHello,\n\n", l->to, subject);
}

static void member(struct letter *l, const char *name, const char *value)
{
	say(l, "  %-8s %s\n", name, value);
}

/* What a session was, and every line of the reply: support codes and session ids stand in them. */
static void tell_session(struct letter *l)
{
	const struct smtp_session *s = l->session;
	struct mp_arena *a = l->j->a;
	int64_t at = l->j->c->started_ms + (int64_t)s->at_ms;
	const char *from = s->q.mail_from && s->q.mail_from[0] ? s->q.mail_from : "";

	member(l, "host:", mp_printf(a, "%s [%s]", s->q.ehlo, l->ip ? l->ip : "address not known"));
	member(l, "sender:", mp_printf(a, "<%s>", from));
	member(l, "to:", l->target->target->rcpt);
	member(l, "server:", smtp_server_name(a, &s->q));
	member(l, "time:", mp_time_text(a, at, false));
	if (s->banner && s->banner->n_lines)
		member(l, "banner:", s->banner->lines[0]);
	member(l, "stage:", smtp_stage_name(s->stage));
	for (size_t i = 0; s->reply && i < s->reply->n_lines && i < MAX_LINES; i++)
		member(l, i ? "" : "reply:", s->reply->lines[i]);
	if (!s->reply && s->reason)
		member(l, "ended:", s->reason);
}

/* What a receiver may hold against a sender, and what the checks say of it where it is right. */
static void tell_checked(struct letter *l)
{
	static const char *const ids[] = {"ptr.exists", "ptr.fcrdns", "ptr.matches_ehlo", "ehlo.resolves",
		"spf.mail_from", "spf.helo", "dkim.key", "dmarc.record", "dmarc.alignment", "mx.sender"};
	size_t clear = 0, told = 0;

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		const struct mp_result *r = result_of(l, ids[i]);

		if (!r || r->status != MP_PASS)
			continue;
		if (!told++)
			say(l, "\nChecked from here, and right:\n\n");
		paragraph(l, "  - ", r->summary);
	}
	for (size_t i = 0; i < mp_run_n_results(l->j->run); i++) {
		const struct mp_result *r = mp_run_result(l->j->run, i);
		int source = mp_result_source(l->j, r);

		if (strcmp(r->check->id, "dnsbl.ip") == 0 && (l->source < 0 || source == l->source) &&
			dnsbl_list_by_zone(r->subject) && !dnsbl_is_allow_list(dnsbl_list_by_zone(r->subject)))
			clear += r->status == MP_PASS;
	}
	if (clear && l->ip && !told)
		say(l, "\nChecked from here, and right:\n\n");
	if (clear && l->ip)
		paragraph(l, "  - ",
			mp_printf(l->j->a, "%zu public block list%s that answered %s not list %s.", clear,
				clear == 1 ? "" : "s", clear == 1 ? "does" : "do", l->ip));
}

/* What the receiver replied, where it is that of a fault which it named: `named`; else it only fits. */
static void tell_reply(struct letter *l, const char *named, const char *fits)
{
	enum mp_certainty c = l->f->certainty;

	if (!l->session || !l->session->reply)
		return;
	say(l, "%s\n\n", c == MP_CONFIRMED || c == MP_CLAIMED ? named : fits);
	for (size_t i = 0; i < l->session->reply->n_lines && i < MAX_LINES; i++)
		say(l, "  %s\n", l->session->reply->lines[i]);
}

static void thanks(struct letter *l)
{
	say(l, "\nThank you.\n");
}

/* ---- ptr: to the holder of the address */

static const char *names_today(const struct letter *l)
{
	const struct mp_result *r = result_of(l, "ptr.exists");
	const json_t *names = r ? mp_jget_array(r->values, "names") : NULL;
	const char *words = "";

	for (size_t k = 0; k < json_array_size(names) && k < MAX_LIST; k++)
		words = mp_printf(l->j->a, "%s%s%s", words, k ? ", " : "", json_string_value(json_array_get(names, k)));
	return *words ? words : "none";
}

static void write_ptr(struct letter *l)
{
	struct mp_wanted wanted;
	const char *name;
	char rev[MP_IP_REVERSE];
	struct mp_ip ip;

	if (!mp_ip_parse(mp_str(l->ip), &ip))
		return;
	mp_name_wanted(l->j, &ip, &wanted); /* the check has asked all that this asks */
	name = wanted.name ? wanted.name : "<the full host name of the mail server>";
	head(l, mp_printf(l->j->a, "Please set the PTR of %s to %s", l->ip, name));
	say(l,
		"please set the PTR (reverse DNS) record of %s:\n"
		"\n"
		"  name:   %s\n"
		"  wanted: PTR %s\n"
		"  today:  %s\n"
		"\n"
		"The address sends mail. Receivers look its PTR up, and refuse mail when\n"
		"%s\n",
		l->ip, mp_ip_reverse(&ip, rev), name, names_today(l),
		strcmp(l->check->check->id, "ptr.generic") == 0
			? "its name is one that a provider's script gives to every line."
		: strcmp(l->check->check->id, "ptr.syntax") == 0
			? "its name is not the full name of a host."
			: "there is none or when its name does not lead back to the address.");
	tell_reply(l, "One of them said:", "One of them refuses it, and names no reason:");
	say(l, "\n%s\n\n  %s %s %s\n\nLooked up at %s.\n",
		wanted.leads ? "The forward record of that name exists already:"
			     : "We add the forward record of that name before you set the PTR:",
		name, ip.family == MP_IPV4 ? "A" : "AAAA", l->ip, mp_time_text(l->j->a, l->j->c->started_ms, false));
	thanks(l);
}

/* ---- zone: to the holder of the address, whose reverse zone does not answer */

static void write_zone(struct letter *l)
{
	const char *dns;
	char rev[MP_IP_REVERSE];
	struct mp_ip ip;

	if (!mp_ip_parse(mp_str(l->ip), &ip))
		return;
	head(l, mp_printf(l->j->a, "Please fix the reverse zone of %s", l->ip));
	dns = mp_jget_str(l->check->values, "dns", "");
	say(l,
		"the PTR (reverse DNS) record of %s cannot be looked up, whether\n"
		"there is one or not:\n"
		"\n"
		"  name:   %s\n"
		"  answer: %s\n"
		"  time:   %s\n\n",
		l->ip, mp_ip_reverse(&ip, rev), strcmp(dns, "servfail") == 0 ? "SERVFAIL" : "none",
		mp_time_text(l->j->a, l->j->c->started_ms, false));
	paragraph(l, "",
		"Mostly the reverse zone's name servers do not answer then (a lame delegation), or its DNSSEC signatures "
		"do not verify. Please see that they answer, and verify, for everybody.");
	say(l, "\nThe address sends mail, and receivers look the record up. ");
	tell_reply(l, "One of them said:", "One answered:");
	if (!l->session || !l->session->reply)
		say(l, "Without it they\ndelay mail, or refuse it.\n");
	thanks(l);
}

/* ---- registrar: of the sender's domain */

static void write_registrar(struct letter *l)
{
	const char *domain = l->check->subject, *expires = mp_jget_str(l->check->values, "expires", NULL);

	head(l, mp_printf(l->j->a, "The registration of %s", domain));
	paragraph(l, "", mp_printf(l->j->a, "we send mail from %s, and its registry says:", domain));
	say(l, "\n");
	paragraph(l, "  ", l->check->summary);
	if (expires)
		say(l, "  Registered until %s.\n", expires);
	say(l, "  Asked at %s.\n\n", mp_time_text(l->j->a, l->j->c->started_ms, false));
	paragraph(l, "", "Please tell us what is missing, and restore the domain to the DNS.");
	thanks(l);
}

/* ---- port25: to the provider */

/* With the facts that a provider asks for: when, whereto, and what came back. */
static void write_port25(struct letter *l)
{
	const json_t *values = l->check->values, *tried = mp_jget_array(values, "tried");
	const char *control = mp_jget_str(values, "control", NULL);
	int port = (int)mp_jget_int(values, "port", 25);

	head(l, mp_printf(l->j->a, "Please open outgoing TCP port %d for %s", port, l->ip));
	if (json_array_size(tried))
		say(l,
			"outgoing connections from %s to TCP port %d do not get through.\n"
			"Tried, all times in UTC:\n\n",
			l->ip, port);
	else
		paragraph(l, "", l->check->summary); /* somebody answered, but not who was asked */
	for (size_t k = 0; k < json_array_size(tried) && k < MAX_LIST; k++) {
		const json_t *one = json_array_get(tried, k);

		say(l, "  %s  %s [%s]:%d\n    %s\n", mp_jget_str(one, "at", ""), mp_jget_str(one, "host", ""),
			mp_jget_str(one, "address", ""), (int)mp_jget_int(one, "port", port),
			mp_jget_str(one, "words", ""));
	}
	if (control && strcmp(control, "silent") != 0)
		say(l, "\nPort 587 of %s does answer to the same address.\n",
			mp_jget_str(json_array_get(tried, 0), "host", "the first"));
	say(l, "\n");
	paragraph(l, "",
		mp_printf(l->j->a, "The host, %s, is a mail server: it has to reach other mail servers on that port.",
			l->j->c->ehlo ? l->j->c->ehlo : l->j->c->hostname));
	say(l, "\n");
	paragraph(l, "",
		mp_printf(l->j->a,
			"Please open outgoing TCP port %d for this address, or tell us which mail relay we should use "
			"instead.",
			port));
	thanks(l);
}

/* ---- delisting: to a list, or to a receiver that has one of its own */

static const char cause_and_end[] =
	"<What the cause was, and how and when it was ended. Lists ask for it, and list again what goes on.>";

/* A list's entry, from the check that met it. */
static void tell_entry(struct letter *l, const struct mp_result *r)
{
	const struct dnsbl_list *list = dnsbl_list_by_zone(r->subject);

	paragraph(l, "  - ", list ? mp_printf(l->j->a, "%s: %s", r->subject, r->summary) : r->summary);
	if (list && list->delist)
		say(l, "    %s\n", list->delist);
}

static void write_delisting(struct letter *l)
{
	const char *domain = l->check ? mp_jget_str(l->check->values, "domain", NULL) : NULL;
	const char *subject = domain ? domain : l->ip ? l->ip : l->j->c->domain;

	head(l, mp_printf(l->j->a, "Please remove %s from your list", subject));
	if (l->check) {
		say(l, "%s is listed:\n\n", subject);
		for (size_t i = 0; i < l->f->n_because; i++)
			if (l->f->because[i].result && is_faulty(l->f->because[i].result))
				tell_entry(l, l->f->because[i].result);
	} else {
		say(l, "your mail server refuses mail from %s:\n\n", subject);
		tell_session(l);
	}
	say(l, "\n");
	paragraph(l, "", cause_and_end);
	tell_checked(l);
	say(l, "\n");
	paragraph(l, "", mp_printf(l->j->a, "Please remove %s, or tell us what still speaks against it.", subject));
	thanks(l);
}

/* ---- postmaster: to a receiver that refuses what is right */

static void write_postmaster(struct letter *l)
{
	const char *domain = l->target->target->domain;
	bool deferred = l->session->outcome == SMTP_DEFERRED;

	head(l, mp_printf(l->j->a, "Mail from %s to %s is %s", l->ip ? l->ip : l->session->q.ehlo, domain,
			deferred ? "deferred" : "refused"));
	say(l, "your mail server %s mail from our host:\n\n", deferred ? "defers" : "refuses");
	tell_session(l);
	tell_checked(l);
	say(l, "\n");
	paragraph(l, "",
		"We find no fault of ours that would explain the reply. Please tell us which address and name your server "
		"sees, what it holds against us, and what to change; or let our mail pass. A full report of the probe is "
		"at hand.");
	thanks(l);
}

/* ---- mx: to a receiver with a fault of its own */

/* A step that is the receiver's to take, without the words that say so to us; NULL: it is another's. */
static const char *step_of_receiver(const char *fix)
{
	static const char not_ours[] = "Nothing on this host: ";

	return fix && strncmp(fix, not_ours, sizeof(not_ours) - 1) == 0 ? fix + sizeof(not_ours) - 1 : NULL;
}

static void write_mx(struct letter *l)
{
	const char *domain = l->target ? l->target->target->domain : l->check->subject;
	bool not_for_it = l->session && l->target && l->target->target->kind != MP_TARGET_SERVER &&
			  (l->f->cause == SMTP_RELAY_DENIED || l->f->cause == SMTP_DOMAIN_NOT_HOSTED);

	head(l, mp_printf(l->j->a, "A fault of the mail servers of %s", domain));
	paragraph(l, "", mp_printf(l->j->a, "mail to %s meets a fault on your side:", domain));
	say(l, "\n");
	if (l->session) {
		tell_session(l);
		say(l, "\n");
		paragraph(l, "", smtp_causes[l->f->cause].meaning);
	} else {
		for (size_t i = 0; i < l->f->n_because; i++) {
			const struct mp_result *r = l->f->because[i].result;

			if (!r || !is_faulty(r))
				continue;
			paragraph(l, "  - ", mp_printf(l->j->a, "%s: %s", r->subject, r->summary));
			if (r->detail)
				paragraph(l, "    ", r->detail);
			if (step_of_receiver(r->fix))
				paragraph(l, "    ", mp_printf(l->j->a, "To fix it, %s", step_of_receiver(r->fix)));
		}
		say(l, "\nSeen at %s.\n", mp_time_text(l->j->a, l->j->c->started_ms, false));
	}
	say(l, "\n");
	paragraph(l, "",
		not_for_it
			? mp_printf(l->j->a,
				  "The MX records of %s name this server. Please have it take mail for the domain, or "
				  "take it out of the MX records.",
				  domain)
			: "Please have it fixed; the server's own log of that time will say more.");
	thanks(l);
}

/* ---- the tables */

enum kind { KIND_PTR, KIND_ZONE, KIND_PORT25, KIND_DELISTING, KIND_POSTMASTER, KIND_MX, KIND_REGISTRAR };

const struct mp_request_kind mp_request_kinds[] = {
	[KIND_PTR] = {"ptr", "the holder of the address to set its PTR record"},
	[KIND_ZONE] = {"zone", "the holder of the address to fix its reverse zone"},
	[KIND_PORT25] = {"port25", "the provider to open outgoing port 25"},
	[KIND_DELISTING] = {"delisting", "a list, or a receiver with one of its own, to take the sender off"},
	[KIND_POSTMASTER] = {"postmaster", "the receiver what it holds against a sender without fault"},
	[KIND_MX] = {"mx", "the receiver to fix its own MX hosts or TLS"},
	[KIND_REGISTRAR] = {"registrar", "the registrar to restore the sender's domain"},
};
const size_t mp_n_request_kinds = ARRAY_LEN(mp_request_kinds);

static void (*const writers[])(struct letter *l) = {
	[KIND_PTR] = write_ptr,
	[KIND_ZONE] = write_zone,
	[KIND_PORT25] = write_port25,
	[KIND_DELISTING] = write_delisting,
	[KIND_POSTMASTER] = write_postmaster,
	[KIND_MX] = write_mx,
	[KIND_REGISTRAR] = write_registrar,
};

/*
 * Which finding needs which request; the first row that fits. `check`: the faulty check it rests on, an id or a name space
 * ending in '.'; NULL: a receiver said so in a session, and no check bears it out. Causes that only the sender or the
 * recipient can mend have no row. For a zone that does not answer the check is one without a result.
 */
static const struct {
	enum smtp_cause cause;
	const char *check;
	enum kind kind;
} needs[] = {
	{SMTP_PTR_MISSING, "ptr.exists", KIND_PTR},
	{SMTP_FCRDNS_MISMATCH, "ptr.fcrdns", KIND_PTR},
	{SMTP_FCRDNS_MISMATCH, "ptr.single", KIND_PTR},
	{SMTP_RDNS_GENERIC, "ptr.syntax", KIND_PTR},
	{SMTP_RDNS_GENERIC, "ptr.generic", KIND_PTR},
	{SMTP_PTR_MISSING, "ptr.exists", KIND_ZONE},
	{SMTP_FCRDNS_MISMATCH, "ptr.exists", KIND_ZONE},
	{SMTP_SENDER_DOMAIN_DNS, "registration.sender", KIND_REGISTRAR},
	{SMTP_EGRESS_BLOCKED, "egress.port25", KIND_PORT25},
	{SMTP_DNSBL_LISTED, "dnsbl.ip", KIND_DELISTING},
	{SMTP_DOMAIN_REPUTATION, "dnsbl.domain", KIND_DELISTING},
	{SMTP_MX_UNUSABLE, "mx.target", KIND_MX},
	{SMTP_CAUSE_UNKNOWN, "smtp.starttls", KIND_MX},
	{SMTP_CAUSE_UNKNOWN, "tls.", KIND_MX},
	{SMTP_TLS_POLICY, "tls.", KIND_MX},
	{SMTP_TLS_POLICY, "smtp.starttls", KIND_MX},
	{SMTP_TLS_POLICY, NULL, KIND_MX},
	{SMTP_RECEIVER_ERROR, NULL, KIND_MX},
	{SMTP_DOMAIN_NOT_HOSTED, NULL, KIND_MX},
	{SMTP_RELAY_DENIED, NULL, KIND_MX},
	{SMTP_DNSBL_LISTED, NULL, KIND_DELISTING},
	{SMTP_IP_BLOCKED, NULL, KIND_DELISTING},
	{SMTP_IP_REPUTATION, NULL, KIND_DELISTING},
	{SMTP_CAUSE_UNKNOWN, NULL, KIND_POSTMASTER},
	{SMTP_PTR_MISSING, NULL, KIND_POSTMASTER},
	{SMTP_FCRDNS_MISMATCH, NULL, KIND_POSTMASTER},
	{SMTP_RDNS_GENERIC, NULL, KIND_POSTMASTER},
	{SMTP_HELO_REJECTED, NULL, KIND_POSTMASTER},
	{SMTP_SENDER_DOMAIN_DNS, NULL, KIND_POSTMASTER},
	{SMTP_SPF_FAIL, NULL, KIND_POSTMASTER},
	{SMTP_DKIM_FAIL, NULL, KIND_POSTMASTER},
	{SMTP_DMARC_FAIL, NULL, KIND_POSTMASTER},
	{SMTP_SENDER_UNAUTHENTICATED, NULL, KIND_POSTMASTER},
	{SMTP_DOMAIN_REPUTATION, NULL, KIND_POSTMASTER},
	{SMTP_SENDER_REJECTED, NULL, KIND_POSTMASTER},
	{SMTP_SENDER_VERIFY_FAILED, NULL, KIND_POSTMASTER},
	{SMTP_POLICY_REJECTED, NULL, KIND_POSTMASTER},
};

static bool id_fits(const char *id, const char *pattern)
{
	size_t n = strlen(pattern);

	return pattern[n - 1] == '.' ? strncmp(id, pattern, n) == 0 : strcmp(id, pattern) == 0;
}

/* The check of a finding that a row is about. */
static const struct mp_result *check_of(const struct mp_finding *f, const char *pattern, bool undetermined)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result &&
			(undetermined ? f->because[i].result->status == MP_ERROR : is_faulty(f->because[i].result)) &&
			id_fits(f->because[i].result->check->id, pattern))
			return f->because[i].result;
	return NULL;
}

/* True when a receiver alone says it: no check does, and none was without a result. */
static bool only_said(const struct letter *l)
{
	for (size_t i = 0; i < l->f->n_because; i++)
		if (l->f->because[i].result)
			return false;
	return l->session != NULL;
}

static bool find_kind(struct letter *l, enum kind *out)
{
	for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
		if (needs[i].cause != l->f->cause)
			continue;
		l->check = needs[i].check ? check_of(l->f, needs[i].check, needs[i].kind == KIND_ZONE) : NULL;
		if (needs[i].check ? !l->check : !only_said(l))
			continue;
		*out = needs[i].kind;
		return true;
	}
	return false;
}

/* ---- to whom */

/* "technical" or else the first contact that ptr.owner found: its mail address, or NULL. */
static const char *contact_of(const struct mp_result *owner)
{
	const json_t *contacts = owner ? mp_jget_array(owner->values, "contacts") : NULL;

	return mp_jget_str(json_array_get(contacts, 0), "email", NULL);
}

static const char *holder_of(const struct letter *l)
{
	const struct mp_result *owner = result_of(l, "ptr.owner");

	return owner ? mp_jget_str(owner->values, "holder", NULL) : NULL;
}

static const char *to_holder(struct letter *l)
{
	const char *holder = holder_of(l), *email = contact_of(result_of(l, "ptr.owner"));

	if (holder && email)
		return mp_printf(l->j->a, "%s (%s)", email, holder);
	if (holder)
		return holder;
	return mp_printf(l->j->a, "the holder of %s (the hosting or access provider)", l->ip);
}

/* RFC 5321 4.5.1: every server takes mail for postmaster. */
static const char *postmaster_at(struct letter *l, const struct mp_target *t)
{
	char text[MP_IP_TEXT];

	if (t->kind == MP_TARGET_SERVER && !t->host)
		return mp_printf(l->j->a, "postmaster@[%s%s]", t->address.family == MP_IPV6 ? "IPv6:" : "",
			mp_ip_text(&t->address, text));
	return mp_printf(l->j->a, "postmaster@%s", t->host ? t->host : t->domain);
}

static const char *to_receiver(struct letter *l)
{
	const struct mp_target *t = l->target->target;
	const struct mp_receiver *r = mp_receiver_of(t->domain, l->session ? l->session->q.mx : NULL);

	return r && r->contact ? mp_printf(l->j->a, "%s (%s)", r->contact, r->name) : postmaster_at(l, t);
}

static const char *to_list(struct letter *l)
{
	const struct dnsbl_list *list = dnsbl_list_by_zone(l->check->subject);

	return list && list->delist ? mp_printf(l->j->a, "%s (%s)", list->delist, list->name)
				    : mp_printf(l->j->a, "the operator of %s", l->check->subject);
}

static const char *to_registrar(struct letter *l)
{
	const char *name = mp_jget_str(l->check->values, "registrar", NULL);

	return mp_printf(l->j->a, "%s%sthe registrar of %s%s", name ? name : "", name ? " (" : "", l->check->subject,
		name ? ")" : "");
}

static const char *addressee(struct letter *l, enum kind kind)
{
	if (kind == KIND_PTR || kind == KIND_ZONE || kind == KIND_PORT25)
		return to_holder(l);
	if (kind == KIND_REGISTRAR)
		return to_registrar(l);
	if (kind == KIND_DELISTING && l->check)
		return to_list(l);
	return l->target ? to_receiver(l) : NULL;
}

/* ---- together */

/* What the finding is about: its session, target and source. */
static void look(struct letter *l)
{
	const struct mp_finding *f = l->f;
	struct mp_seen seen;

	for (size_t i = 0; i < f->n_because && !l->session; i++) {
		const struct mp_because *b = &f->because[i];
		const struct smtp_classified *cause;
		const struct smtp_session *s =
			b->result ? NULL : mp_run_session(l->j->run, b->target, b->session, &cause);

		/* One that was accepted is there for the difference to it. */
		if (!s || s->outcome == SMTP_ACCEPTED)
			continue;
		l->target = mp_run_target(l->j->run, b->target);
		l->session = s;
	}
	if (!l->target && f->target >= 0)
		l->target = mp_run_target(l->j->run, (size_t)f->target);
	l->source = f->source >= 0 ? f->source : l->session ? mp_session_source(l->j->c, l->session) : -1;
	if (l->source >= 0 && mp_seen_as(l->j, (size_t)l->source, &seen) && seen.known)
		l->ip = seen.text;
}

/* The reverse zone is on the sender's own name servers: there is nobody to ask. */
static bool sets_it_himself(const struct letter *l)
{
	const struct mp_result *owner = result_of(l, "ptr.owner");

	return owner && mp_jget_bool(owner->values, "own_zone", false);
}

/* The record is as it is wanted: what is wrong is ours, the forward record of the name that is announced too. */
static bool is_set(const struct letter *l)
{
	const char *name = names_today(l);
	struct mp_ip ip;

	return l->j->c->ehlo && mp_ieq(name, l->j->c->ehlo) && mp_ip_parse(mp_str(l->ip), &ip) &&
	       mp_name_will_do(l->j, name, &ip);
}

/* Is it worth a letter? */
static bool is_due(const struct letter *l, enum kind kind)
{
	switch (kind) {
	case KIND_PTR:
		return l->ip && l->f->source >= 0 && l->f->status != MP_INFO && !sets_it_himself(l) && !is_set(l);
	case KIND_ZONE:
		return l->ip && l->f->source >= 0 && !sets_it_himself(l);
	case KIND_PORT25:
		return l->ip && l->f->source >= 0;
	case KIND_MX:
		/* A deferral passes. A domain that takes no mail, or is none, has nobody who reads it. */
		return !(l->session && l->session->outcome == SMTP_DEFERRED) &&
		       !(l->target && (l->target->mx_state == MP_MX_NULL || l->target->mx_state == MP_MX_NXDOMAIN));
	case KIND_DELISTING:
	case KIND_POSTMASTER:
	case KIND_REGISTRAR:
		break;
	}
	return true;
}

void mp_request_make(struct mp_judge *j, struct mp_finding *f)
{
	struct letter l = {.j = j, .f = f, .b = MP_BUF(MAX_TEXT)};
	enum kind kind;

	look(&l);
	if (!find_kind(&l, &kind) || !is_due(&l, kind))
		return;
	l.to = addressee(&l, kind);
	if (!l.to)
		return;
	writers[kind](&l);
	f->request = mp_dupn(j->a, mp_buf_cstr(&l.b), l.b.n);
	f->request_kind = mp_request_kinds[kind].word;
	mp_buf_release(&l.b);
	/* Who the holder is, the step that asks for the PTR leaves open. */
	if ((kind != KIND_PTR && kind != KIND_ZONE && kind != KIND_PORT25) || holder_of(&l))
		*MP_PUSH(j->a, f->fix, f->n_fix, f->cap_fix) = mp_printf(j->a, "Send the request text to %s.", l.to);
}
