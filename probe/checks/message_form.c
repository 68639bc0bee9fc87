/*
 * probe/checks/message_form.c - a received message: how it is made, how it came, and what its receiver noted of it:
 * message.headers, format, unsubscribe, transport, receiver
 */
#include "base/tags.h"
#include "base/text.h"
#include "probe/checks/checks.h"
#include "probe/message.h"

static const struct smtp_header *header(const struct mp_judge *j)
{
	return &j->c->mail->header;
}

/* The text of the first field of that name, or NULL. */
static const char *text_of(struct mp_judge *j, const char *name)
{
	const struct smtp_header *h = header(j);
	size_t i = smtp_field_find(h, name, 0);

	return i < h->n ? smtp_field_text(j->a, &h->field[i]) : NULL;
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : NULL;
}

/* ---- message.headers */

/* RFC 5322 3.6: how often a field may be there. */
static const struct {
	const char *name;
	bool needed;
} singles[] = {{"From", true}, {"Date", true}, {"Message-ID", false}, {"Subject", false}, {"Sender", false},
	{"Reply-To", false}, {"To", false}, {"Cc", false}, {"In-Reply-To", false}, {"References", false},
	{"MIME-Version", false}, {"Content-Type", false}};

static const char program[] = "Have the program that writes the message";

static void check_singles(struct mp_judge *j)
{
	for (size_t i = 0; i < ARRAY_LEN(singles); i++) {
		size_t n = smtp_field_count(header(j), singles[i].name);
		struct mp_result *r;

		if (n > 1) {
			r = mp_report(j, singles[i].name, MP_FAIL, "There are %zu %s: fields; one is allowed.", n,
				singles[i].name);
			mp_fix(j, r, "%s set %s: once; look for a filter or list behind it that adds another.", program,
				singles[i].name);
			if (i == 0)
				mp_detail(j, r, "Gmail refuses such messages (550 5.7.1).");
		} else if (!n && singles[i].needed) {
			r = mp_report(j, singles[i].name, MP_FAIL, "There is no %s: field; every message needs one.",
				singles[i].name);
			mp_fix(j, r, "%s set %s:.", program, singles[i].name);
		}
	}
}

/* "<left@right>", without blanks. */
static bool good_id(struct mp_str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;

	if (s.n < 5 || s.p[0] != '<' || s.p[s.n - 1] != '>' || !at || at == s.p + 1 || at == s.p + s.n - 2)
		return false;
	for (size_t i = 1; i + 1 < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == '<' || s.p[i] == '>')
			return false;
	return true;
}

static void check_id(struct mp_judge *j)
{
	const char *id = text_of(j, "Message-ID");
	struct mp_result *r;

	if (!id)
		r = mp_report(j, "Message-ID", MP_WARN, "There is no Message-ID: field.");
	else if (!good_id(mp_str_trim(mp_str(id))))
		r = mp_report(j, "Message-ID", MP_WARN, "The Message-ID is not of the form <left@right>: %s.",
			mp_tag_shown(j->a, mp_str(id)));
	else
		return;
	mp_fix(j, r, "%s set Message-ID: <something unique@its domain>.", program);
}

static void check_date(struct mp_judge *j)
{
	enum { DAY_MS = 86400000 };
	const struct smtp_header *h = header(j);
	size_t i = smtp_field_find(h, "Date", 0);
	int64_t ms, off;
	struct mp_result *r;

	if (i == h->n)
		return;
	if (!smtp_date(j->a, h->field[i].value, &ms, NULL)) {
		r = mp_report(j, "Date", MP_WARN, "The Date: field is no date: %s.",
			mp_tag_shown(j->a, mp_str(smtp_field_text(j->a, &h->field[i]))));
		mp_fix(j, r, "%s write Date: as \"Sat, 21 Nov 2026 10:00:00 +0000\".", program);
		return;
	}
	off = ms - mp_message_arrived(j);
	if (off > DAY_MS || off < -7 * (int64_t)DAY_MS) {
		r = mp_report(j, "Date", MP_WARN, "The Date: field is %lld days %s of the day the message arrived.",
			(long long)((off < 0 ? -off : off) / DAY_MS), off > 0 ? "ahead" : "short");
		mp_fix(j, r,
			"Set the clock of the host where the message was written, or have a queue that holds mail for days looked at.");
	}
}

static void check_from(struct mp_judge *j)
{
	struct smtp_mailbox *list = mp_allocn(j->a, SMTP_MAILBOXES_MAX, sizeof(*list));
	size_t n = mp_message_authors(j, list);
	struct mp_result *r;

	if (!smtp_field_count(header(j), "From"))
		return;
	if (!n || !*list[0].domain) {
		r = mp_report(j, "From", MP_FAIL, "The From: field has no address.");
		mp_fix(j, r, "%s set From: to one address.", program);
		return;
	}
	if (n > 1) {
		r = mp_report(j, "From", MP_WARN,
			"The From: field has %zu addresses; many receivers refuse more than one.", n);
		mp_fix(j, r, "%s set From: to one address, and Reply-To: to the others.", program);
	}
	for (size_t i = 0; i < n; i++) {
		const char *at = strchr(list[i].name, '@');

		if (at && strchr(at, '.') && !mp_same_owner(domain_of(list[i].name), list[i].domain)) {
			r = mp_report(j, "From", MP_WARN,
				"The name in From: is an address of another domain: \"%s\" <%s>.", list[i].name,
				list[i].address);
			mp_detail(j, r, "Filters take this for a forged sender.");
			mp_fix(j, r, "%s set a name without an address in From:.", program);
		}
	}
}

/* Addresses beside From whose domain is of somebody else: no fault, but what filters look at. */
static void check_others(struct mp_judge *j)
{
	static const struct {
		const char *field, *words;
	} others[] = {{"Reply-To", "Answers go to another domain"}, {"Sender", "The sender is of another domain"},
		{"Return-Path", "Bounces go to another domain"}};
	const char *author = mp_message_author(j);
	const struct smtp_header *h = header(j);

	for (size_t i = 0; i < ARRAY_LEN(others) && author; i++) {
		size_t at = smtp_field_find(h, others[i].field, 0);
		struct smtp_mailbox list[SMTP_MAILBOXES_MAX];
		size_t n = at < h->n ? smtp_mailboxes(j->a, h->field[at].value, list) : 0, k = 0;

		while (k < n && (!*list[k].domain || mp_same_owner(list[k].domain, author)))
			k++;
		if (k < n)
			mp_report(j, others[i].field, MP_INFO, "%s than the author's %s: %s.", others[i].words, author,
				list[k].address);
	}
}

static enum mp_judged judge_headers(struct mp_judge *j)
{
	struct mp_result *r;

	check_singles(j);
	check_id(j);
	check_date(j);
	check_from(j);
	check_others(j);
	for (size_t i = 0; i < j->n_results; i++)
		if (j->results[i].status != MP_INFO)
			return MP_SETTLED;
	r = mp_report(j, "header", MP_PASS, "The header has what every message needs, and each of it once.");
	mp_jset_int(r->values, "fields", (int64_t)header(j)->n);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_headers = {
	.id = "message.headers",
	.title = "The header has what every message needs, each once",
	.ref = "RFC 5322 3.6",
	.in = MP_IN_MESSAGE,
	.judge = judge_headers,
};

/* ---- message.format */

static enum mp_judged judge_format(struct mp_judge *j)
{
	const struct smtp_mail *m = j->c->mail;
	const char *faults[8];
	struct mp_result *r;
	size_t n = 0;

	if (header(j)->n_odd)
		faults[n++] = mp_printf(j->a, "%zu line%s of the header that %s no field (\"%s\")", header(j)->n_odd,
			header(j)->n_odd == 1 ? "" : "s", header(j)->n_odd == 1 ? "is" : "are", header(j)->odd);
	if (m->header_cut)
		faults[n++] = mp_printf(j->a, "a header of more than %d KiB", SMTP_MAIL_HEADER >> 10);
	if (m->long_lines)
		faults[n++] = mp_printf(j->a, "%llu line%s of more than 998 bytes", (unsigned long long)m->long_lines,
			m->long_lines == 1 ? "" : "s");
	if (m->lone_cr || m->lone_lf)
		faults[n++] = mp_printf(j->a, "%llu lone CR or LF", (unsigned long long)m->lone_cr + m->lone_lf);
	if (m->nul)
		faults[n++] = mp_printf(j->a, "%llu NUL bytes", (unsigned long long)m->nul);
	if (n) {
		r = mp_report(j, "message", MP_WARN, "The message has what SMTP does not allow: %s.",
			mp_list(j->a, faults, n));
		mp_detail(j, r,
			"Relays repair such messages, each in its way, and break signatures; some receivers refuse them.");
		mp_fix(j, r,
			"%s keep lines under 998 bytes (quoted-printable or base64), with CRLF at their ends and nowhere else.",
			program);
	} else {
		r = mp_report(j, "message", MP_PASS, "The message is well formed: %llu bytes, %llu lines of body.",
			(unsigned long long)m->size, (unsigned long long)m->body_lines);
	}
	mp_jset_int(r->values, "size", (int64_t)m->size);
	mp_jset_int(r->values, "body_lines", (int64_t)m->body_lines);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_format = {
	.id = "message.format",
	.title = "The message is made as SMTP allows it",
	.ref = "RFC 5322 2.1.1",
	.in = MP_IN_MESSAGE,
	.judge = judge_format,
};

/* ---- message.unsubscribe */

struct uris {
	const char *https, *mailto, *other;
};

static void read_uris(struct mp_judge *j, const char *text, struct uris *out)
{
	struct mp_str rest = mp_str(text), part;

	while (mp_str_split(&rest, '<', &part)) {
		struct mp_str uri = rest;
		const char *close = uri.n ? memchr(uri.p, '>', uri.n) : NULL;

		if (!close)
			return;
		uri.n = (size_t)(close - uri.p);
		uri = mp_str_trim(uri);
		if (mp_str_istarts(uri, "https://"))
			out->https = mp_dupstr(j->a, uri);
		else if (mp_str_istarts(uri, "mailto:"))
			out->mailto = mp_dupstr(j->a, uri);
		else
			out->other = mp_dupstr(j->a, uri);
	}
}

/* Is a field signed by a good signature? */
static bool signed_by_good(const struct mp_signature *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; mp_signature_passes(&list[i]) && k < list[i].sig.n_names; k++)
			if (mp_str_ieq(list[i].sig.names[k], mp_str(name)))
				return true;
	return false;
}

/* Something in the header says that many get this message. */
static const char *bulk_sign(struct mp_judge *j)
{
	static const char *const fields[] = {
		"List-Id", "List-Unsubscribe", "Feedback-ID", "X-CSA-Complaints", "List-Post"};
	const char *precedence = text_of(j, "Precedence");

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (smtp_field_count(header(j), fields[i]))
			return fields[i];
	return precedence && (mp_ieq(precedence, "bulk") || mp_ieq(precedence, "list")) ? "Precedence" : NULL;
}

static enum mp_judged judge_unsubscribe(struct mp_judge *j)
{
	const char *sign = bulk_sign(j), *text = text_of(j, "List-Unsubscribe"),
		   *post = text_of(j, "List-Unsubscribe-Post");
	struct mp_signature *list;
	struct uris u = {NULL, NULL, NULL};
	struct mp_result *r;
	bool covered;
	size_t n;

	if (!mp_message_signatures(j, false, &list, &n))
		return MP_PENDING;
	if (!sign) {
		mp_report(j, "List-Unsubscribe", MP_SKIP,
			"Nothing says that this message went to many; those need a way to unsubscribe.");
		return MP_SETTLED;
	}
	covered = signed_by_good(list, n, "List-Unsubscribe") && signed_by_good(list, n, "List-Unsubscribe-Post");
	if (text)
		read_uris(j, text, &u);
	if (!text) {
		r = mp_report(j, "List-Unsubscribe", MP_WARN,
			"The message went to many (%s), and nothing says how to unsubscribe.", sign);
		mp_fix(j, r,
			"%s add List-Unsubscribe: <https://...> and List-Unsubscribe-Post: List-Unsubscribe=One-Click; Gmail and Yahoo "
			"demand both of those who send 5000 messages a day.",
			program);
	} else if (!u.https) {
		r = mp_report(j, "List-Unsubscribe", MP_WARN,
			"List-Unsubscribe has no https address, so nobody can unsubscribe with one click%s.",
			u.mailto  ? "; it has mailto: alone"
			: u.other ? mp_printf(j->a, ": %s", mp_tag_shown(j->a, mp_str(u.other)))
				  : "");
		mp_fix(j, r, "%s set List-Unsubscribe: <https://...> (mailto: may stand beside it).", program);
	} else if (!post || !mp_ieq(post, "List-Unsubscribe=One-Click")) {
		r = mp_report(j, "List-Unsubscribe", MP_WARN, "%s.",
			post ? mp_printf(j->a,
				       "List-Unsubscribe-Post is \"%s\", and the standard knows one value alone",
				       mp_tag_shown(j->a, mp_str(post)))
			     : "There is no List-Unsubscribe-Post, so receivers show no button to unsubscribe");
		mp_fix(j, r,
			"%s add the field \"List-Unsubscribe-Post: List-Unsubscribe=One-Click\", and take a POST at that address.",
			program);
	} else if (!covered) {
		r = mp_report(j, "List-Unsubscribe", MP_WARN,
			"No good DKIM signature covers List-Unsubscribe and List-Unsubscribe-Post; receivers then do not heed them.");
		mp_fix(j, r, "Have the signer sign both fields (its list of header fields, h=).");
	} else {
		r = mp_report(j, "List-Unsubscribe", MP_PASS,
			"One click is enough to unsubscribe, and a good signature covers it.");
	}
	mp_jset_str(r->values, "https", u.https ? mp_text(j->a, mp_str(u.https)) : NULL);
	mp_jset_str(r->values, "mailto", u.mailto ? mp_text(j->a, mp_str(u.mailto)) : NULL);
	mp_jset_str(r->values, "post", post);
	mp_jset_bool(r->values, "signed", covered);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_unsubscribe = {
	.id = "message.unsubscribe",
	.title = "Mail to many can be unsubscribed from with one click",
	.ref = "RFC 8058",
	.in = MP_IN_MESSAGE,
	.judge = judge_unsubscribe,
};

/* ---- message.transport */

enum { SLOW_S = 300, SKEW_S = 60 };

/* "12 s", "5 min", "3 h" */
static const char *duration(struct mp_judge *j, int64_t s)
{
	uint64_t v = (uint64_t)(s < 0 ? -s : s);

	return v < 120      ? mp_printf(j->a, "%llu s", (unsigned long long)v)
	       : v < 7200   ? mp_printf(j->a, "%llu min", (unsigned long long)v / 60)
	       : v < 172800 ? mp_printf(j->a, "%llu h", (unsigned long long)v / 3600)
			    : mp_printf(j->a, "%llu days", (unsigned long long)v / 86400);
}

static json_t *hop_json(const struct mp_trail *t, size_t i, bool has_delay, int64_t delay, struct mp_judge *j)
{
	const struct smtp_hop *h = &t->hop[i];
	json_t *o = json_object();
	char text[MP_IP_TEXT];

	mp_jset_str(o, "by", h->by);
	mp_jset_str(o, "helo", h->helo);
	mp_jset_str(o, "rdns", h->rdns);
	mp_jset_str(o, "ip", h->ip.family == MP_IPNONE ? NULL : mp_ip_text(&h->ip, text));
	mp_jset_str(o, "with", h->with);
	mp_jset_str(o, "at", h->dated ? mp_time_text(j->a, h->at_ms, false) : NULL);
	mp_jset(o, "delay_s", has_delay ? json_integer(delay) : json_null());
	mp_jset_bool(o, "believed", i < t->trusted);
	return o;
}

/* "mx.example.net 4 s after mail.example.com" */
static const char *hop_words(struct mp_judge *j, const struct mp_trail *t, size_t i, bool has_delay, int64_t delay)
{
	const char *by = t->hop[i].by ? t->hop[i].by : "a host that does not tell its name";

	return has_delay ? mp_printf(j->a, "%s %s%s", by, delay < 0 ? "-" : "+", duration(j, delay)) : by;
}

static enum mp_judged judge_transport(struct mp_judge *j)
{
	const struct mp_trail *t = mp_message_trail(j);
	const char *slow[MP_HOPS_MAX], *skewed[MP_HOPS_MAX], *words[MP_HOPS_MAX];
	size_t n_slow = 0, n_skewed = 0, n = 0;
	json_t *hops = json_array();
	int64_t first = 0, last = 0;
	struct mp_result *r;
	bool any = false, plain;

	for (size_t k = t->n; k > 0; k--) { /* in the order of time */
		const struct smtp_hop *h = &t->hop[k - 1];
		bool has_delay = any && h->dated;
		int64_t delay = has_delay ? (h->at_ms - last) / 1000 : 0;

		if (has_delay && delay > SLOW_S)
			slow[n_slow++] =
				mp_printf(j->a, "%s took it after %s", h->by ? h->by : "a host", duration(j, delay));
		if (has_delay && delay < -SKEW_S)
			skewed[n_skewed++] = mp_printf(
				j->a, "%s took it %s before it was sent", h->by ? h->by : "a host", duration(j, delay));
		words[n++] = hop_words(j, t, k - 1, has_delay, delay);
		mp_jpush(hops, hop_json(t, k - 1, has_delay, delay, j));
		if (h->dated) {
			first = any ? first : h->at_ms;
			last = h->at_ms;
			any = true;
		}
	}
	plain = t->border < t->n && t->hop[t->border].with && mp_str_istarts(mp_str(t->hop[t->border].with), "ESMTP") &&
		mp_str_ifind(mp_str(t->hop[t->border].with), "ESMTPS") < 0;
	if (!t->n) {
		r = mp_report(j, "Received", MP_SKIP, "No Received line tells which way the message came.");
	} else if (n_slow || n_skewed) {
		r = mp_report(j, "Received", MP_WARN, "%s%s%s.", n_slow ? mp_list(j->a, slow, n_slow) : "",
			n_slow && n_skewed ? "; " : "", n_skewed ? mp_list(j->a, skewed, n_skewed) : "");
		mp_fix(j, r, "%s%s%s",
			n_slow ? "Ask whoever runs that host why mail waited there: greylisting, a full queue, a slow filter."
			       : "",
			n_slow && n_skewed ? " " : "",
			n_skewed ? "Have the clock of that host, or of the one before it, set by NTP." : "");
	} else {
		r = mp_report(j, "Received", MP_PASS, "The message took %zu hop%s%s%s.", t->n, t->n == 1 ? "" : "s",
			any && t->n > 1 ? " in " : "", any && t->n > 1 ? duration(j, (last - first) / 1000) : "");
	}
	if (t->n)
		mp_detail(j, r, "The way: %s.%s", mp_list(j->a, words, n),
			plain ? " The receiver took it without TLS." : "");
	mp_jset(r->values, "hops", hops);
	mp_jset(r->values, "total_s", any ? json_integer((last - first) / 1000) : json_null());
	return MP_SETTLED;
}

const struct mp_check mp_check_message_transport = {
	.id = "message.transport",
	.title = "The message came without long waits",
	.ref = "RFC 5321 4.4",
	.in = MP_IN_MESSAGE,
	.judge = judge_transport,
};

/* ---- message.receiver */

static json_t *results_json(const struct mp_noted_results *r)
{
	json_t *o = json_object(), *list = json_array();

	mp_jset_str(o, "authserv_id", r->said.id);
	for (size_t i = 0; i < r->said.n; i++) {
		const struct smtp_authres_result *one = &r->said.result[i];
		json_t *e = json_object(), *properties = json_object();

		mp_jset_str(e, "method", one->method);
		mp_jset_str(e, "result", one->result);
		mp_jset_str(e, "reason", one->reason);
		for (size_t k = 0; k < one->n; k++)
			mp_jset_str(properties, one->property[k].name, one->property[k].value);
		mp_jset(e, "properties", properties);
		mp_jpush(list, e);
	}
	mp_jset(o, "results", list);
	return o;
}

static json_t *noted_json(const struct smtp_noted *n)
{
	static const char *const moods[] = {"neutral", "good", "bad"}; /* in the order of enum smtp_mood */
	json_t *o = json_object();

	mp_jset_str(o, "by", n->by);
	mp_jset_str(o, "field", n->field);
	mp_jset_str(o, "key", n->key);
	mp_jset_str(o, "value", n->value);
	mp_jset_str(o, "words", n->words);
	mp_jset_str(o, "mood", moods[n->mood]);
	return o;
}

static enum mp_judged judge_receiver(struct mp_judge *j)
{
	json_t *said = json_array(), *others = json_array(), *list = json_array();
	struct mp_said s;
	struct mp_result *r;

	mp_message_said(j, &s);
	for (size_t i = 0; i < s.n_results; i++)
		mp_jpush(s.results[i].believed ? said : others, results_json(&s.results[i]));
	for (size_t i = 0; i < s.n_noted; i++)
		mp_jpush(list, noted_json(&s.noted[i]));
	if (!s.n) {
		r = mp_report(j, s.who, MP_SKIP, "The receiver noted nothing of the message that could be read%s.",
			s.n_results ? "; what others claim (Authentication-Results) is not believed" : "");
	} else if (s.n_bad) {
		r = mp_report(j, s.who, MP_WARN, "The receiver noted against the message: %s.",
			mp_list(j->a, s.bad, s.n_bad));
		mp_fix(j, r,
			"Fix first what the other checks of this message find (DKIM, SPF, DMARC); where they are good, it is the content "
			"or the history of the address and the domain: ask the receiver's postmaster site, and send less until it recovers.");
	} else {
		r = mp_report(j, s.who, MP_PASS, "The receiver noted nothing against the message.");
	}
	if (s.n) {
		struct mp_buf b = MP_BUF(8000);

		for (size_t i = 0; i < s.n; i++)
			mp_buf_addf(&b, "%s%s", i ? "; " : "", s.words[i]);
		mp_detail(j, r, "%s.", mp_buf_cstr(&b));
		mp_buf_release(&b);
	}
	mp_jset(r->values, "authentication_results", said);
	mp_jset(r->values, "not_believed", others);
	mp_jset(r->values, "noted", list);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_receiver = {
	.id = "message.receiver",
	.title = "The receiver noted nothing against the message",
	.ref = "RFC 8601",
	.in = MP_IN_MESSAGE,
	.judge = judge_receiver,
};
