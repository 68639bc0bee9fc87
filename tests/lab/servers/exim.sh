# tests/lab/servers/exim.sh - Exim with bare refusals: no reverse name, or another EHLO name; keeps what it takes. At .39 it
# offers few extensions, and judges after the message; sourced by tests/lab/run

exim=no
if command -v exim4 >/dev/null 2>&1; then
	mkdir -p "$work/exim/spool" "$work/exim/log" "$work/kept/exim"
	chown Debian-exim "$work/kept/exim"
	cp "$work/mx.pem" "$work/mx.key" "$work/exim/"
	cat >"$work/exim.conf" <<C
primary_hostname = mx-exim.example.net
spool_directory = $work/exim/spool
log_file_path = $work/exim/log/%slog
pid_file_path = $work/exim/pid
local_interfaces = <; 198.51.100.29 ; 198.51.100.39$([ $ip6 = no ] || echo ' ; 2001:db8:2::29')
daemon_smtp_ports = 25
exim_path = $(command -v exim4)
keep_environment = LD_LIBRARY_PATH
deliver_drop_privilege = true
tls_advertise_hosts = *
tls_certificate = $work/exim/mx.pem
tls_privatekey = $work/exim/mx.key
host_lookup = *
chunking_advertise_hosts = \${if eq{\$received_ip_address}{198.51.100.29}{*}}
smtputf8_advertise_hosts = \${if eq{\$received_ip_address}{198.51.100.29}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data
begin acl
rcpt:
  accept condition = \${if eq{\$received_ip_address}{198.51.100.39}}
         domains = eximpoor.example.net
  deny !verify = reverse_host_lookup
  deny !condition = \${if eqi{\$sender_helo_name}{\$sender_host_name}}
  accept domains = exim.example.net
  deny message = relay not permitted
data:
  deny !verify = reverse_host_lookup
  accept
begin routers
kept:
  driver = accept
  transport = kept
begin transports
kept:
  driver = appendfile
  maildir_format
  directory = $work/kept/exim
  return_path_add
C
	chown -R Debian-exim:Debian-exim "$work/exim"
	# its own file must be root's
	unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /etc/resolv.conf)" && exec exim4 -C "$2" -bdf' \
		exim "$work/resolv.receivers" "$work/exim.conf" >"$work/exim.out.log" 2>&1 &
	wait_for 'Exim at .29' listens 198.51.100.29:25
	exim=yes
fi
