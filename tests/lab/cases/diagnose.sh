# tests/lab/cases/diagnose.sh - refusals that name no cause, deferrals, and ways that lead nowhere
# shellcheck disable=SC2086 # $sender is a list of words

if [ "$exim" = yes ]; then
	probe --to you@exim.example.net --ehlo other.example.com --from sender@example.com --source 203.0.113.10
	holds exim-bare 2 '.targets[0].sessions[0].reply.lines == ["550 Administrative prohibition"]' \
		"$(first helo-rejected likely)"
	probe --to you@exim.example.net --ehlo other.example.com --from sender@example.com --source 203.0.113.10 --diagnose
	holds exim-ehlo-isolated 2 "$(first helo-rejected isolated)" "$(faults helo-rejected)" \
		'.targets[0].diagnosis | map([.factor, .changed]) == [["ehlo", true]]' \
		'.targets[0].sessions | map(.ehlo) == ["other.example.com", "mail.example.com"]' \
		'.targets[0].sessions[1] | .purpose == "vary:ehlo" and .outcome == "accepted" and .pause_ms == 5000'
	probe --to you@exim.example.net $sender --source 203.0.113.10 --source 203.0.113.11 --diagnose
	holds exim-source-isolated 2 "$(first ptr-missing isolated)" "$(check ptr.exists 203.0.113.11 fail)" \
		'.targets[0].diagnosis | map([.factor, .changed]) == [["source", true]]' '.targets[0].sessions | length == 2'
	probe --to you@exim.example.net $sender --source 203.0.113.11 --diagnose --timeout 60
	holds exim-in-vain 2 "$(first ptr-missing likely)" '.targets[0].diagnosis | length > 2 and all(.changed == false)'
	if [ $ip6 = yes ]; then
		probe --to you@exim.example.net $sender --source 203.0.113.10 --source 2001:db8:1::11 --diagnose
		holds exim-family-isolated 2 "$(first ptr-missing isolated)" "$(check ptr.exists 2001:db8:1::11 fail)" \
			'.targets[0].diagnosis | map([.factor, .changed]) == [["family", true]]'
	fi
else
	echo "SKIP exim there is no exim4"
fi

probe --to you@grey.example.net $sender --source 203.0.113.10 --retry
holds greylisted-retry 0 '.targets[0].sessions | map([.purpose, .outcome]) == [["baseline", "deferred"], ["retry", "accepted"]]' \
	'.findings[0] | .cause == "greylisted" and .certainty == "isolated" and .status == "info"' \
	'.targets[0].deferrals[0] | .after_s == 2 and .named and .retried'
probe --to you@grey.example.net --ehlo mail.example.com --from other@example.com --source 203.0.113.10 --diagnose
holds greylisted-is-left-alone 1 '.targets[0].diagnosis == []' '.targets[0].sessions | length == 1'

probe --to you@screen.example.net $sender --source 203.0.113.10
holds greet-pause 0 '.targets[0].sessions[0] | .outcome == "accepted" and .timings_ms.banner >= 3500' \
	'[.checks[] | select(.id == "smtp.greeting")] | length == 1 and .[0].status == "info" and .[0].values.ms >= 3500'

# nobody is there, and nothing comes back: two receivers, none with an answer
probe --to you@dropped.example.net $sender --source 203.0.113.10
holds dropped-port 3 '.findings[0] | .cause == "egress-blocked" and .request_kind == "port25"' \
	'.targets[0].sessions | all(.outcome == "unreachable" and .no_way == "silent")' \
	'[.checks[] | select(.id == "egress.port25")][0].values | .how == "silent" and .control == "silent" and (.tried | length == 2)'
# refused: RST, by a host that is there
probe --to mx:198.51.100.28:26 $sender --source 203.0.113.10
holds refused-is-not-dropped 3 '.targets[0].sessions[0].no_way == "refused"' \
	'[.checks[] | select(.id == "egress.port25")][0] | .status == "error" and .values.how == "refused"'
if [ $ip6 = yes ]; then
	probe --to you@v6far.example.net $sender --source 2001:db8:1::10
	holds no-ipv6-route 3 "$(check egress.port25 2001:db8:1::10 error)" "$(faults '')" \
		'[.checks[] | select(.id == "egress.port25")][0].values.how == "no-network"'
fi
