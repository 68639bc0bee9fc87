# tests/lab/cases/tls.sh - TLS and DANE of each row of tls.tab, and what posttls-finger says of the same host
# shellcheck disable=SC2086,SC2154 # lists of words; what other files of the lab set

finger() # LEVEL HOST: the words of its verdict, to $said
{
	MAIL_CONFIG=$pf/etc posttls-finger -c -l "$1" -F "$work/ca.pem" -t 5 "[$2]" >"$work/finger.$2.$1" 2>&1
	said=$(sed -n 's/^posttls-finger: \(Verified\|Trusted\|Untrusted\|Anonymous\) TLS connection established to .*/\1/p' \
		"$work/finger.$2.$1")
}

disagree() # LEVEL OURS
{
	why="$why${why:+; }posttls-finger -l $1: ${said:-no TLS}, we: $2"
	cat "$work/finger.$host.$1"
}

values() # EXPRESSION: of the row's server and check
{
	jq -r "[.checks[] | select(.id == \"$1\" and (.subject | startswith(\"$host [\")))][0] | $2" "$report"
}

tls_case() # a row of tls.tab
{
	host=$2 server=$4 want_cert=$7 want_dane=$8 want_version=$9 why=
	[ "$server" != exim ] || [ "$have_exim" = yes ] || { echo "SKIP tls-$1 there is no Exim"; return; }
	[ "$server" != opensmtpd ] || [ "$have_opensmtpd" = yes ] || { echo "SKIP tls-$1 there is no OpenSMTPD"; return; }
	cert=$(values tls.certificate .status) dane=$(values tls.dane .status)
	version=$(jq -r "[.targets[].sessions[] | select(.mx == \"$host\")][0].tls.version // \"-\"" "$report")
	verified=$(jq -r "[.targets[].sessions[] | select(.mx == \"$host\")][0].tls.verified // \"-\"" "$report")
	[ "$cert" = "$want_cert" ] || why="tls.certificate is $cert, want $want_cert"
	[ "$dane" = "$want_dane" ] || why="$why${why:+; }tls.dane is $dane, want $want_dane"
	[ "$version" = "$want_version" ] || why="$why${why:+; }TLS is $version, want $want_version"
	# what another client of the field says of the same host
	pkix=$(values tls.certificate '.values | .chain == null and .name == null and .time == null and has("chain")')
	if [ "$version" != TLSv1 ] && [ "$version" != TLSv1.1 ]; then # which it does not speak at its defaults
		finger may "$host"
		case $version:$said in
			-:?* | TLS*:) disagree may "$version" ;;
		esac
		finger secure "$host"
		case $pkix:$said in
			true:Verified) ;;
			true:* | false:Verified) disagree secure "PKIX right: $pkix" ;;
		esac
		finger dane "$host"
		case $dane:$said in
			pass:Verified | info:?* | warn:?* | error: | fail: | fail:Trusted | fail:Untrusted) ;;
			*) disagree dane "tls.dane $dane" ;;
		esac
		case $dane:$verified in
			pass:dane | info:pkix | info:none | warn:pkix | error:pkix | fail:none | fail:pkix | fail:-) ;;
			*) why="$why${why:+; }tls.verified is $verified with tls.dane $dane" ;;
		esac
	fi
	if [ -z "$why" ]; then
		echo "PASS tls-$1"
	else
		echo "FAIL tls-$1: $why"
		jq -c ".checks[] | select((.id | startswith(\"tls.\")) and (.subject | startswith(\"$host [\"))) | {id, status, summary, detail, values}" "$report"
		failures=$((failures + 1))
	fi
}

all_hosts=
collect()
{
	all_hosts="$all_hosts${all_hosts:+,}mx:$2"
}
each_tls_host collect
probe --to "$all_hosts" $sender --source 203.0.113.10
holds tls-all 1 '.targets | length > 30' \
	'[.findings[] | select(.status != "info") | .cause] | unique == ["tls-policy"]' \
	'[.findings[] | select(.status == "fail") | .because[0].check] | unique == ["tls.dane"]'
each_tls_host tls_case

probe --to you@dane.example $sender --source 203.0.113.10
holds dane-by-mx 0 '.targets[0].policy.dane | .status == "secure" and (.hosts[0].records | length) == 1' \
	'.targets[0].sessions[0].tls.verified == "dane"'
probe --to you@by-alias.dane.example $sender --source 203.0.113.10
holds dane-mx-is-an-alias 0 '.targets[0].policy.dane.hosts[0].name == "_25._tcp.ee-key.dane.example"' \
	'.targets[0].sessions[0].tls.verified == "dane"'
probe --to you@by-wrong.dane.example $sender --source 203.0.113.10
holds dane-violated 1 '.findings[0] | .cause == "tls-policy" and .status == "fail" and .certainty == "latent"' \
	'.findings[0].fix[0] | test("3 1 1 [0-9a-f]{64}")' \
	'(.findings[0].fix[0] | capture("3 1 1 (?<d>[0-9a-f]{64})").d) == .targets[0].sessions[0].tls.certificate.spki_sha256' \
	'.verdict.status == "at-risk"'
# a resolver elsewhere, whose word for DNSSEC may have been changed on the way
probe --to you@by-wrong.dane.example $sender --source 203.0.113.10 --resolver 198.51.100.54
holds dane-not-believed 0 '[.checks[] | select(.id == "tls.dane")][0].status == "info"'
probe --to you@by-wrong.dane.example $sender --source 203.0.113.10 --resolver 198.51.100.54 --trust-ad
holds dane-trust-ad 1 '[.checks[] | select(.id == "tls.dane")][0].status == "fail"'
