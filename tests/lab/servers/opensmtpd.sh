# tests/lab/servers/opensmtpd.sh - OpenSMTPD, whose STARTTLS fails with OpenSSL 3 (6.8 of Debian 12); sourced by
# tests/lab/run

opensmtpd_for_tls() # a row of tls.tab
{
	[ "$4" = opensmtpd ] || return 0
	opensmtpd_address=$3
	cat >"$work/smtpd.conf" <<C
pki lab cert "$work/$5.pem"
pki lab key "$work/$5.key"
filter "no-rdns" phase connect match !rdns disconnect "550 No reverse DNS for your address"
filter "no-fcrdns" phase connect match !fcrdns disconnect "550 Forward and reverse DNS of your address do not agree"
listen on $3 port 25 tls pki lab hostname $2
listen on 198.51.100.49 port 25 filter "no-rdns" hostname mx-judge.example.net
listen on 198.51.100.50 port 25 filter "no-fcrdns" hostname mx-judge.example.net
action "take" relay
action "keep" mda "exec cat >$work/kept/opensmtpd/new/message" virtual { "@" = "vmail" }
match from any for domain "kept.dane.example" action "keep"
match from any for any action "take"
C
}
have_opensmtpd=no
if [ -x "${LAB_ROOT}/usr/sbin/smtpd" ]; then
	each_tls_host opensmtpd_for_tls
	mkdir -p "$work/kept/opensmtpd/new" && chown vmail "$work/kept/opensmtpd/new"
	# its helpers are looked for at the place that it was built for
	unshare --mount sh -c '
		[ -z "$3" ] || mount -t overlay overlay -o "lowerdir=/usr/libexec:$3/usr/libexec" /usr/libexec || exit 1
		mount -t tmpfs tmpfs /var/spool && mkdir -p /var/spool/smtpd /var/spool/smtpd/offline /var/spool/smtpd/purge &&
			chmod 711 /var/spool/smtpd && chown root:opensmtpq /var/spool/smtpd/offline &&
			chmod 770 /var/spool/smtpd/offline && chown opensmtpq /var/spool/smtpd/purge && chmod 700 /var/spool/smtpd/purge &&
			mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/opensmtpd/empty && chmod 711 /var/lib/opensmtpd/empty &&
			mount -t tmpfs tmpfs /run && exec "$1" -d -f "$2"' \
		opensmtpd "${LAB_ROOT}/usr/sbin/smtpd" "$work/smtpd.conf" "${LAB_ROOT}" >"$work/opensmtpd.out.log" 2>&1 &
	for _ in 1 2 3 4 5 6 7 8; do
		listens "$opensmtpd_address:25" && have_opensmtpd=yes && break
		sleep 0.25
	done
fi
