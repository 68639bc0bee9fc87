# tests/lab/servers/postfix.sh - Postfix, one smtpd for each receiver; sourced by tests/lab/run

pf=$work/postfix
mkdir -p "$pf/etc" "$pf/data" "$pf/queue"
for d in active bounce corrupt defer deferred flush hold incoming private public maildrop pid saved trace; do
	mkdir -p "$pf/queue/$d"
done
chmod 755 "$pf" "$pf/queue" "$pf/queue/pid"
for d in active bounce corrupt defer deferred flush hold incoming private saved trace; do
	chown postfix "$pf/queue/$d" && chmod 700 "$pf/queue/$d"
done
chown postfix "$pf/data"
chown postfix:postdrop "$pf/queue/public" "$pf/queue/maildrop"
chmod 710 "$pf/queue/public"
chmod 730 "$pf/queue/maildrop"
# where it keeps messages as they came (tests/lab/cases/sending.sh)
mkdir -p "$work/kept/postfix" && chown vmail "$work/kept/postfix"
# the part of Postgrey: two seconds, for each client, sender and recipient
mkdir -p "$work/grey" && chown Debian-exim "$work/grey" # any but the mail owner, whom spawn refuses
cat >"$work/grey.sh" <<C
while read -r line; do
	case \$line in
	client_address=* | sender=* | recipient=*) key="\$key \${line#*=}" ;;
	'')
		met=$work/grey/\$(echo "\$key" | cksum | tr ' ' _) now=\$(date +%s) key=
		if [ -e "\$met" ] && [ \$((now - \$(cat "\$met"))) -ge 2 ]; then
			printf 'action=DUNNO\n\n'
		else
			[ -e "\$met" ] || echo "\$now" >"\$met"
			printf 'action=DEFER_IF_PERMIT Greylisted, please try again in 2 seconds\n\n'
		fi
		;;
	esac
done
C
cat >"$pf/etc/main.cf" <<C
compatibility_level = 3.6
import_environment = MAIL_CONFIG LD_LIBRARY_PATH PATH TZ
queue_directory = $pf/queue
data_directory = $pf/data
command_directory = ${LAB_ROOT}/usr/sbin
daemon_directory = ${LAB_ROOT}/usr/lib/postfix/sbin
meta_directory = $pf/etc
shlib_directory = no
mail_owner = postfix
setgid_group = postdrop
maillog_file = $pf/log
maillog_file_prefixes = $work
myhostname = mx.example.net
mydestination = example.net, screen.example.net, fcrdns.example.net, helo.example.net, open.example.net, gmail.com, example.org, mx.example.net
mynetworks = 127.0.0.0/8
inet_protocols = all
local_recipient_maps =
virtual_mailbox_domains = seed.example.net, late.example.net, lost.example.net, grey.example.net, kept.example.net, poor.example.net, after.example.net
virtual_mailbox_maps = static:all/
virtual_mailbox_base = $work/kept/postfix
virtual_uid_maps = static:908
virtual_gid_maps = static:908
virtual_transport = lmtp:unix:$work/dovecot/run/lmtp
transport_maps = inline:{ kept.example.net=virtual: poor.example.net=virtual: after.example.net=virtual: }
alias_maps =
smtpd_tls_cert_file = $work/mx.pem
smtpd_tls_key_file = $work/mx.key
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
unknown_client_reject_code = 550
unknown_hostname_reject_code = 550
smtpd_client_port_logging = yes
smtpd_peername_lookup = yes
smtpd_relay_restrictions = reject_unauth_destination
C
postfix_for_tls() # a row of tls.tab
{
	[ "$4" = postfix ] || return 0
	echo "$3:25 inet n - n - - smtpd -o mynetworks=0.0.0.0/0 -o smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination"
	case $5 in
		none) echo "	-o smtpd_tls_security_level=none" ;;
		*) echo "	-o smtpd_tls_cert_file=$work/$5.pem -o smtpd_tls_key_file=$work/$5.key" ;;
	esac
	case $9 in
		TLSv1 | TLSv1.1 | TLSv1.2) echo "	-o smtpd_tls_protocols=$9 -o tls_medium_cipherlist=ALL:@SECLEVEL=0" ;;
	esac
}
strict='-o smtpd_client_restrictions=reject_unknown_reverse_client_hostname'
{
	echo "198.51.100.25:25 inet n - n - - smtpd $strict"
	[ $ip6 = no ] || echo "[2001:db8:2::25]:25 inet n - n - - smtpd $strict"
	echo "198.51.100.26:25 inet n - n - - smtpd -o smtpd_client_restrictions=reject_unknown_client_hostname"
	echo "198.51.100.27:25 inet n - n - - smtpd -o smtpd_helo_required=yes -o smtpd_helo_restrictions=reject_invalid_helo_hostname,reject_non_fqdn_helo_hostname,reject_unknown_helo_hostname"
	echo "198.51.100.28:25 inet n - n - - smtpd"
	echo "198.51.100.30:25 inet n - n - 1 postscreen -o postscreen_greet_wait=4s"
	echo "198.51.100.31:25 inet n - n - - smtpd -o smtpd_recipient_restrictions=check_policy_service,unix:private/grey"
	echo "198.51.100.32:25 inet n - n - - smtpd -o smtpd_milters=inet:127.0.0.1:11332"
	echo "198.51.100.33:25 inet n - n - - smtpd -o smtpd_end_of_data_restrictions=check_client_access,static:HOLD"
	echo "198.51.100.34:25 inet n - n - - smtpd -o smtpd_end_of_data_restrictions=check_client_access,static:DISCARD"
	echo "198.51.100.36:25 inet n - n - - smtpd"
	echo "198.51.100.37:25 inet n - n - - smtpd -o smtpd_discard_ehlo_keywords=chunking,8bitmime,smtputf8,pipelining -o message_size_limit=20000"
	echo "198.51.100.38:25 inet n - n - - smtpd -o smtpd_end_of_data_restrictions=reject_unknown_reverse_client_hostname"
	echo "198.51.100.40:25 inet n - n - - smtpd -o smtpd_recipient_restrictions=reject_rbl_client,bl.example.net"
	echo "198.51.100.41:25 inet n - n - - smtpd -o smtpd_sender_restrictions=reject_unknown_sender_domain -o unknown_address_reject_code=550"
	echo "198.51.100.43:25 inet n - n - - smtpd -o smtpd_milters=inet:127.0.0.1:8893"
	echo "198.51.100.44:25 inet n - n - - smtpd -o smtpd_client_restrictions=check_reverse_client_hostname_access,regexp:$pf/etc/generic"
	echo "grey unix - n n - 0 spawn user=Debian-exim argv=/bin/sh $work/grey.sh"
	echo "smtpd pass - - n - - smtpd"
	echo "dnsblog unix - - n - 0 dnsblog"
	echo "tlsproxy unix - - n - 0 tlsproxy"
	each_tls_host postfix_for_tls
	cat <<'C'
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
lmtp unix - - n - - lmtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
C
} >"$pf/etc/master.cf"
echo '/(dsl|dyn|dial|pool|cable)/ 550 5.7.1 Dynamic and residential addresses are refused, please use the mail server of your provider' >"$pf/etc/generic"
: >"$pf/log"
chmod 644 "$pf/etc/main.cf" "$pf/etc/master.cf"
# its resolver is the receivers'
unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /etc/resolv.conf)" && exec "$2/usr/lib/postfix/sbin/master" -d -c "$3"' \
	postfix "$work/resolv.receivers" "${LAB_ROOT}" "$pf/etc" >"$work/postfix.out.log" 2>&1 &
for n in 25 26 27 28 30 31 32 33 34 36 37 38 40 41 43 44; do
	wait_for "Postfix at .$n" listens 198.51.100.$n:25
done
