# tests/lab/cases/matrix.sh - every faulty sender against real receivers of several makes: where one cares, its fault is
# named first and confirmed; where none does, it is still found; nothing else is said against it, and nothing at all
# against a sender that is right
# shellcheck disable=SC2086 # lists of words

printf '[dnsbl bl.example.net]\n127.0.0.2 = a source of spam\n' >"$work/lists.conf"

# NAME ADDRESS WHAT-IT-REFUSES...
receivers()
{
	echo postfix-reverse 198.51.100.25 no-ptr
	echo postfix-fcrdns 198.51.100.26 no-ptr leads-elsewhere leads-nowhere
	echo postfix-helo 198.51.100.27 helo-bare helo-unknown helo-typo
	echo postfix-list 198.51.100.40 listed
	echo postfix-sender 198.51.100.41 no-domain
	echo postfix-generic 198.51.100.44 generic
	if [ $exim_judges = yes ]; then
		echo exim-fcrdns 198.51.100.42 no-ptr leads-elsewhere leads-nowhere
		echo exim-helo 198.51.100.45 helo-bare helo-unknown helo-typo helo-other leads-elsewhere
		echo exim-list 198.51.100.46 listed
		[ "$exim_spf" != yes ] || echo exim-spf 198.51.100.47 spf
		echo exim-sender 198.51.100.48 no-domain
	fi
	if [ $have_opensmtpd = yes ]; then
		echo opensmtpd-rdns 198.51.100.49 no-ptr
		echo opensmtpd-fcrdns 198.51.100.50 no-ptr leads-elsewhere leads-nowhere
	fi
	[ $have_opendmarc = no ] || echo opendmarc 198.51.100.43 dmarc
	echo takes-all 198.51.100.28
}

# NAME CAUSE OPTIONS...
senders()
{
	echo right - $sender --source 203.0.113.10
	echo no-ptr ptr-missing --ehlo host11.example.com --from sender@example.com --source 203.0.113.11
	echo leads-elsewhere fcrdns-mismatch --ehlo other.example.com --from sender@example.com --source 203.0.113.12
	echo leads-nowhere fcrdns-mismatch --ehlo host16.example.com --from sender@example.com --source 203.0.113.16
	echo generic rdns-generic --ehlo 203-0-113-13.dsl-pool.example.org --from sender@example.com --source 203.0.113.13
	echo helo-bare helo-rejected --ehlo localhost --from sender@example.com --source 203.0.113.10
	echo helo-unknown helo-rejected --ehlo no-such-name.example.com --from sender@example.com --source 203.0.113.10
	echo helo-typo helo-rejected --ehlo mial.example.com --from sender@example.com --source 203.0.113.10
	echo helo-other helo-rejected --ehlo other.example.com --from sender@example.com --source 203.0.113.10
	echo spf spf-fail --ehlo mail.example.com --from sender@bad.example.com --source 203.0.113.10
	echo dmarc dmarc-fail $sender --header-from news@strict.example.com --source 203.0.113.10
	echo listed dnsbl-listed --ehlo listed.example.com --from sender@example.com --source 203.0.113.15
	echo no-domain sender-domain-dns --ehlo mail.example.com --from sender@no-such.example.com --source 203.0.113.10
}

refuses() # NAME WHAT...
{
	refused=$1
	shift
	for what; do [ "$what" != "$refused" ] || return 0; done
	return 1
}

matrix_cell() # RECEIVER ADDRESS REFUSES... with $sender_name, $cause and $options
{
	receiver=$1 address=$2
	shift 2
	case $receiver in
		*opendmarc) sends=--send ;;
		*) sends= ;;
	esac
	probe --to "mx:$address" --rcpt you@open.example.net $options --config "$work/lists.conf" $sends
	if [ $cause = - ]; then
		holds "matrix-$receiver-$sender_name" 0 "$(faults '')"
	elif refuses $sender_name "$@"; then
		holds "matrix-$receiver-$sender_name" 2 "$(first $cause confirmed)" "$(faults $cause)" '.targets[0].status == "blocked"'
	else
		holds "matrix-$receiver-$sender_name" "$(jq -r 'if .verdict.status == "at-risk" then 1 else 2 end' "$report")" \
			".findings[0] | .cause == \"$cause\" and .certainty == \"latent\"" "$(faults $cause)" \
			'.targets[0].sessions | all(.outcome == "accepted")'
	fi
}

senders >"$work/matrix.senders"
receivers >"$work/matrix.receivers"
while read -r sender_name cause options; do
	while read -r row <&3; do
		matrix_cell $row </dev/null
	done 3<"$work/matrix.receivers"
done <"$work/matrix.senders"
