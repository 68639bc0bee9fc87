/* tests/unit/test_checks_message.c - received messages, made by our own signing, whole and with every kind of damage */
#include "probe/message.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define DKIM &mp_check_message_dkim
#define ARC &mp_check_message_arc
#define SPF &mp_check_message_spf
#define DMARC &mp_check_message_dmarc
#define HEADERS &mp_check_message_headers
#define FORMAT &mp_check_message_format
#define UNSUBSCRIBE &mp_check_message_unsubscribe
#define TRANSPORT &mp_check_message_transport
#define RECEIVER &mp_check_message_receiver

#define KEY "s1._domainkey.example.com"
#define SIGNED_S 1795168800 /* a day before JUDGE_STARTED */

#define WORLD                                                                     \
	"example.com SOA ns.example.com h 1 2 3 4 300\n"                          \
	"example.com TXT \"v=spf1 ip4:192.0.2.10 -all\"\n"                        \
	"list.example.net SOA ns.example.com h 1 2 3 4 300\n"                     \
	"ed._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" ED25519_P "\"\n" \
	"com SOA ns.example.com h 1 2 3 4 300\n"
/* RSA1024_P, but for one character */
#define OTHER_P                                                                                                \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyTUABJrlTt25NVKHgkJL/ZIewNs9PqXBvZzS41+EfNHIy1gjYDiA2AQYDdaB7" \
	"S7FvVbxbLRjHppx+7mUZS5Wq1drZnaNlGp+Y3enkscPH98gE60oZ1+wyCwWcVtUXZvGOjhfoN1YmDUTQN6KClXxsdCACEkAh3TS+Uds+aHiROQIDAQAB"
#define GOOD_KEY KEY " TXT \"v=DKIM1; k=rsa; p=" RSA1024_P "\"\n"
#define POLICY "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
#define LIST_KEY "s1._domainkey.list.example.net TXT \"v=DKIM1; k=rsa; p=" RSA1024_P "\"\n"
#define GOOD GOOD_KEY POLICY LIST_KEY

#define HOP                                                                                                                      \
	"Received: from mail.example.com (mail.example.com [192.0.2.10])\r\n\tby mx.example.org (Postfix) with ESMTPS id 1;\r\n" \
	"\tFri, 20 Nov 2026 10:00:10 +0000\r\n"
#define PATH "Return-Path: <ann@example.com>\r\n"
#define HEADER                                                                                \
	"From: Ann <ann@example.com>\r\nTo: \"Bob\" <bob@example.org>\r\nSubject: A test\r\n" \
	"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
#define BULK \
	"List-Unsubscribe: <mailto:u@example.com>, <https://example.com/u?1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define BODY "Hello Bob,\r\n\r\nthis is the body.\r\n"

enum {
	RSA = 1,
	ED = 2,
	SIMPLE = 4,
	LENGTH = 8,
	EXPIRED = 16,
	LISTED = 32,
	LISTED_TWICE = 64,
	FORGED = 128,
	FOREIGN = 256,
	IDENTITY = 512,
	BELOW = 1024
};

struct row {
	const char *label;
	unsigned how;
	const char *zone;         /* NULL: GOOD */
	const char *header, *top; /* NULL: HEADER; what the receiver put on top, NULL: PATH HOP */
	const char *from, *to;    /* a piece of the signed message that is replaced on its way */
	const char *more;         /* appended to the body */
	struct judge_want want[4];
	const char *result, *changed, *fix; /* of the first signature; NULL: not looked at */
};

static const struct row rows[] = {
	{"good", RSA,
		.want = {{DKIM, KEY, MP_PASS, {"is good (rsa-sha256)"}},
			{SPF, "ann@example.com", MP_PASS, {"192.0.2.10"}},
			{DMARC, "example.com", MP_PASS, {"DKIM example.com"}}, {ARC, "ARC", MP_SKIP, {0}}},
		.result = "pass"},
	{"good, simple", RSA | SIMPLE, .want = {{DKIM, KEY, MP_PASS, {0}}}, .result = "pass"},
	{"good, Ed25519", ED, .want = {{DKIM, "ed._domainkey.example.com", MP_PASS, {"ed25519-sha256"}}},
		.result = "pass"},
	{"good, both", RSA | ED, .want = {{DKIM, KEY, MP_PASS, {0}}}, .result = "pass"},
	{"no signature", 0,
		.want = {{DKIM, "example.com", MP_WARN, {"no DKIM signature"}},
			{DMARC, "example.com", MP_PASS, {"SPF"}}}},
	{"no signature, no SPF", 0, .top = "X: y\r\n",
		.want = {{SPF, "SPF", MP_SKIP, {"--ip"}}, {DMARC, "example.com", MP_FAIL, {"Nothing authenticates"}}}},

	/* what happens on the way */
	{"a footer", RSA, .more = "_____\r\nlist\r\n",
		.want = {{DKIM, KEY, MP_FAIL, {"(fail)", "the body is not right"}}}, .result = "fail",
		.changed = "2 lines were appended to the body"},
	{"a prefix of the subject", RSA, .from = "Subject: A", .to = "Subject: [list] A",
		.want = {{DKIM, KEY, MP_FAIL, {"while the body is as it was signed"}}}, .result = "fail",
		.changed = "\"[list]\" was put before the subject."},
	{"prefix and footer", RSA, .from = "Subject: A", .to = "Subject: [list] A", .more = "_____\r\nlist\r\n",
		.want = {{DKIM, KEY, MP_FAIL, {"neither"}}}, .result = "fail",
		.changed =
			"2 lines were appended to the body; without them its hash is right. \"[list]\" was put before the subject."},
	{"two prefixes", RSA, .from = "Subject: A", .to = "Subject: ***SPAM*** [list] A",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail",
		.changed = "\"***SPAM*** [list]\" was put before the subject."},
	{"quotation marks", RSA, .from = "From: Ann <", .to = "From: \"Ann\" <", .want = {{DKIM, KEY, MP_FAIL, {0}}},
		.result = "fail", .changed = "The From: field was rewritten: quotation marks"},
	{"a second From", RSA, .from = "To: \"Bob\"", .to = "From: eve@example.org\r\nTo: \"Bob\"",
		.want = {{DKIM, KEY, MP_FAIL, {0}}, {HEADERS, "From", MP_FAIL, {"2 From: fields"}},
			{DMARC, "From", MP_FAIL, {"one domain"}}},
		.result = "fail", .changed = "One of the 2 From: fields was added after signing."},
	{"From replaced, the old one kept", RSA, .from = "From: Ann <ann@example.com>",
		.to = "X-Original-From: Ann <ann@example.com>\r\nFrom: list@list.example.net",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail", .changed = "X-Original-From has what it was"},
	{"folded anew, relaxed", RSA, .from = "Subject: A test", .to = "subject:  A\r\n\ttest",
		.want = {{DKIM, KEY, MP_PASS, {0}}}},
	{"folded anew, simple", RSA | SIMPLE, .from = "Subject: A test", .to = "Subject: A\r\n test",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail",
		.changed = "a signature with c=relaxed would have stood that"},
	{"white space of the body, simple", RSA | SIMPLE, .from = "the body.", .to = "the body. ",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail", .changed = "White space of the body changed"},
	{"a word of the body", RSA, .from = "the body.", .to = "a body.",
		.want = {{DKIM, KEY, MP_FAIL, {"the hash of the body"}}}, .result = "fail"},
	{"a signed field gone", RSA, .from = "To: \"Bob\" <bob@example.org>\r\n", .to = "",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail", .changed = "Signed and not there are To"},
	{"one of two broken", RSA | ED, .from = "t=1795168800", .to = "t=1795168801",
		.want = {{DKIM, KEY, MP_WARN, {"is not good (fail)"}},
			{DMARC, "example.com", MP_PASS, {"DKIM example.com"}}},
		.result = "fail"},
	{"lines appended behind l=", LENGTH, .more = "evil\r\n",
		.want = {{DKIM, KEY, MP_WARN, {"all but the last 6 bytes"}}}, .result = "pass"},
	{"l= and a body cut off", LENGTH, .from = "this is the body.\r\n", .to = "",
		.want = {{DKIM, KEY, MP_FAIL, {0}}}, .result = "fail", .changed = "the end is missing"},
	{"over before it came", EXPIRED, .want = {{DKIM, KEY, MP_FAIL, {"it ended on 2026-11-20T10:00:01Z"}}},
		.result = "fail"},

	/* keys */
	{"no key", RSA, .zone = POLICY, .want = {{DKIM, KEY, MP_FAIL, {"there is no key"}}}, .result = "permerror"},
	{"no answer", RSA, .zone = POLICY KEY " !TIMEOUT\n",
		.want = {{DKIM, KEY, MP_ERROR, {"could not be verified (temperror)"}},
			{DMARC, "example.com", MP_PASS, {"SPF"}}},
		.result = "temperror"},
	{"SERVFAIL", RSA, .zone = POLICY KEY " !SERVFAIL\n", .want = {{DKIM, KEY, MP_ERROR, {0}}},
		.result = "temperror"},
	{"revoked", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; p=\"\n", .want = {{DKIM, KEY, MP_FAIL, {"is revoked"}}},
		.result = "permerror"},
	{"another key", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; p=" OTHER_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"this key"}}}, .result = "fail"},
	{"a weak key", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; p=" RSA512_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"512 bits"}}}, .result = "policy"},
	{"a key of another type", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; k=ed25519; p=" ED25519_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"of type ed25519"}}}, .result = "permerror"},
	{"a key that is no key", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; p=AAAA\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"cannot be used"}}}, .result = "permerror"},
	{"a key for another hash", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; h=sha1; p=" RSA1024_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"sha1"}}}, .result = "permerror"},
	{"a key that is not for mail", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; s=web; p=" RSA1024_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"not for mail"}}}, .result = "permerror"},
	{"a key in testing", RSA, .zone = POLICY KEY " TXT \"v=DKIM1; t=y; p=" RSA1024_P "\"\n",
		.want = {{DKIM, KEY, MP_PASS, {0}}}},

	/* signatures that are none */
	{"an identity below", IDENTITY, .want = {{DKIM, KEY, MP_PASS, {"is good"}}}, .result = "pass"},
	{"an identity below, and a key that does not allow it", IDENTITY,
		.zone = POLICY KEY " TXT \"v=DKIM1; t=s; p=" RSA1024_P "\"\n",
		.want = {{DKIM, KEY, MP_FAIL, {"allows example.com alone (t=s)"}}}, .result = "permerror",
		.fix = "i=@example.com"},
	{"a domain below the author's", BELOW,
		.zone = "s1._domainkey.mail.example.com TXT \"v=DKIM1; p=" RSA1024_P "\"\n" POLICY,
		.want = {{DMARC, "example.com", MP_PASS, {"DKIM mail.example.com"}}}, .result = "pass"},
	{"a domain below the author's, which wants its own", BELOW,
		.zone = "s1._domainkey.mail.example.com TXT \"v=DKIM1; p=" RSA1024_P
			"\"\n_dmarc.example.com TXT \"v=DMARC1; p=reject; adkim=s\"\n",
		.top = "X: y\r\n",
		.want = {{DMARC, "example.com", MP_FAIL, {"DMARC fails for the From: domain example.com"}}}},
	{"SHA-1", 0,
		.header = "DKIM-Signature: v=1; a=rsa-sha1; d=example.com; s=s1; h=from; bh=AAAA; b=AAAA\r\n" HEADER,
		.want = {{DKIM, KEY, MP_FAIL, {"SHA-1"}}}, .result = "permerror"},
	{"no form at all", 0, .header = "DKIM-Signature: hello\r\n" HEADER,
		.want = {{DKIM, "DKIM-Signature, field 3", MP_WARN, {"no '='"}}}, .result = "neutral"},

	/* alignment */
	{"signed by somebody else", FOREIGN, .zone = POLICY LIST_KEY, .top = "X: y\r\n",
		.want = {{DMARC, "example.com", MP_FAIL, {"DMARC fails for the From: domain example.com"}}}},
	{"no policy", RSA, .zone = GOOD_KEY, .want = {{DMARC, "example.com", MP_WARN, {"No DMARC record applies"}}}},
	{"a policy that is broken", RSA, .zone = GOOD_KEY "_dmarc.example.com TXT \"v=DMARC1; p=maybe\"\n",
		.want = {{DMARC, "example.com", MP_WARN, {"broken"}}}},
	{"a policy that is not known", RSA, .zone = GOOD_KEY "_dmarc.example.com !TIMEOUT\n",
		.want = {{DMARC, "example.com", MP_ERROR, {0}}}},

	{"an author with an internationalised domain", 0,
		.header = "From: a@b\xc3\xbc"
			  "cher.example\r\nDate: 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n",
		.zone = "example SOA ns.example.com h 1 2 3 4 300\n_dmarc.xn--bcher-kva.example TXT \"v=DMARC1; p=none\"\n",
		.want = {{DMARC, "xn--bcher-kva.example", MP_FAIL, {0}},
			{DKIM, "xn--bcher-kva.example", MP_WARN, {0}}}},

	/* SPF */
	{"from elsewhere", RSA,
		.top = PATH
		"Received: from x.example ([203.0.113.9]) by mx.example.org with ESMTP; Fri, 20 Nov 2026 10:00:10 +0000\r\n",
		.want = {{SPF, "ann@example.com", MP_FAIL, {"fails for 203.0.113.9"}},
			{DMARC, "example.com", MP_PASS, {"DKIM"}}}},
	{"through the receiver's own hosts", RSA,
		.top = PATH
		"Received: from localhost (localhost [127.0.0.1]) by store.example.org with LMTP; Fri, 20 Nov 2026 10:00:12 +0000\r\n"
		"Received: from mx.example.org (mx.example.org [198.51.100.1]) by hub.example.org with ESMTPS; Fri, 20 Nov 2026 10:00:11 +0000\r\n" HOP,
		.want = {{SPF, "ann@example.com", MP_PASS, {"192.0.2.10"}},
			{TRANSPORT, "Received", MP_PASS, {"3 hops in 2 s"}}}},
	{"through Microsoft's hosts, of several domains", RSA,
		.top = "Received: from AS8PR04.eurprd04.prod.outlook.com (2603:10a6:20b::2)\r\n by DB9PR04.eurprd04.prod.outlook.com with "
		       "HTTPS; Fri, 20 Nov 2026 10:00:12 +0000\r\n"
		       "Received: from AM0PR01CA0001.eurprd01.prod.exchangelabs.com (2603:10a6:208::1)\r\n by "
		       "AS8PR04.eurprd04.prod.outlook.com (2603:10a6:20b::2) with Microsoft SMTP Server id 15.20; Fri, 20 Nov 2026 "
		       "10:00:11 +0000\r\n"
		       "Received: from AM0EUR02FT001.eop-EUR02.prod.protection.outlook.com (2603:10a6:208:0:cafe::1)\r\n by "
		       "AM0PR01CA0001.outlook.office365.com (2603:10a6:208::1) with Microsoft SMTP Server id 15.20; Fri, 20 Nov 2026 "
		       "10:00:11 +0000\r\n"
		       "Authentication-Results: spf=pass (sender IP is 192.0.2.10) smtp.mailfrom=example.com; dmarc=fail "
		       "action=quarantine header.from=example.com\r\n"
		       "Received: from mail.example.com (192.0.2.10) by AM0EUR02FT001.mail.protection.outlook.com (10.13.54.159)\r\n "
		       "with Microsoft SMTP Server id 15.20; Fri, 20 Nov 2026 10:00:10 +0000\r\n",
		.want = {{SPF, "ann@example.com", MP_PASS, {"192.0.2.10"}},
			{RECEIVER, "db9pr04.eurprd04.prod.outlook.com", MP_WARN, {"dmarc=fail"}}}},
	{"a bounce", RSA, .top = "Return-Path: <>\r\n" HOP,
		.want = {{SPF, "postmaster@mail.example.com", MP_WARN, {0}}}},
	{"no Return-Path", RSA, .top = HOP, .want = {{SPF, "ann@example.com", MP_PASS, {0}}}},

	/* ARC */
	{"one set", RSA | LISTED, .want = {{ARC, "ARC", MP_PASS, {"1 set is good", "list.example.net"}}}},
	{"two sets", RSA | LISTED | LISTED_TWICE, .want = {{ARC, "ARC", MP_PASS, {"2 sets is good"}}}},
	{"a first set that was changed", RSA | LISTED | LISTED_TWICE, .from = "i=1; mx.list", .to = "i=1; my.list",
		.want = {{ARC, "ARC", MP_WARN, {"broken", "ARC-"}}}},
	{"a set that is missing", RSA | LISTED | LISTED_TWICE, .from = "ARC-Authentication-Results: i=1",
		.to = "X-Was: i=1",
		.want = {{ARC, "ARC", MP_WARN, {"has no ARC-Authentication-Results field of instance 1"}}}},
	{"a body that changed behind the seal", RSA | LISTED, .more = "more\r\n",
		.want = {{ARC, "ARC", MP_WARN, {"the ARC-Message-Signature of instance 1 is not good"}}}},
	{"found broken before", RSA | LISTED | FORGED, .want = {{ARC, "ARC", MP_WARN, {"cv=fail"}}}},
	{"no answer for a seal", RSA | LISTED, .zone = GOOD_KEY POLICY "s1._domainkey.list.example.net !TIMEOUT\n",
		.want = {{ARC, "ARC", MP_ERROR, {"could not be verified"}}}},

	/* the header */
	{"all there", RSA, .want = {{HEADERS, "header", MP_PASS, {0}}, {FORMAT, "message", MP_PASS, {"well formed"}}}},
	{"no Date", 0, .header = "From: a@example.com\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "Date", MP_FAIL, {"no Date: field"}}}},
	{"a Date that is none", 0, .header = "From: a@example.com\r\nDate: now\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "Date", MP_WARN, {"no date"}}}},
	{"a Date in the future", 0,
		.header = "From: a@example.com\r\nDate: 25 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "Date", MP_WARN, {"4 days ahead"}}}},
	{"no Message-ID", 0, .header = "From: a@example.com\r\nDate: 20 Nov 2026 10:00:00 +0000\r\n",
		.want = {{HEADERS, "Message-ID", MP_WARN, {0}}}},
	{"a Message-ID that is none", 0,
		.header = "From: a@example.com\r\nDate: 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: 123\r\n",
		.want = {{HEADERS, "Message-ID", MP_WARN, {"<left@right>"}}}},
	{"no From", 0, .header = "Date: 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "From", MP_FAIL, {"no From: field"}}, {DMARC, "From", MP_FAIL, {0}},
			{DKIM, "message", MP_WARN, {0}}}},
	{"an address in the name", 0,
		.header =
			"From: \"boss@bank.example\" <a@example.com>\r\nDate: 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "From", MP_WARN, {"another domain"}}}},
	{"two authors", 0,
		.header =
			"From: a@example.com, b@example.net\r\nDate: 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n",
		.want = {{HEADERS, "From", MP_WARN, {"2 addresses"}}, {DMARC, "From", MP_FAIL, {0}}}},
	{"answers elsewhere", 0, .header = HEADER "Reply-To: x@example.net\r\n",
		.want = {{HEADERS, "Reply-To", MP_INFO, {"another domain"}}}},
	{"one of the answers elsewhere", 0, .header = HEADER "Reply-To: ann@example.com, x@example.net\r\n",
		.want = {{HEADERS, "Reply-To", MP_INFO, {"x@example.net"}}}},
	{"lone line feeds", 0, .more = "a\nb\r\n", .want = {{FORMAT, "message", MP_WARN, {"1 lone CR or LF"}}}},
	{"no field", 0, .header = HEADER "hello world\r\n",
		.want = {{FORMAT, "message", MP_WARN, {"no field (\"hello world\")"}}}},

	/* unsubscribing */
	{"no bulk", RSA, .want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_SKIP, {0}}}},
	{"one click", RSA, .header = HEADER BULK, .want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_PASS, {"One click"}}}},
	{"one click, not signed", 0, .header = HEADER BULK,
		.want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_WARN, {"No good DKIM signature"}}}},
	{"mailto alone", RSA, .header = HEADER "List-Unsubscribe: <mailto:u@example.com>\r\n",
		.want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_WARN, {"mailto: alone"}}}},
	{"http", RSA, .header = HEADER "List-Unsubscribe: <http://example.com/u>\r\n",
		.want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_WARN, {"no https"}}}},
	{"no Post", RSA, .header = HEADER "List-Unsubscribe: <https://example.com/u>\r\n",
		.want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_WARN, {"no List-Unsubscribe-Post"}}}},
	{"a list without a way out", RSA, .header = HEADER "List-Id: <l.example.com>\r\n",
		.want = {{UNSUBSCRIBE, "List-Unsubscribe", MP_WARN, {"List-Id"}}}},

	/* the way */
	{"a long wait", RSA,
		.top = HOP
		"Received: from a.example by mail.example.com with ESMTP; Fri, 20 Nov 2026 09:00:00 +0000\r\n",
		.want = {{TRANSPORT, "Received", MP_WARN, {"mx.example.org took it after 60 min"}}}},
	{"a clock that is wrong", RSA,
		.top = HOP
		"Received: from a.example by mail.example.com with ESMTP; Fri, 20 Nov 2026 11:00:10 +0000\r\n",
		.want = {{TRANSPORT, "Received", MP_WARN, {"before it was sent"}}}},
	{"no way", RSA, .top = "X: y\r\n", .want = {{TRANSPORT, "Received", MP_SKIP, {0}}}},

	/* what the receiver noted */
	{"nothing noted", RSA, .want = {{RECEIVER, "mx.example.org", MP_SKIP, {"noted nothing"}}}},
	{"noted by the receiver", RSA,
		.top = PATH "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\r\n" HOP,
		.want = {{RECEIVER, "mx.example.org", MP_PASS, {0}}}},
	{"noted below its own line", RSA,
		.top = PATH HOP "Authentication-Results: example.org; dkim=fail header.d=example.com\r\n",
		.want = {{RECEIVER, "mx.example.org", MP_WARN, {"dkim=fail"}}}},
	{"claimed below the line of a receiver that writes above it", RSA,
		.top = PATH "Authentication-Results: mx.example.org; dkim=pass\r\n" HOP
			    "Authentication-Results: mx.example.org; dkim=fail\r\n",
		.want = {{RECEIVER, "mx.example.org", MP_PASS, {0}}}},
	{"claimed by the sender", RSA,
		.top = PATH HOP
		"Received: from a by b.example.com; Fri, 20 Nov 2026 10:00:09 +0000\r\nAuthentication-Results: mx.example.org; dkim=fail\r\n",
		.want = {{RECEIVER, "mx.example.org", MP_SKIP, {"not believed"}}}},
	{"claimed under another name", RSA,
		.top = PATH HOP "Authentication-Results: mx.elsewhere.example; dkim=fail\r\n",
		.want = {{RECEIVER, "mx.example.org", MP_SKIP, {"not believed"}}}},
	{"Microsoft took it for spam", RSA, .top = "X-Forefront-Antispam-Report: SCL:5;SFV:SPM;CAT:SPM;\r\n" PATH HOP,
		.want = {{RECEIVER, "mx.example.org", MP_WARN, {"spam confidence 5"}}}},
};

/* ---- messages */

static char *replaced(struct mp_arena *a, const char *label, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("row '%s': the message has no \"%s\"", label, from);
	return mp_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Our signer never makes these: a signature for a part of the body, and one that ends. */
static char *special_signature(struct mp_arena *a, const struct smtp_signer *s, const char *tag, const char *header)
{
	const char *made = smtp_dkim_sign(a, s, mp_str(header), mp_str(BODY));
	const struct smtp_field *fields[SMTP_SIG_NAMES];
	struct smtp_header h, own;
	struct smtp_sig sig;
	uint8_t hash[SMTP_HASH];
	char *text = replaced(a, tag, made, "; t=", mp_printf(a, "; %s; t=", tag));

	*strstr(text, "\tb=") = '\0';
	smtp_header_parse(a, mp_str(header), &h);
	smtp_header_parse(a, mp_str(mp_printf(a, "%s\tb=AA==\r\n", text)), &own);
	smtp_sig_read(a, SMTP_SIG_DKIM, &own.field[0], &sig);
	smtp_sig_fields(&h, &sig, fields);
	smtp_sig_hash(s->header, fields, sig.n_names, &own.field[0], hash);
	return mp_printf(a, "%s\tb=%s\r\n", text, smtp_sign(a, s->key, hash));
}

static char *sealed(struct mp_arena *a, const struct smtp_signer *s, const char *cv, const char *header)
{
	return mp_printf(a, "%s%s",
		smtp_arc_seal(
			a, s, "mx.list.example.net; dkim=pass header.d=example.com", cv, mp_str(header), mp_str(BODY)),
		header);
}

static const struct smtp_mail *message(struct mp_arena *a, const struct row *r)
{
	struct smtp_private *rsa = smtp_private_new(mp_str(RSA1024_PKCS8), NULL),
			    *ed = smtp_private_new(mp_str(ED25519_PKCS8), NULL);
	enum smtp_canon how = r->how & SIMPLE ? SMTP_SIMPLE : SMTP_RELAXED;
	struct smtp_signer s1 = {"example.com", "s1", rsa, how, how, SIGNED_S},
			   s2 = {"example.com", "ed", ed, how, how, SIGNED_S},
			   below = {"mail.example.com", "s1", rsa, how, how, SIGNED_S},
			   list = {"list.example.net", "s1", rsa, SMTP_RELAXED, SMTP_RELAXED, SIGNED_S};
	struct smtp_reader *reader = smtp_reader_new(a);
	const char *plain = r->header ? r->header : HEADER, *header = plain;
	const struct smtp_mail *m;
	char *text;

	if (r->how & ED)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &s2, mp_str(plain), mp_str(BODY)), header);
	if (r->how & RSA)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &s1, mp_str(plain), mp_str(BODY)), header);
	if (r->how & FOREIGN)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &list, mp_str(plain), mp_str(BODY)), header);
	if (r->how & LENGTH)
		header = mp_printf(
			a, "%s%s", special_signature(a, &s1, mp_printf(a, "l=%zu", strlen(BODY)), plain), header);
	if (r->how & EXPIRED)
		header = mp_printf(a, "%s%s", special_signature(a, &s1, "x=1795168801", plain), header);
	if (r->how & IDENTITY)
		header = mp_printf(a, "%s%s", special_signature(a, &s1, "i=ann@sub.example.com", plain), header);
	if (r->how & BELOW)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &below, mp_str(plain), mp_str(BODY)), header);
	if (r->how & LISTED)
		header = sealed(a, &list, "none", header);
	if (r->how & LISTED_TWICE)
		header = sealed(a, &list, "pass", header);
	if (r->how & FORGED)
		header = sealed(a, &list, "fail", header);
	text = mp_printf(a, "%s\r\n%s%s", header, BODY, r->more ? r->more : "");
	if (r->from)
		text = replaced(a, r->label, text, r->from, r->to);
	text = mp_printf(a, "%s%s", r->top ? r->top : PATH HOP, text);
	smtp_reader_feed(reader, mp_str(text));
	m = smtp_reader_end(reader);
	smtp_reader_free(reader);
	smtp_private_free(rsa);
	smtp_private_free(ed);
	return m;
}

static void message_case(struct mp_case *c, struct mp_source sources[static JUDGE_SOURCES], const struct smtp_mail *m)
{
	judge_case(c, sources, "192.0.2.99", NULL);
	c->command = "message";
	c->n_sources = 0;
	c->sources = NULL;
	c->mail_from = c->header_from = c->domain = c->hostname = c->fqdn = NULL;
	c->arg = "message.eml";
	c->mail = m;
}

/* The first signature's result, and what is said of its way. */
static size_t signature_differs(const struct row *r, const struct mp_case *c, const char *zone)
{
	struct judge_run run;
	const json_t *s;
	size_t wrong = 0;

	judge_run(&run, r->label, DKIM, c, 0, zone);
	s = mp_jget(run.judge.results[0].values, "signature");
	if (strcmp(mp_jget_str(s, "result", ""), r->result) != 0) {
		print_error("row '%s': got \"%s\", want \"%s\"\n", r->label, mp_jget_str(s, "result", ""), r->result);
		wrong++;
	}
	if (r->changed && !strstr(mp_jget_str(s, "changed", ""), r->changed)) {
		print_error("row '%s': \"%s\" lacks \"%s\"\n", r->label, mp_jget_str(s, "changed", ""), r->changed);
		wrong++;
	}
	if (r->fix && !strstr(run.judge.results[0].fix, r->fix)) {
		print_error("row '%s': \"%s\" lacks \"%s\"\n", r->label, run.judge.results[0].fix, r->fix);
		wrong++;
	}
	judge_release(&run);
	return wrong;
}

static void messages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct mp_arena *a = mp_arena_new();
		const char *zone = mp_printf(a, "%s%s", r->zone ? r->zone : GOOD, WORLD);
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_case c;

		message_case(&c, sources, message(a, r));
		for (size_t k = 0; k < ARRAY_LEN(r->want) && r->want[k].check; k++)
			wrong += judge_expect(r->label, &r->want[k], &c, 0, zone, 0);
		if (r->result)
			wrong += signature_differs(r, &c, zone);
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

/* What the user says of the client goes before what the message tells. */
static void told_by_the_user(void **state)
{
	static const struct judge_want pass = {SPF, "eve@example.com", MP_PASS, {"192.0.2.10"}},
				       fail = {SPF, "eve@example.com", MP_FAIL, {"203.0.113.9"}};
	static const struct row elsewhere = {
		"elsewhere", RSA, .top = PATH "Received: from x ([203.0.113.9]) by mx.example.org with ESMTP\r\n"};
	struct mp_arena *a = mp_arena_new();
	struct mp_source sources[JUDGE_SOURCES];
	struct mp_case c;

	(void)state;
	message_case(&c, sources, message(a, &elsewhere));
	c.mail_from = "eve@example.com";
	assert_int_equal(judge_expect("--from alone", &fail, &c, 0, GOOD WORLD, 0), 0);
	assert_true(mp_ip_parse(MP_LIT("192.0.2.10"), &sources[0].address));
	c.sources = sources;
	c.n_sources = 1;
	c.sources_origin = "--ip";
	assert_int_equal(judge_expect("--ip and --from", &pass, &c, 0, GOOD WORLD, 0), 0);
	mp_arena_free(a);
}

/* A whole chain tells what its sealers saw, before anything was changed. */
static void sealers(void **state)
{
	static const struct row twice = {.label = "two sets", .how = RSA | LISTED | LISTED_TWICE};
	struct mp_arena *a = mp_arena_new();
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	message_case(&c, sources, message(a, &twice));
	judge_run(&run, twice.label, ARC, &c, 0, GOOD WORLD);
	assert_int_equal(run.judge.n_results, 1);
	row_str("detail", run.judge.results[0].detail,
		"What the sealers vouch for, in their order: mx.list.example.net saw dkim=pass and mx.list.example.net saw dkim=pass.");
	judge_release(&run);
	mp_arena_free(a);
}

/* Every signature has its result, and only so many cost anything. */
static void many_signatures(void **state)
{
	enum { MANY = SMTP_MAIL_SIGNATURES + 8 };
	struct mp_arena *a = mp_arena_new();
	struct smtp_private *key = smtp_private_new(mp_str(ED25519_PKCS8), NULL);
	struct smtp_signer signer = {"example.com", "ed", key, SMTP_RELAXED, SMTP_RELAXED, SIGNED_S};
	const char *field = smtp_dkim_sign(a, &signer, mp_str(HEADER), mp_str(BODY));
	struct smtp_reader *reader = smtp_reader_new(a);
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		smtp_reader_feed(reader, mp_str(field));
	smtp_reader_feed(reader, MP_LIT(HEADER "\r\n" BODY));
	message_case(&c, sources, smtp_reader_end(reader));
	judge_run(&run, "many", DKIM, &c, 0, GOOD WORLD);
	assert_int_equal(run.judge.n_results, MANY);
	for (size_t i = 0; i < MANY; i++) {
		const json_t *s = mp_jget(run.judge.results[i].values, "signature");

		assert_string_equal(mp_jget_str(s, "result", ""), i < SMTP_MAIL_SIGNATURES ? "pass" : "neutral");
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(run.judge.results[i].subject, run.judge.results[k].subject);
	}
	judge_release(&run);
	smtp_reader_free(reader);
	smtp_private_free(key);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(messages), cmocka_unit_test(told_by_the_user),
		cmocka_unit_test(sealers), cmocka_unit_test(many_signatures)};

	return cmocka_run_group_tests_name("checks_message", tests, NULL, NULL);
}
