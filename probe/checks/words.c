/* probe/checks/words.c - names judged by their text, and sentences that several checks say: see probe/checks/checks.h */
#include "base/text.h"
#include "dns/generic.h"
#include "dns/psl.h"
#include "dns/reverse.h"
#include "probe/checks/checks.h"

/* ---- names */

/* Names that end so exist in no public zone. */
static const struct {
	const char *suffix, *why;
} private_suffixes[] = {
	{"local", "which multicast DNS has for itself"},
	{"localdomain", "which is a placeholder of installers"},
	{"localhost", "which is every host's own loopback"},
	{"lan", "which exists in local networks alone"},
	{"internal", "which exists inside private networks alone"},
	{"home", "which exists in local networks alone"},
	{"home.arpa", "which exists in home networks alone"},
	{"corp", "which exists inside private networks alone"},
	{"intranet", "which exists inside private networks alone"},
	{"private", "which exists inside private networks alone"},
	{"invalid", "which is reserved for names that do not exist"},
};

static bool all_digits(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isdigit(s.p[i]))
			return false;
	return s.n > 0;
}

static const char *private_suffix(struct mp_arena *a, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(private_suffixes); i++)
		if (dns_name_under(name, private_suffixes[i].suffix))
			return mp_printf(a, "ends in .%s, %s", private_suffixes[i].suffix, private_suffixes[i].why);
	return NULL;
}

/* What is wrong with one label, or NULL. */
static const char *label_fault(struct mp_arena *a, struct mp_str label)
{
	if (!label.n)
		return "has an empty label";
	for (size_t i = 0; i < label.n; i++) {
		unsigned char c = (unsigned char)label.p[i];

		if (c == '_')
			return "has an underscore, which host names may not have";
		if (c == '\\' || !mp_isprint(c))
			return "has bytes that host names may not have";
		if (!mp_isalnum(c) && c != '-')
			return mp_printf(a, "has the character '%c', which host names may not have", c);
	}
	if (label.n > 63)
		return "has a label of more than 63 bytes";
	if (label.p[0] == '-' || label.p[label.n - 1] == '-')
		return "has a label that begins or ends with a hyphen";
	return NULL;
}

struct mp_name_fault mp_name_fault(struct mp_arena *a, const char *name)
{
	struct mp_name_fault out = {NULL, false};
	struct mp_str rest = mp_str(name), label = {0};
	const char *private, *in_label = NULL;
	size_t labels = 0;
	struct mp_ip ip;

	if (!rest.n || strcmp(name, ".") == 0) {
		out.words = rest.n ? "is the root of the DNS" : "is empty";
		return out;
	}
	if (mp_ip_parse(rest, &ip)) {
		out.words = "is an address, not a name";
		return out;
	}
	if (rest.p[rest.n - 1] == '.')
		rest.n--;
	while (mp_str_split(&rest, '.', &label)) {
		labels++;
		if (!in_label)
			in_label = label_fault(a, label);
	}
	private = private_suffix(a, name);
	/* Looked up all the same: what is only no host name. An impossible name, and a private one, would be noise. */
	out.in_dns = labels > 1 && !private && !all_digits(label) && dns_name_canonical(a, name);
	if (mp_ieq(name, "localhost") || mp_ieq(name, "localhost.localdomain"))
		out.words = "is the loopback name of every host";
	else if (in_label)
		out.words = in_label;
	else if (labels == 1)
		out.words = "is one label, not a full host name";
	else if (strlen(name) > 253)
		out.words = "is longer than 253 bytes";
	else if (private)
		out.words = private;
	else if (all_digits(label))
		out.words = "ends in a label of digits alone";
	else if (name[strlen(name) - 1] == '.')
		out.words = "ends with a dot";
	return out;
}

void mp_ehlo_read(struct mp_arena *a, const char *ehlo, struct mp_ehlo *out)
{
	struct mp_str s = mp_str(ehlo);
	bool v6;

	memset(out, 0, sizeof(*out));
	if (!ehlo) {
		out->kind = MP_EHLO_NONE;
		return;
	}
	if (s.p[0] != '[') {
		out->kind = MP_EHLO_NAME;
		out->fault = mp_name_fault(a, ehlo);
		return;
	}
	out->kind = MP_EHLO_BAD_LITERAL;
	if (s.p[s.n - 1] != ']') {
		out->literal_fault = "has no closing bracket";
		return;
	}
	s = mp_strn(s.p + 1, s.n - 2);
	v6 = mp_str_istarts(s, "IPv6:");
	if (v6)
		s = mp_strn(s.p + 5, s.n - 5);
	if (!mp_ip_parse(s, &out->ip))
		out->literal_fault = "holds no IP address";
	else if (!v6 && memchr(s.p, ':', s.n))
		out->literal_fault = "lacks the tag of IPv6 addresses, [IPv6:...]";
	else if (v6 && !memchr(s.p, ':', s.n))
		out->literal_fault = "has the tag of IPv6 before an IPv4 address";
	else
		out->kind = MP_EHLO_LITERAL;
}

/* ---- typing errors */

enum { MAX_PARTS = 128 };

/* Labels of a name, or the words and numbers of a label. */
static size_t split_labels(struct mp_str s, struct mp_str out[static MAX_PARTS])
{
	size_t n = 0;
	struct mp_str part;

	while (n < MAX_PARTS && mp_str_split(&s, '.', &part))
		out[n++] = part;
	return n;
}

static size_t split_words(struct mp_str s, struct mp_str out[static MAX_PARTS])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < MAX_PARTS;) {
		size_t from = i;
		bool digits = mp_isdigit(s.p[i]);

		if (s.p[i] == '-') {
			i++;
			continue;
		}
		while (i < s.n && s.p[i] != '-' && mp_isdigit(s.p[i]) == digits)
			i++;
		out[n++] = mp_strn(s.p + from, i - from);
	}
	return n;
}

static char *without(struct mp_arena *a, const char *s, bool digits, const char *others)
{
	char *out = mp_dup(a, s);
	size_t n = 0;

	for (; *s; s++)
		if (!(digits && mp_isdigit(*s)) && !strchr(others, *s))
			out[n++] = *s;
	out[n] = '\0';
	return out;
}

/* Index of the one place where two lists of equal length differ; n when it is none or several. */
static size_t only_difference(const struct mp_str *x, const struct mp_str *y, size_t n)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(x[i], y[i]))
			continue;
		if (at != n)
			return n;
		at = i;
	}
	return at;
}

static bool typo_in_label(struct mp_str x, struct mp_str y, size_t letters)
{
	struct mp_str wx[MAX_PARTS], wy[MAX_PARTS];
	size_t nx = split_words(x, wx), ny = split_words(y, wy), longest, distance;

	if (nx == ny) {
		size_t at = only_difference(wx, wy, nx);

		if (at == nx)
			return false;
		x = wx[at];
		y = wy[at];
	}
	longest = x.n > y.n ? x.n : y.n;
	distance = mp_typo_distance(x, y);
	/* mta and mts, fra and fre: short words are abbreviations, each its own. */
	return (distance == 1 && longest >= 4) || (distance == 2 && longest >= 6 && letters > 12);
}

bool mp_likely_typo(struct mp_arena *a, const char *x, const char *y, const char *part[2])
{
	struct mp_str lx[MAX_PARTS], ly[MAX_PARTS];
	const char *suffix = dns_registrable_domain(x, DNS_PSL_REGISTRIES);
	size_t nx = split_labels(mp_str(x), lx), ny = split_labels(mp_str(y), ly), at, suffix_labels;

	if (part) {
		part[0] = x;
		part[1] = y;
	}
	if (dns_name_eq(x, y) || strcmp(without(a, x, true, ""), without(a, y, true, "")) == 0)
		return false;
	/* mailexample.com, mail-out and mailout: a dot or a hyphen lost */
	if (strcmp(without(a, x, false, ".-"), without(a, y, false, ".-")) == 0)
		return mp_typo_distance(mp_str(x), mp_str(y)) == 1;
	if (nx != ny || nx < 2)
		return false;
	at = only_difference(lx, ly, nx);
	if (at == nx)
		return false;
	if (part) {
		part[0] = mp_dupstr(a, lx[at]);
		part[1] = mp_dupstr(a, ly[at]);
	}
	suffix_labels = suffix ? dns_name_labels(suffix) - 1 : 1;
	if (at >= nx - suffix_labels)
		return true; /* mail.example.com and mail.example.net */
	return typo_in_label(lx[at], ly[at], strlen(without(a, x, true, ".-")));
}

/* ---- lists */

char *mp_list(struct mp_arena *a, const char *const *items, size_t n)
{
	enum { SHOWN = 3 };
	size_t shown = n > SHOWN + 1 ? SHOWN : n;
	struct mp_buf b = MP_BUF(8192);
	char *text;

	for (size_t i = 0; i < shown; i++)
		mp_buf_addf(&b, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", items[i]);
	if (n > shown)
		mp_buf_addf(&b, " and %zu more", n - shown);
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

const char *mp_name_words(struct mp_arena *a, const char *name)
{
	enum { SHOWN = 80 };
	size_t n = 0;

	while (mp_isalnum((unsigned char)name[n]) || (name[n] && strchr("-._", name[n])))
		n++;
	if (n > 1 && !name[n] && name[n - 1] != '.')
		return name;
	return mp_printf(a, "\"%.*s%s\"", SHOWN, name, strlen(name) > SHOWN ? "[...]" : "");
}

char *mp_name_list(struct mp_arena *a, const char *const *names, size_t n)
{
	size_t some = n < 8 ? n : 8; /* mp_list() shows fewer */
	const char **words = mp_allocn(a, n + 1, sizeof(*words));

	for (size_t i = 0; i < n; i++)
		words[i] = i < some ? mp_name_words(a, names[i]) : names[i];
	return mp_list(a, words, n);
}

static int by_address(const void *x, const void *y)
{
	return mp_ip_cmp(x, y);
}

/* Sorted, each once: servers rotate. */
static struct mp_ip *addresses_of(struct mp_arena *a, const struct dns_answer *answer, size_t *n)
{
	struct mp_ip *list = mp_allocn(a, answer->n_rr + 1, sizeof(*list));
	size_t kept = 0;

	for (size_t i = 0; i < answer->n_rr; i++)
		list[i] = answer->rr[i].ip;
	qsort(list, answer->n_rr, sizeof(*list), by_address);
	for (size_t i = 0; i < answer->n_rr; i++)
		if (!kept || !mp_ip_eq(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	*n = kept;
	return list;
}

char *mp_address_list(struct mp_arena *a, const struct dns_answer *answer)
{
	size_t n;
	struct mp_ip *list = addresses_of(a, answer, &n);
	const char **texts = mp_allocn(a, n + 1, sizeof(*texts));
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < n; i++)
		texts[i] = mp_dup(a, mp_ip_text(&list[i], text));
	return n ? mp_list(a, texts, n) : mp_dup(a, "no address");
}

enum { LONGEST_LIST = 64 };

json_t *mp_json_list(const char *const *items, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n && i < LONGEST_LIST; i++)
		mp_jpush(j, mp_j(items[i]));
	return j;
}

json_t *mp_json_addresses(const struct dns_answer *answer)
{
	struct mp_arena *a = mp_arena_new();
	size_t n;
	struct mp_ip *list = addresses_of(a, answer, &n);
	json_t *j = json_array();
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < n && i < LONGEST_LIST; i++)
		mp_jpush(j, mp_j(mp_ip_text(&list[i], text)));
	mp_arena_free(a);
	return j;
}

/* ---- the name that a host should have */

/* Not the domain that was only read off the EHLO name: that may be a provider's. */
static bool is_own(struct mp_judge *j, const char *name)
{
	const char *origin = j->c->mail_from_origin, *of_name = dns_registrable_domain(name, DNS_PSL_REGISTRIES);
	const char *own = j->c->domain ? dns_registrable_domain(j->c->domain, DNS_PSL_REGISTRIES) : NULL;

	return own && of_name && dns_name_eq(own, of_name) &&
	       !(origin && strncmp(origin, MP_FROM_EHLO, strlen(MP_FROM_EHLO)) == 0);
}

bool mp_name_generated(struct mp_judge *j, const char *name, const struct mp_ip *ip, struct dns_generic *out)
{
	return dns_generic_name(j->a, name, ip, out) && !(out->owners && is_own(j, name));
}

bool mp_name_is_bare(const char *name)
{
	const char *domain = dns_registrable_domain(name, DNS_PSL_REGISTRIES);

	return !domain || dns_name_eq(domain, name);
}

bool mp_name_will_do(struct mp_judge *j, const char *name, const struct mp_ip *ip)
{
	struct dns_generic g;

	return name && name[0] != '[' && !mp_name_fault(j->a, name).words && !mp_name_is_bare(name) &&
	       !(ip && mp_name_generated(j, name, ip, &g));
}

static const struct dns_answer *forward_of(struct mp_judge *j, const char *name, const struct mp_ip *ip)
{
	return mp_dns(j, name, ip->family == MP_IPV4 ? DNS_A : DNS_AAAA);
}

enum mp_leads mp_name_leads(struct mp_judge *j, const char *name, const struct mp_ip *ip)
{
	const struct dns_answer *answer = forward_of(j, name, ip);

	if (!answer)
		return MP_LEADS_PENDING;
	if (!dns_known(answer->outcome))
		return MP_LEADS_UNKNOWN;
	if (answer->outcome != DNS_ANSWERED)
		return MP_LEADS_NOWHERE;
	return dns_answer_has(answer, ip) ? MP_LEADS_HERE : MP_LEADS_ELSEWHERE;
}

/* In the sender's domain: a host of it that leads to the address, or else a name that nobody has. False: pending. */
static bool name_of_domain(struct mp_judge *j, const struct mp_ip *ip, struct mp_wanted *out)
{
	static const char *const hosts[] = {"mail", "mail2", "mail3", "mail4"};
	bool pending = false;

	if (!j->c->domain || mp_name_fault(j->a, j->c->domain).words)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const char *name = mp_printf(j->a, "%s.%s", hosts[i], j->c->domain);
		enum mp_leads leads;

		if (!mp_name_will_do(j, name, ip))
			continue;
		leads = mp_name_leads(j, name, ip);
		pending = pending || leads == MP_LEADS_PENDING;
		if (leads != MP_LEADS_HERE &&
			(out->name || leads != MP_LEADS_NOWHERE || forward_of(j, name, ip)->outcome != DNS_NXDOMAIN))
			continue;
		*out = (struct mp_wanted){.name = name, .leads = leads == MP_LEADS_HERE};
		if (out->leads)
			break;
	}
	return !pending;
}

bool mp_name_wanted(struct mp_judge *j, const struct mp_ip *ip, struct mp_wanted *out)
{
	const char *const own[] = {j->c->ehlo, j->c->fqdn, j->c->hostname};
	bool pending = false;

	*out = (struct mp_wanted){0};
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		enum mp_leads leads;

		if (!mp_name_will_do(j, own[i], ip))
			continue;
		leads = mp_name_leads(j, own[i], ip);
		pending = pending || leads == MP_LEADS_PENDING;
		if (leads != MP_LEADS_HERE && (out->name || leads == MP_LEADS_ELSEWHERE))
			continue;
		*out = (struct mp_wanted){
			.name = own[i], .leads = leads == MP_LEADS_HERE, .announced = mp_ieq(own[i], j->c->ehlo)};
		if (out->leads)
			return !pending;
	}
	if (pending || out->name)
		return !pending;
	return name_of_domain(j, ip, out);
}

bool mp_ptr_of_source(struct mp_judge *j, size_t i, struct mp_seen *seen, const struct dns_answer **out)
{
	char text[MP_IP_REVERSE];

	*out = NULL;
	if (!mp_seen_as(j, i, seen))
		return false;
	if (seen->known)
		*out = mp_dns(j, mp_ip_reverse(&seen->ip, text), DNS_PTR);
	return !seen->known || *out;
}

bool mp_name_proven(struct mp_judge *j, const char **out)
{
	bool pending = false;

	*out = NULL;
	for (size_t i = 0; i < j->c->n_sources; i++) {
		const struct dns_answer *ptr;
		struct mp_seen seen;

		pending = !mp_ptr_of_source(j, i, &seen, &ptr) || pending;
		for (size_t k = 0; ptr && k < ptr->n_rr && k < DNS_REVERSE_FORWARDS && !*out; k++) {
			enum mp_leads leads;

			if (!mp_name_will_do(j, ptr->rr[k].name, &seen.ip))
				continue;
			leads = mp_name_leads(j, ptr->rr[k].name, &seen.ip);
			pending = pending || leads == MP_LEADS_PENDING;
			if (leads == MP_LEADS_HERE)
				*out = ptr->rr[k].name;
		}
	}
	return !pending;
}

bool mp_name_to_announce(struct mp_judge *j, const char **out)
{
	struct mp_wanted wanted = {0};
	struct mp_seen seen;

	if (!mp_name_proven(j, out))
		return false;
	if (*out)
		return true;
	for (size_t i = 0; i < j->c->n_sources && !wanted.name; i++) {
		if (!mp_seen_as(j, i, &seen))
			return false;
		if (seen.known && !mp_name_wanted(j, &seen.ip, &wanted))
			return false;
	}
	*out = wanted.name ? wanted.name
	       : mp_name_will_do(j, j->c->fqdn, NULL)
		       ? j->c->fqdn
		       : "a full host name of your own that leads to the sending address";
	return true;
}

/* ---- what to do */

char *mp_step_announce(struct mp_judge *j, const char *name)
{
	const char *mta = j->c->mta;

	if (!mta || mp_ieq(j->c->ehlo_origin, "--ehlo"))
		return mp_printf(j->a,
			"Have the mail server announce %s (Postfix: smtp_helo_name or myhostname; Exim: primary_hostname; "
			"OpenSMTPD: helo; sendmail: confDOMAIN_NAME).",
			name);
	if (strcmp(mta, "postfix") == 0)
		return mp_printf(j->a,
			"In Postfix's main.cf set smtp_helo_name (or myhostname) to %s, then reload Postfix.", name);
	if (strcmp(mta, "exim") == 0)
		return mp_printf(j->a, "In Exim's configuration set primary_hostname to %s, then restart Exim.", name);
	if (strcmp(mta, "opensmtpd") == 0)
		return mp_printf(j->a,
			"In OpenSMTPD's smtpd.conf give the relay action the option helo with %s, then restart smtpd.",
			name);
	return mp_printf(j->a,
		"In sendmail.mc define confDOMAIN_NAME as %s, build sendmail.cf from it, then restart sendmail.", name);
}

char *mp_step_ptr(struct mp_judge *j, const struct mp_ip *ip, const char *name)
{
	char text[MP_IP_TEXT], reverse[MP_IP_REVERSE];

	return mp_printf(j->a,
		"Ask the holder of %s (the hosting or access provider; often a field in its control panel, never the DNS of "
		"your own domain) to set its PTR record, %s, to %s.",
		mp_ip_text(ip, text), mp_ip_reverse(ip, reverse), name);
}

char *mp_step_forward(struct mp_judge *j, const struct mp_ip *ip, const char *name)
{
	const char *domain = dns_registrable_domain(name, DNS_PSL_REGISTRIES);
	char text[MP_IP_TEXT];

	return mp_printf(j->a,
		"In the zone %s (at your DNS provider, or on your own name servers), give %s the %s record %s.",
		domain ? domain : name, name, ip->family == MP_IPV4 ? "A" : "AAAA", mp_ip_text(ip, text));
}

char *mp_step_or(struct mp_judge *j, const char *condition, const char *step)
{
	return mp_printf(j->a, "Or, %s: %c%s", condition, mp_tolower(step[0]), step + 1);
}
