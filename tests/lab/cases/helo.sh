# tests/lab/cases/helo.sh - the name that is announced
# shellcheck disable=SC2086 # $sender is a list of words

probe --to you@helo.example.net --ehlo no-such-name.example.com --from sender@example.com --source 203.0.113.10
holds helo-unresolvable 2 "$(first helo-rejected confirmed)" "$(faults helo-rejected)" \
	"$(check ehlo.resolves no-such-name.example.com fail)"

probe --to you@helo.example.net --ehlo localhost --from sender@example.com --source 203.0.113.10
holds helo-localhost 2 "$(first helo-rejected confirmed)" "$(check ehlo.syntax localhost fail)"
