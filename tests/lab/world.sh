# tests/lab/world.sh - the lab's network, zones, keys and servers; sourced by tests/lab/run
#
# 203.0.113.0/24  senders: .10 right, .11 no PTR, .12 PTR that does not lead back, .13 generic PTR, .14 PTR set during
#                 the run; .53 their resolver
# 192.0.2.0/24    senders whose reverse zone is bogus (a broken signature)
# 198.51.100.0/24 receivers: .25 strict on reverse names, .26 on forward-confirmed ones, .27 on EHLO names, .28 takes all,
#                 .29 an Exim that does not say why, .30 behind postscreen, .31 greylists, .36 keeps what it takes,
#                 .37 (Postfix) and .39 (Exim) offer few extensions, .38 judges after the message;
#                 .40 to .50 refuse for one thing each (servers/judges.sh); .60 and .61 are nobody's: what goes there is dropped; .53 the authoritative server, .54 the receivers' resolver
# 2001:db8:1::/48 senders: ::10 right, ::11 no PTR;  2001:db8:2::/48 receivers

fatal()
{
	echo "FAIL lab: $*"
	for log in "$work"/*.log "$work"/postfix/log; do
		[ -s "$log" ] && echo "---- $log" && tail -n 20 "$log"
	done
	exit 1
}

wait_for() # WHAT COMMAND...
{
	what=$1
	shift
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.25
	done
	fatal "$what does not answer"
}

listens() # ADDRESS:PORT
{
	[ -n "$(ss -Hltn "src $1")" ]
}

# ---- network

ip link set lo up || fatal "the loopback interface does not come up"
for n in 10 11 12 13 14 15 16 53; do ip addr add 203.0.113.$n/32 dev lo; done
for n in 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 53 54 62; do ip addr add 198.51.100.$n/32 dev lo; done
ip addr add 192.0.2.10/32 dev lo
ip6=yes
for a in 1::10 1::11 2::25 2::29; do
	ip addr add 2001:db8:$a/128 dev lo nodad 2>/dev/null || ip6=no
done
# "by route": what a host with one public address would find
ip route add default dev lo src 203.0.113.10

# ---- certificates

certificate() # NAME DNS-NAMES DAYS [KEY-OPTIONS]: by the lab's CA; NAME.pem has the CA behind it
{
	openssl req -newkey ${4:-ec -pkeyopt ec_paramgen_curve:P-256} -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" &&
		printf 'subjectAltName=%s\n' "$2" >"$1.ext" &&
		openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -out "$1.crt" -days "$3" \
			-extfile "$1.ext" && cat "$1.crt" ca.pem >"$1.pem"
}

(
	cd "$work" || exit 1
	hosts='DNS:*.dane.example,DNS:*.unsigned.example'
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 \
		-subj '/CN=Lab CA' &&
		certificate mx DNS:mx.example.net,DNS:*.example.net,DNS:gmail-smtp-in.l.google.com 10 &&
		certificate valid "$hosts" 10 &&
		certificate expired "$hosts" -1 &&
		certificate name DNS:another.example 10 &&
		certificate weak "$hosts" 10 rsa:1024 &&
		certificate sts "$(printf 'DNS:mta-sts.%s.sts.example,' enforce self other testing)DNS:mta-sts.both.dane.example" 10 &&
		cp valid.key bare.key && cp valid.crt bare.crt && cp valid.crt bare.pem &&
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self.key -out self.crt -days 10 \
			-subj '/CN=self' -addext "subjectAltName=$hosts" && cp self.crt self.pem
) >"$work/openssl.log" 2>&1 || fatal "no certificates"

# ---- a key that mail is signed with, and another one

for key in dkim dkim.other; do
	openssl genrsa -out "$work/$key.pem" 2048 2>>"$work/openssl.log" || fatal "no key for signatures"
done

openssl genpkey -algorithm ed25519 -out "$work/dkim.ed.pem" 2>>"$work/openssl.log" || fatal "no key for signatures"

dkim_record() # FILE: the text of its public half, in strings that fit
{
	printf '"v=DKIM1; k=rsa; p=" "%s"' "$(openssl pkey -in "$work/$1" -pubout -outform DER 2>/dev/null |
		openssl base64 -A | sed 's/.\{200\}/&" "/g')"
}

# ---- receivers that differ in TLS: one address each, from 198.51.100.100 on

# Call a function for each row of tls.tab: FUNCTION NAME HOST ADDRESS SERVER CERT TLSA CERTIFICATE DANE VERSION
each_tls_host() # FUNCTION
{
	tls_n=99
	while read -r tls_name tls_rest; do
		case $tls_name in '' | '#'*) continue ;; esac
		tls_n=$((tls_n + 1))
		case $tls_name in
			unsigned-*) tls_host=$tls_name.unsigned.example ;;
			*) tls_host=$tls_name.dane.example ;;
		esac
		# shellcheck disable=SC2086 # a list of words
		"$1" "$tls_name" "$tls_host" 198.51.100.$tls_n $tls_rest
	done <"$here/tls.tab"
}

tlsa_data() # SELECTOR TYPE OF: in hex
{
	case $3 in
		ca) tlsa_of=$work/ca.pem ;;
		other) tlsa_of=$work/mx.crt ;;
		*) tlsa_of=$work/$3.crt ;;
	esac
	case $1 in
		0) openssl x509 -in "$tlsa_of" -outform DER ;;
		1) openssl x509 -in "$tlsa_of" -noout -pubkey | openssl pkey -pubin -outform DER ;;
	esac | case $2 in
		0) cat ;;
		1) openssl dgst -sha256 -binary ;;
		2) openssl dgst -sha512 -binary ;;
	esac | od -An -v -tx1 | tr -d ' \n'
}

tls_names() # a row: its records, for the zone it is in
{
	ip addr add "$3/32" dev lo
	echo "$2. IN A $3"
	[ "$6" != - ] || return 0
	for tlsa in $(echo "$6" | tr + ' '); do
		tlsa=$(echo "$tlsa" | tr , ' ')
		# shellcheck disable=SC2086 # a list of words
		set -- "$1" "$2" $tlsa
		echo "_25._tcp.$2. IN TLSA $3 $4 $5 $(tlsa_data "$4" "$5" "$6")"
	done
}

# ---- zones: one tree from the root down, signed but for example.org; those of 192.0.2 and broken.example are
# broken after signing

mkdir -p "$work/zones" "$work/keys" "$work/etc"

zone_file() # ORIGIN: where its text lives
{
	[ "$1" = . ] && echo "$work/zones/root" || echo "$work/zones/${1%.}"
}

begin_zone() # ORIGIN NEGATIVE-TTL
{
	{
		echo "\$ORIGIN $1"
		echo "\$TTL 300"
		echo "@ 300 IN SOA ns.example.net. hostmaster.example.net. ${serial:-1} 7200 3600 1209600 $2"
		echo "@ IN NS ns.example.net."
		cat
	} >"$(zone_file "$1")"
}

sign_zone() # ORIGIN
{
	file=$(zone_file "$1")
	key=$work/keys/$(basename "$file")
	if [ ! -e "$key.name" ]; then
		(cd "$work/keys" && ldns-keygen -k -a ECDSAP256SHA256 -r /dev/urandom "$1" >"$key.name") || fatal "no key for $1"
		ldns-key2ds -n -2 "$work/keys/$(cat "$key.name").key" >"$key.ds" || fatal "no DS for $1"
	fi
	ldns-signzone -f "$file.signed" "$file" "$work/keys/$(cat "$key.name")" || fatal "$1 cannot be signed"
}

serial=1
begin_zone example.com. 300 <<Z
@          IN MX 10 mail
@          IN TXT "v=spf1 ip4:203.0.113.0/24 ip4:192.0.2.0/24 ip6:2001:db8:1::/48 -all"
_dmarc     IN TXT "v=DMARC1; p=none"
_smtp._tls IN TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
lab._domainkey IN TXT $(dkim_record dkim.pem)
labed._domainkey IN TXT "v=DKIM1; k=ed25519; p=$(openssl pkey -in "$work/dkim.ed.pem" -pubout -outform DER | tail -c 32 | openssl base64 -A)"
mail       IN A 203.0.113.10
mail       IN AAAA 2001:db8:1::10
other      IN A 203.0.113.99
bad        IN MX 10 mail
bad        IN TXT "v=spf1 -all"
_dmarc.bad IN TXT "v=DMARC1; p=none"
host11     IN A 203.0.113.11
host14     IN A 203.0.113.14
host16     IN A 203.0.113.16
listed     IN A 203.0.113.15
strict     IN MX 10 mail
strict     IN TXT "v=spf1 ip4:203.0.113.99 -all"
_dmarc.strict IN TXT "v=DMARC1; p=reject; aspf=s"
Z
begin_zone broken.example. 300 <<'Z'
@          IN MX 10 mail.example.com.
@          IN TXT "v=spf1 ip4:203.0.113.0/24 -all"
Z
begin_zone example.net. 300 <<'Z'
ns         IN A 198.51.100.53
@          IN MX 10 mx
mx         IN A 198.51.100.25
mx         IN AAAA 2001:db8:2::25
fcrdns     IN MX 10 mx-fcrdns
mx-fcrdns  IN A 198.51.100.26
helo       IN MX 10 mx-helo
mx-helo    IN A 198.51.100.27
open       IN MX 10 mx-open
mx-open    IN A 198.51.100.28
exim       IN MX 10 mx-exim
mx-exim    IN A 198.51.100.29
mx-exim    IN AAAA 2001:db8:2::29
screen     IN MX 10 mx-screen
mx-screen  IN A 198.51.100.30
grey       IN MX 10 mx-grey
mx-grey    IN A 198.51.100.31
seed       IN MX 10 mx-seed
mx-seed    IN A 198.51.100.32
late       IN MX 10 mx-late
mx-late    IN A 198.51.100.33
lost       IN MX 10 mx-lost
kept       IN MX 10 mx-kept
mx-kept    IN A 198.51.100.36
poor       IN MX 10 mx-poor
mx-poor    IN A 198.51.100.37
after      IN MX 10 mx-after
mx-after   IN A 198.51.100.38
eximpoor   IN MX 10 mx-eximpoor
mx-eximpoor IN A 198.51.100.39
mx-lost    IN A 198.51.100.34
imap       IN A 198.51.100.35
2.0.0.127.bl IN A 127.0.0.2
15.113.0.203.bl IN A 127.0.0.2
15.113.0.203.bl IN TXT "sent spam"
dropped    IN MX 10 mx-drop1
dropped    IN MX 20 mx-drop2
mx-drop1   IN A 198.51.100.60
mx-drop2   IN A 198.51.100.61
v6far      IN MX 10 mx-v6far
mx-v6far   IN AAAA 2001:db8:3::25
Z
begin_zone gmail.com. 300 <<'Z'
@          IN MX 5 gmail-smtp-in.l.google.com.
Z
begin_zone google.com. 300 <<'Z'
gmail-smtp-in.l IN A 198.51.100.25
Z
begin_zone example.org. 300 <<'Z'
@          IN MX 10 mx.example.net.
203-0-113-13.dsl-pool IN A 203.0.113.13
Z
each_tls_host tls_names >"$work/tls.names"
grep 'dane\.example\.' "$work/tls.names" | grep -v '_tcp\.bogus' >"$work/tls.signed"
grep '_tcp\.bogus' "$work/tls.names" >"$work/tls.bogus"
{
	cat "$work/tls.signed"
	echo "_tcp.bogus IN NS ns.example.net."
	echo "alias IN CNAME ee-key"
	echo "@ IN MX 10 ee-key"
	echo "by-alias IN MX 10 alias"
	echo "by-wrong IN MX 10 wrong-digest"
} >"$work/tls.zone"
sts_names() # DOMAIN MX: in the zone of the domain
{
	echo "$1. IN MX 10 $2."
	echo "_mta-sts.$1. IN TXT \"v=STSv1; id=20261101\""
	echo "mta-sts.$1. IN A 198.51.100.62"
}
sts_names both.dane.example ee-self.dane.example >>"$work/tls.zone"
{
	sts_names enforce.sts.example plain-valid.dane.example
	sts_names self.sts.example plain-self.dane.example
	sts_names other.sts.example plain-valid.dane.example
	sts_names testing.sts.example plain-self.dane.example
	sts_names stranger.sts.example plain-valid.dane.example # whose policy host's certificate is for others
	sts_names refused.sts.example plain-valid.dane.example | sed 's/100\.62/100.28/'
} | begin_zone sts.example. 300
begin_zone _tcp.bogus.dane.example. 300 <"$work/tls.bogus"
begin_zone unsigned.example. 300 <<Z
$(grep 'unsigned\.example\.' "$work/tls.names")
Z
reverse_113() # SERIAL: .14 has a PTR from serial 2 on
{
	serial=$1
	{
		echo "10 IN PTR mail.example.com."
		echo "12 IN PTR other.example.com."
		echo "13 IN PTR 203-0-113-13.dsl-pool.example.org."
		echo "15 IN PTR listed.example.com."
		echo "16 IN PTR gone.example.com."
		[ "$1" -lt 2 ] || echo "14 IN PTR host14.example.com."
	} | begin_zone 113.0.203.in-addr.arpa. 900
	sign_zone 113.0.203.in-addr.arpa.
	serial=1
}
begin_zone 100.51.198.in-addr.arpa. 300 <<'Z'
25         IN PTR mx.example.net.
Z
begin_zone 2.0.192.in-addr.arpa. 300 <<'Z'
10         IN PTR mail.example.com.
Z
begin_zone 8.b.d.0.1.0.0.2.ip6.arpa. 900 <<'Z'
0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0 IN PTR mail.example.com.
Z
signed='example.com. example.net. gmail.com. google.com. broken.example. 100.51.198.in-addr.arpa. 2.0.192.in-addr.arpa.
	8.b.d.0.1.0.0.2.ip6.arpa.'
for z in $signed _tcp.bogus.dane.example.; do sign_zone "$z"; done
cat "$work/keys/_tcp.bogus.dane.example.ds" >>"$work/tls.zone"
begin_zone dane.example. 300 <"$work/tls.zone"
sign_zone dane.example.
reverse_113 1
for z in example.org unsigned.example sts.example; do cp "$work/zones/$z" "$work/zones/$z.signed"; done
# bogus: what the signatures cover is changed behind their back
sed -i 's/\(TLSA[[:space:]]*3 1 \)1/\12/' "$work/zones/_tcp.bogus.dane.example.signed"
sed -i 's/ip4:203\.0\.113\.0/ip4:198.51.100.0/; s/MX[[:space:]]*10 mail/MX	20 mail/; s/hostmaster/somebody/' "$work/zones/broken.example.signed"
sed -i 's/PTR[[:space:]]*mail\.example\.com\./PTR	mallory.example.com./' "$work/zones/2.0.192.in-addr.arpa.signed"
{
	for z in $signed 113.0.203.in-addr.arpa. example.org. dane.example. unsigned.example. sts.example.; do
		echo "$z IN NS ns.example.net."
		ds=$work/keys/$(basename "$(zone_file "$z")").ds
		[ ! -e "$ds" ] || cat "$ds"
	done
	echo "ns.example.net. IN A 198.51.100.53"
} | begin_zone . 300
sign_zone .

# ---- the authoritative server

{
	cat <<C
server:
	ip-address: 198.51.100.53
	zonesdir: "$work/zones"
	database: ""
	pidfile: "$work/nsd.pid"
	xfrdfile: "$work/xfrd.state"
	xfrdir: "$work"
	zonelistfile: "$work/zone.list"
	logfile: "$work/nsd.log"
	username: root
	server-count: 1
remote-control:
	control-enable: no
C
	for z in . $signed 113.0.203.in-addr.arpa. example.org. dane.example. _tcp.bogus.dane.example. unsigned.example. sts.example.; do
		printf 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' "$z" "$(zone_file "$z").signed"
	done
} >"$work/nsd.conf"
nsd -d -c "$work/nsd.conf" >"$work/nsd.out.log" 2>&1 &
nsd_pid=$!

reload_zones()
{
	kill -HUP $nsd_pid
}

# ---- resolvers: one for the senders, one for the receivers, so that their caches differ

echo ". 3600 IN NS ns.example.net.
ns.example.net. 3600 IN A 198.51.100.53" >"$work/root.hints"
cp "$work/keys/$(cat "$work/keys/root.name").key" "$work/root.key"
resolver() # NAME ADDRESS OUTGOING-ADDRESS
{
	cat >"$work/$1.conf" <<C
server:
	interface: $2
	access-control: 0.0.0.0/0 allow
	access-control: ::/0 allow
	do-ip6: no
	outgoing-interface: $3
	chroot: ""
	username: ""
	pidfile: ""
	directory: "$work"
	use-syslog: no
	logfile: "$work/$1.log"
	do-daemonize: no
	num-threads: 1
	module-config: "validator iterator"
	root-hints: "$work/root.hints"
	trust-anchor-file: "$work/root.key"
	trust-anchor-signaling: no
	root-key-sentinel: no
	local-zone: "113.0.203.in-addr.arpa." nodefault
	local-zone: "100.51.198.in-addr.arpa." nodefault
	local-zone: "2.0.192.in-addr.arpa." nodefault
	local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
remote-control:
	control-enable: no
C
	unbound -c "$work/$1.conf" >"$work/$1.out.log" 2>&1 &
}
resolver senders 127.0.0.53 203.0.113.53
resolver receivers 198.51.100.54 198.51.100.54

wait_for "the senders' resolver" "$MAILPROBE" mx example.net --resolver 127.0.0.53 --timeout 2
wait_for "the receivers' resolver" "$MAILPROBE" mx example.net --resolver 198.51.100.54 --timeout 2

# ---- what the machine's own files say, here alone

bind() # FILE CONTENT-FILE: the same place, other content, in this mount namespace
{
	place=$(readlink -f "$1") && [ -e "$place" ] || return 1
	mount --bind "$2" "$place"
}
echo 'nameserver 127.0.0.53' >"$work/resolv.senders"
echo 'nameserver 198.51.100.54' >"$work/resolv.receivers"
{
	grep -v '^\(postfix\|Debian-exim\|opensmtp.\|dovecot\|dovenull\|vmail\):' /etc/passwd
	echo 'postfix:x:901:901::/nonexistent:/bin/false'
	for user in Debian-exim:903 opensmtpd:904 opensmtpq:905 dovecot:906 dovenull:907 vmail:908; do
		echo "${user%:*}:x:${user#*:}:${user#*:}::/nonexistent:/bin/false"
	done
} >"$work/passwd"
{
	grep -v '^\(post\(fix\|drop\)\|Debian-exim\|opensmtp.\|dovecot\|dovenull\|vmail\):' /etc/group
	printf '%s\n' postfix:x:901: postdrop:x:902: Debian-exim:x:903: opensmtpd:x:904: opensmtpq:x:905: dovecot:x:906: dovenull:x:907: vmail:x:908:
} >"$work/group"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$work/hosts"
bind /etc/resolv.conf "$work/resolv.senders" || fatal "/etc/resolv.conf cannot be replaced"
bind /etc/passwd "$work/passwd" && bind /etc/group "$work/group" || fatal "the users of the servers cannot be made"
bind /etc/hosts "$work/hosts" || fatal "/etc/hosts cannot be replaced"
