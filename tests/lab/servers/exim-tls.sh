# tests/lab/servers/exim-tls.sh - another Exim (GnuTLS), one daemon at several addresses; sourced by tests/lab/run

exim_addresses=
exim_for_tls() # a row of tls.tab
{
	[ "$4" = exim ] || return 0
	exim_addresses="$exim_addresses${exim_addresses:+ : }$3"
	cp "$work/$5.pem" "$work/exim-tls/$3.pem" && cp "$work/$5.key" "$work/exim-tls/$3.key"
}
have_exim=no
if command -v exim4 >/dev/null 2>&1; then
	mkdir -p "$work/exim-tls/spool"
	each_tls_host exim_for_tls
	chmod 644 "$work"/exim-tls/*.key
	chown -R Debian-exim "$work/exim-tls"
	cat >"$work/exim-tls.conf" <<C
primary_hostname = exim.dane.example
local_interfaces = $exim_addresses
daemon_smtp_ports = 25
spool_directory = $work/exim-tls/spool
log_file_path = $work/exim-tls/%slog
pid_file_path = $work/exim-tls/pid
tls_advertise_hosts = *
tls_certificate = $work/exim-tls/\$received_ip_address.pem
tls_privatekey = $work/exim-tls/\$received_ip_address.key
host_lookup =
rfc1413_hosts =
acl_smtp_rcpt = take
begin acl
take:
	accept
begin routers
none:
	driver = redirect
	data = :blackhole:
C
	chmod 644 "$work/exim-tls.conf"
	exim4 -C "$work/exim-tls.conf" -bdf >"$work/exim-tls.out.log" 2>&1 &
	wait_for "Exim" listens "${exim_addresses%% *}:25"
	have_exim=yes
fi
