/* tests/unit/test_bounce.c - replies found in logs, bounces and transcripts: text, stage, host and recipient's domain */
#include "smtp/bounce.h"
#include "tests/unit/row.h"

/* One line a reply: "stage|host|domain|reply", stage "-" and the others empty where not told; newlines as "/". */
static void add(void *to, const struct smtp_found *f)
{
	struct mp_buf *out = to;

	mp_buf_addf(out, "%s|", f->stage < 0 ? "-" : smtp_stage_name((enum smtp_stage)f->stage));
	mp_buf_addstr(out, f->host);
	mp_buf_addc(out, '|');
	mp_buf_addstr(out, f->domain);
	mp_buf_addc(out, '|');
	for (size_t i = 0; i < f->reply.n; i++)
		mp_buf_addc(out, f->reply.p[i] == '\n' ? '/' : f->reply.p[i]);
	mp_buf_addc(out, '\n');
}

static void find_all(struct mp_str in, size_t piece, struct mp_buf *out)
{
	struct smtp_bounce *b = smtp_bounce_new(add, out);

	while (in.n) {
		size_t n = in.n < piece ? in.n : piece;

		smtp_bounce_feed(b, mp_strn(in.p, n));
		in = mp_strn(in.p + n, in.n - n);
	}
	smtp_bounce_end(b);
	smtp_bounce_free(b);
}

static const struct row {
	const char *label, *input, *want;
} rows[] = {
	{"nothing", "", ""},
	{"words alone", "hello\nworld\n", ""},
	{"a reply", "550 5.1.1 no such user", "-|||550 5.1.1 no such user\n"},
	{"a reply of several lines", "550-5.7.1 not\r\n550 5.7.1 today\r\n", "-|||550-5.7.1 not/550 5.7.1 today\n"},
	{"a literal newline", "550-5.7.1 not\\n550 5.7.1 today", "-|||550-5.7.1 not/550 5.7.1 today\n"},
	{"two replies", "450 later\n550 never\n", "-|||450 later\n-|||550 never\n"},
	{"the same reply twice", "450 later\n450 later\n", "-|||450 later\n-|||450 later\n"},
	{"a reply that was wrapped", "550 5.7.1 we do\n   not like it\n", "-|||550 5.7.1 we do not like it\n"},
	{"success is no rejection", "250 2.0.0 Ok\n", ""},
	{"a transcript", "-> RCPT TO:<kim@example.org>\n<** 550 5.1.1 unknown\n-> QUIT\n",
		"rcpt-to||example.org|550 5.1.1 unknown\n"},
	{"swaks",
		"=== Connected to mx.example.org.\n<-  220 mx.example.org\n -> EHLO m.example\n<-  250 mx.example.org\n -> MAIL "
		"FROM:<a@b.example>\n<** 550 5.7.1 not you\n -> QUIT\n<-  221 2.0.0 Bye\n=== Connection closed with remote host.\n",
		"mail-from|mx.example.org||550 5.7.1 not you\n"},
	{"telnet",
		"220 mx.example.org ESMTP\nehlo m.example\n250-mx.example.org\n250 SIZE\nmail from:<a@b.example>\n250 2.1.0 Ok\n"
		"rcpt to:<kim@example.org>\n450 4.7.1 later\nquit\n221 2.0.0 Bye\n",
		"rcpt-to||example.org|450 4.7.1 later\n"},
	{"words that are commands, in a reply that was wrapped",
		"550 5.5.2 the\n  EHLO name is no good; after\n  DATA it ends\n",
		"-|||550 5.5.2 the EHLO name is no good; after DATA it ends\n"},
	{"mailq",
		"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n4XyZ0123abc    1234 Fri Nov 27 10:00:00  "
		"a@b.example\n(host mx.example.org[192.0.2.7] said: 450 4.7.25 no name (in reply to RCPT TO command))\n"
		"                                         kim@example.org\n\n4XyZ0124abc*   1234 Fri Nov 27 10:00:00  a@b.example\n"
		"(delivery temporarily suspended: host mx.example.net[192.0.2.8] refused to talk to me: 421 4.7.0 (busy))\n"
		"                                         lee@example.net\n                                         "
		"max@example.net\n\n-- 2 Kbytes in 2 Requests.\n",
		"rcpt-to|mx.example.org|example.org|450 4.7.25 no name\n"
		"banner|mx.example.net|example.net|421 4.7.0 (busy)\n"},
	{"postqueue -j",
		"{\"queue_name\": \"deferred\", \"queue_id\": \"4XyZ\", \"sender\": \"a@b.example\", \"recipients\": [{\"address\": "
		"\"kim@example.org\", \"delay_reason\": \"host mx.example.org[192.0.2.7] said: 450 4.7.25 no name (in reply to RCPT TO "
		"command)\"}, {\"address\": \"lee@example.net\", \"delay_reason\": \"host mx.example.net[192.0.2.8] refused to talk to "
		"me: 421 4.7.0 busy\"}]}\n",
		"rcpt-to|mx.example.org|example.org|450 4.7.25 no name\nbanner|mx.example.net|example.net|421 4.7.0 busy\n"},
	{"HTTP", "Error: 404 Not found\n", ""},

	/* logs: what was sent */
	{"postfix bounced",
		"Nov 21 10:00:00 out postfix/smtp[8]: 4AB: to=<kim@example.org>, relay=mx1.example.org[192.0.2.7]:25, "
		"delay=1, dsn=5.7.1, status=bounced (host mx1.example.org[192.0.2.7] said: 550 5.7.1 Client host rejected: "
		"cannot find your reverse hostname, [203.0.113.10] (in reply to RCPT TO command))\n",
		"rcpt-to|mx1.example.org|example.org|550 5.7.1 Client host rejected: cannot find your reverse hostname, "
		"[203.0.113.10]\n"},
	{"postfix deferred at the greeting",
		"Nov 21 10:00:00 out postfix/smtp[8]: 4AB: to=<kim@example.org>, relay=mx1.example.org[192.0.2.7]:25, "
		"dsn=4.7.0, status=deferred (host mx1.example.org[192.0.2.7] refused to talk to me: 421 4.7.0 busy)\n",
		"banner|mx1.example.org|example.org|421 4.7.0 busy\n"},
	{"postfix, end of data",
		"4AB: to=<kim@example.org>, relay=x.example[private/lmtp], dsn=5.2.2, status=bounced (host "
		"x.example[private/lmtp] said: 552 5.2.2 full (really) (in reply to end of DATA command))\n",
		"message|x.example|example.org|552 5.2.2 full (really)\n"},
	{"postfix sent",
		"Nov 21 10:00:00 o postfix/smtp[8]: 4: to=<k@example.org>, dsn=2.0.0, status=sent (250 Ok: 550)\n", ""},
	{"postfix without a reply",
		"Nov 21 10:00:00 o postfix/smtp[8]: 4: to=<k@example.org>, relay=none, dsn=4.4.1, status=deferred "
		"(connect to mx.example.org[192.0.2.7]:25: Connection timed out)\n",
		""},
	{"postfix trying the next host",
		"2026-11-21T10:00:00.123+00:00 o postfix/smtp[8]: 4AB: host mx1.example.org[192.0.2.7] said: 451 4.3.0 later "
		"(in reply to MAIL FROM command)\n",
		"mail-from|mx1.example.org||451 4.3.0 later\n"},
	{"exim bounced",
		"2026-11-21 10:00:00 1rAB-1-AB ** kim@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.7]: SMTP "
		"error from remote mail server after RCPT TO:<kim@example.org>: 550-no\\n550 mailbox\n",
		"rcpt-to|mx.example.org|example.org|550-no/550 mailbox\n"},
	{"exim deferred",
		"2026-11-21 10:00:00 1rAB-1-AB == kim@example.org R=dnslookup T=remote_smtp defer (-44) H=mx.example.org "
		"[192.0.2.7]: SMTP error from remote mail server after end of data: 451 4.7.1 again\n",
		"message|mx.example.org|example.org|451 4.7.1 again\n"},
	{"exim delivered",
		"2026-11-21 10:00:00 1rAB-1-AB => kim@example.org H=mx.example.org [192.0.2.7] C=\"250 Ok\"\n", ""},
	{"sendmail",
		"Nov 21 10:00:00 h sendmail[1]: 3A: to=<kim@example.org>, mailer=esmtp, relay=mx.example.org. [192.0.2.7], "
		"dsn=5.1.1, stat=User unknown\n",
		"-|mx.example.org|example.org|5.1.1 User unknown\n"},
	{"sendmail with the reply",
		"Nov 21 10:00:00 h sm-mta[1]: 3A: to=<kim@example.org>, relay=mx.example.org. [192.0.2.7], dsn=4.7.1, reply=451 "
		"4.7.1 later, stat=Deferred: 451 4.7.1 later\n",
		"-|mx.example.org|example.org|451 4.7.1 later\n"},
	{"sendmail sent", "Nov 21 10:00:00 h sendmail[1]: 3A: to=<k@example.org>, dsn=2.0.0, stat=Sent (ok)\n", ""},
	{"opensmtpd",
		"Nov 21 10:00:00 h smtpd[3]: 5f mta delivery evpid=1 from=<a@example.com> to=<kim@example.org> rcpt=<-> "
		"source=\"203.0.113.10\" relay=\"192.0.2.7 (mx.example.org)\" delay=1s result=\"PermFail\" stat=\"550 5.7.1 "
		"no\"\n",
		"-|mx.example.org|example.org|550 5.7.1 no\n"},
	{"qmail",
		"@40000000637b9a7f0a1b2c3d delivery 7: failure: "
		"192.0.2.7_does_not_like_recipient./Remote_host_said:_550_no_such_user/Giving_up_on_192.0.2.7./\n",
		"rcpt-to|192.0.2.7||550 no such user\n"},

	/* logs: what was refused here */
	{"postfix smtpd",
		"Nov 21 10:00:00 i postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 450 4.7.25 Client host "
		"rejected: cannot find your hostname, [203.0.113.9]; from=<a@example.com> to=<b@example.org> proto=ESMTP "
		"helo=<m>\n",
		"rcpt-to||example.org|450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.9]\n"},
	{"postscreen",
		"Nov 21 10:00:00 i postfix/postscreen[9]: NOQUEUE: reject: RCPT from [203.0.113.9]:4711: 550 5.7.1 Service "
		"unavailable; client [203.0.113.9] blocked using list.example; from=<a@example.com>, to=<b@example.org>, "
		"proto=ESMTP, helo=<m>\n",
		"rcpt-to||example.org|550 5.7.1 Service unavailable; client [203.0.113.9] blocked using list.example\n"},
	{"a milter",
		"Nov 21 10:00:00 i postfix/cleanup[9]: 4A: milter-reject: END-OF-MESSAGE from x.example[203.0.113.9]: 5.7.1 Spam "
		"message rejected; from=<a@example.com> to=<b@example.org> proto=ESMTP helo=<m>\n",
		"message||example.org|5.7.1 Spam message rejected\n"},
	{"exim acl",
		"2026-11-21 10:00:00 H=(m.example) [203.0.113.9] F=<a@example.com> rejected RCPT <b@example.org>: relay not "
		"permitted\n",
		"rcpt-to||example.org|relay not permitted\n"},
	{"exim acl, data",
		"2026-11-21 10:00:00 1rAB-1-AB H=(m.example) [203.0.113.9] F=<a@example.com> rejected after DATA: virus found\n",
		"message|||virus found\n"},
	{"sendmail ruleset",
		"Nov 21 10:00:00 h sm-mta[1]: 3A: ruleset=check_rcpt, arg1=<k@example.org>, relay=[203.0.113.9], reject=550 5.7.1 "
		"<k@example.org>... Relaying denied\n",
		"rcpt-to||example.org|550 5.7.1 <k@example.org>... Relaying denied\n"},
	{"opensmtpd listener",
		"Nov 21 10:00:00 h smtpd[3]: 5f smtp failed-command command=\"RCPT TO:<q@example.org>\" result=\"550 Invalid "
		"recipient: <q@example.org>\"\n",
		"rcpt-to||example.org|550 Invalid recipient: <q@example.org>\n"},
	{"text before a log line",
		"550 5.1.1 first\nNov 21 10:00:00 o postfix/smtp[8]: 4: to=<k@example.org>, status=bounced (host "
		"m.example[192.0.2.7] said: 550 second (in reply to DATA command))\n",
		"-|||550 5.1.1 first\ndata|m.example|example.org|550 second\n"},

	/* free text */
	{"qmail bounce",
		"From: MAILER-DAEMON@out.example\nSubject: failure notice\n\nHi. This is the program.\n\n<kim@example.org>:\n"
		"192.0.2.7 does not like recipient.\nRemote host said: 550 no such user\nGiving up on 192.0.2.7.\n\n"
		"--- Below this line is a copy of the message.\n\n550 5.1.1 not this\n",
		"rcpt-to|192.0.2.7|example.org|550 no such user\n"},
	{"exim bounce",
		"  kim@example.org\n    host mx.example.org [192.0.2.7]\n    SMTP error from remote mail server after RCPT "
		"TO:<kim@example.org>:\n    550 no mailbox\n",
		"rcpt-to|mx.example.org|example.org|550 no mailbox\n"},
	{"exchange",
		"Remote Server at example.org (192.0.2.7) returned '550 5.7.1 Service unavailable, Client host blocked'\n",
		"-|example.org||550 5.7.1 Service unavailable, Client host blocked\n"},
	{"exchange, diagnostic",
		"kim@example.org\nmx.example.org\nRemote Server returned '<mx.example.org #5.7.1 smtp;550 5.7.1 no>'\n",
		"-||example.org|550 5.7.1 no\n"},
	{"exchange, directory", "kim@example.org\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found ##\n",
		"-||example.org|550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found\n"},
	{"sendmail transcript",
		"   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n>>> MAIL From:<a@b.example>\n"
		"<<< 550-5.7.1 no\n<<< 550 5.7.1 never\n550 5.7.1 no... never\n",
		"mail-from|mx.example.org||550-5.7.1 no/550 5.7.1 never\n"},
	{"sendmail transcript, and what sendmail makes of it",
		"Subject: x\n\n   ----- The following addresses had permanent fatal errors -----\n<kim@example.org>\n    (reason: "
		"550 5.7.1 no (really))\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n"
		">>> MAIL From:<a@b.example>\n<<< 550 5.7.1 no (really)\n554 5.0.0 Service unavailable\n",
		"-||example.org|550 5.7.1 no (really)\n"},
	{"exim bounce for several",
		"Subject: x\n\nThe following address(es) failed:\n\n  kim@example.org\n    host mx.example.org [192.0.2.7]\n    SMTP "
		"error from remote mail server after RCPT TO:<kim@example.org>:\n    550 5.7.1 no\n  lee@example.net\n    SMTP error "
		"from remote mail server after initial connection:\n    554-not\n    554 you\n  <max@example.net>:\n    Unrouteable "
		"address\n",
		"rcpt-to|mx.example.org|example.org|550 5.7.1 no\nbanner||example.net|554-not/554 you\n"},
	{"an address alone on a line of a reply",
		"Subject: x\n\nhost mx.example.org[192.0.2.7] said: 550 5.1.1 nobody is\n    <kim@example.org>\n    here\n",
		"-|mx.example.org||550 5.1.1 nobody is <kim@example.org> here\n"},
	{"qmail's own words",
		"Subject: x\n\n<kim@example.org>:\nSorry, I couldn't find any host named example.org. (#5.1.2)\n\n<lee@example.net>:\n"
		"192.0.2.7 does not like recipient.\nRemote host said: 550 no such user\nGiving up on 192.0.2.7.\n\n"
		"<max@example.net>:\nConnected to 192.0.2.8 but greeting failed.\nRemote host said: 421 later\n"
		"I'm not going to try again; this message has been in the queue too long.\n",
		"-||example.org|5.1.2 Sorry, I couldn't find any host named example.org.\n"
		"rcpt-to|192.0.2.7|example.net|550 no such user\nbanner|192.0.2.8|example.net|421 later\n"},

	/* RFC 3464 */
	{"a report",
		"Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"b1\"\n\npreamble 550 5.1.1 no\n--b1\n\n"
		"<kim@example.org>: host mx.example.org[192.0.2.7] said: 550 5.1.1 text (in\n reply to RCPT TO command)\n\n--b1\n"
		"Content-Type: message/delivery-status\n\nReporting-MTA: dns; out.example\n\nFinal-Recipient: rfc822; "
		"kim@example.org\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; "
		"550-5.1.1 status\n 550 5.1.1 part\n\nFinal-Recipient: rfc822; lee@example.net\nAction: delivered\nStatus: "
		"2.0.0\n\n--b1\nContent-Type: message/rfc822\n\nSubject: x\n\n550 5.1.1 original\n--b1--\n",
		"rcpt-to|mx.example.org|example.org|550-5.1.1 status/550 5.1.1 part\n"},
	{"a report that says more of the server",
		"Final-Recipient: rfc822; kim@example.org\nAction: failed\nRemote-MTA: dns; mx.example.org. (192.0.2.7, the server "
		"for the domain example.org.)\nDiagnostic-Code: smtp; 550 5.7.1 no\n",
		"-|mx.example.org|example.org|550 5.7.1 no\n"},
	{"a report whose text alone has the reply",
		"Content-Type: multipart/report; boundary=b1\n\n--b1\n\nThe remote server said:\n550 5.1.1 text\n\n--b1\n"
		"Content-Type: message/delivery-status\n\nReporting-MTA: dns; o.example\n\nFinal-Recipient: rfc822; "
		"kim@example.org\nAction: failed\nStatus: 5.1.1\n\n--b1--\n",
		"-|||550 5.1.1 text\n"},
	{"a report with a status alone",
		"Content-Type: multipart/report; boundary=b1\n\n--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
		"o.example\n\nFinal-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.4.4\nDiagnostic-Code: "
		"X-Local; no such host\n\n--b1--\n",
		"-||example.org|5.4.4 no such host\n"},
	{"quoted-printable",
		"MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nThe server said: 550=20=\n"
		"5.1.1 n=C3=A9ant\n",
		"-|||550 5.1.1 n\xc3\xa9"
		"ant\n"},
	{"base64", "MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nNTUwIDUuMS4xIG5v\nYm9keQo=\n",
		"-|||550 5.1.1 nobody\n"},
	{"the status part alone",
		"Final-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 no\n",
		"-||example.org|550 5.7.1 no\n"},
	{"a forwarded report",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nsee below\n--o\nContent-Type: message/rfc822\n\nContent-Type: "
		"multipart/report; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; "
		"kim@example.org\nAction: failed\nDiagnostic-Code: smtp;550 5.7.1 no\n--i--\n--o--\n",
		"-||example.org|550 5.7.1 no\n"},
	{"an mbox",
		"From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nSubject: a\n\n550 5.1.1 one\n\nFrom MAILER-DAEMON Sat Nov 21 10:00:01 "
		"2026\nSubject: b\n\n550 5.1.1 two\n",
		"-|||550 5.1.1 one\n-|||550 5.1.1 two\n"},
};

static void finds_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_buf got = MP_BUF(1 << 20);

		find_all(mp_str(rows[i].input), SIZE_MAX, &got);
		row_str(rows[i].label, mp_buf_cstr(&got), rows[i].want);
		mp_buf_release(&got);
	}
}

static void any_split_finds_the_same(void **state)
{
	static const size_t pieces[] = {1, 2, 7, 64};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < ARRAY_LEN(pieces); k++) {
			struct mp_buf got = MP_BUF(1 << 20);

			find_all(mp_str(rows[i].input), pieces[k], &got);
			row_str(rows[i].label, mp_buf_cstr(&got), rows[i].want);
			mp_buf_release(&got);
		}
}

/* A line without end, and a paragraph without end, cost no more than their bounds; what follows is found. */
static void long_input_is_bounded(void **state)
{
	struct mp_buf got = MP_BUF(1 << 20), in = MP_BUF(8 << 20);
	size_t at;

	(void)state;
	for (size_t i = 0; i < 3 * SMTP_BOUNCE_LINE; i++)
		mp_buf_addc(&in, 'x');
	mp_buf_adds(&in, "\n\n550 5.1.1 after the line\n\n");
	for (size_t i = 0; i < 2 * SMTP_BOUNCE_PARAGRAPH; i++)
		mp_buf_adds(&in, "word\n");
	mp_buf_adds(&in, "\n550 5.1.1 after the paragraph\n");
	find_all(mp_buf_str(&in), 4096, &got);
	row_str("long input", mp_buf_cstr(&got), "-|||550 5.1.1 after the line\n-|||550 5.1.1 after the paragraph\n");
	mp_buf_reset(&got);
	mp_buf_reset(&in);

	/* A reply that is longer than a line may be is cut, not dropped. */
	mp_buf_adds(&in, "550 5.1.1 ");
	for (at = 0; at < 2 * SMTP_BOUNCE_LINE; at++)
		mp_buf_addc(&in, 'y');
	find_all(mp_buf_str(&in), 4096, &got);
	row_int("long reply", (long long)got.n, SMTP_BOUNCE_LINE + (long long)strlen("-|||\n"));
	mp_buf_release(&got);
	mp_buf_release(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_replies),
		cmocka_unit_test(any_split_finds_the_same),
		cmocka_unit_test(long_input_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
