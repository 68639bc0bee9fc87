/* probe/redact.c - see probe/redact.h */
#include "probe/redact.h"
#include "base/ip.h"
#include "base/text.h"
#include "dns/dns.h"
#include "dns/generic.h"
#include "dns/psl.h"
#include "dns/rdap.h"
#include "probe/compose.h"
#include "probe/fetch.h"
#include "probe/filters.h"
#include "probe/mailbox.h"
#include "probe/names.h"
#include "probe/receivers.h"

enum { MAX_OWN = 512, MAX_LABELS = 130, MAX_TEXT = 16 * 1024 * 1024 };

/*
 * 1. Names of ours are collected: from the case, then the PTR names of our addresses; their registrable domains are own.
 * 2. Addresses: from the case and the sessions, then those of own names, and what own SPF records list.
 * 3. Each text of the evidence is taken apart into addresses, mail addresses and names, and put together again.
 */

struct own_ip {
	struct mp_ip is, becomes;
};

struct own_domain {
	const char *is, *becomes; /* registrable domains */
	const char *label, *new_label;
	const char *dashed, *new_dashed; /* with hyphens for dots: how hosters' names hold it */
};

struct redactor {
	struct mp_arena *a;
	const char *all; /* the evidence as text: what is made up must not be there */
	struct own_ip ips[MAX_OWN];
	size_t n_ips;
	struct own_domain domains[64];
	size_t n_domains;
	json_t *labels, *locals, *numbers, *mailboxes; /* what each became */
	json_t *generated;                             /* names of ours that a provider made */
	size_t context;                                /* the address whose reverse zones are meant; MAX_OWN: any */
	bool words;                                    /* in free text: a local part alone counts */
};

/* ---- making up */

static bool taken(const struct redactor *r, const char *text)
{
	return mp_str_ifind(mp_str(r->all), text) >= 0;
}

static struct own_ip *find_ip(struct redactor *r, const struct mp_ip *ip)
{
	for (size_t i = 0; i < r->n_ips; i++)
		if (mp_ip_eq(&r->ips[i].is, ip))
			return &r->ips[i];
	return NULL;
}

/* What the network of 24 bits becomes: that of an earlier neighbour, else a free one. */
static void new_net4(const struct redactor *r, const struct mp_ip *ip, struct mp_ip *out)
{
	static const uint8_t nets[][3] = {{192, 0, 2}, {198, 51, 100}, {203, 0, 113}};
	bool private = mp_ip_kind(ip) == MP_IP_PRIVATE;

	*out = *ip;
	for (size_t i = 0; i < r->n_ips; i++)
		if (r->ips[i].is.family == MP_IPV4 && memcmp(r->ips[i].is.b, ip->b, 3) == 0) {
			memcpy(out->b, r->ips[i].becomes.b, 3);
			return;
		}
	for (unsigned k = 0; k < 512; k++) {
		char text[24];
		bool used = false;

		if (private) {
			out->b[0] = 10;
			out->b[1] = (uint8_t)(k >> 8);
			out->b[2] = (uint8_t)k;
		} else if (k < ARRAY_LEN(nets)) {
			memcpy(out->b, nets[k], 3);
		} else {
			out->b[0] = 198;
			out->b[1] = (uint8_t)(18 + ((k - ARRAY_LEN(nets)) >> 8));
			out->b[2] = (uint8_t)(k - ARRAY_LEN(nets));
		}
		snprintf(text, sizeof(text), "%u.%u.%u.", out->b[0], out->b[1], out->b[2]);
		for (size_t i = 0; i < r->n_ips; i++)
			used = used || memcmp(r->ips[i].becomes.b, out->b, 3) == 0;
		if (!used && !taken(r, text))
			return;
	}
}

/*
 * How many different values of 16 bits at `at` (in bytes) were met before `ip`'s among the addresses that begin as it
 * does; the number of one that was met already.
 */
static unsigned rank6(const struct redactor *r, const struct mp_ip *ip, size_t at, size_t n)
{
	unsigned next = 0;

	for (size_t i = 0; i < r->n_ips; i++) {
		const struct mp_ip *o = &r->ips[i].is;
		bool first = true;

		if (o->family != MP_IPV6 || memcmp(o->b, ip->b, at) != 0)
			continue;
		if (memcmp(o->b + at, ip->b + at, n) == 0)
			break;
		for (size_t k = 0; k < i; k++)
			first = first && !(r->ips[k].is.family == MP_IPV6 && memcmp(r->ips[k].is.b, o->b, at + n) == 0);
		next += first;
	}
	return next;
}

static void put16(struct mp_ip *ip, size_t at, unsigned v)
{
	ip->b[at] = (uint8_t)(v >> 8);
	ip->b[at + 1] = (uint8_t)v;
}

static void new_ip6(const struct redactor *r, const struct mp_ip *ip, struct mp_ip *out)
{
	unsigned block = rank6(r, ip, 0, 4), start = 1;
	bool private = mp_ip_kind(ip) == MP_IP_PRIVATE;

	memset(out, 0, sizeof(*out));
	out->family = MP_IPV6;
	put16(out, 0, private ? 0xfd00 : block == 0 ? 0x2001 : 0x3fff);
	put16(out, 2, private ? block : block == 0 ? 0x0db8 : block - 1);
	while (start < 0xff && taken(r, mp_printf(r->a, "2001:db8:%x:", start)))
		start++;
	put16(out, 4, start + rank6(r, ip, 4, 2));
	put16(out, 6, rank6(r, ip, 6, 2));
	put16(out, 14, 1 + rank6(r, ip, 8, 8));
}

/* NULL: one that says nothing of anybody, and stays. */
static struct own_ip *add_ip(struct redactor *r, const struct mp_ip *ip)
{
	enum mp_ip_kind kind = ip->family == MP_IPNONE ? MP_IP_OTHER : mp_ip_kind(ip);
	struct own_ip *found = find_ip(r, ip), made = {.is = *ip};

	if (found || (kind != MP_IP_GLOBAL && kind != MP_IP_PRIVATE) || r->n_ips == MAX_OWN)
		return found;
	if (ip->family == MP_IPV4)
		new_net4(r, ip, &made.becomes);
	else
		new_ip6(r, ip, &made.becomes);
	r->ips[r->n_ips] = made;
	return &r->ips[r->n_ips++];
}

static void add_ip_text(struct redactor *r, const char *text)
{
	struct mp_ip ip;

	if (text && mp_ip_parse(mp_str(text), &ip))
		add_ip(r, &ip);
}

/* A word with two neighbours swapped, at the n-th place where that makes another word. NULL: there is none. */
static const char *misspelt(struct mp_arena *a, const char *word, size_t n)
{
	char *out = mp_dup(a, word);

	for (size_t i = strlen(out) / 2; out[i] && out[i + 1]; i++) {
		char c = out[i];

		if (c == out[i + 1] || mp_isdigit(c) || mp_isdigit(out[i + 1]) || n-- > 0)
			continue;
		out[i] = out[i + 1];
		out[i + 1] = c;
		return out;
	}
	return NULL;
}

/* A typing error, as the judges see it (mp_likely_typo()). */
static bool near(const char *x, const char *y)
{
	size_t d = mp_typo_distance(mp_str(x), mp_str(y)), nx = strlen(x), ny = strlen(y), n = nx > ny ? nx : ny;

	return (d == 1 && n >= 4) || (d == 2 && n >= 6);
}

static const char *joined(struct mp_arena *a, const char *label, const char *suffix)
{
	return *suffix ? mp_printf(a, "%s.%s", label, suffix) : label;
}

static const char *dashed(struct mp_arena *a, const char *name)
{
	char *out = mp_dup(a, name);

	for (char *p = out; *p; p++)
		if (*p == '.')
			*p = '-';
	return out;
}

static bool label_used(const struct redactor *r, const char *label)
{
	for (size_t i = 0; i < r->n_domains; i++)
		if (mp_ieq(r->domains[i].new_label, label))
			return true;
	return false;
}

static const char *new_domain_label(struct redactor *r, const char *label, const char *suffix)
{
	const char *made;

	for (size_t i = 0; i < r->n_domains; i++)
		if (mp_ieq(r->domains[i].label, label))
			return r->domains[i].new_label;
	for (size_t i = 0; i < r->n_domains; i++)
		for (size_t k = 0;
			near(r->domains[i].label, label) && (made = misspelt(r->a, r->domains[i].new_label, k)); k++)
			if (!label_used(r, made) && !taken(r, joined(r->a, made, suffix)))
				return made;
	for (unsigned k = 1;; k++) {
		made = k == 1 ? "example" : mp_printf(r->a, "example%u", k);
		if (!label_used(r, made) && !taken(r, joined(r->a, made, suffix)))
			return made;
	}
}

static void add_domain(struct redactor *r, const char *name)
{
	const char *registrable = dns_registrable_domain(name, DNS_PSL_REGISTRIES), *suffix;
	struct own_domain d = {0};
	char *lower;

	if (!registrable)
		return;
	lower = mp_dup(r->a, registrable);
	for (char *p = lower; *p; p++)
		*p = mp_tolower(*p);
	if (*lower && lower[strlen(lower) - 1] == '.')
		lower[strlen(lower) - 1] = '\0';
	for (size_t i = 0; i < r->n_domains; i++)
		if (strcmp(r->domains[i].is, lower) == 0)
			return;
	if (r->n_domains == ARRAY_LEN(r->domains) || mp_receiver_of(lower, NULL))
		return; /* a mailbox at a provider: the provider is not the sender's */
	suffix = strchr(lower, '.');
	d.is = lower;
	d.label = suffix ? mp_dupn(r->a, lower, (size_t)(suffix - lower)) : lower;
	suffix = suffix ? suffix + 1 : "";
	d.new_label = new_domain_label(r, d.label, suffix);
	d.becomes = joined(r->a, d.new_label, suffix);
	d.dashed = dashed(r->a, d.is);
	d.new_dashed = dashed(r->a, d.becomes);
	r->domains[r->n_domains++] = d;
}

/* What a provider's script made of the address: its domain is not the sender's. */
static bool provider_made(struct redactor *r, const char *name)
{
	static const char *const patterns[] = {"address", "address-part", "placeholder", "provider", "access"};
	struct dns_generic g;

	for (size_t i = 0; i < r->n_ips; i++) {
		if (!dns_generic_name(r->a, name, &r->ips[i].is, &g))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(patterns); k++)
			if (strcmp(g.pattern, patterns[k]) == 0)
				return true;
	}
	return false;
}

static void add_local(struct redactor *r, const char *local);

/* A host name, domain, address, address literal or mail address of ours. */
static void add_name(struct redactor *r, const char *name)
{
	const char *at = name ? strrchr(name, '@') : NULL;
	struct mp_ip ip;

	if (at && at != name)
		add_local(r, mp_dupn(r->a, name, (size_t)(at - name)));
	if (at)
		name = at + 1;
	if (!name || !*name)
		return;
	if (*name == '[') {
		struct mp_str s = mp_strn(name + 1, strcspn(name + 1, "]"));

		add_ip_text(r, mp_dupstr(r->a, mp_str_istarts(s, "IPv6:") ? mp_strn(s.p + 5, s.n - 5) : s));
	} else if (mp_ip_parse(mp_str(name), &ip)) {
		add_ip(r, &ip);
	} else if (provider_made(r, name)) {
		mp_jset_bool(
			r->generated, dns_name_canonical(r->a, name) ? dns_name_canonical(r->a, name) : name, true);
	} else {
		add_domain(r, name);
	}
}

/* ---- labels and local parts */

/* Words that name what a host or mailbox is for, and nobody. */
static const char *const common_labels[] = {"a", "antispam", "api", "app", "b", "backup", "box", "bounce", "bounces",
	"cloud", "cluster", "cpanel", "db", "default", "dev", "dkim", "dmarc", "edge", "email", "ex", "exch",
	"exchange", "filter", "ftp", "gate", "gateway", "gw", "host", "imap", "in", "inbound", "instance", "int",
	"internal", "ip", "lb", "list", "lists", "localhost", "m", "mail", "mailer", "mailgate", "mailhost", "mailout",
	"mailrelay", "mails", "mailserver", "mg", "mta", "mta-sts", "mx", "nas", "net", "news", "newsletter", "node",
	"ns", "old", "out", "outbound", "outgoing", "plesk", "pop", "postfix", "prod", "proxy", "relay", "root", "send",
	"sender", "server", "shop", "smarthost", "smtp", "smtpout", "spf", "srv", "stage", "static", "test", "vm",
	"vps", "web", "webmail", "www", "xn"};
static const char *const roles[] = {"abuse", "admin", "bounce", "bounces", "devnull", "dmarc", "hostmaster", "info",
	"mail", "mailer-daemon", "mailbox", "news", "newsletter", "no-reply", "noc", "noreply", "nobody", "postmaster",
	"root", "security", "support", "test", "user", "webmaster", "www-data"};

/* Where a local part is one of these it is not replaced in a sentence: there it is a word. */
static const char *const sentence_words[] = {"access", "account", "address", "authentication", "client", "command",
	"connection", "contact", "data", "delivery", "domain", "error", "from", "helo", "help", "host", "local",
	"message", "name", "policy", "queue", "recipient", "relay", "reply", "reverse", "sender", "service", "session",
	"system", "time", "unknown", "you", "your"};

static bool one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mp_ieq(word, words[i]))
			return true;
	return false;
}

static bool common(struct redactor *r, const char *label)
{
	size_t n = strlen(label);
	const char *base;

	while (n && (mp_isdigit(label[n - 1]) || label[n - 1] == '-'))
		n--;
	base = mp_dupn(r->a, label, n);
	if (!n || one_of(base, common_labels, ARRAY_LEN(common_labels)))
		return true;
	for (size_t i = 0; n >= 4 && i < ARRAY_LEN(common_labels); i++)
		if (strlen(common_labels[i]) >= 4 && mp_typo_distance(mp_str(base), mp_str(common_labels[i])) == 1)
			return true;
	return false;
}

/* What a number of three digits or more becomes: another of that length. */
static const char *new_number(struct redactor *r, struct mp_str digits)
{
	const char *key = mp_dupstr(r->a, digits), *known = mp_jget_str(r->numbers, key, NULL);
	unsigned long first = 1;
	size_t at = json_object_size(r->numbers);

	if (known)
		return known;
	for (size_t i = 1; i < digits.n && i < 9; i++)
		first *= 10;
	mp_jset_str(r->numbers, key, mp_printf(r->a, "%0*lu", (int)digits.n, first + 1 + at));
	return mp_jget_str(r->numbers, key, NULL);
}

static const char *renumbered(struct redactor *r, const char *label)
{
	struct mp_buf out = MP_BUF(1024);
	const char *made;

	for (const char *p = label; *p;) {
		size_t n = strspn(p, "0123456789");

		if (n >= 3)
			mp_buf_adds(&out, new_number(r, mp_strn(p, n)));
		else
			mp_buf_add(&out, p, n ? n : 1);
		p += n ? n : 1;
	}
	made = mp_dup(r->a, mp_buf_cstr(&out));
	mp_buf_release(&out);
	return made;
}

/* What somebody's program or system calls a machine: it says nothing of whose it is, but for its number. */
static bool machine_name(struct redactor *r, const char *label)
{
	struct mp_ip ip = {.family = MP_IPV4, .b = {192, 0, 2, 1}};
	struct dns_generic g;

	return dns_generic_name(r->a, mp_printf(r->a, "%s.example.com", label), &ip, &g);
}

static const char *new_label(struct redactor *r, const char *label)
{
	const char *known = mp_jget_str(r->labels, label, NULL), *made = NULL, *key;
	json_t *value;

	if (mp_jget_str(r->locals, label, NULL))
		return mp_jget_str(r->locals, label, NULL); /* an SPF macro can make a label of a local part */
	if (known)
		return known;
	if (*label == '_' || strcmp(label, "*") == 0 || common(r, label) || machine_name(r, label)) {
		made = renumbered(r, label);
	} else {
		json_object_foreach(r->labels, key,
			value) for (size_t k = 0;
				    !made && near(key, label) && strcmp(key, json_string_value(value)) != 0;
				    k++) if (!(made = misspelt(r->a, json_string_value(value), k))) break;
		for (unsigned k = 1; !made; k++) {
			made = mp_printf(r->a, "host%u", k);
			json_object_foreach(r->labels, key, value) if (strcmp(json_string_value(value), made) == 0)
			{
				made = NULL;
				break;
			}
		}
	}
	mp_jset_str(r->labels, label, made);
	return mp_jget_str(r->labels, label, made);
}

static void add_local(struct redactor *r, const char *local)
{
	char *lower = mp_dup(r->a, local);

	for (char *p = lower; *p; p++)
		*p = mp_tolower(*p);
	if (!*lower || one_of(lower, roles, ARRAY_LEN(roles)) || mp_jget_str(r->locals, lower, NULL))
		return;
	mp_jset_str(r->locals, lower, mp_printf(r->a, "user%zu", json_object_size(r->locals) + 1));
}

static const char *new_local(struct redactor *r, struct mp_str local)
{
	char *lower = mp_dupstr(r->a, local);

	for (char *p = lower; *p; p++)
		*p = mp_tolower(*p);
	return mp_jget_str(r->locals, lower, NULL);
}

/* ---- names that spell an address */

struct spelling {
	const char *is, *becomes;
};

/* All the ways in which an address is commonly spelled in a name, with what takes their place. */
static size_t spellings4(struct redactor *r, const struct own_ip *o, struct spelling *out)
{
	static const char seps[] = "-_.x";
	size_t n = 0;

	for (int reverse = 0; reverse < 2; reverse++)
		for (int form = 0; form < 2 * 4 + 2; form++) {
			const char *text[2];

			for (int new = 0; new < 2; new ++) {
				const uint8_t *b = new ? o->becomes.b : o->is.b;
				unsigned w[4];
				char s = form < 8 ? seps[form / 2] : 0;

				for (int i = 0; i < 4; i++)
					w[i] = b[reverse ? 3 - i : i];
				if (form == 8)
					text[new] = mp_printf(r->a, "%03u%03u%03u%03u", w[0], w[1], w[2], w[3]);
				else if (form == 9)
					text[new] = mp_printf(r->a, "%02x%02x%02x%02x", w[0], w[1], w[2], w[3]);
				else if (form % 2)
					text[new] = mp_printf(
						r->a, "%03u%c%03u%c%03u%c%03u", w[0], s, w[1], s, w[2], s, w[3]);
				else
					text[new] = mp_printf(r->a, "%u%c%u%c%u%c%u", w[0], s, w[1], s, w[2], s, w[3]);
			}
			out[n++] = (struct spelling){text[0], text[1]};
		}
	return n;
}

static size_t spellings6(struct redactor *r, const struct own_ip *o, struct spelling *out)
{
	char text[2][MP_IP_TEXT];
	const char *full[2], *run[2];

	for (int new = 0; new < 2; new ++) {
		const uint8_t *b = new ? o->becomes.b : o->is.b;

		mp_ip_text(new ? &o->becomes : &o->is, text[new]);
		full[new] = mp_printf(r->a, "%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x",
			b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
			b[15]);
		run[new] = mp_printf(r->a, "%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x", b[0],
			b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
		for (char *p = text[new]; *p; p++)
			*p = *p == ':' ? '-' : *p;
	}
	out[0] = (struct spelling){full[0], full[1]};
	out[1] = (struct spelling){run[0], run[1]};
	out[2] = (struct spelling){mp_dup(r->a, text[0]), mp_dup(r->a, text[1])};
	return 3;
}

/* Replace `is` where nothing that `joins` stands right before or behind it. */
static const char *replaced(
	struct mp_arena *a, const char *text, const char *is, const char *becomes, bool (*joins)(int c))
{
	struct mp_str rest = mp_str(text);
	struct mp_buf out = MP_BUF(MAX_TEXT);
	size_t n = strlen(is);
	ptrdiff_t at;
	const char *made;
	bool any = false;

	while (rest.p && (at = mp_str_ifind(rest, is)) >= 0) {
		bool part = (rest.p + at > text && joins((unsigned char)rest.p[at - 1])) ||
			    joins((unsigned char)rest.p[(size_t)at + n]);

		mp_buf_add(&out, rest.p, (size_t)at);
		if (part) {
			mp_buf_add(&out, rest.p + at, 1);
			rest = mp_strn(rest.p + at + 1, rest.n - (size_t)at - 1);
			continue;
		}
		any = true;
		mp_buf_adds(&out, becomes);
		rest = mp_strn(rest.p + (size_t)at + n, rest.n - (size_t)at - n);
	}
	mp_buf_addstr(&out, rest);
	made = any ? mp_dup(a, mp_buf_cstr(&out)) : text;
	mp_buf_release(&out);
	return made;
}

static const char *without_spelling(struct redactor *r, const char *text)
{
	struct spelling list[24];

	if (!strpbrk(text, "0123456789"))
		return text;
	for (size_t i = 0; i < r->n_ips; i++) {
		size_t n = r->ips[i].is.family == MP_IPV4 ? spellings4(r, &r->ips[i], list)
							  : spellings6(r, &r->ips[i], list);

		for (size_t k = 0; k < n; k++) {
			const char *made = replaced(r->a, text, list[k].is, list[k].becomes, mp_isxdigit);

			if (made != text)
				return made;
		}
	}
	return text;
}

/* A generated name of ours whose address is spelled in part only: its octets one by one, other long numbers anew. */
static const char *without_parts(struct redactor *r, const char *label)
{
	struct mp_buf out = MP_BUF(1024);
	const char *made;

	for (const char *p = label; *p;) {
		size_t n = strspn(p, "0123456789");
		uint64_t v;
		const char *octet = NULL;

		if (n && mp_str_u64(mp_strn(p, n), 255, &v))
			for (size_t i = 0; i < r->n_ips && !octet; i++)
				for (int k = 0; k < 4 && r->ips[i].is.family == MP_IPV4 && !octet; k++)
					if (r->ips[i].is.b[k] == v)
						octet = mp_printf(r->a, "%0*u", (int)n, r->ips[i].becomes.b[k]);
		if (octet)
			mp_buf_adds(&out, octet);
		else if (n >= 3)
			mp_buf_adds(&out, new_number(r, mp_strn(p, n)));
		else
			mp_buf_add(&out, p, n ? n : 1);
		p += n ? n : 1;
	}
	made = mp_dup(r->a, mp_buf_cstr(&out));
	mp_buf_release(&out);
	return made;
}

/* ---- a name, label by label */

struct name {
	const char *is[MAX_LABELS], *becomes[MAX_LABELS];
	size_t n;
};

static bool octet(const char *label, uint8_t *out)
{
	uint64_t v;

	if (!mp_str_u64(mp_str(label), 255, &v) || (label[0] == '0' && label[1]))
		return false;
	*out = (uint8_t)v;
	return true;
}

/* Private addresses are own wherever they are met. */
static struct own_ip *own(struct redactor *r, const struct mp_ip *ip)
{
	struct own_ip *o = find_ip(r, ip);

	return o || mp_ip_kind(ip) != MP_IP_PRIVATE ? o : add_ip(r, ip);
}

/* Four octets from label i on, in either direction. */
static bool in_octets(struct redactor *r, struct name *v, size_t i)
{
	uint8_t b[4];

	if (i + 4 > v->n)
		return false;
	for (size_t k = 0; k < 4; k++)
		if (v->becomes[i + k] || !octet(v->is[i + k], &b[k]))
			return false;
	for (int reverse = 1; reverse >= 0; reverse--) {
		struct mp_ip ip = {.family = MP_IPV4};
		struct own_ip *o;

		for (size_t k = 0; k < 4; k++)
			ip.b[reverse ? 3 - k : k] = b[k];
		o = own(r, &ip);
		if (!o)
			continue;
		for (size_t k = 0; k < 4; k++)
			v->becomes[i + k] = mp_printf(r->a, "%u", o->becomes.b[reverse ? 3 - k : k]);
		return true;
	}
	return false;
}

static unsigned nibble(const struct mp_ip *ip, size_t k)
{
	return k % 2 ? ip->b[k / 2] & 15u : ip->b[k / 2] >> 4;
}

/* 32 nibbles from label i on, in either direction. */
static bool in_nibbles(struct redactor *r, struct name *v, size_t i)
{
	if (i + 32 > v->n)
		return false;
	for (int reverse = 1; reverse >= 0; reverse--) {
		struct mp_ip ip = {.family = MP_IPV6};
		struct own_ip *o;

		for (size_t k = 0; k < 32; k++) {
			size_t at = reverse ? 31 - k : k;
			int x = v->is[i + k][0] && !v->is[i + k][1] ? mp_hexval(v->is[i + k][0]) : -1;

			if (x < 0 || v->becomes[i + k])
				return false;
			ip.b[at / 2] = (uint8_t)(ip.b[at / 2] | (at % 2 ? x : x << 4));
		}
		o = own(r, &ip);
		if (!o)
			continue;
		for (size_t k = 0; k < 32; k++)
			v->becomes[i + k] = mp_printf(r->a, "%x", nibble(&o->becomes, reverse ? 31 - k : k));
		return true;
	}
	return false;
}

/* How many of a reverse name's labels say how an address begins: those right before in-addr.arpa or ip6.arpa. */
static size_t begins_alike(const struct name *v, size_t arpa, const struct mp_ip *ip)
{
	size_t n = 0, most = ip->family == MP_IPV4 ? 4 : 32;
	char text[8];

	for (; n < most && n < arpa; n++) {
		snprintf(text, sizeof(text), ip->family == MP_IPV4 ? "%u" : "%x",
			ip->family == MP_IPV4 ? ip->b[n] : nibble(ip, n));
		if (!mp_ieq(v->is[arpa - 1 - n], text))
			break;
	}
	return n;
}

/*
 * A reverse zone of ours: in-addr.arpa and the first octets of an address, or ip6.arpa and nibbles. The address that the
 * question is about goes first, for two addresses may have the same zone above them and go to different ones.
 */
static void in_reverse_zone(struct redactor *r, struct name *v)
{
	const struct own_ip *best = NULL;
	size_t arpa, longest = 0;
	bool v4;

	if (v->n < 3 || !mp_ieq(v->is[v->n - 1], "arpa"))
		return;
	v4 = mp_ieq(v->is[v->n - 2], "in-addr");
	if (!v4 && !mp_ieq(v->is[v->n - 2], "ip6"))
		return;
	arpa = v->n - 2;
	for (size_t k = 0; k < r->n_ips; k++) {
		size_t i = r->context < r->n_ips ? (r->context + k) % r->n_ips : k;
		const struct own_ip *o = &r->ips[i];
		size_t n = (o->is.family == MP_IPV4) == v4 ? begins_alike(v, arpa, &o->is) : 0;

		if (n > longest) {
			longest = n;
			best = o;
		}
	}
	/* A zone above that of any of ours, or another host's name in it. */
	if (!best || (v4 && longest < 3 && longest < arpa) || (!v4 && longest < 8 && longest < arpa))
		return;
	for (size_t n = 0; n < longest; n++)
		v->becomes[arpa - 1 - n] = v4 ? mp_printf(r->a, "%u", best->becomes.b[n])
					      : mp_printf(r->a, "%x", nibble(&best->becomes, n));
}

static bool in_domain(struct redactor *r, struct name *v, size_t i)
{
	for (size_t d = 0; d < r->n_domains; d++) {
		struct mp_str is = mp_str(r->domains[d].is), becomes = mp_str(r->domains[d].becomes), x, y;
		size_t n = dns_name_labels(r->domains[d].is), k = 0;
		bool same = i + n <= v->n;

		while (same && mp_str_split(&is, '.', &x)) {
			same = !v->becomes[i + k] && mp_str_ieq(mp_str(v->is[i + k]), x);
			k++;
		}
		if (!same)
			continue;
		for (k = 0; mp_str_split(&becomes, '.', &y); k++)
			v->becomes[i + k] = mp_dupstr(r->a, y);
		/* Selectors stay: receivers and signers name them, and they say nothing of anybody. */
		for (k = i; k > 0 && !v->becomes[k - 1]; k--)
			v->becomes[k - 1] =
				mp_ieq(v->is[k - 1], "_domainkey") || (k < v->n && mp_ieq(v->is[k], "_domainkey"))
					? v->is[k - 1]
					: new_label(r, without_spelling(r, v->is[k - 1]));
		return true;
	}
	return false;
}

static const char *new_name(struct redactor *r, const char *text)
{
	struct name v = {.n = 0};
	struct mp_str rest = mp_str(text), label;
	struct mp_ip ip;
	struct own_ip *o;
	const char *out, *known, *registrable;
	char made[MP_IP_TEXT];
	bool ours;

	if (mp_ip_parse(rest, &ip)) {
		o = own(r, &ip);
		return o ? mp_dup(r->a, mp_ip_text(&o->becomes, made)) : text;
	}
	while (mp_str_split(&rest, '.', &label)) {
		if (v.n == MAX_LABELS)
			return text;
		v.is[v.n] = mp_dupstr(r->a, label);
		for (char *p = (char *)(uintptr_t)v.is[v.n]; *p; p++)
			*p = mp_tolower(*p);
		v.n++;
	}
	known = r->words && strlen(text) >= 3 && !one_of(text, sentence_words, ARRAY_LEN(sentence_words)) &&
				!one_of(text, common_labels, ARRAY_LEN(common_labels))
			? new_local(r, mp_str(text))
			: NULL;
	if (known || v.n < 2)
		return known ? known : without_spelling(r, text);
	for (size_t i = 0; i < v.n; i++)
		if (!in_octets(r, &v, i))
			in_nibbles(r, &v, i);
	in_reverse_zone(r, &v);
	for (size_t i = 0; i < v.n; i++)
		in_domain(r, &v, i);
	ours = json_object_get(r->generated, dns_name_canonical(r->a, text) ? dns_name_canonical(r->a, text) : text) !=
	       NULL;
	registrable = dns_registrable_domain(text, DNS_PSL_REGISTRIES);
	for (size_t i = 0; i < v.n; i++) {
		if (v.becomes[i])
			continue;
		if (ours && registrable && v.n - i > dns_name_labels(registrable)) {
			known = without_spelling(r, v.is[i]);
			v.becomes[i] = known == v.is[i] ? without_parts(r, v.is[i]) : known;
		}
		/* acme.onmicrosoft.com: a customer's name at a hoster's */
		for (size_t d = 0; d < r->n_domains && !v.becomes[i] && registrable; d++)
			if (v.n - i == dns_name_labels(registrable) + 1 && mp_ieq(v.is[i], r->domains[d].label))
				v.becomes[i] = r->domains[d].new_label;
	}
	out = NULL;
	known = NULL;
	for (size_t i = 0; i < v.n; i++) {
		known = v.becomes[i] ? "changed" : known;
		out = i              ? mp_printf(r->a, "%s.%s", out, v.becomes[i] ? v.becomes[i] : v.is[i])
				   : v.becomes[i] ? v.becomes[i]
				     : v.is[i];
	}
	return without_spelling(r, known ? out : text);
}

/* ---- a text: addresses, mail addresses, names, and what is between them */

static bool name_char(char c)
{
	return mp_isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

/* RFC 5322 3.2.3 */
static bool local_char(char c)
{
	return c && (name_char(c) || strchr("!#$%&'*+/=?^`{|}~", c));
}

/* An address range: one that contains those of our addresses that it contained, and no other of them. */
static const char *new_range(struct redactor *r, const struct mp_ip *net, unsigned prefix, unsigned *new_prefix)
{
	struct mp_ip out = {0};
	unsigned bits = net->family == MP_IPV4 ? 32 : 128, common_bits = prefix;
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < r->n_ips; i++) {
		const struct mp_ip *b = &r->ips[i].becomes;

		if (r->ips[i].is.family != net->family || !mp_ip_in(&r->ips[i].is, net, prefix))
			continue;
		if (out.family == MP_IPNONE)
			out = *b;
		while (common_bits && !mp_ip_in(b, &out, common_bits))
			common_bits--;
	}
	if (out.family == MP_IPNONE)
		return NULL;
	*new_prefix = common_bits;
	/* A range is written by its first address, unless it was not. */
	for (unsigned i = common_bits; i < bits; i++) {
		unsigned mask = 0x80u >> i % 8;

		out.b[i / 8] = (uint8_t)((out.b[i / 8] & ~mask) | (prefix == common_bits ? net->b[i / 8] & mask : 0));
	}
	return mp_dup(r->a, mp_ip_text(&out, text));
}

/* "/24" behind an address. The number of bytes, 0: there is none. */
static size_t prefix_at(const char *p, unsigned most, unsigned *prefix)
{
	size_t n = *p == '/' ? strspn(p + 1, "0123456789") : 0;
	uint64_t v;

	if (!n || n > 3 || !mp_str_u64(mp_strn(p + 1, n), most, &v))
		return 0;
	*prefix = (unsigned)v;
	return n + 1;
}

static size_t put_address(struct redactor *r, const char *p, size_t n, struct mp_buf *out)
{
	struct mp_ip ip;
	unsigned prefix = 0, new_prefix = 0;
	size_t more;
	const char *range;

	if (!mp_ip_parse(mp_strn(p, n), &ip))
		return 0;
	more = prefix_at(p + n, ip.family == MP_IPV4 ? 32 : 128, &prefix);
	range = more ? new_range(r, &ip, prefix, &new_prefix) : NULL;
	if (range) {
		mp_buf_addf(out, "%s/%u", range, new_prefix);
		return n + more;
	}
	mp_buf_adds(out, own(r, &ip) ? new_name(r, mp_dupn(r->a, p, n)) : mp_dupn(r->a, p, n));
	return n;
}

/* An IPv6 address at p, as it stands in text. The bytes taken, or 0. */
static size_t take_ip6(struct redactor *r, const char *p, struct mp_buf *out)
{
	size_t n = strspn(p, "0123456789abcdefABCDEF:."), colons = 0;
	struct mp_ip ip;

	for (size_t i = 0; i < n; i++)
		colons += p[i] == ':';
	if (colons < 2)
		return 0;
	/* What follows may be a port, or a sentence's end. */
	for (int i = 0; n && i < 3 && !mp_ip_parse(mp_strn(p, n), &ip); i++)
		do
			n--;
		while (n && p[n] != ':' && p[n] != '.');
	return n && (p[n] == '\0' || !name_char(p[n]) || p[n] == '.') ? put_address(r, p, n, out) : 0;
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (name_char(p[n]))
		n++;
	while (n && (p[n - 1] == '.' || p[n - 1] == '-'))
		n--;
	return n;
}

/* local@domain at p. The bytes taken, or 0. */
static size_t take_mail_address(struct redactor *r, const char *p, struct mp_buf *out)
{
	size_t n = 0, host, from = 0;
	const char *local, *domain, *made;

	while (local_char(p[n]))
		n++;
	if (!n || p[n] != '@')
		return 0;
	host = name_length(p + n + 1);
	domain = mp_dupn(r->a, p + n + 1, host);
	made = host ? new_name(r, domain) : domain;
	/* smtp.mailfrom=local@domain, where it is not one of ours as a whole */
	if (!new_local(r, mp_strn(p, n)))
		for (size_t i = 0; i < n; i++)
			from = p[i] == '=' ? i + 1 : from;
	local = new_local(r, mp_strn(p + from, n - from));
	if (!local && host && made != domain && n > from) {
		add_local(r, mp_dupn(r->a, p + from, n - from));
		local = new_local(r, mp_strn(p + from, n - from));
	}
	if (!local && made == domain)
		return 0; /* nobody's that we know; its parts may be */
	mp_buf_add(out, p, from);
	if (local)
		mp_buf_adds(out, local);
	else
		mp_buf_add(out, p + from, n - from);
	mp_buf_addc(out, '@');
	mp_buf_adds(out, made);
	return n + 1 + host;
}

/* The escapes of text from outside: \DDD, \xNN, \u{NNNN}. What follows one begins anew. */
static size_t escape_length(const char *p)
{
	if (*p != '\\')
		return 0;
	if (mp_isdigit(p[1]) && mp_isdigit(p[2]) && mp_isdigit(p[3]))
		return 4;
	if (p[1] == 'x' && p[2] && p[3])
		return 4;
	if (p[1] == 'u' && p[2] == '{' && strchr(p, '}'))
		return (size_t)(strchr(p, '}') - p) + 1;
	return p[1] == '\\' ? 2 : 1;
}

static const char *new_text(struct redactor *r, const char *text)
{
	struct mp_buf out = MP_BUF(MAX_TEXT);
	const char *p = text, *made;
	bool begins = true; /* nothing before p belongs to it */

	while (*p) {
		size_t n = escape_length(p);

		if (n) {
			mp_buf_add(&out, p, n);
			p += n;
			begins = true;
			continue;
		}
		if (begins && ((n = take_ip6(r, p, &out)) || (n = take_mail_address(r, p, &out)))) {
			p += n;
			begins = false;
			continue;
		}
		n = *p == '-' || *p == '.' ? 0 : name_length(p);
		if (n) {
			size_t whole = put_address(r, p, n, &out);

			if (!whole)
				mp_buf_adds(&out, new_name(r, mp_dupn(r->a, p, n)));
			p += whole ? whole : n;
			begins = false;
			continue;
		}
		begins = !local_char(*p) || strchr("=/'{|", *p);
		mp_buf_addc(&out, *p++);
	}
	made = mp_dup(r->a, mp_buf_cstr(&out));
	mp_buf_release(&out);
	/* Whatever is left of a domain's name is in a form nobody thought of. */
	for (size_t d = 0; d < r->n_domains; d++) {
		made = replaced(r->a, made, r->domains[d].is, r->domains[d].becomes, mp_isalnum);
		made = replaced(r->a, made, r->domains[d].dashed, r->domains[d].new_dashed, mp_isalnum);
	}
	return made;
}

/* ---- the tree */

/* Texts in which people write: replies, transcripts, reasons. */
static bool free_text(const char *key)
{
	static const char *const keys[] = {
		"line", "lines", "reason", "detail", "argv", "tls_error", "subject", "text", "words", "pattern"};

	return one_of(key, keys, ARRAY_LEN(keys));
}

static json_t *new_value(struct redactor *r, const json_t *j, const char *key)
{
	json_t *out, *value;
	const char *name;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		out = json_object();
		json_object_foreach((json_t *)(uintptr_t)j, name, value) mp_jset(out, name, new_value(r, value, name));
		return out;
	case JSON_ARRAY:
		out = json_array();
		for (size_t i = 0; i < json_array_size(j); i++)
			mp_jpush(out, new_value(r, json_array_get(j, i), key));
		return out;
	case JSON_STRING:
		if (strcmp(key, "mailbox") == 0 && json_object_get(r->mailboxes, json_string_value(j)))
			return json_incref(json_object_get(r->mailboxes, json_string_value(j)));
		r->words = free_text(key);
		return mp_j(new_text(r, json_string_value(j)));
	default:
		return json_deep_copy(j);
	}
}

static bool own_name(struct redactor *r, const char *name)
{
	for (size_t d = 0; d < r->n_domains; d++)
		if (dns_name_under(name, r->domains[d].is))
			return true;
	return false;
}

/* Mail policies say nothing but of mail; other TXT records prove to whom a domain belongs. */
static void empty_tokens(struct redactor *r, json_t *records)
{
	static const char *const policies[] = {"spf", "dmarc", "dkim", "p=", "tls", "sts", "bimi", "ip4:", "ip6:"};

	for (size_t i = 0; i < json_array_size(records); i++) {
		json_t *rr = json_array_get(records, i);
		const char *text = mp_jget_str(rr, "text", NULL);
		bool policy = !text || !own_name(r, mp_jget_str(rr, "owner", ""));

		for (size_t k = 0; k < ARRAY_LEN(policies) && !policy; k++)
			policy = mp_str_ifind(mp_strn(text, strlen(text) < 12 ? strlen(text) : 12), policies[k]) >= 0 ||
				 (policies[k][2] == '4' && mp_str_ifind(mp_str(text), policies[k]) >= 0);
		if (!policy)
			mp_jset_str(rr, "text", "redacted");
	}
}

/* The reverse zones above two of our addresses may be one, and go to two: the questions about it are then there twice. */
static void put_question(struct redactor *r, json_t *list, json_t *seen, const json_t *q)
{
	json_t *made = new_value(r, q, "");
	const char *key = mp_printf(r->a, "%s %s %s %d", mp_jget_str(made, "name", ""), mp_jget_str(made, "type", ""),
		mp_jget_str(made, "server", ""), mp_jget_bool(made, "norecurse", false));

	if (json_object_get(seen, key)) {
		json_decref(made);
		return;
	}
	mp_jset_bool(seen, key, true);
	mp_jpush(list, made);
}

static json_t *new_dns(struct redactor *r, const json_t *list)
{
	json_t *out = json_array(), *seen = json_object();

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *q = json_deep_copy(json_array_get(list, i));
		const char *name = mp_jget_str(q, "name", "");

		empty_tokens(r, mp_jget_array(q, "records"));
		if (dns_name_under(name, "in-addr.arpa") || dns_name_under(name, "ip6.arpa"))
			for (r->context = 0; r->context < r->n_ips; r->context++)
				put_question(r, out, seen, q);
		r->context = MAX_OWN;
		put_question(r, out, seen, q);
		json_decref(q);
	}
	json_decref(seen);
	return out;
}

/* Paths hold names of people and customers. What stands in /etc is the system's. */
static const char *new_argument(struct redactor *r, const char *arg, bool first)
{
	const char *value = strchr(arg, '='), *slash = strrchr(arg, '/'), *dot;

	if (!slash || strstr(arg, "://"))
		return arg;
	if (first)
		return slash + 1;
	value = value && value < slash ? value + 1 : arg;
	if (strncmp(value, "/etc/", 5) == 0 || strncmp(value, "/dev/", 5) == 0)
		return arg;
	dot = strrchr(slash, '.');
	return mp_printf(r->a, "%.*sFILE%s", (int)(value - arg), arg, dot ? dot : "");
}

/* ---- messages of one's own: what they are about, and the names of people, tell nothing of their delivery */

static const char *new_subject(const char *subject)
{
	return strncmp(subject, MP_TEST_SUBJECT, strlen(MP_TEST_SUBJECT)) == 0 ? subject : "redacted";
}

/* A field that begins in `line`: as it is, without what people wrote, or with addresses alone. */
static const char *new_field(struct redactor *r, const char *line, bool *emptied)
{
	static const char *const words[] = {"Subject", "Thread-Topic", "Comments", "Keywords", "Organization"};
	static const char *const people[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"};
	const char *colon = strchr(line, ':'), *open = strchr(line, '<'), *close = open ? strchr(open, '>') : NULL;
	size_t n;

	*emptied = false;
	if (!colon)
		return line;
	n = (size_t)(colon - line);
	*emptied = true;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (mp_str_ieq(mp_strn(line, n), mp_str(words[i])))
			return mp_printf(
				r->a, "%s: %s", words[i], new_subject(colon[1] == ' ' ? colon + 2 : colon + 1));
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if (mp_str_ieq(mp_strn(line, n), mp_str(people[i])))
			return mp_printf(r->a, "%s: %.*s", people[i], close ? (int)(close + 1 - open) : 8,
				close ? open : "redacted");
	*emptied = false;
	return line;
}

/* The header of a message that was found in a mailbox, by lines. The message goes: its signatures are for the very text. */
static json_t *new_mailboxes(struct redactor *r, const json_t *list)
{
	json_t *out = new_value(r, list, "");

	for (size_t i = 0; i < json_array_size(out); i++) {
		json_t *found = json_array_get(out, i), *mail = mp_jget(found, "mail"), *kept = json_array();
		json_t *lines = mp_jget_array(mail ? mail : found, "header");
		bool emptied = false;

		for (size_t k = 0; k < json_array_size(lines); k++) {
			const char *line = json_string_value(json_array_get(lines, k));

			if (!line)
				continue;

			/* Further lines of a field go as its first one does. */
			if (*line != ' ' && *line != '\t')
				mp_jpush(kept, mp_j(new_field(r, line, &emptied)));
			else if (!emptied)
				mp_jpush(kept, mp_j(line));
		}
		if (lines)
			mp_jset(found, "header", kept);
		else
			json_decref(kept);
		if (json_is_object(found))
			json_object_del(found, "mail");
	}
	return out;
}

static json_t *new_case(struct redactor *r, const json_t *c)
{
	static const char *const hosts[] = {"hostname", "fqdn", "ehlo"};
	json_t *out = new_value(r, c, ""), *argv = mp_jget_array(out, "argv"), *list = mp_jget_array(out, "hosts");

	/* One label alone is told by its place. */
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const char *name = mp_jget_str(out, hosts[i], NULL);

		if (name && *name && !strpbrk(name, ".[:"))
			mp_jset_str(out, hosts[i], new_label(r, name));
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = mp_jget_str(json_array_get(list, i), "name", NULL);

		if (name && *name && !strpbrk(name, ".[:"))
			mp_jset_str(json_array_get(list, i), "name", new_label(r, name));
	}
	for (size_t i = 0; i < json_array_size(argv); i++) {
		const char *arg = json_string_value(json_array_get(argv, i));
		const char *known = arg ? mp_jget_str(r->labels, arg, mp_jget_str(r->mailboxes, arg, NULL)) : NULL;

		if (arg)
			json_array_set_new(argv, i, mp_j(known && i ? known : new_argument(r, arg, i == 0)));
	}
	list = mp_jget_array(out, "mailboxes");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = mp_jget_str(json_array_get(mp_jget_array(c, "mailboxes"), i), "name", "");

		if (json_object_get(r->mailboxes, name))
			mp_jset_str(json_array_get(list, i), "name", mp_jget_str(r->mailboxes, name, ""));
	}
	list = mp_jget_array(out, "targets");
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *message = mp_jget(json_array_get(list, i), "message");
		const char *subject = mp_jget_str(message, "subject", NULL);

		if (subject)
			mp_jset_str(message, "subject", new_subject(subject));
	}
	list = mp_jget_array(out, "selectors");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (mp_jget_str(json_array_get(list, i), "key_origin", NULL))
			mp_jset_str(json_array_get(list, i), "key_origin", "FILE");
	return out;
}

/* Certificates that name what was replaced do so in their own bytes, too. */
static bool names_us(const json_t *was, const json_t *is)
{
	static const char *const members[] = {"certificate", "chain"};

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const json_t *a = mp_jget(mp_jget(was, "tls"), members[i]),
			     *b = mp_jget(mp_jget(is, "tls"), members[i]);

		if (a && b && !json_equal(a, b))
			return true;
	}
	return false;
}

/* An EHLO name of one label stands in sessions too. */
static json_t *new_sessions(struct redactor *r, const json_t *list, const char *ehlo)
{
	json_t *out = new_value(r, list, "");
	bool label = ehlo && *ehlo && !strpbrk(ehlo, ".[:");

	for (size_t i = 0; i < json_array_size(out); i++) {
		json_t *s = json_array_get(out, i), *lines = mp_jget_array(s, "transcript");

		if (names_us(json_array_get(list, i), s))
			json_object_del(s, "der");
		if (!label || !mp_ieq(mp_jget_str(s, "ehlo", ""), ehlo))
			continue;
		mp_jset_str(s, "ehlo", new_label(r, ehlo));
		for (size_t k = 0; k < json_array_size(lines); k++)
			if (mp_str_istarts(mp_str(mp_jget_str(json_array_get(lines, k), "line", "")), "EHLO ") ||
				mp_str_istarts(mp_str(mp_jget_str(json_array_get(lines, k), "line", "")), "HELO "))
				mp_jset_str(json_array_get(lines, k), "line",
					mp_printf(r->a, "%.5s%s", mp_jget_str(json_array_get(lines, k), "line", ""),
						new_label(r, ehlo)));
	}
	return out;
}

/* What registries say names holders, contacts and ranges: kept is what is judged by. */
static json_t *new_fetches(struct redactor *r, const json_t *list)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *j = json_array_get(list, i);
		json_t *one = new_value(r, j, ""), *saved;
		const char *about = mp_jget_str(j, "about", NULL), *path = mp_jget_str(j, "path", "");
		const void *params, *answer;
		struct mp_fetch_answer said;
		const char *body = NULL;

		mp_jpush(out, one);
		if (!mp_str_istarts(mp_str(mp_jget_str(j, "use", "")), "rdap") ||
			mp_fetch_kind.from_json(j, r->a, &params, &answer, NULL) != MP_OK)
			continue;
		said = *(const struct mp_fetch_answer *)answer;
		r->words = false;
		if (said.status == 200)
			body = rdap_redacted(r->a, said.body, new_text(r, about ? about : strrchr(path, '/') + 1));
		if (!body)
			continue;
		said.body = mp_str(body);
		saved = mp_fetch_kind.to_json(params, &said);
		mp_jset_str(one, "body", mp_jget_str(saved, "body", ""));
		json_decref(saved);
	}
	return out;
}

/* ---- what is own */

/* Filters stand in the sender's own network. */
static void own_filters(struct redactor *r, const json_t *c)
{
	const char *rspamd = mp_jget_str(c, "rspamd_url", NULL), *spamd = mp_jget_str(c, "spamd", NULL);
	struct mp_fetch_question q[2];
	struct mp_ip ip;
	bool known[] = {rspamd && mp_rspamd_parse(r->a, mp_str(rspamd), &q[0], NULL) == MP_OK,
		spamd && mp_spamd_parse(r->a, mp_str(spamd), &q[1], NULL) == MP_OK};

	for (size_t i = 0; i < ARRAY_LEN(q); i++) {
		if (known[i] && mp_ip_parse(mp_str(q[i].host), &ip))
			add_ip(r, &ip);
		else if (known[i] && strchr(q[i].host, '.'))
			add_name(r, q[i].host);
	}
}

static void own_of_case(struct redactor *r, const json_t *c)
{
	static const char *const names[] = {"domain", "header_from", "mail_from", "ehlo", "fqdn", "hostname", "arg"};
	static const struct {
		const char *list, *member;
	} lists[] = {{"hosts", "name"}, {"selectors", "domain"}, {"auths", "domain"}};
	json_t *list = mp_jget_array(c, "sources");

	for (size_t i = 0; i < json_array_size(list); i++) {
		add_ip_text(r, mp_jget_str(json_array_get(list, i), "public_ip", NULL));
		add_ip_text(r, mp_jget_str(json_array_get(list, i), "address", NULL));
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		add_name(r, mp_jget_str(c, names[i], NULL));
	list = mp_jget_array(c, "hosts");
	for (size_t i = 0; i < json_array_size(list); i++)
		add_ip_text(r, mp_jget_str(json_array_get(list, i), "address", NULL));
	for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
		list = mp_jget_array(c, lists[k].list);
		for (size_t i = 0; i < json_array_size(list); i++)
			add_name(r, mp_jget_str(json_array_get(list, i), lists[k].member, NULL));
	}
	/* What the user calls a mailbox, and whose it is; where it is, is a receiver's. */
	list = mp_jget_array(c, "mailboxes");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = mp_jget_str(json_array_get(list, i), "name", NULL),
			   *address = mp_jget_str(json_array_get(list, i), "address", ""), *at = strrchr(address, '@');

		if (name)
			mp_jset_str(r->mailboxes, name, mp_printf(r->a, "mailbox%zu", i + 1));
		if (at && at != address)
			add_local(r, mp_dupn(r->a, address, (size_t)(at - address)));
	}
	own_filters(r, c);
	list = mp_jget_array(c, "targets");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *rcpt = mp_jget_str(json_array_get(list, i), "rcpt", ""), *at = strrchr(rcpt, '@');

		if (at && at != rcpt)
			add_local(r, mp_dupn(r->a, rcpt, (size_t)(at - rcpt)));
	}
}

static void own_of_sessions(struct redactor *r, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		add_ip_text(r, mp_jget_str(json_array_get(list, i), "seen_as", NULL));
		add_ip_text(r, mp_jget_str(json_array_get(list, i), "source", NULL));
	}
}

/* The PTR names of our addresses; where CNAMEs lead is a zone's affair. */
static void own_of_ptr(struct redactor *r, const json_t *list)
{
	char reverse[MP_IP_REVERSE];

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *q = json_array_get(list, i), *records = mp_jget_array(q, "records");
		bool ours = false;

		for (size_t k = 0; k < r->n_ips && !ours && strcmp(mp_jget_str(q, "type", ""), "PTR") == 0; k++)
			ours = dns_name_eq(mp_jget_str(q, "name", ""), mp_ip_reverse(&r->ips[k].is, reverse));
		for (size_t k = 0; ours && k < json_array_size(records); k++)
			add_name(r, mp_jget_str(json_array_get(records, k), "target", NULL));
	}
}

/* "v=spf1 ip4:203.0.113.0/24 ...": a range is ours by the addresses in it, or else by its first. */
static void own_of_spf(struct redactor *r, const char *text)
{
	struct mp_str rest = mp_str(text), term;

	while (mp_str_split(&rest, ' ', &term)) {
		ptrdiff_t at = mp_str_ifind(term, "ip4:");
		struct mp_ip ip;
		unsigned prefix = 128;
		size_t n;
		bool known = false;

		if (at < 0)
			at = mp_str_ifind(term, "ip6:");
		if (at < 0 || at > 1)
			continue;
		term = mp_strn(term.p + at + 4, term.n - (size_t)at - 4);
		for (n = 0; n < term.n && term.p[n] != '/'; n++) {
		}
		if (!mp_ip_parse(mp_strn(term.p, n), &ip))
			continue;
		if (!prefix_at(term.p + n, 128, &prefix))
			prefix = 128;
		for (size_t i = 0; i < r->n_ips; i++)
			known = known || mp_ip_in(&r->ips[i].is, &ip, prefix);
		if (!known)
			add_ip(r, &ip);
	}
}

/* What the records of our names hold: addresses, or what SPF lists. Below a list's zone an address is a code. */
static void own_of_names(struct redactor *r, const json_t *list, bool spf)
{
	static const char *const parts[] = {"records", "glue"};

	for (size_t i = 0; i < json_array_size(list); i++)
		for (size_t p = 0; p < ARRAY_LEN(parts); p++) {
			const json_t *records = mp_jget_array(json_array_get(list, i), parts[p]);

			for (size_t k = 0; k < json_array_size(records); k++) {
				const json_t *rr = json_array_get(records, k);

				if (!own_name(r, mp_jget_str(rr, "owner", "")))
					continue;
				if (!spf)
					add_ip_text(r, mp_jget_str(rr, "address", NULL));
				else if (mp_str_istarts(mp_str(mp_jget_str(rr, "text", "")), "v=spf1"))
					own_of_spf(r, mp_jget_str(rr, "text", ""));
			}
		}
}

json_t *mp_redact(const json_t *evidence)
{
	struct redactor *r = mp_xcalloc(1, sizeof(*r));
	char *all = json_dumps(evidence, JSON_COMPACT);
	const json_t *c = mp_jget(evidence, "case"), *dns = mp_jget_array(evidence, "dns"),
		     *smtp = mp_jget_array(evidence, "smtp");
	json_t *out = json_object(), *value;
	const char *key;

	r->a = mp_arena_new();
	r->all = all ? all : "";
	r->labels = json_object();
	r->locals = json_object();
	r->numbers = json_object();
	r->mailboxes = json_object();
	r->generated = json_object();
	r->context = MAX_OWN;
	own_of_sessions(r, smtp); /* addresses first: a name may have been made of one */
	own_of_case(r, c);
	own_of_ptr(r, dns);
	own_of_names(r, dns, false);
	own_of_names(r, dns, true);
	/* The order of members stays. */
	json_object_foreach((json_t *)(uintptr_t)evidence, key, value)
	{
		if (value == c)
			mp_jset(out, key, new_case(r, c));
		else if (value == dns)
			mp_jset(out, key, new_dns(r, dns));
		else if (strcmp(key, mp_fetch_kind.name) == 0)
			mp_jset(out, key, new_fetches(r, value));
		else if (strcmp(key, mp_mailbox_kind.name) == 0)
			mp_jset(out, key, new_mailboxes(r, value));
		else if (value == smtp)
			mp_jset(out, key, new_sessions(r, smtp, mp_jget_str(c, "ehlo", NULL)));
		else
			mp_jset(out, key, new_value(r, value, ""));
	}
	json_decref(r->labels);
	json_decref(r->locals);
	json_decref(r->numbers);
	json_decref(r->mailboxes);
	json_decref(r->generated);
	mp_arena_free(r->a);
	free(r);
	free(all);
	return out;
}

/* ---- what it changed */

static void compare(const json_t *was, const json_t *is, const char *list, struct mp_buf *lines, size_t *n)
{
	const json_t *x = mp_jget_array(was, list), *y = mp_jget_array(is, list);
	size_t most = json_array_size(x) > json_array_size(y) ? json_array_size(x) : json_array_size(y);

	for (size_t i = 0; i < most; i++) {
		const json_t *one = json_array_get(x, i), *other = json_array_get(y, i);
		const char *id = mp_jget_str(other, "id", mp_jget_str(one, "id", list));

		/* The id of a finding may hold an address. */
		if (strcmp(mp_jget_str(one, "cause", id), mp_jget_str(other, "cause", id)) == 0 &&
			strcmp(mp_jget_str(one, "status", ""), mp_jget_str(other, "status", "")) == 0 &&
			strcmp(mp_jget_str(one, "certainty", ""), mp_jget_str(other, "certainty", "")) == 0)
			continue;
		mp_buf_addf(lines, "%s (%s): %s, not %s\n", id, mp_jget_str(other, "subject", list),
			mp_jget_str(other, "status", "gone"), mp_jget_str(one, "status", "there"));
		++*n;
	}
}

size_t mp_redact_changed(const json_t *report, const json_t *redacted, struct mp_buf *lines)
{
	const char *was = mp_jget_str(mp_jget(report, "verdict"), "status", ""),
		   *is = mp_jget_str(mp_jget(redacted, "verdict"), "status", "");
	size_t n = 0;

	if (strcmp(was, is) != 0) {
		mp_buf_addf(lines, "the verdict: %s, not %s\n", is, was);
		n++;
	}
	compare(report, redacted, "checks", lines, &n);
	compare(report, redacted, "targets", lines, &n);
	compare(report, redacted, "findings", lines, &n);
	return n;
}
