/* tests/unit/test_noted.c - what hops and receivers write into a message: Received, Authentication-Results, verdicts */
#include <stdarg.h>
#include <stddef.h>

#include "smtp/authres.h"
#include "smtp/noted.h"
#include "smtp/received.h"
#include "tests/unit/row.h"

/* ---- Received */

static const struct hop_row {
	const char *label, *value;
	const char *helo, *rdns, *ip, *by, *with, *envelope_from; /* ip "": none */
	int64_t at_ms;                                            /* -1: none */
} hop_rows[] = {
	{"Postfix",
		"from helo.example.com (mail.example.com [192.0.2.10])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 "
		"(256/256 bits))\r\n\t(No client certificate requested)\r\n\tby mx.example.net (Postfix) with ESMTPS id 4XyZ\r\n\tfor "
		"<bob@example.net>; Sat, 21 Nov 2026 10:00:00 +0000 (UTC)",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.example.net", "ESMTPS", NULL,
		INT64_C(1795255200000)},
	{"Postfix, no PTR",
		"from x.example (unknown [192.0.2.10]) by mx.example.net (Postfix) with SMTP id 1; 21 Nov 2026 10:00:00 +0000",
		"x.example", NULL, "192.0.2.10", "mx.example.net", "SMTP", NULL, INT64_C(1795255200000)},
	{"Postfix, IPv6", "from x.example (y.example [IPv6:2001:db8::1]) by mx.example.net (Postfix) with ESMTP id 1",
		"x.example", "y.example", "2001:db8::1", "mx.example.net", "ESMTP", NULL, -1},
	{"Exim",
		"from mail.example.com ([192.0.2.10] helo=helo.example.com)\r\n\tby mx.example.net with esmtps (TLS1.3:AES:256)\r\n\t(Exim "
		"4.96)\r\n\t(envelope-from <ann@example.com>)\r\n\tid 1abc-00\r\n\tfor bob@example.net; Sat, 21 Nov 2026 10:00:00 +0000",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.example.net", "esmtps", "ann@example.com",
		INT64_C(1795255200000)},
	{"Exim, no PTR", "from [192.0.2.10] (port=4321 helo=helo.example.com) by mx.example.net with esmtp (Exim 4.96)",
		"helo.example.com", NULL, "192.0.2.10", "mx.example.net", "esmtp", NULL, -1},
	{"Sendmail",
		"from helo.example.com (mail.example.com [192.0.2.10] (may be forged)) by mx.example.net (8.17/8.17) with ESMTP id x",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.example.net", "ESMTP", NULL, -1},
	{"Sendmail with ident",
		"from helo.example.com (root@mail.example.com [192.0.2.10]) by mx.example.net with ESMTP id x",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.example.net", "ESMTP", NULL, -1},
	{"Gmail",
		"from helo.example.com (mail.example.com. [192.0.2.10]) by mx.google.com with ESMTPS id p13-20 for <b@gmail.com>",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.google.com", "ESMTPS", NULL, -1},
	{"Gmail within", "by 2002:a05:6402:1:b0:5c9 with SMTP id a1csp123; Sat, 21 Nov 2026 02:00:00 -0800 (PST)", NULL,
		NULL, "", "2002:a05:6402:1:b0:5c9", "SMTP", NULL, INT64_C(1795255200000)},
	{"Exchange",
		"from mail.example.com (192.0.2.10) by DB5.mail.protection.outlook.com (10.152.20.1) with Microsoft SMTP Server "
		"(version=TLS1_3, cipher=X) id 15.20.1 via Frontend Transport; Sat, 21 Nov 2026 10:00:00 +0000",
		"mail.example.com", NULL, "192.0.2.10", "db5.mail.protection.outlook.com", "Microsoft", NULL,
		INT64_C(1795255200000)},
	{"qmail",
		"from unknown (HELO helo.example.com) (192.0.2.10)\r\n  by mx.example.net with SMTP; 21 Nov 2026 10:00:00 -0000",
		"helo.example.com", NULL, "192.0.2.10", "mx.example.net", "SMTP", NULL, INT64_C(1795255200000)},
	{"qmail, with a PTR",
		"from mail.example.com (HELO helo.example.com) (ann@192.0.2.10) by mx.example.net with SMTP",
		"helo.example.com", "mail.example.com", "192.0.2.10", "mx.example.net", "SMTP", NULL, -1},
	{"Yahoo",
		"from 192.0.2.10 (EHLO helo.example.com) by 10.1.2.3 with SMTPs (version=TLS1_3); Sat, 21 Nov 2026 10:00:00 +0000",
		"helo.example.com", NULL, "192.0.2.10", "10.1.2.3", "SMTPs", NULL, INT64_C(1795255200000)},
	{"local", "by mail.example.com (Postfix, from userid 1000) id 4Xy; Sat, 21 Nov 2026 10:00:00 +0000", NULL, NULL,
		"", "mail.example.com", NULL, NULL, INT64_C(1795255200000)},
	{"qmail, local", "(qmail 1234 invoked by uid 1000); 21 Nov 2026 10:00:00 -0000", NULL, NULL, "", NULL, NULL,
		NULL, INT64_C(1795255200000)},
	{"the null sender", "from a.example ([192.0.2.1]) by b.example with LMTP (envelope-from <>) for <x@b.example>",
		"a.example", NULL, "192.0.2.1", "b.example", "LMTP", "", -1},
	{"nothing", "", NULL, NULL, "", NULL, NULL, NULL, -1},
	{"an open comment", "from a.example (b.example [192.0.2.1", "a.example", "b.example", "192.0.2.1", NULL, NULL,
		NULL, -1},
};

static void hops(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hop_rows); i++) {
		const struct hop_row *r = &hop_rows[i];
		struct mp_arena *a = mp_arena_new();
		char text[MP_IP_TEXT];
		struct smtp_hop h;

		smtp_received_read(a, mp_str(r->value), &h);
		row_str(r->label, h.helo, r->helo);
		row_str(r->label, h.rdns, r->rdns);
		row_str(r->label, h.ip.family == MP_IPNONE ? "" : mp_ip_text(&h.ip, text), r->ip);
		row_str(r->label, h.by, r->by);
		row_str(r->label, h.with, r->with);
		row_str(r->label, h.envelope_from, r->envelope_from);
		row_int(r->label, h.dated ? h.at_ms : -1, r->at_ms);
		mp_arena_free(a);
	}
}

/* ---- Authentication-Results */

static const struct results_row {
	const char *label, *value;
	const char *id;   /* NULL: none */
	const char *want; /* "method=result[reason]{name=value,...}" with "; " between */
} results_rows[] = {
	{"plain",
		"mx.example.net; spf=pass smtp.mailfrom=example.com; dkim=fail (bad signature) header.d=example.com header.b=\"ab/c\"",
		"mx.example.net",
		"spf=pass{smtp.mailfrom=example.com}; dkim=fail[bad signature]{header.d=example.com,header.b=ab/c}"},
	{"none", "mx.example.net; none", "mx.example.net", ""},
	{"a version", "mx.example.net 1; dmarc/1=pass (p=REJECT sp=NONE dis=NONE) header.from=example.com",
		"mx.example.net", "dmarc=pass[p=REJECT sp=NONE dis=NONE]{header.from=example.com}"},
	{"a reason", "MX.example.net; dkim=neutral reason=\"no key; none\" header.i=@example.com", "mx.example.net",
		"dkim=neutral[no key; none]{header.i=@example.com}"},
	{"Microsoft",
		"spf=pass (sender IP is 192.0.2.10)\r\n smtp.mailfrom=example.com; dkim=pass (signature was verified)\r\n "
		"header.d=example.com;dmarc=pass action=none\r\n header.from=example.com;compauth=pass reason=100",
		NULL,
		"spf=pass[sender IP is 192.0.2.10]{smtp.mailfrom=example.com}; dkim=pass[signature was "
		"verified]{header.d=example.com}; dmarc=pass{action=none,header.from=example.com}; compauth=pass[100]"},
	{"of ARC", "i=1; mx.google.com; dkim=pass header.i=@example.com", "mx.google.com",
		"dkim=pass{header.i=@example.com}"},
	{"a value with =", "mx; dkim=pass header.b=AB==", "mx", "dkim=pass{header.b=AB==}"},
	{"blanks around =", "mx; spf = pass smtp.mailfrom = a@example.com", "mx",
		"spf=pass{smtp.mailfrom=a@example.com}"},
	{"nothing", "", NULL, ""},
	{"an id alone", "mx.example.net", "mx.example.net", ""},
	{"empty parts", "mx;;; spf=pass;;", "mx", "spf=pass"},
	{"no method", "mx; =pass; what is this; spf=pass", "mx", "spf=pass"},
};

static void results(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(results_rows); i++) {
		const struct results_row *r = &results_rows[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_buf got = MP_BUF(8192);
		struct smtp_authres s;

		smtp_authres_read(a, mp_str(r->value), &s);
		row_str(r->label, s.id, r->id);
		for (size_t k = 0; k < s.n; k++) {
			const struct smtp_authres_result *one = &s.result[k];

			mp_buf_addf(&got, "%s%s=%s", k ? "; " : "", one->method, one->result);
			if (one->reason)
				mp_buf_addf(&got, "[%s]", one->reason);
			for (size_t p = 0; p < one->n; p++)
				mp_buf_addf(&got, "%s%s=%s%s", p ? "," : "{", one->property[p].name,
					one->property[p].value, p + 1 == one->n ? "}" : "");
		}
		row_str(r->label, mp_buf_cstr(&got), r->want);
		mp_buf_release(&got);
		mp_arena_free(a);
	}
}

/* ---- verdicts */

static const struct noted_row {
	const char *label, *field;
	const char *want; /* "by|key|mood|words" with '\n' between; words: the beginning */
} noted_rows[] = {
	{"Microsoft, good",
		"X-Forefront-Antispam-Report: CIP:192.0.2.10;CTRY:DE;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;CAT:NONE;DIR:INB;",
		"Microsoft|CIP|0|the sending address was 192.0.2.10\nMicrosoft|CTRY|0|the country\nMicrosoft|LANG|0|the "
		"language\nMicrosoft|SCL|1|spam confidence 1\nMicrosoft|IPV|0|the sending address is on no "
		"list\nMicrosoft|SFV|1|the filter found no spam\nMicrosoft|CAT|1|no category"},
	{"Microsoft, bad", "X-Forefront-Antispam-Report: SCL:9;SFV:SPM;CAT:HPHISH;SFTY:9.11",
		"Microsoft|SCL|2|spam confidence 9\nMicrosoft|SFV|2|the filter took it for spam\nMicrosoft|CAT|2|category: surely "
		"phishing\nMicrosoft|SFTY|2|safety tip"},
	{"Microsoft, bulk", "X-Microsoft-Antispam: BCL:7;ARA:1|2;", "Microsoft|BCL|2|bulk complaint level 7"},
	{"Exchange", "X-MS-Exchange-Organization-SCL: -1", "Microsoft|SCL|1|not filtered at all"},
	{"Microsoft, between", "X-MS-Exchange-Organization-SCL: 3", "Microsoft|SCL|0|spam confidence 3: below what"},
	{"Microsoft, no PTR", "X-Forefront-Antispam-Report: PTR:InfoDomainNonexistent;SRV:BULK;",
		"Microsoft|PTR|2|the sending address has no reverse name\nMicrosoft|SRV|2|taken for bulk mail"},
	{"Microsoft, a PTR", "X-Forefront-Antispam-Report: PTR:mail.example.com;",
		"Microsoft|PTR|0|its reverse name was mail.example.com"},
	{"Microsoft, into Junk", "X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:1;auth:0;dest:J;ENG:(910001)",
		"Microsoft|dest|2|the mailbox put it into Junk"},
	{"Microsoft, into the inbox", "X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;auth:0;dest:I;ENG:(910001)",
		"Microsoft|dest|1|the mailbox put it into the inbox"},
	{"Received-SPF of Google",
		"Received-SPF: softfail (google.com: domain of transitioning a@b.example does not designate 192.0.2.11 as "
		"permitted sender) client-ip=192.0.2.11;",
		"the receiver|softfail|0|SPF softfail for 192.0.2.11"},
	{"Received-SPF of Yahoo", "Received-SPF: pass (domain of b.example designates 192.0.2.10 as permitted sender)",
		"the receiver|pass|0|SPF pass"},
	{"Received-SPF of nobody", "Received-SPF: (hello)", ""},
	{"Received-SPF, the one above counts", "Received-SPF: none\r\nReceived-SPF: pass",
		"the receiver|none|0|SPF none"},
	{"Yahoo's Bulk", "X-YahooFilteredBulk: 192.0.2.10", "Yahoo||2|put into Bulk"},
	{"SpamAssassin", "X-Spam-Status: Yes, score=7.5 required=5.0 tests=BAYES_99,\r\n\tURIBL_BLACK autolearn=no",
		"SpamAssassin||2|taken for spam, score 7.5 of 5.0\nSpamAssassin|tests|0|the rules that hit: BAYES_99, URIBL_BLACK"},
	{"SpamAssassin by amavis",
		"X-Spam-Status: No, score=-1.9 tagged_above=-999 required=6.2\r\n\ttests=[BAYES_00=-1.9, RDNS_NONE=1.2] "
		"autolearn=ham",
		"SpamAssassin||1|not taken for spam, score -1.9 of 6.2\nSpamAssassin|tests|0|the rules that hit: BAYES_00 (-1.9), "
		"RDNS_NONE (1.2)"},
	{"SpamAssassin, no rule", "X-Spam-Status: No, score=0.0 required=5.0 tests=none autolearn=no",
		"SpamAssassin||1|not taken for spam, score 0.0 of 5.0"},
	{"SpamAssassin, good", "X-Spam-Status: No, score=-1.9", "SpamAssassin||1|not taken for spam, score -1.9"},
	{"rspamd",
		"X-Spamd-Result: default: False [2.30 / 15.00];\r\n\tR_SPF_ALLOW(-0.20)[+ip4:192.0.2.10];\r\n\tMIME_GOOD(-0.10)[]",
		"rspamd||0|score 2.30 of the 15.00 from which on it refuses mail\nrspamd|symbols|0|the rules that hit: R_SPF_ALLOW (-0.20), "
		"MIME_GOOD (-0.10)"},
	{"rspamd, to be refused", "X-Spamd-Result: default: True [16.10 / 15.00];",
		"rspamd||2|taken for spam, score 16.10 of the 15.00 from which on it refuses mail"},
	{"rspamd, marked as spam without being refused",
		"X-Spamd-Result: default: False [7.10 / 15.00];\r\nX-Spam: Yes\r\n",
		"rspamd||0|score 7.10 of the 15.00 from which on it refuses mail\nthe spam filter||2|taken for spam"},
	{"rspamd without a score", "X-Spamd-Result: default: True", "rspamd||2|taken for spam"},
	{"rspamd, nothing that is known", "X-Spamd-Result: default: False", ""},
	{"the same in two fields", "X-Forefront-Antispam-Report: SCL:5;SFV:SPM\r\nX-MS-Exchange-Organization-SCL: 5",
		"Microsoft|SCL|2|spam confidence 5\nMicrosoft|SFV|2|the filter took it"},
	{"two fields that differ", "X-Forefront-Antispam-Report: SCL:5\r\nX-MS-Exchange-Organization-SCL: -1",
		"Microsoft|SCL|2|spam confidence 5\nMicrosoft|SCL|1|not filtered"},
	{"two flags", "X-Spam: Yes\r\nX-Spam-Flag: YES", "the spam filter||2|taken for spam"},
	{"rspamd's action", "X-Rspamd-Action: add header", "rspamd||2|its action: add header"},
	{"a flag", "X-Spam-Flag: YES", "the spam filter||2|taken for spam"},
	{"Gmail's folder", "X-Gmail-Labels: Spam,Unread", "Gmail||2|labels: Spam,Unread"},
	{"iCloud", "X-Apple-MoveToFolder: INBOX", "iCloud||1|put into the folder INBOX"},
	{"Proofpoint", "X-Proofpoint-Spam-Details: rule=spam policy=default score=80 bulkscore=3",
		"Proofpoint|rule|2|its rule: spam, spam score 80, bulk score 3"},
	{"GMX", "X-UI-Filterresults: junk:10;V03:K0", "GMX and WEB.DE||2|taken for spam"},
	{"no code", "X-Forefront-Antispam-Report: SCL:x;;:;FOO", ""},
	{"another field", "X-Whatever: SCL:9", ""},
};

static void verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(noted_rows); i++) {
		const struct noted_row *r = &noted_rows[i];
		struct mp_arena *a = mp_arena_new();
		struct smtp_noted list[SMTP_NOTED_MAX];
		struct mp_str rest = mp_str(r->want), want = {0};
		struct smtp_header h;
		size_t n, at = 0;

		smtp_header_parse(a, mp_str(mp_printf(a, "%s\r\n", r->field)), &h);
		n = smtp_noted_read(a, &h, list);
		for (; *r->want && mp_str_split(&rest, '\n', &want); at++) {
			const char *got =
				at < n ? mp_printf(a, "%s|%s|%d|%s", list[at].by, list[at].key ? list[at].key : "",
						 list[at].mood, list[at].words)
				       : "(nothing)";

			if (strncmp(got, want.p, want.n) != 0)
				fail_msg("row '%s': got \"%s\", want \"%.*s\"", r->label, got, (int)want.n, want.p);
		}
		row_int(r->label, (long long)n, (long long)at);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hops), cmocka_unit_test(results), cmocka_unit_test(verdicts)};

	return cmocka_run_group_tests_name("noted", tests, NULL, NULL);
}
