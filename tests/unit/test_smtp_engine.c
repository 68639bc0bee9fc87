/* tests/unit/test_smtp_engine.c - the session's protocol against scripted servers, in virtual time */
#include "base/arena.h"
#include "smtp/engine.h"
#include "tests/unit/row.h"

enum { MAX_STEPS = 24 };

static const struct smtp_limits limits = {
	.connect_ms = 30000, .reply_ms = 60000, .session_ms = 300000, .quit_ms = 5000};

/*
 * A server's part, step by step; a step is done when the engine waits. The first character tells what it is:
 *     >TEXT      send TEXT and CRLF          =TEXT      send TEXT as it is
 *     @MS        let time pass               !EVENT     connected, refused, eof, reset, up, fail, flood,
 *                                            finish (in 1000 ms)
 * The connection comes up by itself where the first step is no event. Where TLS is wanted a flight of ours is sent and
 * "!up" or "!fail" must come. When the steps are at an end nothing more comes but time.
 */
struct play {
	const char *label;
	struct smtp_question q; /* what is NULL gets a default */
	const char *steps[MAX_STEPS];
	const char *wire; /* what the client sent: '|' ends a flight, ',' a line, TLS is "(tls)", the end "." */
	enum smtp_outcome outcome;
	enum smtp_stage stage;
	int code; /* of the deciding reply, 0: none */
	const char *reason;
	int turnarounds; /* 0: not looked at */
};

#define PIPELINED "MAIL FROM:<a@s.example>,RCPT TO:<b@r.example>,RSET,QUIT|"
#define DONE "250 ok\r\n250 ok\r\n250 ok\r\n221 bye"

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): strings are joined on purpose */
static const struct play plays[] = {
	/* the usual ways */
	{"TLS 1.3 and PIPELINING", {.tls = SMTP_TLS_MAY},
		{">220 mx.example ESMTP", ">250-mx.example\r\n250-PIPELINING\r\n250 STARTTLS", ">220 go", "!up",
			">250-mx.example\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		7},
	{"TLS 1.2", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250-PIPELINING\r\n250 STARTTLS", ">220 go", "!flight", "!up",
			">250-mx\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		8},
	{"plain, PIPELINING", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250-mx\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"plain, one at a time", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250 mx", ">250 ok", ">251 will forward", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_ACCEPTED, SMTP_AT_RCPT,
		251, NULL, 5},
	{"TLS, one at a time", {.tls = SMTP_TLS_REQUIRE},
		{">220 mx", ">250-mx\r\n250-PIPELINING\r\n250 STARTTLS", ">220 go", "!up", ">250 mx", ">250 ok",
			">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|RSET|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 8},
	{"TLS off though offered", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250-STARTTLS\r\n250 PIPELINING", ">" DONE}, "EHLO h.example|" PIPELINED ".",
		SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"keywords of any case", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250-PipeLining\r\n250-auth=login\r\n250 starttls x", ">220 go", "!up",
			">250-mx\r\n250-size\r\n250 pipelining", ">" DONE},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		7},
	{"null sender", {.tls = SMTP_TLS_OFF, .mail_from = ""},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<>|RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		0},
	{"only to connect", {.only_connect = true}, {">220 mx", ">221 bye"}, "QUIT|.", SMTP_ACCEPTED, SMTP_AT_BANNER,
		220, NULL, 2},
	{"only to connect, refused", {.only_connect = true}, {">554 no", ">221 bye"}, "QUIT|.", SMTP_REJECTED,
		SMTP_AT_BANNER, 554, NULL, 2},

	/* connecting */
	{"refused", {.tls = SMTP_TLS_MAY}, {"!refused"}, ".", SMTP_UNREACHABLE, SMTP_AT_CONNECT, 0,
		"connection refused", 1},
	{"no answer to SYN", {.tls = SMTP_TLS_MAY}, {"@1000"}, ".", SMTP_UNREACHABLE, SMTP_AT_CONNECT, 0,
		"no answer within 30 s", 1},

	/* the greeting */
	{"banner in two lines with a pause", {.tls = SMTP_TLS_OFF},
		{">220-mx.example teaser", "@20000", ">220 mx.example ESMTP", ">250-mx\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"greet pause of 50 s", {.tls = SMTP_TLS_OFF}, {"@50000", ">220 mx", ">250-mx\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"banner 554", {.tls = SMTP_TLS_MAY}, {">554-mx.example\r\n554 no", ">221 bye"}, "QUIT|.", SMTP_REJECTED,
		SMTP_AT_BANNER, 554, NULL, 2},
	{"banner 421", {.tls = SMTP_TLS_MAY}, {">421 busy", "!eof"}, "QUIT|.", SMTP_DEFERRED, SMTP_AT_BANNER, 421, NULL,
		2},
	{"banner 554, closes", {.tls = SMTP_TLS_MAY}, {">554 no", "!eof"}, "QUIT|.", SMTP_REJECTED, SMTP_AT_BANNER, 554,
		NULL, 2},
	{"banner 554, resets", {.tls = SMTP_TLS_MAY}, {">554 no", "!reset"}, "QUIT|.", SMTP_REJECTED, SMTP_AT_BANNER,
		554, NULL, 2},
	{"banner 554, says nothing more", {.tls = SMTP_TLS_MAY}, {">554 no"}, "QUIT|.", SMTP_REJECTED, SMTP_AT_BANNER,
		554, NULL, 2},
	{"banner 250", {.tls = SMTP_TLS_MAY}, {">250 hello", ">221 bye"}, "QUIT|.", SMTP_PROTOCOL_ERROR, SMTP_AT_BANNER,
		0, "the greeting has the code 250 instead of 220", 2},
	{"banner 354", {.tls = SMTP_TLS_MAY}, {">354 hello", ">221 bye"}, "QUIT|.", SMTP_PROTOCOL_ERROR, SMTP_AT_BANNER,
		0, "the greeting has the code 354 instead of 220", 2},
	{"SSH", {.tls = SMTP_TLS_MAY}, {">SSH-2.0-OpenSSH_9.2"}, ".", SMTP_PROTOCOL_ERROR, SMTP_AT_BANNER, 0,
		"this is no SMTP server but an SSH server", 2},
	{"HTTP", {.tls = SMTP_TLS_MAY}, {">HTTP/1.1 400 Bad Request\r\nServer: x"}, ".", SMTP_PROTOCOL_ERROR,
		SMTP_AT_BANNER, 0, "this is no SMTP server but an HTTP server", 2},
	{"TLS alert", {.tls = SMTP_TLS_MAY}, {"=\x15\x03\x01"}, ".", SMTP_PROTOCOL_ERROR, SMTP_AT_BANNER, 0,
		"this is no SMTP server but a TLS server", 2},
	{"text without an end, closes", {.tls = SMTP_TLS_MAY}, {"=hello", "!eof"}, ".", SMTP_PROTOCOL_ERROR,
		SMTP_AT_BANNER, 0, "what came is no SMTP reply", 2},
	{"text without an end, silence", {.tls = SMTP_TLS_MAY}, {"=hello"}, ".", SMTP_PROTOCOL_ERROR, SMTP_AT_BANNER, 0,
		"what came is no SMTP reply", 2},
	{"closes before the greeting", {.tls = SMTP_TLS_MAY}, {"!eof"}, ".", SMTP_ABORTED, SMTP_AT_BANNER, 0,
		"the server closed the connection", 2},
	{"closes within the greeting", {.tls = SMTP_TLS_MAY}, {"=220 mx", "!eof"}, ".", SMTP_ABORTED, SMTP_AT_BANNER, 0,
		"the server closed the connection in the middle of a reply", 2},
	{"resets before the greeting", {.tls = SMTP_TLS_MAY}, {"!reset"}, ".", SMTP_ABORTED, SMTP_AT_BANNER, 0,
		"connection reset", 2},
	{"no greeting", {.tls = SMTP_TLS_MAY}, {"@1"}, ".", SMTP_ABORTED, SMTP_AT_BANNER, 0, "no answer for 60 s", 2},
	{"a greeting without an end", {.tls = SMTP_TLS_MAY},
		{">220-a", "@55000", ">220-b", "@55000", ">220-c", "@55000", ">220-d", "@55000", ">220-e", "@55000",
			">220-f", "@55000", ">220-g"},
		".", SMTP_ABORTED, SMTP_AT_BANNER, 0, "the session took more than 300 s", 2},

	/* EHLO */
	{"EHLO 502, HELO", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">502 what?", ">250 mx", ">250 ok", ">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|HELO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|RSET|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 6},
	{"EHLO 502, HELO, TLS required", {.tls = SMTP_TLS_REQUIRE}, {">220 mx", ">502 what?", ">250 mx", ">221 bye"},
		"EHLO h.example|HELO h.example|QUIT|.", SMTP_TLS_FAILED, SMTP_AT_STARTTLS, 0, "STARTTLS is not offered",
		0},
	{"EHLO 500, HELO 550", {.tls = SMTP_TLS_MAY}, {">220 mx", ">500 what?", ">550 no", ">221 bye"},
		"EHLO h.example|HELO h.example|QUIT|.", SMTP_REJECTED, SMTP_AT_EHLO, 550, NULL, 0},
	{"EHLO 502 and gone", {.tls = SMTP_TLS_MAY}, {">220 mx", ">502 what?", "!eof"},
		"EHLO h.example|HELO h.example|.", SMTP_REJECTED, SMTP_AT_EHLO, 502, NULL, 0},
	{"EHLO 502 and reset", {.tls = SMTP_TLS_MAY}, {">220 mx", ">502 what?", "!reset"},
		"EHLO h.example|HELO h.example|.", SMTP_REJECTED, SMTP_AT_EHLO, 502, NULL, 0},
	{"EHLO 501", {.tls = SMTP_TLS_MAY}, {">220 mx", ">501 bad name", ">221 bye"}, "EHLO h.example|QUIT|.",
		SMTP_REJECTED, SMTP_AT_EHLO, 501, NULL, 3},
	{"EHLO 550", {.tls = SMTP_TLS_REQUIRE}, {">220 mx", ">550 no", ">221 bye"}, "EHLO h.example|QUIT|.",
		SMTP_REJECTED, SMTP_AT_EHLO, 550, NULL, 3},
	{"EHLO 421", {.tls = SMTP_TLS_MAY}, {">220 mx", ">421 too many connections", "!eof"}, "EHLO h.example|QUIT|.",
		SMTP_DEFERRED, SMTP_AT_EHLO, 421, NULL, 3},
	{"EHLO 450", {.tls = SMTP_TLS_MAY}, {">220 mx", ">450 later", ">221 bye"}, "EHLO h.example|QUIT|.",
		SMTP_DEFERRED, SMTP_AT_EHLO, 450, NULL, 3},
	{"EHLO 354", {.tls = SMTP_TLS_MAY}, {">220 mx", ">354 go on", ">221 bye"}, "EHLO h.example|QUIT|.",
		SMTP_PROTOCOL_ERROR, SMTP_AT_EHLO, 0, "unexpected reply 354 in answer to EHLO", 3},
	{"EHLO answered by garbage", {.tls = SMTP_TLS_MAY}, {">220 mx", ">what?"}, "EHLO h.example|.",
		SMTP_PROTOCOL_ERROR, SMTP_AT_EHLO, 0, "what came is no SMTP reply", 3},
	{"EHLO answered by two codes", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n550 no"}, "EHLO h.example|.",
		SMTP_PROTOCOL_ERROR, SMTP_AT_EHLO, 0, "one reply has the codes 250 and 550", 3},
	{"EHLO unanswered", {.tls = SMTP_TLS_MAY}, {">220 mx"}, "EHLO h.example|.", SMTP_ABORTED, SMTP_AT_EHLO, 0,
		"no answer for 60 s", 3},
	{"EHLO, closes", {.tls = SMTP_TLS_MAY}, {">220 mx", "!eof"}, "EHLO h.example|.", SMTP_ABORTED, SMTP_AT_EHLO, 0,
		"the server closed the connection", 3},

	/* out of turn: these depend on what comes in one piece */
	{"greeting and refusal at once", {.tls = SMTP_TLS_MAY}, {">220 mx\r\n554 no", ">221 bye"},
		"EHLO h.example,QUIT|.", SMTP_REJECTED, SMTP_AT_EHLO, 554, NULL, 0},
	{"two greetings at once", {.tls = SMTP_TLS_MAY}, {">220 mx\r\n220 mx", ">221 bye"}, "EHLO h.example,QUIT|.",
		SMTP_PROTOCOL_ERROR, SMTP_AT_EHLO, 0, "unexpected reply 220 in answer to EHLO", 0},
	{"all replies at once", {.tls = SMTP_TLS_OFF}, {">220 mx\r\n250 mx\r\n250 ok\r\n250 ok\r\n250 ok\r\n221 bye"},
		"EHLO h.example,MAIL FROM:<a@s.example>,RCPT TO:<b@r.example>,RSET,QUIT|.", SMTP_PROTOCOL_ERROR,
		SMTP_AT_RCPT, 0, "replies came before their commands: which of them answers RCPT cannot be told", 0},
	{"two replies to EHLO at once", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250 mx\r\n250 mx", ">250 ok", ">550 no", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>,RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_PROTOCOL_ERROR,
		SMTP_AT_RCPT, 0, "replies came before their commands: which of them answers RCPT cannot be told", 0},

	/* STARTTLS */
	{"not offered, required", {.tls = SMTP_TLS_REQUIRE}, {">220 mx", ">250-mx\r\n250 PIPELINING", ">221 bye"},
		"EHLO h.example|QUIT|.", SMTP_TLS_FAILED, SMTP_AT_STARTTLS, 0, "STARTTLS is not offered", 3},
	{"refused with 454, may", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250-STARTTLS\r\n250 PIPELINING", ">454 no", ">" DONE},
		"EHLO h.example|STARTTLS|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 5},
	{"refused with 454, required", {.tls = SMTP_TLS_REQUIRE},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">454 no", ">221 bye"}, "EHLO h.example|STARTTLS|QUIT|.",
		SMTP_TLS_FAILED, SMTP_AT_STARTTLS, 454, NULL, 4},
	{"refused with 502 and gone", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">502 no", "!eof"},
		"EHLO h.example|STARTTLS|MAIL FROM:<a@s.example>|.", SMTP_REJECTED, SMTP_AT_STARTTLS, 502, NULL, 0},
	{"refused with 421, may", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">421 bye", "!eof"},
		"EHLO h.example|STARTTLS|QUIT|.", SMTP_DEFERRED, SMTP_AT_STARTTLS, 421, NULL, 0},
	{"refused with 421, required", {.tls = SMTP_TLS_REQUIRE},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">421 bye", "!eof"}, "EHLO h.example|STARTTLS|QUIT|.",
		SMTP_DEFERRED, SMTP_AT_STARTTLS, 421, NULL, 0},
	{"STARTTLS 250", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">250 ok", ">221 bye"},
		"EHLO h.example|STARTTLS|QUIT|.", SMTP_PROTOCOL_ERROR, SMTP_AT_STARTTLS, 0,
		"unexpected reply 250 in answer to STARTTLS", 0},
	{"STARTTLS unanswered", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS"},
		"EHLO h.example|STARTTLS|.", SMTP_ABORTED, SMTP_AT_STARTTLS, 0, "no answer for 60 s", 4},
	{"bytes behind the 220", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go\r\n250-mx\r\n250 INJECTED", "!up",
			">250-mx\r\n250 PIPELINING", ">" DONE},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		7},

	/* the handshake */
	{"handshake fails", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!fail"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_TLS_FAILED, SMTP_AT_TLS, 0, "bad things", 5},
	{"handshake, closes", {.tls = SMTP_TLS_REQUIRE}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!eof"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_TLS_FAILED, SMTP_AT_TLS, 0,
		"the server closed the connection during the handshake", 5},
	{"handshake, resets", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!reset"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_TLS_FAILED, SMTP_AT_TLS, 0,
		"connection reset during the handshake", 5},
	{"handshake, silence", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_TLS_FAILED, SMTP_AT_TLS, 0,
		"no answer for 60 s during the handshake", 5},
	{"handshake, flood", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!flood"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_TLS_FAILED, SMTP_AT_TLS, 0, "too much", 5},
	{"turned down behind our Finished", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!up", "!fail"},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|.", SMTP_TLS_FAILED, SMTP_AT_TLS, 0, "bad things", 6},

	/* EHLO in TLS */
	{"EHLO in TLS 550", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!up", ">550 5.7.1 no", ">221 bye"},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|QUIT|.", SMTP_REJECTED, SMTP_AT_EHLO_TLS, 550, NULL, 6},
	{"EHLO in TLS 502", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!up", ">502 what?", ">221 bye"},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|QUIT|.", SMTP_REJECTED, SMTP_AT_EHLO_TLS, 502, NULL, 6},
	{"EHLO in TLS, closes", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!up", "!eof"},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|.", SMTP_ABORTED, SMTP_AT_EHLO_TLS, 0,
		"the server closed the connection", 6},
	{"STARTTLS offered again in TLS", {.tls = SMTP_TLS_MAY},
		{">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!up", ">250-mx\r\n250-STARTTLS\r\n250 PIPELINING",
			">" DONE},
		"EHLO h.example|STARTTLS|(tls)EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL,
		7},

	/* MAIL and RCPT */
	{"MAIL refused, pipelined", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250 PIPELINING",
			">550 5.1.8 no domain\r\n503 5.5.1 no MAIL\r\n250 ok\r\n221 bye"},
		"EHLO h.example|" PIPELINED ".", SMTP_REJECTED, SMTP_AT_MAIL, 550, NULL, 4},
	{"MAIL deferred", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">451 later", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|QUIT|.", SMTP_DEFERRED, SMTP_AT_MAIL, 451, NULL, 4},
	{"MAIL 354", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">354 data?", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|QUIT|.", SMTP_PROTOCOL_ERROR, SMTP_AT_MAIL, 0,
		"unexpected reply 354 in answer to MAIL FROM", 4},
	{"RCPT rejected, pipelined", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250 PIPELINING",
			">250 ok\r\n550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.5]\r\n"
			"250 ok\r\n221 bye"},
		"EHLO h.example|" PIPELINED ".", SMTP_REJECTED, SMTP_AT_RCPT, 550, NULL, 4},
	{"RCPT rejected, closes", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250 PIPELINING", ">250 ok\r\n550 no", "!eof"}, "EHLO h.example|" PIPELINED ".",
		SMTP_REJECTED, SMTP_AT_RCPT, 550, NULL, 4},
	{"RCPT greylisted", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250 mx", ">250 ok", ">450 4.2.0 greylisted", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_DEFERRED, SMTP_AT_RCPT,
		450, NULL, 5},
	{"RCPT 421", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">250 ok", ">421 bye", "!eof"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|QUIT|.", SMTP_DEFERRED, SMTP_AT_RCPT, 421,
		NULL, 5},
	{"421 to MAIL, pipelined", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250-mx\r\n250 PIPELINING", ">421 bye", "!eof"},
		"EHLO h.example|" PIPELINED ".", SMTP_DEFERRED, SMTP_AT_MAIL, 421, NULL, 4},
	{"RCPT unanswered", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250-mx\r\n250 PIPELINING", ">250 ok"},
		"EHLO h.example|" PIPELINED ".", SMTP_ABORTED, SMTP_AT_RCPT, 0, "no answer for 60 s", 4},
	{"RCPT, closes", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">250 ok", "!eof"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|.", SMTP_ABORTED, SMTP_AT_RCPT, 0,
		"the server closed the connection", 5},
	{"RCPT, closes within the reply", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">250 ok", ">550-no", "!eof"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|.", SMTP_ABORTED, SMTP_AT_RCPT, 0,
		"the server closed the connection in the middle of a reply", 5},

	/* after the decision nothing changes it */
	{"QUIT unanswered", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250-mx\r\n250 PIPELINING", ">250 ok\r\n250 ok"},
		"EHLO h.example|" PIPELINED ".", SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"garbage behind the decision", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250 PIPELINING", ">250 ok\r\n250 ok\r\nwhat?"}, "EHLO h.example|" PIPELINED ".",
		SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
	{"RSET refused", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">502 what?", ">500 what?"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_ACCEPTED, SMTP_AT_RCPT,
		250, NULL, 5},

	/* addresses beyond ASCII */
	{"SMTPUTF8 offered", {.tls = SMTP_TLS_OFF, .rcpt = "j\xc3\xbcrg@r.example"},
		{">220 mx", ">250-mx\r\n250 SMTPUTF8", ">250 ok", ">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example> SMTPUTF8|RCPT TO:<j\xc3\xbcrg@r.example>|RSET|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 5},
	{"SMTPUTF8 not offered", {.tls = SMTP_TLS_OFF, .mail_from = "j\xc3\xbcrg@s.example"},
		{">220 mx", ">250-mx\r\n250 8BITMIME", ">221 bye"}, "EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL,
		0, "an address is not ASCII and the server does not offer SMTPUTF8", 3},

	/* what must not be sent */
	{"line end in the sender", {.mail_from = "a@s\r\nRCPT TO:<x@y>"}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: the sender address holds a control character", 0},
	{"line end in the recipient", {.rcpt = "b\n"}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: the recipient address holds a control character", 0},
	{"blank in the EHLO name", {.ehlo = "h example"}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: the EHLO name is no host name or address literal", 0},
	{"no EHLO name", {.ehlo = ""}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: the EHLO name is empty", 0},
	{"no recipient", {.rcpt = ""}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: there is no recipient", 0},
	{"bytes that are not UTF-8", {.rcpt = "\xff@r.example"}, {NULL}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"nothing was sent: the recipient address is not UTF-8", 0},

	/* the run ends */
	{"ends while connecting", {.tls = SMTP_TLS_MAY}, {"!finish"}, ".", SMTP_ABORTED, SMTP_AT_CONNECT, 0,
		"time is up", 0},
	{"ends before the greeting", {.tls = SMTP_TLS_MAY}, {"!connected", "!finish"}, ".", SMTP_ABORTED,
		SMTP_AT_BANNER, 0, "time is up", 0},
	{"ends, then the greeting", {.tls = SMTP_TLS_MAY}, {"!connected", "!finish", ">220 mx", ">221 bye"}, "QUIT|.",
		SMTP_ABORTED, SMTP_AT_BANNER, 0, "time is up", 0},
	{"ends at EHLO", {.tls = SMTP_TLS_MAY}, {">220 mx", "!finish", ">250-mx\r\n250 STARTTLS", ">221 bye"},
		"EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_EHLO, 0, "time is up", 0},
	{"ends in the handshake", {.tls = SMTP_TLS_MAY}, {">220 mx", ">250-mx\r\n250 STARTTLS", ">220 go", "!finish"},
		"EHLO h.example|STARTTLS|(tls).", SMTP_ABORTED, SMTP_AT_TLS, 0, "time is up", 0},
	{"ends at MAIL", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", "!finish", ">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RSET|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL, 0, "time is up", 0},
	{"ends in the pipelined flight", {.tls = SMTP_TLS_OFF},
		{">220 mx", ">250-mx\r\n250 PIPELINING", "!finish", ">" DONE}, "EHLO h.example|" PIPELINED ".",
		SMTP_ABORTED, SMTP_AT_MAIL, 0, "time is up", 0},
	{"ends when decided", {.tls = SMTP_TLS_OFF}, {">220 mx", ">250 mx", ">550 no", "!finish"},
		"EHLO h.example|MAIL FROM:<a@s.example>|QUIT|.", SMTP_REJECTED, SMTP_AT_MAIL, 550, NULL, 0},

	/* with a message */
	{"message by DATA", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250-mx\r\n250-PIPELINING\r\n250 SIZE 1000", ">250 ok\r\n250 ok", ">354 go on",
			">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example> SIZE=22,RCPT TO:<b@r.example>|DATA|S: x,,..a,....,b.c,.|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 6},
	{"message by DATA, one at a time", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">354 go on", ">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|S: x,,..a,....,b.c,.|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 7},
	{"message by BDAT", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250-mx\r\n250 CHUNKING", ">250 ok", ">250 ok", ">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|BDAT 22 LAST,S: x,,.a,...,b.c|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 6},
	{"message rejected", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">354 go on", ">550 5.7.1 spam", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|S: x,,..a,....,b.c,.|QUIT|.",
		SMTP_REJECTED, SMTP_AT_MESSAGE, 550, NULL, 0},
	{"DATA deferred", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">451 4.7.1 later", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|RSET|QUIT|.", SMTP_DEFERRED,
		SMTP_AT_DATA, 451, NULL, 0},
	{"DATA answered by 250", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">250 ok", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|RSET|QUIT|.", SMTP_PROTOCOL_ERROR,
		SMTP_AT_DATA, 0, "unexpected reply 250 in answer to DATA", 0},
	{"recipient rejected, no message", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250-mx\r\n250-CHUNKING\r\n250 PIPELINING", ">250 ok\r\n550 no", ">250 ok", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>,RCPT TO:<b@r.example>|RSET|QUIT|.", SMTP_REJECTED, SMTP_AT_RCPT,
		550, NULL, 0},
	{"message without an answer", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">354 go on", "!eof"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|S: x,,..a,....,b.c,.|.",
		SMTP_ABORTED, SMTP_AT_MESSAGE, 0, "the server closed the connection", 0},
	{"a slow judge of messages", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250 mx", ">250 ok", ">250 ok", ">354 go on", "@200000", ">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example>|RCPT TO:<b@r.example>|DATA|S: x,,..a,....,b.c,.|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 0},
	{"8-bit message", {.tls = SMTP_TLS_OFF, .message_id = "eight"},
		{">220 mx", ">250-mx\r\n250 8BITMIME", ">250 ok", ">250 ok", ">354 go on", ">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example> BODY=8BITMIME|RCPT TO:<b@r.example>|DATA|,\xc3\xa4,.|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 0},
	{"8-bit message where it is not taken", {.tls = SMTP_TLS_OFF, .message_id = "eight"},
		{">220 mx", ">250-mx\r\n250 SMTPUTF8", ">221 bye"}, "EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL,
		0, "the message is not ASCII and the server does not offer 8BITMIME", 0},
	{"UTF-8 header", {.tls = SMTP_TLS_OFF, .message_id = "utf8"},
		{">220 mx", ">250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8", ">250 ok", ">250 ok", ">354 go on",
			">250 queued", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example> BODY=8BITMIME SMTPUTF8|RCPT TO:<b@r.example>|DATA|S: "
		"\xc3\xa4,,.|QUIT|.",
		SMTP_ACCEPTED, SMTP_AT_MESSAGE, 250, NULL, 0},
	{"UTF-8 header where it is not taken", {.tls = SMTP_TLS_OFF, .message_id = "utf8"},
		{">220 mx", ">250-mx\r\n250 8BITMIME", ">221 bye"}, "EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL,
		0, "the message's header is not ASCII and the server does not offer SMTPUTF8", 0},
	{"too large a message", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250-mx\r\n250 SIZE 20", ">221 bye"}, "EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL,
		0, "the message has 22 bytes, and the server takes 20", 0},
	{"any size will do", {.tls = SMTP_TLS_OFF, .message_id = "plain"},
		{">220 mx", ">250-mx\r\n250 SIZE 0", ">550 no", ">221 bye"},
		"EHLO h.example|MAIL FROM:<a@s.example> SIZE=22|QUIT|.", SMTP_REJECTED, SMTP_AT_MAIL, 550, NULL, 0},
	{"the message is not at hand", {.tls = SMTP_TLS_OFF, .message_id = "lost"}, {">220 mx", ">250 mx", ">221 bye"},
		"EHLO h.example|QUIT|.", SMTP_ABORTED, SMTP_AT_MAIL, 0, "nothing was sent: the message is not at hand",
		0},
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */

static const struct smtp_message messages[] = {
	{"plain", {"S: x\r\n\r\n.a\r\n...\r\nb.c\r\n", 22}, false, false},
	{"eight", {"\r\n\xc3\xa4\r\n", 6}, true, false},
	{"utf8", {"S: \xc3\xa4\r\n\r\n", 9}, false, true},
};

/* ---- a driver without sockets */

struct world {
	struct mp_arena *a;
	struct smtp_engine *e;
	uint64_t now_us;
	struct mp_buf wire;
	bool closed;
	size_t piece;  /* bytes fed at once */
	size_t budget; /* bytes that the server may still send; then it hangs up */
	bool cut;      /* ... and it did */
};

static struct smtp_tls shown = {.version = "TLSv1.3",
	.cipher = "TLS_AES_256_GCM_SHA384",
	.group = "X25519",
	.chain_error = "the server sent no certificate",
	.roots_loaded = true};

/* Do what the engine wants until it waits or ends. Returns its deadline. */
static uint64_t pump(struct world *w)
{
	for (int i = 0; i < 100; i++) {
		struct smtp_action act = smtp_engine_next(w->e);

		switch (act.want) {
		case SMTP_WANT_WRITE:
			for (size_t k = 0; k < act.bytes.n; k++) {
				bool end = act.bytes.p[k] == '\r';

				assert_true(!end || act.bytes.p[k + 1] == '\n');
				mp_buf_addc(&w->wire, !end ? act.bytes.p[k] : k + 2 < act.bytes.n ? ',' : '|');
				k += end;
			}
			break;
		case SMTP_WANT_TLS:
			mp_buf_adds(&w->wire, "(tls)");
			smtp_engine_event(w->e, SMTP_EV_TLS_FLIGHT, NULL, w->now_us);
			break;
		case SMTP_WANT_CLOSE:
			if (!w->closed)
				mp_buf_addc(&w->wire, '.');
			w->closed = true;
			return 0;
		case SMTP_WANT_READ:
			return act.deadline_us;
		case SMTP_WANT_CONNECT:
			break;
		}
	}
	fail_msg("the engine never waits");
	return 0;
}

static void feed(struct world *w, const char *p, size_t n)
{
	for (size_t k; n && !w->closed && !w->cut; p += k, n -= k) {
		k = n < w->piece ? n : w->piece;
		if (k > w->budget)
			k = w->budget;
		smtp_engine_feed(w->e, mp_strn(p, k), w->now_us);
		pump(w);
		w->budget -= k;
		if (!w->budget) {
			w->cut = true;
			smtp_engine_event(w->e, SMTP_EV_CLOSED, NULL, w->now_us);
			pump(w);
		}
	}
}

static void event(struct world *w, const char *name)
{
	if (strcmp(name, "connected") == 0) {
		smtp_engine_event(w->e, SMTP_EV_CONNECTED, NULL, w->now_us);
	} else if (strcmp(name, "refused") == 0) {
		smtp_engine_event(w->e, SMTP_EV_UNREACHABLE, "connection refused", w->now_us);
	} else if (strcmp(name, "eof") == 0) {
		smtp_engine_event(w->e, SMTP_EV_CLOSED, NULL, w->now_us);
	} else if (strcmp(name, "reset") == 0) {
		smtp_engine_event(w->e, SMTP_EV_BROKEN, "connection reset", w->now_us);
	} else if (strcmp(name, "flight") == 0) {
		smtp_engine_event(w->e, SMTP_EV_TLS_FLIGHT, NULL, w->now_us);
	} else if (strcmp(name, "up") == 0) {
		smtp_engine_event(w->e, SMTP_EV_TLS_UP, NULL, w->now_us);
		pump(w);
		smtp_engine_tls(w->e, &shown);
	} else if (strcmp(name, "fail") == 0) {
		smtp_engine_event(w->e, SMTP_EV_TLS_FAILED, "bad things", w->now_us);
	} else if (strcmp(name, "flood") == 0) {
		smtp_engine_event(w->e, SMTP_EV_FLOOD, "too much", w->now_us);
	} else if (strcmp(name, "finish") == 0) {
		smtp_engine_finish(w->e, "time is up", 1000, w->now_us);
	} else {
		fail_msg("no such event: %s", name);
	}
	pump(w);
}

/* Hold the session of a play. `w->piece` and `w->budget` are the caller's. The record lives in w->a. */
static struct smtp_session *hold(struct world *w, const struct play *p, bool hang_up)
{
	struct smtp_question q = p->q;
	struct smtp_session *s;
	uint64_t start_us = 1000000;

	w->a = mp_arena_new();
	w->now_us = start_us + 12345;
	w->wire = MP_BUF(65536);
	w->closed = w->cut = false;
	q.mx = q.mx ? q.mx : "mx.example";
	q.ehlo = q.ehlo ? q.ehlo : "h.example";
	q.mail_from = q.mail_from ? q.mail_from : "a@s.example";
	q.rcpt = q.rcpt ? q.rcpt : "b@r.example";
	q.purpose = "baseline";
	q.port = 25;
	assert_true(mp_ip_parse(MP_LIT("198.51.100.25"), &q.address));
	assert_true(mp_ip_parse(MP_LIT("10.0.0.5"), &q.source));
	w->e = smtp_engine_new(w->a, &q, &limits, start_us, w->now_us);
	for (size_t i = 0; q.message_id && i < ARRAY_LEN(messages); i++)
		if (strcmp(messages[i].id, q.message_id) == 0)
			smtp_engine_message(w->e, &messages[i]);
	pump(w);
	w->now_us += 1500;
	if (p->steps[0] && strcmp(p->steps[0], "!refused") != 0 && strcmp(p->steps[0], "!finish") != 0 &&
		strcmp(p->steps[0], "@1000") != 0)
		event(w, "connected");
	for (size_t i = 0; i < MAX_STEPS && p->steps[i] && !w->closed && !w->cut; i++) {
		const char *step = p->steps[i];

		w->now_us += 10000;
		switch (*step) {
		case '!':
			event(w, step + 1);
			break;
		case '@':
			w->now_us += strtoull(step + 1, NULL, 10) * 1000;
			smtp_engine_event(w->e, SMTP_EV_TIMER, NULL, w->now_us);
			pump(w);
			break;
		case '>': {
			char *line = mp_printf(w->a, "%s\r\n", step + 1);

			feed(w, line, strlen(line));
			break;
		}
		default:
			feed(w, step + 1, strlen(step + 1));
		}
	}
	if (hang_up && !w->closed)
		event(w, "eof");
	/* Nothing more comes but time, and time ends every session. */
	for (int i = 0; i < 10 && !w->closed; i++) {
		uint64_t deadline = pump(w);

		if (deadline > w->now_us)
			w->now_us = deadline;
		smtp_engine_event(w->e, SMTP_EV_TIMER, NULL, w->now_us);
		pump(w);
	}
	if (!w->closed)
		fail_msg("row '%s': the session does not end", p->label);
	s = smtp_engine_end(w->e, w->now_us);
	smtp_engine_free(w->e);
	return s;
}

static void release(struct world *w)
{
	mp_buf_release(&w->wire);
	mp_arena_free(w->a);
}

/* Every record must be one that a saved report may hold, and survive being saved. */
static void sound(const char *label, struct world *w, const struct smtp_session *s)
{
	json_t *j = smtp_kind.to_json(&s->q, s), *again;
	const void *params, *answer;
	struct mp_err err;

	if (smtp_kind.from_json(j, w->a, &params, &answer, &err) != MP_OK)
		fail_msg("row '%s': %s", label, err.msg);
	again = smtp_kind.to_json(params, answer);
	if (!json_equal(j, again))
		fail_msg("row '%s': the record changes when saved", label);
	json_decref(j);
	json_decref(again);
}

static void expect(const struct play *p, const char *how, struct world *w, const struct smtp_session *s, bool wire)
{
	char label[160];

	snprintf(label, sizeof(label), "%s, %s", p->label, how);
	row_str(label, smtp_outcome_name(s->outcome), smtp_outcome_name(p->outcome));
	row_str(label, smtp_stage_name(s->stage), smtp_stage_name(p->stage));
	row_int(label, s->reply ? s->reply->code : 0, p->code);
	row_str(label, s->reason, p->reason);
	if (wire)
		row_str(label, mp_buf_cstr(&w->wire), p->wire);
	if (p->turnarounds)
		row_int(label, s->turnarounds, p->turnarounds);
	/* Sent whole, it is on record. */
	if (wire)
		row_str(label, s->message_id,
			strstr(p->wire, "DATA|S:") || strstr(p->wire, "DATA|,") || strstr(p->wire, "LAST,")
				? p->q.message_id
				: NULL);
	row_str(label, s->seen_as, strstr(p->label, "rejected, pipelined") ? "203.0.113.5" : NULL);
	sound(label, w, s);
}

static void whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plays); i++) {
		struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};

		expect(&plays[i], "whole", &w, hold(&w, &plays[i], false), true);
		release(&w);
	}
}

/* What comes before its time can only be seen where it comes in one piece. */
static bool pieces_matter(const struct play *p)
{
	return strstr(p->label, "at once") || strstr(p->label, "behind the 220");
}

static void in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plays); i++) {
		for (size_t piece = 1; piece < 8 && !pieces_matter(&plays[i]); piece += 2) {
			struct world w = {.piece = piece, .budget = SIZE_MAX};

			expect(&plays[i], "in pieces", &w, hold(&w, &plays[i], false), true);
			release(&w);
		}
	}
}

static size_t length_of(const struct play *p)
{
	size_t n = 0;

	for (size_t i = 0; i < MAX_STEPS && p->steps[i]; i++)
		if (*p->steps[i] == '>')
			n += strlen(p->steps[i]) + 1;
		else if (*p->steps[i] == '=')
			n += strlen(p->steps[i]) - 1;
	return n;
}

/* The server's bytes end anywhere, by hanging up: every session ends with a sound record, and no early yes. */
static void cut_at_every_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plays); i++) {
		for (size_t n = 1; n < length_of(&plays[i]); n++) {
			struct world w = {.piece = SIZE_MAX, .budget = n};
			const struct smtp_session *s = hold(&w, &plays[i], true);
			char label[160];

			snprintf(label, sizeof(label), "%s, cut at %zu", plays[i].label, n);
			sound(label, &w, s);
			if (smtp_decided(s->outcome) && !s->reply)
				fail_msg("row '%s': decided by no reply", label);
			if (s->outcome == SMTP_ACCEPTED && plays[i].outcome != SMTP_ACCEPTED)
				fail_msg("row '%s': accepted", label);
			release(&w);
		}
	}
}

/* ---- what else is in the record */

static const struct play *play_of(const char *label)
{
	for (size_t i = 0; i < ARRAY_LEN(plays); i++)
		if (strcmp(plays[i].label, label) == 0)
			return &plays[i];
	fail_msg("no such play: %s", label);
	return NULL;
}

static void transcript_of(const struct smtp_session *s, struct mp_buf *out)
{
	static const char marks[] = {
		[SMTP_FROM_SERVER] = '<', [SMTP_FROM_CLIENT] = '>', [SMTP_FROM_TLS] = '~', [SMTP_FROM_NOTE] = '*'};

	mp_buf_reset(out);
	for (size_t i = 0; i < s->n_transcript; i++)
		mp_buf_addf(out, "%.1f %c %s\n", s->transcript[i].t_ms, marks[s->transcript[i].from],
			s->transcript[i].line);
}

static void the_record(void **state)
{
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct smtp_session *s = hold(&w, play_of("TLS 1.3 and PIPELINING"), false);
	struct mp_buf text = MP_BUF(65536);

	(void)state;
	row_str("banner host", s->banner_host, "mx.example");
	row_str("banner", s->banner->lines[0], "220 mx.example ESMTP");
	row_int("extensions", (long long)s->n_extensions, 1);
	row_str("extension", s->extensions[0], "PIPELINING");
	row_str("EHLO's reply is the last", s->ehlo_reply->lines[1], "250 PIPELINING");
	row_bool("offered", s->starttls_offered, true);
	row_int("STARTTLS", s->starttls_reply->code, 220);
	row_bool("HELO", s->helo, false);
	assert_ptr_equal(s->tls, &shown);
	/* 1.5 ms to connect, 10 ms a step */
	assert_true(s->at_ms == 12.3);
	assert_true(s->ms_connect == 1.5 && s->ms_banner == 10 && s->ms_ehlo == 10 && s->ms_starttls == 10);
	assert_true(s->ms_tls == 10 && s->ms_ehlo_tls == 10 && s->ms_mail == 10 && s->ms_rcpt == 10);
	assert_true(s->ms_total == 61.5);
	transcript_of(s, &text);
	row_str("transcript", mp_buf_cstr(&text),
		"11.5 < 220 mx.example ESMTP\n"
		"11.5 > EHLO h.example\n"
		"21.5 < 250-mx.example\n"
		"21.5 < 250-PIPELINING\n"
		"21.5 < 250 STARTTLS\n"
		"21.5 > STARTTLS\n"
		"31.5 < 220 go\n"
		"41.5 ~ TLSv1.3 TLS_AES_256_GCM_SHA384 X25519, not verified: the server sent no certificate\n"
		"41.5 > EHLO h.example\n"
		"51.5 < 250-mx.example\n"
		"51.5 < 250 PIPELINING\n"
		"51.5 > MAIL FROM:<a@s.example>\n"
		"51.5 > RCPT TO:<b@r.example>\n"
		"51.5 > RSET\n"
		"51.5 > QUIT\n"
		"61.5 < 250 ok\n"
		"61.5 < 250 ok\n"
		"61.5 < 250 ok\n"
		"61.5 < 221 bye\n");
	mp_buf_release(&text);
	release(&w);
}

/* Label of a play, and what its transcript or record must have. */
static void notes(void **state)
{
	static const struct {
		const char *label, *line;
	} rows[] = {
		{"EHLO 502, HELO", "* EHLO was refused with 502: falling back to HELO\n"},
		{"refused with 454, may", "* STARTTLS was refused with 454: going on without TLS\n"},
		{"bytes behind the 220", "* 22 bytes of plaintext came behind the 220 to STARTTLS: thrown away\n"},
		{"greeting and refusal at once", "* 8 bytes came before EHLO was sent\n"},
		{"all replies at once", "* 41 bytes came before EHLO was sent\n"},
		{"handshake fails", "~ failed: bad things\n"},
		{"QUIT unanswered", "* no answer to RSET in time: closing\n"},
		{"closes within the greeting", "< 220 mx\n"},
		{"text without an end, closes", "< hello\n"},
		{"garbage behind the decision", "* what came is no SMTP reply\n"},
		{"MAIL refused, pipelined", "< 503 5.5.1 no MAIL\n"},
		{"line end in the sender", "* nothing was sent: the sender address holds a control character\n"},
	};
	struct mp_buf text = MP_BUF(65536);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};

		transcript_of(hold(&w, play_of(rows[i].label), false), &text);
		if (!strstr(mp_buf_cstr(&text), rows[i].line))
			fail_msg("row '%s': got\n%swant among it: %s", rows[i].label, mp_buf_cstr(&text), rows[i].line);
		release(&w);
	}
	mp_buf_release(&text);
}

static void injected(void **state)
{
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct smtp_session *s = hold(&w, play_of("bytes behind the 220"), false);

	(void)state;
	row_int("bytes", (long long)s->injected_bytes, 22);
	row_str("extension of the EHLO in TLS", s->extensions[0], "PIPELINING");
	release(&w);
}

static void helo(void **state)
{
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct smtp_session *s = hold(&w, play_of("EHLO 502, HELO"), false);

	(void)state;
	row_bool("HELO", s->helo, true);
	row_int("EHLO's reply is HELO's", s->ehlo_reply->code, 250);
	assert_true(s->ms_ehlo == 20);
	release(&w);
}

static void refusals_are_kept(void **state)
{
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct smtp_session *s = hold(&w, play_of("MAIL refused, pipelined"), false);

	(void)state;
	row_str("enhanced", s->reply->enhanced, "5.1.8");
	row_str("line", s->reply->lines[0], "550 5.1.8 no domain");
	release(&w);
	s = hold(&w, play_of("refused with 502 and gone"), false);
	assert_ptr_equal(s->reply, s->starttls_reply);
	release(&w);
}

static void bare_lf_is_noted_once(void **state)
{
	static const struct play p = {"bare LF", {.tls = SMTP_TLS_OFF},
		{"=220-a\n220 b\n", "=250-mx\n250 PIPELINING\n", ">" DONE}, NULL, SMTP_ACCEPTED, SMTP_AT_RCPT, 250,
		NULL, 4};
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct mp_buf text = MP_BUF(65536);
	const char *note = "the line ends in LF alone", *first;
	struct smtp_session *s = hold(&w, &p, false);

	(void)state;
	row_str("outcome", smtp_outcome_name(s->outcome), "accepted");
	transcript_of(s, &text);
	first = strstr(mp_buf_cstr(&text), note);
	assert_non_null(first);
	assert_null(strstr(first + 1, note));
	mp_buf_release(&text);
	release(&w);
}

static void seen_as(void **state)
{
	static const struct {
		const char *label;
		struct play p;
		const char *want;
	} rows[] = {
		{"EHLO",
			{"a", {.tls = SMTP_TLS_OFF},
				{">220 mx", ">250-mx Hello h [203.0.113.5]\r\n250 PIPELINING", ">" DONE}, NULL,
				SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
			"203.0.113.5"},
		{"banner",
			{"b", {.tls = SMTP_TLS_OFF},
				{">220 mx, you are [203.0.113.6]", ">250-mx\r\n250 PIPELINING", ">" DONE}, NULL,
				SMTP_ACCEPTED, SMTP_AT_RCPT, 250, NULL, 4},
			"203.0.113.6"},
		{"refused greeting",
			{"c", {.tls = SMTP_TLS_OFF}, {">554 Your IP 203.0.113.7 is listed", ">221 bye"}, NULL,
				SMTP_REJECTED, SMTP_AT_BANNER, 554, NULL, 2},
			"203.0.113.7"},
		{"EHLO before a refusal",
			{"d", {.tls = SMTP_TLS_OFF},
				{">220 mx", ">250 mx Hello [203.0.113.5]", ">550 Client host [203.0.113.8] blocked",
					">221 bye"},
				NULL, SMTP_REJECTED, SMTP_AT_MAIL, 550, NULL, 4},
			"203.0.113.5"},
		{"a refusal after the decision",
			{"e", {.tls = SMTP_TLS_OFF},
				{">220 mx", ">250 mx", ">550 no", ">500 Client host [203.0.113.8] blocked"}, NULL,
				SMTP_REJECTED, SMTP_AT_MAIL, 550, NULL, 4},
			NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};

		row_str(rows[i].label, hold(&w, &rows[i].p, false)->seen_as, rows[i].want);
		release(&w);
	}
}

/* A server that talks without end: the transcript and the session stay within their bounds. */
static void floods(void **state)
{
	static const struct {
		const char *label, *start, *line; /* the line is repeated to 300 kB, four times; NULL: one of 50 kB */
		const char *outcome, *reason;
	} rows[] = {
		{"lines of one reply", "", "220-x\r\n", "protocol-error", "a reply of more than 512 lines"},
		{"one line", "", "220 xxxxxxxxxxxxxxxxxxxxxxxx", "protocol-error", "a line of more than 65536 bytes"},
		{"long lines of one reply", "220-a\r\n", NULL, "protocol-error",
			"more than 1048576 bytes in one session"},
		{"replies that nobody asked for", "220 mx\r\n", "250 x\r\n", "protocol-error",
			"replies came before their commands: which of them answers RCPT cannot be told"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w = {.piece = 4000, .budget = SIZE_MAX};
		struct play p = {.label = rows[i].label, .q = {.tls = SMTP_TLS_OFF}};
		struct mp_buf step = MP_BUF(1 << 22);
		struct smtp_session *s;

		mp_buf_addf(&step, "=%s", rows[i].start);
		while (step.n < 300000 && rows[i].line)
			mp_buf_adds(&step, rows[i].line);
		while (step.n < 300000)
			mp_buf_addf(&step, "220-%050000d\r\n", 0);
		for (size_t k = 0; k < 4; k++)
			p.steps[k] = mp_buf_cstr(&step);
		s = hold(&w, &p, false);
		row_str(rows[i].label, smtp_outcome_name(s->outcome), rows[i].outcome);
		row_str(rows[i].label, s->reason, rows[i].reason);
		assert_in_range(s->n_transcript, 1, 2001);
		sound(rows[i].label, &w, s);
		release(&w);
		mp_buf_release(&step);
	}
}

/* 512 lines in each of many replies: the transcript says where it was cut. */
static void long_transcripts(void **state)
{
	struct world w = {.piece = SIZE_MAX, .budget = SIZE_MAX};
	struct play p = {.label = "long", .q = {.tls = SMTP_TLS_OFF}};
	struct mp_buf step = MP_BUF(1 << 22);
	struct smtp_session *s;

	(void)state;
	mp_buf_adds(&step, "=");
	for (int i = 0; i < 511; i++)
		mp_buf_adds(&step, "250-x\r\n");
	mp_buf_adds(&step, "250 x\r\n");
	p.steps[0] = ">220 mx";
	for (size_t k = 1; k < 6; k++)
		p.steps[k] = mp_buf_cstr(&step);
	s = hold(&w, &p, false);
	row_str("outcome", smtp_outcome_name(s->outcome), "accepted");
	row_int("lines", (long long)s->n_transcript, 2001);
	row_str("last", s->transcript[2000].line, "the transcript is cut here");
	row_int("extensions", (long long)s->n_extensions, 511);
	sound("long", &w, s);
	mp_buf_release(&step);
	release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(cut_at_every_length),
		cmocka_unit_test(the_record),
		cmocka_unit_test(notes),
		cmocka_unit_test(injected),
		cmocka_unit_test(helo),
		cmocka_unit_test(refusals_are_kept),
		cmocka_unit_test(bare_lf_is_noted_once),
		cmocka_unit_test(seen_as),
		cmocka_unit_test(floods),
		cmocka_unit_test(long_transcripts),
	};

	return cmocka_run_group_tests_name("smtp_engine", tests, NULL, NULL);
}
