/* probe/mta_postfix.c - what Postfix is configured to announce and to send from: main.cf, and its transport in master.cf */
#include "base/buf.h"
#include "probe/mta.h"

struct param {
	struct mp_str name, value;
	const char *file;
};

struct params {
	const struct mta_host *h;
	struct param *v;
	size_t n, cap;
	const char *main_cf, *master_cf;
	size_t steps; /* expansions still allowed: values that name each other grow without end otherwise */
};

/* Parameters whose built-in values we need, and those that are empty unless set. */
static const struct {
	const char *name, *value;
} defaults[] = {
	{"smtp_helo_name", "$myhostname"},
	{"myorigin", "$myhostname"},
	{"inet_protocols", "all"},
	{"inet_interfaces", "all"},
	{"default_transport", "smtp"},
	{"relayhost", ""},
	{"smtp_bind_address", ""},
	{"smtp_bind_address6", ""},
};

static void set(struct params *p, struct mp_str name, struct mp_str value, const char *file)
{
	*MP_PUSH(p->h->a, p->v, p->n, p->cap) = (struct param){name, value, file};
}

/* The last one wins. */
static const struct param *find(const struct params *p, struct mp_str name)
{
	for (size_t i = p->n; i-- > 0;)
		if (mp_str_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

/*
 * The next logical line: text lines that begin with a blank continue the one before, comments and empty lines in between
 * do not end it.
 */
static bool logical_line(struct mp_arena *a, struct mp_str *text, struct mp_str *out)
{
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	struct mp_str rest = *text, line, trimmed;
	bool any = false;

	while (mp_str_split(&rest, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		trimmed = mp_str_trim(line);
		if (trimmed.n && trimmed.p[0] != '#') {
			if (any && !mp_isblank(line.p[0]))
				break;
			if (any)
				mp_buf_addc(&b, ' ');
			mp_buf_addstr(&b, trimmed);
			any = true;
		}
		*text = rest;
	}
	*out = mp_strn(mp_dupn(a, mp_buf_cstr(&b), b.n), b.n);
	mp_buf_release(&b);
	return any;
}

/* False when the file cannot be read. */
static bool read_main(struct params *p)
{
	const char *bytes = mta_file(p->h->a, p->h->root, p->main_cf, NULL);
	struct mp_str text = mp_str(bytes), line, name;

	while (logical_line(p->h->a, &text, &line)) {
		struct mp_str rest = line;

		if (memchr(line.p, '=', line.n) && mp_str_split(&rest, '=', &name))
			set(p, mp_str_trim(name), mp_str_trim(rest), p->main_cf);
	}
	return bytes;
}

/* "name=value" or "{ name = value }" behind -o. */
static void override(struct params *p, struct mp_str s)
{
	struct mp_str rest, name;

	s = mp_str_trim(s);
	rest = s;
	if (s.n && memchr(s.p, '=', s.n) && mp_str_split(&rest, '=', &name))
		set(p, mp_str_trim(name), mp_str_trim(rest), p->master_cf);
}

/* The -o options of one service of master.cf: name, type, private, unpriv, chroot, wakeup, maxproc, command, arguments. */
static void read_service(struct params *p, struct mp_str line, struct mp_str service)
{
	struct mp_str word;

	for (int field = 0; field < 8; field++) {
		if (!mta_next_word(&line, &word))
			return;
		if ((field == 0 && !mp_str_eq(word, service)) || (field == 1 && !mp_str_eq(word, MP_LIT("unix"))))
			return;
	}
	while (mta_next_word(&line, &word)) {
		if (word.n > 2 && word.p[0] == '-' && word.p[1] == 'o') {
			override(p, mp_strn(word.p + 2, word.n - 2));
			continue;
		}
		if (!mp_str_eq(word, MP_LIT("-o")))
			continue;
		line = mp_str_trim(line);
		if (line.n && line.p[0] == '{') {
			const char *end = memchr(line.p, '}', line.n);

			if (!end)
				return;
			override(p, mp_strn(line.p + 1, (size_t)(end - line.p) - 1));
			line = mp_strn(end + 1, line.n - (size_t)(end - line.p) - 1);
		} else if (mta_next_word(&line, &word)) {
			override(p, word);
		}
	}
}

static void read_master(struct params *p, struct mp_str service)
{
	struct mp_str text = mp_str(mta_file(p->h->a, p->h->root, p->master_cf, NULL)), line;

	while (logical_line(p->h->a, &text, &line))
		read_service(p, line, service);
}

/* ---- values */

static bool expand(struct params *p, struct mp_str s, unsigned depth, struct mp_buf *out);

/* Postfix's own idea of the host's name: gethostname(), made to look qualified. */
static bool add_hostname(struct params *p, struct mp_buf *out)
{
	const struct param *domain = find(p, MP_LIT("mydomain"));

	mp_buf_adds(out, p->h->hostname);
	if (strchr(p->h->hostname, '.'))
		return true;
	mp_buf_addc(out, '.');
	/* mydomain may be made of myhostname: then it cannot help here, nor could it Postfix. */
	if (domain && !(domain->value.n && memchr(domain->value.p, '$', domain->value.n)))
		return mp_buf_addstr(out, domain->value);
	return mp_buf_adds(out, "localdomain");
}

static bool add_value(struct params *p, struct mp_str name, unsigned depth, struct mp_buf *out)
{
	const struct param *set_to = find(p, name);

	if (p->steps == 0)
		return false;
	p->steps--;
	if (set_to)
		return expand(p, set_to->value, depth + 1, out);
	if (mp_str_eq(name, MP_LIT("myhostname")))
		return add_hostname(p, out);
	if (mp_str_eq(name, MP_LIT("mydomain"))) {
		struct mp_buf host = MP_BUF(MTA_VALUE_MAX);
		bool ok = add_value(p, MP_LIT("myhostname"), depth + 1, &host);
		const char *dot = strchr(mp_buf_cstr(&host), '.');

		mp_buf_adds(out, dot ? dot + 1 : "localdomain");
		mp_buf_release(&host);
		return ok;
	}
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (mp_str_eq(name, mp_str(defaults[i].name)))
			return expand(p, mp_str(defaults[i].value), depth + 1, out);
	return false;
}

/* Length of the text up to the bracket that closes the one at s.p[0], both included; 0 when there is none. */
static size_t bracketed(struct mp_str s, char open, char close)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == open)
			depth++;
		else if (s.p[i] == close && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The value of `text` in braces, {text}, or as it stands. */
static struct mp_str unbraced(struct mp_str s)
{
	s = mp_str_trim(s);
	if (s.n >= 2 && s.p[0] == '{' && bracketed(s, '{', '}') == s.n)
		return mp_str_trim(mp_strn(s.p + 1, s.n - 2));
	return s;
}

/* What stands in ${...}: name, name?text, name:text, name?{text}:{text}. Comparisons are not read. */
static bool expand_inner(struct params *p, struct mp_str s, unsigned depth, struct mp_buf *out)
{
	struct mp_str name, yes, no = {NULL, 0};
	struct mp_buf value = MP_BUF(MTA_VALUE_MAX);
	size_t n = 0, len;
	bool has;

	s = mp_str_trim(s);
	while (n < s.n && (mp_isalnum(s.p[n]) || s.p[n] == '_'))
		n++;
	name = mp_strn(s.p, n);
	if (n == 0 || (n < s.n && s.p[n] != '?' && s.p[n] != ':'))
		return false;
	if (n == s.n)
		return add_value(p, name, depth, out);
	has = add_value(p, name, depth + 1, &value) && value.n;
	mp_buf_release(&value);
	yes = mp_str_trim(mp_strn(s.p + n + 1, s.n - n - 1));
	if (s.p[n] == ':')
		return has || expand(p, unbraced(yes), depth + 1, out);
	len = yes.n && yes.p[0] == '{' ? bracketed(yes, '{', '}') : 0;
	if (len && len < yes.n) {
		no = mp_str_trim(mp_strn(yes.p + len, yes.n - len));
		if (no.p[0] != ':')
			return false;
		no = unbraced(mp_strn(no.p + 1, no.n - 1));
		yes = mp_strn(yes.p, len);
	}
	return expand(p, has ? unbraced(yes) : no, depth + 1, out);
}

/* False when the value cannot be told, or is larger than any name or address. */
static bool expand(struct params *p, struct mp_str s, unsigned depth, struct mp_buf *out)
{
	if (depth > MTA_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		struct mp_str rest = mp_strn(s.p + i + 1, s.n - i - 1);
		size_t n = 0;
		bool ok;

		if (s.p[i] != '$') {
			mp_buf_addc(out, s.p[i]);
			continue;
		}
		if (rest.n && rest.p[0] == '$') {
			mp_buf_addc(out, '$');
			i++;
			continue;
		}
		if (rest.n && (rest.p[0] == '{' || rest.p[0] == '(')) {
			n = bracketed(rest, rest.p[0], rest.p[0] == '{' ? '}' : ')');
			ok = n > 2 && expand_inner(p, mp_strn(rest.p + 1, n - 2), depth, out);
		} else {
			while (n < rest.n && (mp_isalnum(rest.p[n]) || rest.p[n] == '_'))
				n++;
			ok = n && add_value(p, mp_strn(rest.p, n), depth, out);
		}
		if (!ok)
			return false;
		i += n;
	}
	return !out->full;
}

/* NULL when it cannot be told. */
static const char *value(struct params *p, const char *name)
{
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	struct mp_str s;
	const char *text = NULL;

	if (add_value(p, mp_str(name), 0, &b) && !b.full) {
		s = mp_str_trim(mp_strn(mp_buf_cstr(&b), b.n));
		text = mp_dupstr(p->h->a, s);
	}
	mp_buf_release(&b);
	return text;
}

/* "myhostname in /etc/postfix/main.cf": the parameter that a value really comes from, or whose default it is. */
static const char *origin(struct params *p, const char *name)
{
	const struct param *set_to = find(p, mp_str(name));

	if (set_to)
		return mp_printf(p->h->a, "%s in %s", name, set_to->file);
	if (strcmp(name, "smtp_helo_name") == 0 || strcmp(name, "myorigin") == 0)
		return origin(p, "myhostname");
	return mp_printf(p->h->a, "the default of %s in %s", name, p->main_cf);
}

/* ---- what it comes to */

static enum mp_family family(struct params *p)
{
	const char *text = value(p, "inet_protocols");
	struct mp_str s = mp_str(text);
	bool v4 = mp_str_ifind(s, "ipv4") >= 0, v6 = mp_str_ifind(s, "ipv6") >= 0;

	if (v4 == v6 || mp_str_ifind(s, "all") >= 0)
		return MP_IPNONE;
	return v4 ? MP_IPV4 : MP_IPV6;
}

/* With one address of a family in inet_interfaces, that is sent from as well (unless it is loopback). */
static void bind_interfaces(struct params *p, struct mp_mta *out)
{
	const char *text = value(p, "inet_interfaces");
	struct mp_mta found = {0};
	struct mp_str rest = mp_str(text), word;
	size_t n4 = 0, n6 = 0;
	char *copy;

	if (!text || !*text)
		return;
	copy = mp_dup(p->h->a, text);
	for (char *c = copy; *c; c++)
		if (*c == ',')
			*c = ' ';
	rest = mp_str(copy);
	while (mta_next_word(&rest, &word)) {
		if (mp_str_ieq(word, MP_LIT("localhost")) || mp_str_ieq(word, MP_LIT("loopback-only")))
			continue;
		/* A name, or "all": which addresses that means cannot be told here. */
		if (!mta_add_bind(&found, word, NULL))
			return;
	}
	for (size_t i = 0; i < found.n_bind; i++)
		*(found.bind[i].family == MP_IPV4 ? &n4 : &n6) += mp_ip_kind(&found.bind[i]) != MP_IP_LOOPBACK;
	for (size_t i = 0; i < found.n_bind; i++) {
		const struct mp_ip *ip = &found.bind[i];
		char shown[MP_IP_TEXT];
		bool set_already = false;

		for (size_t k = 0; k < out->n_bind; k++)
			set_already = set_already || out->bind[k].family == ip->family;
		if (!set_already && mp_ip_kind(ip) != MP_IP_LOOPBACK && (ip->family == MP_IPV4 ? n4 : n6) == 1)
			mta_add_bind(out, mp_str(mp_ip_text(ip, shown)), origin(p, "inet_interfaces"));
	}
}

void mta_read_postfix(const struct mta_host *h, struct mp_mta *out)
{
	struct params p = {.h = h, .main_cf = h->config, .steps = MTA_STEPS_MAX};
	const char *transport, *text;
	struct mp_str rest, name = MP_LIT("smtp");

	p.master_cf = mp_printf(h->a, "%.*s/master.cf", (int)(strrchr(h->config, '/') - h->config), h->config);
	if (!read_main(&p)) {
		out->trouble = mp_printf(h->a, "%s cannot be read", p.main_cf);
		return;
	}
	transport = value(&p, "default_transport");
	rest = mp_str(transport);
	if (transport)
		mp_str_split(&rest, ':', &name);
	/* smtp:[relay.example.net] hands all mail on as well */
	if (rest.p && rest.n) {
		out->relayhost = mp_dupstr(h->a, rest);
		out->relayhost_origin = origin(&p, "default_transport");
	}
	read_master(&p, name.n ? name : MP_LIT("smtp"));
	text = value(&p, "relayhost");
	if (text && *text) {
		out->relayhost = text;
		out->relayhost_origin = origin(&p, "relayhost");
	}
	out->ehlo = value(&p, "smtp_helo_name");
	out->ehlo_origin = origin(&p, "smtp_helo_name");
	if (!out->ehlo || !*out->ehlo) {
		out->ehlo = NULL;
		out->trouble = mp_printf(h->a, "%s cannot be worked out", out->ehlo_origin);
	}
	text = value(&p, "myorigin");
	out->domain_origin = origin(&p, "myorigin");
	if (text && *text == '/')
		text = mta_first_word(h->a, h->root, text);
	out->domain = text && *text ? text : NULL;
	out->family = family(&p);
	text = value(&p, "smtp_bind_address");
	if (text)
		mta_add_bind(out, mp_str(text), origin(&p, "smtp_bind_address"));
	text = value(&p, "smtp_bind_address6");
	if (text)
		mta_add_bind(out, mp_str(text), origin(&p, "smtp_bind_address6"));
	bind_interfaces(&p, out);
}
