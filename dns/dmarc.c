/* dns/dmarc.c - see dns/dmarc.h */
#include "dns/dmarc.h"
#include "base/text.h"
#include "dns/psl.h"

const char *dns_dmarc_policy_name(enum dns_dmarc_policy p)
{
	return p == DNS_DMARC_REJECT ? "reject" : p == DNS_DMARC_QUARANTINE ? "quarantine" : "none";
}

/* ---- records */

struct reading {
	struct mp_arena *a;
	struct dns_dmarc_record *r;
};

static void note(struct reading *rd, enum dns_dmarc_weight weight, const char *fmt, ...) MP_PRINTF(3, 4);

static void note(struct reading *rd, enum dns_dmarc_weight weight, const char *fmt, ...)
{
	struct dns_dmarc_record *r = rd->r;
	va_list ap;

	if (r->n_notes == DNS_DMARC_NOTES)
		return;
	va_start(ap, fmt);
	r->note[r->n_notes++] = (struct dns_dmarc_note){weight, mp_vprintf(rd->a, fmt, ap)};
	va_end(ap);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * dmarc-version = "v" *WSP "=" *WSP %s"DMARC1", and behind it the end or *WSP ";". The first bytes of the record: with
 * white space before it, the record is another one.
 */
static bool has_version(struct mp_str s)
{
	size_t i = 1;

	if (!s.n || (s.p[0] != 'v' && s.p[0] != 'V'))
		return false;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	if (i == s.n || s.p[i++] != '=')
		return false;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	if (s.n - i < 6 || memcmp(s.p + i, "DMARC1", 6) != 0)
		return false;
	i += 6;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i == s.n || s.p[i] == ';';
}

static void read_policy(struct reading *rd, const char *name, struct mp_str v, enum dns_dmarc_policy *out)
{
	if (mp_str_ieq(v, MP_LIT("none"))) {
		*out = DNS_DMARC_NONE;
	} else if (mp_str_ieq(v, MP_LIT("quarantine"))) {
		*out = DNS_DMARC_QUARANTINE;
	} else if (mp_str_ieq(v, MP_LIT("reject"))) {
		*out = DNS_DMARC_REJECT;
	} else {
		*out = DNS_DMARC_INVALID;
		rd->r->broken = true;
		note(rd, DNS_DMARC_FAULT, "The value \"%s\" of the tag %s is none of none, quarantine, reject.",
			mp_tag_shown(rd->a, v), name);
	}
}

/* One of the letters in `allowed`, of any case; 0 with a warning when it is another. */
static char read_letter(struct reading *rd, const char *name, struct mp_str v, const char *allowed)
{
	char c = v.n == 1 ? mp_tolower(v.p[0]) : '\0';

	if (c && strchr(allowed, c))
		return c;
	note(rd, DNS_DMARC_WARNING,
		"The value \"%s\" of the tag %s is not valid (one of the letters %s is), so its default counts.",
		mp_tag_shown(rd->a, v), name, allowed);
	return '\0';
}

/* dmarc-fo: "0" or "1" once at most, not both; "d" and "s" once each. */
static bool good_fo(struct mp_str v)
{
	unsigned seen[4] = {0};
	struct mp_str rest = v, item;

	while (mp_tag_item(&rest, ':', &item)) {
		const char *at = item.n == 1 ? strchr("01ds", mp_tolower(item.p[0])) : NULL;

		if (!at || !*at || seen[at - "01ds"]++)
			return false;
	}
	return !(seen[0] && seen[1]);
}

/* A scheme, a colon, something behind it, and no byte that a URI cannot have. */
static bool is_uri(struct mp_str s)
{
	const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
	size_t scheme = colon ? (size_t)(colon - s.p) : 0;

	if (!scheme || scheme + 1 == s.n || !mp_isalpha(s.p[0]))
		return false;
	for (size_t i = 0; i < scheme; i++)
		if (!mp_isalnum(s.p[i]) && !strchr("+-.", s.p[i]))
			return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("<>\"{}|\\^`", s.p[i]))
			return false;
	return true;
}

/* obs-dmarc-report-size: "!" 1*DIGIT [ "k" / "m" / "g" / "t" ], cut off. True when there was one. */
static bool cut_size(struct mp_str *s)
{
	const char *mark = memrchr(s->p, '!', s->n);
	size_t i;

	if (!mark)
		return false;
	i = (size_t)(mark - s->p) + 1;
	if (i == s->n || !mp_isdigit(s->p[i]))
		return false;
	while (i < s->n && mp_isdigit(s->p[i]))
		i++;
	if (i + 1 < s->n || (i < s->n && !strchr("kmgt", mp_tolower(s->p[i]))))
		return false;
	s->n = (size_t)(mark - s->p);
	return true;
}

static void read_mailto(struct mp_arena *a, struct mp_str s, struct dns_dmarc_uri *u)
{
	struct mp_str rest = mp_strn(s.p + 7, s.n - 7), address;
	const char *at;

	mp_str_split(&rest, '?', &address);
	at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	if (!at || at == address.p || at + 1 == address.p + address.n) {
		u->fault = "names no mailbox: the form is mailto:USER@DOMAIN";
		return;
	}
	u->domain = dns_name_canonical(a, mp_dupn(a, at + 1, (size_t)(address.p + address.n - at - 1)));
	if (!u->domain || !dns_is_hostname(u->domain)) {
		u->domain = NULL;
		u->fault = "has no valid domain behind the '@'";
	}
}

static void read_uri(struct reading *rd, const char *tag, struct mp_str item, struct dns_dmarc_uri *u)
{
	if (item.n && cut_size(&item))
		note(rd, DNS_DMARC_REMARK, "The size limit (\"!\") of an address in %s is obsolete and ignored.", tag);
	u->text = mp_tag_shown(rd->a, item);
	if (!is_uri(item)) {
		u->fault = item.n && memchr(item.p, '@', item.n) && !mp_str_istarts(item, "mailto:")
				   ? "is no URI: \"mailto:\" is missing before the address"
				   : "is no URI of the form mailto:USER@DOMAIN";
	} else if (mp_str_istarts(item, "mailto:")) {
		read_mailto(rd->a, item, u);
	} else {
		note(rd, DNS_DMARC_REMARK,
			"The address \"%s\" in %s is not a mailto: one; most receivers send to no other.", u->text,
			tag);
	}
	if (u->fault)
		note(rd, DNS_DMARC_WARNING, "The address \"%s\" in %s %s.", u->text, tag, u->fault);
	else
		rd->r->has_rua = rd->r->has_rua || strcmp(tag, "rua") == 0;
}

static size_t read_uris(struct reading *rd, const char *tag, struct mp_str list, struct dns_dmarc_uri *out)
{
	struct mp_str item;
	size_t n = 0;

	while (mp_tag_item(&list, ',', &item)) {
		if (n == DNS_DMARC_URIS) {
			note(rd, DNS_DMARC_WARNING,
				"The tag %s has more than %d addresses; the others are not looked at.", tag,
				DNS_DMARC_URIS);
			break;
		}
		read_uri(rd, tag, item, &out[n++]);
	}
	return n;
}

/* pct, rf and ri were in RFC 7489 and are in RFC 9989 no more. One that says what was the default anyway does no harm. */
static void removed_tag(struct reading *rd, const char *name, struct mp_str v)
{
	uint64_t n;
	bool harmless;

	if (strcmp(name, "pct") == 0) {
		rd->r->pct = mp_tag_shown(rd->a, v);
		if (mp_str_u64(v, 100, &n))
			rd->r->pct_number = (unsigned)n;
		harmless = mp_str_eq(v, MP_LIT("100"));
	} else {
		harmless = mp_str_ieq(v, MP_LIT("afrf")) || mp_str_eq(v, MP_LIT("86400"));
	}
	note(rd, harmless ? DNS_DMARC_REMARK : DNS_DMARC_WARNING,
		"The tag %s=%s was removed from DMARC with RFC 9989 and is ignored%s.", name, mp_tag_shown(rd->a, v),
		strcmp(name, "pct") != 0 ? ""
		: harmless               ? ""
			   : " (receivers that still follow RFC 7489 apply the policy to that part of the mail only)");
}

static void read_tag(struct reading *rd, const char *name, struct mp_str v)
{
	struct dns_dmarc_record *r = rd->r;
	char c;

	if (strcmp(name, "p") == 0) {
		read_policy(rd, name, v, &r->p);
	} else if (strcmp(name, "sp") == 0) {
		read_policy(rd, name, v, &r->sp);
	} else if (strcmp(name, "np") == 0) {
		read_policy(rd, name, v, &r->np);
	} else if (strcmp(name, "psd") == 0) {
		c = read_letter(rd, name, v, "ynu");
		r->psd = c ? c : 'u';
	} else if (strcmp(name, "t") == 0) {
		r->test = read_letter(rd, name, v, "yn") == 'y';
	} else if (strcmp(name, "adkim") == 0) {
		r->strict_dkim = read_letter(rd, name, v, "rs") == 's';
	} else if (strcmp(name, "aspf") == 0) {
		r->strict_spf = read_letter(rd, name, v, "rs") == 's';
	} else if (strcmp(name, "rua") == 0) {
		r->n_rua = read_uris(rd, name, v, r->rua);
	} else if (strcmp(name, "ruf") == 0) {
		r->n_ruf = read_uris(rd, name, v, r->ruf);
	} else if (strcmp(name, "fo") == 0) {
		if (good_fo(v))
			r->fo = mp_text(rd->a, v);
		else
			note(rd, DNS_DMARC_WARNING, "The value \"%s\" of the tag fo is not valid and is ignored.",
				mp_tag_shown(rd->a, v));
	} else if (strcmp(name, "pct") == 0 || strcmp(name, "rf") == 0 || strcmp(name, "ri") == 0) {
		removed_tag(rd, name, v);
	} else if (strcmp(name, "v") != 0) {
		note(rd, DNS_DMARC_WARNING, "The tag \"%s\" is unknown and ignored.",
			mp_tag_shown(rd->a, mp_str(name)));
	}
}

/* The list itself finds tags that are spelled alike; DMARC's are the same in upper and lower case. */
static bool seen_before(const struct mp_tags *tags, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (mp_str_ieq(tags->tag[i].name, tags->tag[at].name))
			return true;
	return false;
}

bool dns_dmarc_parse(struct mp_arena *a, struct mp_str bytes, struct dns_dmarc_record *out)
{
	struct reading rd = {a, out};
	struct mp_tags *tags;

	if (!has_version(bytes))
		return false;
	memset(out, 0, sizeof(*out));
	out->text = mp_text(a, bytes);
	out->psd = 'u';
	out->pct_number = 100;
	tags = mp_alloc(a, sizeof(*tags));
	mp_tags_parse(bytes, tags);
	for (size_t i = 0; i < tags->n_faults; i++)
		note(&rd, DNS_DMARC_WARNING, "The record %s; that part is ignored.",
			mp_tag_fault_words(a, &tags->fault[i]));
	for (size_t i = 0; i < tags->n; i++) {
		char *name = mp_dupstr(a, tags->tag[i].name);
		bool upper = false;

		for (char *p = name; *p; p++) {
			upper = upper || mp_isupper(*p);
			*p = mp_tolower(*p);
		}
		if (upper)
			note(&rd, DNS_DMARC_REMARK, "The tag %s is usually written in lower case.",
				mp_tag_shown(a, tags->tag[i].name));
		if (seen_before(tags, i))
			note(&rd, DNS_DMARC_WARNING, "The tag %s is there twice; the first one counts.",
				mp_tag_shown(a, mp_str(name)));
		else
			read_tag(&rd, name, tags->tag[i].value);
	}
	if (out->p == DNS_DMARC_ABSENT)
		note(&rd, DNS_DMARC_WARNING,
			"There is no tag p: RFC 9989 takes that as p=none, receivers on RFC 7489 as no record.");
	if (out->fo && !out->n_ruf)
		note(&rd, DNS_DMARC_REMARK, "The tag fo has no effect without ruf.");
	return true;
}

const char *dns_dmarc_near_miss(struct mp_arena *a, struct mp_str bytes)
{
	struct mp_str s = bytes;
	bool blank = false, quoted = false;

	while (s.n && (is_blank(s.p[0]) || s.p[0] == '"' || s.p[0] == '\'' || s.p[0] == '\r' || s.p[0] == '\n')) {
		blank = blank || s.p[0] != '"';
		quoted = quoted || s.p[0] == '"';
		s = mp_strn(s.p + 1, s.n - 1);
	}
	if (has_version(s))
		return quoted ? "has quotation marks inside the record" : "has white space before v=DMARC1";
	if (mp_str_istarts(s, "v=spf1"))
		return "is an SPF record, which belongs at the domain itself";
	if (mp_str_istarts(s, "v=dkim1"))
		return "is a DKIM key, which belongs below _domainkey";
	if (mp_str_istarts(s, "v=dmarc"))
		return mp_printf(a,
			"begins with \"%s\", and only \"v=DMARC1\" in these letters, then a semicolon, is a record",
			mp_tag_shown(a, mp_strn(s.p, s.n < 9 ? s.n : 9)));
	if (mp_str_istarts(s, "dmarc1"))
		return "lacks \"v=\" before DMARC1";
	if (mp_str_ifind(mp_strn(s.p, s.n < 1024 ? s.n : 1024), "v=dmarc1") > 0)
		return "has v=DMARC1 in another place than the beginning";
	if (mp_str_istarts(s, "p=none") || mp_str_istarts(s, "p=quarantine") || mp_str_istarts(s, "p=reject"))
		return "lacks v=DMARC1 at the beginning";
	return NULL;
}

/* ---- the walk */

/* The last `n` labels of a name. */
static const char *last_labels(const char *name, size_t n)
{
	for (size_t have = dns_name_labels(name); have > n; have--)
		name = dns_name_parent(name);
	return name;
}

static bool is_top(const char *name)
{
	return !name || strcmp(name, ".") == 0;
}

/* A name that can never be asked has no record. */
static bool told(const struct dns_answer *ans)
{
	return dns_known(ans->outcome) || ans->outcome == DNS_BADNAME;
}

static struct mp_str txt_of(const struct dns_rr *rr)
{
	return mp_strn((const char *)rr->txt.p, rr->txt.n);
}

static void read_step(struct mp_arena *a, struct dns_dmarc_step *s)
{
	struct dns_dmarc_record *r = NULL;

	for (size_t i = 0; i < s->answer->n_rr; i++) {
		struct mp_str bytes = txt_of(&s->answer->rr[i]);

		if (!has_version(bytes))
			s->n_other++;
		else if (!s->n_records++)
			r = mp_alloc(a, sizeof(*r));
		else
			continue;
		if (r && !r->text)
			dns_dmarc_parse(a, bytes, r);
	}
	s->record = s->n_records == 1 ? r : NULL;
}

static const struct dns_answer *ask_at(struct mp_evidence *ev, struct mp_arena *a, const char *domain)
{
	return dns_ask(ev, mp_printf(a, "_dmarc.%s", domain), DNS_TXT);
}

static void find_org(struct dns_dmarc_walk *w)
{
	bool found = false;

	w->org = w->domain;
	w->psd = w->n;
	for (size_t i = 0; i < w->n; i++) {
		const struct dns_dmarc_record *r = w->step[i].record;

		if (!r)
			continue;
		found = true;
		w->org = w->step[i].domain;
		if (r->psd == 'n')
			break;
		if (r->psd == 'y' && i > 0) {
			w->psd = i;
			w->org = last_labels(w->domain, dns_name_labels(w->step[i].domain) + 1);
			break;
		}
	}
	w->org_known = w->failed == w->n ||
		       (found && dns_name_labels(w->step[w->failed].domain) == 1 && dns_name_labels(w->org) == 2);
}

bool dns_dmarc_walk(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc_walk *out)
{
	const char *names[DNS_DMARC_STEPS], *at;
	const struct dns_answer *answers[DNS_DMARC_STEPS];
	size_t n = 0;
	bool ended = false;

	memset(out, 0, sizeof(*out));
	out->domain = at = dns_name_canonical(a, domain);
	while (n < DNS_DMARC_STEPS && !is_top(at)) {
		names[n++] = at;
		at = dns_name_labels(at) >= 8 ? last_labels(at, 7) : dns_name_parent(at);
	}
	/* Asked all at once, read in their order: what is above the end of the walk does not count, known or not. */
	for (size_t i = 0; i < n; i++)
		answers[i] = ask_at(ev, a, names[i]);
	out->failed = DNS_DMARC_STEPS;
	for (size_t i = 0; i < n && !ended; i++) {
		struct dns_dmarc_step *s = &out->step[i];

		if (!answers[i])
			return false;
		s->domain = names[i];
		s->answer = answers[i];
		out->n++;
		if (!told(s->answer)) {
			if (out->failed == DNS_DMARC_STEPS)
				out->failed = i;
			continue;
		}
		read_step(a, s);
		ended = s->record && s->record->psd != 'u';
	}
	if (out->failed > out->n)
		out->failed = out->n;
	find_org(out);
	return true;
}

/* ---- the policy */

static enum dns_dmarc_policy step_down(enum dns_dmarc_policy p)
{
	return p == DNS_DMARC_REJECT ? DNS_DMARC_QUARANTINE : DNS_DMARC_NONE;
}

static void unknown(struct dns_dmarc *d, struct mp_arena *a, size_t step)
{
	d->found = DNS_DMARC_UNKNOWN;
	d->failed = d->walk.step[step].answer;
	d->failed_name = mp_printf(a, "_dmarc.%s", d->walk.step[step].domain);
}

/* Which record applies: the step, or walk.n. */
static size_t choose(const struct dns_dmarc_walk *w)
{
	if (w->n && w->step[0].record)
		return 0;
	for (size_t i = 1; i < w->n; i++)
		if (w->step[i].record && strcmp(w->step[i].domain, w->org) == 0)
			return i;
	return w->psd;
}

static enum dns_dmarc_policy or_else(enum dns_dmarc_policy p, enum dns_dmarc_policy other)
{
	return p >= DNS_DMARC_NONE ? p : other;
}

/* False: pending. */
static bool apply(struct mp_evidence *ev, struct dns_dmarc *d, bool own)
{
	const struct dns_dmarc_record *r = d->record;
	enum dns_dmarc_policy p = or_else(r->p, DNS_DMARC_NONE), sub = or_else(r->sp, p);
	bool ask = !own && r->np >= DNS_DMARC_NONE && r->np != sub;
	const struct dns_answer *there = ask ? dns_ask(ev, d->walk.domain, DNS_A) : NULL;

	if (ask && !there)
		return false;
	d->exists = !there || there->outcome != DNS_NXDOMAIN;
	if (r->broken) {
		/* RFC 9989 4.10.1: p=none where reports are wanted, else no processing. */
		d->found = r->has_rua ? DNS_DMARC_FOUND : DNS_DMARC_BROKEN;
		d->taken_from = "p";
		d->published = d->policy = DNS_DMARC_NONE;
		return true;
	}
	if (there && !told(there)) {
		d->found = DNS_DMARC_UNKNOWN;
		d->failed = there;
		d->failed_name = d->walk.domain;
		return true;
	}
	d->taken_from = "p";
	d->published = p;
	if (!own && r->sp >= DNS_DMARC_NONE) {
		d->taken_from = "sp";
		d->published = sub;
	}
	if (!own && r->np >= DNS_DMARC_NONE && !d->exists) {
		d->taken_from = "np";
		d->published = r->np;
	}
	d->policy = r->test ? step_down(d->published) : d->published;
	d->found = DNS_DMARC_FOUND;
	return true;
}

bool dns_dmarc_discover(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc *out)
{
	struct dns_dmarc_walk *w = &out->walk;
	size_t at;

	memset(out, 0, sizeof(*out));
	out->exists = true;
	if (!dns_dmarc_walk(ev, a, domain, w))
		return false;
	at = choose(w);
	/* With a record of its own nothing above matters for the policy; else all that was walked does. */
	if (!w->org_known && at != 0) {
		unknown(out, a, w->failed);
		return true;
	}
	if (at == w->n)
		return true;
	out->record = w->step[at].record;
	out->record_domain = w->step[at].domain;
	return apply(ev, out, at == 0);
}

/* ---- alignment */

enum dns_dmarc_aligned dns_dmarc_align(struct mp_evidence *ev, struct mp_arena *a, const struct dns_dmarc *d,
	const char *identity, bool strict, const char **org_out)
{
	struct dns_dmarc_walk *w;

	if (!d->walk.domain || !identity)
		return DNS_DMARC_NOT_ALIGNED;
	if (dns_name_eq(d->walk.domain, identity))
		return DNS_DMARC_ALIGNED;
	if (strict)
		return DNS_DMARC_NOT_ALIGNED;
	w = mp_alloc(a, sizeof(*w));
	if (!dns_dmarc_walk(ev, a, identity, w))
		return DNS_DMARC_PENDING;
	if (!w->domain)
		return DNS_DMARC_NOT_ALIGNED;
	if (org_out)
		*org_out = w->org;
	/* The organizational domain of a name is the name or above it: often one of the two tells enough. */
	if ((d->walk.org_known && !dns_name_under(w->domain, d->walk.org)) ||
		(w->org_known && !dns_name_under(d->walk.domain, w->org)))
		return DNS_DMARC_NOT_ALIGNED;
	if (!w->org_known || !d->walk.org_known)
		return DNS_DMARC_CANNOT_TELL;
	return dns_name_eq(w->org, d->walk.org) ? DNS_DMARC_ALIGNED : DNS_DMARC_NOT_ALIGNED;
}

/* ---- reports to another domain */

enum dns_dmarc_external dns_dmarc_external(struct mp_evidence *ev, struct mp_arena *a, const char *record_domain,
	const char *target, const char **name_out, const struct dns_answer **answer_out)
{
	struct dns_dmarc_walk *own = mp_alloc(a, sizeof(*own)), *other = mp_alloc(a, sizeof(*other));
	const struct dns_answer *ans;
	bool walked;

	*name_out = NULL;
	*answer_out = NULL;
	if (dns_name_eq(record_domain, target))
		return DNS_DMARC_EXT_OWN;
	walked = dns_dmarc_walk(ev, a, record_domain, own);
	walked = dns_dmarc_walk(ev, a, target, other) && walked;
	*name_out = mp_printf(a, "%s._report._dmarc.%s", record_domain, target);
	*answer_out = ans = dns_ask(ev, *name_out, DNS_TXT);
	if (!walked || !ans)
		return DNS_DMARC_EXT_PENDING;
	if (own->org && other->org && dns_name_eq(own->org, other->org))
		return DNS_DMARC_EXT_OWN;
	if (!told(ans))
		return DNS_DMARC_EXT_UNKNOWN;
	for (size_t i = 0; i < ans->n_rr; i++)
		if (has_version(txt_of(&ans->rr[i])))
			return DNS_DMARC_EXT_ALLOWED;
	return DNS_DMARC_EXT_REFUSED;
}

/* ---- RFC 7489 6.6.3: the author domain, then the organizational domain by the public suffix list; several records end it */

bool dns_dmarc_7489(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc_7489 *out)
{
	const char *name = dns_name_canonical(a, domain),
		   *org = name ? dns_registrable_domain(name, DNS_PSL_ALL) : NULL;
	const struct dns_dmarc_record *r;
	struct dns_dmarc_step s[2] = {{.domain = name}, {.domain = org ? org : name}};
	size_t at = 0;

	memset(out, 0, sizeof(*out));
	out->org = s[1].domain;
	out->pct = 100;
	if (!name)
		return true;
	for (size_t i = 0; i < 2; i++)
		s[i].answer = ask_at(ev, a, s[i].domain);
	if (!s[0].answer || !s[1].answer)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (told(s[i].answer))
			read_step(a, &s[i]);
	if (told(s[0].answer) && !s[0].n_records)
		at = 1;
	if (!told(s[at].answer)) {
		out->found = DNS_DMARC_UNKNOWN;
		return true;
	}
	r = s[at].record;
	if (!r)
		return true;
	out->record_domain = s[at].domain;
	if (r->p < DNS_DMARC_NONE || r->sp == DNS_DMARC_INVALID) {
		out->found = r->has_rua ? DNS_DMARC_FOUND : DNS_DMARC_BROKEN;
		out->policy = DNS_DMARC_NONE;
		return true;
	}
	out->found = DNS_DMARC_FOUND;
	out->policy = dns_name_eq(s[at].domain, name) ? r->p : or_else(r->sp, r->p);
	out->pct = r->pct_number;
	return true;
}
