# tests/lab/cases/reverse.sh - reverse names: missing, not leading back, generic, bogus, cached; in both families
# shellcheck disable=SC2086 # $sender is a list of words

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
