/* tests/world/imap_server.c - see tests/world/imap_server.h */
#include <openssl/ssl.h>
#include <uv.h>

#include "base/buf.h"
#include "tests/world/conn.h"
#include "tests/world/imap_server.h"

enum { IMAP_LINE_MAX = 8192, UID_BEFORE = 3, UID = 7 };

struct client {
	struct client *prev, *next;
	struct world_imap *s;
	struct world_conn *c;
	struct mp_buf in;
	const char *in_login; /* what the answer to AUTHENTICATE should be, when it is due; "": it ends a refused one */
	char tag[32];
	char folder[64]; /* "" : none is open */
	bool deleted;    /* the message bears the flag */
	bool greeted;
};

struct world_imap {
	uv_loop_t *loop;
	struct world_mailbox row;
	const struct world_smtp *receiver;
	SSL_CTX *ctx;
	uv_tcp_t *listener;
	uint16_t port;
	struct client *clients;
	const char *message; /* the receiver's, that was searched for; NULL: it has none, or nobody searched */
	uint64_t taken_at;   /* uv_now() when a client first searched for it */
	bool expunged;
};

/* ---- the mailbox */

static bool here(struct world_imap *s, const char *folder)
{
	return s->message && s->row.folder && !s->expunged && uv_now(s->loop) - s->taken_at >= s->row.after_ms &&
	       mp_ieq(folder, s->row.folder);
}

/* ---- the dialogue */

static void say(struct client *cl, const char *fmt, ...) MP_PRINTF(2, 3);

static void say(struct client *cl, const char *fmt, ...)
{
	struct mp_buf b = MP_BUF(IMAP_LINE_MAX);
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	mp_buf_addf(&b, "%s\r\n", line);
	world_conn_say(cl->c, b.p, b.n);
	mp_buf_release(&b);
}

static void done(struct client *cl, const char *text)
{
	say(cl, "%s %s", cl->tag, text);
}

/* "\0you@example.net\0correct horse battery" */
static const char plain[] = "AHlvdUBleGFtcGxlLm5ldABjb3JyZWN0IGhvcnNlIGJhdHRlcnk=";
/* "user=you@example.net\1auth=Bearer ya29.a0-world-bearer-token\1\1" */
static const char xoauth2[] = "dXNlcj15b3VAZXhhbXBsZS5uZXQBYXV0aD1CZWFyZXIgeWEyOS5hMC13b3JsZC1iZWFyZXItdG9rZW4BAQ==";

static void login(struct client *cl, bool right)
{
	if (right && !cl->s->row.other_password)
		done(cl, "OK logged in");
	else
		done(cl, "NO [AUTHENTICATIONFAILED] authentication failed");
}

/* A token is refused in two steps: what is wrong as a challenge, which the client answers with nothing, or with "*". */
static void login_by_token(struct client *cl, struct mp_str line)
{
	if (mp_str_eq(line, mp_str(xoauth2)) && !cl->s->row.other_password) {
		login(cl, true);
		return;
	}
	cl->in_login = "";
	say(cl, "+ eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiQmVhcmVyIn0="); /* {"status":"401","schemes":"Bearer"} */
}

static void on_credentials(struct client *cl, struct mp_str line)
{
	const char *wanted = cl->in_login;

	cl->in_login = NULL;
	if (wanted == xoauth2)
		login_by_token(cl, line);
	else
		login(cl, *wanted && mp_str_eq(line, mp_str(wanted)));
}

static void authenticate(struct client *cl, struct mp_str rest)
{
	bool token = cl->s->row.token;
	struct mp_str mechanism;

	if (!mp_str_split(&rest, ' ', &mechanism) || !mp_str_ieq(mechanism, mp_str(token ? "XOAUTH2" : "PLAIN"))) {
		done(cl, "NO no such mechanism");
		return;
	}
	cl->in_login = token ? xoauth2 : plain;
	if (rest.n)
		on_credentials(cl, rest);
	else
		say(cl, "+ ");
}

static void open_folder(struct client *cl, struct mp_str name)
{
	bool inbox, junk;

	if (name.n >= 2 && name.p[0] == '"')
		name = mp_strn(name.p + 1, name.n - 2);
	inbox = mp_str_ieq(name, MP_LIT("INBOX"));
	junk = mp_str_ieq(name, MP_LIT("Junk")) && !cl->s->row.no_junk;
	cl->folder[0] = '\0';
	if (!inbox && !junk) {
		done(cl, "NO [NONEXISTENT] no such mailbox");
		return;
	}
	snprintf(cl->folder, sizeof(cl->folder), "%.*s", (int)name.n, name.p);
	say(cl, "* %d EXISTS", here(cl->s, cl->folder));
	say(cl, "* OK [UIDVALIDITY 1] ok");
	done(cl, "OK [READ-WRITE] opened");
}

static void search(struct client *cl, struct mp_str what)
{
	struct world_imap *s = cl->s;
	ptrdiff_t at = mp_str_ifind(what, "<");
	char id[256] = "";
	bool hit, old;

	if (at >= 0)
		snprintf(id, sizeof(id), "%.*s", (int)(what.n - (size_t)at), what.p + at);
	id[strcspn(id, "\"")] = '\0';
	if (*id && !s->message && (s->message = world_smtp_taken(s->receiver, id)))
		s->taken_at = uv_now(s->loop);
	hit = *id && here(s, cl->folder) && strstr(s->message, id);
	old = *id && s->row.before && mp_ieq(cl->folder, s->row.before);
	say(cl, "* SEARCH%s%s", old ? " 3" : "", hit ? " 7" : "");
	done(cl, "OK searched");
}

/* The message as it is stored, behind all that it met on its way. */
static void stored(const struct world_imap *s, struct mp_buf *out)
{
	static const char subject[] = "\r\nSubject: ";
	const char *rest = s->message, *at = s->row.tag ? strstr(rest, subject) : NULL;

	if (s->row.stamp)
		mp_buf_adds(out, s->row.stamp);
	if (at) {
		at += strlen(subject);
		mp_buf_addf(out, "%.*s%s ", (int)(at - rest), rest, s->row.tag);
		rest = at;
	}
	mp_buf_adds(out, rest);
	if (s->row.footer)
		mp_buf_adds(out, s->row.footer);
}

static void fetch(struct client *cl)
{
	struct mp_buf b = MP_BUF(1 << 20);

	if (here(cl->s, cl->folder)) {
		stored(cl->s, &b);
		say(cl, "* 2 FETCH (UID %d BODY[] {%zu}", UID, b.n);
		world_conn_say(cl->c, b.p, b.n);
		say(cl, ")");
	}
	done(cl, "OK fetched");
	mp_buf_release(&b);
}

static void uid_command(struct client *cl, struct mp_str verb, struct mp_str rest)
{
	if (mp_str_ieq(verb, MP_LIT("SEARCH"))) {
		search(cl, rest);
	} else if (mp_str_ieq(verb, MP_LIT("FETCH"))) {
		fetch(cl);
	} else if (mp_str_ieq(verb, MP_LIT("STORE"))) {
		cl->deleted = mp_str_ifind(rest, "\\Deleted") >= 0;
		done(cl, "OK stored");
	} else if (mp_str_ieq(verb, MP_LIT("EXPUNGE"))) {
		cl->s->expunged = cl->s->expunged || (cl->deleted && !cl->s->row.keeps);
		if (!cl->s->row.keeps)
			say(cl, "* 1 EXPUNGE");
		done(cl, cl->s->row.keeps ? "BAD what?" : "OK expunged");
	} else {
		done(cl, "BAD what?");
	}
}

static bool starttls_due(const struct client *cl)
{
	return cl->s->row.tls == WORLD_IMAP_STARTTLS && !world_conn_tls(cl->c);
}

static void on_line(struct client *cl, struct mp_str line)
{
	struct mp_str word, verb;

	if (cl->in_login) {
		on_credentials(cl, line);
		return;
	}
	if (!mp_str_split(&line, ' ', &word))
		return;
	snprintf(cl->tag, sizeof(cl->tag), "%.*s", (int)word.n, word.p);
	if (!mp_str_split(&line, ' ', &verb))
		return;
	if (mp_str_ieq(verb, MP_LIT("CAPABILITY"))) {
		say(cl, "* CAPABILITY IMAP4rev1 UIDPLUS SASL-IR %s",
			starttls_due(cl)   ? "STARTTLS LOGINDISABLED"
			: cl->s->row.token ? "LOGINDISABLED AUTH=XOAUTH2"
					   : "AUTH=PLAIN");
		done(cl, "OK");
	} else if (starttls_due(cl) && mp_str_ieq(verb, MP_LIT("STARTTLS"))) {
		done(cl, "OK go ahead");
		world_conn_flush(cl->c);
		mp_buf_reset(&cl->in); /* RFC 3501 6.2.1: what came behind it is not read */
		world_conn_start_tls(cl->c, cl->s->ctx);
	} else if (starttls_due(cl) && !mp_str_ieq(verb, MP_LIT("LOGOUT"))) {
		done(cl, "NO [PRIVACYREQUIRED] not without TLS");
	} else if (mp_str_ieq(verb, MP_LIT("AUTHENTICATE"))) {
		authenticate(cl, line);
	} else if (mp_str_ieq(verb, MP_LIT("LOGIN"))) {
		login(cl, !cl->s->row.token && mp_str_ifind(line, WORLD_IMAP_PASSWORD) >= 0);
	} else if (mp_str_ieq(verb, MP_LIT("LIST"))) {
		say(cl, "* LIST (\\HasNoChildren) \"/\" INBOX");
		if (!cl->s->row.no_junk)
			say(cl, "* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"");
		done(cl, "OK listed");
	} else if (mp_str_ieq(verb, MP_LIT("SELECT"))) {
		open_folder(cl, line);
	} else if (mp_str_ieq(verb, MP_LIT("UID"))) {
		mp_str_split(&line, ' ', &word);
		uid_command(cl, word, line);
	} else if (mp_str_ieq(verb, MP_LIT("LOGOUT"))) {
		say(cl, "* BYE");
		done(cl, "OK");
		world_conn_end(cl->c);
	} else if (mp_str_ieq(verb, MP_LIT("NOOP"))) {
		done(cl, "OK");
	} else {
		done(cl, "BAD what?");
	}
}

static void greet(struct client *cl)
{
	if (cl->greeted)
		return;
	cl->greeted = true;
	say(cl, "* OK mailbox of the world");
	world_conn_flush(cl->c);
}

/* ---- a connection */

static void on_bytes(void *user, struct mp_str bytes)
{
	struct client *cl = user;
	const char *nl;

	if (!mp_buf_add(&cl->in, bytes.p, bytes.n)) {
		world_conn_close(cl->c);
		return;
	}
	while (cl->in.n && (nl = memchr(cl->in.p, '\n', cl->in.n))) {
		size_t n = (size_t)(nl - cl->in.p);

		on_line(cl, mp_strn(cl->in.p, n && nl[-1] == '\r' ? n - 1 : n));
		mp_buf_consume(&cl->in, n + 1 < cl->in.n ? n + 1 : cl->in.n);
	}
	world_conn_flush(cl->c);
}

static void on_tls(void *user)
{
	greet(user);
}

static void on_nothing(void *user)
{
	(void)user;
}

static void on_gone(void *user)
{
	struct client *cl = user;

	if (cl->prev)
		cl->prev->next = cl->next;
	else
		cl->s->clients = cl->next;
	if (cl->next)
		cl->next->prev = cl->prev;
	mp_buf_release(&cl->in);
	free(cl);
}

static const struct world_conn_ops ops = {
	.on_bytes = on_bytes,
	.on_tls = on_tls,
	.on_timer = on_nothing,
	.on_drained = on_nothing,
	.on_gone = on_gone,
};

static void on_connection(uv_stream_t *listener, int status)
{
	struct world_imap *s = listener->data;
	struct client *cl;

	if (status < 0)
		return;
	cl = mp_xcalloc(1, sizeof(*cl));
	cl->s = s;
	cl->in = MP_BUF(IMAP_LINE_MAX);
	cl->next = s->clients;
	if (s->clients)
		s->clients->prev = cl;
	s->clients = cl;
	cl->c = world_conn_accept(listener, &ops, cl);
	if (s->row.tls == WORLD_IMAP_TLS)
		world_conn_start_tls(cl->c, s->ctx);
	else
		greet(cl);
}

/* ---- start and stop */

struct world_imap *world_imap_start(struct uv_loop_s *loop, const struct world_pki *pki, const char *host,
	const struct world_mailbox *row, const struct world_smtp *receiver, struct mp_err *err)
{
	struct world_imap *s = mp_xcalloc(1, sizeof(*s));
	struct mp_ip ip;

	s->loop = loop;
	s->row = *row;
	s->receiver = receiver;
	if (!mp_ip_parse(mp_str(row->address), &ip))
		mp_fail(err, MP_EINVAL, "%s is not an address", row->address);
	else
		s->ctx = world_pki_context(pki, host, row->cert, 0, 0, err);
	if (s->ctx)
		s->listener = world_listen(loop, &ip, &s->port, on_connection, s, "cannot serve a mailbox", err);
	if (s->listener)
		return s;
	world_imap_stop(s);
	world_imap_free(s);
	return NULL;
}

uint16_t world_imap_port(const struct world_imap *s)
{
	return s->port;
}

void world_imap_stop(struct world_imap *s)
{
	world_listen_stop(s->listener);
	s->listener = NULL;
	for (struct client *cl = s->clients; cl; cl = cl->next)
		world_conn_close(cl->c);
}

void world_imap_free(struct world_imap *s)
{
	if (!s)
		return;
	SSL_CTX_free(s->ctx);
	free(s);
}
