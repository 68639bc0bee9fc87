#!/bin/sh
# tests/bench/explain.sh - how long a log of a million rejections takes, and in how much memory: explain.sh [LINES]
#
# Recipients, domains, queue ids and serial numbers differ from line to line, as they do in a log. $MAILPROBE is the
# program, ./mailprobe otherwise.
set -eu

lines=${1:-1000000}
program=${MAILPROBE:-./mailprobe}
log=$(mktemp "${TMPDIR:-/tmp}/explain.XXXXXX")
trap 'rm -f "$log"' EXIT

awk -v lines="$lines" '
function word(n,  s) {
	for (s = ""; n > 0; n--)
		s = s substr("abcdefghijklmnopqrstuvwxyz0123456789", 1 + int(rand() * 36), 1)
	return s
}
BEGIN {
	srand(1)
	for (i = 0; i < lines; i++) {
		domain = word(2) ".example"
		to = word(8) "@" domain
		ip = "203.0.113." int(rand() * 250)
		kind = i % 7
		if (kind == 0)
			reply = "550 5.7.1 Client host rejected: cannot find your reverse hostname, [" ip "]"
		else if (kind == 1)
			reply = "550 5.1.1 <" to ">: Recipient address rejected: User unknown in virtual mailbox table"
		else if (kind == 2)
			reply = "450 4.2.0 <" to ">: Recipient address rejected: Greylisted, see http://list.example/" domain ".html"
		else if (kind == 3)
			reply = "421 4.7.0 [TSS04] Messages from " ip " temporarily deferred due to unexpected volume or user complaints"
		else if (kind == 4)
			reply = "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 " word(18) ".118 - gsmtp"
		else if (kind == 5)
			reply = "554 5.7.1 Service unavailable; Client host [" ip "] blocked using list.example"
		else
			reply = "552 5.2.2 <" to "> Quota exceeded (mailbox for user is full)"
		printf "Nov 21 10:%02d:%02d out postfix/smtp[%d]: %X: to=<%s>, relay=mx.%s[192.0.2.7]:25, delay=1.2, dsn=%s, ",
			i / 60 % 60, i % 60, i % 9000, i, to, domain, substr(reply, 5, 5)
		printf "status=%s (host mx.%s[192.0.2.7] said: %s (in reply to RCPT TO command))\n",
			reply ~ /^5/ ? "bounced" : "deferred", domain, reply
	}
}' >"$log"

for form in "" "--format json" "--summary"; do
	# shellcheck disable=SC2086
	env time -f "$lines lines, explain $form: %e s (%U s of the processor), %M KB" "$program" explain "$log" $form >/dev/null
done
