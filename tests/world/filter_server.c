/* tests/world/filter_server.c - see tests/world/filter_server.h */
#include <uv.h>

#include "tests/world/filter_server.h"
#include "tests/world/visits.h"

enum { REQUEST_MAX = 1 << 20, ANSWER_MAX = 8 << 20, HUGE_BYTES = 700 * 1024, SILENT_MS = 600000, RULES = 16 };

struct world_filter_server {
	struct world_filter row;
	uv_tcp_t *listener;
	uint16_t port;
	struct world_visits visits;
	size_t requests;
};

static struct world_filter_server *server(struct world_visit *v)
{
	return v->all->server;
}

/* ---- rules */

struct hit {
	const char *name;
	double score;
	const char *words;
};

struct judged {
	struct hit hits[RULES];
	size_t n;
	double score;
};

static void hit(struct judged *j, bool so, const char *name, double score, const char *words)
{
	if (!so || j->n == RULES)
		return;
	j->hits[j->n++] = (struct hit){name, score, words};
	j->score += score;
}

static bool has_field(struct mp_str head, const char *name)
{
	struct mp_str line;

	while (mp_str_split(&head, '\n', &line))
		if (mp_str_istarts(line, name))
			return true;
	return false;
}

static struct mp_str head_of(struct mp_str message)
{
	ptrdiff_t end = mp_str_ifind(message, "\r\n\r\n");

	return end < 0 ? message : mp_strn(message.p, (size_t)end);
}

static void judge_rspamd(struct mp_str request, struct mp_str message, struct judged *j)
{
	struct mp_str head = head_of(message);

	hit(j, !has_field(head, "Message-ID:"), "MISSING_MID", 2.5, "Message id is missing");
	hit(j, !has_field(head, "Date:"), "MISSING_DATE", 1, "Message date is missing");
	hit(j, !has_field(head, "DKIM-Signature:"), "R_DKIM_NA", 1, "Missing DKIM signature");
	hit(j, !has_field(request, "Hostname:"), "HFILTER_HOSTNAME_UNKNOWN", 2.5, "Unknown client hostname");
	hit(j, !has_field(request, "Helo:") || !has_field(request, "From:") || !has_field(request, "Rcpt:"),
		"WORLD_UNTOLD", 20, "It was not told who sends");
	hit(j, !has_field(request, "IP:"), "WORLD_NO_IP", 0.2, "It was not told from where");
	hit(j, mp_str_ifind(message, "test message") >= 0, "WORLD_TEST", 0.3, "A rule of its owner's: a test");
	hit(j, has_field(head, "MIME-Version:"), "MIME_GOOD", -0.1, "Known content-type");
}

static void judge_spamd(struct mp_str message, struct judged *j)
{
	struct mp_str head = head_of(message);

	hit(j, !has_field(head, "Received:"), "NO_RELAYS", -0.0, "Informational: message was not relayed via SMTP");
	hit(j, mp_str_ifind(head, "(unknown [") >= 0, "RDNS_NONE", 1.3,
		"Delivered to internal network by a host with no rDNS");
	hit(j, !has_field(head, "Return-Path:"), "WORLD_NO_ENVELOPE", 0.2, "It was not told who sends");
	hit(j, !has_field(head, "Message-ID:"), "MISSING_MID", 0.5, "Missing Message-Id: header");
	hit(j, !has_field(head, "DKIM-Signature:"), "WORLD_WITHOUT_ANY_SIGNATURE", 0.9,
		"A rule of its owner's with a name that is longer than its column");
	hit(j, mp_str_ifind(message, "test message") >= 0, "WORLD_TEST", 0.3, "BODY: A rule of its owner's: a test");
}

/* ---- answers */

static double spam_at(const struct world_filter *row)
{
	return row->spam_at > 0 ? row->spam_at : 6;
}

static void rspamd_body(const struct world_filter *row, const struct judged *j, struct mp_buf *out)
{
	const char *action = j->score >= 15             ? "reject"
			     : j->score >= spam_at(row) ? "add header"
			     : j->score >= 4            ? "greylist"
							: "no action";

	mp_buf_addf(out, "{\"is_skipped\":false,\"score\":%.6f,\"required_score\":15.0,\"action\":\"%s\",\"symbols\":{",
		j->score, action);
	for (size_t i = 0; i < j->n; i++)
		mp_buf_addf(out,
			"%s\"%s\":{\"name\":\"%s\",\"score\":%.6f,\"metric_score\":%.6f,\"description\":\"%s\"}",
			i ? "," : "", j->hits[i].name, j->hits[i].name, j->hits[i].score, j->hits[i].score,
			j->hits[i].words);
	if (row->how == WORLD_FILTER_ESCAPES)
		mp_buf_adds(out,
			",\"WORLD_ODD\":{\"score\":0.4,\"description\":\"red \\u001b[31m<script>alert(1)</script> "
			"\\u202e | `x`\"},\"<b>\\u001b[2J\":{\"score\":99.0},\"WORLD_BAD\":{\"score\":\"x\"},"
			"\"WORLD_NONE\":7");
	mp_buf_adds(out,
		"},\"messages\":{},\"message-id\":\"x\",\"time_real\":0.1,\"milter\":{\"remove_headers\":{\"X-Spam\":0}}}");
}

static void spamd_body(const struct world_filter *row, const struct judged *j, struct mp_buf *out)
{
	mp_buf_adds(out, "Spam detection software, running on the system \"world\", has processed it.\n\n"
			 "Content preview:  quoted from the message:\n   9.9 NOT_A_RULE   of the message's own\n\n"
			 "Content analysis details:   (many points, some required)\n\n"
			 " pts rule name              description\n"
			 "---- ---------------------- --------------------------------------------------\n");
	for (size_t i = 0; i < j->n; i++) {
		const char *words = j->hits[i].words;
		int first = (int)strlen(words);

		while (first > 30 || (words[first] && words[first] != ' ')) /* as it wraps them */
			first--;
		mp_buf_addf(out, "%4.1f %-22s %.*s\n                            %s\n", j->hits[i].score,
			j->hits[i].name, first, words, words[first] ? words + first + 1 : "[more]");
	}
	if (row->how == WORLD_FILTER_ESCAPES)
		mp_buf_adds(out, " 0.4 WORLD_ODD              red \x1b[31m<script>alert(1)</script> \xff\xfe | `x`\n"
				 "99.0 <b>\x1b[2J               no rule\n  NaN WORLD_BAD no score\n");
	mp_buf_adds(
		out, "\nThe original message was not completely plain text.\n 8.8 NOT_ONE_EITHER  behind the table\n");
}

static void respond(struct world_visit *v, const char *status, struct mp_str body)
{
	const struct world_filter *row = &server(v)->row;
	struct mp_buf out = MP_BUF(ANSWER_MAX);
	size_t n;

	if (row->kind == WORLD_RSPAMD)
		mp_buf_addf(&out,
			"HTTP/1.1 %s\r\nConnection: close\r\nServer: rspamd/3.4\r\nContent-Type: application/json\r\n"
			"Content-Length: %zu\r\n\r\n",
			status, body.n);
	else
		mp_buf_addf(&out, "%s", status);
	mp_buf_addstr(&out, body);
	n = row->how == WORLD_FILTER_CUT || row->how == WORLD_FILTER_HANGS_MID ? out.n - body.n / 2 - 1 : out.n;
	world_conn_say(v->c, out.p, n);
	world_conn_flush(v->c);
	if (row->how == WORLD_FILTER_HANGS_MID)
		world_conn_wait(v->c, SILENT_MS);
	else
		world_conn_end(v->c);
	mp_buf_release(&out);
}

static void misbehave_or(struct world_visit *v, const struct judged *j)
{
	const struct world_filter *row = &server(v)->row;
	struct mp_buf body = MP_BUF(ANSWER_MAX);
	char status[128];

	snprintf(status, sizeof(status),
		row->kind == WORLD_RSPAMD ? "200 OK"
					  : "SPAMD/1.1 0 EX_OK\r\nContent-length: 0\r\nSpam: %s ; %.1f / %.1f\r\n\r\n",
		j->score >= spam_at(row) ? "True" : "False", j->score, spam_at(row));
	if (row->how == WORLD_FILTER_BINARY) {
		for (int i = 0; i < 2048; i++)
			mp_buf_addc(&body, (char)i);
		snprintf(status, sizeof(status), row->kind == WORLD_RSPAMD ? "200 OK" : "SPAMD/\x01\xff");
	} else if (row->how == WORLD_FILTER_HUGE) {
		while (body.n < HUGE_BYTES)
			mp_buf_adds(&body, " 1.0 HUGE_RULE and on and on it goes, for ever and ever\n");
	} else if (row->how == WORLD_FILTER_FAILS && row->kind == WORLD_RSPAMD) {
		mp_buf_adds(&body, "{\"error\":\"cannot process message\",\"error_domain\":\"rspamd\"}");
	} else if (row->how == WORLD_FILTER_FAILS) {
		snprintf(status, sizeof(status), "SPAMD/1.1 69 EX_UNAVAILABLE\r\n\r\n");
	} else if (row->kind == WORLD_RSPAMD) {
		rspamd_body(row, j, &body);
	} else {
		spamd_body(row, j, &body);
	}
	respond(v, status, mp_buf_str(&body));
	mp_buf_release(&body);
}

/* The number behind that field; false: none. */
static bool length_of(struct mp_str head, size_t *out)
{
	struct mp_str line;
	uint64_t n;

	while (mp_str_split(&head, '\n', &line))
		if (mp_str_istarts(line, "Content-length:") &&
			mp_str_u64(mp_str_trim(mp_strn(line.p + 15, line.n - 15 - (line.p[line.n - 1] == '\r'))),
				REQUEST_MAX, &n)) {
			*out = (size_t)n;
			return true;
		}
	return false;
}

static bool password_right(const struct world_filter *row, struct mp_str head)
{
	struct mp_str line;

	if (!row->password)
		return true;
	while (mp_str_split(&head, '\n', &line))
		if (mp_str_istarts(line, "Password:"))
			return mp_str_eq(mp_str_trim(mp_strn(line.p + 9, line.n - 9 - (line.p[line.n - 1] == '\r'))),
				mp_str(row->password));
	return false;
}

static void on_request(struct world_visit *v, struct mp_str head, struct mp_str message)
{
	const struct world_filter *row = &server(v)->row;
	struct judged j = {.n = 0};

	v->answered = true;
	if (row->how == WORLD_FILTER_HANGS) {
		world_conn_wait(v->c, SILENT_MS);
		return;
	}
	if (row->how == WORLD_FILTER_NO_PROTOCOL) {
		world_conn_say(v->c, "220 mx.example.net ESMTP\r\n", 26);
		world_conn_end(v->c);
		return;
	}
	if (!password_right(row, head)) {
		respond(v, "403 Unauthorized", mp_str("{\"error\":\"Unauthorized\"}"));
		return;
	}
	server(v)->requests++;
	if (row->kind == WORLD_RSPAMD)
		judge_rspamd(head, message, &j);
	else
		judge_spamd(message, &j);
	misbehave_or(v, &j);
}

static void refuse(struct world_visit *v)
{
	v->answered = true;
	if (server(v)->row.kind == WORLD_RSPAMD)
		respond(v, "404 Not found", mp_str("{\"error\":\"invalid command\"}"));
	else
		respond(v, "SPAMD/1.0 76 Bad header line\r\n", mp_str(""));
}

/* ---- a connection */

static void on_bytes(struct world_visit *v)
{
	bool http = server(v)->row.kind == WORLD_RSPAMD;
	struct mp_str all, head;
	ptrdiff_t end;
	size_t length;

	all = mp_buf_str(&v->in);
	end = mp_str_ifind(all, "\r\n\r\n");
	if (end < 0)
		return;
	head = mp_strn(all.p, (size_t)end);
	if (!mp_str_istarts(head, http ? "POST /checkv2 HTTP/1.1\r\n" : "REPORT SPAMC/1.") ||
		!length_of(head, &length)) {
		refuse(v);
		return;
	}
	if (all.n - head.n - 4 >= length)
		on_request(v, head, mp_strn(head.p + head.n + 4, length));
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct world_filter_server *s = listener->data;

	if (status == 0)
		world_visits_accept(&s->visits, listener);
}

/* ---- start and stop */

struct world_filter_server *world_filter_start(
	struct uv_loop_s *loop, const struct world_filter *row, struct mp_err *err)
{
	struct world_filter_server *s = mp_xcalloc(1, sizeof(*s));
	struct mp_ip ip;

	s->row = *row;
	s->visits = (struct world_visits){.server = s, .request_max = REQUEST_MAX, .on_request = on_bytes};
	if (!mp_ip_parse(mp_str(row->address), &ip))
		mp_fail(err, MP_EINVAL, "the filter's address '%s' is none", row->address);
	else
		s->listener = world_listen(loop, &ip, &s->port, on_connection, s, "cannot filter", err);
	if (!s->listener) {
		free(s);
		return NULL;
	}
	if (row->how == WORLD_FILTER_CLOSED) { /* whose port it was, nobody has it now */
		world_listen_stop(s->listener);
		s->listener = NULL;
	}
	return s;
}

uint16_t world_filter_port(const struct world_filter_server *s)
{
	return s->port;
}

size_t world_filter_requests(const struct world_filter_server *s)
{
	return s->requests;
}

void world_filter_stop(struct world_filter_server *s)
{
	if (s->listener)
		world_listen_stop(s->listener);
	s->listener = NULL;
	world_visits_close(&s->visits);
}

void world_filter_free(struct world_filter_server *s)
{
	free(s);
}
