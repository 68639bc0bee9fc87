# tests/lab/cases.sh - what mailprobe must say in the lab; sourced by tests/lab/run

failures=0
n=0

# Run mailprobe; its report goes to $report, its exit status to $status.
probe() # ARGS...
{
	n=$((n + 1))
	report=$work/report.$n.json
	"$MAILPROBE" "$@" --ca-file "$work/ca.pem" --timeout 30 --format json >"$report" 2>"$work/stderr"
	status=$?
}

# One case: the report must satisfy every jq expression, have the exit status, and replay to the same judgement.
holds() # NAME STATUS EXPRESSION...
{
	name=$1 want=$2 why=
	shift 2
	[ "$status" = "$want" ] || why="exit status $status, want $want"
	for expression; do
		[ "$(jq -r "$expression" "$report" 2>&1)" = true ] || why="$why${why:+; }not true: $expression"
	done
	"$MAILPROBE" replay "$report" --format json >"$report.again" 2>>"$work/stderr"
	for part in sender checks targets findings verdict; do
		jq ".$part" "$report" >"$work/a" 2>&1
		jq ".$part" "$report.again" >"$work/b" 2>&1
		cmp -s "$work/a" "$work/b" || why="$why${why:+; }the replay differs in $part"
	done
	if [ -z "$why" ]; then
		echo "PASS $name"
	else
		echo "FAIL $name: $why"
		cat "$work/stderr"
		jq -c '{verdict, findings: [.findings[] | {id, status, certainty}], checks: [.checks[] | select(.status != "pass" and .status != "skip") | {id, subject, status, summary}], replies: [.targets[].sessions[] | {outcome, stage, reason, reply: .reply.lines}]}' "$report"
		failures=$((failures + 1))
	fi
}

check() # ID SUBJECT STATUS: as a jq expression
{
	echo "[.checks[] | select(.id == \"$1\" and .subject == \"$2\")] | length == 1 and .[0].status == \"$3\""
}
first() # CAUSE CERTAINTY
{
	echo ".findings[0] | .cause == \"$1\" and .certainty == \"$2\" and .status == \"fail\""
}
faults() # CAUSE...: exactly these findings of status fail or warn
{
	echo "[.findings[] | select(.status != \"info\") | .cause] | sort == ([$(printf '"%s",' "$@" | sed 's/,$//; s/""//')] | sort)"
}
sender='--ehlo mail.example.com --from sender@example.com'

# shellcheck disable=SC2086 # $sender is a list of words
{
	probe --to you@example.net $sender --source 203.0.113.10
	holds healthy 0 "$(faults '')" "$(check ptr.exists 203.0.113.10 pass)" "$(check ptr.fcrdns 203.0.113.10 pass)" \
		"$(check ptr.matches_ehlo 203.0.113.10 pass)" "$(check ptr.propagation 203.0.113.10 pass)" \
		'.targets[0].sessions[0].tls.verified == "pkix"' '.targets[0].sessions[0].tls.version == "TLSv1.3"' \
		'.targets[0].sessions[0].turnarounds == 7' '.verdict.basis == "rcpt"' \
		'[.checks[] | select(.id == "resolver.health")][0].values.validates == true' \
		"$(check spf.mail_from sender@example.com pass)" "$(check dnssec.sender example.com pass)"

	probe --to you@example.net $sender --source 203.0.113.11
	holds no-ptr 2 "$(first ptr-missing confirmed)" "$(check ptr.exists 203.0.113.11 fail)" \
		'.targets[0].sessions[0].reply | .code == 550 and .enhanced == "5.7.1" and (.lines | join(" ") | test("cannot find your reverse hostname"))' \
		'.targets[0].sessions[0] | .stage == "rcpt-to" and .cause.id == "ptr-missing" and .cause.provider == "postfix"' \
		'.findings[0].request | test("203.0.113.11") and test("11.113.0.203.in-addr.arpa")'

	probe --to you@fcrdns.example.net --ehlo other.example.com --from sender@example.com --source 203.0.113.12
	holds fcrdns-mismatch 2 "$(first fcrdns-mismatch confirmed)" "$(faults fcrdns-mismatch)" \
		"$(check ptr.exists 203.0.113.12 pass)" "$(check ptr.fcrdns 203.0.113.12 fail)" \
		'.targets[0].sessions[0].reply | .enhanced == "5.7.25" and (.lines | join(" ") | test("cannot find your hostname"))'

	probe --to you@fcrdns.example.net $sender --source 203.0.113.11
	holds fcrdns-without-ptr 2 "$(first ptr-missing confirmed)" \
		'.targets[0].sessions[0].reply.lines | join(" ") | test("cannot find your hostname")'

	probe --to you@helo.example.net --ehlo no-such-name.example.com --from sender@example.com --source 203.0.113.10
	holds helo-unresolvable 2 "$(first helo-rejected confirmed)" "$(faults helo-rejected)" \
		"$(check ehlo.resolves no-such-name.example.com fail)"

	probe --to you@helo.example.net --ehlo localhost --from sender@example.com --source 203.0.113.10
	holds helo-localhost 2 "$(first helo-rejected confirmed)" "$(check ehlo.syntax localhost fail)"

	probe --to you@open.example.net $sender --source 203.0.113.11
	holds latent-no-ptr 1 '.findings[0] | .cause == "ptr-missing" and .certainty == "latent" and .status == "fail"' \
		'.verdict.status == "at-risk"'

	probe --to you@open.example.net --ehlo mail.example.com --from sender@example.com --source 203.0.113.13
	holds generic-ptr 1 '[.findings[].cause] | index("rdns-generic") != null' "$(check ptr.generic 203.0.113.13 warn)"

	# a reverse zone whose signatures do not hold: no PTR can be determined, which is nobody's missing PTR
	probe --to you@example.net $sender --source 192.0.2.10
	holds bogus-reverse-zone 1 "$(check ptr.exists 192.0.2.10 error)" \
		'[.findings[] | select(.status == "fail")] | length == 0' \
		'.targets[0].sessions[0] | .outcome == "deferred" and .reply.code == 450'

	# the PTR is set while resolvers still have the old answer
	probe --to you@example.net --ehlo host14.example.com --from sender@example.com --source 203.0.113.14
	holds before-the-ptr-is-set 2 "$(first ptr-missing confirmed)"
	reverse_113 2 && reload_zones
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		"$MAILPROBE" ptr 203.0.113.14 --resolver 198.51.100.53 --timeout 5 --format json 2>/dev/null |
			jq -e '.checks[] | select(.id == "ptr.exists" and .status == "pass")' >/dev/null && break
		sleep 0.25
	done
	probe --to you@example.net --ehlo host14.example.com --from sender@example.com --source 203.0.113.14
	holds stale-caches 2 "$(first ptr-missing claimed)" "$(check ptr.exists 203.0.113.14 pass)" \
		"$(check ptr.propagation 203.0.113.14 warn)" \
		'[.checks[] | select(.id == "ptr.propagation")][0].values | (.until | test("^20..-..-..T")) and .ttl > 0 and .ttl <= 900' \
		'.findings[0].explanation | test("until 20")'

	if [ $ip6 = yes ]; then
		probe --to you@example.net $sender --source 2001:db8:1::10
		holds ipv6-healthy 0 "$(faults '')" "$(check ptr.fcrdns 2001:db8:1::10 pass)"
		probe --to you@example.net $sender --source 203.0.113.10 --source 2001:db8:1::11
		holds ipv6-no-ptr 2 "$(first ptr-missing confirmed)" "$(check ptr.exists 2001:db8:1::11 fail)" \
			"$(check ptr.exists 203.0.113.10 pass)" '.targets[0].sessions | map(.outcome) == ["accepted", "rejected"]'
	else
		echo "SKIP ipv6 this system has no IPv6"
	fi

	# as a user types it: the alias, the source by route, the resolver of the system
	probe --to gmail-mx $sender
	holds gmail-mx 0 '.targets[0].domain == "gmail.com"' '.sender.sources[0].address == "203.0.113.10"' \
		'.verdict.summary | test("Gmail is known to judge|Gmail and Google Workspace is known to judge")'
	probe --to gmail-mx,example.org $sender --source 203.0.113.11
	holds two-receivers-agree 2 '[.findings[] | select(.cause == "ptr-missing")] | length == 1' \
		'.targets | length == 2 and all(.status == "blocked")'

	# as an administrator types it on the host itself: who sends, from where and as what comes from its own Postfix
	if mount -t tmpfs tmpfs "$work/etc" && mkdir "$work/etc/upper" "$work/etc/work" &&
		mount -t overlay -o "lowerdir=/etc,upperdir=$work/etc/upper,workdir=$work/etc/work" overlay /etc 2>/dev/null; then
		mkdir -p /etc/postfix
		printf 'myhostname = mail.example.com\nmyorigin = example.com\nsmtp_bind_address = 203.0.113.11\ninet_protocols = ipv4\n' \
			>/etc/postfix/main.cf
		: >/etc/postfix/master.cf
		# not over the file that is there: without root it belongs to nobody we know
		rm -f /etc/resolv.conf
		cp "$work/resolv.senders" /etc/resolv.conf
		probe --to gmail-mx
		holds own-mta 2 "$(first ptr-missing confirmed)" '.sender | .ehlo == "mail.example.com" and .mta == "postfix"' \
			'.sender.mail_from == "postmaster@example.com"' '.sender.sources | map(.address) == ["203.0.113.11"]'
		umount /etc
	else
		echo "SKIP own-mta there is no overlayfs"
	fi

	probe check $sender --source 203.0.113.10
	holds check-healthy 0 '.targets == []'
	probe check $sender --source 203.0.113.11
	holds check-no-ptr 2 "$(check ptr.exists 203.0.113.11 fail)"

	probe --to you@example.net $sender --source 203.0.113.10 --resolver 203.0.113.53
	holds no-resolver 3 '.verdict.status == "unknown"' '[.checks[] | select(.status == "fail")] | length == 0'
	probe --to no-such-domain.example.net $sender --source 203.0.113.10
	holds no-such-domain 2 '.verdict.basis == "dns"' '.targets[0].sessions == []'
	probe --to mx:198.51.100.28:26 $sender --source 203.0.113.10
	holds refused-port 3 '.targets[0].sessions[0] | .outcome == "unreachable" and .stage == "connect"'
}

[ $failures = 0 ]
