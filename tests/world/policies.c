/* tests/world/policies.c - the receivers of the world; see struct world_policy in tests/world/smtp_server.h */
#include <openssl/ssl.h>

#include "tests/world/smtp_server.h"

/* The keywords in the order that the software gives them; STARTTLS is added by the server. */
#define POSTFIX_WORDS "PIPELINING\nSIZE 10240000\nVRFY\nETRN\nENHANCEDSTATUSCODES\n8BITMIME\nDSN\nSMTPUTF8\nCHUNKING"
#define EXIM_WORDS "SIZE 52428800\n8BITMIME\nPIPELINING\nCHUNKING"
#define GMAIL_WORDS "SIZE 157286400\n8BITMIME\nENHANCEDSTATUSCODES\nPIPELINING\nCHUNKING\nSMTPUTF8"
#define OUTLOOK_WORDS "SIZE 49283072\nPIPELINING\nDSN\nENHANCEDSTATUSCODES\n8BITMIME\nBINARYMIME\nCHUNKING"

#define POSTFIX .greeting = "%h ESMTP Postfix", .ehlo = "%h", .keywords = POSTFIX_WORDS

/* What every receiver asks of a recipient, whatever it thinks of the client. */
#define RECIPIENT_RULES                                                                                      \
	{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "554 5.7.1 <%r>: Relay access denied"},       \
	{                                                                                                    \
		.at = SMTP_AT_RCPT, .test = WORLD_NO_USER, .with = "postmaster you user abuse",              \
		.reply = "550 5.1.1 <%r>: Recipient address rejected: User unknown in virtual mailbox table" \
	}

const struct world_policy world_policies[] = {
	{
		.name = "postfix",
		.like = "Postfix that takes mail from everybody for its own users",
		POSTFIX,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "postfix-ptr",
		.like = "Postfix, reject_unknown_reverse_client_hostname",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_NO_PTR,
				  .reply = "550 5.7.1 Client host rejected: cannot find your reverse hostname, [%i]",
				  .unsure = "450 4.7.1 Client host rejected: cannot find your reverse hostname, [%i]"},
			RECIPIENT_RULES},
	},
	{
		.name = "postfix-fcrdns",
		.like = "Postfix, reject_unknown_client_hostname",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_NO_FCRDNS,
				  .reply = "550 5.7.25 Client host rejected: cannot find your hostname, [%i]",
				  .unsure = "450 4.7.25 Client host rejected: cannot find your hostname, [%i]"},
			RECIPIENT_RULES},
	},
	{
		.name = "postfix-helo",
		.like = "Postfix, reject_non_fqdn_helo_hostname and reject_unknown_helo_hostname",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_HELO_NOT_FQDN,
				  .reply = "504 5.5.2 <%e>: Helo command rejected: need fully-qualified hostname"},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_HELO_NOT_FOUND,
				.reply = "550 5.7.1 <%e>: Helo command rejected: Host not found",
				.unsure = "450 4.7.1 <%e>: Helo command rejected: Host not found"},
			RECIPIENT_RULES},
	},
	{
		.name = "postfix-access",
		.like = "Postfix with a client access table against generated names",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_PTR_GENERIC,
				  .reply = "550 5.7.1 <%n[%i]>: Client host rejected: generic rDNS, "
					   "please use the mail relay of your provider"},
			RECIPIENT_RULES},
	},
	{
		.name = "postfix-spf",
		.like = "Postfix with policyd-spf",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_SPF_FAIL,
				  .reply = "550 5.7.23 <%r>: Recipient address rejected: "
					   "Message rejected due to: SPF fail - not authorized. Please see "
					   "http://www.openspf.net/Why?s=mfrom;id=%f;ip=%i;r=<UNKNOWN>"},
			RECIPIENT_RULES},
	},
	{
		.name = "postfix-dnsbl",
		.like = "Postfix, reject_rbl_client",
		POSTFIX,
		.rules =
			{{.at = SMTP_AT_RCPT,
				 .test = WORLD_LISTED,
				 .with = "bl.world.example",
				 .reply =
					 "554 5.7.1 Service unavailable; Client host [%i] blocked using bl.world.example"},
				RECIPIENT_RULES},
	},
	{
		.name = "postfix-zen",
		.like = "Postfix, reject_rbl_client zen.spamhaus.org",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_LISTED,
				  .with = "zen.spamhaus.org",
				  .reply = "554 5.7.1 Service unavailable; Client host [%i] blocked using "
					   "zen.spamhaus.org; https://www.spamhaus.org/query/ip/%i"},
			RECIPIENT_RULES},
	},
	{
		.name = "postgrey",
		.like = "Postfix with Postgrey",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_FIRST_TIME,
				  .number = 300,
				  .reply = "450 4.2.0 <%r>: Recipient address rejected: "
					   "Greylisted, see http://postgrey.schweikert.ch/help/%d.html"},
			RECIPIENT_RULES},
	},
	{
		.name = "greylist-1s",
		.like = "a greylister that names its time, one second",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_FIRST_TIME,
				  .number = 1,
				  .reply = "450 4.7.1 <%r>: Recipient address rejected: Greylisted, "
					   "please try again in 1 seconds"},
			RECIPIENT_RULES},
	},
	{
		.name = "greylist-data-1s",
		.like = "a greylister that looks at the message first, and names its time, one second",
		POSTFIX,
		.rules = {RECIPIENT_RULES, {.at = SMTP_AT_MESSAGE,
						   .test = WORLD_FIRST_TIME,
						   .number = 1,
						   .reply = "451 4.7.1 Greylisted, please try again in 1 seconds"}},
	},
	{
		.name = "greylist-5min",
		.like = "a greylister that names its time, five minutes",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_FIRST_TIME,
				  .number = 300,
				  .reply = "451 4.7.1 Greylisting in action, please come back in 00:05:00"},
			RECIPIENT_RULES},
	},
	{
		.name = "postscreen",
		.like = "Postfix behind postscreen: half a greeting, a pause, the other half",
		.greeting = "%h ESMTP Postfix\n%h ESMTP Postfix",
		.pause_ms = 1500,
		.ehlo = "%h",
		.keywords = POSTFIX_WORDS,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "busy",
		.like = "postscreen with all ports busy",
		POSTFIX,
		.rules = {{.at = SMTP_AT_BANNER,
			.test = WORLD_ALWAYS,
			.reply = "421 4.3.2 All server ports are busy",
			.close = true}},
	},
	{
		.name = "crowded",
		.like = "Postfix, smtpd_client_connection_count_limit",
		POSTFIX,
		.rules = {{.at = SMTP_AT_BANNER,
			.test = WORLD_ALWAYS,
			.reply = "421 4.7.0 %h Error: too many connections from %i",
			.close = true}},
	},
	{
		.name = "broken",
		.like = "Postfix whose tables cannot be read",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
			.test = WORLD_ALWAYS,
			.reply = "451 4.3.0 <%r>: Temporary lookup failure"}},
	},
	{
		.name = "sender-dns",
		.like = "Postfix, reject_unknown_sender_domain",
		POSTFIX,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_SENDER_NOT_FOUND,
				  .reply = "550 5.1.8 <%f>: Sender address rejected: Domain not found",
				  .unsure = "450 4.1.8 <%f>: Sender address rejected: Domain not found"},
			RECIPIENT_RULES},
	},
	{
		.name = "no-starttls",
		.like = "Postfix without TLS",
		POSTFIX,
		.tls = WORLD_TLS_NONE,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "starttls-stripped",
		.like = "Postfix behind a firewall that takes STARTTLS out of the EHLO reply (Cisco's inspect esmtp)",
		.greeting = "************************",
		.ehlo = "%h",
		.keywords = "PIPELINING\nSIZE 10240000\nXXXXXXXA\nENHANCEDSTATUSCODES\n8BITMIME\nXXXB",
		.tls = WORLD_TLS_NONE,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-required",
		.like = "Postfix, smtpd_tls_security_level = encrypt",
		POSTFIX,
		.rules = {{.at = SMTP_AT_MAIL,
				  .test = WORLD_PLAINTEXT,
				  .reply = "530 5.7.0 Must issue a STARTTLS command first"},
			RECIPIENT_RULES},
	},
	{
		.name = "starttls-refused",
		.like = "Postfix that cannot read its own key",
		POSTFIX,
		.rules = {{.at = SMTP_AT_STARTTLS,
				  .test = WORLD_ALWAYS,
				  .reply = "454 4.7.0 TLS not available due to local problem"},
			RECIPIENT_RULES},
	},
	{
		.name = "tls-hangup",
		.like = "a server or middlebox that hangs up in the handshake",
		POSTFIX,
		.tls = WORLD_TLS_HANGUP,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-lie",
		.like = "a server that says 220 to STARTTLS and goes on in plaintext",
		POSTFIX,
		.tls = WORLD_TLS_NO_TLS,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-old",
		.like = "a server that has TLS 1.0 alone",
		POSTFIX,
		.min_version = TLS1_VERSION,
		.max_version = TLS1_VERSION,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-1.2",
		.like = "Postfix with TLS 1.2",
		POSTFIX,
		.max_version = TLS1_2_VERSION,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-hello-retry",
		.like = "a server that takes P-521 alone: its HelloRetryRequest costs a round trip",
		POSTFIX,
		.groups = "P-521",
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-asks-cert",
		.like = "Postfix, smtpd_tls_ask_ccert = yes",
		POSTFIX,
		.asks_cert = true,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-demands-cert",
		.like = "Postfix, smtpd_tls_req_ccert = yes: TLS 1.3 turns the client down after the handshake",
		POSTFIX,
		.demands_cert = true,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "tls-huge-cert",
		.like = "a certificate of 1 MiB",
		POSTFIX,
		.cert = WORLD_CERT_HUGE,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "no-pipelining",
		.like = "a server without PIPELINING",
		.greeting = "%h ESMTP",
		.ehlo = "%h",
		.keywords = "SIZE 10240000\n8BITMIME",
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "helo-only",
		.like = "a server of the last century: no EHLO",
		.greeting = "%h SMTP ready",
		.ehlo = "%h",
		.tls = WORLD_TLS_NONE,
		.ehlo_refused = true,
		.rules = {RECIPIENT_RULES},
	},
	{
		.name = "exim",
		.like = "Exim; its EHLO reply names the client's address",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 relay not permitted"},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_NO_USER,
				.with = "postmaster you user abuse",
				.reply = "550 Unrouteable address"}},
	},
	{
		.name = "exim-prohibition",
		.like = "Exim whose ACL denies without a message of its own: no PTR, or an EHLO name that is not the client's",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_NO_FCRDNS,
				  .reply = "550 Administrative prohibition",
				  .unsure = "451 Temporary local problem - please try later"},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_HELO_NOT_CLIENT,
				.reply = "550 Administrative prohibition",
				.unsure = "451 Temporary local problem - please try later"},
			{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 relay not permitted"}},
	},
	{
		.name = "exim-bare-sender",
		.like = "Exim, verify = sender without a message of its own",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_SENDER_NOT_FOUND,
				  .reply = "550 Administrative prohibition"},
			{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 relay not permitted"}},
	},
	{
		.name = "exim-bare-tls",
		.like = "Exim that takes encrypted mail alone and does not say so",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT, .test = WORLD_PLAINTEXT, .reply = "550 Administrative prohibition"},
			{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 relay not permitted"}},
	},
	{
		.name = "exim-bare-rcpt",
		.like = "Exim whose users do not take mail from everybody",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
			.test = WORLD_NO_USER,
			.with = "postmaster",
			.reply = "550 Administrative prohibition"}},
	},
	{
		.name = "exim-bare",
		.like = "Exim that refuses everybody",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT, .test = WORLD_ALWAYS, .reply = "550 Administrative prohibition"}},
	},
	{
		.name = "exim-bare-grey",
		.like = "Exim that puts off what it has not met before, and does not say why",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
			.test = WORLD_FIRST_TIME,
			.reply = "451 Temporary local problem - please try later"}},
	},
	{
		.name = "exim-bare-once",
		.like = "Exim that refuses once, and hangs up on whoever comes back",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT, .test = WORLD_FIRST_TIME, .reply = "550 Administrative prohibition"},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_ALWAYS,
				.reply = "421 4.7.0 %h: too many errors from your address",
				.close = true}},
	},
	{
		.name = "exim-helo",
		.like = "Exim, an ACL that compares the EHLO name's address with the client's",
		.greeting = "%h ESMTP Exim 4.96",
		.ehlo = "%h Hello %e [%i]",
		.keywords = EXIM_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_HELO_NOT_CLIENT,
				  .reply = "550 EHLO argument does not match calling host",
				  .unsure = "451 Temporary local problem - please try later"},
			{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 relay not permitted"}},
	},
	{
		.name = "haraka",
		.like = "Haraka, fcrdns plugin: the refusal is the greeting",
		.greeting = "%h ESMTP Haraka/3.0.3 ready",
		.ehlo = "%h Hello %p [%i], Haraka is at your service.",
		.keywords = "PIPELINING\n8BITMIME\nSMTPUTF8\nSIZE 0",
		.rules = {{.at = SMTP_AT_BANNER, .test = WORLD_NO_PTR, .reply = "554 client [%i] rejected; no rDNS"},
			{.at = SMTP_AT_RCPT, .test = WORLD_NOT_LOCAL, .reply = "550 I cannot deliver mail for <%r>"}},
	},
	{
		.name = "gmx",
		.like = "GMX and web.de: the refusal is the greeting, the cause stands in the link",
		.greeting = "gmx.net (mxgmx114) Nemesis ESMTP Service ready",
		.ehlo = "gmx.net Hello %e [%i]",
		.keywords = "8BITMIME\nSIZE 141557760",
		.rules = {{.at = SMTP_AT_BANNER,
				  .test = WORLD_NO_FCRDNS,
				  .reply = "554 gmx.net (mxgmx114) Nemesis ESMTP Service not available\n"
					   "554 No SMTP service\n"
					   "554 Bad DNS PTR resource record.\n"
					   "554 For explanation visit "
					   "https://postmaster.gmx.net/en/case?c=rdns&i=ip&v=%i&r=1MzhUk-1rNlGd",
				  .close = true},
			RECIPIENT_RULES},
	},
	{
		.name = "gmail",
		.like = "Gmail: takes every recipient, and judges after the end of the data",
		.greeting = "%h ESMTP 5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp",
		.ehlo = "%h at your service, [%i]",
		.keywords = GMAIL_WORDS,
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_NO_USER,
				  .with = "postmaster you user abuse",
				  .reply = "550 5.1.1 The email account that you tried to reach does not exist. "
					   "5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_NO_FCRDNS,
				.reply =
					"550 5.7.25 [%i] The IP address sending this message does not have a\n"
					"550 5.7.25 PTR record setup, or the corresponding forward DNS entry does not\n"
					"550 5.7.25 match the sending IP. "
					"5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_SPF_NO_PASS,
				.reply =
					"550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n"
					"550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n"
					"550 5.7.26 Authentication results: DKIM = did not pass SPF [%f] with ip: [%i] = did not "
					"pass 5b1f17b1804b1-42cf5d3d7ffsi41234315e9.12 - gsmtp"}},
	},
	{
		.name = "outlook",
		.like = "Outlook.com: takes every recipient, and asks for authentication after the message",
		.greeting = "DU2PEPF00028D0E.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready",
		.ehlo = "DU2PEPF00028D0E.mail.protection.outlook.com Hello [%i]",
		.keywords = OUTLOOK_WORDS,
		.rules = {{.at = SMTP_AT_MAIL,
				  .test = WORLD_LISTED,
				  .with = "zen.spamhaus.org",
				  .reply =
					  "550 OU-001 (DU2PEPF00028D0E) Unfortunately, messages from %i weren't sent. "
					  "Please contact your Internet service provider. You can tell them that Hotmail "
					  "does not relay dynamically-assigned IP ranges or listed addresses."},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_NO_USER,
				.with = "postmaster you user abuse",
				.reply = "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_NO_DMARC,
				.reply =
					"550 5.7.515 Access denied, sending domain %f does not meet the required "
					"authentication level. The sender's domain in the 5322.From address doesn't meet "
					"the authentication requirements defined for the sender. Spf= Pass , Dkim= None , "
					"DMARC= None [DU2PEPF00028D0E.mail.protection.outlook.com]"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_SPF_NO_PASS,
				.reply =
					"550 5.7.515 Access denied, sending domain %f does not meet the required "
					"authentication level. The sender's domain in the 5322.From address doesn't meet "
					"the authentication requirements defined for the sender. Spf= Fail , Dkim= None , "
					"DMARC= Fail [DU2PEPF00028D0E.mail.protection.outlook.com]"}},
	},
	{
		.name = "yahoo",
		.like = "Yahoo: lists at the greeting, all else after the message, in few words",
		.greeting = "%h ESMTP ready",
		.ehlo = "%h",
		.keywords = "PIPELINING\nSIZE 41943040\n8BITMIME",
		.rules = {{.at = SMTP_AT_BANNER,
				  .test = WORLD_LISTED,
				  .with = "zen.spamhaus.org",
				  .reply =
					  "553 5.7.1 [BL21] Connections will not be accepted from %i, because the ip is in "
					  "Spamhaus's list; see https://postmaster.yahooinc.com/error-codes",
				  .close = true},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_NO_USER,
				.with = "postmaster you user abuse",
				.reply =
					"554 30 Sorry, your message to %r cannot be delivered. This mailbox is disabled "
					"(554.30)."},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_SENDER_NOT_FOUND,
				.reply = "554 Message not allowed - unresolvable RFC.5321 from domain; see "
					 "https://postmaster.yahooinc.com/error-codes"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_NO_FCRDNS,
				.reply = "554 5.7.9 Message not accepted for policy reasons. See "
					 "https://postmaster.yahooinc.com/error-codes"},
			{.at = SMTP_AT_MESSAGE,
				.test = WORLD_SPF_FAIL,
				.reply = "554 5.7.9 Message not accepted for policy reasons. See "
					 "https://postmaster.yahooinc.com/error-codes"}},
	},

	{
		.name = "t-online",
		.like = "T-Online: dial-up names are refused in the greeting",
		.greeting = "mailin30.mgt.mul.t-online.de T-Online ESMTP receiver ready.",
		.ehlo = "%h ready.",
		.keywords = "SIZE 52428800\n8BITMIME\nPIPELINING\nENHANCEDSTATUSCODES",
		.rules = {{.at = SMTP_AT_BANNER,
				  .test = WORLD_PTR_GENERIC,
				  .reply = "554 IP=%i - Dialup/transient IP/hostname. Use the mailgateway of your ISP "
					   "or contact toda@rx.t-online.de (DIAL)",
				  .close = true},
			RECIPIENT_RULES},
	},
	{
		.name = "comcast",
		.like = "Comcast: who has no PTR is refused in the greeting",
		.greeting = "resimta-po-11v.sys.comcast.net ESMTP server ready",
		.ehlo = "%h hello [%i], pleased to meet you",
		.keywords = POSTFIX_WORDS,
		.rules =
			{{.at = SMTP_AT_BANNER,
				 .test = WORLD_NO_PTR,
				 .reply =
					 "554 resimta-po-11v.sys.comcast.net comcast %i Comcast requires that all mail "
					 "servers must have a PTR record with a valid Reverse DNS entry. Currently your "
					 "mail server does not fill that requirement.",
				 .close = true},
				RECIPIENT_RULES},
	},
	{
		.name = "spamdyke",
		.like = "qmail behind spamdyke: the refusal comes with every command",
		.greeting = "%h ESMTP",
		.ehlo = "%h Hi %p [%i]",
		.keywords = "PIPELINING\n8BITMIME",
		.rules = {{.at = SMTP_AT_RCPT,
				  .test = WORLD_NO_PTR,
				  .reply = "421 Refused. You have no reverse DNS entry."},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_NO_FCRDNS,
				.reply = "421 Refused. Your reverse DNS entry does not resolve."},
			RECIPIENT_RULES},
	},
	{
		.name = "sendmail",
		.like = "Sendmail with require_rdns and its check of the sender's domain",
		.greeting = "%h ESMTP Sendmail 8.17.1/8.17.1; ready",
		.ehlo = "%h Hello %n [%i], pleased to meet you",
		.keywords = "ENHANCEDSTATUSCODES\nPIPELINING\n8BITMIME\nSIZE\nDSN",
		.rules = {{.at = SMTP_AT_MAIL,
				  .test = WORLD_SENDER_NOT_FOUND,
				  .reply = "553 5.1.8 <%f>... Domain of sender address %f does not exist",
				  .unsure = "451 4.1.8 Domain of sender address %f does not resolve"},
			{.at = SMTP_AT_RCPT,
				.test = WORLD_NO_PTR,
				.reply = "550 5.7.1 Fix reverse DNS for %i",
				.unsure = "451 4.7.1 Client IP address %i does not resolve"},
			RECIPIENT_RULES},
	},

	/* plays: servers that are no servers */
	{.name = "play-silent-banner", .like = "accepts the connection and says nothing", .script = "hold"},
	{.name = "play-silent-ehlo",
		.like = "greets, then says nothing",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "hold"},
	{.name = "play-silent-mail",
		.like = "says nothing to MAIL",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "hold"},
	{.name = "play-silent-rcpt",
		.like = "says nothing to RCPT",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "hold"},
	{.name = "play-silent-tls",
		.like = "says 220 to STARTTLS and then nothing",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "hold"},
	{.name = "play-close-connect", .like = "closes at once", .script = "close"},
	{.name = "play-reset-banner", .like = "resets in place of the greeting", .script = "sleep 50\nreset"},
	{.name = "play-close-banner", .like = "cuts the greeting", .script = ">> 220 %h ES\nclose"},
	{.name = "play-close-ehlo",
		.like = "closes on EHLO",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "close"},
	{.name = "play-close-mail",
		.like = "closes on MAIL",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "close"},
	{.name = "play-close-rcpt",
		.like = "closes on RCPT",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "close"},
	{.name = "play-reject-close",
		.like = "says 550 to RCPT and closes at once",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 550 5.7.1 Client host rejected: cannot find your reverse hostname, [%i]\n"
			  "reset"},
	{.name = "play-http",
		.like = "an HTTP server at the port",
		.script = "> HTTP/1.1 400 Bad Request\n"
			  "> Server: nginx\n"
			  "> \n"
			  "close"},
	{.name = "play-garbage",
		.like = "bytes that are no SMTP",
		.script = ">> \\x00\\xff\\xfe\\x1b]0;owned\\x07\\x80\\x81\\r\\n\n"
			  "hold"},
	{.name = "play-endless-line",
		.like = "a greeting line without an end",
		.script = ">> 220 \n"
			  "repeat 2000000 >> 0123456789012345678901234567890123456789012345678901234567890123\n"
			  "close"},
	{.name = "play-endless-reply",
		.like = "a greeting of lines without an end",
		.script = "repeat 2000000 > 220-and another thing\n"
			  "> 220 at last\n"
			  "close"},
	{.name = "play-slow-bytes",
		.like = "one byte of the greeting every 100 ms",
		.script = ">> 2\nsleep 100\n>> 2\nsleep 100\n>> 0\nsleep 100\n>>  \nsleep 100\n>> h\nsleep 100\n"
			  ">> i\nsleep 100\n>> \\r\nsleep 100\n>> \\n\nserve",
		POSTFIX,
		.rules = {RECIPIENT_RULES}},
	{.name = "play-421-ehlo",
		.like = "greets, then has no time",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 421 4.3.2 %h: too busy, come back later\n"
			  "close"},
	{.name = "play-554-ehlo",
		.like = "greets, then refuses EHLO and HELO",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 554 5.7.1 No service for you\n"
			  "< HELO\n"
			  "> 554 5.7.1 No service for you\n"
			  "< QUIT\n"
			  "close"},
	{.name = "play-550-ehlo-close",
		.like = "refuses the EHLO name and closes at once",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 550 5.7.1 %e does not resolve\n"
			  "close"},
	{.name = "play-421-mail",
		.like = "has no time any more at MAIL",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 421 4.7.0 %h: closing connection\n"
			  "close"},
	{.name = "play-553-mail",
		.like = "rejects the sender",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 553 5.1.8 <%f>: sender address rejected: domain not found\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-injection",
		.like = "plaintext behind the 220 to STARTTLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  ">> 220 Go ahead\\r\\n250 this was injected\\r\\n\n"
			  "tls\n"
			  "serve",
		POSTFIX,
		.rules = {RECIPIENT_RULES}},
	{.name = "play-alert-hello",
		.like = "a TLS alert in place of the ServerHello",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "bytes\n"
			  "raw \\x15\\x03\\x03\\x00\\x02\\x02\\x28\n"
			  "close"},
	{.name = "play-reset-hello",
		.like = "RST in place of the ServerHello",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "bytes\n"
			  "reset"},
	{.name = "play-garbage-hello",
		.like = "bytes that are no TLS in place of the ServerHello",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "bytes\n"
			  "raw 500 what is that\\r\\n\n"
			  "hold"},
	{.name = "play-reset-tls",
		.like = "RST inside TLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "reset"},
	{.name = "play-close-tls",
		.like = "ends TLS and the connection on EHLO",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "close"},
	{.name = "play-broken-record",
		.like = "a record that does not decrypt, in the place of the EHLO reply",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "raw \\x17\\x03\\x03\\x00\\x20abcdefghijklmnopqrstuvwxyz012345\n"
			  "hold"},
	{.name = "play-alert-tls",
		.like = "an alert in the clear inside TLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "raw \\x15\\x03\\x03\\x00\\x02\\x02\\x50\n"
			  "hold"},
	{.name = "play-renegotiate",
		.like = "asks for another handshake",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "renegotiate\n"
			  "sleep 300\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "hold",
		.max_version = TLS1_2_VERSION},
	{.name = "play-implicit-tls",
		.like = "TLS from the first byte: an alert, for we do not speak it",
		.script = "raw \\x15\\x03\\x01\\x00\\x02\\x02\\x46\n"
			  "close"},
	{.name = "play-early-reply",
		.like = "a reply to EHLO before EHLO",
		.script = ">> 220 %h ESMTP\\r\\n250 %h\\r\\n\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "hold"},
	{.name = "play-one-for-two",
		.like = "one reply to two pipelined commands, and silence",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 PIPELINING\\r\\n\n"
			  "< MAIL\n"
			  "< RCPT\n"
			  "> 250 Ok\n"
			  "hold"},
	{.name = "play-mixed-codes",
		.like = "two codes in one reply",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n550 PIPELINING\\r\\n\n"
			  "hold"},
	{.name = "play-no-code",
		.like = "a code that does not exist",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 999 what now\n"
			  "hold"},
	{.name = "play-silent-ehlo-tls",
		.like = "says nothing to EHLO inside TLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "hold"},
	{.name = "play-silent-quit",
		.like = "takes the recipient and says nothing to QUIT",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 250 Ok\n"
			  "hold"},
	{.name = "play-close-ehlo-tls",
		.like = "closes on EHLO inside TLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "close"},
	{.name = "play-close-quit",
		.like = "takes the recipient and closes",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 250 Ok\n"
			  "close"},
	{.name = "play-ssh", .like = "an SSH server at the port", .script = "> SSH-2.0-OpenSSH_9.2p1 Debian-2\nhold"},
	{.name = "play-pop3", .like = "a POP3 server at the port", .script = "> +OK Dovecot ready.\nhold"},
	{.name = "play-imap",
		.like = "an IMAP server at the port",
		.script = "> * OK [CAPABILITY IMAP4rev1] Dovecot ready.\nhold"},
	{.name = "play-tls-alert",
		.like = "a server of implicit TLS that lost patience: an alert",
		.script = ">> \\x15\\x03\\x01\\x00\\x02\\x02\\x28\nclose"},
	{.name = "play-endless-ehlo",
		.like = "an EHLO reply without an end",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "repeat 2000000 > 250-X-NOTHING\n"
			  "close"},
	{.name = "play-endless-rcpt",
		.like = "a refusal without an end",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "repeat 2000000 > 550-5.7.1 and furthermore\n"
			  "close"},
	{.name = "play-huge-ehlo",
		.like = "an EHLO reply of four hundred lines",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "repeat 400 > 250-X-NOTHING\n"
			  "> 250 SIZE\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 250 Ok\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-nul",
		.like = "NUL bytes inside its replies",
		.script = ">> 220 %h\\0\\0 ESMTP\\r\\n\n"
			  "< EHLO\n"
			  ">> 250 %h \\0\\r\\n\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  ">> 550 5.1.1 no\\0such user\\r\\n\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-code-000", .like = "a greeting of code 000", .script = "> 000 ready\nhold"},
	{.name = "play-code-199", .like = "a greeting of code 199", .script = "> 199 ready\nhold"},
	{.name = "play-354-mail",
		.like = "wants data in answer to MAIL",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 354 go on\n"
			  "hold"},
	{.name = "play-299",
		.like = "codes that nobody has defined, but of the second kind",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 299 %h\n"
			  "< MAIL\n"
			  "> 298 Ok\n"
			  "< RCPT\n"
			  "> 297 Ok\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-all-at-once",
		.like = "all replies in one, before any command",
		.script =
			">> 220 %h ESMTP\\r\\n250 %h\\r\\n550 5.7.1 not you\\r\\n550 5.7.1 nor you\\r\\n221 Bye\\r\\n\n"
			"hold"},
	{.name = "play-two-replies",
		.like = "two replies to EHLO",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250 %h\\r\\n250 and again\\r\\n\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 550 5.1.1 no such user\n"
			  "hold"},
	{.name = "play-pipelining-short",
		.like = "offers PIPELINING and answers the first command of a flight alone",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 PIPELINING\\r\\n\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "close"},
	{.name = "play-pipelining-503",
		.like = "offers PIPELINING and knows nothing of MAIL at RCPT",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 PIPELINING\\r\\n\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 503 5.5.1 MAIL first\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-421-starttls",
		.like = "has no time any more at STARTTLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 421 4.3.2 %h: closing\n"
			  "close"},
	{.name = "play-421-ehlo-tls",
		.like = "has no time any more inside TLS",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  ">> 250-%h\\r\\n250 STARTTLS\\r\\n\n"
			  "< STARTTLS\n"
			  "> 220 Go ahead\n"
			  "tls\n"
			  "< EHLO\n"
			  "> 421 4.3.2 %h: closing\n"
			  "close"},
	{.name = "play-421-rcpt",
		.like = "has no time any more at RCPT",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  "> 421 4.3.2 %h: closing\n"
			  "close"},
	{.name = "play-bare-lf",
		.like = "ends its lines in LF alone",
		.script = ">> 220 %h ESMTP\\n\n"
			  "< EHLO\n"
			  ">> 250 %h\\n\n"
			  "< MAIL\n"
			  ">> 250 Ok\\n\n"
			  "< RCPT\n"
			  ">> 250 Ok\\n\n"
			  "< \n"
			  ">> 250 Ok\\n\n"
			  "< QUIT\n"
			  ">> 221 Bye\\n\n"
			  "close"},
	{.name = "play-bare-cr",
		.like = "ends its lines in CR alone",
		.script = ">> 220 %h ESMTP\\r250 %h\\r\n"
			  "hold"},
	{.name = "play-bare-codes",
		.like = "says codes and no words",
		.script = "> 220\n"
			  "< EHLO\n"
			  "> 250\n"
			  "< MAIL\n"
			  "> 250\n"
			  "< RCPT\n"
			  "> 550\n"
			  "< \n"
			  "> 250\n"
			  "< QUIT\n"
			  "> 221\n"
			  "close"},
	{.name = "play-long-refusal",
		.like = "a refusal in one line of ten megabytes",
		.script = "> 220 %h ESMTP\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  ">> 550 5.7.1 \n"
			  "repeat 200000 >> 01234567890123456789012345678901234567890123456789\n"
			  "> \n"
			  "close"},
	{.name = "play-markup",
		.like = "words that would be markup somewhere",
		.script = "> 220 %h <img src=x onerror=alert(1)> ]]> --> </script>\n"
			  "< EHLO\n"
			  "> 250 %h\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  ">> 550-5.7.1 </code></pre><script>alert(1)</script>\\r\\n"
			  "550-5.7.1 [x](javascript:alert(1)) ![y](http://evil.example/z)\\r\\n"
			  "550-5.7.1 ``` ~~~ | # > - @everyone #1 &lt; &#60; \\\"quoted\\\" {a=\\\"b\\\"} 1\\r\\n"
			  "550 5.7.1 mailprobe_target_status{target=\\\"x\\\"} 0\\r\\n\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
	{.name = "play-escapes",
		.like = "terminal escapes, markup and bytes that are no UTF-8, in a refusal",
		.script = ">> 220 \\x1b[2J\\x1b]0;owned\\x07%h <script>alert(1)</script>\\r\\n\n"
			  "< EHLO\n"
			  ">> 250-%h \\x9b31m\\r\\n250 X\\x08\\x7f\\xff\\xfe\\r\\n\n"
			  "< MAIL\n"
			  "> 250 Ok\n"
			  "< RCPT\n"
			  ">> 550 5.7.1 \\x1b[31mred\\x1b[0m \\xe2\\x80\\xae\\xc0\\xaf \\x00 `rm` | *end*\\r\\n\n"
			  "< \n"
			  "> 250 Ok\n"
			  "< QUIT\n"
			  "> 221 Bye\n"
			  "close"},
};

const size_t world_n_policies = ARRAY_LEN(world_policies);

const struct world_policy *world_policy_by_name(const char *name)
{
	for (size_t i = 0; i < world_n_policies; i++) {
		if (strcmp(world_policies[i].name, name) == 0)
			return &world_policies[i];
	}
	return NULL;
}
