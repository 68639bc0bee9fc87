/* probe/mailboxes.c - see probe/mailboxes.h */
#include <errno.h>
#include <sys/wait.h>

#include "probe/mailboxes.h"
#include "probe/names.h"
#include "probe/raw.h"

enum { SECRET_MAX = 8192 }; /* bytes: tokens are long */

static int no_url(struct mp_err *err)
{
	return mp_fail(err, MP_EINVAL, "should be imaps://HOST[:PORT]/, without user, password or folder in it");
}

int mp_mailbox_url(struct mp_arena *a, struct mp_str url, const char **host, struct mp_ip *ip, uint16_t *port,
	bool *imaps, struct mp_err *err)
{
	struct mp_str rest = url;

	if (mp_str_istarts(rest, "imaps://"))
		rest = mp_strn(rest.p + 8, rest.n - 8);
	else if (mp_str_istarts(rest, "imap://"))
		rest = mp_strn(rest.p + 7, rest.n - 7);
	else
		return no_url(err);
	*imaps = mp_str_istarts(url, "imaps");
	*port = *imaps ? 993 : 143;
	if (rest.p && rest.n && rest.p[rest.n - 1] == '/')
		rest.n--;
	if (!rest.p || !rest.n || memchr(rest.p, '@', rest.n) || memchr(rest.p, '/', rest.n))
		return no_url(err);
	if (mp_server_parse(a, rest, host, ip, port, err) != MP_OK)
		return MP_EINVAL;
	if (!*host) {
		char text[MP_IP_TEXT];

		*host = mp_dup(a, mp_ip_text(ip, text));
	}
	return MP_OK;
}

static const struct mp_own_mailbox *section(const struct mp_raw *raw, const char *name)
{
	for (size_t i = 0; i < raw->n_mailboxes; i++)
		if (mp_ieq(raw->mailboxes[i].name, name))
			return &raw->mailboxes[i];
	return NULL;
}

static int no_such_mailbox(struct mp_arena *a, const struct mp_raw *raw, const struct mp_value *v, struct mp_err *err)
{
	struct mp_nearest near = {.word = mp_str(v->text)};

	for (size_t i = 0; i < raw->n_mailboxes; i++)
		mp_nearest_try(&near, raw->mailboxes[i].name);
	if (raw->config)
		mp_fail(err, MP_EINVAL, "%s has no [mailbox %s]%s", raw->config, mp_shown(a, mp_str(v->text)),
			mp_did_you_mean(a, &near, ""));
	else
		mp_fail(err, MP_EINVAL, "there is no configuration file with a [mailbox %s]",
			mp_shown(a, mp_str(v->text)));
	return mp_at(err, v->where);
}

int mp_mailboxes_find(struct mp_arena *a, const struct mp_options *o, struct mp_case *c, struct mp_err *err)
{
	const struct mp_values *names = &o->raw->opt[MP_OPT_MAILBOX];
	struct mp_mailbox *list = mp_allocn(a, names->n, sizeof(*list));

	c->n_mailboxes = 0;
	for (size_t i = 0; i < names->n; i++) {
		const struct mp_own_mailbox *own = section(o->raw, names->v[i].text);
		struct mp_mailbox *m = &list[c->n_mailboxes];
		struct mp_address ad;
		struct mp_ip ip;
		bool twice = false;

		if (!own)
			return no_such_mailbox(a, o->raw, &names->v[i], err);
		if (mp_address_parse(a, mp_str(own->address.text), 0, &ad, err) != MP_OK)
			return mp_at(err, own->address.where);
		m->name = own->name;
		m->address = ad.text;
		if (mp_mailbox_url(a, mp_str(own->url.text), &m->host, &ip, &m->port, &m->imaps, err) != MP_OK)
			return mp_at(err, own->url.where);
		m->inbox = own->inbox.text ? own->inbox.text : "INBOX";
		m->junk = own->junk.text ? own->junk.text : "";
		for (size_t k = 0; k < c->n_mailboxes; k++)
			twice = twice || strcmp(list[k].name, m->name) == 0;
		c->n_mailboxes += !twice;
	}
	c->mailboxes = list;
	c->clean = mp_raw_flag(o->raw, MP_OPT_CLEAN);
	return MP_OK;
}

/* ---- secrets */

/* The first line of what `f` gives, without its end. */
static bool read_line(FILE *f, char line[static SECRET_MAX])
{
	size_t n;

	/* Unbuffered: no copy stays behind in the library. */
	if (setvbuf(f, NULL, _IONBF, 0) != 0 || !fgets(line, SECRET_MAX, f))
		return false;
	n = strcspn(line, "\r\n");
	line[n] = '\0';
	return n > 0;
}

static int read_secret(struct mp_arena *a, const struct mp_own_mailbox *own, const char **out, struct mp_err *err)
{
	const struct mp_value *command = own->token_command.text ? &own->token_command : &own->password_command;
	const struct mp_value *v = own->password_file.text ? &own->password_file : command;
	bool is_file = v == &own->password_file, ok;
	FILE *f = is_file ? fopen(v->text, "re") : popen(v->text, "re");
	char *line = mp_alloc(a, SECRET_MAX);
	int status = 0, sys = errno;

	*line = '\0';
	ok = f && read_line(f, line);
	if (f)
		status = is_file ? fclose(f) : pclose(f);
	if (!f)
		mp_fail(err, MP_EINVAL, "cannot %s '%s': %s", is_file ? "read" : "run", mp_shown(a, mp_str(v->text)),
			strerror(sys));
	else if (!is_file && status != 0)
		mp_fail(err, MP_EINVAL, "the command ended with status %d",
			WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	else if (!ok)
		mp_fail(err, MP_EINVAL, "%s gave nothing: the secret should be its first line",
			is_file ? "the file" : "the command");
	else if (strpbrk(line, "\x01\x7f") || strlen(line) == SECRET_MAX - 1)
		mp_fail(err, MP_EINVAL, "what %s gave cannot be a secret", is_file ? "the file" : "the command");
	else {
		*out = line;
		return MP_OK;
	}
	explicit_bzero(line, SECRET_MAX);
	return mp_at(err, v->where);
}

int mp_mailbox_secrets(struct mp_arena *a, const struct mp_options *o, const struct mp_case *c,
	struct mp_mailbox_secret **out, size_t *n_out, struct mp_err *err)
{
	struct mp_mailbox_secret *list = mp_allocn(a, c->n_mailboxes, sizeof(*list));

	for (size_t i = 0; i < c->n_mailboxes; i++) {
		const struct mp_own_mailbox *own = section(o->raw, c->mailboxes[i].name);
		const char *secret = NULL;

		if (read_secret(a, own, &secret, err) != MP_OK) {
			mp_mailbox_secrets_wipe(list, i);
			return MP_EINVAL;
		}
		list[i] = (struct mp_mailbox_secret){.mailbox = own->name,
			.user = own->user.text ? own->user.text : c->mailboxes[i].address,
			.password = own->token_command.text ? NULL : secret,
			.token = own->token_command.text ? secret : NULL};
	}
	*out = list;
	*n_out = c->n_mailboxes;
	return MP_OK;
}

void mp_mailbox_secrets_wipe(struct mp_mailbox_secret *secrets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = secrets[i].password ? secrets[i].password : secrets[i].token;

		if (s)
			explicit_bzero((char *)s, strlen(s));
	}
}
