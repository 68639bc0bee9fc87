/* probe/opendkim.c - see probe/opendkim.h */
#include "probe/opendkim.h"
#include "base/text.h"
#include "dns/dns.h"
#include "probe/mta.h"
#include "probe/names.h"

static const char *const configs[] = {"/etc/opendkim.conf", "/etc/opendkim/opendkim.conf", "/etc/mail/opendkim.conf"};

struct reading {
	struct mp_arena *a;
	const char *root, *signer;
	const char *address, *domain; /* of the From: field */
	struct mp_selector *out;
	size_t n;
};

/* Blanks and a comment cut off. False: the line says nothing. */
static bool line_words(struct mp_str line, struct mp_str *first, struct mp_str *rest)
{
	struct mp_str s;

	mp_str_split(&line, '#', &s);
	while (s.n && (s.p[s.n - 1] == '\r' || mp_isblank(s.p[s.n - 1])))
		s.n--;
	if (!mta_next_word(&s, first))
		return false;
	*rest = mp_str_trim(s);
	return rest->n > 0;
}

/* `any`: the signer was told to sign for it, whatever the domain. */
static void add(
	struct reading *r, struct mp_str domain, bool any, struct mp_str selector, struct mp_str key, const char *path)
{
	const char *name = mp_dupstr(r->a, domain), *parsed, *at, *canonical = r->domain;

	/* "%" is the domain of the sender, whatever it is. */
	if (!mp_str_eq(domain, MP_LIT("%")) && !dns_name_eq(name, r->domain)) {
		if (!any || mp_domain_parse(r->a, domain, &canonical, NULL) != MP_OK)
			return;
	}
	if (r->n == MP_SIGNER_MAX || mp_selector_parse(r->a, selector, &parsed, &at, NULL) != MP_OK || at)
		return;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->out[i].selector, parsed) == 0 && dns_name_eq(r->out[i].domain, canonical))
			return;
	r->out[r->n++] = (struct mp_selector){.selector = parsed,
		.domain = canonical,
		.origin = mp_printf(r->a, "%s (%s)", r->signer, mp_text(r->a, mp_str(path))),
		.key_origin = key.n && key.p[0] == '/' ? mp_text(r->a, key) : NULL};
}

/* The text of a table that is a file. NULL: it is none, or cannot be read. */
static const char *table(struct reading *r, const char *value, const char **path)
{
	struct mp_str s = mp_str(value);

	if (mp_str_istarts(s, "refile:"))
		s = mp_strn(s.p + 7, s.n - 7);
	else if (mp_str_istarts(s, "file:"))
		s = mp_strn(s.p + 5, s.n - 5);
	*path = mp_dupstr(r->a, s);
	return (*path)[0] == '/' ? mta_file(r->a, r->root, *path, NULL) : NULL;
}

/* "NAME DOMAIN:SELECTOR:KEY", one a line; `name` NULL: all of the sender's domain. */
static void read_keys(struct reading *r, const char *value, const char *name)
{
	const char *path, *text = table(r, value, &path);
	struct mp_str lines = mp_str(text), line, key, rest, domain, selector;

	while (text && mp_str_split(&lines, '\n', &line))
		if (line_words(line, &key, &rest) && (!name || mp_str_eq(key, mp_str(name))) &&
			mp_str_split(&rest, ':', &domain) && mp_str_split(&rest, ':', &selector))
			add(r, domain, name != NULL, selector, rest, path);
}

/* '*' stands for any text. */
static bool like(struct mp_str pattern, struct mp_str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n && mp_tolower(pattern.p[p]) == mp_tolower(s.p[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* Exact tables are asked for the address, its domain, the domains above it, and all. */
static bool exact(const struct reading *r, struct mp_str entry)
{
	struct mp_str local = mp_str(r->address);

	local.n = strcspn(local.p, "@");
	if (mp_str_ieq(entry, mp_str(r->address)) || mp_str_ieq(entry, mp_str(r->domain)) ||
		mp_str_eq(entry, MP_LIT("*")))
		return true;
	for (const char *d = strchr(r->domain, '.'); d; d = strchr(d + 1, '.')) {
		if (mp_str_ieq(entry, mp_str(d)))
			return true;
		if (entry.n == local.n + 1 + strlen(d) && mp_str_ieq(mp_strn(entry.p, local.n), local) &&
			entry.p[local.n] == '@' &&
			mp_str_ieq(mp_strn(entry.p + local.n + 1, entry.n - local.n - 1), mp_str(d)))
			return true;
	}
	return false;
}

/* The key that the first matching line gives the address, or NULL. */
static const char *signs_with(struct reading *r, const char *value)
{
	const char *path, *text = table(r, value, &path);
	bool patterns = mp_str_istarts(mp_str(value), "refile:");
	struct mp_str lines = mp_str(text), line, entry, rest, name;

	while (text && mp_str_split(&lines, '\n', &line)) {
		if (!line_words(line, &entry, &rest) || !mta_next_word(&rest, &name))
			continue;
		if (patterns ? like(entry, mp_str(r->address)) : exact(r, entry))
			return mp_dupstr(r->a, name);
	}
	return NULL;
}

size_t mp_dkim_tables(struct mp_arena *a, const char *root, const char *address, const char *domain,
	const char *signing, const char *keys, const char *signer, struct mp_selector out[static MP_SIGNER_MAX])
{
	struct reading r = {.a = a, .root = root, .signer = signer, .address = address, .domain = domain, .out = out};
	const char *name = signing ? signs_with(&r, signing) : NULL;

	/* With a table of who signs, an address that is not in it is not signed for. */
	if (!signing || name)
		read_keys(&r, keys, name);
	return r.n;
}

size_t mp_opendkim_selectors(struct mp_arena *a, const char *root, const char *address, const char *domain,
	struct mp_selector out[static MP_SIGNER_MAX])
{
	struct reading r = {
		.a = a, .root = root, .signer = "opendkim", .address = address, .domain = domain, .out = out};
	struct mp_str domains = {0}, selector = {0}, key = {0}, keys = {0}, signing = {0}, lines, line, name, value,
		      item;
	const char *text = NULL, *path = NULL;

	for (size_t i = 0; i < ARRAY_LEN(configs) && !text; i++)
		text = mta_file(a, root, path = configs[i], NULL);
	if (!text)
		return 0;
	lines = mp_str(text);
	while (mp_str_split(&lines, '\n', &line)) {
		if (!line_words(line, &name, &value))
			continue;
		if (mp_str_ieq(name, MP_LIT("Domain")))
			domains = value;
		else if (mp_str_ieq(name, MP_LIT("Selector")))
			selector = value;
		else if (mp_str_ieq(name, MP_LIT("KeyFile")))
			key = value;
		else if (mp_str_ieq(name, MP_LIT("KeyTable")))
			keys = value;
		else if (mp_str_ieq(name, MP_LIT("SigningTable")))
			signing = value;
	}
	/* opendkim.conf(5): with a KeyTable the other three do not count. */
	if (keys.n)
		return mp_dkim_tables(a, root, address, domain, signing.n ? mp_dupstr(a, signing) : NULL,
			mp_dupstr(a, keys), "opendkim", out);
	while (selector.n && domains.p && mp_list_next(&domains, &item))
		add(&r, item, false, selector, key, path);
	return r.n;
}
