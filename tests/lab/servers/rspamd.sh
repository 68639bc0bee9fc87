# tests/lab/servers/rspamd.sh - rspamd with the rules that it ships, asked over HTTP (127.0.0.1:11333) or by Postfix as a
# milter (127.0.0.1:11332); it looks names up as the receivers do; sourced by tests/lab/run

# Started for the first case that needs it, since that takes its time. False: there is none here.
rs=$work/rspamd
rspamd_up()
{
	[ ! -d "$rs" ] || return 0
	command -v rspamd >/dev/null 2>&1 || return 1
	mkdir -p "$rs/local.d" "$rs/override.d" "$rs/maps.d" "$rs/db"
	# patterns take Hyperscan half a minute to compile: where the lab was unpacked they are kept
	hs_cache=${LAB_ROOT:+$LAB_ROOT/var/cache/rspamd}
	[ -n "$hs_cache" ] && mkdir -p "$hs_cache" 2>/dev/null && [ -w "$hs_cache" ] || hs_cache=$rs/db
	cat >"$rs/local.d/options.inc" <<C
dns { nameserver = ["198.51.100.54"]; timeout = 2s; }
disable_hyperscan = true;
hs_cache_dir = "$hs_cache/";
tempdir = "$rs";
C
	printf 'count = 1;\nbind_socket = "127.0.0.1:11333";\n' >"$rs/override.d/worker-normal.inc"
	printf 'enabled = false;\ncount = 0;\n' >"$rs/override.d/worker-controller.inc"
	printf 'bind_socket = "127.0.0.1:11332";\nupstream "local" { default = yes; self_scan = yes; }\n' \
		>"$rs/override.d/worker-proxy.inc"
	# what it found is written into what Postfix delivers; mail to mailboxes of the lab is never refused
	printf 'use = ["authentication-results", "x-spamd-result", "x-spam-status"];\nextended_spam_headers = true;\n' \
		>"$rs/local.d/milter_headers.conf"
	printf 'seed { rcpt = "@seed.example.net"; apply { actions { reject = 1000; greylist = 1000; "add header" = 3; } } }\n' \
		>"$rs/local.d/settings.conf"
	# nobody outside is asked, and nothing is remembered
	for module in asn fuzzy_check greylist history_redis neural phishing ratelimit rbl replies redis surbl; do
		echo 'enabled = false;' >"$rs/override.d/$module.conf"
	done
	# it signs for a user of its own, by RSA and by Ed25519 (whose key it takes as the seed with the public half)
	{ openssl pkey -in "$work/dkim.ed.pem" -outform DER | tail -c 32
		openssl pkey -in "$work/dkim.ed.pem" -pubout -outform DER | tail -c 32; } | openssl base64 -A >"$rs/ed.key"
	cat >"$rs/override.d/dkim_signing.conf" <<C
allow_username_mismatch = true;
use_esld = false;
domain { example.com { selectors [
	{ selector = "lab"; path = "$work/dkim.pem"; },
	{ selector = "labed"; path = "$rs/ed.key"; }
] } }
C
	# Debian's files name each other below / : here they are where they were unpacked
	LD_LIBRARY_PATH="${LAB_ROOT:+$LAB_ROOT/usr/lib/rspamd:}$LD_LIBRARY_PATH" rspamd -f -i \
		-c "${LAB_ROOT}/etc/rspamd/rspamd.conf" --var=CONFDIR="${LAB_ROOT}/etc/rspamd" --var=LOCAL_CONFDIR="$rs" \
		--var=DBDIR="$rs/db" --var=RUNDIR="$rs" --var=LOGDIR="$work" \
		--var=RULESDIR="${LAB_ROOT}/usr/share/rspamd/rules" --var=LUALIBDIR="${LAB_ROOT}/usr/share/rspamd/lualib" \
		--var=PLUGINSDIR="${LAB_ROOT}/usr/share/rspamd/plugins" --var=SHAREDIR="${LAB_ROOT}/usr/share/rspamd" \
		--var=WWWDIR="${LAB_ROOT}/usr/share/rspamd/www" >"$work/rspamd.out.log" 2>&1 &
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		listens 127.0.0.1:11333 && listens 127.0.0.1:11332 && return 0
		sleep 1
	done
	fatal 'rspamd does not answer'
}
