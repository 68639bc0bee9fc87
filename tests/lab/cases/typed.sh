# tests/lab/cases/typed.sh - as users type it: aliases, several targets, the host's own MTA
# shellcheck disable=SC2086 # $sender is a list of words

# as a user types it: the alias, the source by route, the resolver of the system
probe --to gmail-mx $sender
holds gmail-mx 0 '.targets[0].domain == "gmail.com"' '.sender.sources[0].address == "203.0.113.10"' \
	'.verdict.summary | test("Gmail is known to judge|Gmail and Google Workspace is known to judge")'
probe --to gmail-mx,example.org $sender --source 203.0.113.11
holds two-receivers-agree 2 '[.findings[] | select(.cause == "ptr-missing")] | length == 1' \
	'.targets | length == 2 and all(.status == "blocked")'

# as an administrator types it on the host itself: who sends, from where and as what comes from its own Postfix
if mount -t tmpfs tmpfs "$work/etc" && mkdir "$work/etc/upper" "$work/etc/work" &&
	mount -t overlay -o "lowerdir=/etc,upperdir=$work/etc/upper,workdir=$work/etc/work" overlay /etc 2>/dev/null; then
	mkdir -p /etc/postfix
	printf 'myhostname = mail.example.com\nmyorigin = example.com\nsmtp_bind_address = 203.0.113.11\ninet_protocols = ipv4\n' \
		>/etc/postfix/main.cf
	: >/etc/postfix/master.cf
	# not over the file that is there: without root it belongs to nobody we know
	rm -f /etc/resolv.conf
	cp "$work/resolv.senders" /etc/resolv.conf
	probe --to gmail-mx
	holds own-mta 2 "$(first ptr-missing confirmed)" '.sender | .ehlo == "mail.example.com" and .mta == "postfix"' \
		'.sender.mail_from == "postmaster@example.com"' '.sender.sources | map(.address) == ["203.0.113.11"]'
	umount /etc
else
	echo "SKIP own-mta there is no overlayfs"
fi
