/* probe/names.c - see probe/names.h */
#include <idn2.h>

#include "base/text.h"
#include "probe/names.h"

static const char how_host[] = "a host name such as mail.example.com";
static const char how_address[] = "a mail address such as postmaster@example.com";
static const char how_ip[] = "an IP address such as 192.0.2.10 or 2001:db8::10";

enum { SHOWN = 48 };

const char *mp_shown(struct mp_arena *a, struct mp_str s)
{
	const char *text = mp_text(a, mp_strn(s.p, s.n < 4 * SHOWN ? s.n : 4 * SHOWN));
	size_t n = 0, len;

	if (strlen(text) <= SHOWN)
		return text;
	while ((len = mp_utf8_len(text + n, strlen(text + n))) != 0 && n + len <= SHOWN - 3)
		n += len;
	return mp_printf(a, "%.*s...", (int)n, text);
}

int mp_at(struct mp_err *err, const char *where)
{
	char msg[sizeof(err->msg)];

	if (!err)
		return MP_EINVAL;
	memcpy(msg, err->msg, sizeof(msg));
	/* A path can fill the line: its end, with the line number, tells more than its start. */
	if (strlen(where) > 120)
		return mp_fail(err, err->code, "...%s: %s", where + strlen(where) - 117, msg);
	return mp_fail(err, err->code, "%s: %s", where, msg);
}

static bool ascii(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	return true;
}

static bool has(struct mp_str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] && strchr(set, s.p[i]))
			return true;
	return false;
}

int mp_fit(struct mp_arena *a, struct mp_str s, size_t max, const char *how, struct mp_err *err)
{
	const char *safe;

	if (s.n == 0)
		return mp_fail(err, MP_EINVAL, "is empty; it should be %s", how);
	if (s.n > max)
		return mp_fail(
			err, MP_EINVAL, "is %zu bytes long, at most %zu are possible; it should be %s", s.n, max, how);
	if (memchr(s.p, '\r', s.n) || memchr(s.p, '\n', s.n))
		return mp_fail(err, MP_EINVAL, "'%s' holds a line break; it should be %s", mp_shown(a, s), how);
	if (!mp_utf8_valid(s))
		return mp_fail(err, MP_EINVAL, "'%s' is not UTF-8 text; it should be %s", mp_shown(a, s), how);
	safe = mp_text(a, s);
	if (strlen(safe) != s.n || memcmp(safe, s.p, s.n) != 0 || memchr(s.p, '\t', s.n))
		return mp_fail(err, MP_EINVAL, "'%s' holds a control character; it should be %s", mp_shown(a, s), how);
	return MP_OK;
}

/* IDN to A-labels; ASCII is lower-cased only, as libidn2 would also refuse names that are merely unusual. */
static int to_ascii(struct mp_arena *a, struct mp_str s, bool fold, const char **out, struct mp_err *err)
{
	char *text = mp_dupstr(a, s);
	uint8_t *puny = NULL;
	int rc;

	if (ascii(s)) {
		for (char *p = text; fold && *p; p++)
			*p = mp_tolower(*p);
		*out = text;
		return MP_OK;
	}
	rc = idn2_lookup_u8((const uint8_t *)text, &puny, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		return mp_fail(
			err, MP_EINVAL, "'%s' is no internationalised name: %s", mp_shown(a, s), idn2_strerror(rc));
	*out = mp_dup(a, (const char *)puny);
	idn2_free(puny);
	return MP_OK;
}

/* Sizes that the DNS allows. */
static int sizes(struct mp_arena *a, struct mp_str shown, const char *name, struct mp_err *err)
{
	struct mp_str rest = mp_str(name), label;

	if (strlen(name) > MP_HOST_MAX)
		return mp_fail(err, MP_EINVAL, "'%s' is too long: a host name has at most %d characters",
			mp_shown(a, shown), MP_HOST_MAX);
	while (mp_str_split(&rest, '.', &label))
		if (label.n > MP_LABEL_MAX)
			return mp_fail(err, MP_EINVAL, "'%s' has a part of more than %d characters between two dots",
				mp_shown(a, shown), MP_LABEL_MAX);
	return MP_OK;
}

int mp_domain_parse(struct mp_arena *a, struct mp_str s, const char **out, struct mp_err *err)
{
	struct mp_str name, rest, label = {NULL, 0};
	const char *text;
	bool digits = true;

	if (mp_fit(a, s, 1024, how_host, err) != MP_OK)
		return MP_EINVAL;
	name = s;
	if (name.n > 1 && name.p[name.n - 1] == '.')
		name.n--;
	if (has(name, " "))
		return mp_fail(err, MP_EINVAL, "'%s' holds a blank; it should be %s", mp_shown(a, s), how_host);
	if (to_ascii(a, name, true, &text, err) != MP_OK || sizes(a, s, text, err) != MP_OK)
		return MP_EINVAL;
	rest = mp_str(text);
	while (mp_str_split(&rest, '.', &label)) {
		if (label.n == 0)
			return mp_fail(err, MP_EINVAL, "'%s' has nothing between two dots; it should be %s",
				mp_shown(a, s), how_host);
		if (label.p[0] == '-' || label.p[label.n - 1] == '-')
			return mp_fail(err, MP_EINVAL, "'%s' has a hyphen at the edge of a part; it should be %s",
				mp_shown(a, s), how_host);
		digits = true;
		for (size_t i = 0; i < label.n; i++) {
			if (!mp_isalnum(label.p[i]) && label.p[i] != '-')
				return mp_fail(err, MP_EINVAL,
					"'%s' holds '%c', which no host name may; it should be %s", mp_shown(a, s),
					label.p[i], how_host);
			digits = digits && mp_isdigit(label.p[i]);
		}
	}
	if (digits)
		return mp_fail(err, MP_EINVAL, "'%s' ends in a number, as no domain does; it should be %s",
			mp_shown(a, s), how_host);
	*out = text;
	return MP_OK;
}

int mp_selector_parse(
	struct mp_arena *a, struct mp_str s, const char **selector, const char **domain, struct mp_err *err)
{
	struct mp_str rest = s, part, label, labels;
	const char *at = NULL;
	char *lower;

	mp_str_split(&rest, '@', &part);
	labels = part;
	if (part.n == 0 || part.n > MP_HOST_MAX)
		return mp_fail(err, MP_EINVAL,
			"'%s' is no DKIM selector; it should be one such as mail2026 or s1@example.com",
			mp_shown(a, s));
	while (mp_str_split(&labels, '.', &label)) {
		bool good = label.n > 0 && label.n <= MP_LABEL_MAX;

		for (size_t i = 0; i < label.n; i++)
			good = good && (mp_isalnum(label.p[i]) || label.p[i] == '-' || label.p[i] == '_');
		if (!good)
			return mp_fail(err, MP_EINVAL,
				"'%s' is no DKIM selector; it should be letters, digits, hyphens, such as mail2026 or s1@example.com",
				mp_shown(a, s));
	}
	if (rest.p && mp_domain_parse(a, rest, &at, err) != MP_OK)
		return MP_EINVAL;
	lower = mp_dupstr(a, part);
	for (char *p = lower; *p; p++)
		*p = mp_tolower(*p);
	*selector = lower;
	*domain = at;
	return MP_OK;
}

int mp_ehlo_parse(struct mp_arena *a, struct mp_str s, const char **out, struct mp_err *err)
{
	const char *text;

	if (mp_fit(a, s, 1024, how_host, err) != MP_OK)
		return MP_EINVAL;
	if (has(s, " "))
		return mp_fail(err, MP_EINVAL, "'%s' holds a blank; it should be %s", mp_shown(a, s), how_host);
	if (to_ascii(a, s, false, &text, err) != MP_OK)
		return MP_EINVAL;
	if (text[0] != '[' && sizes(a, s, text, err) != MP_OK)
		return MP_EINVAL;
	if (strlen(text) > MP_HOST_MAX)
		return mp_fail(err, MP_EINVAL, "'%s' is too long", mp_shown(a, s));
	*out = text;
	return MP_OK;
}

/* ---- mail addresses */

/*
 * Mailbox    = Local-part "@" ( Domain / address-literal )
 * Local-part = Dot-string / Quoted-string
 * Quoted-string = DQUOTE *( qtextSMTP / "\" %d32-126 ) DQUOTE
 *
 * Dots may stand anywhere in an unquoted local part: such mailboxes exist. Returns the length of the local part, 0 with
 * `err` when there is none.
 */
static size_t local_part(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	size_t i = 0;

	if (s.n && s.p[0] == '"') {
		for (i = 1; i < s.n && s.p[i] != '"'; i++)
			if (s.p[i] == '\\')
				i++;
		if (i >= s.n || i + 1 >= s.n || s.p[i + 1] != '@') {
			mp_fail(err, MP_EINVAL, "'%s' has a quote that does not end before its '@'; it should be %s",
				mp_shown(a, s), how_address);
			return 0;
		}
		i++;
	} else {
		for (i = 0; i < s.n && s.p[i] != '@'; i++) {
			if (s.p[i] != ' ' && !strchr("()<>[]:;,\\\"", s.p[i]))
				continue;
			mp_fail(err, MP_EINVAL, "'%s' holds '%c' outside quotes; it should be %s", mp_shown(a, s),
				s.p[i], how_address);
			return 0;
		}
		if (i == s.n) {
			mp_fail(err, MP_EINVAL, "'%s' has no '@'; it should be %s", mp_shown(a, s), how_address);
			return 0;
		}
		if (i == 0)
			mp_fail(err, MP_EINVAL, "'%s' has nothing before its '@'; it should be %s", mp_shown(a, s),
				how_address);
	}
	if (i > MP_LOCAL_MAX) {
		mp_fail(err, MP_EINVAL, "'%s' has more than %d bytes before its '@'", mp_shown(a, s), MP_LOCAL_MAX);
		return 0;
	}
	return i;
}

/* [192.0.2.1], [IPv6:2001:db8::1] */
static bool literal(struct mp_str s, struct mp_ip *ip)
{
	if (s.n < 3 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	s = mp_strn(s.p + 1, s.n - 2);
	if (mp_str_istarts(s, "IPv6:")) {
		s = mp_strn(s.p + 5, s.n - 5);
		return mp_ip_parse(s, ip) && memchr(s.p, ':', s.n);
	}
	return mp_ip_parse(s, ip) && ip->family == MP_IPV4 && !memchr(s.p, ':', s.n);
}

int mp_address_parse(struct mp_arena *a, struct mp_str s, unsigned allow, struct mp_address *out, struct mp_err *err)
{
	struct mp_address got = {0};
	struct mp_str whole = s, domain;
	size_t n;

	if (mp_fit(a, s, 1024, how_address, err) != MP_OK)
		return MP_EINVAL;
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = mp_strn(s.p + 1, s.n - 2);
	if (s.n == 0) {
		if (!(allow & MP_ADDRESS_NULL))
			return mp_fail(err, MP_EINVAL, "'<>' is no address here; it should be %s", how_address);
		*out = (struct mp_address){.text = "", .domain = ""};
		return MP_OK;
	}
	n = local_part(a, s, err);
	if (n == 0)
		return MP_EINVAL;
	domain = mp_strn(s.p + n + 1, s.n - n - 1);
	if (domain.n == 0)
		return mp_fail(err, MP_EINVAL, "'%s' has nothing behind its '@'; it should be %s", mp_shown(a, whole),
			how_address);
	if (memchr(domain.p, '@', domain.n))
		return mp_fail(err, MP_EINVAL, "'%s' has two '@'; it should be %s", mp_shown(a, whole), how_address);
	if (domain.p[0] == '[') {
		if (!(allow & MP_ADDRESS_LITERAL))
			return mp_fail(err, MP_EINVAL, "'%s' has no domain name behind its '@'; it should be %s",
				mp_shown(a, whole), how_address);
		if (!literal(domain, &got.ip))
			return mp_fail(err, MP_EINVAL,
				"'%s' ends in no address literal; those look like [192.0.2.1] or [IPv6:2001:db8::1]",
				mp_shown(a, whole));
		got.domain = mp_dupstr(a, domain);
	} else if (mp_domain_parse(a, domain, &got.domain, err) != MP_OK) {
		return MP_EINVAL;
	}
	got.text = mp_printf(a, "%.*s@%s", (int)n, s.p, got.domain);
	if (strlen(got.text) > MP_PATH_MAX)
		return mp_fail(err, MP_EINVAL, "'%s' is too long: an address has at most %d bytes", mp_shown(a, whole),
			MP_PATH_MAX);
	*out = got;
	return MP_OK;
}

/* ---- addresses of hosts, ports */

int mp_host_ip_parse(struct mp_arena *a, struct mp_str s, struct mp_ip *out, struct mp_err *err)
{
	struct mp_ip ip;

	if (mp_fit(a, s, MP_INPUT_MAX, how_ip, err) != MP_OK)
		return MP_EINVAL;
	if (!mp_ip_parse(s, &ip))
		return mp_fail(err, MP_EINVAL, "'%s' is not %s", mp_shown(a, s), how_ip);
	if (mp_ip_kind(&ip) == MP_IP_OTHER)
		return mp_fail(err, MP_EINVAL, "'%s' is an address that no host can have; it should be %s",
			mp_shown(a, s), how_ip);
	*out = ip;
	return MP_OK;
}

int mp_number_parse(struct mp_arena *a, struct mp_str s, uint32_t min, uint32_t max, const char *what, uint32_t *out,
	struct mp_err *err)
{
	uint64_t v;

	if (s.n == 0)
		return mp_fail(err, MP_EINVAL, "is empty; %s is a number from %u to %u", what, min, max);
	if (!mp_str_u64(s, max, &v) || v < min)
		return mp_fail(err, MP_EINVAL, "'%s' is out of range: %s is a number from %u to %u", mp_shown(a, s),
			what, min, max);
	*out = (uint32_t)v;
	return MP_OK;
}

static int port_parse(struct mp_arena *a, struct mp_str s, uint16_t *out, struct mp_err *err)
{
	uint32_t v = 0;

	if (mp_number_parse(a, s, 1, 65535, "a port", &v, err) != MP_OK)
		return MP_EINVAL;
	*out = (uint16_t)v;
	return MP_OK;
}

/* Split HOST[:PORT], [IP][:PORT]. A bare IPv6 address has no port. */
static int split_port(
	struct mp_arena *a, struct mp_str s, struct mp_str *host, bool *bracketed, uint16_t *port, struct mp_err *err)
{
	const char *colon;
	struct mp_ip ip;

	*bracketed = false;
	*host = s;
	if (mp_ip_parse(s, &ip))
		return MP_OK;
	if (s.n && s.p[0] == '[') {
		const char *end = memchr(s.p, ']', s.n);

		if (!end)
			return mp_fail(err, MP_EINVAL, "'%s' has no ']'; it should look like [2001:db8::1]:25",
				mp_shown(a, s));
		*host = mp_strn(s.p + 1, (size_t)(end - s.p) - 1);
		*bracketed = true;
		s = mp_strn(end + 1, s.n - host->n - 2);
		if (s.n == 0)
			return MP_OK;
		if (s.p[0] != ':')
			return mp_fail(
				err, MP_EINVAL, "'%s' behind the ']' should be a colon and a port", mp_shown(a, s));
		return port_parse(a, mp_strn(s.p + 1, s.n - 1), port, err);
	}
	colon = memchr(s.p, ':', s.n);
	if (!colon)
		return MP_OK;
	*host = mp_strn(s.p, (size_t)(colon - s.p));
	if (memchr(colon + 1, ':', s.n - host->n - 1))
		return mp_fail(err, MP_EINVAL,
			"'%s' has more than one colon; an IPv6 address and a port look like [2001:db8::1]:25",
			mp_shown(a, s));
	return port_parse(a, mp_strn(colon + 1, s.n - host->n - 1), port, err);
}

int mp_endpoint_parse(struct mp_arena *a, struct mp_str s, uint16_t port_or_else, struct mp_ip *ip, uint16_t *port,
	struct mp_err *err)
{
	static const char how[] = "IP[:PORT], such as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:53";
	struct mp_str host;
	bool bracketed;
	uint16_t p = port_or_else;

	if (mp_fit(a, s, MP_INPUT_MAX, how, err) != MP_OK || split_port(a, s, &host, &bracketed, &p, err) != MP_OK)
		return MP_EINVAL;
	if (!mp_ip_parse(host, ip) || mp_ip_kind(ip) == MP_IP_OTHER)
		return mp_fail(err, MP_EINVAL, "'%s' is not %s", mp_shown(a, s), how);
	*port = p;
	return MP_OK;
}

char *mp_endpoint_text(struct mp_arena *a, const struct mp_ip *ip, uint16_t port)
{
	char text[MP_IP_TEXT];

	mp_ip_text(ip, text);
	return mp_printf(a, ip->family == MP_IPV6 ? "[%s]:%u" : "%s:%u", text, port);
}

int mp_server_parse(
	struct mp_arena *a, struct mp_str s, const char **host, struct mp_ip *ip, uint16_t *port, struct mp_err *err)
{
	static const char how[] = "HOST[:PORT] or [IP]:PORT, such as mx1.example.net:25";
	struct mp_str name;
	struct mp_ip got = {0};
	bool bracketed;
	uint16_t p = *port;

	if (mp_fit(a, s, 1024, how, err) != MP_OK || split_port(a, s, &name, &bracketed, &p, err) != MP_OK)
		return MP_EINVAL;
	if (mp_ip_parse(name, &got)) {
		if (mp_ip_kind(&got) == MP_IP_OTHER)
			return mp_fail(err, MP_EINVAL, "'%s' is an address that no host can have", mp_shown(a, name));
		*host = NULL;
	} else {
		if (bracketed)
			return mp_fail(err, MP_EINVAL, "'%s' in brackets is not %s", mp_shown(a, name), how_ip);
		if (mp_domain_parse(a, name, host, err) != MP_OK)
			return MP_EINVAL;
	}
	*ip = got;
	*port = p;
	return MP_OK;
}

int mp_word_parse(struct mp_arena *a, struct mp_str s, const char *const *words, size_t *out, struct mp_err *err)
{
	struct mp_nearest near = {.word = s};
	const char *all = "";

	for (size_t n = 0; words[n]; n++) {
		if (mp_str_ieq(s, mp_str(words[n]))) {
			*out = n;
			return MP_OK;
		}
		mp_nearest_try(&near, words[n]);
		all = mp_printf(a, "%s%s%s", all, n == 0 ? "" : words[n + 1] ? ", " : " or ", words[n]);
	}
	if (s.n == 0)
		return mp_fail(err, MP_EINVAL, "is empty; it should be %s", all);
	return mp_fail(err, MP_EINVAL, "'%s' is not known%s; it should be %s", mp_shown(a, s),
		mp_did_you_mean(a, &near, ""), all);
}

bool mp_list_next(struct mp_str *s, struct mp_str *part)
{
	bool quoted = false;
	size_t i = 0;

	if (!s->p)
		return false;
	for (; i < s->n && (quoted || s->p[i] != ','); i++) {
		if (s->p[i] == '"')
			quoted = !quoted;
		else if (quoted && s->p[i] == '\\' && i + 1 < s->n)
			i++;
	}
	*part = mp_str_trim(mp_strn(s->p, i));
	*s = i < s->n ? mp_strn(s->p + i + 1, s->n - i - 1) : mp_strn(NULL, 0);
	return true;
}

/* ---- typing errors */

void mp_nearest_try(struct mp_nearest *n, const char *candidate)
{
	struct mp_str c = mp_str(candidate);
	size_t d, allowed = n->word.n < 5 ? 1 : n->word.n < 9 ? 2 : 3;

	/* A word cut short ("--time") is nearer than its distance says. */
	if (n->word.n >= 3 && c.n > n->word.n && mp_str_ieq(mp_strn(c.p, n->word.n), n->word))
		d = 1;
	else
		d = mp_typo_distance(n->word, c);
	if (d > allowed || d >= c.n || (n->best && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}

const char *mp_did_you_mean(struct mp_arena *a, const struct mp_nearest *n, const char *prefix)
{
	return n->best ? mp_printf(a, " (did you mean '%s%s'?)", prefix, n->best) : "";
}
