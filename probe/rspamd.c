/* probe/rspamd.c - see probe/rspamd.h */
#include "probe/rspamd.h"

#include <sys/stat.h>

#include "base/text.h"
#include "dns/dns.h"
#include "dns/psl.h"
#include "probe/mta.h"
#include "probe/names.h"
#include "probe/ucl.h"

#define CONFDIR "/etc/rspamd"
#define DBDIR "/var/lib/rspamd"

static const char *const files[] = {CONFDIR "/modules.d/dkim_signing.conf", CONFDIR "/local.d/dkim_signing.conf",
	CONFDIR "/override.d/dkim_signing.conf"};

struct reading {
	struct mp_arena *a;
	const char *root, *from; /* from: the file that a value came from last */
	struct mp_ucl u;
	struct mp_selector *out;
	size_t n;
};

/* Of the module's section, which modules.d has and the others are inside of. */
static const char *get(const struct reading *r, const char *const *path, size_t depth)
{
	const char *inside[MP_UCL_DEPTH] = {"dkim_signing"}, *value = mp_ucl_get(&r->u, path, depth);

	if (value || depth == MP_UCL_DEPTH)
		return value;
	memcpy(inside + 1, path, depth * sizeof(*path));
	return mp_ucl_get(&r->u, inside, depth + 1);
}

static const char *setting(const struct reading *r, const char *key)
{
	return get(r, &key, 1);
}

static bool says(const char *value, const char *const words[3])
{
	return value && (mp_ieq(value, words[0]) || mp_ieq(value, words[1]) || mp_ieq(value, words[2]));
}

static bool is_on(const struct reading *r, const char *key, bool or_else)
{
	static const char *const yes[3] = {"true", "yes", "on"}, *const no[3] = {"false", "no", "off"};
	const char *value = setting(r, key);

	return or_else ? !says(value, no) : says(value, yes);
}

/* $domain, $selector and the directories in a path. NULL: it is none, or too long. */
static const char *expand(
	struct reading *r, const char *text, const char *domain, const char *selector, const char *or_else)
{
	const struct {
		const char *name, *value;
	} known[] = {{"$domain", domain}, {"$selector", selector}, {"$LOCAL_CONFDIR", CONFDIR}, {"$CONFDIR", CONFDIR},
		{"$DBDIR", DBDIR}};
	struct mp_buf b = MP_BUF(4096);
	const char *path;

	for (const char *p = text ? text : or_else; *p;) {
		bool done = false;

		for (size_t i = 0; i < ARRAY_LEN(known) && !done; i++)
			if (strncmp(p, known[i].name, strlen(known[i].name)) == 0) {
				mp_buf_adds(&b, known[i].value ? known[i].value : "");
				p += strlen(known[i].name);
				done = true;
			}
		if (!done)
			mp_buf_addc(&b, *p++);
	}
	path = !b.full && b.n && mp_buf_cstr(&b)[0] == '/' ? mp_dupn(r->a, mp_buf_cstr(&b), b.n) : NULL;
	mp_buf_release(&b);
	return path;
}

static void add(struct reading *r, const char *domain, const char *selector, const char *key, const char *from)
{
	const char *parsed, *at;

	if (r->n == MP_SIGNER_MAX || mp_selector_parse(r->a, mp_str(selector), &parsed, &at, NULL) != MP_OK || at)
		return;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->out[i].selector, parsed) == 0)
			return;
	r->out[r->n++] = (struct mp_selector){.selector = parsed,
		.domain = domain,
		.origin = mp_printf(r->a, "rspamd (%s)", mp_text(r->a, mp_str(from))),
		.key_origin = key ? mp_text(r->a, mp_str(key)) : NULL};
}

/* "file:///etc/x", "fallback+file://...", "/etc/x": the path; NULL: a map that is no file. */
static const char *map_path(struct reading *r, const char *value)
{
	const char *file = value ? strstr(value, "file://") : NULL;

	return value ? expand(r, file ? file + 7 : value, NULL, NULL, "") : NULL;
}

/* A map of lines "DOMAIN VALUE". */
static const char *of_map(struct reading *r, const char *value, const char *domain)
{
	const char *path = map_path(r, value), *text = path ? mta_file(r->a, r->root, path, NULL) : NULL;
	struct mp_str lines = mp_str(text), line, name, word;

	while (text && mp_str_split(&lines, '\n', &line)) {
		struct mp_str rest = {0};

		mp_str_split(&line, '#', &rest);
		if (mta_next_word(&rest, &name) && mta_next_word(&rest, &word) &&
			dns_name_eq(mp_dupstr(r->a, name), domain)) {
			while (word.n && word.p[word.n - 1] == '\r')
				word.n--;
			return mp_dupstr(r->a, word);
		}
	}
	return NULL;
}

static bool exists(struct reading *r, const char *path)
{
	struct stat st;

	return path && stat(mp_printf(r->a, "%s%s", r->root, path), &st) == 0;
}

/* domain { example.com { selector, path, or selectors [ { selector, path }, ... ] } }. False: there is no such block. */
static bool of_block(struct reading *r, const char *domain, const char *selector, const char *path)
{
	const char *own = get(r, (const char *const[]){"domain", domain, "selector"}, 3),
		   *key = get(r, (const char *const[]){"domain", domain, "path"}, 3);
	bool any = own || key;

	for (size_t i = 0; i < MP_SIGNER_MAX; i++) {
		const char *number = mp_printf(r->a, "%zu", i);
		const char *s = get(r, (const char *const[]){"domain", domain, "selectors", number, "selector"}, 5);
		const char *p = get(r, (const char *const[]){"domain", domain, "selectors", number, "path"}, 5);

		if (s)
			add(r, domain, s, p ? expand(r, p, domain, s, "") : NULL, r->from);
		any = any || s;
	}
	if (own || key)
		add(r, domain, own ? own : selector, expand(r, key, domain, own ? own : selector, path), r->from);
	return any;
}

size_t mp_rspamd_selectors(struct mp_arena *a, const char *root, const char *address, const char *domain,
	struct mp_selector out[static MP_SIGNER_MAX])
{
	struct reading r = {.a = a, .root = root, .out = out};
	const char *path, *selector, *mapped, *table, *keys, *signs = domain;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const char *text = mta_file(a, root, files[i], NULL);

		if (!text)
			continue;
		r.from = files[i];
		mp_ucl_read(a, mp_str(text), &r.u);
	}
	if (!r.from || !is_on(&r, "enabled", true))
		return 0;
	table = map_path(&r, setting(&r, "signing_table"));
	keys = map_path(&r, setting(&r, "key_table"));
	if (table && keys)
		return mp_dkim_tables(a, root, address, domain, table, keys, "rspamd", out);
	/* The module's own words for what it signs for: by default the registered domain of the From: address. */
	if (is_on(&r, "use_esld", true) && dns_registrable_domain(domain, DNS_PSL_ALL))
		signs = dns_registrable_domain(domain, DNS_PSL_ALL);
	selector = setting(&r, "selector");
	path = setting(&r, "path");
	if (!path)
		path = DBDIR "/dkim/$domain.$selector.key";
	if (of_block(&r, signs, selector ? selector : "dkim", path))
		return r.n;
	if (!is_on(&r, "try_fallback", true))
		return 0;
	mapped = of_map(&r, setting(&r, "selector_map"), signs);
	if (mapped)
		selector = mapped;
	else if (!selector)
		selector = "dkim";
	mapped = of_map(&r, setting(&r, "path_map"), signs);
	if (mapped)
		path = mapped;
	/* What holds for every domain signs only where there is a key for this one. */
	path = expand(&r, path, signs, selector, "");
	if (exists(&r, path))
		add(&r, signs, selector, path, r.from);
	return r.n;
}
