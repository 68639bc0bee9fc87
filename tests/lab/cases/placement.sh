# tests/lab/cases/placement.sh - messages sent for real, and found again: Postfix with rspamd as its milter, Dovecot with
# Sieve behind it, read by IMAP
# shellcheck disable=SC2086 # $sender is a list of words

mailbox_password='a secret of the lab 7Qx'
mailbox() # NAME ADDRESS [HOST [MORE [SCHEME]]]: a section of the configuration
{
	printf '[mailbox %s]\naddress = %s\nurl = %s://%s/\n' "$1" "$2" "${5:-imaps}" "${3:-imap.example.net}"
	printf '%b\n' "${4:-password-file = $work/mailbox.secret}"
}
if rspamd_up && dovecot_up; then
	echo "$mailbox_password" >"$work/mailbox.secret"
	echo 'another one' >"$work/mailbox.wrong"
	{
		mailbox seed seed@seed.example.net
		mailbox late late@late.example.net
		mailbox lost lost@lost.example.net
		mailbox grey grey@grey.example.net
		mailbox wrong seed@seed.example.net '' "password-file = $work/mailbox.wrong"
		mailbox folder lost@lost.example.net '' "password-file = $work/mailbox.secret\njunk = Nowhere"
		mailbox tls seed@seed.example.net 198.51.100.35
		mailbox starttls seed@seed.example.net '' '' imap
		for fault in expired self name; do
			mailbox $fault-tls seed@seed.example.net plain-$fault.dane.example
			mailbox $fault-starttls seed@seed.example.net plain-$fault.dane.example '' imap
		done
		mailbox clear seed@seed.example.net no-tls.dane.example '' imap
		# what the command sees of its parent's arguments is kept for a look
		mailbox command seed@seed.example.net '' \
			"password-command = tr '\\\\0' ' ' </proc/\$PPID/cmdline >>$work/seen.args; cat $work/mailbox.secret"
	} >"$work/mailboxes.conf"
	signed="--selector lab --dkim-key $work/dkim.pem"

	place() # NAME ARGS...
	{
		place_name=$1
		shift
		probe --config "$work/mailboxes.conf" --send --mailbox "$place_name" "$@"
	}
	address_of_no_tls() # a row of tls.tab
	{
		[ "$1" != no-tls ] || echo "$3"
	}
	placed() # KIND FOLDER
	{
		echo ".targets[0].placement[0] | .kind == \"$1\" and .folder == \"$2\""
	}
	not_looked() # OUTCOME
	{
		echo ".verdict.basis == \"message\" and .targets[0].placement[0].outcome == \"$1\" and .targets[0].placement[0].kind == null"
	}

	place seed $sender $signed --source 203.0.113.10
	holds placement-good 0 "$(placed inbox INBOX)" "$(check message.placement seed pass)" \
		"$(check message.arrived seed pass)" \
		'[.targets[0].placement[0].seen[] | select(.seen == "pass" and .predicted == "pass") | .method] | sort == ["DKIM", "DMARC", "SPF"]' \
		'[.checks[] | select(.id == "message.arrived")][0].values.message | map(select(.id == "message.dkim" and .status == "pass")) | length == 1' \
		'[.checks[] | select(.id == "message.arrived")][0].values.message | map(select(.id == "message.transport"))[0].values.hops | length >= 1'

	place seed --ehlo mail.example.com --from sender@bad.example.com --source 203.0.113.11
	holds placement-bad 1 "$(placed junk Junk)" "$(check message.placement seed fail)" \
		'[.checks[] | select(.id == "message.placement")][0] | .detail | contains("rspamd") and contains("taken for spam") and contains("has no PTR")' \
		'[.checks[] | select(.id == "message.placement")][0] | .fix | startswith("Change first (ptr.exists)")' \
		'.targets[0].placement[0].score | contains("score")'

	place command $sender $signed --source 203.0.113.10 --clean
	holds placement-clean 0 "$(placed inbox INBOX)" '.targets[0].placement[0].cleaned' \
		"$([ "$(maildir_count seed@seed.example.net INBOX)" = 1 ] && echo true || echo false)"

	place wrong $sender $signed --source 203.0.113.10
	holds placement-password 0 "$(not_looked no-login)" "$(check message.placement wrong error)"
	place tls $sender $signed --source 203.0.113.10
	holds placement-tls 0 "$(not_looked tls-failed)" "$(check message.placement tls error)"
	# the same file once more, with the Message-ID of the last time, which is in Junk still
	printf 'Subject: once more\nMessage-ID: <once.more@example.com>\n\nHello\n' >"$work/again.eml"
	place seed --ehlo mail.example.com --from sender@bad.example.com --source 203.0.113.11 --message "$work/again.eml"
	holds placement-first 1 "$(placed junk Junk)"
	place seed $sender $signed --source 203.0.113.10 --message "$work/again.eml"
	holds placement-again 0 "$(placed inbox INBOX)" \
		'[.targets[0].placement[0].seen[] | select(.seen == "pass")] | length == 3'

	place starttls $sender $signed --source 203.0.113.10 --clean
	holds placement-starttls 0 "$(placed inbox INBOX)" '.targets[0].placement[0].cleaned'
	for how in tls starttls; do
		while read -r fault words; do
			place $fault-$how $sender $signed --source 203.0.113.10
			holds placement-$fault-$how 0 "$(not_looked tls-failed)" \
				".targets[0].placement[0].reason | contains(\"$words\")"
		done <<'F'
expired expired
self self-signed
name does not cover plain-name.dane.example
F
	done
	# a server elsewhere that offers no STARTTLS gets no password
	place clear $sender $signed --source 203.0.113.10
	holds placement-clear 0 "$(not_looked tls-failed)" '.targets[0].placement[0].reason | contains("offers no TLS")'
	if grep -q 'Login.*rip=.*lip=.*TLS' "$work/dovecot.log" && grep -q "lip=$(each_tls_host address_of_no_tls)," "$work/dovecot.log" &&
		! grep "lip=$(each_tls_host address_of_no_tls)," "$work/dovecot.log" | grep -qi 'user=<[^>]'; then
		echo "PASS placement-clear-password"
	else
		echo "FAIL placement-clear-password: $(grep "lip=" "$work/dovecot.log" | tail -n 3)"
		failures=$((failures + 1))
	fi
	probe --config "$work/mailboxes.conf" --send --mailbox folder --timeout 6 $sender $signed --source 203.0.113.10
	holds placement-folder 0 "$(not_looked no-folder)" \
		'[.checks[] | select(.id == "message.placement")][0].summary | contains("Nowhere")'
	probe --config "$work/mailboxes.conf" --send --mailbox lost --timeout 6 $sender $signed --source 203.0.113.10
	holds placement-lost 1 '.targets[0].placement[0].kind == "missing"' "$(check message.placement lost warn)"
	(
		sleep 3
		{ postsuper -c "$pf/etc" -H ALL && postqueue -c "$pf/etc" -f; } >"$work/postsuper.log" 2>&1
	) &
	place late $sender $signed --source 203.0.113.10
	holds placement-late 0 "$(placed inbox INBOX)" '.targets[0].placement[0].seconds > 1'

	place grey $sender $signed --source 203.0.113.10 --retry
	holds placement-greylisted 0 "$(placed inbox INBOX)" \
		'[.targets[0].sessions[].outcome] == ["deferred", "accepted"]' \
		"$([ "$(maildir_count grey@grey.example.net INBOX)" = 1 ] && echo true || echo false)"

	# secrets: in no report, no log of a run, no argument list
	n=$((n + 1))
	if [ -s "$work/seen.args" ] && grep -q -- '--mailbox command' "$work/seen.args" &&
		! grep -qF "$mailbox_password" "$work"/report.*.json "$work/stderr" "$work/seen.args"; then
		echo "PASS placement-secrets"
	else
		echo "FAIL placement-secrets: $(grep -lF "$mailbox_password" "$work"/report.*.json "$work/stderr" "$work/seen.args")"
		failures=$((failures + 1))
	fi
else
	echo "SKIP placement: there is no rspamd or no dovecot"
fi
