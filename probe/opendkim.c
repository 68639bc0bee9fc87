/* probe/opendkim.c - see probe/opendkim.h */
#include "probe/opendkim.h"
#include "base/text.h"
#include "dns/dns.h"
#include "probe/mta.h"
#include "probe/names.h"

static const char *const configs[] = {"/etc/opendkim.conf", "/etc/opendkim/opendkim.conf", "/etc/mail/opendkim.conf"};

struct reading {
	struct mp_arena *a;
	const char *domain;
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

static void add(struct reading *r, struct mp_str domain, struct mp_str selector, struct mp_str key, const char *origin)
{
	const char *name = mp_dupstr(r->a, domain), *parsed, *at;

	/* "%" is the domain of the sender, whatever it is. */
	if (r->n == MP_OPENDKIM_MAX || !(mp_str_eq(domain, MP_LIT("%")) || dns_name_eq(name, r->domain)))
		return;
	if (mp_selector_parse(r->a, selector, &parsed, &at, NULL) != MP_OK || at)
		return;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->out[i].selector, parsed) == 0)
			return;
	r->out[r->n++] = (struct mp_selector){.selector = parsed,
		.domain = r->domain,
		.origin = mp_text(r->a, mp_str(origin)),
		.key_origin = key.n && key.p[0] == '/' ? mp_text(r->a, key) : NULL};
}

/* "NAME DOMAIN:SELECTOR:KEY", one a line. */
static void read_table(struct reading *r, const char *root, struct mp_str value)
{
	const char *path, *text;
	struct mp_str lines, line, name, rest, domain, selector;

	if (mp_str_istarts(value, "refile:"))
		value = mp_strn(value.p + 7, value.n - 7);
	else if (mp_str_istarts(value, "file:"))
		value = mp_strn(value.p + 5, value.n - 5);
	path = mp_dupstr(r->a, value);
	text = path[0] == '/' ? mta_file(r->a, root, path, NULL) : NULL;
	lines = mp_str(text);
	while (text && mp_str_split(&lines, '\n', &line))
		if (line_words(line, &name, &rest) && mp_str_split(&rest, ':', &domain) &&
			mp_str_split(&rest, ':', &selector))
			add(r, domain, selector, rest, mp_printf(r->a, "opendkim (%s)", path));
}

size_t mp_opendkim_selectors(
	struct mp_arena *a, const char *root, const char *domain, struct mp_selector out[static MP_OPENDKIM_MAX])
{
	struct reading r = {a, domain, out, 0};
	struct mp_str domains = {0}, selector = {0}, key = {0}, table = {0}, lines, line, name, value, item;
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
			table = value;
	}
	/* opendkim.conf(5): with a KeyTable the other three do not count. */
	if (table.n) {
		read_table(&r, root, table);
	} else if (selector.n) {
		while (domains.p && mp_list_next(&domains, &item))
			add(&r, item, selector, key, mp_printf(a, "opendkim (%s)", path));
	}
	return r.n;
}
