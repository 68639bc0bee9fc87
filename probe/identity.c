/* probe/identity.c - see probe/identity.h */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "probe/mta.h"

const char *mta_file(struct mp_arena *a, const char *root, const char *path, int *sys)
{
	struct mp_buf b = MP_BUF(MTA_FILE_MAX);
	struct stat st;
	char chunk[4096];
	const char *text = NULL;
	ssize_t n = 0;
	int fd, saved = 0;

	fd = open(mp_printf(a, "%s%s", root, path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		saved = errno;
	} else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		saved = EINVAL;
	} else {
		while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
			if (n > 0 && !mp_buf_add(&b, chunk, (size_t)n))
				break;
		if (n < 0)
			saved = errno;
		else if (b.full)
			saved = EFBIG;
		else
			text = mp_dup(a, mp_buf_cstr(&b));
	}
	if (fd >= 0)
		close(fd);
	mp_buf_release(&b);
	if (sys)
		*sys = saved;
	return text;
}

const char *mta_first_word(struct mp_arena *a, const char *root, const char *path)
{
	const char *text = mta_file(a, root, path, NULL);
	size_t n;

	if (!text)
		return NULL;
	text += strspn(text, " \t");
	n = strcspn(text, " \t\r\n#");
	return n ? mp_dupn(a, text, n) : NULL;
}

bool mta_add_bind(struct mp_mta *m, struct mp_str text, const char *origin)
{
	struct mp_ip ip;

	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = mp_strn(text.p + 1, text.n - 2);
	if (!mp_ip_parse(text, &ip))
		return false;
	/* 0.0.0.0 and :: mean: no address in particular */
	if (mp_ip_kind(&ip) == MP_IP_OTHER || m->n_bind == MP_BIND_MAX)
		return true;
	m->bind[m->n_bind++] = ip;
	m->bind_origin = origin;
	return true;
}

/* ---- the hosts file */

/* The next line of a hosts file that names an address: its words behind the address in `names`. */
static bool hosts_line(struct mp_str *text, struct mp_ip *ip, struct mp_str *names)
{
	struct mp_str line;

	while (mp_str_split(text, '\n', &line)) {
		const char *hash = line.n ? memchr(line.p, '#', line.n) : NULL;
		size_t n = 0;

		if (hash)
			line.n = (size_t)(hash - line.p);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		line = mp_str_trim(line);
		while (n < line.n && !mp_isblank(line.p[n]))
			n++;
		if (n == line.n || !mp_ip_parse(mp_strn(line.p, n), ip))
			continue;
		*names = mp_strn(line.p + n, line.n - n);
		return true;
	}
	return false;
}

bool mta_next_word(struct mp_str *s, struct mp_str *word)
{
	size_t n = 0;

	*s = mp_str_trim(*s);
	while (n < s->n && !mp_isblank(s->p[n]))
		n++;
	*word = mp_strn(s->p, n);
	*s = mp_strn(s->p + n, s->n - n);
	return n > 0;
}

/* The canonical name of `name`: the first of the first line that holds it. */
static const char *hosts_canonical(struct mp_arena *a, const char *root, const char *name)
{
	struct mp_str text = mp_str(mta_file(a, root, "/etc/hosts", NULL)), names, all, first, word;
	struct mp_ip ip;

	while (hosts_line(&text, &ip, &names)) {
		all = names;
		while (mta_next_word(&names, &word))
			if (mp_str_ieq(word, mp_str(name)) && mta_next_word(&all, &first))
				return mp_dupstr(a, first);
	}
	return NULL;
}

static bool wanted(struct mp_str name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (names[i] && mp_str_ieq(name, mp_str(names[i])))
			return true;
	return false;
}

size_t mp_hosts_entries(struct mp_arena *a, const char *root, const char *const *names, size_t n_names,
	const struct mp_ip *ips, size_t n_ips, const struct mp_hosts_entry **out)
{
	struct mp_str text = mp_str(mta_file(a, root, "/etc/hosts", NULL)), words, word;
	struct mp_hosts_entry *list = NULL;
	size_t n = 0, cap = 0;
	struct mp_ip ip;

	while (hosts_line(&text, &ip, &words)) {
		bool ours = false;

		for (size_t i = 0; i < n_ips && !ours; i++)
			ours = mp_ip_kind(&ip) != MP_IP_LOOPBACK && mp_ip_eq(&ip, &ips[i]);
		while (n < MP_CASE_HOSTS_MAX && mta_next_word(&words, &word))
			if (ours || wanted(word, names, n_names))
				*MP_PUSH(a, list, n, cap) = (struct mp_hosts_entry){ip, mp_text(a, word)};
	}
	*out = list;
	return n;
}

/* ---- names of the host */

static bool dotted(const char *name)
{
	const char *dot = name ? strchr(name, '.') : NULL;

	return dot && dot != name && dot[1];
}

static void find_names(struct mp_arena *a, const char *root, const char *hostname, struct mp_identity *id)
{
	char name[256] = "", domain[256] = "";
	const char *canonical;

	if (!hostname && gethostname(name, sizeof(name) - 1) != 0)
		name[0] = '\0';
	id->hostname = mp_text(a, mp_str(hostname ? hostname : name));
	if (dotted(id->hostname)) {
		id->fqdn = id->hostname;
		id->fqdn_origin = "hostname";
		return;
	}
	if (id->hostname[0] == '\0')
		return;
	canonical = hosts_canonical(a, root, id->hostname);
	if (dotted(canonical)) {
		id->fqdn = mp_text(a, mp_str(canonical));
		id->fqdn_origin = "/etc/hosts";
		return;
	}
	/* A hostname given is another host's: the kernel's domain name is not its. */
	if (hostname || getdomainname(domain, sizeof(domain) - 1) != 0)
		return;
	if (domain[0] == '\0' || strcmp(domain, "(none)") == 0)
		return;
	id->fqdn = mp_text(a, mp_str(mp_printf(a, "%s.%s", id->hostname, domain)));
	id->fqdn_origin = "domainname";
}

/* ---- which MTA */

static const struct mta_row rows[] = {
	{"postfix", {"/etc/postfix/main.cf", "/usr/local/etc/postfix/main.cf", "/opt/local/etc/postfix/main.cf"},
		{"/usr/sbin/postfix", "/usr/local/sbin/postfix", "/opt/local/sbin/postfix"}, {"postfix"},
		mta_read_postfix},
	{"exim",
		{"/etc/exim4/exim4.conf", "/var/lib/exim4/config.autogenerated", "/etc/exim4/update-exim4.conf.conf",
			"/etc/exim/exim.conf", "/etc/exim.conf", "/usr/local/etc/exim/configure"},
		{"/usr/sbin/exim4", "/usr/sbin/exim", "/usr/local/sbin/exim"}, {"exim"}, mta_read_exim},
	{"opensmtpd",
		{"/etc/smtpd.conf", "/etc/mail/smtpd.conf", "/etc/smtpd/smtpd.conf", "/usr/local/etc/mail/smtpd.conf"},
		{"/usr/sbin/smtpctl", "/usr/sbin/smtpd", "/usr/local/sbin/smtpctl"}, {"smtpctl", "smtpd", "opensmtpd"},
		mta_read_opensmtpd},
	{"sendmail", {"/etc/mail/sendmail.cf", "/etc/sendmail.cf"},
		{"/usr/libexec/sendmail/sendmail", "/usr/lib/sm.bin/sendmail", "/usr/sbin/sendmail.sendmail",
			"/usr/lib/sendmail-mta"},
		{"sendmail/sendmail", "sendmail.sendmail", "sm.bin", "sendmail-mta"}, mta_read_sendmail},
};

static bool exists(struct mp_arena *a, const char *root, const char *path)
{
	struct stat st;

	/* lstat: a link that leads nowhere below a test's root is there all the same */
	return lstat(mp_printf(a, "%s%s", root, path), &st) == 0;
}

/* Where /usr/sbin/sendmail leads in the end; "" when it is a program itself, NULL when it is not there. */
static const char *sendmail_link(struct mp_arena *a, const char *root)
{
	const char *path = "/usr/sbin/sendmail";
	char target[1024];
	ssize_t n;

	if (!exists(a, root, path))
		return NULL;
	for (int i = 0; i < 8; i++) {
		n = readlink(mp_printf(a, "%s%s", root, path), target, sizeof(target) - 1);
		if (n <= 0)
			return i ? path : "";
		target[n] = '\0';
		if (target[0] == '/')
			path = mp_dup(a, target);
		else
			path = mp_printf(a, "%.*s/%s", (int)(strrchr(path, '/') - path), path, target);
	}
	return path;
}

/* How much speaks for an MTA: sendmail(1) is its, its program is there, its configuration is there. */
static int rank(struct mp_arena *a, const char *root, const struct mta_row *row, const char *link, const char **config)
{
	bool installed = false, linked = false;

	*config = NULL;
	for (size_t i = 0; i < ARRAY_LEN(row->configs) && row->configs[i] && !*config; i++)
		if (exists(a, root, row->configs[i]))
			*config = row->configs[i];
	if (!*config)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(row->programs) && row->programs[i]; i++)
		installed = installed || exists(a, root, row->programs[i]);
	for (size_t i = 0; link && i < ARRAY_LEN(row->links) && row->links[i]; i++)
		linked = linked || strstr(link, row->links[i]);
	/* Postfix brings a sendmail program of its own; all others link to theirs. */
	if (installed && link && *link == '\0' && strcmp(row->name, "postfix") == 0)
		linked = true;
	return 1 + (installed ? 1 : 0) + (linked ? 2 : 0);
}

static void find_mta(struct mp_arena *a, const char *root, struct mp_identity *id)
{
	const char *link = sendmail_link(a, root), *config = NULL;
	struct mta_host h = {.a = a, .root = root, .hostname = id->hostname, .fqdn = id->fqdn};
	const struct mta_row *best = NULL;
	int most = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int r = rank(a, root, &rows[i], link, &config);

		if (r <= most)
			continue;
		most = r;
		best = &rows[i];
		h.config = config;
	}
	if (!best)
		return;
	id->mta.name = best->name;
	best->read(&h, &id->mta);
	/* Files may hold anything. */
	if (id->mta.ehlo)
		id->mta.ehlo = mp_text(a, mp_str(id->mta.ehlo));
	if (id->mta.domain)
		id->mta.domain = mp_text(a, mp_str(id->mta.domain));
	if (id->mta.relayhost)
		id->mta.relayhost = mp_text(a, mp_str(id->mta.relayhost));
}

void mp_identity_read(struct mp_arena *a, const char *root, const char *hostname, struct mp_identity *out)
{
	memset(out, 0, sizeof(*out));
	find_names(a, root, hostname, out);
	find_mta(a, root, out);
}
