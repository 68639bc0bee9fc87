# tests/lab/servers/spamd.sh - SpamAssassin's spamd with the rules that it ships, at 127.0.0.1:783; it looks names up as
# the receivers do; sourced by tests/lab/run

# Started for the first case that needs it, since that takes its time. False: there is none here.
sa=$work/spamd
spamd_up()
{
	[ ! -d "$sa" ] || return 0
	command -v spamd >/dev/null 2>&1 && command -v perl >/dev/null 2>&1 || return 1
	mkdir -p "$sa/site" "$sa/home" "$sa/state"
	cp "$LAB_ROOT"/etc/spamassassin/*.pre "$sa/site/" || return 1
	# nobody outside is asked, and nothing is remembered
	cat >"$sa/site/local.cf" <<C
dns_server 198.51.100.54
skip_rbl_checks 1
skip_uribl_checks 1
use_bayes 0
C
	chmod -R a+rX "$sa" && chown -R nobody "$sa/home" "$sa/state"
	# with -T, Perl looks nowhere but where it is told to
	perl5=
	for dir in "$LAB_ROOT"/usr/share/perl5 "$LAB_ROOT"/usr/lib/*/perl5/*; do
		[ ! -d "$dir" ] || perl5="$perl5 -I$dir"
	done
	# shellcheck disable=SC2086 # a list of words
	perl -T $perl5 "$(command -v spamd)" -x -u nobody --listen=127.0.0.1:783 --max-children=1 \
		--siteconfigpath="$sa/site" --configpath="$LAB_ROOT/usr/share/spamassassin" --helper-home-dir="$sa/home" \
		>"$work/spamd.out.log" 2>&1 &
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		listens 127.0.0.1:783 && return 0
		sleep 1
	done
	fatal 'spamd does not answer'
}
