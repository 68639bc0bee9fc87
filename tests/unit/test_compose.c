/* tests/unit/test_compose.c - messages to be sent: our own, and the user's files made whole or refused */
#include <unistd.h>

#include "probe/compose.h"
#include "base/text.h"
#include "dns/dkim_key.h"
#include "probe/raw.h"
#include "smtp/dkim.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/row.h"

static const struct mp_target target = {.text = "you@example.net", .domain = "example.net", .rcpt = "you@example.net"};

static struct mp_case the_case(void)
{
	return (struct mp_case){.command = "probe",
		.run_id = "0123456789abcdef",
		.started_ms = INT64_C(1795831200000), /* 2026-11-28T02:00:00Z */
		.ehlo = "mail.example.com",
		.mail_from = "sender@example.com",
		.header_from = "sender@example.com",
		.domain = "example.com",
		.targets = &target,
		.n_targets = 1};
}

#define DATE "Date: Sat, 28 Nov 2026 02:00:00 +0000\r\n"

static void files(void **state)
{
	static const struct {
		const char *label, *in;
		const char *want; /* the message; NULL: refused */
		const char *why;
		const char *id, *subject;
		bool eight_bit, utf8;
	} rows[] = {
		{"whole", "From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\nSubject: s\r\n\r\nbody\r\n",
			"From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\nSubject: s\r\n\r\nbody\r\n", NULL,
			"i@b.example", "s", false, false},
		{"line feeds", "From: a@b.example\nDate: x\nMessage-ID: <i@b.example>\n\nbody\n\n.\n",
			"From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\n\r\nbody\r\n\r\n.\r\n", NULL,
			"i@b.example", NULL, false, false},
		{"carriage returns", "From: a@b.example\rDate: x\rMessage-ID: <i@b.example>\r\rbody",
			"From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\n\r\nbody\r\n", NULL,
			"i@b.example", NULL, false, false},
		{"what it lacks", "Subject: a\n\tb\n\nbody\n",
			"From: <sender@example.com>\r\n" DATE
			"Message-ID: <new@example.com>\r\nSubject: a\r\n\tb\r\n\r\nbody\r\n",
			NULL, "new@example.com", "a b", false, false},
		{"no body", "From: a@b.example\nDate: x\nMessage-ID: <i@b.example>\n",
			"From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\n\r\n", NULL, "i@b.example", NULL,
			false, false},
		{"traces and secrets",
			"From someone Sat Nov 28\nReturn-Path: <x@y.example>\nBCC: z@y.example,\n w@y.example\n"
			"From : a@b.example\nDate: x\nMessage-id: <i@b.example>\n\n",
			"From : a@b.example\r\nDate: x\r\nMessage-id: <i@b.example>\r\n\r\n", NULL, "i@b.example", NULL,
			false, false},
		{"8-bit body", "From: a@b.example\nDate: x\nMessage-ID: <i@b.example>\n\n\xe4\n",
			"From: a@b.example\r\nDate: x\r\nMessage-ID: <i@b.example>\r\n\r\n\xe4\r\n", NULL,
			"i@b.example", NULL, true, false},
		{"UTF-8 header", "From: a@b.example\nDate: x\nSubject: \xc3\xa4\nMessage-ID: <i@b.example>\n\n",
			"From: a@b.example\r\nDate: x\r\nSubject: \xc3\xa4\r\nMessage-ID: <i@b.example>\r\n\r\n", NULL,
			"i@b.example", "\xc3\xa4", false, true},
		{"empty", "", NULL, "f.eml: has no header: not a mail message", NULL, NULL, false, false},
		{"no header", "\nbody\n", NULL, "f.eml: has no header: not a mail message", NULL, NULL, false, false},
		{"no field", "From: a@b.example\nhello world\n\n", NULL,
			"f.eml:2: 'hello world' is no header field (NAME: VALUE); the header ends with an empty line",
			NULL, NULL, false, false},
		{"two From", "From: a@b.example\nFrom: c@d.example\n\n", NULL,
			"f.eml: has 2 From: fields; receivers refuse more than one (RFC 5322 3.6)", NULL, NULL, false,
			false},
		{"two Message-ID", "Message-ID: <a@b>\nMessage-ID: <c@d>\n\n", NULL,
			"f.eml: its Message-ID should be one, such as <something@example.com>, or none: then it gets one",
			NULL, NULL, false, false},
		{"no Message-ID", "Message-ID: a@b\n\n", NULL,
			"f.eml: its Message-ID should be one, such as <something@example.com>, or none: then it gets one",
			NULL, NULL, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_case c = the_case();
		struct mp_message said = {.id = NULL};
		struct smtp_message m = {.id = NULL};
		struct mp_err err = {.msg = ""};
		int rc = mp_compose_file(a, &c, "f.eml", mp_str(rows[i].in), "new@example.com", &said, &m, &err);

		row_str(rows[i].label, rc == MP_OK ? NULL : err.msg, rows[i].why);
		row_str(rows[i].label, rc == MP_OK ? m.bytes.p : NULL, rows[i].want);
		row_str(rows[i].label, m.id, rows[i].id);
		row_str(rows[i].label, said.id, rows[i].id);
		row_str(rows[i].label, said.subject, rows[i].subject);
		row_int(rows[i].label, (long long)said.size, rc == MP_OK ? (long long)m.bytes.n : 0);
		row_bool(rows[i].label, m.eight_bit, rows[i].eight_bit);
		row_bool(rows[i].label, m.utf8_headers, rows[i].utf8);
		mp_arena_free(a);
	}
}

static void lines_too_long(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_case c = the_case();
	struct mp_message said;
	struct smtp_message m;
	struct mp_err err = {.msg = ""};
	struct mp_buf b = MP_BUF(4096);

	(void)state;
	mp_buf_adds(&b, "Subject: x\n\nfine\n");
	for (int i = 0; i < MP_MESSAGE_LINE; i++)
		mp_buf_addc(&b, 'x');
	assert_int_equal(mp_compose_file(a, &c, "f.eml", mp_buf_str(&b), "i@example.com", &said, &m, &err), MP_OK);
	mp_buf_addc(&b, 'x');
	assert_int_equal(mp_compose_file(a, &c, "f.eml", mp_buf_str(&b), "i@example.com", &said, &m, &err), MP_EINVAL);
	row_str("body", err.msg, "f.eml: body:2: the line has 999 bytes, and RFC 5322 allows 998");
	mp_buf_reset(&b);
	mp_buf_add(&b, "Subject: a\0b\n\n", 14);
	assert_int_equal(mp_compose_file(a, &c, "f.eml", mp_buf_str(&b), "i@example.com", &said, &m, &err), MP_EINVAL);
	row_str("NUL", err.msg, "f.eml:1: holds a NUL byte: not a mail message");
	mp_buf_release(&b);
	mp_arena_free(a);
}

/* As the options say: nothing, or one for each target. */
static void own(void **state)
{
	static const struct {
		const char *label;
		const char *argv[8];
		size_t n;
		bool send;
		const char *has, *lacks;
	} rows[] = {
		{"nothing asked for", {"mailprobe", "--to", "a.example"}, 0, false, NULL, NULL},
		{"sent", {"mailprobe", "--to", "a.example", "--send"}, 1, true,
			"From: <sender@example.com>\r\nTo: <you@example.net>\r\nSubject: Test message of mailprobe, run "
			"0123456789abcdef\r\n" DATE
			"Message-ID: <0123456789abcdef.0@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
			"charset=us-ascii\r\n",
			"List-Unsubscribe"},
		{"dry run", {"mailprobe", "--to", "a.example", "--send", "--dry-run"}, 1, false,
			"run 0123456789abcdef\r\n", NULL},
		{"one click",
			{"mailprobe", "--to", "a.example", "--send", "--list-unsubscribe", "https://example.com/u"}, 1,
			true,
			"List-Unsubscribe: <https://example.com/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
			NULL},
		{"by mail", {"mailprobe", "--to", "a.example", "--send", "--list-unsubscribe", "mailto:u@example.com"},
			1, true, "List-Unsubscribe: <mailto:u@example.com>\r\n", "List-Unsubscribe-Post"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_case c = the_case();
		const struct smtp_message *m = NULL;
		struct mp_options o;
		struct mp_err err = {.msg = ""};
		char *argv[ARRAY_LEN(rows[i].argv) + 1] = {NULL};
		int argc = 0;
		size_t n = 9;

		while (argc < (int)ARRAY_LEN(rows[i].argv) && rows[i].argv[argc]) {
			argv[argc] = mp_dup(a, rows[i].argv[argc]);
			argc++;
		}
		if (mp_options_parse_at(a, "/nonexistent", argc, argv, &o, &err) != MP_OK ||
			mp_compose(a, &o, &c, &m, &n, &err) != MP_OK)
			fail_msg("row '%s': %s", rows[i].label, err.msg);
		row_int(rows[i].label, (long long)n, (long long)rows[i].n);
		row_bool(rows[i].label, c.send, rows[i].send);
		row_bool(rows[i].label, c.targets[0].message != NULL, rows[i].n > 0);
		if (rows[i].has && !strstr(m[0].bytes.p, rows[i].has))
			fail_msg("row '%s': lacks %s: %s", rows[i].label, rows[i].has, m[0].bytes.p);
		if (rows[i].lacks && strstr(m[0].bytes.p, rows[i].lacks))
			fail_msg("row '%s': has %s: %s", rows[i].label, rows[i].lacks, m[0].bytes.p);
		for (const char *p = n ? m[0].bytes.p : ""; *p; p += strcspn(p, "\r\n") + 2) {
			size_t line = strcspn(p, "\r\n");

			/* RFC 5322 2.1.1: lines should keep to 78, and all end in CRLF. */
			if (line > 78 || strncmp(p + line, "\r\n", 2) != 0)
				fail_msg("row '%s': line '%.*s'", rows[i].label, (int)line, p);
		}
		mp_arena_free(a);
	}
}

/* A selector whose private key is in a file, which the caller removes. */
static struct mp_selector key_on_disk(struct mp_arena *a, const char *pem, const char *selector)
{
	char *path = mp_dup(a, "/tmp/mailprobe-key-XXXXXX");
	struct mp_selector s = {.selector = selector, .domain = "example.com", .key_origin = path};
	struct mp_err err = {.msg = ""};
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
	close(fd);
	assert_int_equal(dns_dkim_public_of_pem(a, mp_str(pem), &s.public_key, &err), MP_OK);
	return s;
}

/* Both keys sign, and what they sign verifies with their public halves, body and all. */
static void signatures(void **state)
{
	static const struct {
		const char *pem, *selector, *algorithm;
	} keys[] = {{RSA1024_PKCS8, "rsa", "rsa-sha256"}, {ED25519_PKCS8, "ed", "ed25519-sha256"}};
	struct mp_arena *a = mp_arena_new();
	struct mp_selector selectors[ARRAY_LEN(keys) + 1] = {{.selector = "keyless", .domain = "example.com"}};
	struct mp_case c = the_case();
	const struct smtp_message *m = NULL;
	struct mp_options o;
	struct mp_err err = {.msg = ""};
	char *argv[] = {"mailprobe", "--to", "a.example", "--send"};
	struct smtp_header h;
	const char *body;
	uint8_t hash[SMTP_HASH];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		selectors[i + 1] = key_on_disk(a, keys[i].pem, keys[i].selector);
	}
	c.selectors = selectors;
	c.n_selectors = ARRAY_LEN(selectors);
	if (mp_options_parse_at(a, "", 4, argv, &o, &err) != MP_OK || mp_compose(a, &o, &c, &m, &n, &err) != MP_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(n, 1);
	assert_int_equal(c.targets[0].message->n_signatures, ARRAY_LEN(keys));
	assert_int_equal(c.targets[0].message->size, m[0].bytes.n);
	smtp_header_parse(a, m[0].bytes, &h);
	body = strstr(m[0].bytes.p, "\r\n\r\n");
	assert_non_null(body);
	smtp_sha256(mp_str(body + 4), hash); /* no line of it ends in a blank: relaxed is as it stands */
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		/* the last key's field stands first */
		const struct smtp_field *own = &h.field[ARRAY_LEN(keys) - 1 - i];
		struct smtp_public *key = smtp_public_new(selectors[i + 1].public_key);
		struct smtp_sig s;

		smtp_sig_read(a, SMTP_SIG_DKIM, own, &s);
		row_str(keys[i].selector, s.fault, NULL);
		row_str(keys[i].selector, s.selector, keys[i].selector);
		row_str(keys[i].selector, c.targets[0].message->signatures[i],
			mp_printf(a, "d=example.com s=%s %s", keys[i].selector, keys[i].algorithm));
		row_bool(keys[i].selector, smtp_sig_verify(&h, own, &s, key), true);
		assert_int_equal(s.body_hash.n, SMTP_HASH);
		assert_memory_equal(s.body_hash.p, hash, SMTP_HASH);
		smtp_public_free(key);
		unlink(selectors[i + 1].key_origin);
	}
	/* A key that has gone since is told, before anything is sent. */
	c.targets = &target;
	assert_int_equal(mp_compose(a, &o, &c, &m, &n, &err), MP_EINVAL);
	assert_true(strstr(err.msg, "cannot read '/tmp/mailprobe-key-") != NULL);
	mp_arena_free(a);
}

struct form_row {
	const char *given; /* NULL: nothing is */
	enum smtp_canon header, body;
};

static const struct form_row form_rows[] = {
	{NULL, SMTP_RELAXED, SMTP_RELAXED},
	{"relaxed/relaxed", SMTP_RELAXED, SMTP_RELAXED},
	{"Simple/Simple", SMTP_SIMPLE, SMTP_SIMPLE},
	{"simple/relaxed", SMTP_SIMPLE, SMTP_RELAXED},
	{"relaxed", SMTP_RELAXED, SMTP_SIMPLE},
};

static void canonicalizations(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_selector key = key_on_disk(a, ED25519_PKCS8, "ed");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(form_rows); i++) {
		const struct form_row *row = &form_rows[i];
		char *argv[] = {"mailprobe", "--to", "a.example", "--send", "--dkim-canonicalization",
			mp_dup(a, row->given ? row->given : "")};
		const char *label = row->given ? row->given : "nothing given";
		struct mp_case c = the_case();
		const struct smtp_message *m = NULL;
		struct smtp_public *public = smtp_public_new(key.public_key);
		struct mp_err err = {.msg = ""};
		struct mp_options o;
		struct smtp_header h;
		struct smtp_sig s;
		size_t n = 0;

		c.selectors = &key;
		c.n_selectors = 1;
		if (mp_options_parse_at(a, "", row->given ? 6 : 4, argv, &o, &err) != MP_OK ||
			mp_compose(a, &o, &c, &m, &n, &err) != MP_OK)
			fail_msg("row '%s': %s", label, err.msg);
		smtp_header_parse(a, m[0].bytes, &h);
		smtp_sig_read(a, SMTP_SIG_DKIM, &h.field[0], &s);
		row_str(label, s.fault, NULL);
		row_int(label, s.header, row->header);
		row_int(label, s.body, row->body);
		row_bool(label, smtp_sig_verify(&h, &h.field[0], &s, public), true);
		smtp_public_free(public);
	}
	unlink(key.key_origin);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(lines_too_long),
		cmocka_unit_test(own),
		cmocka_unit_test(signatures),
		cmocka_unit_test(canonicalizations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
