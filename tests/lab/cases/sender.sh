# tests/lab/cases/sender.sh - a sender as it should be, and the checks of a sender alone
# shellcheck disable=SC2086 # $sender is a list of words

probe --to you@example.net $sender --source 203.0.113.10
holds healthy 0 "$(faults '')" "$(check ptr.exists 203.0.113.10 pass)" "$(check ptr.fcrdns 203.0.113.10 pass)" \
	"$(check ptr.matches_ehlo 203.0.113.10 pass)" "$(check ptr.propagation 203.0.113.10 pass)" \
	'.targets[0].sessions[0].tls.verified == "pkix"' '.targets[0].sessions[0].tls.version == "TLSv1.3"' \
	'.targets[0].sessions[0].turnarounds == 7' '.verdict.basis == "rcpt"' \
	'[.checks[] | select(.id == "resolver.health")][0].values.validates == true' \
	"$(check spf.mail_from sender@example.com pass)" "$(check dnssec.sender example.com pass)"

probe check $sender --source 203.0.113.10
holds check-healthy 0 '.targets == []'
probe check $sender --source 203.0.113.11
holds check-no-ptr 2 "$(check ptr.exists 203.0.113.11 fail)"
