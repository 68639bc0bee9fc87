# tests/lab/cases/content.sh - messages scored by a real rspamd and a real SpamAssassin before they are sent or
# after they were received, and signatures: ours before both, rspamd's before us
# shellcheck disable=SC2086 # $sender and the others are lists of words

rule() # ID RULE: the rule hit
{
	echo "[.checks[] | select(.id == \"$1\").values.rules[].name] | index(\"$2\") != null"
}
rsa="--selector lab --dkim-key $work/dkim.pem"
ed="--selector labed --dkim-key $work/dkim.ed.pem"
other="--selector lab --dkim-key $work/dkim.other.pem"
scored="--to you@example.net --source 203.0.113.10 --dry-run $sender"
cat >"$work/spam.eml" <<'M'
From: sender@example.com
Subject: FREE MONEY!!!
Date: Mon, 1 Jan 2001 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/html

<a href="http://10.0.0.1/x">click</a> <font size="1">XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X</font>
M

rspamc_symbols() # FILE ARGS...: what rspamd finds, in JSON
{
	eml=$1
	shift
	LD_LIBRARY_PATH="${LAB_ROOT:+$LAB_ROOT/usr/lib/rspamd:}$LD_LIBRARY_PATH" rspamc -h 127.0.0.1:11333 --json "$@" \
		--ip 203.0.113.10 --helo mail.example.com --from sender@example.com --rcpt you@example.net symbols "$eml"
}

if rspamd_up; then
	rspamd='--rspamd http://127.0.0.1:11333/'
	probe $scored $rsa $rspamd
	holds rspamd-good 0 "$(check content.rspamd you@example.net pass)" "$(faults '')" \
		"$(rule content.rspamd R_DKIM_ALLOW)" "$(rule content.rspamd R_SPF_ALLOW)" \
		"$(rule content.rspamd DMARC_POLICY_ALLOW)" '.verdict.status == "deliverable"'
	probe $scored $ed $rspamd
	holds rspamd-ed25519 0 "$(check content.rspamd you@example.net pass)" "$(rule content.rspamd R_DKIM_ALLOW)"
	probe $scored $rsa $ed $rspamd
	holds rspamd-both 0 "$(check content.rspamd you@example.net pass)" "$(rule content.rspamd R_DKIM_ALLOW)"
	probe $scored $other $rspamd
	holds rspamd-wrong-key 1 "$(rule content.rspamd R_DKIM_REJECT)" \
		'[.checks[] | select(.id == "dkim.pair")][0].status == "fail"'
	probe $scored $rsa --message "$work/spam.eml" $rspamd
	holds rspamd-spam 1 "$(check content.rspamd you@example.net warn)" \
		'[.checks[] | select(.id == "content.rspamd")][0].values.action == "reject"' \
		'.findings[0] | .cause == "content-spam" and .certainty == "latent"' "$(rule content.rspamd GTUBE)"
	probe --to you@open.example.net --source 203.0.113.11 --dry-run $sender $rsa $rspamd
	holds rspamd-no-ptr 1 "$(rule content.rspamd HFILTER_HOSTNAME_UNKNOWN)" "$(check ptr.exists 203.0.113.11 fail)"

	# what it signs for a user of its own
	printf 'From: sender@example.com\r\nTo: you@example.net\r\nSubject: signed\r\nDate: %s\r\nMessage-ID: <s@example.com>\r\n\r\nHello\r\n' \
		"$(date -R)" >"$work/unsigned.eml"
	signed=$(rspamc_symbols "$work/unsigned.eml" --user sender@example.com)
	{
		printf "%s" "$signed" | jq -r '."dkim-signature" | if type == "array" then .[] else . end | "DKIM-Signature: " + .' |
			tr -d '\r' | sed 's/$/\r/'
		cat "$work/unsigned.eml"
	} >"$work/signed.eml"
	probe message "$work/signed.eml"
	holds rspamd-signs 0 '[.dkim[] | .result] == ["pass", "pass"]' '[.dkim[] | .selector] | sort == ["lab", "labed"]' \
		'.dmarc.result == "pass"'
	# and what it makes of messages that were received
	probe message "$work/signed.eml" $rspamd --ip 203.0.113.10 --helo mail.example.com --from sender@example.com
	holds rspamd-received 0 "$(check content.rspamd "$work/signed.eml" pass)" "$(rule content.rspamd R_DKIM_ALLOW)" \
		"$(rule content.rspamd R_SPF_ALLOW)"
	probe message "$work/spam.eml" $rspamd --ip 203.0.113.11
	holds rspamd-received-spam 1 "$(check content.rspamd "$work/spam.eml" warn)" "$(rule content.rspamd GTUBE)"
	sed 's/Hello/Hallo/' "$work/signed.eml" >"$work/changed.eml"
	probe message "$work/changed.eml"
	holds rspamd-signed-changed 2 '[.dkim[] | .result] == ["fail", "fail"]'

	# ours in every canonicalization, with both keys at once
	sign=$(dirname "$MAILPROBE")/tests/run/sign
	printf 'From: Ann <sender@example.com>\r\nTo: "Bob" <you@example.net>,\r\n\tc@example.net\r\nSubject:  A  test\r\n\t of it \r\nDate: %s\r\nMessage-ID: <c@example.com>\r\n\r\nHello  Bob, \r\n\r\n \t\r\n.white \t space \t \r\n\r\n\r\n' \
		"$(date -R)" >"$work/plain.eml"
	for form in simple/simple simple/relaxed relaxed/simple relaxed/relaxed; do
		name=rspamd-takes-$form
		[ -x "$sign" ] || { echo "SKIP $name: there is no $sign"; continue; }
		"$sign" "$work/dkim.pem" lab example.com $form <"$work/plain.eml" |
			"$sign" "$work/dkim.ed.pem" labed example.com $form >"$work/ours.eml"
		sed 's/Hello/Hallo/' "$work/ours.eml" >"$work/ours.changed.eml"
		rspamc_symbols "$work/ours.eml" >"$work/ours.json"
		rspamc_symbols "$work/ours.changed.eml" >"$work/changed.json"
		if jq -e '.symbols | (.R_DKIM_ALLOW.options | length == 2) and has("R_DKIM_REJECT") == false' "$work/ours.json" >"$work/out" &&
			jq -e '.symbols | has("R_DKIM_ALLOW") == false and has("R_DKIM_REJECT")' "$work/changed.json" >"$work/out"; then
			echo "PASS $name"
		else
			echo "FAIL $name: $(jq -c '.symbols | {R_DKIM_ALLOW, R_DKIM_REJECT}' "$work/ours.json" "$work/changed.json")"
			failures=$((failures + 1))
		fi
	done
else
	for name in good ed25519 both wrong-key spam no-ptr signs received received-spam signed-changed takes; do echo "SKIP rspamd-$name: there is no rspamd"; done
fi

if spamd_up; then
	spamd='--spamd 127.0.0.1'
	probe $scored $rsa $spamd
	holds spamd-good 0 "$(check content.spamd you@example.net pass)" "$(faults '')" "$(rule content.spamd DKIM_VALID_AU)"
	probe $scored $other $spamd
	holds spamd-wrong-key 1 "$(rule content.spamd DKIM_INVALID)"
	probe $scored $rsa --message "$work/spam.eml" $spamd
	holds spamd-spam 1 "$(check content.spamd you@example.net warn)" "$(rule content.spamd GTUBE)" \
		'.findings[0] | .cause == "content-spam" and .certainty == "latent"' \
		'[.checks[] | select(.id == "content.spamd")][0].detail | test("test string that every filter takes for spam")'
	probe message "$work/spam.eml" $spamd
	holds spamd-received-spam 2 "$(check content.spamd "$work/spam.eml" warn)" "$(rule content.spamd GTUBE)"
	probe --to you@open.example.net --source 203.0.113.11 --dry-run $sender $rsa $spamd
	holds spamd-no-ptr 1 "$(rule content.spamd RDNS_NONE)"
else
	for name in good wrong-key spam received-spam no-ptr; do echo "SKIP spamd-$name: there is no spamd"; done
fi
