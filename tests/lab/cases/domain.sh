# tests/lab/cases/domain.sh - what DNS says of the sender's domain, by a validating resolver: signed, unsigned, bogus
# shellcheck disable=SC2086 # $sender is a list of words

probe check $sender --source 203.0.113.10 --selector lab --dkim-key "$work/dkim.pem"
holds domain-signed 0 "$(faults '')" "$(check dkim.key lab._domainkey.example.com pass)" \
	"$(check dkim.strength lab._domainkey.example.com pass)" "$(check dkim.pair lab._domainkey.example.com pass)" \
	"$(check dmarc.record example.com pass)" "$(check dmarc.alignment example.com pass)" \
	"$(check tls_rpt.sender example.com pass)" "$(check dnssec.sender example.com pass)" \
	"$(check mx.sender example.com pass)" "$(check soa.sender example.com pass)" "$(check spf.record example.com pass)"

probe check $sender --source 203.0.113.10 --selector lab --dkim-key "$work/dkim.other.pem"
holds domain-another-key 2 "$(check dkim.pair lab._domainkey.example.com fail)" "$(first dkim-fail latent)"

probe dkim lab example.com
holds dkim-alone 0 '.result == "pass"' '.key.bits == 2048'
probe dkim gone example.com
holds dkim-missing 2 '.result != "pass"'
probe dmarc example.com
holds dmarc-alone 0 '.policy == "none"' '.organizational_domain == "example.com"' '.record_domain == "example.com"'

# not signed: nothing to be said against it, and its SPF is judged like any other
probe check --ehlo mail.example.com --from sender@example.org --source 203.0.113.10
holds domain-unsigned 1 "$(check dnssec.sender example.org info)" "$(check spf.mail_from sender@example.org warn)"

# signatures that do not hold: what a validating receiver cannot look up is an error, and the broken zone the one fault
probe check --ehlo mail.example.com --from sender@broken.example --source 203.0.113.10
holds domain-bogus 2 "$(check dnssec.sender broken.example fail)" "$(check spf.record broken.example error)" \
	"$(check mx.sender broken.example error)" "$(first sender-domain-dns latent)" \
	'[.findings[] | select(.status == "fail")] | length == 1'
