/* probe/howto.c - see probe/howto.h */
#include "probe/howto.h"

/* ---- things to do */

static const struct mp_howto set_ptr = {
	.title = "Set a PTR record",
	.first =
		"Only the holder of the address can: the hoster or access provider, not the registrar of your domain. Publish the "
		"A or AAAA record of the name first; many panels refuse a PTR that does not lead back. `mailprobe --request "
		"ptr` writes the letter.",
	.ways =
		{
			{"AWS (EC2)",
				"An Elastic IP is needed, and the A record before. Elastic IPs, Actions, Update reverse "
				"DNS; or aws ec2 modify-address-attribute --allocation-id ID --domain-name "
				"mail.example.com",
				"2026-11"},
			{"Azure",
				"Property ReverseFqdn of the public IPv4 address; the name must resolve to it before: az network "
				"public-ip update -g GROUP -n NAME --reverse-fqdn mail.example.com. (the first time with "
				"--dns-name LABEL as well)",
				"2026-11"},
			{"Google Cloud",
				"The domain must be verified as yours. gcloud compute instances update-access-config VM "
				"--public-ptr --public-ptr-domain=mail.example.com. (of IPv6: --ipv6-public-ptr-domain); in the "
				"console: edit the VM's network interface.",
				"2026-11"},
			{"Hetzner Cloud",
				"Console: the server, Networking, reverse DNS of the address; or hcloud server set-rdns --ip IP "
				"--hostname mail.example.com SERVER",
				"2026-11"},
			{"Hetzner Robot", "Server, IPs, the field beside the address.", NULL},
			{"OVHcloud",
				"Control Panel, Network, Public IP Addresses, the menu of the address, Configure the reverse DNS. "
				"The A or AAAA record must exist before; the name is entered in lower case with a dot at its "
				"end.",
				"2026-11"},
			{"DigitalOcean",
				"The PTR is the Droplet's name: rename the Droplet to its full host name; or doctl compute "
				"droplet-action rename ID --droplet-name mail.example.com",
				"2026-11"},
			{"Vultr",
				"Server, Settings, IPv4 or IPv6, the Reverse DNS field; or vultr-cli instance reverse-dns set-ipv4 "
				"(or set-ipv6) ID IP --entry mail.example.com",
				"2026-11"},
			{"Linode (Akamai)",
				"Cloud Manager, the Linode, Network, Edit rDNS at the address. The A or AAAA record must resolve "
				"before.",
				"2026-11"},
			{"Scaleway",
				"Instances, Flexible IPs, the menu of the address, Edit reverse. The A record must exist before; "
				"single addresses of an IPv6 network by the IPAM API.",
				"2026-11"},
			{"IONOS Cloud",
				"Network Services, Cloud DNS, Reverse DNS, for reserved IPv4 and public IPv6 addresses; a token or "
				"the privilege to manage DNS is needed.",
				"2026-11"},
			{"IONOS VPS", "At the address in the panel, or by the support.", NULL},
			{"Contabo", "https://my.contabo.com/rdns, the PTR record of the address.", NULL},
			{"Oracle Cloud", "There is no field: a support request, with address and name.", NULL},
			{"own delegation",
				"Where the reverse zone is delegated to your name servers: 10 IN PTR mail.example.com. in "
				"zone 113.0.203.in-addr.arpa; then raise the serial.",
				"2026-11"},
			{"part of a /24",
				"RFC 2317: the provider makes 10.113.0.203.in-addr.arpa a CNAME into a zone that is delegated "
				"to you; the PTR goes there.",
				"2026-11"},
			{"an office line",
				"Ask the access provider for a static address with a PTR of your choice, or send through its "
				"mail relay.",
				"2026-11"},
		},
};

static const struct mp_howto set_ehlo = {
	.title = "Set the EHLO name",
	.first =
		"One name everywhere is best: host name, EHLO name, PTR and A/AAAA record. It need not be in the domain that "
		"mail comes from.",
	.ways =
		{
			{"Postfix",
				"postconf -e 'myhostname = mail.example.com' (or smtp_helo_name alone); postfix reload",
				"2026-11"},
			{"Exim",
				"primary_hostname = mail.example.com, or helo_data of the remote_smtp transport; Debian: "
				"/etc/mailname and dpkg-reconfigure exim4-config",
				"2026-11"},
			{"OpenSMTPD", "action \"outbound\" relay helo \"mail.example.com\", or /etc/mail/mailname",
				"2026-11"},
			{"sendmail",
				"define(`confDOMAIN_NAME', `mail.example.com')dnl in sendmail.mc; then rebuild sendmail.cf",
				"2026-11"},
			{"Exchange", "Set-SendConnector NAME -Fqdn mail.example.com", NULL},
			{"the host",
				"hostnamectl set-hostname mail.example.com; in /etc/hosts the full name stands before the short "
				"one",
				"2026-11"},
		},
};

static const struct mp_howto publish_address = {
	.title = "Publish the A or AAAA record",
	.first =
		"At whoever runs the DNS of the name's domain (registrar, DNS hoster, own name servers): the name, type A for "
		"IPv4 or AAAA for IPv6, and the address that receivers see. Host names are no CNAMEs where a PTR leads back.",
	.ways = {{"a zone file", "mail.example.com. 3600 IN A 203.0.113.10 - and raise the serial of the SOA",
			 "2026-11"},
		{"NAT", "The record has the public address; tell mailprobe of it with --public-ip", "2026-11"},
		{"no IPv6 pair",
			"Send by IPv4 alone until there is one: Postfix: inet_protocols = ipv4, or smtp_address_preference; "
			"Exim: disable_ipv6 = true",
			"2026-11"}},
};

static const struct mp_howto publish_spf = {
	.title = "Publish or widen the SPF record",
	.first =
		"One TXT record at the domain of the envelope sender, beginning with v=spf1; a second one breaks both. At most "
		"10 terms that need look-ups.",
	.ways = {{"own server", "v=spf1 ip4:203.0.113.10 ip6:2001:db8::10 -all", "2026-11"},
		{"a mail service",
			"Add the include that it names, before the last term: Google Workspace "
			"include:_spf.google.com, Microsoft 365 include:spf.protection.outlook.com, Amazon SES "
			"include:amazonses.com (with a custom MAIL FROM domain)",
			"2026-11"},
		{"EHLO name", "A record of its own for bounces: mail.example.com TXT \"v=spf1 a -all\"", "2026-11"},
		{"many look-ups",
			"Remove services that send no more, replace a and mx by ip4 and ip6, and give each service "
			"a sub-domain of its own",
			"2026-11"},
		{"a forwarder", "Rewrite the envelope sender (SRS: postsrsd, sieve) or rely on DKIM", "2026-11"}},
};

static const struct mp_howto sign_dkim = {
	.title = "Sign with DKIM",
	.first =
		"Make a key pair of RSA with 2048 bits (Ed25519 beside it, not instead), publish the public key at "
		"SELECTOR._domainkey.DOMAIN, and sign with d= in the domain of From:, last of all that changes the message.",
	.ways = {{"OpenDKIM",
			 "opendkim-genkey -b 2048 -d example.com -s s2026; KeyTable and SigningTable name the key; s2026.txt "
			 "is the record",
			 "2026-11"},
		{"rspamd",
			"rspamadm dkim_keygen -d example.com -s s2026 -b 2048 -k /var/lib/rspamd/dkim/example.com.s2026.key; "
			"selector and path in local.d/dkim_signing.conf",
			"2026-11"},
		{"Exim", "dkim_domain, dkim_selector and dkim_private_key of the remote_smtp transport", "2026-11"},
		{"OpenSMTPD",
			"filter \"dkimsign\" proc-exec \"filter-dkimsign -d example.com -s s2026 -k FILE\" user _dkimsign",
			"2026-11"},
		{"Microsoft 365",
			"https://security.microsoft.com/dkimv2 (Policies & rules, Threat policies, Email authentication "
			"settings): publish both CNAMEs, then enable",
			"2026-11"},
		{"Google Workspace",
			"Admin console, Apps, Google Workspace, Gmail, Authenticate email: generate, publish, start",
			NULL},
		{"a long key", "A TXT string holds 255 bytes: split the key into several strings of one record",
			"2026-11"}},
};

static const struct mp_howto publish_dmarc = {
	.title = "Publish a DMARC policy",
	.first = "A TXT record at _dmarc.DOMAIN of the From: address. Begin with v=DMARC1; p=none; "
		 "rua=mailto:dmarc@example.com and read the reports; then p=quarantine or p=reject.",
	.ways = {{"alignment",
			 "Sign with d= in the From: domain, or send with an envelope sender in it (a service: custom return "
			 "path)",
			 "2026-11"},
		{"reports outside",
			"The receiving domain permits it by example.com._report._dmarc.RECEIVER TXT \"v=DMARC1\"",
			"2026-11"},
		{"sub-domains", "sp= for those that exist, np= for those that do not (RFC 9989)", "2026-11"}},
};

static const struct mp_howto open_port25 = {
	.title = "Have outgoing port 25 opened",
	.first =
		"Most clouds close it until they know the customer. Where they do not open it, send through their relay or a "
		"mail service on port 587. `mailprobe --request port25` writes the letter.",
	.ways = {{"AWS (EC2)",
			 "Restricted by default; the form \"Request to remove email sending limitations\" lifts it, region by "
			 "region",
			 "2026-11"},
		{"Azure", "Closed but for Enterprise Agreement and MCA-E subscriptions; use a relay on 587", "2026-09"},
		{"Google Cloud", "Closed to all outside; use a relay on 587 or 465", "2026-09"},
		{"Hetzner",
			"Cloud: 25 and 465 closed; after a month and the first paid invoice a limit request can open them",
			"2026-09"},
		{"DigitalOcean",
			"25, 465 and 587 closed on all Droplets, and no way to have them opened is told; use a mail service by "
			"its HTTPS API",
			"2026-09"},
		{"Vultr", "Closed by default; a support ticket asks for it, and is decided case by case", "2026-09"},
		{"Linode (Akamai)",
			"25, 465 and 587 closed for some accounts made since November 2019; a support ticket opens them, with "
			"the use, the domains, and A and PTR in place",
			"2026-11"},
		{"Scaleway",
			"25, 465 and 587 closed; verify the account's identity, then tick Enable SMTP in the instance's "
			"security group",
			"2026-11"},
		{"Oracle Cloud", "Closed for tenancies made since June 2021; a request for a service limit asks for it",
			"2026-09"},
		{"OVHcloud", "Closed after spam was seen from the address; the Control Panel tells, and opens it again",
			NULL},
		{"others", "Ask the support, with the text of `mailprobe --request port25`", "2026-11"}},
};

static const struct mp_howto leave_lists = {
	.title = "Get off a block list",
	.first =
		"First end the cause (open relay, infected host, stolen account, bought addresses), then ask: a second listing "
		"is harder to leave. Nobody serious takes money for it. `mailprobe --request delisting` writes what to send.",
	.ways = {{"Spamhaus",
			 "https://check.spamhaus.org/ - SBL: only the provider can ask; XBL, CSS, PBL: yourself. A PBL entry is "
			 "no accusation: it says that the range should use a relay",
			 "2026-11"},
		{"SpamCop", "Leaves by itself about a day after the last report", NULL},
		{"Barracuda", "https://www.barracudacentral.org/rbl/removal-request", NULL},
		{"PSBL", "https://psbl.org/remove", NULL},
		{"UCEPROTECT",
			"Level 1 leaves by itself after 7 days; levels 2 and 3 are about the provider's network: ask it, "
			"or move",
			NULL},
		{"SURBL, URIBL",
			"They list domains in messages: https://surbl.org/surbl-analysis, https://admin.uribl.com/",
			NULL}},
};

static const struct mp_howto score_less = {
	.title = "Have a filter find less in a message",
	.first = "Fix the rules that cost most, one after the other, and score again: --dry-run sends nothing.",
	.ways = {{"rspamd",
			 "rspamc -h HOST:11334 symbols FILE shows the same; https://rspamd.com/doc/ tells the rules, "
			 "`rspamadm configdump actions' the limits",
			 "2026-11"},
		{"SpamAssassin",
			"spamassassin -t < FILE shows the same; `perldoc Mail::SpamAssassin::Conf' the settings",
			"2026-11"},
		{"the message",
			"plain text beside HTML, a subject that says what it is, links to your own domain, no "
			"shorteners, no attachment that could be run",
			"2026-11"},
		{"the host", "PTR, EHLO name, SPF, DKIM and DMARC cost most where they are missing", "2026-11"}},
};

static const struct mp_howto reach_mailboxes = {
	.title = "Be taken by the large mailbox providers",
	.first =
		"A PTR that leads back, SPF and DKIM for all; DMARC with alignment, one-click unsubscribe and few complaints for bulk. "
		"Grow slowly from a new address.",
	.ways = {{"Gmail",
			 "https://postmaster.google.com/ shows what it thinks of a domain; complaints below 0.1 %, never 0.3 %",
			 "2026-11"},
		{"Microsoft",
			"https://substrate.office.com/ip-domain-management-snds/SNDS shows what it thinks of an address; and the "
			"form that the reply links",
			"2026-11"},
		{"Yahoo, AOL", "https://senders.yahooinc.com/ - complaint feedback loop and sender hub", NULL},
		{"Apple",
			"https://support.apple.com/en-us/102322 - the mailbox of its postmasters, to whom the reply is sent",
			"2026-11"}},
};

static const struct mp_howto renew_certificate = {
	.title = "Serve TLS well",
	.first = "A certificate of a public authority for the MX host's name, renewed by itself; TLS 1.2 and 1.3.",
	.ways = {{"Postfix",
			 "smtpd_tls_chain_files = KEY, CHAIN; smtpd_tls_security_level = may; smtpd_tls_protocols = >=TLSv1.2",
			 "2026-11"},
		{"Exim", "tls_certificate, tls_privatekey, tls_advertise_hosts = *", "2026-11"},
		{"DANE",
			"After each change of the key the TLSA record too: 3 1 1 with the SHA-256 of the public key, first the new "
			"one beside the old",
			"2026-11"},
		{"MTA-STS",
			"https://mta-sts.DOMAIN/.well-known/mta-sts.txt names the MX hosts; after a change a new id in "
			"_mta-sts.DOMAIN",
			"2026-11"}},
};

static const struct mp_howto mend_dns = {
	.title = "Fix the DNS",
	.first =
		"Ask each name server of the zone: dig +norecurse @SERVER NAME TYPE. What differs is an old copy, what refuses is "
		"lame.",
	.ways = {{"an old answer",
			 "It lives in caches as long as its TTL (an absent one: the SOA's minimum); `mailprobe watch` waits "
			 "for it",
			 "2026-11"},
		{"a lame server", "Remove it at the parent zone's registry, or make it serve the zone", "2026-11"},
		{"DNSSEC", "DS at the registry and DNSKEY in the zone must fit: dig +dnssec, delv, https://dnsviz.net/",
			"2026-11"},
		{"the resolver",
			"A validating one of your own (unbound) asks lists and zones under your own name; public resolvers "
			"are refused by many lists",
			"2026-11"}},
};

static const struct mp_howto send_less = {
	.title = "Send as the receiver likes it",
	.first =
		"A deferral is no refusal: the queue comes back. Keep one outgoing address for a destination, few connections, "
		"and growing pauses.",
	.ways = {{"Postfix",
			 "smtp_destination_concurrency_limit = 2, smtp_destination_rate_delay = 1s, in a transport of its own for "
			 "the destination",
			 "2026-11"},
		{"Exim", "remote_max_parallel, connection_max_messages of the transport, retry rules", "2026-11"},
		{"lists", "Remove addresses that are unknown at once; repeated tries cost reputation", "2026-11"}},
};

/* ---- for which checks and causes. In the order of the report, then of the taxonomy. */

static const struct mp_help_row rows[] = {
	{"resolver.health",
		"Everything here rests on what the resolver says. One that invents answers, hides NXDOMAIN or cannot be "
		"reached makes every other check a guess.",
		{&mend_dns}},
	{"host.witness",
		"Receivers ask the public DNS. A name that only /etc/hosts or a private zone knows looks right here and is "
		"missing there.",
		{&publish_address, &mend_dns}},
	{"host.fqdn",
		"Mail servers take their EHLO name, their Received: fields and their sender domain from the host's name unless "
		"they are told otherwise.",
		{&set_ehlo}},
	{"ehlo.syntax",
		"Many receivers refuse a client that announces localhost, one label or a private name before they look at "
		"anything else.",
		{&set_ehlo}},
	{"ehlo.resolves",
		"Receivers look the EHLO name up; one without an address is refused (Postfix: "
		"reject_unknown_helo_hostname) or counted against the message.",
		{&set_ehlo, &publish_address}},
	{"ehlo.matches_source",
		"A name that leads elsewhere looks like a borrowed one. Few refuse for it, many filters count it.",
		{&set_ehlo, &publish_address}},
	{"ptr.exists",
		"An address without a name looks like a home computer. GMX, Gmail (by IPv6 always), Yahoo, Telekom and every "
		"Postfix with reject_unknown_client_hostname refuse it.",
		{&set_ptr}},
	{"ptr.single", "Of several names receivers take any one, and which one changes: a fault that comes and goes.",
		{&set_ptr}},
	{"ptr.fcrdns",
		"A PTR can claim any name; only its address record proves it. Receivers treat a name that does not lead back as none.",
		{&publish_address, &set_ptr}},
	{"ptr.matches_ehlo",
		"Two names for one host are allowed, but some receivers count it, and a typing error in one of them "
		"breaks the look-up back to the address.",
		{&set_ehlo, &set_ptr}},
	{"ptr.generic",
		"Names made by a provider's script mark lines where nobody runs a mail server on purpose: refused or sorted "
		"to spam by many.",
		{&set_ptr}},
	{"ptr.syntax",
		"A PTR that is no host name cannot lead back; a bare domain confuses the mail host with the web site.",
		{&set_ptr}},
	{"ptr.propagation",
		"After a change the old answer lives on in receivers' caches until its TTL ends: they still refuse what is "
		"right already.",
		{&mend_dns}},
	{"ptr.owner", "Whoever holds the address is the one to ask for its PTR and for opening port 25.", {&set_ptr}},
	{"spf.record",
		"No record leaves receivers without a word of the domain's owner; two records, or a broken one, are an error "
		"that counts as none or as a failure.",
		{&publish_spf}},
	{"spf.mail_from", "Gmail, Yahoo and Microsoft want SPF or DKIM to pass for every message, and both for bulk.",
		{&publish_spf}},
	{"spf.helo", "Bounces have no sender: SPF is then judged by the EHLO name.", {&publish_spf, &set_ehlo}},
	{"spf.limits", "Beyond 10 look-ups SPF is a permanent error, which DMARC counts as not passed.",
		{&publish_spf}},
	{"dkim.key", "Without its public key a signature is worth nothing; DKIM is what survives forwarding.",
		{&sign_dkim}},
	{"dkim.strength", "RSA keys below 1024 bits are ignored (RFC 8301); 1024 is what can be broken soon.",
		{&sign_dkim}},
	{"dkim.pair", "A key that was replaced in one place only makes every signature fail.", {&sign_dkim}},
	{"dmarc.record", "Gmail, Yahoo and Microsoft want a DMARC record of whoever sends much; a broken one is none.",
		{&publish_dmarc}},
	{"dmarc.policy", "It says what receivers do with mail that fails, and where they report it.", {&publish_dmarc}},
	{"dmarc.alignment", "DMARC passes only where SPF or DKIM passes for the domain that people see in From:.",
		{&publish_dmarc, &sign_dkim, &publish_spf}},
	{"mx.answers",
		"Where nobody answers, bounces are lost, and receivers that call back to verify a sender refuse it.",
		{&publish_address}},
	{"mx.sender", "A sender to whom no bounce can come back is refused by most (reject_unknown_sender_domain).",
		{&publish_address, &mend_dns}},
	{"soa.sender", "Some receivers (Yahoo, Orange) look for the SOA of the sender's domain, and refuse without.",
		{&mend_dns}},
	{"dnsbl.ip", "A single large list, Spamhaus above all, is enough to be refused by half of the world.",
		{&leave_lists, &set_ptr}},
	{"dnsbl.domain", "A listed domain is refused wherever it stands: as sender, as EHLO name or in a link.",
		{&leave_lists}},
	{"mta_sts.sender", "With it others deliver to you by verified TLS only; a broken policy keeps mail from you.",
		{&renew_certificate}},
	{"tls_rpt.sender", "Without it nobody tells you that TLS to your servers fails.", {&renew_certificate}},
	{"dane.sender",
		"With DNSSEC and TLSA others deliver to you by verified TLS only; a record that does not fit keeps mail from "
		"you.",
		{&renew_certificate, &mend_dns}},
	{"bimi.sender", "A logo beside the message, where DMARC is enforced; no receiver asks for it.",
		{&publish_dmarc}},
	{"dnssec.sender",
		"A zone whose signatures do not verify does not exist for validating receivers: no SPF, no DKIM, no MX.",
		{&mend_dns}},
	{"registration.sender", "A domain that is expired, on hold or about to be deleted takes its mail with it.",
		{&mend_dns}},
	{"age.sender", "Mail from a domain of a few days is mostly spam; receivers wait and lists count it.",
		{&reach_mailboxes}},
	{"mx.target", "It decides which servers are asked, and whether the domain takes mail at all.", {&mend_dns}},
	{"egress.port25",
		"Where the provider blocks outgoing port 25 nothing is delivered, and the queue shows time-outs only.",
		{&open_port25}},
	{"smtp.session", "What the receiver itself says is worth more than every other check.",
		{&reach_mailboxes, &send_less}},
	{"smtp.starttls", "Without STARTTLS the message travels in clear text, and receivers with a policy get none.",
		{&renew_certificate}},
	{"tls.certificate",
		"Mail servers mostly accept any certificate; where DANE or MTA-STS is published, or TLS required, a wrong "
		"one stops delivery.",
		{&renew_certificate}},
	{"tls.version",
		"TLS 1.0 and 1.1 are switched off in current libraries: the session then fails or falls back to clear text.",
		{&renew_certificate}},
	{"tls.dane",
		"A TLSA record that does not fit the certificate stops delivery from all who check it (Postfix with dane, "
		"Microsoft 365, many hosters).",
		{&renew_certificate, &mend_dns}},
	{"tls.mta_sts",
		"A policy in mode enforce stops delivery from Gmail, Microsoft and Yahoo to hosts that it does not name or "
		"whose certificate is wrong.",
		{&renew_certificate}},
	{"policy.gmail", "What Gmail asks of senders, and refuses or sorts to spam without.",
		{&reach_mailboxes, &set_ptr, &sign_dkim, &publish_dmarc}},
	{"policy.yahoo", "What Yahoo and AOL ask of senders.",
		{&reach_mailboxes, &set_ptr, &sign_dkim, &publish_dmarc}},
	{"policy.microsoft", "What Outlook.com, Hotmail and Live ask of senders.",
		{&reach_mailboxes, &sign_dkim, &publish_spf, &publish_dmarc}},
	{"policy.apple", "What iCloud Mail asks of senders.", {&reach_mailboxes, &set_ptr, &sign_dkim, &publish_dmarc}},
	{"smtp.greeting",
		"A receiver that lets clients wait tests their patience (programs that send spam have none), or is overloaded; "
		"a queue has to wait for it, five minutes at least.",
		{&send_less}},
	{"content.rspamd",
		"Many receivers run rspamd: what yours finds in the message, theirs will find, before it was sent to anyone. "
		"Their limits and what they have learned differ.",
		{&score_less, &sign_dkim, &set_ptr}},
	{"content.spamd",
		"Many receivers run SpamAssassin: what yours finds in the message, theirs will find, before it was sent to "
		"anyone. Their limits and what they have learned differ.",
		{&score_less, &sign_dkim, &set_ptr}},
	{"message.placement",
		"Accepted is not read: only the mailbox tells whether a message came to the inbox or to spam.",
		{&reach_mailboxes, &sign_dkim, &publish_dmarc}},
	{"message.arrived",
		"What a mailbox has is what readers and filters saw: a signature that broke on the way is none.",
		{&sign_dkim}},
	{"message.seen_spf", "The receiver judges by what it sees: another address than was thought, or an old record.",
		{&publish_spf}},
	{"message.seen_dkim",
		"Where the receiver saw a signature fail that is good here, its key or the message differed.",
		{&sign_dkim}},
	{"message.seen_dmarc", "DMARC follows from SPF and DKIM as the receiver saw them.",
		{&publish_dmarc, &sign_dkim}},
	{"message.dkim",
		"A signature that does not verify counts as none: what changed the message came after the signer.",
		{&sign_dkim}},
	{"message.arc", "ARC tells a receiver what a forwarder had found before it changed the message.", {&sign_dkim}},
	{"message.spf", "SPF is judged for the host that handed the message in, and breaks at every forwarder.",
		{&publish_spf}},
	{"message.dmarc", "What people see in From: has to be what SPF or DKIM vouches for.",
		{&publish_dmarc, &sign_dkim}},
	{"message.receiver", "The receiver wrote down what it found; its word counts, not ours.", {&reach_mailboxes}},
	{"message.format",
		"A message that breaks RFC 5322 is refused by some and repaired by others, which breaks its signature.",
		{&sign_dkim}},
	{"message.headers", "Missing or doubled fields (Date, Message-ID, From) mark programs that send spam.",
		{&reach_mailboxes}},
	{"message.transport",
		"The Received: fields tell which way the message took, where it waited, and where it was not encrypted.",
		{&renew_certificate, &mend_dns}},
	{"message.unsubscribe",
		"Gmail, Yahoo and Microsoft ask it of bulk: one click (RFC 8058), without it people report spam.",
		{&reach_mailboxes}},
	/* causes */
	{"ptr-missing", NULL, {&set_ptr}},
	{"fcrdns-mismatch", NULL, {&publish_address, &set_ptr}},
	{"rdns-generic", NULL, {&set_ptr}},
	{"helo-rejected", NULL, {&set_ehlo, &publish_address}},
	{"sender-domain-dns", NULL, {&publish_address, &mend_dns}},
	{"spf-fail", NULL, {&publish_spf}},
	{"dkim-fail", NULL, {&sign_dkim}},
	{"dmarc-fail", NULL, {&publish_dmarc, &sign_dkim, &publish_spf}},
	{"sender-unauthenticated", NULL, {&publish_spf, &sign_dkim, &publish_dmarc}},
	{"dnsbl-listed", NULL, {&leave_lists}},
	{"ip-blocked", NULL, {&leave_lists, &reach_mailboxes}},
	{"ip-reputation", NULL, {&reach_mailboxes, &leave_lists}},
	{"domain-reputation", NULL, {&leave_lists, &reach_mailboxes}},
	{"greylisted", NULL, {&send_less}},
	{"rate-limited", NULL, {&send_less, &reach_mailboxes}},
	{"too-many-connections", NULL, {&send_less}},
	{"too-many-recipients", NULL, {&send_less}},
	{"recipient-rate-limited", NULL, {&send_less}},
	{"content-spam", NULL, {&reach_mailboxes, &sign_dkim}},
	{"recipient-unknown", NULL, {&send_less}},
	{"recipient-disabled", NULL, {&send_less}},
	{"domain-not-hosted", NULL, {&mend_dns}},
	{"mailbox-full", NULL, {&send_less}},
	{"content-virus", NULL, {NULL}},
	{"content-policy", NULL, {NULL}},
	{"message-malformed", NULL, {NULL}},
	{"message-too-large", NULL, {NULL}},
	{"sender-rejected", NULL, {&reach_mailboxes}},
	{"sender-verify-failed", NULL, {&publish_address}},
	{"auth-required", NULL, {NULL}},
	{"tls-required", NULL, {&renew_certificate}},
	{"relay-denied", NULL, {NULL}},
	{"recipient-restricted", NULL, {NULL}},
	{"policy-rejected", NULL, {&set_ptr, &publish_spf, &leave_lists}},
	{"protocol-error", NULL, {NULL}},
	{"receiver-error", NULL, {&send_less}},
	{"egress-blocked", NULL, {&open_port25}},
	{"tls-policy", NULL, {&renew_certificate}},
	{"mx-unusable", NULL, {&mend_dns}},
};

const struct mp_help_row *mp_help_row(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}
