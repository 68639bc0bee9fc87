# tests/lab/servers/judges.sh - receivers of several makes, each strict on one thing and on nothing else, for
# tests/lab/cases/matrix.sh; sourced by tests/lab/run. Those of Postfix are in postfix.sh, those of OpenSMTPD in opensmtpd.sh.

# Exim, by the address that it is called at
exim_judges=no
if command -v exim4 >/dev/null 2>&1; then
	mkdir -p "$work/judge/spool" "$work/judge/log"
	cp "$work/mx.pem" "$work/mx.key" "$work/judge/"
	exim_spf=$(exim4 -bV 2>/dev/null | grep -q '^Support for:.* SPF' && echo yes)
	cat >"$work/judge.conf" <<C
primary_hostname = mx-judge.example.net
spool_directory = $work/judge/spool
log_file_path = $work/judge/log/%slog
pid_file_path = $work/judge/pid
local_interfaces = <; 198.51.100.42 ; 198.51.100.45 ; 198.51.100.46 ; 198.51.100.47 ; 198.51.100.48
daemon_smtp_ports = 25
exim_path = $(command -v exim4)
keep_environment = LD_LIBRARY_PATH
tls_advertise_hosts = *
tls_certificate = $work/judge/mx.pem
tls_privatekey = $work/judge/mx.key
host_lookup = *
helo_try_verify_hosts = *
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny condition = \${if eq{\$received_ip_address}{198.51.100.42}}
       message = no reverse DNS name that leads back to \$sender_host_address
       !verify = reverse_host_lookup
  deny condition = \${if eq{\$received_ip_address}{198.51.100.45}}
       message = HELO name \$sender_helo_name is not yours
       !verify = helo
  deny condition = \${if eq{\$received_ip_address}{198.51.100.46}}
       message = \$sender_host_address is listed at \$dnslist_domain: \$dnslist_text
       dnslists = bl.example.net
$([ "$exim_spf" != yes ] || echo '  deny condition = ${if eq{$received_ip_address}{198.51.100.47}}
       message = $sender_host_address is not allowed to send mail from $sender_address_domain
       spf = fail')
  deny condition = \${if eq{\$received_ip_address}{198.51.100.48}}
       message = sender domain \$sender_address_domain cannot be found
       !verify = sender
  accept
begin routers
there:
  driver = dnslookup
  transport = out
begin transports
out:
  driver = smtp
C
	chown -R Debian-exim:Debian-exim "$work/judge"
	unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /etc/resolv.conf)" && exec exim4 -C "$2" -bdf' \
		exim "$work/resolv.receivers" "$work/judge.conf" >"$work/judge.out.log" 2>&1 &
	wait_for 'Exim at .42' listens 198.51.100.42:25
	exim_judges=yes
fi

# OpenDMARC behind Postfix at .43: what it finds of SPF itself, and no signatures
have_opendmarc=no
if command -v opendmarc >/dev/null 2>&1; then
	mkdir -p "$work/opendmarc"
	cat >"$work/opendmarc.conf" <<C
AuthservID mx.example.net
BaseDirectory $work/opendmarc
Background false
RejectFailures true
SPFIgnoreResults true
SPFSelfValidate true
Socket inet:8893@127.0.0.1
TrustedAuthservIDs nobody.example.net
C
	unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /etc/resolv.conf)" && exec opendmarc -f -c "$2"' \
		opendmarc "$work/resolv.receivers" "$work/opendmarc.conf" >"$work/opendmarc.out.log" 2>&1 &
	wait_for OpenDMARC listens 127.0.0.1:8893
	have_opendmarc=yes
fi
