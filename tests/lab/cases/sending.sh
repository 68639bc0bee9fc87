# tests/lab/cases/sending.sh - messages sent for real to Postfix, Exim and OpenSMTPD, and what arrived there, byte for
# byte
# shellcheck disable=SC2086 # $sender and the others are lists of words

both="--selector lab --dkim-key $work/dkim.pem --selector labed --dkim-key $work/dkim.ed.pem"
from_here="$sender --source 203.0.113.10"

# Dots at the start of lines, blanks at their end, a line as long as may be, words beyond ASCII, no end of line at the end.
{
	printf 'From: "Ann" <sender@example.com>\nTo: you@example.net\nSubject: What  arrives\nDate: %s\nMIME-Version: 1.0\n' "$(date -R)"
	printf 'Message-ID: <kept.as.it.is@example.com>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	printf '.\n..\n.one dot\n...three\n\n.\r\nblanks behind  \t\nFrom here on\n\303\274ber\n%0998d\n\n\n.' 0
} >"$work/odd.eml"
tr -d '\r' <"$work/odd.eml" >"$work/odd.lf"
echo >>"$work/odd.lf"
LC_ALL=C tr -d '\200-\377' <"$work/odd.eml" | sed 's/8bit/7bit/' >"$work/ascii.eml"
tr -d '\r' <"$work/ascii.eml" >"$work/ascii.lf"
echo >>"$work/ascii.lf"
sed 's/What  arrives/Gr\xc3\xbc\xc3\x9fe/' "$work/odd.eml" >"$work/utf8.eml"
tr -d '\r' <"$work/utf8.eml" >"$work/utf8.lf"
echo >>"$work/utf8.lf"
{ cat "$work/ascii.lf" && seq -f '.%.0f and more of it, until it is a large message' 60000; } >"$work/large.eml"
cp "$work/large.eml" "$work/large.lf"

kept() # SERVER: the one message that it has, to $work/kept.eml; what was there goes
{
	rm -f "$work/kept.eml"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		kept_at=$(find "$work/kept/$1" -path '*/new/*' -type f)
		[ -z "$kept_at" ] || break
		sleep 0.25
	done
	[ "$(echo "$kept_at" | grep -c .)" = 1 ] && mv "$kept_at" "$work/kept.eml"
}
nothing_kept() # SERVER: as a jq expression; what was sent before has been taken out
{
	sleep 0.5
	[ -z "$(find "$work/kept/$1" -path '*/new/*' -type f)" ] && echo true || echo false
}
arrived() # SERVER FILE: as a jq expression, the file is the end of what arrived, and all signatures hold
{
	kept "$1" && tail -c "$(wc -c <"$2")" "$work/kept.eml" | cmp -s - "$2" && arrived_signed "$work/kept.eml" &&
		echo true || echo false
}
arrived_signed()
{
	"$MAILPROBE" message "$1" --format json | jq -e '[.dkim[] | .result] == ["pass", "pass"] and .dmarc.result == "pass"' >/dev/null
}
field() # NAME: of what arrived, unfolded
{
	sed '/^$/q' "$work/kept.eml" 2>&1 | sed -n "/^$1:/I,/^[^ 	]/{/^$1:/Ip;/^[ 	]/p}" | tr -d '\n'
}
said() # COMMAND: by the client, in the deciding session
{
	echo "[.targets[0] | .sessions[.decided_by].transcript[] | select(.from == \"client\").line] | any(startswith(\"$1\"))"
}
told='.verdict.basis == "message" and (.targets[0] | .message.id as $id | .sessions[.decided_by] |
	.message_id == $id and .stage == "message") and (.targets[0].message.signatures | length == 2)'

for server in postfix exim; do
	case $server in
		exim) to=you@exim.example.net
			[ $exim = yes ] || { echo "SKIP sending-exim: there is no exim"; continue; } ;;
		*) to=you@kept.example.net ;;
	esac

	# a text of our own, that says what it is
	probe --to $to --send $from_here $both --list-unsubscribe https://example.com/u?x=1
	holds sending-$server-own 0 "$told" "$(said BDAT)" "$(kept $server && arrived_signed "$work/kept.eml" && echo true || echo false)" \
		".targets[0].message.id as \$id | \"$(field Message-ID)\" == \"Message-ID: <\" + \$id + \">\"" \
		"\"$(field Date)\" | test(\"^Date: ...?, [0-9]+ ... 20[0-9][0-9] ..:..:.. [+]0000\$\")" \
		"\"$(field MIME-Version)\" == \"MIME-Version: 1.0\"" \
		"\"$(field To)\" == \"To: <$to>\"" \
		"\"$(field List-Unsubscribe)\" == \"List-Unsubscribe: <https://example.com/u?x=1>\"" \
		"\"$(field List-Unsubscribe-Post)\" == \"List-Unsubscribe-Post: List-Unsubscribe=One-Click\"" \
		"$(grep -q '^this is a test message. The administrator of mail.example.com sends it to see' "$work/kept.eml" && echo true)" \
		"\"$(field DKIM-Signature | tr -d '\t ')\" | test(\"h=[^;]*From:From\"; \"i\") and test(\"a=rsa-sha256\") and test(\"a=ed25519-sha256\") and test(\"h=[^;]*List-Unsubscribe-Post\"; \"i\")"

	# one of the user's
	probe --to $to --send --message "$work/odd.eml" $from_here $both
	holds sending-$server-file 0 "$told" "$(said 'MAIL FROM:<sender@example.com> SIZE=')" \
		"[.targets[0].sessions[].transcript[] | select(.line | contains(\"BODY=8BITMIME\"))] | length == 1" \
		'.targets[0].message.id == "kept.as.it.is@example.com"' "$(arrived $server "$work/odd.lf")"
	for form in simple/simple simple/relaxed relaxed/simple; do
		probe --to $to --send --message "$work/odd.eml" $from_here $both --dkim-canonicalization $form
		holds sending-$server-$form 0 "$told" "$(arrived $server "$work/odd.lf")" \
			"\"$(field DKIM-Signature | tr -d '\t ')\" | test(\"c=$form\")"
	done
	probe --to $to --send --message "$work/utf8.eml" $from_here $both
	holds sending-$server-smtputf8 0 "$told" "$(arrived $server "$work/utf8.lf")" \
		"[.targets[0].sessions[].transcript[] | select(.line | contains(\" SMTPUTF8\"))] | length == 1"
	probe --to $to --send --message "$work/large.eml" $from_here $both
	holds sending-$server-large 0 "$told" "$(arrived $server "$work/large.lf")"
done

# where little is offered: DATA with its dots, and no message in a form that is not taken
for server in postfix exim opensmtpd; do
	case $server in
		opensmtpd) to="mx:$opensmtpd_address --rcpt you@kept.dane.example"
			[ $have_opensmtpd = yes ] || { echo "SKIP sending-opensmtpd-data: there is no OpenSMTPD"; continue; } ;;
		exim) to=you@eximpoor.example.net
			[ $exim = yes ] || { echo "SKIP sending-exim-data: there is no exim"; continue; } ;;
		*) to=you@poor.example.net ;;
	esac
	probe --to $to --send --message "$work/ascii.eml" $from_here $both
	holds sending-$server-data 0 "$told" "$(said DATA)" "$(arrived $server "$work/ascii.lf")"
	probe --to $to --send --message "$work/utf8.eml" $from_here $both
	holds sending-$server-no-smtputf8 3 '.targets[0].sessions[-1] | .outcome == "aborted" and .stage == "mail-from" and .message_id == null and (.reason | contains("does not offer SMTPUTF8"))' \
		"$(nothing_kept $server)"
done
probe --to you@poor.example.net --send --message "$work/odd.eml" $from_here $both
holds sending-no-8bitmime 3 '.targets[0].sessions[0] | .outcome == "aborted" and .message_id == null and (.reason | contains("does not offer 8BITMIME"))' \
	"$(nothing_kept postfix)"
probe --to you@poor.example.net --send --message "$work/large.eml" $from_here $both
holds sending-too-large 3 '.targets[0].sessions[0] | .outcome == "aborted" and .message_id == null and (.reason | contains("the server takes 20000"))' \
	"$(nothing_kept postfix)"

# what is said after the message goes to the same causes
probe --to you@after.example.net --send $sender --source 203.0.113.11
holds sending-refused-after 2 "$(first ptr-missing confirmed)" '.targets[0].sessions[0] | .stage == "message" and .outcome == "rejected"' \
	"$(nothing_kept postfix)"
if [ $exim = yes ]; then
	probe --to you@eximpoor.example.net --send $sender --source 203.0.113.11
	holds sending-refused-after-unsaid 2 "$(first ptr-missing likely)" '.targets[0].sessions[0] | .stage == "message" and .outcome == "rejected"' \
		"$(nothing_kept exim)"
fi

# one message for each target and run, from however many addresses
probe --to you@kept.example.net --send $sender $both --source 203.0.113.10 --source 203.0.113.13
holds sending-once 1 "$(kept postfix && nothing_kept postfix)" '[.targets[0].sessions[] | select(.message_id)] | length == 1'
