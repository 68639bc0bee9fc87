# tests/lab/cases/mta-sts.sh - MTA-STS of a receiver, its policy from a real web server
# shellcheck disable=SC2086,SC2154 # $sender is a list of words; what other files of the lab set

sts() # STATUS: of tls.mta_sts, as a jq expression
{
	echo "[.checks[] | select(.id == \"tls.mta_sts\")] | length == 1 and .[0].status == \"$1\""
}

if [ "$have_nginx" = yes ]; then
	probe --to you@enforce.sts.example $sender --source 203.0.113.10
	holds mta-sts-enforce 0 "$(sts pass)" '.targets[0].policy | .mta_sts.mode == "enforce" and .followed == "mta-sts"' \
		'.targets[0].policy.dane.status == "insecure"' '.targets[0].sessions[0].tls.verified == "pkix"'
	probe --to you@self.sts.example $sender --source 203.0.113.10
	holds mta-sts-self-signed 1 "$(sts fail)" "$(faults tls-policy)" \
		'[.checks[] | select(.id == "tls.certificate")][0].status == "fail"'
	probe --to you@other.sts.example $sender --source 203.0.113.10
	holds mta-sts-another-mx 1 "$(sts fail)" "$(faults tls-policy)" \
		'[.checks[] | select(.id == "tls.certificate")][0].status == "pass"'
	probe --to you@testing.sts.example $sender --source 203.0.113.10
	holds mta-sts-testing 0 '.targets[0].policy.mta_sts.mode == "testing"' "$(faults '')"
	probe --to you@stranger.sts.example $sender --source 203.0.113.10
	holds mta-sts-host-of-another-name 0 '[.checks[] | select(.id == "tls.mta_sts")][0].status != "pass"' "$(faults '')"
	probe --to you@refused.sts.example $sender --source 203.0.113.10
	holds mta-sts-host-refuses 0 '[.checks[] | select(.id == "tls.mta_sts")][0].status != "pass"' "$(faults '')"
	# self-signed, and named by its TLSA record: DANE goes first
	probe --to you@both.dane.example $sender --source 203.0.113.10
	holds mta-sts-and-dane "$status" '.targets[0].policy | .followed == "dane" and .mta_sts.mode == "enforce"' \
		'.targets[0].sessions[0].tls.verified == "dane"' \
		'[.checks[] | select(.id == "tls.certificate" or .id == "tls.dane") | .status] == ["pass", "pass"]'
else
	echo "SKIP mta-sts there is no nginx"
fi
