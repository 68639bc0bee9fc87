# tests/lab/cases/undecided.sh - where no receiver decides: no resolver, no such domain, no server
# shellcheck disable=SC2086 # $sender is a list of words

probe --to you@example.net $sender --source 203.0.113.10 --resolver 203.0.113.53
holds no-resolver 3 '.verdict.status == "unknown"' '[.checks[] | select(.status == "fail")] | length == 0'
probe --to no-such-domain.example.net $sender --source 203.0.113.10
holds no-such-domain 2 '.verdict.basis == "dns"' '.targets[0].sessions == []'
probe --to mx:198.51.100.28:26 $sender --source 203.0.113.10
holds refused-port 3 '.targets[0].sessions[0] | .outcome == "unreachable" and .stage == "connect"'
