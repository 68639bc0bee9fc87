/* probe/mta_sendmail.c - what sendmail is configured to announce and to send from: sendmail.cf */
#include "base/buf.h"
#include "probe/mta.h"

struct sendmail {
	const struct mta_host *h;
	const char *j, *m, *w; /* macros that names are made of: $j, $m, $w; NULL: not defined here */
	const char *masquerade, *smarthost, *helo_name;
	size_t steps;
};

/* Append the text of a definition; false when it holds what is known at run time alone. */
static bool expand(struct sendmail *c, const char *text, unsigned depth, struct mp_buf *out)
{
	struct mp_str s = mp_str(text);
	const char *dot = strchr(c->h->hostname, '.'), *fqdn = c->h->fqdn, *value;

	if (depth > MTA_DEPTH_MAX || c->steps == 0)
		return false;
	c->steps--;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '$') {
			mp_buf_addc(out, s.p[i]);
			continue;
		}
		if (++i == s.n)
			return false;
		value = s.p[i] == 'j' ? c->j : s.p[i] == 'm' ? c->m : s.p[i] == 'w' ? c->w : NULL;
		if (value && !expand(c, value, depth + 1, out))
			return false;
		if (value)
			continue;
		/* Not defined: what sendmail makes of the host's name. */
		if (s.p[i] == 'w')
			mp_buf_add(out, c->h->hostname, dot ? (size_t)(dot - c->h->hostname) : strlen(c->h->hostname));
		else if (s.p[i] == 'm' && fqdn)
			mp_buf_adds(out, strchr(fqdn, '.') + 1);
		else if (s.p[i] == 'j' && fqdn)
			mp_buf_adds(out, fqdn);
		else
			return false;
	}
	return !out->full;
}

static const char *expanded(struct sendmail *c, const char *text)
{
	struct mp_buf b = MP_BUF(MTA_VALUE_MAX);
	const char *out = NULL;

	if (text && expand(c, text, 0, &b) && b.n)
		out = mp_dupn(c->h->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return out;
}

/* O ClientPortOptions=Family=inet, Addr=192.0.2.1 */
static void client_options(struct sendmail *c, struct mp_str s, struct mp_mta *out)
{
	struct mp_str item, key;

	while (mp_str_split(&s, ',', &item)) {
		if (!mp_str_split(&item, '=', &key) || !item.p)
			continue;
		key = mp_str_trim(key);
		/* sendmail knows these by their first letter */
		if (key.n && mp_toupper(key.p[0]) == 'A')
			mta_add_bind(
				out, mp_str_trim(item), mp_printf(c->h->a, "ClientPortOptions in %s", c->h->config));
	}
}

static void option(struct sendmail *c, struct mp_str s, struct mp_mta *out)
{
	struct mp_str name;

	if (!mp_str_split(&s, '=', &name) || !s.p)
		return;
	name = mp_str_trim(name);
	if (mp_str_ieq(name, MP_LIT("ClientPortOptions")))
		client_options(c, s, out);
	else if (mp_str_ieq(name, MP_LIT("HeloName")))
		c->helo_name = mp_dupstr(c->h->a, mp_str_trim(s));
}

static void one_line(struct sendmail *c, struct mp_str line, struct mp_mta *out)
{
	const char *value;

	if (line.n < 2)
		return;
	if (line.p[0] == 'O' && line.p[1] == ' ') {
		option(c, mp_strn(line.p + 2, line.n - 2), out);
		return;
	}
	if (line.p[0] != 'D')
		return;
	value = mp_dupstr(c->h->a, mp_str_trim(mp_strn(line.p + 2, line.n - 2)));
	switch (line.p[1]) {
	case 'j':
		c->j = value;
		break;
	case 'm':
		c->m = value;
		break;
	case 'w':
		c->w = value;
		break;
	case 'M':
		c->masquerade = value;
		break;
	case 'S':
		c->smarthost = value;
		break;
	default:
		break;
	}
}

void mta_read_sendmail(const struct mta_host *h, struct mp_mta *out)
{
	struct sendmail c = {.h = h, .steps = MTA_STEPS_MAX};
	const char *bytes = mta_file(h->a, h->root, h->config, NULL);
	struct mp_str text = mp_str(bytes), line;

	if (!bytes) {
		out->trouble = mp_printf(h->a, "%s cannot be read by this user", h->config);
		return;
	}
	while (mp_str_split(&text, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		one_line(&c, line, out);
	}
	out->ehlo = expanded(&c, c.helo_name && *c.helo_name ? c.helo_name : c.j ? c.j : "$j");
	out->ehlo_origin = mp_printf(h->a, "%s in %s",
		c.helo_name && *c.helo_name ? "HeloName"
		: c.j                       ? "Dj"
					    : "the default of $j",
		h->config);
	if (!out->ehlo)
		out->trouble =
			mp_printf(h->a, "%s cannot be worked out without the host's qualified name", out->ehlo_origin);
	out->domain = expanded(&c, c.masquerade && *c.masquerade ? c.masquerade : c.j ? c.j : "$j");
	out->domain_origin = mp_printf(h->a, "%s in %s",
		c.masquerade && *c.masquerade ? "DM"
		: c.j                         ? "Dj"
					      : "the default of $j",
		h->config);
	if (c.smarthost && *c.smarthost) {
		out->relayhost = c.smarthost;
		out->relayhost_origin = mp_printf(h->a, "DS in %s", h->config);
	}
}
