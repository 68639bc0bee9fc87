/* probe/mailbox.c - see probe/mailbox.h */
#include "probe/mailbox.h"
#include "base/jin.h"
#include "base/text.h"
#include "dns/dns.h"

enum { MAX_TEXT = 4096 };

static const char *const outcomes[] = {
	[MP_MAILBOX_FOUND] = "found",
	[MP_MAILBOX_MISSING] = "missing",
	[MP_MAILBOX_NO_LOGIN] = "no-login",
	[MP_MAILBOX_NO_FOLDER] = "no-folder",
	[MP_MAILBOX_UNREACHABLE] = "unreachable",
	[MP_MAILBOX_TLS_FAILED] = "tls-failed",
	[MP_MAILBOX_PROTOCOL_ERROR] = "protocol-error",
	[MP_MAILBOX_UNKNOWN] = "unknown",
};

const char *mp_mailbox_outcome_name(enum mp_mailbox_outcome o)
{
	return outcomes[o];
}

const char *mp_placement_kind(const struct mp_mailbox_answer *ans)
{
	if (ans->outcome == MP_MAILBOX_MISSING)
		return "missing";
	if (ans->outcome != MP_MAILBOX_FOUND)
		return NULL;
	return ans->junk ? "junk" : ans->tab ? "tab" : "inbox";
}

const struct mp_mailbox_answer *mp_mailbox_ask(struct mp_evidence *ev, const struct mp_mailbox_question *q)
{
	return mp_evidence_ask(ev, &mp_mailbox_kind, q);
}

/* ---- what servers say */

/* "* SEARCH 3 17" CRLF (RFC 9051 7.3.4: ESEARCH is not asked for). */
uint32_t mp_imap_search_result(struct mp_str bytes)
{
	struct mp_str line, word;
	uint32_t best = 0;

	while (mp_str_split(&bytes, '\n', &line)) {
		uint64_t n;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!mp_str_istarts(line, "* SEARCH"))
			continue;
		line = mp_strn(line.p + 8, line.n - 8);
		while (mp_str_split(&line, ' ', &word))
			if (mp_str_u64(mp_str_trim(word), UINT32_MAX, &n) && n > best)
				best = (uint32_t)n;
	}
	return best;
}

/* RFC 9051 7.3.1: "* LIST (\\HasNoChildren \\Junk) "/" "[Gmail]/Spam"" CRLF; the name an atom or quoted. */
bool mp_imap_has_folder(struct mp_arena *a, struct mp_str bytes, const char *wanted, const char **marked)
{
	struct mp_str line;
	bool found = false;

	if (marked)
		*marked = NULL;
	while (mp_str_split(&bytes, '\n', &line)) {
		const char *open, *close;
		struct mp_buf name = MP_BUF(MAX_TEXT);
		size_t at;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		open = mp_str_istarts(line, "* LIST ") ? memchr(line.p, '(', line.n) : NULL;
		close = open ? memchr(open, ')', line.n - (size_t)(open - line.p)) : NULL;
		if (!close)
			continue;
		at = line.n;
		if (line.p[at - 1] == '"') {
			for (at--; at > (size_t)(close - line.p) + 1; at--)
				if (line.p[at - 1] == '"' && line.p[at - 2] != '\\')
					break;
			for (size_t i = at; i + 1 < line.n; i++)
				if (line.p[i] != '\\' || line.p[++i])
					mp_buf_addc(&name, line.p[i]);
		} else {
			while (at > (size_t)(close - line.p) + 1 && line.p[at - 1] != ' ')
				at--;
			mp_buf_add(&name, line.p + at, line.n - at);
		}
		found = found || (name.n && strcmp(mp_buf_cstr(&name), wanted) == 0);
		if (marked && !*marked && name.n && mp_str_ifind(mp_strn(open, (size_t)(close - open)), "\\Junk") >= 0)
			*marked = mp_text(a, mp_buf_str(&name));
		mp_buf_release(&name);
	}
	return found;
}

void mp_mailbox_keep(struct mp_arena *a, struct mp_mailbox_answer *ans, const struct smtp_mail *mail)
{
	struct mp_str rest = mail->header_bytes, line;
	const char **lines = mp_allocn(a, MP_MAILBOX_LINES_MAX, sizeof(*lines));

	if (rest.n > MP_MAILBOX_HEADER_MAX)
		rest.n = MP_MAILBOX_HEADER_MAX;
	ans->mail = mail;
	ans->header = lines;
	ans->n_header = 0;
	while (ans->n_header < MP_MAILBOX_LINES_MAX && mp_str_split(&rest, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n)
			break;
		lines[ans->n_header++] = mp_text(a, line);
	}
}

const struct smtp_mail *mp_mailbox_header(struct mp_arena *a, const struct mp_mailbox_answer *ans)
{
	struct smtp_reader *r;
	const struct smtp_mail *m;

	if (ans->mail)
		return ans->mail;
	r = smtp_reader_new(a);
	for (size_t i = 0; i < ans->n_header; i++) {
		smtp_reader_feed(r, mp_str(ans->header[i]));
		smtp_reader_feed(r, MP_LIT("\r\n"));
	}
	m = smtp_reader_end(r);
	smtp_reader_free(r);
	return m;
}

size_t mp_mailbox_field(
	struct mp_arena *a, const struct mp_mailbox_answer *ans, const char *name, const char **out, size_t max)
{
	size_t n = 0, len = strlen(name);

	for (size_t i = 0; i < ans->n_header && n < max; i++) {
		const char *line = ans->header[i];
		struct mp_buf b = MP_BUF(MP_MAILBOX_HEADER_MAX);

		if (!mp_str_istarts(mp_str(line), name) || line[len] != ':')
			continue;
		mp_buf_addstr(&b, mp_str_trim(mp_str(line + len + 1)));
		for (; i + 1 < ans->n_header && mp_isblank(ans->header[i + 1][0]); i++) {
			mp_buf_addc(&b, ' ');
			mp_buf_addstr(&b, mp_str_trim(mp_str(ans->header[i + 1])));
		}
		out[n++] = mp_dupn(a, mp_buf_cstr(&b), b.n);
		mp_buf_release(&b);
	}
	return n;
}

/* ---- the question */

static void key_text(struct mp_buf *out, const char *s)
{
	mp_buf_addf(out, " %zu:%s", strlen(s), s);
}

static void question_key(const void *params, struct mp_buf *out)
{
	const struct mp_mailbox_question *q = params;
	char ip[MP_IP_TEXT];

	mp_buf_addf(out, "%s:%u %u%s%s", q->imaps ? "imaps" : "imap", q->port, q->wait_ms, q->clean ? " clean" : "",
		q->before ? " before" : "");
	if (q->inbox_uid || q->junk_uid)
		mp_buf_addf(out, " after %u %u", q->inbox_uid, q->junk_uid);
	for (size_t i = 0; i < q->n_addresses; i++)
		mp_buf_addf(out, " [%s]", mp_ip_text(&q->addresses[i], ip));
	key_text(out, q->mailbox);
	key_text(out, q->host);
	key_text(out, q->inbox);
	key_text(out, q->junk);
	key_text(out, q->message_id);
}

static const void *question_copy(const void *params, struct mp_arena *a)
{
	struct mp_mailbox_question *q = mp_memdup(a, params, sizeof(*q));

	q->mailbox = mp_dup(a, q->mailbox);
	q->host = mp_dup(a, q->host);
	q->inbox = mp_dup(a, q->inbox);
	q->junk = mp_dup(a, q->junk);
	q->message_id = mp_dup(a, q->message_id);
	q->addresses = mp_memdup(a, q->addresses, q->n_addresses * sizeof(*q->addresses));
	return q;
}

static const void *question_unknown(const void *params, struct mp_arena *a)
{
	struct mp_mailbox_answer *ans = mp_alloc(a, sizeof(*ans));

	(void)params;
	*ans = (struct mp_mailbox_answer){
		.outcome = MP_MAILBOX_UNKNOWN, .reason = "the mailbox was not looked into: the run ended first"};
	return ans;
}

/* ---- JSON */

static json_t *kind_to_json(const void *params, const void *answer)
{
	const struct mp_mailbox_question *q = params;
	const struct mp_mailbox_answer *ans = answer;
	json_t *j = json_object(), *list = json_array();
	char ip[MP_IP_TEXT];

	mp_jset_str(j, "mailbox", q->mailbox);
	mp_jset_str(j, "host", q->host);
	mp_jset_int(j, "port", q->port);
	mp_jset_bool(j, "imaps", q->imaps);
	for (size_t i = 0; i < q->n_addresses; i++)
		mp_jpush(list, mp_j(mp_ip_text(&q->addresses[i], ip)));
	mp_jset(j, "addresses", list);
	mp_jset_str(j, "inbox", q->inbox);
	mp_jset_str(j, "junk", q->junk);
	mp_jset_str(j, "message_id", q->message_id);
	mp_jset_int(j, "wait_ms", q->wait_ms);
	mp_jset_bool(j, "clean", q->clean);
	if (q->before || q->inbox_uid || q->junk_uid) {
		mp_jset_bool(j, "before", q->before);
		mp_jset_int(j, "inbox_uid", q->before ? ans->inbox_uid : q->inbox_uid);
		mp_jset_int(j, "junk_uid", q->before ? ans->junk_uid : q->junk_uid);
	}
	mp_jset_str(j, "outcome", outcomes[ans->outcome]);
	mp_jset_str(j, "reason", ans->reason);
	mp_jset_str(j, "folder", ans->folder);
	mp_jset_bool(j, "in_junk", ans->junk);
	mp_jset_str(j, "tab", ans->tab);
	mp_jset(j, "seconds_ms", json_real(dns_round_ms(ans->seconds * 1000)));
	list = json_array();
	for (size_t i = 0; i < ans->n_header && !ans->mail; i++)
		mp_jpush(list, mp_j(ans->header[i]));
	if (ans->mail)
		mp_jset(j, "mail", smtp_mail_to_json(ans->mail));
	mp_jset(j, "header", list);
	mp_jset_bool(j, "cleaned", ans->cleaned);
	mp_jset_str(j, "clean_reason", ans->clean_reason);
	mp_jset(j, "at_ms", json_real(dns_round_ms(ans->at_ms)));
	return j;
}

static const char *const *read_header(struct mp_jin *in, size_t *n)
{
	const json_t *list = mp_jget_array(in->j, "header");
	const char **out;

	*n = 0;
	if (!list || json_array_size(list) > MP_MAILBOX_LINES_MAX) {
		mp_jin_wrong(in, "header", "is not a list of lines");
		return NULL;
	}
	out = mp_allocn(in->a, json_array_size(list), sizeof(*out));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *line = json_array_get(list, i);

		if (!json_is_string(line) || json_string_length(line) > MP_MAILBOX_HEADER_MAX) {
			mp_jin_wrong(in, "header", "is not a list of lines");
			return NULL;
		}
		out[i] = mp_text(in->a, mp_strn(json_string_value(line), json_string_length(line)));
	}
	*n = json_array_size(list);
	return out;
}

static int kind_from_json(
	const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err)
{
	struct mp_jin in = {.j = j, .a = a, .err = err};
	struct mp_mailbox_question *q = mp_alloc(a, sizeof(*q));
	struct mp_mailbox_answer *ans = mp_alloc(a, sizeof(*ans));

	if (!json_is_object(j))
		return mp_fail(err, MP_EPARSE, "not an object");
	q->mailbox = mp_jin_text(&in, "mailbox", MAX_TEXT, MP_JIN_NEEDED);
	q->host = mp_jin_text(&in, "host", 256, MP_JIN_NEEDED);
	q->port = (uint16_t)mp_jin_int(&in, "port", 1, UINT16_MAX);
	q->imaps = mp_jin_bool(&in, "imaps");
	q->addresses = mp_jin_ips(&in, "addresses", MP_MAILBOX_ADDRESSES_MAX, &q->n_addresses);
	q->inbox = mp_jin_text(&in, "inbox", MAX_TEXT, MP_JIN_NEEDED);
	q->junk = mp_jin_text(&in, "junk", MAX_TEXT, MP_JIN_NEEDED);
	q->message_id = mp_jin_text(&in, "message_id", MAX_TEXT, MP_JIN_NEEDED);
	q->wait_ms = (uint32_t)mp_jin_int(&in, "wait_ms", 0, UINT32_MAX);
	q->clean = mp_jin_bool(&in, "clean");
	if (mp_jget(j, "before")) {
		q->before = mp_jin_bool(&in, "before");
		*(q->before ? &ans->inbox_uid : &q->inbox_uid) = (uint32_t)mp_jin_int(&in, "inbox_uid", 0, UINT32_MAX);
		*(q->before ? &ans->junk_uid : &q->junk_uid) = (uint32_t)mp_jin_int(&in, "junk_uid", 0, UINT32_MAX);
	}
	ans->outcome = (enum mp_mailbox_outcome)mp_jin_word(&in, "outcome", outcomes, ARRAY_LEN(outcomes));
	ans->reason = mp_jin_text(&in, "reason", MAX_TEXT, MP_JIN_MAY_LACK);
	ans->folder = mp_jin_text(&in, "folder", MAX_TEXT, MP_JIN_MAY_LACK);
	ans->junk = mp_jin_bool(&in, "in_junk");
	ans->tab = mp_jin_text(&in, "tab", MAX_TEXT, MP_JIN_MAY_LACK);
	ans->seconds = mp_jin_ms(&in, "seconds_ms") / 1000;
	ans->header = read_header(&in, &ans->n_header);
	if (mp_jget(j, "mail")) {
		const struct smtp_mail *mail;

		if (smtp_mail_from_json(mp_jget(j, "mail"), a, &mail, err) != MP_OK)
			return mp_fail(err, MP_EPARSE, "mail: %s", mp_dup(a, err->msg));
		mp_mailbox_keep(a, ans, mail);
	}
	ans->cleaned = mp_jin_bool(&in, "cleaned");
	ans->clean_reason = mp_jin_text(&in, "clean_reason", MAX_TEXT, MP_JIN_MAY_LACK);
	ans->at_ms = mp_jin_ms(&in, "at_ms");
	/* What judges rely on without looking. */
	if (ans->outcome == MP_MAILBOX_FOUND && !ans->folder)
		mp_jin_wrong(&in, "folder", "is missing");
	if (ans->outcome != MP_MAILBOX_FOUND && ans->outcome != MP_MAILBOX_MISSING && !ans->reason)
		mp_jin_wrong(&in, "reason", "is missing");
	if (in.bad)
		return MP_EPARSE;
	*params = q;
	*answer = ans;
	return MP_OK;
}

const struct mp_kind mp_mailbox_kind = {
	.name = "mailbox",
	.key = question_key,
	.copy = question_copy,
	.unknown = question_unknown,
	.to_json = kind_to_json,
	.from_json = kind_from_json,
};
