/* probe/compose.c - see probe/compose.h */
#include <config.h>

#include <errno.h>
#include <time.h>

#include "base/text.h"
#include "probe/compose.h"
#include "probe/names.h"
#include "probe/raw.h"
#include "smtp/dkim.h"

enum { KEY_MAX = 65536 };

/* Fields of a file that are not sent on: they belong to a delivery that is over, or are secret (RFC 5322 3.6.3). */
static const char *const dropped[] = {"Return-Path", "Bcc", "Resent-Bcc"};

/* ---- parts */

/* RFC 5322 3.3, in UTC. */
const char *mp_compose_date(struct mp_arena *a, int64_t ms)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	return mp_printf(a, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool beyond_ascii(struct mp_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return true;
	return false;
}

/* RFC 8058 3.1: both fields together. */
static void add_unsubscribe(const struct mp_options *o, struct mp_buf *b)
{
	const struct mp_value *v = o ? mp_raw_value(o->raw, MP_OPT_LIST_UNSUBSCRIBE) : NULL;

	if (!v)
		return;
	mp_buf_addf(b, "List-Unsubscribe: <%s>\r\n", v->text);
	if (mp_str_istarts(mp_str(v->text), "https:"))
		mp_buf_adds(b, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void finish(struct mp_arena *a, struct mp_buf *b, size_t header, const char *id, const char *subject,
	struct mp_message *said, struct smtp_message *out)
{
	struct mp_str all = {mp_dupn(a, mp_buf_cstr(b), b->n), b->n};

	*said = (struct mp_message){.id = id, .subject = subject, .size = all.n};
	*out = (struct smtp_message){.id = id,
		.bytes = all,
		.eight_bit = beyond_ascii(mp_strn(all.p + header, all.n - header)),
		.utf8_headers = beyond_ascii(mp_strn(all.p, header))};
	mp_buf_release(b);
}

/* ---- our own text */

static void compose_own(struct mp_arena *a, const struct mp_options *o, const struct mp_case *c, const char *id,
	const struct mp_target *t, struct mp_message *said, struct smtp_message *out)
{
	const char *subject = mp_printf(a, MP_TEST_SUBJECT "%s", c->run_id);
	struct mp_buf b = MP_BUF(65536);
	bool utf8 = beyond_ascii(mp_str(c->header_from)) || beyond_ascii(mp_str(t->rcpt));
	size_t header;

	mp_buf_addf(&b, "From: <%s>\r\n", c->header_from);
	mp_buf_addf(&b, "To: <%s>\r\n", t->rcpt);
	mp_buf_addf(&b, "Subject: %s\r\n", subject);
	mp_buf_addf(&b, "Date: %s\r\n", mp_compose_date(a, c->started_ms));
	mp_buf_addf(&b, "Message-ID: <%s>\r\n", id);
	mp_buf_adds(&b, "MIME-Version: 1.0\r\n");
	mp_buf_addf(&b, "Content-Type: text/plain; charset=%s\r\n", utf8 ? "utf-8" : "us-ascii");
	mp_buf_addf(&b, "Content-Transfer-Encoding: %s\r\n", utf8 ? "8bit" : "7bit");
	/* RFC 3834 5: no vacation notice shall answer it. */
	mp_buf_adds(&b, "Auto-Submitted: auto-generated\r\n");
	add_unsubscribe(o, &b);
	mp_buf_adds(&b, "\r\n");
	header = b.n;
	mp_buf_addf(&b,
		"Hello,\r\n"
		"\r\n"
		"this is a test message. The administrator of %s sends it to see\r\n"
		"whether mail from there reaches this mailbox, and how it is judged on its way.\r\n"
		"\r\n"
		"Nothing has to be done with it: it needs no answer, and may be deleted.\r\n"
		"\r\n"
		"Sender: %s\r\n"
		"Sent at: %s\r\n"
		"Program: mailprobe %s, run %s\r\n",
		c->ehlo, *c->mail_from ? c->mail_from : c->header_from, mp_time_text(a, c->started_ms, false),
		PACKAGE_VERSION, c->run_id);
	finish(a, &b, header, id, subject, said, out);
}

/* ---- the user's file */

/* The next line of `rest`, without its end (CRLF, LF or CR alone). False at the end. */
static bool next_line(struct mp_str *rest, struct mp_str *line)
{
	size_t n = 0;

	if (!rest->n)
		return false;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*line = mp_strn(rest->p, n);
	if (n < rest->n)
		n += n + 1 < rest->n && rest->p[n] == '\r' && rest->p[n + 1] == '\n' ? 2 : 1;
	*rest = mp_strn(rest->p + n, rest->n - n);
	return true;
}

/* The name of the field that a header line begins; without a pointer when it begins none. */
static struct mp_str field_name(struct mp_str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > 0x20 && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	if (!n || n == line.n || (line.p[n] != ':' && !(line.p[n] == ' ' && n + 1 < line.n && line.p[n + 1] == ':')))
		return (struct mp_str){0};
	return mp_strn(line.p, n);
}

static bool is_dropped(struct mp_str name)
{
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		if (mp_str_ieq(name, mp_str(dropped[i])))
			return true;
	return false;
}

struct file {
	struct mp_str rest; /* the body, with its line ends as they are */
	struct mp_buf header;
	const char *from, *message_id, *subject, *date; /* values, unfolded; NULL: there is none */
	size_t n_from, n_message_id;
};

/* The value of the field that `at` names in `f`, or NULL when it is of no interest. */
static const char **field_of(struct file *f, struct mp_str name)
{
	if (mp_str_ieq(name, MP_LIT("From"))) {
		f->n_from++;
		return &f->from;
	}
	if (mp_str_ieq(name, MP_LIT("Message-ID"))) {
		f->n_message_id++;
		return &f->message_id;
	}
	if (mp_str_ieq(name, MP_LIT("Subject")))
		return &f->subject;
	if (mp_str_ieq(name, MP_LIT("Date")))
		return &f->date;
	return NULL;
}

static int bad_line(struct mp_arena *a, const char *file, size_t n, struct mp_str line, struct mp_err *err)
{
	if (line.n > MP_MESSAGE_LINE)
		return mp_fail(err, MP_EINVAL, "%s:%zu: the line has %zu bytes, and RFC 5322 allows %d",
			mp_shown(a, mp_str(file)), n, line.n, MP_MESSAGE_LINE);
	if (line.n && memchr(line.p, '\0', line.n))
		return mp_fail(
			err, MP_EINVAL, "%s:%zu: holds a NUL byte: not a mail message", mp_shown(a, mp_str(file)), n);
	return MP_OK;
}

/* Read the header. What is kept of it is in f->header, CRLF ended. */
static int read_header(struct mp_arena *a, const char *file, struct mp_str bytes, struct file *f, struct mp_err *err)
{
	struct mp_str line;
	const char **value = NULL;
	bool keep = false;
	size_t n = 0;

	f->header = MP_BUF(MP_MESSAGE_MAX);
	f->rest = bytes;
	while (next_line(&f->rest, &line) && line.n) {
		bool folded = line.p[0] == ' ' || line.p[0] == '\t';

		if (bad_line(a, file, ++n, line, err) != MP_OK)
			return MP_EINVAL;
		if (n == 1 && mp_str_istarts(line, "From "))
			continue; /* a mailbox file's mark */
		if (!folded) {
			struct mp_str name = field_name(line);

			if (!name.p)
				return mp_fail(err, MP_EINVAL,
					"%s:%zu: '%s' is no header field (NAME: VALUE); the header ends with an empty line",
					mp_shown(a, mp_str(file)), n, mp_shown(a, line));
			value = field_of(f, name);
			keep = !is_dropped(name);
			if (value)
				*value = mp_dupstr(a, mp_str_trim(mp_strn(memchr(line.p, ':', line.n) + 1,
							      line.n - name.n - 1 - (line.p[name.n] == ' '))));
		} else if (value) {
			*value = mp_printf(a, "%s %.*s", *value, (int)mp_str_trim(line).n, mp_str_trim(line).p);
		}
		if (keep) {
			mp_buf_addstr(&f->header, line);
			mp_buf_adds(&f->header, "\r\n");
		}
	}
	if (!n)
		return mp_fail(err, MP_EINVAL, "%s: has no header: not a mail message", mp_shown(a, mp_str(file)));
	if (f->n_from > 1)
		return mp_fail(err, MP_EINVAL,
			"%s: has %zu From: fields; receivers refuse more than one (RFC 5322 3.6)",
			mp_shown(a, mp_str(file)), f->n_from);
	return MP_OK;
}

/* The address in a From: value: between angle brackets, else the value itself. */
static int from_address(
	struct mp_arena *a, const char *file, const char *value, struct mp_address *out, struct mp_err *err)
{
	const char *open = strrchr(value, '<'), *close = open ? strchr(open, '>') : NULL;
	struct mp_str text = close ? mp_strn(open + 1, (size_t)(close - open - 1)) : mp_str(value);

	if (mp_address_parse(a, text, 0, out, err) == MP_OK)
		return MP_OK;
	return mp_at(err, mp_printf(a, "%s: From", mp_shown(a, mp_str(file))));
}

int mp_compose_file(struct mp_arena *a, const struct mp_case *c, const char *file, struct mp_str bytes,
	const char *message_id, struct mp_message *said, struct smtp_message *out, struct mp_err *err)
{
	struct file f = {.from = NULL};
	struct mp_buf b = MP_BUF(2 * MP_MESSAGE_MAX + 65536);
	struct mp_str line;
	size_t n = 0, header;
	int rc = read_header(a, file, bytes, &f, err);

	if (rc == MP_OK && f.message_id) {
		struct mp_str id = mp_str_trim(mp_str(f.message_id));

		if (f.n_message_id > 1 || id.n < 3 || id.n > 255 || id.p[0] != '<' || id.p[id.n - 1] != '>' ||
			beyond_ascii(id))
			rc = mp_fail(err, MP_EINVAL,
				"%s: its Message-ID should be one, such as <something@%s>, or none: then it gets one",
				mp_shown(a, mp_str(file)), c->domain);
		else
			message_id = mp_text(a, mp_strn(id.p + 1, id.n - 2));
	}
	if (rc == MP_OK) {
		if (!f.from)
			mp_buf_addf(&b, "From: <%s>\r\n", c->header_from);
		if (!f.date)
			mp_buf_addf(&b, "Date: %s\r\n", mp_compose_date(a, c->started_ms));
		if (!f.message_id)
			mp_buf_addf(&b, "Message-ID: <%s>\r\n", message_id);
		mp_buf_addstr(&b, mp_buf_str(&f.header));
		mp_buf_adds(&b, "\r\n");
		header = b.n;
		while (rc == MP_OK && next_line(&f.rest, &line)) {
			/* The header's lines were counted in read_header(); here the body's are told by their own number. */
			rc = bad_line(a, mp_printf(a, "%s: body", file), ++n, line, err);
			mp_buf_addstr(&b, line);
			mp_buf_adds(&b, "\r\n");
		}
		if (rc == MP_OK && b.full)
			rc = mp_fail(err, MP_EINVAL, "%s: is larger than %d MiB", mp_shown(a, mp_str(file)),
				MP_MESSAGE_MAX >> 20);
		if (rc == MP_OK)
			finish(a, &b, header, message_id, f.subject ? mp_text(a, mp_str(f.subject)) : NULL, said, out);
	}
	mp_buf_release(&b);
	mp_buf_release(&f.header);
	return rc;
}

static int read_file(struct mp_arena *a, const struct mp_value *v, struct mp_buf *out, struct mp_err *err)
{
	FILE *f = fopen(v->text, "rbe");
	char chunk[65536];
	size_t n;
	int rc = MP_OK;

	*out = MP_BUF(MP_MESSAGE_MAX);
	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		if (!mp_buf_add(out, chunk, n)) {
			rc = mp_fail(err, MP_EINVAL, "'%s' is larger than %d MiB", mp_shown(a, mp_str(v->text)),
				MP_MESSAGE_MAX >> 20);
			break;
		}
	if (!f || ferror(f))
		rc = mp_fail(err, MP_EINVAL, "cannot read '%s': %s", mp_shown(a, mp_str(v->text)), strerror(errno));
	if (f)
		fclose(f);
	return rc == MP_OK ? MP_OK : mp_at(err, v->where);
}

int mp_compose_from(struct mp_arena *a, const struct mp_options *o, const char **from, struct mp_err *err)
{
	const struct mp_value *v = mp_raw_value(o->raw, MP_OPT_MESSAGE);
	struct file f = {.from = NULL};
	struct mp_address ad;
	struct mp_buf bytes;
	int rc;

	*from = NULL;
	if (!v)
		return MP_OK;
	rc = read_file(a, v, &bytes, err);
	if (rc == MP_OK && read_header(a, v->text, mp_buf_str(&bytes), &f, err) != MP_OK)
		rc = mp_at(err, v->where);
	if (rc == MP_OK && f.from && (rc = from_address(a, v->text, f.from, &ad, err)) == MP_OK)
		*from = ad.text;
	mp_buf_release(&f.header);
	mp_buf_release(&bytes);
	return rc;
}

/* ---- signatures */

/* The private key of a selector; NULL with `err`. Its bytes are wiped. */
static struct smtp_private *read_key(struct mp_arena *a, const char *path, struct mp_err *err)
{
	char *bytes = mp_xmalloc(KEY_MAX);
	struct mp_err why = {.msg = ""};
	struct smtp_private *key = NULL;
	FILE *f = fopen(path, "rbe");
	size_t n = 0;

	/* Unbuffered: no copy of the key stays behind in the library. */
	if (f && setvbuf(f, NULL, _IONBF, 0) == 0)
		n = fread(bytes, 1, KEY_MAX, f);
	if (!f || ferror(f))
		mp_fail(err, MP_EINVAL, "cannot read '%s': %s", mp_shown(a, mp_str(path)), strerror(errno));
	else if (!(key = smtp_private_new(mp_strn(bytes, n), &why)))
		mp_fail(err, MP_EINVAL, "'%s' %.150s", mp_shown(a, mp_str(path)), why.msg);
	if (f)
		fclose(f);
	explicit_bzero(bytes, KEY_MAX);
	free(bytes);
	return key;
}

/* Put a signature of that key before the message. */
static void add_signature(struct mp_arena *a, const struct mp_options *o, const struct mp_case *c,
	const struct mp_selector *s, const struct smtp_private *key, struct smtp_message *m, struct mp_message *said,
	size_t at, const char **list)
{
	const struct mp_value *form = mp_raw_value(o->raw, MP_OPT_DKIM_CANON);
	ptrdiff_t end = mp_str_ifind(m->bytes, "\r\n\r\n");
	size_t header = end < 0 ? m->bytes.n : (size_t)end + 2, body = end < 0 ? header : header + 2;
	struct smtp_signer signer = {.domain = s->domain,
		.selector = s->selector,
		.key = key,
		.header = SMTP_RELAXED,
		.body = SMTP_RELAXED,
		.now_s = c->started_ms / 1000};
	const char *field;
	size_t n;
	char *all;

	if (form)
		smtp_canon_parse(mp_str(form->text), &signer.header, &signer.body);
	field = smtp_dkim_sign(a, &signer, mp_strn(m->bytes.p, header), mp_strn(m->bytes.p + body, m->bytes.n - body));
	n = strlen(field);
	all = mp_alloc(a, n + m->bytes.n + 1);
	memcpy(all, field, n);
	memcpy(all + n, m->bytes.p, m->bytes.n);
	m->bytes = mp_strn(all, n + m->bytes.n);
	said->size = m->bytes.n;
	list[at] = mp_printf(
		a, "d=%s s=%s %s", s->domain, s->selector, smtp_private_is_rsa(key) ? "rsa-sha256" : "ed25519-sha256");
	said->signatures = list;
	said->n_signatures = at + 1;
}

/* Sign the messages with every key that is at hand: what the MTA's signer would do, or what the options say. */
static int sign_all(struct mp_arena *a, const struct mp_options *o, const struct mp_case *c,
	struct smtp_message *messages, struct mp_message *said, struct mp_err *err)
{
	const char **lists = mp_allocn(a, c->n_targets * MP_CASE_SIGNATURES_MAX, sizeof(*lists));
	size_t n = 0;

	for (size_t k = 0; k < c->n_selectors && n < MP_CASE_SIGNATURES_MAX; k++) {
		const struct mp_selector *s = &c->selectors[k];
		struct smtp_private *key;
		const char *root = o->raw->opt[MP_OPT_DKIM_KEY].n ? "" : o->raw->root;

		if (!s->public_key || !s->key_origin)
			continue;
		key = read_key(a, mp_printf(a, "%s%s", root, s->key_origin), err);
		if (!key)
			return MP_EINVAL;
		for (size_t i = 0; i < c->n_targets; i++)
			add_signature(a, o, c, s, key, &messages[i], &said[i], n, &lists[i * MP_CASE_SIGNATURES_MAX]);
		smtp_private_free(key);
		n++;
	}
	return MP_OK;
}

/* ---- for every target */

/* A received message as it is, for the filters that are to score it. */
static int take_received(struct mp_arena *a, const struct mp_options *o, const struct smtp_message **out, size_t *n_out,
	struct mp_err *err)
{
	const struct mp_value file = {.text = o->args[0], .where = "message"};
	struct smtp_message *m = mp_alloc(a, sizeof(*m));
	struct mp_buf bytes;

	if (!mp_raw_value(o->raw, MP_OPT_RSPAMD) && !mp_raw_value(o->raw, MP_OPT_SPAMD))
		return MP_OK;
	if (strcmp(file.text, "-") == 0)
		return mp_fail(err, MP_EINVAL, "to have a message scored give its FILE, not standard input");
	if (read_file(a, &file, &bytes, err) != MP_OK)
		return MP_EINVAL;
	*m = (struct smtp_message){.id = MP_RECEIVED, .bytes = {mp_dupn(a, mp_buf_cstr(&bytes), bytes.n), bytes.n}};
	mp_buf_release(&bytes);
	*out = m;
	*n_out = 1;
	return MP_OK;
}

int mp_compose(struct mp_arena *a, const struct mp_options *o, struct mp_case *c, const struct smtp_message **out,
	size_t *n_out, struct mp_err *err)
{
	const struct mp_value *file = mp_raw_value(o->raw, MP_OPT_MESSAGE);
	struct smtp_message *messages = mp_allocn(a, c->n_targets, sizeof(*messages));
	struct mp_target *targets = mp_memdup(a, c->targets, c->n_targets * sizeof(*targets));
	struct mp_message *said = mp_allocn(a, c->n_targets, sizeof(*said));
	struct mp_buf bytes = MP_BUF(0);
	int rc = MP_OK;

	*n_out = 0;
	if (o->command == MP_CMD_MESSAGE)
		return take_received(a, o, out, n_out, err);
	if (!mp_raw_flag(o->raw, MP_OPT_SEND) && !mp_raw_flag(o->raw, MP_OPT_DRY_RUN))
		return MP_OK;
	if (file)
		rc = read_file(a, file, &bytes, err);
	for (size_t i = 0; rc == MP_OK && i < c->n_targets; i++) {
		const char *id = mp_printf(a, "%s.%zu@%s", c->run_id, i, c->domain);

		if (!file)
			compose_own(a, o, c, id, &targets[i], &said[i], &messages[i]);
		else if (mp_compose_file(a, c, file->text, mp_buf_str(&bytes), id, &said[i], &messages[i], err) !=
			 MP_OK)
			rc = mp_at(err, file->where);
		targets[i].message = &said[i];
	}
	mp_buf_release(&bytes);
	if (rc == MP_OK)
		rc = sign_all(a, o, c, messages, said, err);
	if (rc != MP_OK)
		return rc;
	c->targets = targets;
	c->send = mp_raw_flag(o->raw, MP_OPT_SEND) && !mp_raw_flag(o->raw, MP_OPT_DRY_RUN);
	*out = messages;
	*n_out = c->n_targets;
	return MP_OK;
}
