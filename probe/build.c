/*
 * probe/build.c - the case of options, configuration, the local MTA and the host; see mp_case_build() in probe/options.h
 *
 *  1. Whom: every --to becomes a target; aliases are looked up, the user's own first.
 *  2. Who: EHLO name from option or configuration, else the local MTA, else the host's qualified name.
 *  3. Sender: option or configuration, else postmaster at the MTA's domain, else at the EHLO name's organizational domain.
 *  4. From where: sources as given, else the MTA's, else as the kernel would route; public addresses paired with them.
 *  5. The hosts file's word on all of these names, the resolvers, and the run's own marks.
 */
#include "dns/observer.h" /* first: <uv.h> declares what base/banned.h forbids */

#include <errno.h>
#include <libpsl.h>
#include <sys/random.h>
#include <time.h>

#include "base/text.h"
#include "dns/dkim_key.h"
#include "probe/compose.h"
#include "probe/identity.h"
#include "probe/mailboxes.h"
#include "probe/names.h"
#include "probe/opendkim.h"
#include "probe/raw.h"
#include "probe/receivers.h"
#include "probe/rspamd.h"
#include "probe/sources.h"

struct build {
	struct mp_arena *a;
	const struct mp_options *o;
	const struct mp_raw *raw;
	struct mp_case *c;
	struct mp_identity id;
	struct mp_err *err;
};

static const struct mp_value *given(const struct build *b, enum mp_opt opt)
{
	return mp_raw_value(b->raw, opt);
}

static uint32_t number(const struct build *b, enum mp_opt opt, uint32_t or_else)
{
	const struct mp_value *v = given(b, opt);
	uint64_t n;

	return v && mp_str_u64(mp_str(v->text), UINT32_MAX, &n) ? (uint32_t)n : or_else;
}

static const char *shown_ip(struct build *b, const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return mp_dup(b->a, mp_ip_text(ip, text));
}

/* ---- 1. targets */

static const struct mp_own_target *own_target(const struct mp_raw *raw, const char *name)
{
	for (size_t i = 0; i < raw->n_targets; i++)
		if (mp_ieq(raw->targets[i].name, name))
			return &raw->targets[i];
	return NULL;
}

static int unknown_target(struct build *b, const char *word)
{
	struct mp_nearest near = {.word = mp_str(word)};

	for (size_t i = 0; i < mp_n_receivers; i++)
		mp_nearest_try(&near, mp_receivers[i].alias);
	for (size_t i = 0; i < b->raw->n_targets; i++)
		mp_nearest_try(&near, b->raw->targets[i].name);
	return mp_fail(b->err, MP_EINVAL, "unknown target '%s'%s; 'mailprobe targets' lists the known ones",
		mp_shown(b->a, mp_str(word)), mp_did_you_mean(b->a, &near, ""));
}

static int server_target(struct build *b, struct mp_str s, struct mp_target *t)
{
	t->kind = MP_TARGET_SERVER;
	if (mp_server_parse(b->a, s, &t->host, &t->address, &t->port, b->err) != MP_OK)
		return MP_EINVAL;
	t->domain = t->host ? t->host : shown_ip(b, &t->address);
	return MP_OK;
}

static int address_target(struct build *b, struct mp_str s, struct mp_target *t)
{
	struct mp_address ad;

	if (mp_address_parse(b->a, s, MP_ADDRESS_LITERAL, &ad, b->err) != MP_OK)
		return MP_EINVAL;
	t->rcpt = ad.text;
	t->domain = ad.domain;
	if (ad.ip.family != MP_IPNONE) {
		t->kind = MP_TARGET_SERVER;
		t->address = ad.ip;
		t->domain = shown_ip(b, &ad.ip);
	}
	return MP_OK;
}

static bool ascii_word(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '.' || (unsigned char)s.p[i] > 0x7f)
			return false;
	return true;
}

/* "gmail-mx", "gmail.com", "you@gmail.com", "mx:HOST:PORT". The recipient stays NULL where the text names none. */
static int parse_target(struct build *b, const char *text, struct mp_target *t)
{
	const struct mp_own_target *own = own_target(b->raw, text);
	const struct mp_receiver *known = own ? NULL : mp_receiver_by_alias(text);
	struct mp_str s = mp_str(text);
	struct mp_ip ip;

	*t = (struct mp_target){.text = text, .kind = MP_TARGET_DOMAIN, .port = (uint16_t)number(b, MP_OPT_PORT, 25)};
	if (own) {
		t->rcpt = own->rcpt.text;
		if (own->server.text)
			return server_target(b, mp_str(own->server.text), t);
		return mp_domain_parse(b->a, mp_str(own->domain.text), &t->domain, b->err);
	}
	if (known) {
		t->domain = known->domain;
		return MP_OK;
	}
	if (mp_str_istarts(s, "mx:"))
		return server_target(b, mp_strn(s.p + 3, s.n - 3), t);
	if (strchr(text, '@'))
		return address_target(b, s, t);
	if (mp_ip_parse(s, &ip) || text[0] == '[')
		return mp_fail(
			b->err, MP_EINVAL, "'%s' is an address: one server is written mx:[IP]:PORT", mp_shown(b->a, s));
	/* "gmial-mx": no domain. In other scripts a dot may be another character. */
	if (ascii_word(s))
		return unknown_target(b, text);
	return mp_domain_parse(b->a, s, &t->domain, b->err);
}

/* The recipient: the target's own, else --rcpt, else its postmaster. */
static int find_rcpt(struct build *b, struct mp_target *t)
{
	const struct mp_value *v = given(b, MP_OPT_RCPT);
	const char *text = t->rcpt ? t->rcpt : v ? v->text : NULL;
	struct mp_address ad;

	if (!text) {
		/* RFC 5321 4.5.1: every server takes mail for "postmaster", and knows its own domain. */
		t->rcpt = t->kind == MP_TARGET_SERVER ? "postmaster" : mp_printf(b->a, "postmaster@%s", t->domain);
		t->rcpt_assumed = true;
		return MP_OK;
	}
	if (mp_ieq(text, "postmaster") || mp_ieq(text, "<postmaster>")) {
		t->rcpt = "postmaster";
		return MP_OK;
	}
	if (mp_address_parse(b->a, mp_str(text), MP_ADDRESS_LITERAL, &ad, b->err) != MP_OK)
		return MP_EINVAL;
	t->rcpt = ad.text;
	return MP_OK;
}

static bool same_target(const struct mp_target *x, const struct mp_target *y)
{
	return x->kind == y->kind && x->port == y->port && mp_ieq(x->domain, y->domain) &&
	       strcmp(x->rcpt, y->rcpt) == 0;
}

/* A mailbox belongs to the target that sends to its address; where there is none it is one by itself. */
static int mailbox_targets(struct build *b, struct mp_target *list, size_t *n)
{
	for (size_t i = 0; i < b->c->n_mailboxes; i++) {
		const struct mp_mailbox *m = &b->c->mailboxes[i];
		struct mp_target *t = NULL;

		for (size_t k = 0; k < *n && !t; k++)
			if (!list[k].mailbox && mp_ieq(list[k].rcpt, m->address))
				t = &list[k];
		if (!t) {
			t = &list[(*n)++];
			if (parse_target(b, m->address, t) != MP_OK || find_rcpt(b, t) != MP_OK)
				return mp_at(b->err, mp_printf(b->a, "[mailbox %s]", m->name));
		}
		t->mailbox = m->name;
	}
	return MP_OK;
}

static int find_targets(struct build *b)
{
	const struct mp_values *to = &b->raw->opt[MP_OPT_TO];
	struct mp_target *list = mp_allocn(b->a, to->n + b->c->n_mailboxes, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < to->n; i++) {
		struct mp_target t;
		bool twice = false;

		if (parse_target(b, to->v[i].text, &t) != MP_OK || find_rcpt(b, &t) != MP_OK)
			return mp_at(b->err, to->v[i].where);
		if (t.address.family != MP_IPNONE && b->c->family != MP_IPNONE && t.address.family != b->c->family)
			return mp_fail(b->err, MP_EINVAL, "--to %s is not an IPv%d address, and -%d allows no other",
				mp_shown(b->a, mp_str(t.text)), b->c->family, b->c->family);
		/* Asking the same server the same thing again tells nothing. */
		for (size_t k = 0; k < n; k++)
			twice = twice || same_target(&list[k], &t);
		if (!twice)
			list[n++] = t;
	}
	if (mailbox_targets(b, list, &n) != MP_OK)
		return MP_EINVAL;
	b->c->targets = list;
	b->c->n_targets = n;
	return MP_OK;
}

/* ---- 2. names */

static int no_ehlo(struct build *b)
{
	if (b->id.mta.name)
		return mp_fail(b->err, MP_EINVAL,
			"the name to announce is not known: %s: %s; give the one that it announces: --ehlo NAME",
			b->id.mta.name, b->id.mta.trouble ? b->id.mta.trouble : "its configuration names none");
	return mp_fail(b->err, MP_EINVAL,
		"the name to announce is not known: there is no local MTA, and the host name '%s' is not fully qualified; give --ehlo NAME",
		mp_shown(b->a, mp_str(b->id.hostname)));
}

static int find_ehlo(struct build *b, bool needed)
{
	const struct mp_value *v = given(b, MP_OPT_EHLO);
	const struct mp_mta *mta = &b->id.mta;
	const char *text, *origin;

	if (v) {
		text = v->text;
		origin = v->where;
	} else if (!needed) {
		return MP_OK;
	} else if (mta->name) {
		text = mta->ehlo;
		origin = mp_printf(b->a, "%s (%s)", mta->name, mta->ehlo_origin);
	} else {
		text = b->id.fqdn;
		origin = b->id.fqdn_origin;
	}
	if (!text)
		return no_ehlo(b);
	if (mp_ehlo_parse(b->a, mp_str(text), &b->c->ehlo, b->err) != MP_OK)
		return mp_at(b->err, origin);
	b->c->ehlo_origin = mp_text(b->a, mp_str(origin));
	return MP_OK;
}

/* ---- 3. the sender */

/* The organizational domain of a host name, by the public suffix list; NULL when it has none. */
static const char *organizational(struct build *b, const char *host)
{
	const psl_ctx_t *psl = psl_builtin();
	char *lower = mp_dup(b->a, host);
	size_t n = strlen(lower);

	for (char *p = lower; *p; p++)
		*p = mp_tolower(*p);
	if (n && lower[n - 1] == '.')
		lower[n - 1] = '\0';
	if (host[0] == '[' || !strchr(lower, '.') || !psl)
		return NULL;
	return mp_dup(b->a, psl_registrable_domain(psl, lower));
}

/* postmaster at the domain; false when that is no address. */
static bool postmaster_at(struct build *b, const char *domain, const char *origin)
{
	struct mp_address ad;

	if (!domain || mp_address_parse(b->a, mp_str(mp_printf(b->a, "postmaster@%s", domain)), 0, &ad, NULL) != MP_OK)
		return false;
	b->c->mail_from = ad.text;
	b->c->mail_from_origin = mp_text(b->a, mp_str(origin));
	return true;
}

static int find_sender(struct build *b)
{
	const struct mp_value *from = given(b, MP_OPT_FROM), *header = given(b, MP_OPT_HEADER_FROM);
	const char *in_file;
	const struct mp_mta *mta = &b->id.mta;
	struct mp_address ad;

	if (mp_compose_from(b->a, b->o, &in_file, b->err) != MP_OK)
		return MP_EINVAL;
	if (from) {
		if (mp_address_parse(b->a, mp_str(from->text), MP_ADDRESS_NULL, &ad, b->err) != MP_OK)
			return mp_at(b->err, from->where);
		b->c->mail_from = ad.text;
		b->c->mail_from_origin = mp_text(b->a, mp_str(from->where));
		if (!*ad.text && !header && !in_file)
			return mp_fail(b->err, MP_EINVAL,
				"%s <> names no domain: give the message's From: as well, --header-from ADDR",
				from->where);
	} else if (!postmaster_at(b, mta->domain,
			   mta->domain ? mp_printf(b->a, "%s (%s)", mta->name, mta->domain_origin) : "") &&
		   !postmaster_at(b, organizational(b, b->c->ehlo), MP_FROM_EHLO "'s organizational domain") &&
		   !postmaster_at(
			   b, strchr(b->c->ehlo, '.') ? NULL : b->c->ehlo, MP_FROM_EHLO ", which has one label")) {
		return mp_fail(b->err, MP_EINVAL,
			"the sender's domain is not known, and the EHLO name '%s' does not tell it; give --from ADDR",
			mp_shown(b->a, mp_str(b->c->ehlo)));
	}
	if (mp_address_parse(b->a,
		    mp_str(header     ? header->text
			    : in_file ? in_file
				      : b->c->mail_from),
		    0, &ad, b->err) != MP_OK)
		return mp_at(b->err, header ? header->where : "--from");
	if (header && in_file && strcmp(ad.text, in_file) != 0)
		return mp_fail(b->err, MP_EINVAL,
			"--header-from %s, and the message's own From: is %s: leave one of them out", ad.text, in_file);
	b->c->header_from = ad.text;
	b->c->domain = ad.domain;
	return MP_OK;
}

/* ---- 4. sources */

static int given_sources(struct build *b, struct mp_source *list, size_t *n)
{
	const struct mp_values *vs = &b->raw->opt[MP_OPT_SOURCE];

	for (size_t i = 0; i < vs->n; i++) {
		struct mp_ip ip;
		int sys;

		mp_ip_parse(mp_str(vs->v[i].text), &ip);
		if (b->c->family != MP_IPNONE && ip.family != b->c->family) {
			/* -4 beside a configuration with both: a choice among them, not a contradiction. */
			if (vs->layer != MP_LAYER_ARGV)
				continue;
			return mp_fail(b->err, MP_EINVAL, "%s %s is not an IPv%d address, and -%d allows no other",
				vs->v[i].where, shown_ip(b, &ip), b->c->family, b->c->family);
		}
		if (!mp_ip_is_ours(&ip, &sys)) {
			mp_fail(b->err, MP_EINVAL, "%s is not an address of this host%s", shown_ip(b, &ip),
				mp_ip_kind(&ip) == MP_IP_LINKLOCAL ? " that mail can be sent from (link-local)" : "");
			return mp_at(b->err, vs->v[i].where);
		}
		for (size_t k = 0; k < *n; k++)
			if (mp_ip_eq(&list[k].address, &ip)) {
				mp_fail(b->err, MP_EINVAL, "%s is given twice", shown_ip(b, &ip));
				return mp_at(b->err, vs->v[i].where);
			}
		list[(*n)++].address = ip;
	}
	if (*n == 0)
		return mp_fail(b->err, MP_EINVAL,
			"the configuration's source has no IPv%d address, and -%d allows no other", b->c->family,
			b->c->family);
	b->c->sources_origin = mp_text(b->a, mp_str(vs->v[0].where));
	return MP_OK;
}

/* The addresses that the local MTA binds to; a family without one is left to the route, as the MTA leaves it. */
static void mta_sources(
	struct build *b, const struct mp_route_wish *wish, struct mp_source *list, size_t *n, const char **unusable)
{
	const struct mp_mta *mta = &b->id.mta;

	for (size_t i = 0; i < mta->n_bind && *n < MP_BIND_MAX; i++) {
		bool known = false;
		int sys;

		if (mta->bind[i].family == MP_IPV4 ? !wish->v4 : !wish->v6)
			continue;
		if (!mp_ip_is_ours(&mta->bind[i], &sys)) {
			*unusable = shown_ip(b, &mta->bind[i]);
			continue;
		}
		for (size_t k = 0; k < *n; k++)
			known = known || mp_ip_eq(&list[k].address, &mta->bind[i]);
		if (!known)
			list[(*n)++].address = mta->bind[i];
	}
}

static bool has_family(const struct mp_source *list, size_t n, enum mp_family f)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].address.family == f)
			return true;
	return false;
}

/* Where every target is one server given by address, only the routes there matter. */
static void wish_for(struct build *b, enum mp_family only, struct mp_route_wish *wish)
{
	struct mp_ip *to = mp_allocn(b->a, b->c->n_targets, sizeof(*to));
	bool any4 = false, any6 = false;

	*wish = (struct mp_route_wish){.v4 = only != MP_IPV6, .v6 = only != MP_IPV4};
	for (size_t i = 0; i < b->c->n_targets; i++) {
		const struct mp_ip *ip = &b->c->targets[i].address;

		if (ip->family == MP_IPNONE)
			return;
		to[i] = *ip;
		any4 = any4 || ip->family == MP_IPV4;
		any6 = any6 || ip->family == MP_IPV6;
	}
	if (b->c->n_targets == 0)
		return;
	wish->to = to;
	wish->n_to = b->c->n_targets;
	wish->v4 = wish->v4 && any4;
	wish->v6 = wish->v6 && any6;
}

/* Without any address the run goes on: that nothing can be reached is what its report says. */
static int no_sources(struct build *b, enum mp_family only)
{
	struct mp_ip *all;

	b->c->sources_origin = "none: this host has no address";
	if (only == MP_IPNONE || mp_ip_all_ours(b->a, &all) == 0)
		return MP_OK;
	return mp_fail(b->err, MP_EINVAL,
		"this host has no IPv%d address to send from; give --source IP, or allow IPv%d", only,
		only == MP_IPV4 ? MP_IPV6 : MP_IPV4);
}

static int own_sources(struct build *b, struct mp_source *list, size_t *n)
{
	enum mp_family only = b->c->family != MP_IPNONE ? b->c->family : b->id.mta.family;
	const char *unusable = NULL, *how, *origin = NULL;
	struct mp_route_wish wish;
	struct mp_ip routed[2];
	size_t n_routed;

	wish_for(b, only, &wish);
	if (!wish.v4 && !wish.v6)
		return mp_fail(b->err, MP_EINVAL,
			"--to is an IPv%d address, and %s is configured to use IPv%d alone; give --source IP",
			b->c->targets[0].address.family, b->id.mta.name, only);
	mta_sources(b, &wish, list, n, &unusable);
	if (*n)
		origin = mp_printf(b->a, "%s (%s)", b->id.mta.name, b->id.mta.bind_origin);
	wish.v4 = wish.v4 && !has_family(list, *n, MP_IPV4);
	wish.v6 = wish.v6 && !has_family(list, *n, MP_IPV6);
	n_routed = mp_sources_by_route(b->a, &wish, routed, &how);
	/* Beside an address that the MTA chose, one that leads nowhere is no second source. */
	if (*n && strcmp(how, "route") != 0)
		n_routed = 0;
	for (size_t i = 0; i < n_routed; i++)
		list[(*n)++].address = routed[i];
	if (*n == 0)
		return no_sources(b, only);
	if (origin && n_routed)
		origin = mp_printf(b->a, "%s, route", origin);
	else if (!origin)
		origin = how;
	if (unusable)
		origin = mp_printf(b->a, "%s (%s's %s, in %s, is not an address of this host)", origin, b->id.mta.name,
			unusable, b->id.mta.bind_origin);
	b->c->sources_origin = mp_text(b->a, mp_str(origin));
	return MP_OK;
}

static int pair_public(struct build *b, struct mp_source *list, size_t n)
{
	const struct mp_values *vs = &b->raw->opt[MP_OPT_PUBLIC_IP];
	/* Sources that were given have an order to go by; else, and with one public address, the family tells. */
	bool by_position = b->raw->opt[MP_OPT_SOURCE].n && vs->n > 1;

	for (size_t i = 0; i < vs->n; i++) {
		struct mp_ip ip;
		size_t at = by_position ? i : 0;

		mp_ip_parse(mp_str(vs->v[i].text), &ip);
		while (!by_position && at < n &&
			(list[at].public_ip.family != MP_IPNONE || list[at].address.family != ip.family))
			at++;
		if (at >= n) {
			mp_fail(b->err, MP_EINVAL, "%s has no source address of IPv%d to belong to", shown_ip(b, &ip),
				ip.family);
			return mp_at(b->err, vs->v[i].where);
		}
		if (list[at].address.family != ip.family) {
			mp_fail(b->err, MP_EINVAL,
				"%s does not fit the source at its position, %s: both must be IPv4 or IPv6",
				shown_ip(b, &ip), shown_ip(b, &list[at].address));
			return mp_at(b->err, vs->v[i].where);
		}
		list[at].public_ip = ip;
	}
	return MP_OK;
}

static int find_sources(struct build *b)
{
	size_t given_n = b->raw->opt[MP_OPT_SOURCE].n, n = 0;
	struct mp_source *list = mp_allocn(b->a, given_n + MP_BIND_MAX + 2, sizeof(*list));

	if ((given_n ? given_sources(b, list, &n) : own_sources(b, list, &n)) != MP_OK)
		return MP_EINVAL;
	if (pair_public(b, list, n) != MP_OK)
		return MP_EINVAL;
	for (size_t i = 0; i < b->c->n_targets && given_n; i++) {
		const struct mp_ip *to = &b->c->targets[i].address;

		if (to->family != MP_IPNONE && !has_family(list, n, to->family))
			return mp_fail(b->err, MP_EINVAL,
				"no --source is of the family of --to %s: give an IPv%d address as well",
				mp_shown(b->a, mp_str(b->c->targets[i].text)), to->family);
	}
	b->c->sources = list;
	b->c->n_sources = n;
	return MP_OK;
}

/* ---- DKIM selectors and their keys */

enum { KEY_FILE_MAX = 65536 };

/* The public half of the private key in a file. The bytes are wiped. */
static int read_key_file(struct build *b, const char *path, const char **out, struct mp_err *err)
{
	const char *shown = mp_shown(b->a, mp_str(path));
	char *bytes = mp_xmalloc(KEY_FILE_MAX);
	struct mp_err why = {.msg = ""};
	FILE *f = fopen(path, "rbe");
	size_t n = 0;
	int rc = MP_OK;

	/* Unbuffered: no copy of the key stays behind in the library. */
	if (f && setvbuf(f, NULL, _IONBF, 0) == 0)
		n = fread(bytes, 1, KEY_FILE_MAX, f);
	if (!f || ferror(f))
		rc = mp_fail(err, MP_EINVAL, "cannot read '%s': %s", shown, strerror(errno));
	else if (n == KEY_FILE_MAX)
		rc = mp_fail(err, MP_EINVAL, "'%s' is too large for a private key", shown);
	else if (dns_dkim_public_of_pem(b->a, mp_strn(bytes, n), out, &why) != MP_OK)
		rc = mp_fail(err, MP_EINVAL, "'%s' %.150s", shown, why.msg);
	if (f)
		fclose(f);
	explicit_bzero(bytes, KEY_FILE_MAX);
	free(bytes);
	return rc;
}

static int read_key(struct build *b, const struct mp_value *v, const char **out)
{
	return read_key_file(b, v->text, out, b->err) == MP_OK ? MP_OK : mp_at(b->err, v->where);
}

/* Those of the local signer, with their keys where this user may read them. */
static void local_selectors(struct build *b)
{
	struct mp_selector *list = mp_allocn(b->a, MP_SIGNER_MAX, sizeof(*list));

	b->c->n_selectors = mp_opendkim_selectors(b->a, b->raw->root, b->c->header_from, b->c->domain, list);
	if (!b->c->n_selectors)
		b->c->n_selectors = mp_rspamd_selectors(b->a, b->raw->root, b->c->header_from, b->c->domain, list);
	b->c->selectors = list;
	for (size_t i = 0; i < b->c->n_selectors; i++) {
		const char *path = list[i].key_origin;

		if (!path || read_key_file(b, mp_printf(b->a, "%s%s", b->raw->root, path), &list[i].public_key, NULL) !=
				     MP_OK)
			list[i].key_origin = NULL;
	}
}

static int find_selectors(struct build *b)
{
	const struct mp_values *names = &b->raw->opt[MP_OPT_SELECTOR], *keys = &b->raw->opt[MP_OPT_DKIM_KEY];
	struct mp_selector *list = mp_allocn(b->a, names->n, sizeof(*list));

	if (keys->n && keys->n != names->n)
		return mp_fail(b->err, MP_EINVAL,
			"%zu of --selector and %zu of --dkim-key: each key belongs to the selector at the same position",
			names->n, keys->n);
	if (!names->n) {
		local_selectors(b);
		return MP_OK;
	}
	for (size_t i = 0; i < names->n; i++) {
		struct mp_selector *s = &list[i];

		mp_selector_parse(b->a, mp_str(names->v[i].text), &s->selector, &s->domain, NULL);
		if (!s->domain)
			s->domain = b->c->domain;
		s->origin = mp_text(b->a, mp_str(names->v[i].where));
		for (size_t k = 0; k < i; k++)
			if (mp_ieq(list[k].selector, s->selector) && mp_ieq(list[k].domain, s->domain)) {
				mp_fail(b->err, MP_EINVAL, "%s at %s is given twice", s->selector, s->domain);
				return mp_at(b->err, names->v[i].where);
			}
		if (!keys->n)
			continue;
		if (read_key(b, &keys->v[i], &s->public_key) != MP_OK)
			return MP_EINVAL;
		s->key_origin = mp_text(b->a, mp_str(keys->v[i].text));
	}
	b->c->selectors = list;
	b->c->n_selectors = names->n;
	return MP_OK;
}

/* ---- 5. the rest */

static void find_hosts(struct build *b)
{
	const char *names[] = {b->c->hostname, b->c->fqdn, b->c->ehlo};
	struct mp_ip *ips = mp_allocn(b->a, b->c->n_sources, sizeof(*ips));

	for (size_t i = 0; i < b->c->n_sources; i++)
		ips[i] = b->c->sources[i].address;
	b->c->n_hosts =
		mp_hosts_entries(b->a, b->raw->root, names, ARRAY_LEN(names), ips, b->c->n_sources, &b->c->hosts);
}

static void find_resolvers(struct build *b)
{
	const struct mp_values *vs = &b->raw->opt[MP_OPT_RESOLVER];
	const char **list = mp_allocn(b->a, vs->n, sizeof(*list));
	struct mp_ip ip;
	uint16_t port;

	if (vs->n == 0) {
		b->c->n_resolvers = dns_system_resolvers(b->a, &b->c->resolvers);
		if (b->c->n_resolvers > MP_CASE_RESOLVERS_MAX)
			b->c->n_resolvers = MP_CASE_RESOLVERS_MAX;
		return;
	}
	for (size_t i = 0; i < vs->n; i++) {
		mp_endpoint_parse(b->a, mp_str(vs->v[i].text), 53, &ip, &port, NULL);
		list[i] = mp_endpoint_text(b->a, &ip, port);
	}
	b->c->resolvers = list;
	b->c->n_resolvers = vs->n;
}

/* Random text of `n` characters out of `alphabet`, the first of them a letter where `letter_first`. */
static const char *marks(struct mp_arena *a, const char *alphabet, size_t n, bool letter_first)
{
	uint8_t bytes[32];
	char *out = mp_alloc(a, n + 1);
	size_t got = 0;

	while (got < n) {
		ssize_t k = getrandom(bytes + got, n - got, 0);

		if (k > 0)
			got += (size_t)k;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = alphabet[bytes[i] % (letter_first && i == 0 ? 26 : strlen(alphabet))];
	return out;
}

static void mark_run(struct build *b)
{
	struct timespec now;
	size_t n = (size_t)b->raw->argc;
	const char **argv;

	clock_gettime(CLOCK_REALTIME, &now);
	b->c->started_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	b->c->run_id = marks(b->a, "0123456789abcdef", 16, false);
	b->c->nonce = marks(b->a, "abcdefghijklmnopqrstuvwxyz0123456789", 12, true);
	if (n > MP_CASE_ARGV_MAX)
		n = MP_CASE_ARGV_MAX;
	argv = mp_allocn(b->a, n, sizeof(*argv));
	for (size_t i = 0; i < n; i++) {
		struct mp_str s = mp_str(b->raw->argv[i]);

		/* Escapes make four bytes of one. */
		argv[i] = mp_text(b->a, s.n > MP_CASE_TEXT_MAX / 8 ? mp_str(mp_shown(b->a, s)) : s);
	}
	b->c->argv = argv;
	b->c->n_argv = n;
}

/* ---- single checks: of an address or a domain, not of this host */

static int build_ptr(struct build *b)
{
	struct mp_source *s = mp_alloc(b->a, sizeof(*s));

	if (mp_host_ip_parse(b->a, mp_str(b->o->args[0]), &s->address, b->err) != MP_OK)
		return mp_at(b->err, "ptr");
	b->c->arg = shown_ip(b, &s->address);
	b->c->sources = s;
	b->c->n_sources = 1;
	b->c->sources_origin = "argument";
	return find_ehlo(b, false);
}

static int build_mx(struct build *b)
{
	struct mp_target *t = mp_alloc(b->a, sizeof(*t));

	t->text = b->o->args[0];
	t->port = (uint16_t)number(b, MP_OPT_PORT, 25);
	if (mp_domain_parse(b->a, mp_str(t->text), &t->domain, b->err) != MP_OK || find_rcpt(b, t) != MP_OK)
		return mp_at(b->err, "mx");
	b->c->arg = t->domain;
	b->c->targets = t;
	b->c->n_targets = 1;
	return MP_OK;
}

static int build_dnsbl(struct build *b)
{
	struct mp_source *s = mp_alloc(b->a, sizeof(*s));

	if (mp_ip_parse(mp_str(b->o->args[0]), &s->address)) {
		if (mp_host_ip_parse(b->a, mp_str(b->o->args[0]), &s->address, b->err) != MP_OK)
			return mp_at(b->err, "dnsbl");
		b->c->arg = shown_ip(b, &s->address);
		b->c->sources = s;
		b->c->n_sources = 1;
		b->c->sources_origin = "argument";
		return MP_OK;
	}
	if (mp_domain_parse(b->a, mp_str(b->o->args[0]), &b->c->domain, b->err) != MP_OK)
		return mp_at(b->err, "dnsbl");
	b->c->arg = b->c->domain;
	return MP_OK;
}

/* A claim as it came; non-ASCII domains in A-labels where they can be. */
static const char *claimed(struct build *b, const char *text, bool address)
{
	const char *at = address ? strrchr(text, '@') : NULL, *domain = at ? at + 1 : text, *converted;
	bool ascii = true;

	for (const char *p = domain; *p; p++)
		ascii = ascii && (unsigned char)*p < 0x80;
	if (ascii || mp_domain_parse(b->a, mp_str(domain), &converted, NULL) != MP_OK)
		return text;
	return mp_printf(b->a, "%.*s%s", (int)(domain - text), text, converted);
}

/* Of a client elsewhere: nothing of this host comes into it. `*sender` is "" for the null sender. */
static int read_client(struct build *b, struct mp_str *sender)
{
	const struct mp_value *ip = given(b, MP_OPT_IP), *helo = given(b, MP_OPT_HELO), *from = given(b, MP_OPT_FROM);
	struct mp_source *s = mp_alloc(b->a, sizeof(*s));

	*sender = mp_str("");
	if (ip && mp_host_ip_parse(b->a, mp_str(ip->text), &s->address, b->err) != MP_OK)
		return mp_at(b->err, ip->where);
	if (ip) {
		b->c->sources = s;
		b->c->n_sources = 1;
		b->c->sources_origin = ip->where;
	}
	if (helo) {
		b->c->ehlo = claimed(b, helo->text, false);
		b->c->ehlo_origin = helo->where;
	}
	/* A sender of the configuration is that of this host. */
	if (!from || b->raw->opt[MP_OPT_FROM].layer != MP_LAYER_ARGV)
		return MP_OK;
	*sender = mp_str(from->text);
	if (sender->n >= 2 && sender->p[0] == '<' && sender->p[sender->n - 1] == '>')
		*sender = mp_strn(sender->p + 1, sender->n - 2);
	b->c->mail_from = claimed(b, mp_dupstr(b->a, *sender), true);
	b->c->mail_from_origin = from->where;
	return MP_OK;
}

static int build_spf(struct build *b)
{
	struct mp_str sender;
	const char *at;

	if (read_client(b, &sender) != MP_OK)
		return MP_EINVAL;
	if (!sender.n && !b->c->ehlo)
		return mp_fail(b->err, MP_EINVAL, "the null sender is judged by the client's name: give --helo NAME");
	b->c->arg = shown_ip(b, &b->c->sources[0].address);
	if (!b->c->mail_from)
		b->c->mail_from = "";
	at = strrchr(b->c->mail_from, '@');
	b->c->domain = !sender.n ? b->c->ehlo : at ? at + 1 : b->c->mail_from;
	return MP_OK;
}

/* The message is read as a stream; what is kept of it is bounded. */
static int build_message(struct build *b)
{
	enum { MAIL_MAX = 1024 * 1024 * 1024 };
	const char *path = b->o->args[0];
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "rbe");
	struct smtp_reader *reader;
	size_t n, total = 0;
	struct mp_str sender;
	char chunk[65536];
	int rc = MP_OK;

	b->c->arg = mp_shown(b->a, mp_str(path));
	if (!f)
		return mp_fail(b->err, MP_EINVAL, "cannot read '%s': %s", b->c->arg, strerror(errno));
	reader = smtp_reader_new(b->a);
	errno = 0;
	while (total <= MAIL_MAX && (n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		smtp_reader_feed(reader, mp_strn(chunk, n));
		total += n;
	}
	if (total > MAIL_MAX)
		rc = mp_fail(b->err, MP_EINVAL, "'%s' is larger than %d MiB, no message is", b->c->arg, MAIL_MAX >> 20);
	else if (ferror(f))
		rc = mp_fail(b->err, MP_EINVAL, "cannot read '%s': %s", b->c->arg, strerror(errno));
	if (!is_stdin)
		fclose(f);
	b->c->mail = smtp_reader_end(reader);
	smtp_reader_free(reader);
	if (rc == MP_OK && !b->c->mail->header.n)
		rc = mp_fail(b->err, MP_EINVAL, "'%s' is no message: it does not begin with header fields", b->c->arg);
	return rc == MP_OK ? read_client(b, &sender) : rc;
}

static int build_dkim(struct build *b)
{
	const struct mp_values *keys = &b->raw->opt[MP_OPT_DKIM_KEY];
	struct mp_selector *s = mp_alloc(b->a, sizeof(*s));
	const char *at = NULL;

	if (mp_selector_parse(b->a, mp_str(b->o->args[0]), &s->selector, &at, b->err) != MP_OK ||
		mp_domain_parse(b->a, mp_str(b->o->args[1]), &s->domain, b->err) != MP_OK)
		return mp_at(b->err, "dkim");
	if (at)
		return mp_fail(b->err, MP_EINVAL, "dkim: the domain is an argument of its own: mailprobe dkim %s %s",
			s->selector, at);
	s->origin = "argument";
	/* The configuration's keys belong to its selectors. */
	if (keys->n && keys->layer == MP_LAYER_ARGV) {
		if (keys->n > 1)
			return mp_fail(b->err, MP_EINVAL, "one selector has one key: give --dkim-key once");
		if (read_key(b, &keys->v[0], &s->public_key) != MP_OK)
			return MP_EINVAL;
		s->key_origin = mp_text(b->a, mp_str(keys->v[0].text));
	}
	b->c->arg = dns_dkim_key_name(b->a, s->selector, s->domain);
	b->c->domain = s->domain;
	b->c->selectors = s;
	b->c->n_selectors = 1;
	return MP_OK;
}

/* Pairs of --spf-domain and --spf-result, or of the two for DKIM. */
static int add_auths(struct build *b, const char *method, enum mp_opt domain, enum mp_opt result, struct mp_auth *list)
{
	const struct mp_values *d = &b->raw->opt[domain], *r = &b->raw->opt[result];

	if (d->n != r->n)
		return mp_fail(b->err, MP_EINVAL, "--%s-domain and --%s-result come in pairs", method, method);
	for (size_t i = 0; i < d->n; i++) {
		struct mp_auth *auth = &list[b->c->n_auths++];
		char *word = mp_dup(b->a, r->v[i].text);

		for (char *p = word; *p; p++)
			*p = mp_tolower(*p);
		auth->method = method;
		auth->result = word;
		mp_domain_parse(b->a, mp_str(d->v[i].text), &auth->domain, NULL);
	}
	return MP_OK;
}

static int build_dmarc(struct build *b)
{
	size_t n = b->raw->opt[MP_OPT_SPF_DOMAIN].n + b->raw->opt[MP_OPT_DKIM_DOMAIN].n;
	struct mp_auth *list = mp_allocn(b->a, n, sizeof(*list));

	if (mp_domain_parse(b->a, mp_str(b->o->args[0]), &b->c->domain, b->err) != MP_OK)
		return mp_at(b->err, "dmarc");
	b->c->arg = b->c->domain;
	b->c->auths = list;
	if (b->raw->opt[MP_OPT_SPF_DOMAIN].n > 1)
		return mp_fail(b->err, MP_EINVAL, "a message has one result of SPF: give --spf-domain once");
	if (add_auths(b, "spf", MP_OPT_SPF_DOMAIN, MP_OPT_SPF_RESULT, list) != MP_OK)
		return MP_EINVAL;
	return add_auths(b, "dkim", MP_OPT_DKIM_DOMAIN, MP_OPT_DKIM_RESULT, list);
}

static int build_run(struct build *b)
{
	mp_identity_read(b->a, b->raw->root, b->raw->hostname, &b->id);
	b->c->hostname = b->id.hostname;
	b->c->fqdn = b->id.fqdn;
	b->c->mta = b->id.mta.name;
	b->c->relayhost = b->id.mta.relayhost;
	if (b->c->relayhost)
		b->c->relayhost_origin = mp_printf(b->a, "%s (%s)", b->id.mta.name, b->id.mta.relayhost_origin);
	if (b->o->command == MP_CMD_PROBE && mp_mailboxes_find(b->a, b->o, b->c, b->err) != MP_OK)
		return MP_EINVAL;
	if (b->o->command == MP_CMD_PROBE && find_targets(b) != MP_OK)
		return MP_EINVAL;
	if (find_ehlo(b, true) != MP_OK || find_sender(b) != MP_OK || find_sources(b) != MP_OK ||
		find_selectors(b) != MP_OK)
		return MP_EINVAL;
	find_hosts(b);
	return MP_OK;
}

int mp_case_build(struct mp_arena *a, const struct mp_options *o, struct mp_case *out, struct mp_err *err)
{
	struct mp_case c = {.tls = SMTP_TLS_MAY};
	struct build b = {.a = a, .o = o, .raw = o->raw, .c = &c, .err = err};
	const struct mp_value *tls = given(&b, MP_OPT_TLS);
	int rc;

	c.ns_port = (uint16_t)number(&b, MP_OPT_NS_PORT, 53);
	c.mta_sts_port = (uint16_t)number(&b, MP_OPT_MTA_STS_PORT, MP_HTTPS_PORT);
	c.timeout_ms = number(&b, MP_OPT_TIMEOUT, 120) * 1000;
	c.rdap_url = given(&b, MP_OPT_RDAP_URL) ? given(&b, MP_OPT_RDAP_URL)->text : NULL;
	c.rspamd_url = given(&b, MP_OPT_RSPAMD) ? given(&b, MP_OPT_RSPAMD)->text : NULL;
	c.spamd = given(&b, MP_OPT_SPAMD) ? given(&b, MP_OPT_SPAMD)->text : NULL;
	c.trust_ad = mp_raw_flag(b.raw, MP_OPT_TRUST_AD);
	c.all_mx = mp_raw_flag(b.raw, MP_OPT_ALL_MX);
	c.diagnose = mp_raw_flag(b.raw, MP_OPT_DIAGNOSE);
	c.retry = mp_raw_flag(b.raw, MP_OPT_RETRY);
	if (tls)
		c.tls = mp_ieq(tls->text, "require") ? SMTP_TLS_REQUIRE
			: mp_ieq(tls->text, "off")   ? SMTP_TLS_OFF
						     : SMTP_TLS_MAY;
	if (mp_raw_flag(b.raw, MP_OPT_IPV4))
		c.family = MP_IPV4;
	else if (mp_raw_flag(b.raw, MP_OPT_IPV6))
		c.family = MP_IPV6;
	switch (o->command) {
	case MP_CMD_PTR:
		c.command = "ptr";
		rc = build_ptr(&b);
		break;
	case MP_CMD_DKIM:
		c.command = "dkim";
		rc = build_dkim(&b);
		break;
	case MP_CMD_DMARC:
		c.command = "dmarc";
		rc = build_dmarc(&b);
		break;
	case MP_CMD_MX:
		c.command = "mx";
		rc = build_mx(&b);
		break;
	case MP_CMD_DNSBL:
		c.command = "dnsbl";
		rc = build_dnsbl(&b);
		break;
	case MP_CMD_SPF:
		c.command = "spf";
		rc = build_spf(&b);
		break;
	case MP_CMD_MESSAGE:
		c.command = "message";
		rc = build_message(&b);
		break;
	case MP_CMD_CHECK:
		c.command = "check";
		rc = build_run(&b);
		break;
	default:
		c.command = "probe";
		rc = build_run(&b);
		break;
	}
	if (rc != MP_OK)
		return rc;
	c.lists = b.raw->lists;
	c.n_lists = b.raw->n_lists;
	c.rules = b.raw->rules;
	find_resolvers(&b);
	mark_run(&b);
	*out = c;
	return MP_OK;
}
