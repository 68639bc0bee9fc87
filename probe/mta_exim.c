/* probe/mta_exim.c - what Exim is configured to announce and to send from; Debian's generated configuration included */
#include <errno.h>

#include "base/buf.h"
#include "probe/mta.h"

enum { LINE_MAX_ = 16384, INSTANCES_MAX = 256, MACROS_MAX = 1024, LINES_MAX = 100000 };

struct macro {
	struct mp_str name, value;
};

/* A transport or a router: the options of it that we need, NULL while not set. */
struct instance {
	const char *name;
	bool router;
	const char *driver, *transport, *helo_data, *interface, *route_list, *route_data;
};

struct exim {
	const struct mta_host *h;
	struct macro *macros;
	size_t n_macros, cap_macros;
	struct instance *inst;
	size_t n_inst, cap_inst;
	enum { IN_MAIN, IN_ROUTERS, IN_TRANSPORTS, IN_OTHER } section;
	const char *primary_hostname, *qualify_domain;
	bool disable_ipv6;
	size_t lines, steps;
	/* .ifdef nesting: how deep, and at which depth skipping began (0: not skipping); whether that one had its turn */
	unsigned depth, skip_at;
	bool had_turn[32];
};

static struct macro *macro(struct exim *e, struct mp_str name)
{
	for (size_t i = 0; i < e->n_macros; i++)
		if (mp_str_eq(e->macros[i].name, name))
			return &e->macros[i];
	return NULL;
}

/* Put the values of macros in, in the order of their definition, as Exim does: also inside of words. */
static struct mp_str replace(struct exim *e, struct mp_str s, bool *any)
{
	*any = false;
	for (size_t i = 0; i < e->n_macros; i++) {
		const struct macro *m = &e->macros[i];
		struct mp_buf b = MP_BUF(LINE_MAX_);
		size_t at = 0;
		bool found = false;

		while (at < s.n) {
			if (s.p[at] == m->name.p[0] && s.n - at >= m->name.n &&
				memcmp(s.p + at, m->name.p, m->name.n) == 0 && e->steps > 0) {
				e->steps--;
				mp_buf_addstr(&b, m->value);
				at += m->name.n;
				found = true;
			} else {
				mp_buf_addc(&b, s.p[at++]);
			}
		}
		if (found) {
			s = mp_strn(mp_dupn(e->h->a, mp_buf_cstr(&b), b.n), b.n);
			*any = true;
		}
		mp_buf_release(&b);
	}
	return s;
}

/* Macro values and options may be in quotes, with backslash escapes. */
static const char *unquoted(struct exim *e, struct mp_str s)
{
	struct mp_buf b = MP_BUF(LINE_MAX_);
	const char *text;

	s = mp_str_trim(s);
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return mp_dupstr(e->h->a, s);
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\' && i + 2 < s.n)
			i++;
		mp_buf_addc(&b, s.p[i]);
	}
	text = mp_dupn(e->h->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static void define(struct exim *e, struct mp_str name, struct mp_str value, bool again)
{
	struct macro *m = macro(e, name);
	bool any;

	value = replace(e, mp_str_trim(value), &any);
	if (m && again)
		m->value = value;
	else if (!m && name.n && e->n_macros < MACROS_MAX)
		*MP_PUSH(e->h->a, e->macros, e->n_macros, e->cap_macros) = (struct macro){name, value};
}

static size_t word_len(struct mp_str s)
{
	size_t n = 0;

	while (n < s.n && (mp_isalnum(s.p[n]) || s.p[n] == '_'))
		n++;
	return n;
}

/* NAME = value, NAME == value (a redefinition), where a macro's name begins with an upper-case letter. */
static bool definition(struct exim *e, struct mp_str s)
{
	size_t n = word_len(s);
	struct mp_str name = mp_strn(s.p, n), rest;

	if (n == 0 || !mp_isupper(s.p[0]))
		return false;
	rest = mp_str_trim(mp_strn(s.p + n, s.n - n));
	if (rest.n == 0 || rest.p[0] != '=')
		return false;
	if (rest.n > 1 && rest.p[1] == '=')
		define(e, name, mp_strn(rest.p + 2, rest.n - 2), true);
	else
		define(e, name, mp_strn(rest.p + 1, rest.n - 1), false);
	return true;
}

static void option(struct exim *e, struct mp_str s)
{
	struct mp_str name, value = {NULL, 0};
	struct instance *in = e->n_inst ? &e->inst[e->n_inst - 1] : NULL;
	const char *text;
	size_t n;

	if (mp_str_istarts(s, "hide "))
		s = mp_str_trim(mp_strn(s.p + 5, s.n - 5));
	n = word_len(s);
	name = mp_strn(s.p, n);
	s = mp_str_trim(mp_strn(s.p + n, s.n - n));
	if (s.n && s.p[0] == ':' && e->section != IN_MAIN) {
		if (e->n_inst < INSTANCES_MAX)
			*MP_PUSH(e->h->a, e->inst, e->n_inst, e->cap_inst) =
				(struct instance){.name = mp_dupstr(e->h->a, name), .router = e->section == IN_ROUTERS};
		return;
	}
	if (s.n && s.p[0] == '=')
		value = mp_strn(s.p + 1, s.n - 1);
	text = unquoted(e, value);
	if (e->section == IN_MAIN) {
		if (mp_str_eq(name, MP_LIT("primary_hostname")))
			e->primary_hostname = text;
		else if (mp_str_eq(name, MP_LIT("qualify_domain")))
			e->qualify_domain = text;
		else if (mp_str_eq(name, MP_LIT("disable_ipv6")))
			e->disable_ipv6 = !value.p || mp_ieq(text, "true") || mp_ieq(text, "yes");
		return;
	}
	if (!in)
		return;
	if (mp_str_eq(name, MP_LIT("driver")))
		in->driver = text;
	else if (mp_str_eq(name, MP_LIT("transport")))
		in->transport = text;
	else if (mp_str_eq(name, MP_LIT("helo_data")))
		in->helo_data = text;
	else if (mp_str_eq(name, MP_LIT("interface")))
		in->interface = text;
	else if (mp_str_eq(name, MP_LIT("route_list")))
		in->route_list = text;
	else if (mp_str_eq(name, MP_LIT("route_data")))
		in->route_data = text;
}

static void read_file(struct exim *e, const char *path, unsigned depth);

/* .ifdef, .ifndef, .elifdef, .elifndef, .else, .endif: whether macros are replaced in the rest of the line. */
static bool condition(struct exim *e, struct mp_str s)
{
	bool any, holds;
	struct mp_str word = mp_strn(s.p, 1 + word_len(mp_strn(s.p + 1, s.n - 1))), rest;

	rest = mp_strn(s.p + word.n, s.n - word.n);
	if (mp_str_eq(word, MP_LIT(".ifdef")) || mp_str_eq(word, MP_LIT(".ifndef"))) {
		if (++e->depth >= ARRAY_LEN(e->had_turn) || e->skip_at)
			return true;
		replace(e, rest, &any);
		holds = any == mp_str_eq(word, MP_LIT(".ifdef"));
		e->had_turn[e->depth] = holds;
		e->skip_at = holds ? 0 : e->depth;
		return true;
	}
	if (mp_str_eq(word, MP_LIT(".endif"))) {
		if (e->skip_at == e->depth)
			e->skip_at = 0;
		e->depth -= e->depth > 0;
		return true;
	}
	if (!mp_str_eq(word, MP_LIT(".else")) && !mp_str_istarts(word, ".elif"))
		return false;
	if (e->depth >= ARRAY_LEN(e->had_turn) || (e->skip_at && e->skip_at != e->depth))
		return true;
	if (e->had_turn[e->depth]) {
		e->skip_at = e->depth;
		return true;
	}
	replace(e, rest, &any);
	holds = mp_str_eq(word, MP_LIT(".else")) || any == mp_str_eq(word, MP_LIT(".elifdef"));
	e->had_turn[e->depth] = holds;
	e->skip_at = holds ? 0 : e->depth;
	return true;
}

static void section(struct exim *e, struct mp_str name)
{
	if (mp_str_ieq(name, MP_LIT("routers")))
		e->section = IN_ROUTERS;
	else if (mp_str_ieq(name, MP_LIT("transports")))
		e->section = IN_TRANSPORTS;
	else
		e->section = IN_OTHER;
}

static void one_line(struct exim *e, struct mp_str s, unsigned depth)
{
	bool any;

	if (s.p[0] == '.' && condition(e, s))
		return;
	if (e->skip_at)
		return;
	if (definition(e, s))
		return;
	s = mp_str_trim(replace(e, s, &any));
	if (s.n == 0)
		return;
	if (mp_str_istarts(s, ".include")) {
		struct mp_str word;

		mta_next_word(&s, &word);
		read_file(e, unquoted(e, s), depth + 1);
	} else if (mp_str_istarts(s, "begin ")) {
		section(e, mp_str_trim(mp_strn(s.p + 6, s.n - 6)));
	} else if (e->section != IN_OTHER) {
		option(e, s);
	}
}

/* Lines end in a backslash when the next one continues them, its leading blanks dropped; comments stand on their own. */
static void read_text(struct exim *e, struct mp_str text, unsigned depth)
{
	struct mp_buf b = MP_BUF(LINE_MAX_);
	struct mp_str line;

	while (mp_str_split(&text, '\n', &line) && e->lines++ < LINES_MAX) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		line = mp_str_trim(line);
		if (line.n && line.p[0] == '#')
			continue;
		if (line.n && line.p[line.n - 1] == '\\') {
			mp_buf_addstr(&b, mp_strn(line.p, line.n - 1));
			continue;
		}
		mp_buf_addstr(&b, line);
		if (b.n)
			one_line(e, mp_strn(mp_dupn(e->h->a, mp_buf_cstr(&b), b.n), b.n), depth);
		mp_buf_reset(&b);
	}
	mp_buf_release(&b);
}

static void read_file(struct exim *e, const char *path, unsigned depth)
{
	const char *text = depth > MTA_DEPTH_MAX ? NULL : mta_file(e->h->a, e->h->root, path, NULL);

	if (text)
		read_text(e, mp_str(text), depth);
}

/* ---- Debian: where the generated file cannot be read (it is root's), what it is generated from */

/* What the package's template makes of the macros that people set; its remote_smtp transport has no other names. */
static const char template[] = ".ifdef MAIN_HARDCODE_PRIMARY_HOSTNAME\n"
			       "primary_hostname = MAIN_HARDCODE_PRIMARY_HOSTNAME\n"
			       ".endif\n"
			       ".ifdef MAIN_QUALIFY_DOMAIN\n"
			       "qualify_domain = MAIN_QUALIFY_DOMAIN\n"
			       ".elifdef ETC_MAILNAME\n"
			       "qualify_domain = ETC_MAILNAME\n"
			       ".endif\n"
			       "begin routers\n"
			       ".ifdef DC_RELAYED\n"
			       "smarthost:\n"
			       "driver = manualroute\n"
			       "route_list = * DCsmarthost byname\n"
			       "transport = remote_smtp_smarthost\n"
			       ".else\n"
			       "dnslookup:\n"
			       "driver = dnslookup\n"
			       "transport = remote_smtp\n"
			       ".endif\n"
			       "begin transports\n"
			       "remote_smtp:\n"
			       "driver = smtp\n"
			       ".ifdef REMOTE_SMTP_HELO_DATA\n"
			       "helo_data = REMOTE_SMTP_HELO_DATA\n"
			       ".endif\n"
			       ".ifdef REMOTE_SMTP_INTERFACE\n"
			       "interface = REMOTE_SMTP_INTERFACE\n"
			       ".endif\n"
			       "remote_smtp_smarthost:\n"
			       "driver = smtp\n"
			       ".ifdef REMOTE_SMTP_HELO_DATA\n"
			       "helo_data = REMOTE_SMTP_HELO_DATA\n"
			       ".endif\n";

/* dc_name='value' of update-exim4.conf.conf, or NULL. */
static const char *debian_setting(struct exim *e, const char *text, const char *name)
{
	struct mp_str rest = mp_str(text), line, key;

	while (mp_str_split(&rest, '\n', &line)) {
		line = mp_str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !mp_str_split(&line, '=', &key) || !mp_str_eq(key, mp_str(name)))
			continue;
		if (line.n >= 2 && (line.p[0] == '\'' || line.p[0] == '"') && line.p[line.n - 1] == line.p[0])
			line = mp_strn(line.p + 1, line.n - 2);
		return mp_dupstr(e->h->a, line);
	}
	return NULL;
}

static bool read_debian(struct exim *e)
{
	const char *conf = mta_file(e->h->a, e->h->root, "/etc/exim4/update-exim4.conf.conf", NULL);
	const char *mailname = mta_first_word(e->h->a, e->h->root, "/etc/mailname"), *type, *smarthost;

	if (!conf)
		return false;
	/* One of the two is used, by dc_use_split_config; the other one, if it is there, is a leftover. */
	if (mp_ieq(debian_setting(e, conf, "dc_use_split_config"), "true"))
		read_file(e, "/etc/exim4/conf.d/main/000_localmacros", 0);
	else
		read_file(e, "/etc/exim4/exim4.conf.localmacros", 0);
	type = debian_setting(e, conf, "dc_eximconfig_configtype");
	smarthost = debian_setting(e, conf, "dc_smarthost");
	if (mailname)
		define(e, MP_LIT("ETC_MAILNAME"), mp_str(mailname), false);
	if ((mp_ieq(type, "smarthost") || mp_ieq(type, "satellite")) && smarthost && *smarthost) {
		define(e, MP_LIT("DCsmarthost"), mp_str(smarthost), false);
		define(e, MP_LIT("DC_RELAYED"), MP_LIT("1"), false);
	}
	e->section = IN_MAIN;
	read_text(e, mp_str(template), 0);
	return true;
}

/* ---- what it comes to */

/* $primary_hostname and its like are known; NULL when a value is computed at run time. */
static const char *expand(struct exim *e, const char *text, const char *primary, const char *qualify)
{
	struct mp_str s = mp_str(text);
	const char *names[] = {"primary_hostname", "smtp_active_hostname", "qualify_domain"};
	const char *values[] = {primary, primary, qualify};
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	const char *out = NULL;

	for (size_t i = 0; i < s.n;) {
		struct mp_str name;
		bool braces, known = false;

		if (s.p[i] != '$') {
			mp_buf_addc(&b, s.p[i++]);
			continue;
		}
		i++;
		braces = i < s.n && s.p[i] == '{';
		i += braces;
		name = mp_strn(s.p + i, word_len(mp_strn(s.p + i, s.n - i)));
		i += name.n;
		if (braces && (i >= s.n || s.p[i++] != '}'))
			goto out;
		for (size_t k = 0; k < ARRAY_LEN(names) && !known; k++) {
			known = mp_str_eq(name, mp_str(names[k])) && values[k];
			if (known)
				mp_buf_adds(&b, values[k]);
		}
		if (!known)
			goto out;
	}
	if (!b.full && b.n)
		out = mp_dupn(e->h->a, mp_buf_cstr(&b), b.n);
out:
	mp_buf_release(&b);
	return out;
}

/*
 * interface is a list: of one separator, ":" unless "<;" names another; colons inside of an IPv6 address are doubled
 * where the separator is one.
 */
static void add_interfaces(struct exim *e, const char *list, const char *origin, struct mp_mta *out)
{
	struct mp_str s = mp_str_trim(mp_str(list)), part;
	char separator = ':';

	if (s.n > 2 && s.p[0] == '<') {
		separator = s.p[1];
		s = mp_strn(s.p + 2, s.n - 2);
	} else {
		/* "::" stands for one colon inside of an item */
		struct mp_buf b = MP_BUF(MTA_VALUE_MAX);

		for (size_t i = 0; i < s.n; i++) {
			bool twice = s.p[i] == ':' && i + 1 < s.n && s.p[i + 1] == ':';

			mp_buf_addc(&b, s.p[i] == ':' && !twice ? ';' : s.p[i]);
			i += twice;
		}
		s = mp_strn(mp_dupn(e->h->a, mp_buf_cstr(&b), b.n), b.n);
		separator = ';';
		mp_buf_release(&b);
	}
	while (mp_str_split(&s, separator, &part))
		mta_add_bind(out, mp_str_trim(part), origin);
}

static const struct instance *find(const struct exim *e, bool router, const char *name, const char *driver)
{
	for (size_t i = 0; i < e->n_inst; i++) {
		const struct instance *in = &e->inst[i];

		if (in->router == router && (!name || strcmp(in->name, name) == 0) &&
			(!driver || mp_ieq(in->driver, driver)))
			return in;
	}
	return NULL;
}

/* The hosts of "* relay.example.net byname". */
static const char *route_host(struct exim *e, const struct instance *in)
{
	struct mp_str s = mp_str(in->route_list), word;

	if (in->route_data)
		return in->route_data;
	if (!mta_next_word(&s, &word) || !mta_next_word(&s, &word))
		return in->route_list;
	return mp_dupstr(e->h->a, word);
}

/* The router that hands all mail on: one whose host is computed (tables of single domains) only where no other is. */
static const struct instance *relay_router(struct exim *e)
{
	const struct instance *computed = NULL;

	for (size_t i = 0; i < e->n_inst; i++) {
		const struct instance *in = &e->inst[i];

		if (!in->router || !mp_ieq(in->driver, "manualroute") || (!in->route_list && !in->route_data))
			continue;
		if (!strchr(route_host(e, in), '$'))
			return in;
		if (!computed)
			computed = in;
	}
	return computed;
}

static void conclude(struct exim *e, const char *file, struct mp_mta *out)
{
	struct mp_arena *a = e->h->a;
	const struct instance *router = find(e, true, NULL, "dnslookup"), *transport = NULL;
	const char *primary, *qualify, *from;

	if (!router) {
		router = relay_router(e);
		if (router) {
			out->relayhost = route_host(e, router);
			out->relayhost_origin = mp_printf(a, "router %s in %s", router->name, file);
		}
	}
	if (router && router->transport)
		transport = find(e, false, router->transport, "smtp");
	if (!transport)
		transport = find(e, false, "remote_smtp", NULL);
	if (!transport)
		transport = find(e, false, NULL, "smtp");
	primary = e->h->fqdn ? e->h->fqdn : e->h->hostname;
	from = "the default of primary_hostname";
	if (e->primary_hostname && *e->primary_hostname) {
		primary = expand(e, e->primary_hostname, NULL, NULL);
		from = "primary_hostname";
	}
	qualify = primary;
	out->domain_origin = mp_printf(a, "%s in %s", from, file);
	if (e->qualify_domain && *e->qualify_domain) {
		qualify = expand(e, e->qualify_domain, primary, NULL);
		out->domain_origin = mp_printf(a, "qualify_domain in %s", file);
	}
	out->domain = qualify;
	out->ehlo = primary;
	if (transport && transport->helo_data && *transport->helo_data) {
		out->ehlo = expand(e, transport->helo_data, primary, qualify);
		from = mp_printf(a, "helo_data of transport %s", transport->name);
	}
	out->ehlo_origin = mp_printf(a, "%s in %s", from, file);
	if (!out->ehlo)
		out->trouble = mp_printf(a, "%s is computed at run time", out->ehlo_origin);
	if (transport && transport->interface)
		add_interfaces(e, transport->interface, mp_printf(a, "interface in %s", file), out);
	if (e->disable_ipv6)
		out->family = MP_IPV4;
}

void mta_read_exim(const struct mta_host *h, struct mp_mta *out)
{
	static const char *const files[] = {"/etc/exim4/exim4.conf", "/var/lib/exim4/config.autogenerated",
		"/etc/exim/exim.conf", "/etc/exim.conf", "/usr/local/etc/exim/configure"};
	struct exim e = {.h = h, .steps = MTA_STEPS_MAX};
	const char *denied = NULL, *text;
	int sys;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		text = mta_file(h->a, h->root, files[i], &sys);
		if (text) {
			read_text(&e, mp_str(text), 0);
			conclude(&e, files[i], out);
			return;
		}
		if (sys != ENOENT && sys != ENOTDIR && !denied)
			denied = files[i];
		/* exim4.conf stands for itself: what the package would generate is not used beside it */
		if (denied && i == 0)
			break;
		if (i == 1 && read_debian(&e)) {
			conclude(&e, "/etc/exim4/update-exim4.conf.conf", out);
			return;
		}
	}
	out->trouble = mp_printf(h->a, "%s cannot be read by this user", denied ? denied : h->config);
}
