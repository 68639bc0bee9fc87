/* dns/generic.c - see dns/generic.h */
#include "dns/dns.h"
#include "dns/generic.h"
#include "dns/psl.h"

enum {
	MAX_TEXT = 1024,
	MAX_LABELS = 128,
	MAX_TOKENS = 64, /* of one label, which has 63 bytes (more only in escapes, which nobody generates) */
	MAX_RUNS = 160,
	LONGEST_WORD = 24,
};

/* ---- the words. A new one is one line here and a row in tests/unit/test_dns_generic.c. */

enum use {
	ANYWHERE, /* in whatever label it stands */
	ALONE,    /* an ordinary word as well: where its label holds nothing else, or there is a number */
	LEADING,  /* so in the first label; further down where the first looks made by a program */
	NUMBERED, /* in the first label only with a number beside it */
	DEEPER,   /* only further down */
};

static const struct {
	const char *word;
	enum use use;
} access_words[] = {
	{"adsl", ANYWHERE},
	{"breitband", ALONE},
	{"broadband", ALONE},
	{"cablemodem", ANYWHERE},
	{"catv", ANYWHERE},
	{"cgn", ANYWHERE},
	{"cgnat", ANYWHERE},
	{"cpe", ANYWHERE},
	{"dhcp", ANYWHERE},
	{"dial", ALONE},
	{"dialup", ANYWHERE},
	{"docsis", ANYWHERE},
	{"dsl", ANYWHERE},
	{"dslam", ANYWHERE},
	{"dslb", ANYWHERE},
	{"dyn", ALONE},
	{"dynamic", ALONE},
	{"dynamicip", ANYWHERE},
	{"epon", ANYWHERE},
	{"fttb", ANYWHERE},
	{"fttc", ANYWHERE},
	{"ftth", ANYWHERE},
	{"fttn", ANYWHERE},
	{"fttp", ANYWHERE},
	{"fttx", ANYWHERE},
	{"gdsl", ANYWHERE},
	{"gpon", ANYWHERE},
	{"gprs", ANYWHERE},
	{"hdsl", ANYWHERE},
	{"hfc", ANYWHERE},
	{"hotspot", ALONE},
	{"hsdpa", ANYWHERE},
	{"hspa", ANYWHERE},
	{"ipbf", ANYWHERE},
	{"ipngn", ANYWHERE},
	{"isdn", ANYWHERE},
	{"kabel", ALONE},
	{"modem", ALONE},
	{"modemcable", ANYWHERE},
	{"ppp", ANYWHERE},
	{"pppoa", ANYWHERE},
	{"pppoe", ANYWHERE},
	{"resnet", ALONE},
	{"sdsl", ANYWHERE},
	{"shdsl", ANYWHERE},
	{"umts", ANYWHERE},
	{"vdsl", ANYWHERE},
	{"wifi", ALONE},
	{"wimax", ANYWHERE},
	{"wlan", ALONE},
	{"xdsl", ANYWHERE},
	{"xpon", ANYWHERE},
	{"clients", LEADING},
	{"cust", LEADING},
	{"customer", LEADING},
	{"customers", LEADING},
	{"kunde", LEADING},
	{"kunden", LEADING},
	{"pool", LEADING},
	{"pools", LEADING},
	{"residential", LEADING},
	{"static", LEADING},
	{"statik", LEADING},
	{"statip", LEADING},
	{"subscriber", LEADING},
	{"subscribers", LEADING},
	{"abo", NUMBERED},
	{"access", NUMBERED},
	{"bb", NUMBERED},
	{"cable", NUMBERED},
	{"client", NUMBERED},
	{"cliente", NUMBERED},
	{"dip", NUMBERED},
	{"fbx", NUMBERED},
	{"fiber", NUMBERED},
	{"fibra", NUMBERED},
	{"fibre", NUMBERED},
	{"home", NUMBERED},
	{"hsd", NUMBERED},
	{"hsi", NUMBERED},
	{"lte", NUMBERED},
	{"mobil", NUMBERED},
	{"mobile", NUMBERED},
	{"res", NUMBERED},
	{"user", NUMBERED},
	{"users", NUMBERED},
	{"wireless", NUMBERED},
	{"ip", DEEPER},
	{"ipv", DEEPER}, /* ipv4, ipv6 */
	{"rdns", DEEPER},
	{"rev", DEEPER},
	{"reverse", DEEPER},
};

/* What stands beside an access word within one token: staticip, dynpool, dialin, dslcustomers. */
static const char *const fillers[] = {"access", "addr", "client", "clients", "cust", "customer", "customers", "home",
	"host", "in", "ip", "ips", "isp", "line", "net", "range", "res", "up", "user", "users"};

/* A machine that hosters number: the word, and how many digits (at least) make it a product's number. */
static const struct {
	const char *word;
	uint8_t digits;
	bool owners; /* who has several machines numbers them so as well */
} numbered_words[] = {
	{"addr", 1, false},
	{"client", 1, false},
	{"cloud", 2, false},
	{"cloudserver", 1, false},
	{"cloudvps", 1, false},
	{"container", 1, false},
	{"ct", 3, false},
	{"cust", 1, false},
	{"customer", 1, false},
	{"ded", 2, false},
	{"dedi", 1, false},
	{"dedicated", 1, false},
	{"dedicatedserver", 1, false},
	{"droplet", 1, false},
	{"host", 1, true},
	{"hosted", 1, false},
	{"hosting", 1, false},
	{"hwsrv", 1, false},
	{"instance", 1, false},
	{"ip", 1, false},
	{"ks", 4, false},
	{"kvm", 1, false},
	{"lxc", 1, false},
	{"node", 3, true},
	{"ns", 5, true},
	{"openvz", 1, false},
	{"ovz", 1, false},
	{"rootserver", 1, false},
	{"rps", 3, false},
	{"rs", 4, false},
	{"sd", 4, false},
	{"server", 1, true},
	{"srv", 3, true},
	{"subscriber", 1, false},
	{"svr", 3, true},
	{"tunnel", 1, false},
	{"user", 1, false},
	{"vds", 1, false},
	{"vhost", 1, false},
	{"virtual", 1, false},
	{"virtualserver", 1, false},
	{"vm", 1, false},
	{"vmi", 1, false},
	{"vps", 1, false},
	{"vs", 3, false},
	{"vserver", 1, false},
	{"vsrv", 1, false},
	{"xen", 1, false},
};

/* Words of mail hosts. What begins or ends like mail, smtp, mta or mx is one too: mxphxpool, resqmta, mailgw. */
static const char *const mail_words[] = {"antispam", "bounce", "bounces", "bulk", "correio", "correo", "courrier",
	"dovecot", "email", "emails", "esa", "exch", "exchange", "exim", "filter", "imap", "inbound", "ironport",
	"list", "lists", "listserv", "messagerie", "mout", "newsletter", "newsletters", "notification", "notifications",
	"notify", "out", "outbound", "outgoing", "poczta", "pop", "post", "posta", "postfix", "postmaster", "poste",
	"relay", "relays", "sender", "senders", "smarthost", "spam", "transactional", "zimbra"};

static const char *const mail_affixes[] = {"mail", "smtp", "mta", "mx"};

/* Domains under which there is nothing but default names, and the providers' own mail hosts (mail.DOMAIN). */
static const struct {
	const char *domain, *whose;
} provider_domains[] = {
	{"amazonaws.com", "Amazon EC2"},
	{"amazonaws.com.cn", "Amazon EC2"},
	{"bc.googleusercontent.com", "Google Cloud"},
	{"cloudapp.azure.com", "Microsoft Azure"},
	{"cloudapp.net", "Microsoft Azure"},
	{"clients.your-server.de", "Hetzner"},
	{"compute.internal", "Amazon EC2"},
	{"ec2.internal", "Amazon EC2"},
	{"contaboserver.net", "Contabo"},
	{"hostwindsdns.com", "Hostwinds"},
	{"hstgr.cloud", "Hostinger"},
	{"instances.scw.cloud", "Scaleway"},
	{"ip.secureserver.net", "GoDaddy"},
	{"kimsufi.com", "OVHcloud"},
	{"linodeusercontent.com", "Linode"},
	{"members.linode.com", "Linode"},
	{"onlinehome-server.com", "IONOS"},
	{"onlinehome-server.info", "IONOS"},
	{"poneytelecom.eu", "Scaleway"},
	{"startdedicated.com", "PlusServer"},
	{"startdedicated.de", "PlusServer"},
	{"startdedicated.net", "PlusServer"},
	{"stratoserver.net", "STRATO"},
	{"upcloud.host", "UpCloud"},
	{"vps.ovh.ca", "OVHcloud"},
	{"vps.ovh.net", "OVHcloud"},
	{"vps.ovh.us", "OVHcloud"},
	{"vultr.com", "Vultr"},
	{"vultrusercontent.com", "Vultr"},
};

/* The first word of what images and installers call a fresh system. */
static const char *const system_words[] = {"almalinux", "centos", "cloudimg", "debian", "fedora", "freebsd", "kali",
	"localdomain", "localhost", "openbsd", "raspberrypi", "rockylinux", "ubuntu"};

/* Machine names that Windows makes up: the prefix and seven or more letters and digits. */
static const char *const windows_prefixes[] = {"desktop-", "ec2amaz-", "laptop-", "win-"};

static const char *const placeholders[] = {"hostedby", "nodns", "noname", "noptr", "nordns", "noreverse", "norevdns",
	"notset", "unallocated", "unassigned", "unconfigured", "undefined", "unknown", "unresolved", "unspecified",
	"unused"};

/* The same in several words, which may stand anywhere in a label. */
static const char *const placeholder_phrases[][2] = {
	{"hosted", "by"},
	{"no", "dns"},
	{"no", "ptr"},
	{"no", "rdns"},
	{"no", "reverse"},
	{"not", "assigned"},
	{"not", "configured"},
	{"not", "set"},
	{"not", "used"},
	{"without", "reverse"},
};

/* ---- a name taken apart */

struct token {
	struct mp_str s;
	bool digits;
	bool apart; /* a separator stands before it */
};

struct run { /* of digits */
	size_t at, n, label;
	int value; /* 0..255, or -1: no octet */
};

struct parts {
	struct mp_arena *a;
	char text[MAX_TEXT]; /* lower case, no last dot */
	size_t n;
	size_t n_labels, n_host; /* n_host: labels below the registered domain; these are a host's */
	struct mp_str label[MAX_LABELS];
	size_t n_runs;
	struct run run[MAX_RUNS];
	int last_octet;            /* of an IPv4 address; -1 */
	bool mail_first, mail_any; /* a word of mail in the first label, in any host label */
	bool mail_owner;           /* in the registered domain: mailgun.net */
	char ip[MP_IP_TEXT];
};

static size_t tokens_of(struct mp_str label, struct token out[static MAX_TOKENS])
{
	size_t n = 0;

	for (size_t i = 0; i < label.n && n < MAX_TOKENS;) {
		size_t from = i;
		bool digits = mp_isdigit(label.p[i]);

		if (!mp_isalnum((unsigned char)label.p[i])) {
			i++;
			continue;
		}
		while (i < label.n && (digits ? mp_isdigit(label.p[i]) : mp_isalpha(label.p[i])))
			i++;
		out[n++] = (struct token){mp_strn(label.p + from, i - from), digits,
			from > 0 && !mp_isalnum((unsigned char)label.p[from - 1])};
	}
	return n;
}

static bool is(struct mp_str s, const char *word)
{
	return mp_str_eq(s, mp_str(word));
}

static bool is_one_of(struct mp_str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is(s, words[i]))
			return true;
	return false;
}

static size_t count_digits(struct mp_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += mp_isdigit(s.p[i]);
	return n;
}

static bool is_mail_word(struct mp_str s)
{
	if (is_one_of(s, mail_words, ARRAY_LEN(mail_words)))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(mail_affixes); i++)
		if (mp_str_istarts(s, mail_affixes[i]) || mp_str_iends(s, mail_affixes[i]))
			return true;
	return false;
}

static bool has_mail_word(struct mp_str label)
{
	struct token t[MAX_TOKENS];
	size_t n = tokens_of(label, t);

	for (size_t i = 0; i < n; i++)
		if (!t[i].digits && is_mail_word(t[i].s))
			return true;
	return false;
}

static void find_runs(struct parts *v)
{
	size_t label = 0;

	for (size_t i = 0; i < v->n && v->n_runs < MAX_RUNS;) {
		struct run r = {.at = i, .label = label, .value = 0};

		if (v->text[i] == '.')
			label++;
		if (!mp_isdigit(v->text[i])) {
			i++;
			continue;
		}
		for (; i < v->n && mp_isdigit(v->text[i]); i++)
			r.value = r.value < 0 || r.value > 255 ? -1 : r.value * 10 + (v->text[i] - '0');
		r.n = i - r.at;
		if (r.value > 255 || r.n > 3)
			r.value = -1;
		v->run[v->n_runs++] = r;
	}
}

static bool take_apart(struct mp_arena *a, const char *name, const struct mp_ip *ip, struct parts *v)
{
	const char *registered = dns_registrable_domain(name, DNS_PSL_REGISTRIES);
	struct mp_str rest, label = {0};
	size_t below = 0;

	memset(v, 0, sizeof(*v));
	v->a = a;
	v->n = strlen(name);
	if (v->n && name[v->n - 1] == '.')
		v->n--;
	if (!v->n || v->n >= MAX_TEXT || memchr(name, '\\', v->n)) /* escapes: no host name at all */
		return false;
	for (size_t i = 0; i < v->n; i++)
		v->text[i] = mp_tolower(name[i]);
	mp_ip_text(ip, v->ip);
	v->last_octet = ip->family == MP_IPV4 ? ip->b[3] : -1;
	rest = mp_strn(v->text, v->n);
	while (v->n_labels < MAX_LABELS && mp_str_split(&rest, '.', &label)) {
		if (registered && label.p - v->text < registered - name)
			below++;
		v->label[v->n_labels++] = label;
	}
	v->n_host = registered ? below : v->n_labels;
	find_runs(v);
	for (size_t i = 0; i < v->n_host; i++)
		if (has_mail_word(v->label[i]))
			v->mail_any = true;
	v->mail_first = v->n_host > 0 && has_mail_word(v->label[0]);
	v->mail_owner = v->n_host < v->n_labels && has_mail_word(v->label[v->n_host]);
	return true;
}

static bool found(struct parts *v, struct dns_generic *out, const char *pattern, const char *fmt, ...) MP_PRINTF(4, 5);
static bool found(struct parts *v, struct dns_generic *out, const char *pattern, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	out->pattern = pattern;
	out->reason = mp_vprintf(v->a, fmt, ap);
	va_end(ap);
	return true;
}

/* ---- the address in the name */

/* Bytes between run i and the next; the runs of one address stand close. */
static size_t gap_after(const struct parts *v, size_t i)
{
	return v->run[i + 1].at - v->run[i].at - v->run[i].n;
}

/* Runs from..from+n-1 are the octets o[first], o[first + step], ... */
static bool runs_are(const struct parts *v, size_t from, size_t n, const uint8_t *o, int first, int step)
{
	for (size_t i = 0; i < n; i++)
		if (v->run[from + i].value != o[first + (int)i * step])
			return false;
	return true;
}

static bool runs_are_in_some_order(const struct parts *v, size_t from, const uint8_t o[4])
{
	bool used[4] = {false};

	for (size_t i = 0; i < 4; i++) {
		size_t k = 0;

		while (k < 4 && (used[k] || v->run[from + i].value != o[k]))
			k++;
		if (k == 4)
			return false;
		used[k] = true;
	}
	return true;
}

static bool spelled_in_octets(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	for (size_t i = 0; i + 4 <= v->n_runs; i++) {
		bool padded = false;
		const char *order = "";

		if (!runs_are_in_some_order(v, i, o))
			continue;
		for (size_t k = i; k < i + 4; k++)
			padded = padded || (v->run[k].n > 1 && v->text[v->run[k].at] == '0');
		if (!runs_are(v, i, 4, o, 0, 1))
			order = runs_are(v, i, 4, o, 3, -1) ? " in reversed octets" : " in octets of another order";
		return found(v, out, "address", "the name spells the address %s%s%s", v->ip, order,
			padded ? (*order ? ", padded with zeros" : " padded with zeros") : "");
	}
	return false;
}

/* The digits of all runs from i on, as far as they stand within four bytes of each other, are `digits`. */
static bool digits_are(const struct parts *v, size_t i, const char *digits)
{
	size_t left = strlen(digits);

	for (;; i++) {
		if (i >= v->n_runs || v->run[i].n > left || memcmp(v->text + v->run[i].at, digits, v->run[i].n) != 0)
			return false;
		digits += v->run[i].n;
		left -= v->run[i].n;
		if (!left)
			return true;
		if (i + 1 >= v->n_runs || gap_after(v, i) > 4)
			return false;
	}
}

static bool spelled_in_digits(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	uint32_t fwd = (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
	uint32_t rev = (uint32_t)o[3] << 24 | (uint32_t)o[2] << 16 | (uint32_t)o[1] << 8 | o[0];
	char text[4][16];

	snprintf(text[0], sizeof(text[0]), "%03u%03u%03u%03u", o[0], o[1], o[2], o[3]);
	snprintf(text[1], sizeof(text[1]), "%03u%03u%03u%03u", o[3], o[2], o[1], o[0]);
	snprintf(text[2], sizeof(text[2]), "%u", fwd);
	snprintf(text[3], sizeof(text[3]), "%u", rev);
	for (size_t i = 0; i < v->n_runs; i++) {
		for (size_t k = 0; k < 2; k++)
			if (digits_are(v, i, text[k]))
				return found(v, out, "address", "the name spells the address %s padded with zeros%s",
					v->ip, k ? ", in reversed octets" : "");
		/* Fewer digits could be anybody's serial number. */
		for (size_t k = 2; k < 4; k++)
			if (strlen(text[k]) >= 8 && v->run[i].n == strlen(text[k]) && digits_are(v, i, text[k]))
				return found(v, out, "address", "the name spells the address %s as one number", v->ip);
	}
	return false;
}

/* Without dots, hyphens and underscores. */
static void squeeze(const struct parts *v, char out[static MAX_TEXT])
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (v->text[i] != '.' && v->text[i] != '-' && v->text[i] != '_')
			out[n++] = v->text[i];
	out[n] = '\0';
}

static bool spelled_in_hex(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	char fwd[9], rev[9], tight[MAX_TEXT];
	struct mp_str rest = mp_strn(v->text, v->n);
	uint8_t window[4] = {0};
	size_t filled = 0;
	bool letters = false;

	snprintf(fwd, sizeof(fwd), "%02x%02x%02x%02x", o[0], o[1], o[2], o[3]);
	snprintf(rev, sizeof(rev), "%02x%02x%02x%02x", o[3], o[2], o[1], o[0]);
	squeeze(v, tight);
	if (strstr(tight, fwd))
		return found(v, out, "address", "the name spells the address %s in hexadecimal", v->ip);
	if (strstr(tight, rev))
		return found(
			v, out, "address", "the name spells the address %s in hexadecimal, octets reversed", v->ip);
	/* cb-0-71-a: octets without their leading zero */
	while (rest.n) {
		size_t n = 0;
		int value = 0;

		for (; n < rest.n && mp_isxdigit((unsigned char)rest.p[n]); n++) {
			value = (value << 4 | mp_hexval((unsigned char)rest.p[n])) & 0xfff;
			letters = letters || mp_isalpha((unsigned char)rest.p[n]);
		}
		if (n < 1 || n > 2 || (n < rest.n && mp_isalnum((unsigned char)rest.p[n]))) {
			filled = 0;
			letters = false;
			while (n < rest.n && mp_isalnum((unsigned char)rest.p[n]))
				n++;
		} else {
			memmove(window, window + 1, 3);
			window[3] = (uint8_t)value;
			filled++;
		}
		if (filled >= 4 && letters && memcmp(window, o, 4) == 0)
			return found(v, out, "address", "the name spells the address %s in hexadecimal", v->ip);
		if (n < rest.n)
			n++;
		rest = mp_strn(rest.p + n, rest.n - n);
	}
	return false;
}

/* `what` stands in `text` with no hexadecimal digit before or behind it. */
static bool holds_hex(const char *text, const char *what)
{
	size_t n = strlen(what);

	for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
		if ((at == text || !mp_isxdigit((unsigned char)at[-1])) && !mp_isxdigit((unsigned char)at[n]))
			return true;
	return false;
}

struct groups {
	uint16_t g[8];
	char nibbles[33], reversed[33];
	char dashed[MAX_TEXT], tight[MAX_TEXT]; /* of the name: all separators as hyphens, none at all */
};

static void groups_of(const struct parts *v, const struct mp_ip *ip, struct groups *g)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < 8; i++)
		g->g[i] = (uint16_t)(ip->b[2 * i] << 8 | ip->b[2 * i + 1]);
	for (size_t i = 0; i < 32; i++) {
		g->nibbles[i] = hex[i % 2 ? ip->b[i / 2] & 15 : ip->b[i / 2] >> 4];
		g->reversed[31 - i] = g->nibbles[i];
	}
	g->nibbles[32] = g->reversed[32] = '\0';
	for (size_t i = 0; i <= v->n; i++)
		g->dashed[i] = v->text[i] == '.' || v->text[i] == '_' ? '-' : v->text[i];
	squeeze(v, g->tight);
}

/* Groups from..from+n-1 as some would print them, hyphens between. */
static void print_groups(const struct groups *g, size_t from, size_t n, char out[static 48])
{
	size_t at = 0;

	for (size_t i = from; i < from + n; i++)
		at += (size_t)snprintf(out + at, 48 - at, "%s%x", i > from ? "-" : "", g->g[i]);
}

static bool spelled_v6(struct parts *v, const struct groups *g, struct dns_generic *out)
{
	char text[48];

	if (strstr(g->tight, g->nibbles))
		return found(v, out, "address", "the name spells the address %s", v->ip);
	if (strstr(g->tight, g->reversed))
		return found(v, out, "address", "the name spells the address %s in reversed nibbles", v->ip);
	snprintf(text, sizeof(text), "%s", v->ip);
	for (char *p = text; *p; p++)
		if (*p == ':')
			*p = '-';
	if (holds_hex(g->dashed, text))
		return found(v, out, "address", "the name spells the address %s", v->ip);
	print_groups(g, 0, 8, text);
	if (holds_hex(g->dashed, text))
		return found(v, out, "address", "the name spells the address %s", v->ip);
	return false;
}

static bool part_spelled_v6(struct parts *v, const struct groups *g, struct dns_generic *out)
{
	char text[48], half[17];
	size_t set = 0;

	for (size_t i = 16; i < 32; i++)
		set += g->nibbles[i] != '0';
	if (set >= 6) { /* ::10 stands in many a name; the end of ::f03c:91ff:fe11:2233 does not */
		print_groups(g, 4, 4, text);
		if (holds_hex(g->dashed, text) || strstr(g->tight, g->nibbles + 16))
			return found(
				v, out, "address-part", "the name holds the last 64 bits of the address %s", v->ip);
		snprintf(half, sizeof(half), "%.16s", g->reversed);
		if (strstr(g->tight, half))
			return found(v, out, "address-part",
				"the name holds the last 64 bits of the address %s, reversed", v->ip);
		if (g->g[6] > 0xff && strstr(g->tight, g->nibbles + 24))
			return found(
				v, out, "address-part", "the name holds the last 32 bits of the address %s", v->ip);
	}
	for (size_t n = 4; n >= 3; n--) {
		print_groups(g, 0, n, text);
		if (g->g[n - 1] && holds_hex(g->dashed, text))
			return found(v, out, "address-part", "the name holds the first %zu bits of the address %s",
				n * 16, v->ip);
	}
	return false;
}

static bool spelled_v4(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	return spelled_in_octets(v, o, out) || spelled_in_digits(v, o, out) || spelled_in_hex(v, o, out);
}

/* Neighbours have at most `gap` bytes between them. */
static bool close_together(const struct parts *v, size_t from, size_t n, size_t gap)
{
	for (size_t i = from; i + 1 < from + n; i++)
		if (gap_after(v, i) > gap)
			return false;
	return true;
}

static size_t digits_in(const struct parts *v, size_t from, size_t n)
{
	size_t sum = 0;

	for (size_t i = from; i < from + n; i++)
		sum += v->run[i].n;
	return sum;
}

/* Three octets in a row. `registered`: look only in the registered domain; else only below it. */
static bool three_octets(struct parts *v, const uint8_t o[4], bool registered, struct dns_generic *out)
{
	static const struct {
		int first, step;
	} ways[] = {{0, 1}, {1, 1}, {2, -1}, {3, -1}};

	for (size_t i = 0; i + 3 <= v->n_runs; i++) {
		if ((v->run[i].label >= v->n_host) != registered || !close_together(v, i, 3, 3) ||
			digits_in(v, i, 3) < 4)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(ways); k++)
			if (runs_are(v, i, 3, o, ways[k].first, ways[k].step))
				return found(v, out, "address-part", "%s holds three octets of the address %s%s",
					registered ? "the domain" : "the name", v->ip,
					ways[k].step < 0 ? ", reversed" : "");
	}
	return false;
}

static bool two_octets(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	for (size_t i = 0; i + 2 <= v->n_runs; i++) {
		bool fwd = runs_are(v, i, 2, o, 2, 1), rev = runs_are(v, i, 2, o, 3, -1);

		/* Two single digits are too easily a coincidence. */
		if ((!fwd && !rev) || v->run[i + 1].label >= v->n_host || gap_after(v, i) > 1 || digits_in(v, i, 2) < 3)
			continue;
		return found(v, out, "address-part", "the name holds the last two octets of the address %s%s", v->ip,
			fwd ? "" : ", reversed");
	}
	return false;
}

static bool run_together(struct parts *v, const uint8_t o[4], struct dns_generic *out)
{
	char text[2][16];

	snprintf(text[0], sizeof(text[0]), "%u%u%u%u", o[0], o[1], o[2], o[3]);
	snprintf(text[1], sizeof(text[1]), "%u%u%u%u", o[3], o[2], o[1], o[0]);
	for (size_t i = 0; i < v->n_runs; i++)
		for (size_t k = 0; k < 2; k++)
			if (strlen(text[k]) >= 7 && digits_are(v, i, text[k]))
				return found(v, out, "address-part", "the name spells the address %s without dots%s",
					v->ip, k ? ", in reversed octets" : "");
	return false;
}

/* Four octets with one separator between: some address, if not ours. */
static bool other_address(struct parts *v, struct dns_generic *out)
{
	for (size_t i = 0; i + 4 <= v->n_runs; i++) {
		bool octets = close_together(v, i, 4, 1) && v->run[i].label == 0;

		for (size_t k = i; k < i + 4 && octets; k++)
			octets = v->run[k].value >= 0 &&
				 (k == i || !mp_isalnum((unsigned char)v->text[v->run[k].at - 1]));
		if (octets)
			return found(v, out, "other-address",
				"the name spells the address %d.%d.%d.%d, which is another one", v->run[i].value,
				v->run[i + 1].value, v->run[i + 2].value, v->run[i + 3].value);
	}
	return false;
}

/* ---- words in the name */

static bool access_word(struct mp_str s, enum use *use)
{
	for (size_t i = 0; i < ARRAY_LEN(access_words); i++)
		if (is(s, access_words[i].word)) {
			*use = access_words[i].use;
			return true;
		}
	return false;
}

/* The token as an access word, or several words run together of which one is: dslpool, staticip. */
static bool access_token(struct mp_str s, enum use *use)
{
	enum use part;
	bool any = false;

	if (access_word(s, use))
		return true;
	if (s.n > LONGEST_WORD)
		return false;
	while (s.n) {
		size_t n = s.n;

		for (; n > 1; n--) {
			struct mp_str head = mp_strn(s.p, n);

			if (access_word(head, &part) && part <= LEADING) {
				any = true;
				break;
			}
			if (is_one_of(head, fillers, ARRAY_LEN(fillers)))
				break;
		}
		if (n <= 1)
			return false;
		s = mp_strn(s.p + n, s.n - n);
	}
	*use = ANYWHERE;
	return any;
}

/* The first label looks made by a program: digits enough, nothing but digits, or the address's last octet. */
static bool first_is_generated(const struct parts *v)
{
	size_t digits = count_digits(v->label[0]);

	for (size_t i = 0; i < v->n_runs; i++)
		if (v->run[i].label == 0 && v->run[i].value >= 0 && v->run[i].value == v->last_octet)
			return true;
	return digits >= 3 || (digits > 0 && digits == v->label[0].n);
}

/* The label holds no word but access networks'. */
static bool only_access_words(const struct token *t, size_t n)
{
	enum use use;

	for (size_t i = 0; i < n; i++)
		if (!t[i].digits && !access_token(t[i].s, &use) && !is_one_of(t[i].s, fillers, ARRAY_LEN(fillers)))
			return false;
	return true;
}

/* Whether token k of label i, an access word of this use, tells where the name comes from. */
static bool access_word_counts(const struct parts *v, size_t i, const struct token *t, size_t n, size_t k, enum use use)
{
	bool alone = only_access_words(t, n);

	switch (use) {
	case ANYWHERE:
		return true;
	case ALONE:
		return alone || count_digits(v->label[i]) || count_digits(v->label[0]);
	case LEADING:
		if (i == 0)
			return alone || count_digits(v->label[0]);
		break;
	case NUMBERED:
		if (i == 0)
			return (k > 0 && t[k - 1].digits) || (k + 1 < n && t[k + 1].digits);
		break;
	case DEEPER:
		break;
	}
	return i > 0 && first_is_generated(v);
}

static bool is_access_network(struct parts *v, struct dns_generic *out)
{
	if (v->mail_first)
		return false;
	for (size_t i = 0; i < v->n_host; i++) {
		struct token t[MAX_TOKENS];
		size_t n = tokens_of(v->label[i], t);

		for (size_t k = 0; k < n; k++) {
			enum use use;

			if (t[k].digits || !access_token(t[k].s, &use) || (use > ALONE && v->mail_any))
				continue;
			if (access_word_counts(v, i, t, n, k, use))
				return found(v, out, "access", "label '%.*s' is an access network's (%.*s)",
					(int)v->label[i].n, v->label[i].p, (int)t[k].s.n, t[k].s.p);
		}
	}
	return false;
}

static bool is_numbered_machine(struct parts *v, struct dns_generic *out)
{
	struct token t[MAX_TOKENS];
	size_t n = tokens_of(v->label[0], t);

	for (size_t k = 0; k + 1 < n; k++) {
		for (size_t w = 0; w < ARRAY_LEN(numbered_words); w++)
			if (!t[k].digits && is(t[k].s, numbered_words[w].word) && t[k + 1].digits &&
				t[k + 1].s.n >= numbered_words[w].digits) {
				out->owners = numbered_words[w].owners;
				return found(v, out, "numbered", "'%.*s' is a hosting provider's number for a machine",
					(int)v->label[0].n, v->label[0].p);
			}
	}
	return false;
}

static bool is_hex(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isxdigit((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

/* Hexadecimal that nobody would take for a word: eight or more, three digits among them, not only digits. */
static bool is_hex_id(struct mp_str s)
{
	return is_hex(s) && s.n >= 8 && count_digits(s) >= 3 && count_digits(s) < s.n;
}

static bool is_uuid(struct mp_str s)
{
	static const size_t hyphens[] = {8, 13, 18, 23};

	if (s.n != 36)
		return false;
	for (size_t i = 0, h = 0; i < s.n; i++) {
		bool hyphen = h < ARRAY_LEN(hyphens) && i == hyphens[h];

		h += hyphen;
		if (hyphen ? s.p[i] != '-' : !mp_isxdigit((unsigned char)s.p[i]))
			return false;
	}
	return true;
}

/* A few letters and five or more digits, with nothing behind: h2345678, vmi-123456, 202411 */
static bool is_serial(struct mp_str s)
{
	size_t letters = 0, digits = 0;

	while (letters < s.n && mp_isalpha((unsigned char)s.p[letters]))
		letters++;
	s = mp_strn(s.p + letters, s.n - letters);
	if (s.n && (s.p[0] == '-' || s.p[0] == '_'))
		s = mp_strn(s.p + 1, s.n - 1);
	while (digits < s.n && mp_isdigit(s.p[digits]))
		digits++;
	return letters <= 8 && digits >= 5 && digits == s.n;
}

static bool is_number(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isdigit(s.p[i]) && s.p[i] != '-')
			return false;
	return count_digits(s) > 0;
}

static bool is_serial_number(struct parts *v, struct dns_generic *out)
{
	struct mp_str label = v->label[0], tail = label, part = {0};

	if (!v->n_host)
		return false;
	while (mp_str_split(&tail, '-', &part))
		;
	if (is_uuid(label) || is_hex_id(part))
		return found(v, out, "serial", "'%.*s' is an id that a program made", (int)label.n, label.p);
	if (is_number(label))
		return found(v, out, "serial", "'%.*s' is a bare number", (int)label.n, label.p);
	if (is_serial(label))
		return found(v, out, "serial", "'%.*s' is a serial number", (int)label.n, label.p);
	return false;
}

static bool is_fresh_system(struct parts *v, struct dns_generic *out)
{
	struct token t[MAX_TOKENS];
	struct mp_str label = v->label[0];
	size_t n = tokens_of(label, t);

	if (v->mail_first || !n || !v->n_host)
		return false;
	if (is_one_of(t[0].s, system_words, ARRAY_LEN(system_words)))
		return found(v, out, "default", "'%.*s' is what a freshly installed system is called", (int)label.n,
			label.p);
	for (size_t i = 0; i < ARRAY_LEN(windows_prefixes); i++) {
		size_t skip = strlen(windows_prefixes[i]);

		if (mp_str_istarts(label, windows_prefixes[i]) && label.n >= skip + 7 && count_digits(label) >= 1 &&
			!memchr(label.p + skip, '-', label.n - skip))
			return found(v, out, "default", "'%.*s' is a name that Windows made up", (int)label.n, label.p);
	}
	return false;
}

static bool is_placeholder(struct parts *v, struct dns_generic *out)
{
	for (size_t i = 0; i + 1 < v->n_labels; i++) {
		struct token t[MAX_TOKENS];
		size_t n = tokens_of(v->label[i], t);
		bool hit = i < v->n_host && n > 0 && is_one_of(t[0].s, placeholders, ARRAY_LEN(placeholders));

		for (size_t k = 1; k < n; k++) /* alone, or numbered */
			hit = hit && t[k].digits;

		for (size_t k = 0; k + 1 < n && !hit; k++)
			for (size_t w = 0; w < ARRAY_LEN(placeholder_phrases) && !hit; w++)
				hit = is(t[k].s, placeholder_phrases[w][0]) &&
				      is(t[k + 1].s, placeholder_phrases[w][1]) && t[k + 1].apart;
		if (hit)
			return found(v, out, "placeholder", "label '%.*s' says that nobody has set a name yet",
				(int)v->label[i].n, v->label[i].p);
	}
	return false;
}

static bool is_provider_default(struct parts *v, struct dns_generic *out)
{
	for (size_t i = 0; i < ARRAY_LEN(provider_domains); i++) {
		if (v->mail_first && v->n_labels == dns_name_labels(provider_domains[i].domain) + 1)
			continue;
		if (dns_name_under(v->text, provider_domains[i].domain) &&
			!dns_name_eq(v->text, provider_domains[i].domain))
			return found(v, out, "provider", "names under %s are default names of %s",
				provider_domains[i].domain, provider_domains[i].whose);
	}
	return false;
}

bool dns_generic_name(struct mp_arena *a, const char *name, const struct mp_ip *ip, struct dns_generic *out)
{
	struct parts *v = mp_alloc(a, sizeof(*v));
	struct groups *g = NULL;
	bool v4 = ip->family == MP_IPV4;

	out->owners = false;
	if (!take_apart(a, name, ip, v))
		return false;
	if (ip->family == MP_IPV6) {
		g = mp_alloc(a, sizeof(*g));
		groups_of(v, ip, g);
	}
	if ((v4 && spelled_v4(v, ip->b, out)) || (g && spelled_v6(v, g, out)))
		return true;
	if (v4 && three_octets(v, ip->b, true, out))
		return true;
	if (is_placeholder(v, out) || is_provider_default(v, out))
		return true;
	if (is_access_network(v, out) || is_fresh_system(v, out))
		return true;
	if (v->mail_any)
		return false;
	if (other_address(v, out) || is_numbered_machine(v, out))
		return true;
	if (v->mail_owner) /* whose hosts have numbers because they are many */
		return false;
	if (v4 && (three_octets(v, ip->b, false, out) || two_octets(v, ip->b, out) || run_together(v, ip->b, out)))
		return true;
	return (g && part_spelled_v6(v, g, out)) || is_serial_number(v, out);
}
