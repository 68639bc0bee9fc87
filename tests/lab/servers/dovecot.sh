# tests/lab/servers/dovecot.sh - Dovecot: takes mail from Postfix by LMTP, files spam by Sieve, serves it by IMAP, with TLS
# and with STARTTLS, at 198.51.100.35, and with what is wrong with TLS at some addresses of tls.tab; sourced by
# tests/lab/run

# Started for the first case that needs it. False: there is none here.
dc=$work/dovecot
dovecot_for_tls() # a row of tls.tab: its certificate, or no TLS
{
	case $1 in
		plain-expired | plain-self | plain-name)
			echo "local $3 {"
			printf '\tssl_cert = <%s\n\tssl_key = <%s\n}\n' "$work/$5.pem" "$work/$5.key" ;;
		no-tls) printf 'local %s {\n\tssl = no\n\tdisable_plaintext_auth = no\n}\n' "$3" ;;
		*) return 0 ;;
	esac
}
dovecot_up()
{
	[ ! -d "$dc" ] || return 0
	command -v dovecot >/dev/null 2>&1 || return 1
	mkdir -p "$dc/run" "$dc/mail"
	chown vmail "$dc/mail"
	for user in seed@seed late@late lost@lost grey@grey; do
		echo "$user.example.net:{PLAIN}$mailbox_password"
	done >"$dc/users"
	cat >"$dc/junk.sieve" <<'C'
require ["fileinto", "mailbox"];
if anyof (header :is "X-Spam" "Yes", header :contains "X-Spam-Status" "Yes") {
	fileinto :create "Junk";
}
C
	chmod 644 "$dc/users" "$dc/junk.sieve"
	cat >"$dc/dovecot.conf" <<C
base_dir = $dc/run
state_dir = $dc
libexec_dir = ${LAB_ROOT}/usr/lib/dovecot
mail_plugin_dir = ${LAB_ROOT}/usr/lib/dovecot/modules
log_path = $work/dovecot.log
import_environment = LD_LIBRARY_PATH PATH TZ
protocols = imap lmtp
listen = 198.51.100.35$(each_tls_host dovecot_for_tls | sed -n 's/^local \(.*\) {$/, \1/p' | tr -d '\n')
ssl = required
ssl_cert = <$work/mx.pem
ssl_key = <$work/mx.key
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
passdb {
	driver = passwd-file
	args = $dc/users
}
userdb {
	driver = static
	args = uid=vmail gid=vmail home=$dc/mail/%u allow_all_users=yes
}
namespace inbox {
	inbox = yes
	mailbox Junk {
		auto = create
		special_use = \\Junk
	}
}
protocol lmtp {
	mail_plugins = sieve
	postmaster_address = postmaster@example.net
}
plugin {
	sieve_before = $dc/junk.sieve
}
service imap-login {
	chroot =
}
$(each_tls_host dovecot_for_tls)
service anvil {
	chroot =
}
service lmtp {
	unix_listener lmtp {
		mode = 0666
	}
}
service stats {
	chroot =
}
C
	# its modules are looked for at the place that it was built for; doveconf starts it as it would start itself
	LD_LIBRARY_PATH="${LAB_ROOT:+$LAB_ROOT/usr/lib/dovecot:}$LD_LIBRARY_PATH" unshare --mount sh -c '
		[ -z "$1" ] || mount -t overlay overlay -o "lowerdir=/usr/lib:$1/usr/lib" /usr/lib || exit 1
		exec doveconf -c "$2" -f service=master -m master -e "$1/usr/sbin/dovecot" -F -c "$2"' \
		dovecot "${LAB_ROOT}" "$dc/dovecot.conf" >"$work/dovecot.out.log" 2>&1 &
	wait_for Dovecot listens 198.51.100.35:993
}

# Messages of a mailbox's folder
maildir_count() # USER FOLDER
{
	folder=
	[ "$2" = INBOX ] || folder=/.$2
	find "$dc/mail/$1/Maildir$folder/new" "$dc/mail/$1/Maildir$folder/cur" -type f 2>/dev/null | wc -l
}
