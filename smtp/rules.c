/* smtp/rules.c - see smtp/rules.h */
#include "smtp/rules.h"

/*
 * Rows of each tier. The phrases of the first three are matched against the reply as it is; those of SMTP_BY_MTA and
 * SMTP_BY_WORDS against the reply with its addresses, hosts, IP addresses and URLs replaced by the words xaddr, xhost,
 * xip and xurl, so that no name decides; for SMTP_BY_WORDS the prefixes that Postfix puts before others' texts are xrcpt,
 * xsender, xclient, xhelo and xdata.
 *
 * Confidence: what names the cause and is said by one receiver only states 90 and more; a program's own text about 90;
 * words of people at most 80, unless they can hardly mean anything else; a code alone 30 to 60. A row whose meaning
 * rests on one source that cannot be checked states 80 or less.
 */
/* clang-format off */
#define ROW(tier, only, name, provider, code, enhanced, cause, confidence, phrase) \
	{name, provider, tier, only, confidence, cause, code, enhanced, phrase}
#define TOKEN(name, provider, cause, confidence, phrase) \
	ROW(SMTP_BY_TOKEN, false, name, provider, NULL, NULL, cause, confidence, phrase)
#define SAYS(name, provider, cause, confidence, phrase) \
	ROW(SMTP_BY_PROVIDER, false, name, provider, NULL, NULL, cause, confidence, phrase)
#define SAYS_C(name, provider, code, enhanced, cause, confidence, phrase) \
	ROW(SMTP_BY_PROVIDER, false, name, provider, code, enhanced, cause, confidence, phrase)
/* Only where the provider was recognised by other means: the wording or code alone would mean something else. */
#define ONLY(name, provider, code, enhanced, cause, confidence, phrase) \
	ROW(SMTP_BY_PROVIDER, true, name, provider, code, enhanced, cause, confidence, phrase)
#define LIST(name, cause, confidence, phrase) \
	ROW(SMTP_BY_LIST, false, name, NULL, NULL, NULL, cause, confidence, phrase)
#define MTA(name, provider, cause, confidence, phrase) \
	ROW(SMTP_BY_MTA, false, name, provider, NULL, NULL, cause, confidence, phrase)
#define MTA_C(name, provider, code, enhanced, cause, confidence, phrase) \
	ROW(SMTP_BY_MTA, false, name, provider, code, enhanced, cause, confidence, phrase)
#define WORDS(name, cause, confidence, phrase) \
	ROW(SMTP_BY_WORDS, false, name, NULL, NULL, NULL, cause, confidence, phrase)
#define WORDS_C(name, code, enhanced, cause, confidence, phrase) \
	ROW(SMTP_BY_WORDS, false, name, NULL, code, enhanced, cause, confidence, phrase)
#define ENHANCED(name, code, enhanced, cause, confidence) \
	ROW(SMTP_BY_ENHANCED, false, name, NULL, code, enhanced, cause, confidence, NULL)
#define CODE(name, code, cause, confidence) \
	ROW(SMTP_BY_CODE, false, name, NULL, code, NULL, cause, confidence, NULL)

const struct smtp_speaker smtp_speakers[] = {
	/* large receivers */
	{"gmail",
		"gsmtp | gcdp | support.google.com/mail | support.google.com/a/ | gmail requires | "
		"gmail has detected | to gmail users | sent to gmail | about smtp error messages | "
		"email sender guidelines | google's",
		"google.com$ | googlemail.com$ | mx.google.com"},
	{"yahoo",
		"postmaster.yahoo.com | help.yahoo.com | yahooinc.com | yahoodns.net | \\[tss%d\\] | \\[bl2%d\\] | "
		"\\[ph01\\] | postmaster.aol.com | yahoo.com account | postmaster.verizonmedia.com | mail.yahoo.com",
		"yahoodns.net$ | yahoo.com | aol.com"},
	{"outlook.com",
		"mail.live.com | olcsupport.office.com | postmaster.live.com | olc.protection.outlook.com | "
		"\\(s%<775-8999>\\) | outlook.com for policy reasons | hotmail.com has | postmaster.outlook.com",
		"olc.protection.outlook.com | hotmail.com$"},
	{"microsoft365",
		"protection.outlook.com | prod.outlook.com | prod.protection.outlook.com | "
		"delist@messaging.microsoft.com | sender.office.com | resolver.rst* | resolver.adr* | storedrv | "
		"as\\(%d\\) | tenantattribution | go.microsoft.com/fwlink | attr%d | eop-%w | hosted tenant",
		"mail.protection.outlook.com | mx.microsoft$"},
	{"apple",
		"icloudadmin@apple.com | support.apple.com | \\[cs01\\] | \\[hm08\\] | \\[hme1\\] | icloud.com",
		"mail.icloud.com$ | apple.com$ | mail.me.com"},
	{"comcast", "comcast | postmaster.comcast.net", "comcast.net"},
	{"cox", "cox.net | cox.com | cxbl | cxdns | cxsndr | cxcnct | cxmxrt | cxsmtp | cxthrt", "cox.net"},
	{"spectrum", "aup#* | charter.net | charter.com | spectrum.net", "charter.net | spectrum"},
	{"roadrunner", "rr.com", "rr.com$"},
	{"att",
		"abuse-att.net | att.net | abuse_rbl | attrbl | bellsouth.net",
		"att.net | prodigy.net | bellsouth.net"},
	{"gmx",
		"gmx.net | gmx.com | gmx.de | web.de | mail.com | 1und1.de | 1and1.com | ionos.* | kundenserver.de | "
		"perfora.net | postmaster.*/error-messages",
		"gmx.net | gmx.com | web.de | mail.com$ | kundenserver.de | ionos | perfora.net | 1and1"},
	{"t-online", "t-online.de", "t-online.de"},
	{"orange", "(ofr|wan|lpn)%d* | ofr | orange.fr | wanadoo.fr", "orange.fr | wanadoo.fr"},
	{"laposte", "lpn* | laposte.net", "laposte.net"},
	{"sfr", "sfr.fr | neuf.fr | sfr.net", "sfr.fr | neuf.fr | sfr.net"},
	{"free.fr", "postmaster.free.fr | proxad.net | free.fr", "free.fr | proxad.net"},
	{"libero", "lib_%d | libero.it | iol.local | vir_%d | italiaonline", "libero.it | virgilio.it | iol.it"},
	{"tin.it", "tin.it | alice.it | tim.it", "tin.it | alice.it | tim.it"},
	{"mail.ru", "mail.ru", "mail.ru"},
	{"yandex", "yandex | ya.cc", "yandex"},
	{"rambler", "rambler.ru", "rambler"},
	{"i.ua", "i.ua", "i.ua$"},
	{"qq", "mail.qq.com | qq.com | open.work.weixin.qq.com", "qq.com$"},
	{"netease", "mail.163.com | 163.com | 126.com | netease | (dt|mi|hl|rp):%w", "netease.com | 163.com | 126.com"},
	{"21cn", "21cn.com", "21cn.com"},
	{"aliyun", "aliyun | antispam_bat", "aliyun | alibaba"},
	{"sina", "sina.com | sina.cn", "sina.com"},
	{"naver", "naver.com | worksmobile", "naver.com"},
	{"hanmail", "hanmail.net | daum.net", "hanmail.net | daum"},
	{"docomo", "docomo", "docomo"},
	{"zoho", "zoho.com | zoho", "zoho"},
	{"godaddy", "secureserver.net | ib%<7-999> | unblock.secureserver.net | godaddy", "secureserver.net"},
	{"rackspace", "emailsrvr.com | rackspace", "emailsrvr.com"},
	{"facebook", "postmaster.facebook.com | facebook.com | (pol|rcp|dns|msg|con|int)-(p|t)%d", "facebook.com"},
	{"fastmail", "fastmail | messagingengine.com", "messagingengine.com$ | fastmail"},
	{"protonmail", "protonmail | proton.me", "protonmail.ch | proton"},
	{"uol", "mx-uol* | uol.com.br", "uol.com.br"},
	{"kpn", "kpn", "kpn | kpnmail"},
	{"o2.pl", "o2.pl | tlen.pl | wp.pl", "o2.pl | wp.pl"},
	{"rediff", "rediff*", "rediffmail"},
	/* filtering services */
	{"mimecast", "mimecast | mcspamsignature", "mimecast"},
	{"proofpoint", "proofpoint | pphosted | ppe-hosted", "pphosted.com | ppe-hosted.com | gpphosted"},
	{"barracuda", "barracuda* | cuda_nsu", "barracudanetworks.com | ess.barracuda"},
	{"ironport", "ironport | senderbase.org | iphmx.com | sbrs", "iphmx.com"},
	{"messagelabs", "messagelabs | symanteccloud", "messagelabs.com"},
	{"trendmicro", "trendmicro | trend micro | mail-abuse.com | block-send-er | block-rcpt", "trendmicro"},
	{"hornetsecurity", "hornetsecurity | antispameurope", "hornetsecurity | antispameurope"},
	{"cloudmark", "cloudmark", "cloudmark"},
	{"vade", "vadesecure | vade retro | vade secure", "vadesecure"},
	{"mxlogic", "mxlogic | mxlogic.net", "mxlogic"},
	{"postini", "psmtp", "psmtp"},
	{"mailchannels", "mailchannels", "mailchannels"},
	{"zerospam", "zerospam", "zerospam"},
	{"improvmx", "improvmx | #id-%w", "improvmx"},
	{"forwardemail", "forwardemail.net", "forwardemail"},
	{"cloudflare", "cloudflare", "cloudflare"},
	{"amazon-ses", "amazonses | amazon ses | ses.amazonaws | amazonaws.com", "amazonaws | amazonses"},
	{"sendgrid", "sendgrid", "sendgrid"},
	{"sophos", "sophos", "sophos"},
	{"fireeye", "fireeye", "fireeye"},
	/* the software */
	{"postgrey", "postgrey", NULL},
	{"spamdyke", "spamdyke | ^refused. (your|you|authentication|sending|access|mail|identical)", NULL},
	{"stalwart", "stalwart", "stalwart"},
	{"haraka", "haraka", "haraka"},
	{"rspamd", "rspamd", NULL},
	{"amavis", "amavis*", NULL},
	{"amavis", "reject, id=%w", NULL},
	{"exim",
		"exim | sender verify failed | verification failed (for|while checking) | unrouteable address | "
		"temporary local problem - please | syntactically invalid (helo|ehlo) | smtp synchronization error | "
		"valid rcpt command must precede",
		"exim"},
	{"postfix",
		"(recipient|sender) address rejected: | client host rejected: | helo command rejected: | "
		"data command rejected: | relay access denied | "
		"service unavailable; (client|unverified|sender|helo) | "
		"error: (send helo|nested mail|need rcpt|need mail|command not|too many|bad syntax|message file)",
		"postfix"},
	{"sendmail", ">... | relaying denied. (proper|ip name) | domain of sender address", "sendmail"},
	{"opensmtpd", NULL, "opensmtpd"},
	{"exchange", "smtp; (unable to relay|client)", "microsoft esmtp mail service"},
	{"qmail", "qmail | chkuser | \\(#%d.%d.%d | sorry, .. \\(#5", "qmail"},
};
const size_t smtp_n_speakers = ARRAY_LEN(smtp_speakers);

const struct smtp_rule smtp_rules[] = {
	/* ================================ tokens ================================ */

	/* Gmail: the p= tag of the help URL */
	TOKEN("gmail.p-nosuchuser", "gmail", SMTP_RECIPIENT_UNKNOWN, 98, "p=nosuchuser"),
	TOKEN("gmail.p-disabled", "gmail", SMTP_RECIPIENT_DISABLED, 98, "p=disableduser | p=inactiveuser"),
	TOKEN("gmail.p-quota", "gmail", SMTP_MAILBOX_FULL, 98, "p=overquota*"),
	TOKEN("gmail.p-receiving", "gmail", SMTP_RECIPIENT_RATE_LIMITED, 98, "p=receivingrate*"),
	TOKEN("gmail.p-rate", "gmail", SMTP_RATE_LIMITED, 96, "p=unsolicitedratelimiterror | p=unsolicitediperror"),
	TOKEN("gmail.p-ipv6", "gmail", SMTP_FCRDNS_MISMATCH, 95, "p=ipv6autherror"),
	TOKEN("gmail.p-direct", "gmail", SMTP_RDNS_GENERIC, 95, "p=notauthorizederror"),
	TOKEN("gmail.p-blocked", "gmail", SMTP_CONTENT_POLICY, 96, "p=blockedmessage"),
	TOKEN("gmail.p-size", "gmail", SMTP_MESSAGE_TOO_LARGE, 96, "p=maxsizeerror"),
	TOKEN("gmail.p-format", "gmail", SMTP_MESSAGE_MALFORMED, 95, "p=rfcmessagenoncompliant"),
	TOKEN("gmail.p-login", "gmail", SMTP_AUTH_REQUIRED, 96,
		"p=(wantautherror|badcredentials|webloginrequired|invalidsecondfactor|autherror)"),

	/* Yahoo and what was AOL */
	TOKEN("yahoo.tss04", "yahoo", SMTP_RATE_LIMITED, 95, "\\[tss04\\] & unexpected volume"),
	TOKEN("yahoo.tss04-complaints", "yahoo", SMTP_IP_REPUTATION, 92, "\\[tss04\\] | \\[ipts04\\] | \\[ts0(1|2)\\]"),
	TOKEN("yahoo.tss09", "yahoo", SMTP_IP_BLOCKED, 96, "\\[tss(09|11)\\] | \\[ts03\\]"),
	TOKEN("yahoo.bl", "yahoo", SMTP_DNSBL_LISTED, 95, "\\[bl2(1|3)\\] | \\[tss07\\]"),
	TOKEN("yahoo.ph01", "yahoo", SMTP_CONTENT_SPAM, 95, "\\[ph01\\]"),
	TOKEN("yahoo.gl01", "yahoo", SMTP_GREYLISTED, 90, "\\[gl01\\]"),
	TOKEN("yahoo.policy", "yahoo", SMTP_POLICY_REJECTED, 85, "\\[29(8|9)\\]"),
	TOKEN("yahoo.4-16-volume", "yahoo", SMTP_RATE_LIMITED, 92, "4.16.5%d & unexpected volume"),
	TOKEN("yahoo.4-16", "yahoo", SMTP_IP_REPUTATION, 88, "4.16.(50|51|55|56|57)"),
	TOKEN("yahoo.4-16-1", "yahoo", SMTP_RECEIVER_ERROR, 85, "#4.16.1"),
	TOKEN("aol.rtr-dynamic", "yahoo", SMTP_RDNS_GENERIC, 80, "rtr:(du|bb) | rly:ir"),
	TOKEN("aol.rtr-rd", "yahoo", SMTP_PTR_MISSING, 80, "rtr:rd | dns:nr"),
	TOKEN("aol.rtr-bl", "yahoo", SMTP_IP_BLOCKED, 80, "rtr:(sc|bl|bd) | rly:bd"),
	TOKEN("aol.rtr-ch", "yahoo", SMTP_CONTENT_SPAM, 80, "rtr:ch | rly:ch | rly:cs*"),
	TOKEN("aol.hvu", "yahoo", SMTP_DOMAIN_REPUTATION, 80, "hvu:b%d"),
	TOKEN("aol.rate", "yahoo", SMTP_RATE_LIMITED, 80, "rly:b%d | dyn:t%d"),
	TOKEN("aol.sn", "yahoo", SMTP_SENDER_REJECTED, 80, "rly:sn"),
	TOKEN("aol.con", "yahoo", SMTP_TOO_MANY_CONNECTIONS, 80, "con:b%d"),
	TOKEN("aol.ge", "yahoo", SMTP_RECEIVER_ERROR, 80, "rtr:ge"),

	/* Outlook.com */
	TOKEN("outlook.s3140", "outlook.com", SMTP_IP_BLOCKED, 78,
		"\\(s31(40|50)\\) | part of their network is on our block list"),
	TOKEN("outlook.unknown", "outlook.com", SMTP_RECIPIENT_UNKNOWN, 92, "mailbox unavailable & \\(s2017062302\\)"),
	TOKEN("outlook.reputation", "outlook.com", SMTP_IP_REPUTATION, 95, "\\(s(775|843|844|3113|3114)\\)"),
	TOKEN("outlook.s3115", "outlook.com", SMTP_TOO_MANY_CONNECTIONS, 95, "\\(s3115\\)"),
	TOKEN("outlook.s8001", "outlook.com", SMTP_DOMAIN_REPUTATION, 95, "\\(s800(1|2)\\)"),
	TOKEN("outlook.rp", "outlook.com", SMTP_RATE_LIMITED, 93, "rp-00(1|2)"),
	TOKEN("outlook.rp-003", "outlook.com", SMTP_TOO_MANY_CONNECTIONS, 93, "rp-003"),
	TOKEN("outlook.sc-001", "outlook.com", SMTP_CONTENT_SPAM, 88, "sc-001 | ou-002"),
	TOKEN("outlook.sc-blocked", "outlook.com", SMTP_IP_BLOCKED, 93, "sc-00(2|3) | dy-002"),
	TOKEN("outlook.sc-004", "outlook.com", SMTP_IP_REPUTATION, 93, "sc-004"),
	TOKEN("outlook.ou-001", "outlook.com", SMTP_DNSBL_LISTED, 93, "ou-001"),
	TOKEN("outlook.dy-001", "outlook.com", SMTP_RDNS_GENERIC, 93, "dy-001"),

	/* Exchange Online: component names */
	TOKEN("exo.recipnotfound", "microsoft365", SMTP_RECIPIENT_UNKNOWN, 97,
		"resolver.adr.(ex|)recip(ient|)notfound | resolver.adr.invalid*"),
	TOKEN("exo.restricted", "microsoft365", SMTP_RECIPIENT_RESTRICTED, 97,
		"resolver.rst.(authrequired|notauthorized|restricted*|notauthorizedtogroup) | resolver.rst.auth*"),
	TOKEN("exo.rst-size", "microsoft365", SMTP_MESSAGE_TOO_LARGE, 96,
		"resolver.rst.(sendsizelimit|recipsizelimit)*"),
	TOKEN("exo.rst-recips", "microsoft365", SMTP_TOO_MANY_RECIPIENTS, 93,
		"resolver.adr.reciplimit | resolver.rst.reciplimit"),
	TOKEN("exo.loop", "microsoft365", SMTP_RECEIVER_ERROR, 93, "resolver.fwd.loop | routing.loop*"),
	TOKEN("exo.quota", "microsoft365", SMTP_MAILBOX_FULL, 97, "quotaexceeded* | mailboxfull* & !submissionquota*"),
	TOKEN("exo.disabled", "microsoft365", SMTP_RECIPIENT_DISABLED, 95, "accountdisabled*"),
	TOKEN("exo.submission", "microsoft365", SMTP_RATE_LIMITED, 93, "submissionquota* | messagesubmissionexceeded*"),
	TOKEN("exo.tenant", "microsoft365", SMTP_RELAY_DENIED, 95, "tenantattribution"),
	TOKEN("exo.attr", "microsoft365", SMTP_DOMAIN_NOT_HOSTED, 90, "attr5 | attr35 & !wrong office | no mail-enabled subscriptions"),
	TOKEN("exo.sender", "microsoft365", SMTP_SENDER_REJECTED, 92, "sendasdenied* | senderfilter*"),

	/* Apple */
	TOKEN("apple.local", "apple", SMTP_POLICY_REJECTED, 95, "\\[cs01\\] | \\[hm08\\]"),
	TOKEN("apple.hme1", "apple", SMTP_SENDER_UNAUTHENTICATED, 95, "\\[hme1\\]"),

	/* Comcast: a fragment of the help URL; the BL digits are a sum of lists */
	TOKEN("comcast.bl0", "comcast", SMTP_IP_BLOCKED, 96, "bl000000"),
	TOKEN("comcast.bl", "comcast", SMTP_DNSBL_LISTED, 95, "bl%<1-111111>"),
	TOKEN("comcast.es", "comcast", SMTP_RDNS_GENERIC, 90, "es0000%d"),
	TOKEN("comcast.rl", "comcast", SMTP_RATE_LIMITED, 93, "rl0000%d"),
	TOKEN("comcast.dm", "comcast", SMTP_DMARC_FAIL, 93, "dm0000%d"),

	/* Cox */
	TOKEN("cox.bl", "cox", SMTP_IP_BLOCKED, 80, "cxbl | cdrbl"),
	TOKEN("cox.dns", "cox", SMTP_PTR_MISSING, 80, "cxdns"),
	TOKEN("cox.sndr", "cox", SMTP_SENDER_UNAUTHENTICATED, 80, "cxsndr"),
	TOKEN("cox.smtp", "cox", SMTP_PROTOCOL_ERROR_CAUSE, 80, "cxsmtp"),
	TOKEN("cox.conn", "cox", SMTP_TOO_MANY_CONNECTIONS, 80, "cxcnct"),
	TOKEN("cox.rate", "cox", SMTP_RATE_LIMITED, 80, "cxmxrt | cxthrt"),
	TOKEN("cox.ipbl", "cox", SMTP_DNSBL_LISTED, 80, "ipbl%d"),
	TOKEN("cox.urlbl", "cox", SMTP_DOMAIN_REPUTATION, 80, "urlbl%w"),

	/* Spectrum: AUP#In-nnnn by range */
	TOKEN("spectrum.block", "spectrum", SMTP_IP_BLOCKED, 80, "aup#*-%<1000-1009>"),
	TOKEN("spectrum.sender", "spectrum", SMTP_SENDER_REJECTED, 80, "aup#*-%<1010-1080>"),
	TOKEN("spectrum.temp", "spectrum", SMTP_RECEIVER_ERROR, 60, "aup#*-%<1081-1099>"),
	TOKEN("spectrum.rdns", "spectrum", SMTP_PTR_MISSING, 80, "aup#*-%<1100-1150>"),
	TOKEN("spectrum.policy", "spectrum", SMTP_POLICY_REJECTED, 80, "aup#*-%<1160-1190>"),
	TOKEN("spectrum.list", "spectrum", SMTP_DNSBL_LISTED, 80, "aup#*-%<1200-1250>"),
	TOKEN("spectrum.ipv6", "spectrum", SMTP_IP_BLOCKED, 75, "aup#*-1260"),
	TOKEN("spectrum.conns", "spectrum", SMTP_TOO_MANY_CONNECTIONS, 80, "aup#*-%<1300-1340>"),
	TOKEN("spectrum.rate", "spectrum", SMTP_RATE_LIMITED, 80, "aup#*-(%<1350-1490>|1540|1550|1580|1560)"),
	TOKEN("spectrum.spoof", "spectrum", SMTP_SENDER_REJECTED, 80, "aup#*-(1500|1510|1520)"),
	TOKEN("spectrum.size", "spectrum", SMTP_MESSAGE_TOO_LARGE, 80, "aup#*-1530"),

	/* Cloudmark Gateway at Orange, Laposte, Libero, Virgilio and others: XXX_nnn */
	TOKEN("cmgw.list", NULL, SMTP_DNSBL_LISTED, 93, "(ofr|lpn|ouk|wan|lib|vir|tim|tin)*_(101|102)"),
	TOKEN("cmgw.blocked", NULL, SMTP_IP_BLOCKED, 90, "(ofr|lpn|ouk|wan|lib|vir|tim|tin)*_(103|510)"),
	TOKEN("cmgw.conns", NULL, SMTP_TOO_MANY_CONNECTIONS, 93, "(ofr|lpn|ouk|wan|lib|vir|tim|tin)*_(104|105)"),
	TOKEN("cmgw.rdns", NULL, SMTP_FCRDNS_MISMATCH, 88, "(lib|vir|tim|tin)*_120"),
	TOKEN("cmgw.sender-domain", NULL, SMTP_SENDER_DOMAIN_DNS, 88, "(lib|vir|tim|tin)*_420"),
	TOKEN("cmgw.auth", NULL, SMTP_AUTH_REQUIRED, 80, "(ofr|lpn|ouk|wan)*_(305|402)"),
	TOKEN("cmgw.spf", NULL, SMTP_SPF_FAIL, 92, "(ofr|lpn|ouk|wan)*_401"),
	TOKEN("cmgw.sender", NULL, SMTP_SENDER_REJECTED, 85, "(ofr|lpn|ouk|wan)*_(403|405|415|421)"),
	TOKEN("cmgw.unknown", NULL, SMTP_RECIPIENT_UNKNOWN, 95, "(ofr|lpn|ouk|wan)*_(416|418)"),
	TOKEN("cmgw.full", NULL, SMTP_MAILBOX_FULL, 95, "(ofr|lpn|ouk|wan)*_417"),
	TOKEN("cmgw.closed", NULL, SMTP_RECIPIENT_DISABLED, 90, "(ofr|lpn|ouk|wan)*_(420|426)"),
	TOKEN("cmgw.temp", NULL, SMTP_RECEIVER_ERROR, 85, "(ofr|lpn|ouk|wan)*_505"),
	TOKEN("cmgw.spam", NULL, SMTP_CONTENT_SPAM, 95, "(ofr|lpn|ouk|wan)*_506"),
	TOKEN("cmgw.size", NULL, SMTP_MESSAGE_TOO_LARGE, 92, "(ofr|lpn|ouk|wan)*_514"),
	TOKEN("cmgw.dmarc", NULL, SMTP_DMARC_FAIL, 95, "(ofr|lpn|ouk|wan)*_517"),
	TOKEN("cmgw.999", NULL, SMTP_IP_BLOCKED, 65, "(ofr|lpn|ouk|wan)*_(999|630)"),

	/* GMX, web.de, mail.com, IONOS: c= in the help URL */
	TOKEN("gmx.c-rdns", "gmx", SMTP_FCRDNS_MISMATCH, 95, "error-messages & c=rdns"),
	TOKEN("gmx.c-bl", "gmx", SMTP_IP_BLOCKED, 95, "error-messages & c=bl"),
	TOKEN("gmx.c-poli", "gmx", SMTP_POLICY_REJECTED, 93, "error-messages & c=poli"),
	TOKEN("gmx.c-spf", "gmx", SMTP_SPF_FAIL, 95, "error-messages & c=spf"),
	TOKEN("gmx.c-quot", "gmx", SMTP_MAILBOX_FULL, 93, "error-messages & c=quot*"),
	TOKEN("gmx.c-helo", "gmx", SMTP_HELO_REJECTED, 93, "error-messages & c=helo"),

	/* T-Online */
	TOKEN("t-online.bl", "t-online", SMTP_IP_BLOCKED, 95, "\\(bl\\) & t-online.de | ip= & \\(bl\\)"),
	TOKEN("t-online.nowl", "t-online", SMTP_IP_REPUTATION, 95, "\\(nowl\\)"),
	TOKEN("t-online.dial", "t-online", SMTP_RDNS_GENERIC, 95, "\\(dial\\)"),

	/* NetEase */
	TOKEN("netease.spf", "netease", SMTP_SPF_FAIL, 88, "mi:spf"),
	TOKEN("netease.rate", "netease", SMTP_RATE_LIMITED, 80,
		"hl:ifc | hl:ifq | hl:mep | mi:cel | mi:dmc | mi:sfq | rp:cel | rp:rcl"),
	TOKEN("netease.rcpts", "netease", SMTP_TOO_MANY_RECIPIENTS, 80, "rp:drc | rp:qrc"),
	TOKEN("netease.conns", "netease", SMTP_TOO_MANY_CONNECTIONS, 80, "hl:icc | hl:itc"),
	TOKEN("netease.reputation", "netease", SMTP_IP_REPUTATION, 80, "hl:rep | hl:iha | hl:ihu"),
	TOKEN("netease.spam", "netease", SMTP_CONTENT_SPAM, 80, "dt:spm"),
	TOKEN("netease.sum", "netease", SMTP_SENDER_REJECTED, 80, "dt:sum"),
	TOKEN("netease.rbl", "netease", SMTP_DNSBL_LISTED, 80, "dt:rbl"),
	TOKEN("netease.not-allowed", "netease", SMTP_IP_BLOCKED, 80, "wm:bli | hl:ipb"),
	TOKEN("netease.user-not-allowed", "netease", SMTP_SENDER_REJECTED, 80, "wm:blu"),
	TOKEN("netease.commands", "netease", SMTP_PROTOCOL_ERROR_CAUSE, 78, "mi:ccl | rp:ccl"),
	TOKEN("netease.recipient-rate", "netease", SMTP_RATE_LIMITED, 80, "rp:trc | mi:stc"),

	/* GoDaddy */
	TOKEN("godaddy.conns", "godaddy", SMTP_TOO_MANY_CONNECTIONS, 80, "ib007"),
	TOKEN("godaddy.temp", "godaddy", SMTP_RECEIVER_ERROR, 80, "ib101"),
	TOKEN("godaddy.list", "godaddy", SMTP_DNSBL_LISTED, 80, "ib10(3|4|5|6)"),
	TOKEN("godaddy.rdns", "godaddy", SMTP_PTR_MISSING, 80, "ib108"),
	TOKEN("godaddy.block", "godaddy", SMTP_IP_BLOCKED, 80, "ib1(10|11|12|13)"),
	TOKEN("godaddy.spam", "godaddy", SMTP_CONTENT_SPAM, 80, "ib2%d"),
	TOKEN("godaddy.auth", "godaddy", SMTP_AUTH_REQUIRED, 80, "ib401"),
	TOKEN("godaddy.from-domain", "godaddy", SMTP_SENDER_DOMAIN_DNS, 80, "ib506"),
	TOKEN("godaddy.from", "godaddy", SMTP_MESSAGE_MALFORMED, 80, "ib50(1|2)"),
	TOKEN("godaddy.rate", "godaddy", SMTP_RATE_LIMITED, 80, "ib504 | ib607 | ib510"),
	TOKEN("godaddy.spf", "godaddy", SMTP_SPF_FAIL, 88, "ib508"),
	TOKEN("godaddy.rcpts", "godaddy", SMTP_TOO_MANY_RECIPIENTS, 80, "ib605 & !not found"),
	TOKEN("godaddy.virus", "godaddy", SMTP_CONTENT_VIRUS, 88, "ib705"),

	/* Rackspace */
	TOKEN("rackspace.ptr", "rackspace", SMTP_PTR_MISSING, 80, "\\(g1f\\)"),
	TOKEN("rackspace.conns", "rackspace", SMTP_TOO_MANY_CONNECTIONS, 80, "\\(g2\\)"),
	TOKEN("rackspace.untrusted", "rackspace", SMTP_RATE_LIMITED, 80, "\\(g28\\)"),
	TOKEN("rackspace.rcpt-rate", "rackspace", SMTP_RECIPIENT_RATE_LIMITED, 80, "\\(g30\\)"),
	TOKEN("rackspace.unknown", "rackspace", SMTP_RECIPIENT_UNKNOWN, 80, "\\(g8\\)"),
	TOKEN("rackspace.loop", "rackspace", SMTP_RECEIVER_ERROR, 80, "\\(g16\\)"),
	TOKEN("rackspace.dmarc", "rackspace", SMTP_DMARC_FAIL, 80, "\\(g1e\\)"),
	TOKEN("rackspace.rbl", "rackspace", SMTP_DNSBL_LISTED, 80, "acl dns_rbl"),


	/* filtering services */
	TOKEN("policyd.abuse", NULL, SMTP_POLICY_REJECTED, 85, "policy rejection abuse"),
	TOKEN("barracuda.nsu", "barracuda", SMTP_RECIPIENT_UNKNOWN, 80, "cuda_nsu"),
	TOKEN("trend.customized", "trendmicro", SMTP_IP_REPUTATION, 75, "ers-customized*"),
	TOKEN("trend.sender", "trendmicro", SMTP_SENDER_REJECTED, 80, "block-send-er"),
	TOKEN("trend.rcpt", "trendmicro", SMTP_RECIPIENT_RESTRICTED, 80, "block-rcpt"),
	TOKEN("trend.unknown", "trendmicro", SMTP_RECIPIENT_UNKNOWN, 80, "invalid-recipient"),
	TOKEN("trend.domain", "trendmicro", SMTP_DOMAIN_NOT_HOSTED, 80, "no-domain"),
	TOKEN("uol.mx", "uol", SMTP_SPF_FAIL, 55, "mx-uol-02"),
	TOKEN("hanmail.rdeny", NULL, SMTP_RECIPIENT_RESTRICTED, 80, "rdeny"),
	TOKEN("hanmail.ract-inactive", NULL, SMTP_RECIPIENT_DISABLED, 80, "ract* & inactive"),
	TOKEN("hanmail.ract", NULL, SMTP_RECIPIENT_RESTRICTED, 75, "ract"),
	TOKEN("mimecast.spam", "mimecast", SMTP_CONTENT_SPAM, 80, "mcspamsignature*"),

	/* ================================ providers ================================ */

	/* Gmail */
	SAYS("auth.either", NULL, SMTP_SENDER_UNAUTHENTICATED, 93,
		"either spf or dkim | neither spf nor dkim | (both |)spf and dkim (both |checks |)(fail*|did not|do not) & !dmarc | "
		"failing both spf and dkim | email is unauthenticated | mail is unauthenticated | sender is unauthenticated"),
	SAYS("gmail.ptr", "gmail", SMTP_FCRDNS_MISMATCH, 95,
		"sending ip address .. does not have a ptr | guidelines regarding ptr records and authentication | "
		"ipv6 sending guidelines | ip address sending this message does not have a ptr"),
	ONLY("gmail.esc-ptr", "gmail", NULL, "%d.7.(23|25)", SMTP_FCRDNS_MISMATCH, 96, NULL),
	ONLY("gmail.esc-spf-entries", "gmail", NULL, "%d.7.24", SMTP_SPF_FAIL, 96, NULL),
	SAYS("gmail.dkim", "gmail", SMTP_DKIM_FAIL, 93,
		"because dkim (authentication |)(does not|didn't|doesn't|did not) pass"),
	SAYS("gmail.spf", "gmail", SMTP_SPF_FAIL, 93,
		"because spf (authentication |)(does not|didn't|doesn't|did not) pass"),
	SAYS("gmail.tls", "gmail", SMTP_TLS_REQUIRED, 93,
		"(wasn't|not|not been) sent over a tls connection"),
	ONLY("gmail.esc-rate", "gmail", NULL, "%d.7.28", SMTP_RATE_LIMITED, 96, NULL),
	SAYS("gmail.align", "gmail", SMTP_DMARC_FAIL, 95,
		"isn't aligned with either | not aligned with either the authenticated"),
	ONLY("gmail.esc-tls", "gmail", NULL, "%d.7.29", SMTP_TLS_REQUIRED, 96, NULL),
	ONLY("gmail.esc-align", "gmail", NULL, "%d.7.32", SMTP_DMARC_FAIL, 96, NULL),
	SAYS("gmail.hard-fail", "gmail", SMTP_SPF_FAIL, 95, "spf record with a hard fail policy"),
	SAYS("gmail.suspicious-spf", "gmail", SMTP_SPF_FAIL, 95, "suspicious entries"),
	SAYS("gmail.unauthenticated-domain", "gmail", SMTP_SENDER_UNAUTHENTICATED, 78,
		"unauthenticated email is not accepted from this domain"),
	SAYS("gmail.dmarc-policy", "gmail", SMTP_DMARC_FAIL, 95,
		"not accepted due to domain's dmarc policy | not accepted due to .. dmarc policy | "
		"unauthenticated email from .. not accepted"),
	SAYS("gmail.unauthenticated", "gmail", SMTP_SENDER_UNAUTHENTICATED, 95,
		"does not have authentication information or fails to"),
	ONLY("gmail.esc-unauthenticated", "gmail", NULL, "%d.7.26", SMTP_SENDER_UNAUTHENTICATED, 90, NULL),
	ONLY("gmail.esc-spf", "gmail", NULL, "%d.7.27", SMTP_SPF_FAIL, 95, NULL),
	ONLY("gmail.esc-dkim", "gmail", NULL, "%d.7.30", SMTP_DKIM_FAIL, 95, NULL),
	ONLY("gmail.dmarc-record", "gmail", NULL, "%d.7.(31|40)", SMTP_DMARC_FAIL, 93, "dmarc"),
	SAYS("gmail.headers", "gmail", SMTP_MESSAGE_MALFORMED, 93,
		"review rfc 5322 | messages missing a valid message-id | multiple addresses in from | "
		"valid address in from"),
	ONLY("gmail.headers-known", "gmail", NULL, NULL, SMTP_MESSAGE_MALFORMED, 92,
		"not rfc (5322|2822) compliant | not permitted in message header* | valid message-id header | "
		"duplicate headers | size of the .. header | header .. exceed*"),
	SAYS("gmail.reputation-ip", "gmail", SMTP_IP_REPUTATION, 95, "low reputation of the sending ip*"),
	SAYS("gmail.reputation-domain", "gmail", SMTP_DOMAIN_REPUTATION, 95, "low reputation of the sending domain"),
	SAYS("gmail.content", "gmail", SMTP_CONTENT_SPAM, 95,
		"nature of the content | likely unsolicited (mail|email) | message is suspicious due to"),
	SAYS("mailchannels.unusual", "mailchannels", SMTP_RATE_LIMITED, 75, "unusual amount of unsolicited email"),
	SAYS("gmail.rate", "gmail", SMTP_RATE_LIMITED, 95, "unusual rate"),
	SAYS("gmail.whitelist", "gmail", SMTP_IP_BLOCKED, 95, "ip not in whitelist"),
	SAYS("gmail.tls-domain", "gmail", SMTP_TLS_REQUIRED, 96, "tls required for rcpt domain"),
	SAYS("gmail.direct", "gmail", SMTP_RDNS_GENERIC, 95, "not authorized to send email directly"),
	SAYS("gmail.receiving", "gmail", SMTP_RECIPIENT_RATE_LIMITED, 96,
		"user you are trying to contact is receiving"),
	SAYS("receiving.quickly", NULL, SMTP_RECIPIENT_RATE_LIMITED, 90,
		"receiving (mail|email) (too quickly|at a rate) | is receiving .. too quickly"),
	SAYS("gmail.inactive", "gmail", SMTP_RECIPIENT_DISABLED, 96,
		"email account that you tried to reach is (inactive|disabled)"),
	SAYS("gmail.unknown", "gmail", SMTP_RECIPIENT_UNKNOWN, 96,
		"email account that you tried to reach does not exist"),
	SAYS("gmail.full", "gmail", SMTP_MAILBOX_FULL, 96,
		"email account that you tried to reach is over quota | inbox is out of storage | "
		"over its storage quota"),
	SAYS("gmail.no-domain", "gmail", SMTP_DOMAIN_NOT_HOSTED, 88, "weren't able to find the recipient domain"),
	SAYS("gmail.attachment", "gmail", SMTP_CONTENT_POLICY, 95,
		"content presents a potential security issue | potential security issue | "
		"illegal attachment on your message"),
	ONLY("gmail.header-size", "gmail", "552", NULL, SMTP_MESSAGE_MALFORMED, 90,
		"header value | message headers | header field | header size"),
	SAYS("gmail.attachments", "gmail", SMTP_MESSAGE_TOO_LARGE, 55, "number of attachments"),
	SAYS("gmail.size", "gmail", SMTP_MESSAGE_TOO_LARGE, 95,
		"exceeded google's message size limits | exceeds google's | message size limits"),
	SAYS("gmail.limits", "gmail", SMTP_RATE_LIMITED, 90,
		"daily (user |)(smtp relay|sending) (limit|quota) exceeded | "
		"daily .. sending (quota|limit) exceeded | smtp relay limit exceeded | email quota exceeded | "
		"daily smtp relay limit"),
	SAYS("gmail.relay", "gmail", SMTP_RELAY_DENIED, 85,
		"(mail|email) relay denied | invalid credentials for relay"),
	SAYS("gmail.sending-denied", "gmail", SMTP_SENDER_REJECTED, 80, "(mail|email) sending denied"),
	SAYS("gmail.address", "gmail", SMTP_PROTOCOL_ERROR_CAUSE, 78,
		"not a valid rfc*5321 address | not a valid rfc 5321 address"),
	ONLY("gmail.later-auth", "gmail", "454", NULL, SMTP_RECEIVER_ERROR, 60,
		"cannot authenticate due to temporary system problem"),
	SAYS("gmail.domains", "gmail", SMTP_TOO_MANY_RECIPIENTS, 55,
		"multiple destination domains per transaction | domain policy size per transaction"),
	SAYS("gmail.gcdp", "gmail", SMTP_POLICY_REJECTED, 90,
		"policy that prohibit* the mail | policy that prohibit* | email policy & gcdp | gcdp"),
	SAYS("gmail.busy", "gmail", SMTP_RECEIVER_ERROR, 90, "about smtp error messages & server busy"),
	ONLY("gmail.busy-known", "gmail", NULL, NULL, SMTP_RECEIVER_ERROR, 90,
		"server busy | temporary system problem | mail server temporarily rejected"),
	SAYS("gmail.limited", "gmail", SMTP_RATE_LIMITED, 80,
		"(mail|email) has been rate limited & !authenticat* & !spf & !dkim & !dmarc & !tls"),
	ONLY("gmail.throttle", "gmail", "421", "4.7.0", SMTP_RATE_LIMITED, 88, "try again later"),

	/* Yahoo */
	SAYS("yahoo.no-account", "yahoo", SMTP_RECIPIENT_UNKNOWN, 96,
		"this user doesn't have a .. account | no mta's for destination"),
	SAYS("yahoo.disabled", "yahoo", SMTP_RECIPIENT_DISABLED, 93,
		"disabled or discontinued | account has been disabled or"),
	SAYS("yahoo.volume", "yahoo", SMTP_RATE_LIMITED, 90, "deferred due to unexpected volume"),
	SAYS("yahoo.complaints", "yahoo", SMTP_IP_REPUTATION, 88,
		"deferred due to user complaints | message from .. temporarily deferred"),
	SAYS("yahoo.permanent", "yahoo", SMTP_IP_BLOCKED, 92, "permanently deferred"),
	SAYS("yahoo.soa", "yahoo", SMTP_SENDER_DOMAIN_DNS, 93, "unresolvable rfc.5321 | unresolvable rfc5321"),
	ONLY("yahoo.5-7-9", "yahoo", NULL, "5.7.9", SMTP_DMARC_FAIL, 60, "not accepted for policy reasons"),
	ONLY("yahoo.policy-reasons", "yahoo", NULL, NULL, SMTP_CONTENT_SPAM, 60, "not accepted for policy reasons"),
	ONLY("yahoo.not-allowed", "yahoo", "553", NULL, SMTP_IP_BLOCKED, 75, "mail from .. not allowed"),
	ONLY("yahoo.headers", "yahoo", NULL, NULL, SMTP_MESSAGE_MALFORMED, 90, "headers are not rfc compliant"),
	SAYS("yahoo.excess-unknown", "yahoo", SMTP_IP_REPUTATION, 60, "excessive unknown recipients"),

	/* Outlook.com and Exchange Online */
	SAYS("exo.spamhaus-mailfrom", "microsoft365", SMTP_DOMAIN_REPUTATION, 93,
		"mailfrom domain .. listed in spamhaus | mail from domain .. listed"),
	ONLY("outlook.unauthenticated", "outlook.com", NULL, "5.7.515", SMTP_SENDER_UNAUTHENTICATED, 96, NULL),
	SAYS("outlook.auth-level", "outlook.com", SMTP_SENDER_UNAUTHENTICATED, 95, "required authentication level"),
	SAYS("outlook.reputation-limit", "outlook.com", SMTP_IP_REPUTATION, 92,
		"temporarily rate limited due to ip reputation | rate limited due to ip reputation"),
	SAYS_C("exo.dbeb", "microsoft365", NULL, "5.4.1", SMTP_RECIPIENT_UNKNOWN, 95,
		"recipient address(es|) rejected access denied"),
	SAYS("exo.dbeb-text", "microsoft365", SMTP_RECIPIENT_UNKNOWN, 92, "access denied & as\\(201806281\\)"),
	SAYS("exo.banned", "microsoft365", SMTP_IP_BLOCKED, 95, "banned sending ip | banned sender"),
	SAYS_C("exo.banned-esc", "microsoft365", "550", "5.7.(%<606-649>|511|513)", SMTP_IP_BLOCKED, 93, NULL),
	SAYS("exo.spamhaus", "microsoft365", SMTP_DNSBL_LISTED, 80, "blocked using spamhaus"),
	SAYS("exo.block-list", "microsoft365", SMTP_IP_BLOCKED, 93,
		"blocked using (fblw15|customer block list|blocklist %d|fbl%w) | as\\((1410|1450|508)\\) | "
		"as160126%d | delist@messaging.microsoft.com"),
	SAYS_C("exo.busy", "microsoft365", "4xx", "4.7.(%<500-699>|%<850-899>)", SMTP_RATE_LIMITED, 88, NULL),
	SAYS("exo.s77714", "microsoft365", SMTP_RATE_LIMITED, 88,
		"\\(s777%d\\) | server busy & please try again later from"),
	SAYS_C("exo.unknown-esc", "microsoft365", "550", "5.1.(10|351)", SMTP_RECIPIENT_UNKNOWN, 90,
		"recipient .. not found | smtp address lookup | remote server returned unknown"),
	SAYS_C("exo.restricted-esc", "microsoft365", "550", "5.7.(124|133|134|135|136|504|505)", SMTP_RECIPIENT_RESTRICTED, 92, NULL),
	ONLY("exo.esc-ptr", "microsoft365", NULL, "%d.7.25", SMTP_PTR_MISSING, 93, NULL),
	ONLY("exo.esc-ipv6-auth", "microsoft365", NULL, "%d.7.26", SMTP_SENDER_UNAUTHENTICATED, 92, NULL),
	SAYS("exo.ipv6-auth", "microsoft365", SMTP_SENDER_UNAUTHENTICATED, 90, "message over ipv6 .. must pass"),
	SAYS("exo.dmarc", "microsoft365", SMTP_DMARC_FAIL, 95, "does not pass dmarc verification"),
	SAYS_C("exo.5322", "microsoft365", NULL, "5.7.512", SMTP_MESSAGE_MALFORMED, 92, NULL),
	SAYS_C("exo.sender-abuse", "microsoft365", NULL, "5.7.(501|502|503|507|750)", SMTP_SENDER_REJECTED, 85, NULL),
	SAYS_C("exo.helo", "microsoft365", NULL, "5.7.506", SMTP_HELO_REJECTED, 93, NULL),
	SAYS_C("exo.tenant-rate", "microsoft365", NULL, "5.7.(508|705|708|232|233)", SMTP_RATE_LIMITED, 85, NULL),
	SAYS_C("exo.no-ipv6", "microsoft365", NULL, "5.7.510", SMTP_IP_BLOCKED, 88, NULL),
	SAYS_C("exo.dmarc-esc", "microsoft365", NULL, "5.7.509", SMTP_DMARC_FAIL, 95, NULL),
	SAYS_C("exo.dns", "microsoft365", NULL, "%d.4.(310|312)", SMTP_DOMAIN_NOT_HOSTED, 85, NULL),
	SAYS_C("exo.connect", "microsoft365", NULL, "%d.4.316", SMTP_RECEIVER_ERROR, 85, NULL),
	SAYS_C("exo.tls", "microsoft365", NULL, "%d.(4.317|7.%<321-325>)", SMTP_TLS_REQUIRED, 88, NULL),
	SAYS_C("exo.rcpt-hourly", "microsoft365", NULL, "%d.2.12(1|2)", SMTP_RECIPIENT_RATE_LIMITED, 93, NULL),
	SAYS_C("exo.loop-esc", "microsoft365", NULL, "%d.4.14", SMTP_RECEIVER_ERROR, 88, NULL),
	SAYS_C("exo.bare-lf", "microsoft365", NULL, "5.6.11", SMTP_MESSAGE_MALFORMED, 92, NULL),
	SAYS("exo.spam-abuse", "microsoft365", SMTP_SENDER_REJECTED, 80,
		"spam abuse detected | spam message and .. sender"),
	SAYS("exo.queue-quota", "microsoft365", SMTP_RECIPIENT_RATE_LIMITED, 85, "organization queue quota exceeded"),
	SAYS("exo.thread-limit", "microsoft365", SMTP_RECIPIENT_RATE_LIMITED, 80,
		"recipient thread limit | thread limit exceeded"),
	SAYS("exo.forwarding", "microsoft365", SMTP_POLICY_REJECTED, 85, "does not allow external forwarding"),
	ONLY("outlook.unavailable", "outlook.com", "550", "5.5.0", SMTP_RECIPIENT_UNKNOWN, 90, "mailbox unavailable"),
	ONLY("outlook.policy", "outlook.com", NULL, NULL, SMTP_CONTENT_SPAM, 75,
		"rejected by outlook.com for policy reasons"),
	SAYS("outlook.exceeded-connections", "outlook.com", SMTP_TOO_MANY_CONNECTIONS, 90,
		"exceeded the maximum number of connections"),

	/* Apple */
	SAYS("apple.dbl", "apple", SMTP_DOMAIN_REPUTATION, 93, "present in the spamhaus dbl"),
	ONLY("apple.policy", "apple", NULL, NULL, SMTP_POLICY_REJECTED, 90, "local policy"),
	ONLY("apple.recipient-volume", "apple", NULL, NULL, SMTP_RECIPIENT_RATE_LIMITED, 80, "messages to .. deferred"),
	ONLY("apple.volume", "apple", NULL, NULL, SMTP_RATE_LIMITED, 75, "excessive volume | too many messages"),

	/* Comcast, AT&T, Road Runner */
	SAYS("comcast.block", "comcast", SMTP_IP_BLOCKED, 92, "comcast block for spam"),
	SAYS("comcast.ptr", "comcast", SMTP_PTR_MISSING, 93, "comcast requires .. ptr record"),
	ONLY("comcast.sessions", "comcast", NULL, NULL, SMTP_TOO_MANY_CONNECTIONS, 90,
		"too many sessions | too many connections"),
	ONLY("comcast.throttled", "comcast", NULL, NULL, SMTP_RATE_LIMITED, 90, "throttled"),
	SAYS("att.rbl", "att", SMTP_IP_BLOCKED, 95,
		"dnsbl:(att|)rbl | dnsbl:attrbl | abuse_rbl@abuse-att.net | %w_is_blocked | is_blocked"),
	SAYS("rr.refused", "roadrunner", SMTP_IP_BLOCKED, 80, "mail refused & rr.com"),

	/* GMX and its family */
	SAYS("gmx.ptr", "gmx", SMTP_FCRDNS_MISMATCH, 95, "bad dns ptr resource record"),
	SAYS("gmx.listed", "gmx", SMTP_IP_BLOCKED, 95, "ip address is (block|black) listed"),
	SAYS("gmx.mx", "gmx", SMTP_SENDER_DOMAIN_DNS, 93, "dns mx or a/aaaa resource record"),
	ONLY("gmx.spf", "gmx", NULL, NULL, SMTP_SPF_FAIL, 92, "spf"),
	ONLY("gmx.line", "gmx", NULL, NULL, SMTP_MESSAGE_MALFORMED, 90, "line terminator | bare | header"),
	ONLY("gmx.policy", "gmx", NULL, NULL, SMTP_POLICY_REJECTED, 90, "policy restrictions | due to policy"),

	/* T-Online */
	ONLY("t-online.reputation", "t-online", NULL, NULL, SMTP_IP_REPUTATION, 88,
		"none/bad reputation | bad reputation"),
	ONLY("t-online.problem", "t-online", NULL, NULL, SMTP_IP_REPUTATION, 70,
		"a problem occurred | tosa@rx.t-online.de | tobr@rx.t-online.de"),

	/* Free, Orange, Laposte in words */
	SAYS("fr.refused", NULL, SMTP_POLICY_REJECTED, 55, "service refuse | mail rejete | message refusé"),
	ONLY("free.spam", "free.fr", NULL, NULL, SMTP_CONTENT_SPAM, 88, "spam detected"),
	ONLY("free.errors", "free.fr", NULL, NULL, SMTP_IP_REPUTATION, 60,
		"too many errors from your ip | too many spams"),

	/* Mail.ru, Yandex, Rambler and others in Russian */
	SAYS("mailru.dmarc", "mail.ru", SMTP_DMARC_FAIL, 95, "owner dmarc policy"),
	ONLY("mailru.spam", "mail.ru", NULL, NULL, SMTP_CONTENT_SPAM, 93, "spam message rejected"),
	SAYS("mailru.disabled", "mail.ru", SMTP_RECIPIENT_DISABLED, 95,
		"local mailbox .. is unavailable account is disabled | unavailable .. account is (disabled|blocked) | "
		"user is terminated"),
	SAYS("mailru.unknown", "mail.ru", SMTP_RECIPIENT_UNKNOWN, 95,
		"invalid mailbox .. user not found | local mailbox .. unavailable"),
	SAYS("mailru.access", "mail.ru", SMTP_IP_BLOCKED, 93, "access from ip .. blocked"),
	SAYS("mailru.generic", "mail.ru", SMTP_RDNS_GENERIC, 92, "dynamic ip or generic | generic dns ptr"),
	SAYS("yandex.target", "yandex", SMTP_POLICY_REJECTED, 92, "policy rejection on the target address"),
	SAYS("yandex.rcpt-rate", "yandex", SMTP_RECIPIENT_RATE_LIMITED, 92,
		"recipient .. exceeded (his|its|their|) message rate limit"),
	SAYS("yandex.spam", "yandex", SMTP_CONTENT_SPAM, 93, "under suspicion of spam | suspicion of spam"),
	SAYS("yandex.unavailable", "yandex", SMTP_RECEIVER_ERROR, 75, "sorry, the service is currently unavailable"),
	ONLY("yandex.later", "yandex", "45x", NULL, SMTP_GREYLISTED, 65,
		"try again later | come back later | try later"),
	SAYS("rambler.closed", "rambler", SMTP_RECIPIENT_DISABLED, 90, "recipient address rejected (inactive|blocked)"),

	/* QQ, Aliyun and others */
	ONLY("qq.spf", "qq", NULL, NULL, SMTP_SPF_FAIL, 93, "spf check failed"),
	ONLY("qq.dmarc", "qq", NULL, NULL, SMTP_DMARC_FAIL, 93, "dmarc check failed"),
	ONLY("qq.dkim", "qq", NULL, NULL, SMTP_DKIM_FAIL, 93, "dkim check failed"),
	SAYS("qq.connections", "qq", SMTP_TOO_MANY_CONNECTIONS, 80, "connection frequency limited"),
	SAYS("qq.rate", "qq", SMTP_RATE_LIMITED, 80, "frequency limited"),
	SAYS("qq.content", "qq", SMTP_CONTENT_SPAM, 70, "mail content denied"),
	SAYS("qq.recipients", "qq", SMTP_RECIPIENT_RESTRICTED, 80,
		"rejected by recipients | mail is rejected by recipient* | detail/0/92"),
	ONLY("qq.unknown", "qq", NULL, NULL, SMTP_RECIPIENT_UNKNOWN, 80,
		"mailbox unavailable or access denied | mailbox not found"),
	SAYS("qq.domain", "qq", SMTP_SENDER_DOMAIN_DNS, 80, "domain may not exist or dns check failed"),
	ONLY("qq.bounce", "qq", NULL, NULL, SMTP_POLICY_REJECTED, 60, "suspected bounce attacks"),
	SAYS("qmail.smtplf", "qmail", SMTP_MESSAGE_MALFORMED, 92, "docs/smtplf"),
	SAYS("21cn.recipients", "21cn", SMTP_TOO_MANY_RECIPIENTS, 80, "out of allow rcpt numbers"),
	SAYS("21cn.auth", "21cn", SMTP_AUTH_REQUIRED, 80,
		"^auth error | auth mode unsupported | domain auth support | relay check local fail"),
	SAYS("21cn.locked", "21cn", SMTP_RECIPIENT_DISABLED, 80, "user is locked"),
	SAYS("21cn.ip", "21cn", SMTP_IP_BLOCKED, 80, "^black ip"),
	SAYS("21cn.line", "21cn", SMTP_PROTOCOL_ERROR_CAUSE, 80, "line parse error | ^sequence error"),
	SAYS("21cn.sender", "21cn", SMTP_SENDER_REJECTED, 80,
		"host denies the sender | black mail address | sender is unvalidated | ^mail address invalid | "
		"mail from invalid"),
	SAYS("21cn.list", "21cn", SMTP_RECIPIENT_RESTRICTED, 80, "private list access denied"),
	SAYS("21cn.relay", "21cn", SMTP_RELAY_DENIED, 80, "relay check domain fail | host denies relay | openrelay check"),
	SAYS("21cn.same-size", "21cn", SMTP_RATE_LIMITED, 80, "too many same size mails"),
	SAYS("21cn.ip-check", "21cn", SMTP_SPF_FAIL, 70, "remote ip check error"),
	SAYS("21cn.helo", "21cn", SMTP_HELO_REJECTED, 80, "helohost error"),
	SAYS("docomo.full", NULL, SMTP_MAILBOX_FULL, 78, "^too much mail data"),
	SAYS("coremail.size", NULL, SMTP_MESSAGE_TOO_LARGE, 80, "exceeded mailsize limit"),
	SAYS("coremail.ip", "netease", SMTP_IP_BLOCKED, 60, "^ip is (rejected|hangup) | ^invalid ip$ | action not taken: invalid ip"),
	SAYS("coremail.mx-only", "netease", SMTP_RELAY_DENIED, 75, "no smtp mx only | local user only"),
	SAYS("coremail.null-sender", "netease", SMTP_SENDER_REJECTED, 80, "null sender is not allowed | fake sender"),
	SAYS("aliyun.content", "aliyun", SMTP_CONTENT_SPAM, 80, "reject by content spam"),
	SAYS("aliyun.behaviour", "aliyun", SMTP_IP_REPUTATION, 75, "reject by behaviou*r spam"),

	/* Zoho, GoDaddy, mailbox hosters */
	SAYS("zoho.policy", "zoho", SMTP_POLICY_REJECTED, 80, "rejected by destination domain"),
	ONLY("zoho.violation", "zoho", "541|554", NULL, SMTP_POLICY_REJECTED, 80, "policy violation"),
	SAYS("zoho.delivery", "zoho", SMTP_POLICY_REJECTED, 80,
		"mailbox delivery .. polic* | mailbox delivery restricted"),

	/* Mimecast */
	SAYS("mimecast.temporary", "mimecast", SMTP_GREYLISTED, 88,
		"internal resource(s|) (are |)temporarily unavailable"),
	SAYS("mimecast.reputation", "mimecast", SMTP_IP_REPUTATION, 93, "poor reputation sender"),
	SAYS("mimecast.user", "mimecast", SMTP_SENDER_REJECTED, 88, "envelope blocked | user entry"),
	SAYS("mimecast.spoof", "mimecast", SMTP_POLICY_REJECTED, 80,
		"header based anti-spoofing | anti-spoofing policy"),
	SAYS("mimecast.spf", "mimecast", SMTP_SPF_FAIL, 92, "spf sender invalid"),
	SAYS("mimecast.dkim", "mimecast", SMTP_DKIM_FAIL, 92, "dkim sender invalid"),
	SAYS("mimecast.dmarc", "mimecast", SMTP_DMARC_FAIL, 92, "dmarc sender invalid"),
	SAYS("mimecast.geo", "mimecast", SMTP_IP_BLOCKED, 90, "host network not allowed"),
	SAYS("mimecast.relay", "mimecast", SMTP_RELAY_DENIED, 92, "open relay not allowed"),
	SAYS("mimecast.policies", "mimecast", SMTP_POLICY_REJECTED, 85, "rejected due to security policies"),

	/* Proofpoint, Barracuda, IronPort, MessageLabs, Trend Micro, Hornetsecurity */
	SAYS("proofpoint.reputation", "proofpoint", SMTP_DNSBL_LISTED, 94,
		"proofpoint reputation services | ipcheck.proofpoint.com | dnsbl-lookup.cgi | "
		"proofpoint dynamic reputation"),
	SAYS("proofpoint.dmarc", "proofpoint", SMTP_DMARC_FAIL, 93, "per sender's dmarc policy"),
	SAYS_C("proofpoint.policy", "proofpoint", NULL, "5.7.0", SMTP_POLICY_REJECTED, 85, "local policy violation"),
	SAYS("barracuda.reputation", "barracuda", SMTP_DNSBL_LISTED, 94,
		"blocked using barracuda reputation | barracudanetworks.com/reputation | barracudacentral.org"),
	SAYS("barracuda.blocked", "barracuda", SMTP_POLICY_REJECTED, 85,
		"permanent failure for one or more recipients .. blocked"),
	SAYS_C("ironport.unknown", "ironport", "550", "5.1.0", SMTP_RECIPIENT_UNKNOWN, 88, "^address rejected"),
	SAYS("ironport.reputation", "ironport", SMTP_IP_REPUTATION, 93,
		"sending mta's poor reputation | sbrs score | senderbase | poor reputation on cisco | "
		"cisco .. reputation"),
	SAYS("messagelabs.policy", "messagelabs", SMTP_IP_REPUTATION, 80, "connection rejected by policy \\[7.%d\\]"),
	SAYS("messagelabs.filtered", "messagelabs", SMTP_CONTENT_SPAM, 80, "message filtered"),
	SAYS("trend.ers", "trendmicro", SMTP_DNSBL_LISTED, 80,
		"mail-abuse.com | ers-* | email reputation service* | using trend micro"),
	ONLY("hornet.reputation", "hornetsecurity", "554", "5.5.4", SMTP_IP_REPUTATION, 80, NULL),
	ONLY("hornet.spam", "hornetsecurity", "554", "5.5.5", SMTP_CONTENT_SPAM, 80, NULL),
	ONLY("hornet.loop", "hornetsecurity", "554", "5.5.6", SMTP_RECEIVER_ERROR, 80, NULL),
	ONLY("hornet.attachment", "hornetsecurity", "554", "5.5.7", SMTP_CONTENT_POLICY, 80, NULL),
	ONLY("hornet.virus", "hornetsecurity", "554", "5.6.4", SMTP_CONTENT_VIRUS, 80, NULL),
	ONLY("hornet.tls", "hornetsecurity", "554", "5.6.5", SMTP_TLS_REQUIRED, 80, NULL),
	ONLY("hornet.signature", "hornetsecurity", "554", "5.6.(1|2|3)", SMTP_CONTENT_SPAM, 65, NULL),
	SAYS("hornet.explicit", "hornetsecurity", SMTP_SENDER_REJECTED, 80, "explicit blocking of sender"),
	ONLY("hornet.blocking", "hornetsecurity", "550", "5.2.2", SMTP_SENDER_REJECTED, 75, NULL),

	/* relays and forwarders */
	SAYS("mailchannels.ip", "mailchannels", SMTP_IP_BLOCKED, 80, "^\\[s%d\\] blocked"),
	ONLY("mailchannels.blocked", "mailchannels", NULL, NULL, SMTP_CONTENT_SPAM, 75, "\\[cs*\\] | message blocked"),
	SAYS("ses.throttle", "amazon-ses", SMTP_RATE_LIMITED, 92,
		"throttling failure | maximum sending rate exceeded | daily message quota exceeded"),
	SAYS("ses.unverified", "amazon-ses", SMTP_SENDER_REJECTED, 93,
		"email address is not verified | identities failed the check"),
	SAYS("sendgrid.identity", "sendgrid", SMTP_SENDER_REJECTED, 92, "verified sender identity"),
	SAYS("sendgrid.limits", "sendgrid", SMTP_RATE_LIMITED, 92,
		"exceeded your messaging limits | maximum credits exceeded"),
	SAYS("sendgrid.auth", "sendgrid", SMTP_AUTH_REQUIRED, 85, "unauthenticated senders not allowed"),
	SAYS("ironport.dmarc", "ironport", SMTP_DMARC_FAIL, 90, "dmarc unauthenticated mail is prohibited"),
	SAYS("ironport.dkim", "ironport", SMTP_DKIM_FAIL, 90, "dkim unauthenticated mail is prohibited"),
	SAYS("ironport.spf", "ironport", SMTP_SPF_FAIL, 90, "spf unauthorized mail is prohibited"),
	SAYS("cloudflare.rbl", "cloudflare", SMTP_DNSBL_LISTED, 92, "found on one or more rbls"),
	SAYS("cloudflare.auth", "cloudflare", SMTP_SENDER_UNAUTHENTICATED, 92, "unauthenticated mail is prohibited"),

	/* ================================ named lists ================================ */

	LIST("list.spf-site", SMTP_SPF_FAIL, 94, "openspf.(org|net|com) | spf.pobox.com | spf.*/why* | spfbl.net/*spf"),
	LIST("list.domain", SMTP_DOMAIN_REPUTATION, 92,
		"dbl.spamhaus.org | spamhaus.*/.*dbl | spamhaus dbl | /query/dbl | /query/domain | uribl* | surbl* | "
		"multi.surbl.org | multi.uribl.com | ivmuri | dbl.abusix* | rhsbl* | dbl.nordspam.com | "
		"rhsbl.sorbs.net | fresh.spameatingmonkey* | black.uribl.com"),
	LIST("list.cannot-tell", SMTP_RECEIVER_ERROR, 75,
		"error open resolver | error: open resolver | query refused .. spamhaus"),
	LIST("list.zone", SMTP_DNSBL_LISTED, 93,
		"spamhaus | spamcop | bl.spamcop.net | orbs.org | dorkslayers* | mail-abuse.org | barracudacentral* | sorbs | sorbs.net | uceprotect* | "
		"csi.cloudmark.com | cloudmark csi | cloudmark sender intelligence | blacklisted by csi | "
		"invaluement* | senderscore* | returnpath* | abusix* | psbl.surriel.com | psbl | nixspam | "
		"ix.dnsbl.manitu.net | dnsbl.manitu.net | mailspike* | backscatterer* | hostkarma* | "
		"junkemailfilter* & !sender verify* | njabl* | dsbl.org | ordb.org | blocklist.de | spamrats* | s5h.net | lashback* | "
		"wpbl.info | 0spam* | abuseat.org | cbl.abuseat.org | truncate.gbudb.net | gbudb* | "
		"rbl.interserver* | dnsbl.dronebl* | dronebl* | fabel.dk | swinog* | inps.de | spam-rbl.* | rbl.* | "
		"dnsbl.* | bl.* & (listed|blocked|blacklisted|rejected) | zen.* & (listed|blocked) | sbl-xbl* | "
		"lookup.abusix.com | check.spamhaus.org | intel.mail.abusix.zone | mail.abusix.zone | "
		"combined.mail.abusix.zone | proofpoint.com & ip* | spfbl.net | sbl%d | pbl & listed"),

	/* ================================ mail servers and filters ================================ */

	/* Postfix and postscreen */
	MTA("postfix.server", "postfix", SMTP_RECEIVER_ERROR, 94,
		"insufficient system (storage|resources) | server configuration (error|problem) | "
		"temporary lookup failure | queue file write error | all (server|screening) ports .. busy | "
		"all server ports are busy | all screening ports are busy"),
	MTA("postfix.tls-local", "postfix", SMTP_RECEIVER_ERROR, 85, "tls not available due to local problem"),
	MTA("postfix.reverse-hostname", "postfix", SMTP_PTR_MISSING, 97, "cannot find your reverse hostname"),
	MTA("postfix.hostname", "postfix", SMTP_FCRDNS_MISMATCH, 96,
		"client host rejected cannot find your hostname | cannot find your hostname"),
	MTA("policyd.weight", NULL, SMTP_DNSBL_LISTED, 85, "too many local dns-bls* | mta helo .. dnsbl"),
	MTA("policyd.forged", NULL, SMTP_CONTENT_SPAM, 76, "mail appeared to be spam or forged"),
	MTA("postfix.verify-sender", "postfix", SMTP_SENDER_VERIFY_FAILED, 94,
		"sender address rejected (undeliverable|unverified) address | "
		"sender address rejected .. (undeliverable|unverified)"),
	MTA("postfix.sender-domain", "postfix", SMTP_SENDER_DOMAIN_DNS, 95,
		"sender address rejected (domain not found|need fully-qualified address|malformed dns server reply|"
		"domain of sender) | sender address rejected .. does not accept mail | "
		"sender address rejected .. nullmx | sender address rejected nullmx"),
	MTA("postfix.helo", "postfix", SMTP_HELO_REJECTED, 96,
		"helo command rejected & !blocked using | helo rejected"),
	MTA("postfix.helo-listed", "postfix", SMTP_DOMAIN_REPUTATION, 90,
		"(helo command|sender address) .. blocked using"),
	MTA("postfix.listed", "postfix", SMTP_DNSBL_LISTED, 90, "blocked using xhost | client .. blocked using"),
	MTA("postfix.rcpt-spf", "postfix", SMTP_SPF_FAIL, 94,
		"recipient address rejected .. spf | message rejected due to spf"),
	MTA("postfix.verify-wait", "postfix", SMTP_RECEIVER_ERROR, 86,
		"recipient address rejected unverified address .. (address verification in progress|lost connection|"
		"connection timed out|connect to|conversation with|timed out|connection refused|server configuration|"
		"temporar*)"),
	MTA("postfix.sender-unlisted", "postfix", SMTP_SENDER_REJECTED, 86, "sender address rejected user unknown"),
	MTA("postfix.undeliverable", "postfix", SMTP_RECIPIENT_UNKNOWN, 86,
		"recipient address rejected (undeliverable|unverified) address | "
		"recipient address rejected user unknown | user unknown in (virtual|local|relay) .. table | "
		"user unknown in .. table"),
	MTA("postfix.rcpt-domain", "postfix", SMTP_DOMAIN_NOT_HOSTED, 90,
		"recipient address rejected domain not found | "
		"recipient address rejected .. does not accept mail nullmx | nullmx"),
	MTA("postfix.sender-owned", "postfix", SMTP_SENDER_REJECTED, 94,
		"sender address rejected (not owned by user|access denied|not logged in|blocked)"),
	MTA("mta.must-starttls", NULL, SMTP_TLS_REQUIRED, 96,
		"must issue a starttls command first | encryption required for"),
	MTA("postfix.relay", "postfix", SMTP_RELAY_DENIED, 95, "relay access denied"),
	MTA("postfix.conns", "postfix", SMTP_TOO_MANY_CONNECTIONS, 94, "error too many connections"),
	MTA("mta.conns", NULL, SMTP_TOO_MANY_CONNECTIONS, 90, "too many (concurrent |)connections from"),
	MTA("postfix.rate", "postfix", SMTP_RATE_LIMITED, 94,
		"error too much mail from | "
		"too many (new recipients|message delivery requests|tls handshakes|auth commands) from"),
	MTA("postfix.bare-lf", "postfix", SMTP_MESSAGE_MALFORMED, 92,
		"bare <lf> | bare (lf|cr|line-feed|linefeed|line feed|newline)*"),
	MTA("mta.errors", NULL, SMTP_PROTOCOL_ERROR_CAUSE, 92, "too many errors"),
	MTA("postfix.8bit", "postfix", SMTP_MESSAGE_MALFORMED, 92,
		"improper use of 8-bit data | message content rejected .. 8-bit"),
	MTA("mta.hops", NULL, SMTP_RECEIVER_ERROR, 93, "too many hops"),
	MTA("postfix.loops-back", "postfix", SMTP_RECEIVER_ERROR, 93,
		"mail for .. loops back to myself | loops back to myself"),
	MTA("postfix.access-for", "postfix", SMTP_IP_BLOCKED, 88, "error access denied for"),
	MTA("postfix.client-denied", "postfix", SMTP_IP_BLOCKED, 78,
		"client host rejected (access denied|blocked|banned)"),
	MTA("postfix.no-recipients", "postfix", SMTP_PROTOCOL_ERROR_CAUSE, 92, "error no valid recipients"),
	MTA_C("postscreen.deep", "postscreen", "450", "4.3.2", SMTP_GREYLISTED, 88, "service currently unavailable"),
	MTA_C("postscreen.protocol", "postscreen", "521|550", "5.5.1", SMTP_PROTOCOL_ERROR_CAUSE, 92, "protocol error"),

	/* policy daemons and milters */
	MTA("spf.openspf", NULL, SMTP_SPF_FAIL, 86, "spf fail* | spf .. not authorized"),
	MTA("opendkim.signature", NULL, SMTP_DKIM_FAIL, 92,
		"bad (dkim |)signature data | no signature data | no passing dkim | "
		"dkim (signature |)(did not|does not|could not be) verif* | (invalid|no valid|missing|bad) dkim signature"),
	MTA("opendmarc.policy", NULL, SMTP_DMARC_FAIL, 95, "rejected by dmarc policy"),
	MTA("amavis.virus", "amavis", SMTP_CONTENT_VIRUS, 94, "id=%w & infected"),
	MTA("virus.contains", NULL, SMTP_CONTENT_VIRUS, 90, "message contains .. virus"),
	MTA("amavis.banned", "amavis", SMTP_CONTENT_POLICY, 92, "banned & id=%w | message contains banned"),
	MTA("amavis.bad-header", "amavis", SMTP_MESSAGE_MALFORMED, 92, "id=%w & bad-header*"),
	MTA("mta.bad-header", NULL, SMTP_MESSAGE_MALFORMED, 85, "bad header*"),
	MTA("amavis.ube", "amavis", SMTP_CONTENT_SPAM, 94, "id=%w & (ube|spam)"),
	MTA("mta.unsolicited", NULL, SMTP_CONTENT_SPAM, 88, "unsolicited bulk email | considered unsolicited"),
	MTA("spamassassin.spam", NULL, SMTP_CONTENT_SPAM, 94,
		"blocked by spamassassin | spam message rejected | spamassassin | gtube"),
	MTA_C("rspamd.soft", "rspamd", "451", "4.7.1", SMTP_GREYLISTED, 82, "^try again later$"),

	/* Exim and cPanel */
	MTA("exim.verify", "exim", SMTP_SENDER_VERIFY_FAILED, 95,
		"sender verify failed | verification failed (for|while checking) xaddr | could not complete sender verify* | "
		"sender verif* (fail*|callout) | callback .. sender | sender callout"),
	MTA("exim.unrouteable-sender", "exim", SMTP_SENDER_VERIFY_FAILED, 85, "unrouteable .. sender"),
	MTA("exim.unrouteable", "exim", SMTP_RECIPIENT_UNKNOWN, 80, "unrouteable address | unroutable address"),
	MTA("exim.no-such", "exim", SMTP_RECIPIENT_UNKNOWN, 96, "no such user here | no such person at this address"),
	MTA("exim.no-mx", "exim", SMTP_DOMAIN_NOT_HOSTED, 90,
		"all relevant mx records point to | mx or srv record indicated no smtp service"),
	MTA("exim.relay", "exim", SMTP_RELAY_DENIED, 95, "relay not permitted"),
	MTA("exim.black-list", "exim", SMTP_DNSBL_LISTED, 90,
		"is in a black list at | junkmail rejected .. rbl | in an rbl"),
	MTA("exim.timeout", "exim", SMTP_PROTOCOL_ERROR_CAUSE, 88,
		"smtp command timeout | smtp incoming data timeout | command timeout"),
	MTA("exim.sync", "exim", SMTP_PROTOCOL_ERROR_CAUSE, 95, "synchronization error"),
	MTA("qmail.scanner", "qmail", SMTP_CONTENT_SPAM, 70, "mail server permanently rejected message"),
	MTA("exim.prohibited", "exim", SMTP_POLICY_REJECTED, 78,
		"^administrative prohibition$ | administratively prohibited$"),
	MTA("exim.syntax", "exim", SMTP_PROTOCOL_ERROR_CAUSE, 88,
		"too many syntax or protocol errors | too many nonmail commands"),
	MTA("mta.unrecognized", NULL, SMTP_PROTOCOL_ERROR_CAUSE, 85, "too many unrecognized commands"),

	/* Sendmail */
	MTA("sendmail.sender-domain", "sendmail", SMTP_SENDER_DOMAIN_DNS, 95,
		"domain of sender address .. (does not exist|does not resolve|must exist) | "
		"sender domain must exist | domain name required for sender | domain of sender .. does not"),
	MTA("sendmail.fix-rdns", "sendmail", SMTP_PTR_MISSING, 94, "fix reverse dns"),
	MTA("sendmail.relay-ptr", "sendmail", SMTP_RELAY_DENIED, 88, "relaying denied & !mail before"),
	MTA("sendmail.forged", "sendmail", SMTP_FCRDNS_MISMATCH, 88, "possibly forged | may be forged"),
	MTA("mta.connection-rate", NULL, SMTP_TOO_MANY_CONNECTIONS, 78, "connection rate limit exceeded"),
	MTA("sendmail.conns", "sendmail", SMTP_TOO_MANY_CONNECTIONS, 94, "too many open connections"),
	MTA("mta.user-unknown", NULL, SMTP_RECIPIENT_UNKNOWN, 95, "user unknown"),
	MTA("sendmail.load", "sendmail", SMTP_RECEIVER_ERROR, 92,
		"rejecting connections | load average | not enough disk space | low on disk space"),

	/* qmail, chkuser, rblsmtpd, spamdyke */
	MTA("qmail.gateway", "qmail", SMTP_RELAY_DENIED, 85, "rcpthosts & gatewaying"),
	MTA("qmail.rcpthosts", "qmail", SMTP_RELAY_DENIED, 75, "list of allowed rcpthosts | rcpthosts"),
	MTA("qmail.badmailfrom", "qmail", SMTP_SENDER_REJECTED, 94, "badmailfrom*"),
	MTA("qmail.unknown", "qmail", SMTP_RECIPIENT_UNKNOWN, 94,
		"no mailbox here by that name | not in my validrcptto list | mailbox .. does not exist (#5.1.1)"),
	MTA("qmail.mx", "qmail", SMTP_SENDER_DOMAIN_DNS, 93,
		"can't find a valid mx for sender domain | mail server for your envelope sender"),
	MTA("qmail.rcpt-mx", "qmail", SMTP_DOMAIN_NOT_HOSTED, 88, "can't find a valid mx for rcpt domain"),
	MTA("qmail.databytes", "qmail", SMTP_MESSAGE_TOO_LARGE, 95, "databytes limit"),
	MTA("spamdyke.no-rdns", "spamdyke", SMTP_PTR_MISSING, 95, "you have no reverse dns entry"),
	MTA("spamdyke.rdns-resolve", "spamdyke", SMTP_FCRDNS_MISMATCH, 95, "your reverse dns entry does not resolve"),
	MTA("spamdyke.ip-in-rdns", "spamdyke", SMTP_RDNS_GENERIC, 95,
		"your reverse dns entry contains your ip address"),
	MTA("spamdyke.rhsbl", "spamdyke", SMTP_DOMAIN_REPUTATION, 93, "listed in the rhsbl"),
	MTA("spamdyke.rbl", "spamdyke", SMTP_DNSBL_LISTED, 93, "listed in the rbl"),
	MTA("spamdyke.domain-name", "spamdyke", SMTP_IP_BLOCKED, 88, "your (domain name|ip address) is blacklisted"),
	MTA("spamdyke.sender", "spamdyke", SMTP_SENDER_REJECTED, 90,
		"your sender address has been blacklisted | identical sender and recipient addresses"),
	MTA("spamdyke.sender-mx", "spamdyke", SMTP_SENDER_DOMAIN_DNS, 93,
		"domain of your sender address has no mail exchanger"),
	MTA("spamdyke.early", "spamdyke", SMTP_PROTOCOL_ERROR_CAUSE, 93,
		"not following (the |)smtp protocol | timeout talk faster | improper (recipient|sender) address"),

	/* OpenSMTPD, Haraka, Stalwart, maddy, Cyrus, Courier */
	MTA("mta.loop", NULL, SMTP_RECEIVER_ERROR, 90, "possible loop | loop detected"),
	MTA("haraka.no-rdns", "haraka", SMTP_PTR_MISSING, 94, "rejected no rdns"),
	MTA("haraka.helo", "haraka", SMTP_HELO_REJECTED, 92,
		"helo must have | helo is dynamic | helo ip literal | address format in helo"),
	MTA("haraka.cannot-deliver", "haraka", SMTP_DOMAIN_NOT_HOSTED, 92, "i cannot deliver (mail |)(for|to)"),
	MTA("haraka.early", "haraka", SMTP_PROTOCOL_ERROR_CAUSE, 92, "talk too soon | early talker | you talk too*"),
	MTA("haraka.karma", "haraka", SMTP_IP_REPUTATION, 88, "very bad karma | bad karma"),
	MTA("stalwart.iprev", "stalwart", SMTP_FCRDNS_MISMATCH, 92,
		"reverse dns validation failed | error validating reverse dns"),
	MTA("spf.validation", NULL, SMTP_SPF_FAIL, 92, "spf validation"),
	MTA("stalwart.dkim", "stalwart", SMTP_DKIM_FAIL, 93, "no passing dkim signatures"),
	MTA("mta.over-quota", NULL, SMTP_MAILBOX_FULL, 95, "over quota"),

	/* Exchange on premises */
	MTA("domino.directory", NULL, SMTP_RECIPIENT_UNKNOWN, 90, "not listed in .. directory | not listed in domino"),
	MTA("exchange.relay", "exchange", SMTP_RELAY_DENIED, 95, "unable to relay"),
	MTA("exchange.send-as", "exchange", SMTP_SENDER_REJECTED, 94,
		"does not have permissions to send as this sender"),
	MTA("exchange.refused", "exchange", SMTP_CONTENT_SPAM, 66, "^requested action not taken: message refused"),
	MTA("exchange.recipient-restricted", "exchange", SMTP_RECIPIENT_RESTRICTED, 88,
		"client was not authenticated & recipient | not have permissions to send to this recipient"),
	MTA("exchange.anonymous", "exchange", SMTP_AUTH_REQUIRED, 92,
		"client was not authenticated | anonymous mail during"),

	/* ================================ words ================================ */

	/* order and syntax of commands first: these name every other subject */
	WORDS_C("words.rejected-for-now", "4xx", NULL, SMTP_RECEIVER_ERROR, 78,
		"temporarily rejected (the |your |)(message|mail)"),
	WORDS_C("words.helo-first", "550|554|451", NULL, SMTP_HELO_REJECTED, 72,
		"(say|says|said|no) (helo|ehlo) | (helo|ehlo|helo/ehlo) (is |)required"),
	WORDS("words.tls-sequence", SMTP_TLS_REQUIRED, 78, "tls (is |)required & !auth*"),
	WORDS("words.sequence", SMTP_PROTOCOL_ERROR_CAUSE, 80,
		"(helo|ehlo|helo/ehlo|ehlo/helo|mail|rcpt|data|mail from|rcpt to) first | "
		"(need|send|expect*|issue|say|use|require*) (a |an |valid |)(helo|ehlo|helo/ehlo|ehlo/helo|mail|rcpt|"
		"data|mail from|rcpt to) (before|first|command*) | need (mail|rcpt|helo|ehlo|rcpt to|mail from) | "
		"polite people say | (duplicate|nested|multiple) (helo|ehlo|mail|mail from) | "
		"(sender|mail from|recipient*) already (specified|given|set) | sender not yet given | "
		"(helo|ehlo|helo/ehlo|helo or ehlo) (is |)required | rcpt command must precede data | "
		"(mail|rcpt|helo) is required first | "
		"(no|without) (valid |)(recipients|rcpt) (specified|given|yet|)& !mailbox | ^no recipients | "
		"before (your|its) turn | early talk* | (spoke|talk*|speak*) too (early|soon) | "
		"error no (valid |)recipients | no valid recipients | starttls may not be repeated | "
		"no identity changes | already authenticated | already in tls | commands* rejected"),
	WORDS("words.helo-spf", SMTP_SPF_FAIL, 78, "(not|n't) (listed|named|found) .. spf record*"),
	WORDS("words.helo", SMTP_HELO_REJECTED, 80,
		"(announce*|introduc*|identif*) (yourself|itself|himself) (as|with|by) | "
		"(helo|ehlo|helo/ehlo|ehlo/helo) .. (invalid|reject*|bad|fqdn|fully|resolve*|match*|mismatch|forged|"
		"fake|bogus|localhost|literal|impersonat*|spoof*|not|denied|refused|own|my|illegal|malformed|wrong|"
		"exist*|must|requires|should|blocked|forward) & !command | "
		"you (claim*|pretend*|say) (to be|you are|that you are) | (claim*|pretend*) to be (localhost|xhost|xip|me|us|my) | "
		"(invalid|bad|forged|fake|bogus|illegal|wrong|unknown|reject*|impersonat*|unacceptable|my own name|"
		"empty) .. (helo|ehlo|helo/ehlo) & !command | "
		"(rdns|reverse dns|reverse name|ptr|hostname|host name) .. (match*|mismatch*|agree|correspond*|differ*|equal*) .. "
		"(helo|ehlo|helo/ehlo) | (hostname|host name) .. (does not|doesn't|doesnt|not) match (your |the |client |connecting |)(ip|address) & !reverse* & !rdns & !ptr | "
		"(use|using|used) my (own |)(address|name|hostname|ip) | "
		"non-fqdn (helo|ehlo)"),
	WORDS("words.auth-unknown-type", SMTP_PROTOCOL_ERROR_CAUSE, 62, "unrecognized authentication type"),
	WORDS("words.auth-type", SMTP_AUTH_REQUIRED, 80,
		"(auth|authentication) (type|mechanism|method)* & !unrecognized | (pop|imap) before smtp | "
		"pop-before-smtp | pop before | mail before sending | auth command first"),
	WORDS_C("words.domain-name", NULL, "%d.(1.2|4.4)", SMTP_DOMAIN_NOT_HOSTED, 72, "^invalid (domain|host) name"),
	WORDS_C("words.helo-name", "501|504|550|553", NULL, SMTP_HELO_REJECTED, 80, "^invalid (domain|host) name | ^domain name invalid"),
	WORDS("words.banned-for", SMTP_IP_BLOCKED, 76,
		"(temporarily|permanently|currently) banned | banned (because|due to|for) (of |)(too|many|bad|abus*|spam*)"),
	WORDS("words.command", SMTP_PROTOCOL_ERROR_CAUSE, 80,
		"(unrecognized|unrecognised|unknown|invalid|bad|unimplemented|illegal|unsupported|unexpected|"
		"undefined|disallowed) (smtp |)(command|commands|verb|argument*|parameter*|sequence|option*) & !auth "
		"command | "
		"command* (was |is |not |is not |has |)(not |)(recognized|recognised|implemented|supported|allowed|"
		"understood|available|known|unrecognized|unknown|unimplemented|unsupported|out of sequence|too long|"
		"disabled) | command parameter | bad (command |)sequence | "
		"(parameter*|argument*|option*|extension*) .. (not (implemented|recognized|recognised|supported|"
		"allowed)|unrecognized|missing|unsupported|disabled) | out of (sequence|order) | pipelin* | "
		"(not|n't) following (the |)(smtp|rfc*|protocol) | protocol (error|violation*) | violation of protocol | smtp protocol | syntax error & !header* | "
		"error syntax | "
		"syntax: | unimplemented | not implemented | "
		"too many (bad|invalid|unrecognized|unknown|unimplemented|non-mail|nonmail|junk|syntax) (commands|"
		"command|or) | too many bad | (turn|vrfy|expn|etrn) (is |command |)(disallowed|disabled|not) | "
		"cannot decode | too many unauthenticated commands | pre-greeting | domain missing or malformed | "
		"user address required | ^line (is |)too long & !message & !body | exchange line | "
		"hostname required | synchroni*ation error | malformed (rcpt|mail|command) | unsupported option"),
	WORDS_C("words.syntax", "5xx", NULL, SMTP_PROTOCOL_ERROR_CAUSE, 80,
		"syntax & !recipient address & !invalid .. recipient & !header* & !helo & !ehlo"),

	/* RFC 3463 x.4.2: the connection; the server waited for the client */
	WORDS_C("words.idle", NULL, "%d.4.2", SMTP_PROTOCOL_ERROR_CAUSE, 76,
		"timeout & !while & !backend | timed out & !while & !connect* | time out | time-out | inactivity | idle"),

	/* identity */
	WORDS("words.spam-checks", SMTP_CONTENT_SPAM, 80, "failed .. (antispam|anti-spam|spam) (check|test|filter)*"),
	WORDS("words.ptr-back", SMTP_FCRDNS_MISMATCH, 80,
		"(ptr|rdns|reverse dns|reverse*) .. (leads|lead|points|point|resolves|resolve|maps|map) back"),
	WORDS("words.ptr-or", SMTP_FCRDNS_MISMATCH, 80,
		"name .. (does not|doesn't) resolve back | "
		"(ptr|rdns|reverse*) .. (points to|resolves to|leads to|gives) .. (not exist|doesn't|no address|"
		"non*exist*) | (ip|address) (and |)(hostname|host name) (mismatch*|do not match|don't match) | "
		"(hostname|host name) (verification|check|validation) fail* | "
		"(reverse dns|rdns|reverse*) (record |)(check*|validation|verification|test|fail*) | "
		"(missing|no|absent) (or|and/or) (invalid|incorrect|mismatch*|bad|wrong|non-matching) .. (ptr|rdns|"
		"reverse) | (ptr|reverse dns|rdns) .. (missing|absent|invalid) or | forward-confirmed | "
		"(ptr|rdns|reverse dns|reverse*) .. (is |)(invalid|not valid|wrong|incorrect|no matching) | "
		"mismatch .. (rdns|reverse|ptr) | forward confirmed | fcrdns | a record of .. (does not|doesn't) match | "
		"(ptr|rdns|reverse dns|reverse*) .. (does not|doesn't|did not|do not|doesnt) (match|resolve|agree|"
		"correspond|point) | (forward and reverse|reverse and forward|matching dns and) | "
		"(ptr|rdns|reverse dns|dns and rdns|reverse*) .. (mismatch*|inconsisten*|not match*) | "
		"hostname .. (does not|doesn't) (match|resolve to) .. (ip|address|xip) | "
		"(ip|address|xip) .. (does not|doesn't) match .. (hostname|ptr|name) | "
		"(invalid|incorrect|bad|broken|improper|wrong) (dns |)(ptr|rdns|reverse dns|reverse*)"),
	WORDS("words.ptr", SMTP_PTR_MISSING, 80,
		"(not|n't) (registered|found|configured|set|known) in (the |)(reverse dns|rdns) | "
		"(no|missing|without|lacks|lack|lacking) (a |an |any |the |your |valid |proper |correct |)(ptr|rdns|"
		"reverse dns|reverse-dns|reverse (hostname|lookup|record|name|mapping|domain|resolution|entry|ip)) | "
		"(not|n't|dont|t) (seem to |)have (a |an |any |)(valid |proper |)(ptr|rdns|reverse*) | "
		"unknown reverse (hostname|name|dns) | ip name lookup failed | "
		"(client|ip|xip) .. has no (name|hostname|host name|dns entry|dns name) | "
		"(no|without) (hostname|host name|dns entry|dns name) (for|found for) (xip|your|ip|the ip) | "
		"(xip|ip|ip address|client) (does not|doesn't|did not|could not be|cannot be) resolve* (to a |to any |)(name|"
		"host*) | reverse (lookup|resolution) .. (fail*|nxdomain|error) | "
		"(must|need to) have (a |)(ptr|rdns|reverse*) | "
		"(ptr|rdns|reverse dns|reverse-dns|reverse lookup|reverse dns lookup|reverse ip lookup) .. (missing|not found|"
		"not exist|not set|needed|absent|unavailable) | (ptr|reverse dns|rdns) lookup fail* | "
		"lookup of .. ptr | kein* .. (ptr|reverse*|rdns) | "
		"(cannot|can't|could not|unable to|failed to|couldn't) (find|resolve|determine|lookup|look up|get|"
		"verify) .. (ptr|reverse|rdns) | "
		"(cannot|can't|could not|unable to|failed to) (resolve|lookup|look up) (your |)(client |)(ip |)address | "
		"ip address .. (has no|without) (host|)name | unresolvable (ip|client|host) | "
		"(sender |client |)ip must resolve"),
	WORDS("words.rdns-required", SMTP_PTR_MISSING, 60, "(reverse dns|rdns) (is |)required"),
	WORDS("words.ptr-required", SMTP_FCRDNS_MISMATCH, 60,
		"reverse (dns |)lookup (is |)required | "
		"(need|needs|require*|must have) (a |)(valid |proper |correct |working )(reverse*|rdns|ptr)"),
	WORDS("words.hostname-unknown", SMTP_FCRDNS_MISMATCH, 62,
		"(unable to|cannot|can't|could not|couldn't) (determine|find|resolve|get|lookup|look up) (the |your |its |)"
		"(hostname|host name)"),
	WORDS("words.generic", SMTP_RDNS_GENERIC, 80,
		"(generic|dynamic|dialup|dial-up|dial up|dialin|dial-in|residential|adsl|dsl|cable|dhcp|broadband|end-user|"
		"end user|enduser|consumer|transient|dynamically assigned) (ip|ips|ptr|rdns|reverse|host|hosts|line*|"
		"connection*|customer*|cable|residential|address|addresses|hostname|range|pool|user*|client*|name*|space|or) | "
		"dialup/transient | (use|via|through) (a |your |the |an |)(smarthost|smart host) | smarthost | "
		"(indicates|looks like|appears to be|seems to be) (a |an |)(end user|enduser|dial*|dynamic|consumer|"
		"residential) | "
		"(direct|directly) (mail |delivery |smtp |)from .. (dynamic|dial*|residential|broadband|end*|consumer) | "
		"ip dynami* | "
		"(use|using|through|via) (your|their|an|the) (isp|isp's|provider|provider's|internet*) .. (smtp|mail|relay|"
		"server|outgoing|smarthost) | through their (isp|provider)* | "
		"looks like (a |)(dynamic|generic|dial*) | dynamic* (assigned|allocated) | direct-to-mx | "
		"contains your ip | (may not|not) be (a |)mail exchanger | "
		"home (user|connection|broadband|dsl|adsl)* | (ptr|rdns|reverse*) .. (generic|dynamic|dialup) | "
		"(relay|send|deliver) (it |mail |messages |)(via|through) (your |the |an |)(isp|isp's|provider|provider's) | "
		"^xclient: (dynamic|dialup|dial-up|residential|generic)"),
	WORDS("words.dul", SMTP_RDNS_GENERIC, 76, "(from|on|in) (the |a |)dul | dul (list*|host*|ip*)"),
	WORDS("words.reverse-dns", SMTP_FCRDNS_MISMATCH, 60, "reverse dns"),
	WORDS_C("words.address-syntax", "501", NULL, SMTP_PROTOCOL_ERROR_CAUSE, 78,
		"syntactically incorrect | "
		"(invalid|bad|malformed|illegal) (mail from|rcpt to|sender|recipient|from|mailbox|address*) & !domain "
		"& !no such & !unknown"),
	WORDS("words.sender-domain", SMTP_SENDER_DOMAIN_DNS, 80,
		"(no|invalid|bad|missing|broken) mx .. (sender|from|return)* domain | "
		"(dns|mx) (lookup|look up|check|query) (of|for) (the |your |)(sender|from|return)* .. fail* | "
		"domain (in|of) your (return|sender|from)* | "
		"(sender|from) domain (must|should|has to|needs to) be (a |)(fully|fqdn|valid) | "
		"(sender|sender's|from|envelope|return-path|originator|your|mail from) (address |addresses |)(domain|"
		"domain's) .. (not exist|not resolve|not found|no mx|unresolv*|unable|no dns|no a|not have|dns error|doesn't|"
		"nonexist*|non-exist*|has no|must exist|must resolve|failure|valid|is invalid|null mx|nullmx|unknown|"
		"unresolv*) | "
		"(invalid|unknown|nonexistent|non-existent|bad|bogus) (sender|from|envelope|return-path) (mail |)domain | "
		"(sender|from|mail from|envelope|return-path) domain (has |have |with |)(neither|no) (mx|a|address) | "
		"(sender|from|return-path|envelope)* .. (null mx|nullmx) | "
		"domain of (the |your |)(sender|return|from|envelope)* .. (null mx|no mx|not|no|fail*) | "
		"dns .. (fail*|error|problem) .. (domain of|domain for) .. (return|sender|from|envelope) | "
		"(resolve|lookup|look up|find) your (mail |email |sender |from |)domain | "
		"(return-path|return path|mail from|sender|envelope from) .. domain (does not|doesn't) (exist|resolve) | "
		"domain does not exist .. (return-path|sender|from) | "
		"(xsender .. |xsender: )(null mx|nullmx|not accept mail|domain not found|need fully) | "
		"(cannot|can't|could not|unable to|failed to|couldn't) (resolve|find|lookup|look up|locate) .. (sender|"
		"sender's|from|envelope) | "
		"domain .. (sender|mail from) .. (not exist|not resolve|no mail exchanger) | unresolvable sender | "
		"unknown sender domain | (no|valid) mx .. (from|sender|envelope) | mx record .. sender | "
		"(failure|error|problem) .. (sender|from) domain | "
		"domain of (mail from|sender|from|your) .. (no|not|does) | domain name required | "
		"domain .. (return|sender|from) address .. (no|not) | domain .. not resolvable | "
		"sender address must contain a domain | "
		"domain (must|has to|should|needs to) (resolve|exist) | "
		"(valid|existing|resolvable) sender domain | "
		"(return|sender|from) (email |mail |address |)domain is invalid | "
		"(failed|unable) to (obtain|get|retrieve) dns record* | "
		"(invalid|bad|broken|bogus|unusable) mx (record|records|host*) | "
		"mx .. (loopback|private|reserved|unroutable) (network|address*|range)"),

	/* first contact, and what the receiver asks our own server */
	WORDS_C("words.locked", "4xx", NULL, SMTP_RECEIVER_ERROR, 76,
		"mailbox (is |)(locked|busy|in use) | scanner (is |)(not available|unavailable|fail*|error|timeout)"),
	WORDS_C("words.triplet", "4xx", NULL, SMTP_GREYLISTED, 80, "triplet"),
	WORDS("words.grey", SMTP_GREYLISTED, 88,
		"gr(e|a)ylist* & !internal error & !not .. gr(e|a)ylist* | first(-| )time sender | gr(e|a)y (list|listed|listing|lists) | gr(e|a)y-list* | dt:grey | first contact | "
		"(is |)not yet authorized to deliver"),
	WORDS_C("words.verify-later", "4xx", NULL, SMTP_RECEIVER_ERROR, 80,
		"unable to verify (address|recipient|user)* & (at this time|temporar*|later) | "
		"(address|recipient|user) .. (cannot|could not|can't) be verified & (at this time|temporar*|later|now)"),
	WORDS("words.callout", SMTP_SENDER_VERIFY_FAILED, 80,
		"(could not|cannot|can't|couldn't|unable to) verify your (address|email|e-mail|sender)* | "
		"(sender|from|return path|envelope) (address |addresses |)(could not be|cannot be|couldn't be|can't be|was not|"
		"is not) (verified|validated) | "
		"(verify|verifying|verification of|validate) (your |the |)(sender|return path|envelope) | "
		"(verification|verify*|validation) of (your |the |)(address|xaddr|sender) .. fail* | "
		"(sender|from) .. (does not|doesn't) exist (on|at) (your|its|the sender*) | "
		"sender (address |)verif* | unable to verify .. (sender|from) | call-?back | callback | callout | "
		"reverse mx check | its own mail server | "
		"(sender|sender's|your) (mx|mail server|mailserver) .. (not accept|does not accept|refus*|reject*) & !null | "
		"your (mx|own mail server) .. (not accept|refus*|reject*)"),

	/* rates that only mention the domain that SPF, DKIM or a link names */
	WORDS("words.unusual-rate", SMTP_RATE_LIMITED, 80,
		"(unusual|abnormal|suspicious) (rate|amount|volume|number) of | rate of unsolicited | unexpected volume"),

	/* authentication of the message */
	WORDS("words.dmarc-policy", SMTP_DMARC_FAIL, 80,
		"(due to|per|by|because of|violates|according to|rejected) .. dmarc | (domain's|sender's) dmarc & "
		"!(spf and dkim|either)"),
	WORDS("words.dmarc-says", SMTP_DMARC_FAIL, 80, "^dmarc (fail*|check fail*|polic*)"),
	WORDS("words.unauthenticated", SMTP_SENDER_UNAUTHENTICATED, 80,
		"spf (and|or|and/or|&|nor) (dkim|domainkeys) | dkim (and|or|and/or|nor) spf | spf/dkim | dkim/spf | "
		"spf, dkim | (spf|dkim) (and|or|nor) (no|a) (valid |)(spf|dkim) | unauthenticated (mail|email|e-mail|message) | message .. not authenticated | "
		"sender id & (not permitted|fail*) | "
		"neither .. spf .. nor .. dkim | "
		"neither .. dkim .. nor .. spf"),
	WORDS_C("words.lookup-later", "4xx", NULL, SMTP_RECEIVER_ERROR, 78,
		"(spf|dkim|dmarc) .. (lookup fail*|look-up fail*|temporar*|temperror|tempfail*|timeout|timed out|dns error)"),
	WORDS("words.dmarc", SMTP_DMARC_FAIL, 80, "dmarc"),
	WORDS("words.spf", SMTP_SPF_FAIL, 80,
		"spf | sender policy framework | spf-record | "
		"(authorized|authorised|permitted|allowed|approved|listed) .. by .. domain owner | domain owner discourages | "
		"(ip|host|server) .. (invalid|not valid|not allowed|not permitted|not authorized) for sending .. domain | "
		"invalid ip for sending | not (a |)(permitted|designated|authorized) (sender|mailer|mailserver|mail server) | "
		"(not|n't) (allowed|authorized|authorised|permitted|designated) to send (mail |email |e-mail |"
		"messages |)(for|from|on behalf) .. (domain|xhost) | "
		"server .. authorized to send (mail |email |)(from|for) your domain"),
	WORDS("words.dkim", SMTP_DKIM_FAIL, 80, "dkim | domainkeys"),

	/* relay before login: "relaying denied, please authenticate" */
	WORDS("words.open-relay", SMTP_IP_BLOCKED, 70,
		"(you|your|xip|host|server|is|are|an|as) .. open relay* & !not & !no & !xrcpt | ^open relay"),
	WORDS("words.relay", SMTP_RELAY_DENIED, 80,
		"(relay|relaying|relayed|relays) (access |mail |of mail |through this server |)(is |was |has been |)(denied|"
		"not (permitted|allowed|authorized|authorised|accepted|supported)|prohibited|refused|disallowed|rejected|"
		"disabled|forbidden|blocked|restricted) | "
		"relay* .. (denied|not (permitted|allowed)|prohibited|refused|disallowed|rejected) | "
		"(unable|not (permitted|allowed|authorized)|cannot|won't|not|don't|no|will not) (to |)(open |)relay* | "
		"we do not relay | send to a non-local | authenticated to relay | to relay | open relay | "
		"third-party relay* | (use|using) .. as (a |)relay | relay for | openrelay | "
		"only (accepts|accept|takes|for) local (recipients|users|domains) | "
		"forward(-| )path .. not (allowed|permitted)"),

	/* login */
	WORDS("words.auth", SMTP_AUTH_REQUIRED, 80,
		"port is for authenticated | "
		"(authentication|auth|smtp auth|login|smtp authentication) (is |has |)(required|failed|failure|unsuccessful|"
		"credentials|needed|rejected|invalid|error|disabled|not enabled|not allowed|not available) | "
		"requires (smtp |)auth* | must (first |)authenticate | must be authenticated | "
		"must (be |)(logged in|log in|login) | auth command first | (pop|imap) before smtp | "
		"pop-before-smtp | pop before | mail before sending | "
		"(username|user name|login|password) (and|or) (password|username) | "
		"(invalid|bad|incorrect|wrong) (login|credentials|username|password|authentication) | "
		"please (log|login|authenticate)* | (use|enable|turn on|support) smtp auth* | authorization failed | "
		"(auth|authentication) .. (not advertised|not offered|not enabled|not supported) | "
		"fail* authentication | (auth|authentication|smtp auth) (is |)(mandatory|compulsory) | "
		"authenticate first | application-specific password | temporary authentication | xoauth* | "
		"incorrect authentication data | (login|auth*) attempts | too many (login|auth*) | "
		"unauthenticated senders | not logged in | "
		"(user|client|you|session) (is |are |was |)not authenticated | login (is |)needed | "
		"auth command has"),
	WORDS("words.tls", SMTP_TLS_REQUIRED, 80,
		"must issue (a |)starttls | starttls (is |)(required|first|needed|command first) | "
		"(tls|ssl|encryption|encrypted connection) (is |connection |session |)(required|needed|mandatory|"
		"necessary) | "
		"(requires|require|required|must use|use|needs) (a |an |)(secure|tls|starttls|encrypt*) | "
		"encrypted connection | unencrypted (session*|connection*|mail) | plaintext (session*|connection*) | "
		"(tls|ssl) version | mta-sts | "
		"tls .. (handshake|too old|negotiation|not supported)"),

	/* limits that name what they count */
	WORDS("words.rcpt-rate", SMTP_RECIPIENT_RATE_LIMITED, 80,
		"(recipient|user|mailbox|account) .. (receiving|received) .. (mail|email|messages|too many|too much|"
		"quickly) | "
		"(recipient|mailbox|user) .. (exceeded|exceeds|over|reached) .. (rate|receiving|receive limit|"
		"incoming) | "
		"too (many|much) (messages|mail|email) (for|to|sent to) (this |the |)(recipient|user|mailbox) | "
		"(user|recipient|mailbox) (receives|gets|received) too (much|many) | mailbox .. too much (mail|email) | "
		"messages to xaddr deferred | "
		"(recipient|recipient's|user|user's|mailbox) .. (incoming|receiving|receive|inbound) (mail |message |email |)(rate|limit)"),
	WORDS("words.conns", SMTP_TOO_MANY_CONNECTIONS, 80,
		"(have|has) (already |)%d (open |concurrent |simultaneous |active |)(connection*|session*) | "
		"too many (concurrent |simultaneous |open |smtp |parallel |active |current |tcp |)(connections|sessions|"
		"connects|connection|smtp sessions|session) | "
		"(concurrent|simultaneous|parallel) (smtp |server |client |tcp |)(connections|sessions) | "
		"(connection|session) (count |number |)(limit*|threshold) & !rate | "
		"(maximum|max) (number of |)(concurrent |allowed |simultaneous |)(connections|sessions) | "
		"number of (concurrent |simultaneous |)connections | connection (rate|frequency)"),
	WORDS("words.rcpts", SMTP_TOO_MANY_RECIPIENTS, 80,
		"too many (recipients|recipient|rcpts|rcpt|destinations|receivers) & !(hour|day|minute|from) | "
		"recipient(s|) (count |)(limit|exceed*) | (maximum|max) (number of |)(allowed |)(recipients|rcpts) | "
		"(maximum|max) recipients | recipients per (message|session|transaction|mail|email) | "
		"recipient count | (number|limit) of recipients"),

	/* quota before size, size of headers before size */
	WORDS_C("words.quota-code", NULL, "%d.2.2", SMTP_MAILBOX_FULL, 86,
		"quota | full | storage | space | exceed* | size | limit"),
	WORDS("words.header-size", SMTP_MESSAGE_MALFORMED, 80, "header* .. (too (long|large|big|many)|size|exceed*)"),
	WORDS("words.full", SMTP_MAILBOX_FULL, 80,
		"(mailbox|mail box|inbox|account|user|recipient|folder|mailfolder|maildrop|user's|box|mailbox is|maildir) (is |"
		"has |was |are |seems |xaddr |)(already |currently |)(full|over quota|overquota|over its quota|over the quota|"
		"out of space|quota exceeded|quota full|too full|out of storage|over limit|over size|over the size) | "
		"(mailbox|inbox|maildir) (xaddr |has |)(exceeded|exceeding|exceeds) & !rate & !incoming | "
		"(mailbox|inbox|account|user|recipient|mailfolder) .. (is full|over quota|overquota|quota exceeded|"
		"exceed* .. (quota|storage|space|allocation|allowed size|its limit)|no (more |)space|run out of|over .. quota|"
		"not enough space|out of .. space) | over quota | overquota | over-quota | "
		"quota (is |has been |was |limit |)(exceeded|full|reached|violation|overflow) & !(sending|hourly|daily|"
		"message) quota | "
		"(exceed*|over|above|out of|reached) (its |the |his |their |allocated |disk |storage |mailbox |mail |user |my |"
		")(quota|storage allocation|storage limit) & !sending & !daily | "
		"(not|n't|t) (have |)enough (space|room|storage|disk) & !system & !server | "
		"exceeded storage allocation | insufficient .. space .. (mailbox|user|account) | "
		"(recipient|mailbox|user|account) .. insufficient .. (storage|space) | mailbox (size |)limit | "
		"(mbox|mailbox|inbox) (is |)too (large|big) | disk quota | "
		"no (more |)(space|room) (left|available|for) & !device | has no more space | mailbox full | "
		"full mailbox"),
	WORDS("words.size", SMTP_MESSAGE_TOO_LARGE, 80,
		"(no|not) more than %d (mb|mib|kb|kib|megabytes|kilobytes|bytes) | "
		"(message|mail|email|e-mail|data|file|body|content|attachment*) (size |file |is |was |data |length |)(is |"
		")(too (big|large|long)|larger than|bigger than|exceed*|limit|over) .. (size|limit|maximum|kb|mb|bytes|allowed|"
		"max) | "
		"(message|mail|email|e-mail|file|size|attachment|attachments) (size |file |is |was |)(is |)too (big|large|"
		"long) | (message|mail) size | size (limit|exceed*) & !mailbox & !user | "
		"(maximum|max|fixed|allowed|maximal) (maximum |)(message |mail |email |file |)size | "
		"too (big|large) & !header* | larger than .. limit | exceeds .. (message |size |maximum |)size | "
		"exceed* maximum permitted | size %d .. (limit|maximum|max) | class=size | "
		"(data|content|message) .. maximum (threshold|size|length)"),

	/* the message */
	WORDS("words.headers", SMTP_MESSAGE_MALFORMED, 80,
		"too many (equal |identical |)(headers|x-headers|header) | "
		"(equal|identical|duplicate*|multiple) (headers|x-headers|header*|from|subject|date|message-id) | "
		"required header | "
		"(no|missing) (xhost |resent-from |from |date |subject |sender |message-id |to |)(field|header) | "
		"only one .. header | "
		"(failed|unable|could not|cannot|can't) .. parse .. (message|mail|header*|mime) | "
		"header* .. (not permitted|not allowed|not rfc*|invalid|malformed|missing|fail syntax) | "
		"(missing|invalid|malformed|no|bad|illegal|lacks|without) .. (header*|from:|date:|message-id*) | "
		"rfc (2822|5322|822) | rfc(2822|5322|822) | not rfc* compliant | rfc compliant | "
		"message is malformed | malformed (message|mail|header*|mime|address in) | non-ascii | non ascii | "
		"8-bit | 8bit* | nul (characters|bytes) | lone (cr|lf) | (maximum allowed |)line length & !command | "
		"line .. too long & !command | bare (cr|lf|line*|newline*) | stray newline | smtplf | "
		"mime (error|structure|boundary|parse|header*) | conversion required | charset | line terminator"),
	WORDS("words.scanner-failed", SMTP_RECEIVER_ERROR, 80,
		"(virus|spam|content) (filter|scanner|scan|check|checker) (has |)(failed|error|failure|unavailable|timed out|timeout|is down)"),
	WORDS("words.virus-or-spam", SMTP_CONTENT_SPAM, 70, "virus or spam | viruses or spam | spam or virus* | spam/virus"),
	WORDS("words.files-may", SMTP_CONTENT_POLICY, 78,
		"(attachment|attachments|file|files|filetype|filetypes) .. may contain (a |)virus*"),
	WORDS("words.virus", SMTP_CONTENT_VIRUS, 80,
		"virus* & !(anti-virus|anti virus) (gateway|system|server) | malware* | trojan* | infected* | worm | "
		"malicious (code|content|software|attachment|file) | eicar* | heuristics"),
	WORDS("words.subject", SMTP_CONTENT_SPAM, 70,
		"(suspicious|bad|forbidden|blocked|unwanted|spam*) subject | subject .. (violat*|pattern|blocked|rejected|forbidden|not allowed|unaccept*)"),
	WORDS("words.attachment", SMTP_CONTENT_POLICY, 80,
		"attachment* | file (type|types|extension*|name|format) | (filename|extension) | executable* | "
		"(zip|rar|exe|scr|executable|archive|macro|office|encrypted) (file*|attachment*|archive*) | "
		"content .. (banned|forbidden|disallowed|unaccept*|type) | "
		"(forbidden|prohibited|blocked|banned|disallowed|restricted|illegal|dangerous|unaccept*) (file|files|"
		"content|attachment*|extension|words|word|phrase) | banned & id=%w | "
		"content .. (not allowed|prohibited|not permitted) | (archive|archives) | password protected | "
		"inappropriate | profanity | "
		"(no|not|without) .. html | html (mail|messages|email|only|part) .. (not|refused|rejected|unwanted) | "
		"not accept .. (character set|charset|language|encoding) | "
		"(character set|charset|language) .. (not (accepted|allowed|supported)|refused|rejected|blocked) | "
		"files .. (prohibited|not allowed|not permitted) | "
		"encrypted (zip|rar|7z|pdf|office|message*) | "
		"(javascript|scripts|embedded|active content|macros|iframe*) | "
		"files .. not (supported|accepted) | "
		"html .. not supported | "
		"(invalid|unaccept*|prohibited|forbidden) (message |)content | "
		"mime type* .. not (accepted|allowed|permitted|supported) | "
		"unwanted script*"),
	WORDS("words.not-wanted", SMTP_SENDER_REJECTED, 72,
		"(not|don't|doesn't|dont|won't) (want|take|accept) (any |)(of |)(your (mail|messages|email|e-mail)|(mail|messages|email|e-mail|anything) from (you|this))"),
	WORDS("words.by-user", SMTP_RECIPIENT_RESTRICTED, 80,
				"(recipient|user|addressee) (has |)(denied|declined|refused|blocked) (your|the|this) (mail|message|email) | "
		"(rejected|blocked|refused|declined|denied) by (this |the |)(user|recipient|addressee|mailbox owner) & "
		"!sender"),
	WORDS("words.known-for-spam", SMTP_DOMAIN_REPUTATION, 76,
		"newly (registered|observed|seen) domain | "
		"domain (is |has been |)(known|listed|reported|flagged) (for|as) (sending |a source of |)spam*"),
	WORDS("words.spam-verdict", SMTP_CONTENT_SPAM, 80,
		"(message|mail|content|email|e-mail|it|this) .. (identified|classified|classification|considered|detected|"
		"recognized|recognised|flagged|marked|tagged|reported|rejected|blocked|refused|similar|looks|seems|appear*|"
		"matches|matched|contains|scored|is) .. (spam|unsolicited|junk|bulk|uce|ube|phish*|spammy) | "
		"spam (message|content|detected|score|signature|blocked|rejected|filter*|found|refused|denied|mail|email|check|"
		"engine|policy|suspected|points|scale|or) | dspam | "
		"(as|is|possible|probable|likely|suspected|be|for|of) (spam|junk|unsolicited|bulk) & !ip & !host | "
		"anti-?spam (engine|policy|filter|system|check)* | antispam (engine|policy|filter|system|check)* | "
		"anti-spam (engine|policy|filter|system|check)* | content reject* | spam by content | "
		"message (contains|content) spam | looks like spam"),

	/* lists and reputation */
	WORDS("words.domain-listed", SMTP_DOMAIN_REPUTATION, 80,
		"(sender |from |your |)domain (is |was |has been |)(listed|blacklist*|blocklist*|black listed|block listed) | "
		"(blacklist*|blocklist*|black listed|listed) domain | (contains|containing) a (blacklisted|blocked|listed) | "
		"(url|uri|link|links|urls) .. (blacklist*|blocklist*|listed|blocked|reputation|malicious|spam) | "
		"(blacklist*|listed|blocked|blocking|bad|malicious|suspicious|spam*) (url|urls|uri|uris|domain|link|links|website*) & !sender domain | domain .. reputation | "
		"reputation .. (domain|url|uri|link)"),
	WORDS("words.listed", SMTP_DNSBL_LISTED, 80,
		"(rbl|rbls|dnsbl|dnsbls|dnsrbl|dns-bl|dns blacklist|realtime bl*|real-time bl*|real time bl*|"
		"blackhole|black hole) | "
		"(listed|listing|found|is) (in|on|at|by) (a |an |the |one or more |)(xhost|xurl|dns|public) & !not found & !domain | "
		"blocked (using|by|in|at) (xhost|xurl) | (black|block)(ed|)list* (by|at|in|on|using) (xhost|xurl) | "
		"xip .. (listed|found) (in|on|at|by) | refused by blackhole | "
		"(listed|blacklist*|blocklist*|block list|black list) .. barracuda | barracuda .. (list|listed|lists|blacklist*|blocklist*) | "
		"dns(-| )blacklist*"),
	WORDS("words.reputation", SMTP_IP_REPUTATION, 80,
		"(poor|bad|low|no|negative|questionable|untrusted|insufficient|your|ip|sender) reputation | "
		"reputation | sender score | complaints about | complaint rate | complaints | untrusted (ip|host|sender) | "
		"spamtrap* | spam trap*"),

	/* who may write to whom */
	WORDS("words.your-ip-listed", SMTP_IP_BLOCKED, 80,
		"(your|client|sending|source|sender|connecting) (ip|host|server|network) .. (block|black|deny)* list* "
		"& !xhost & !xurl | "
		"(your|client|sending|source) (ip|host|server|network) .. (blacklist*|blocklist*|denylist*) & !xhost "
		"& !xurl"),
	WORDS("words.restricted", SMTP_RECIPIENT_RESTRICTED, 80,
		"only (members|subscribers|authenticated|internal|authorized|authorised|staff|employees|trusted|allowed|"
		"registered) | "
		"(restricted to|limited to|reserved for) .. (members|subscribers|authenticated|internal|domain|senders|users|"
		"staff) | members only | accept* (mail |messages |email |)only from | "
		"only from (internal|local|authenticated|members|inside) | (senders|mail|messages) from outside | "
		"only (takes|accepts|receives|accept) (mail|messages|email) & !tls | member-only | members-only | "
		"not (a |)(member|subscriber|subscribed) | subscribers only | "
		"(internal|external) (senders|sender|use) | mail from internal | "
		"(not (allowed|authorized|authorised|permitted)|unauthorized|no permission|not have permission|"
		"permission) to (post|send|write|mail|deliver|email) (mail |email |messages |a message |)to (this|the|xaddr|"
		"that) | "
		"(not (allowed|authorized|authorised|permitted)|no permission|not have permission) to (post|write) | "
		"post (messages |)to | closed list | moderated | "
		"(recipient|user|mailbox|address|list|group|addressee) (xaddr |)(only accept*|accepts only|does not accept|"
		"doesn't accept|not accept*|does not want|rejects|is restricted|refuses|has blocked|does not allow|"
		"configured to reject|not accepting|does not receive|accepts mail) | "
		"delivery (restriction*|is restricted|not authorized) & !message refused | "
		"not (on|in) .. (allow list|address book|approved|allowlist) | whitelist* only | "
		"unauthorized sender for (this|the) | "
		"(takes|accepts|receives) (internal|local) (mail|messages|email) only | for internal use | "
		"rule imposed mailbox access | does not wish to receive | preferences prevent | "
		"(delivery|mail|sending|posting) .. not (allowed|permitted) to this (address|recipient|list) | "
		"not (in|on) (the |its |their |my |our |)(allowed|approved|safe|permitted)(-| )senders | "
		"not being accepted at this address | recipient (is |)not authorized | "
		"(send|sending|outgoing|outbound|send-out)(-| )only | (is |are |)not (being |)monitored | unmonitored | no replies are | "
		"(cannot|can't|may not|must not) %w to this (address|mailbox|recipient|list)"),

	/* a rate that is named says more than who was refused for it */
	WORDS("words.unusual", SMTP_RATE_LIMITED, 76, "unusual (sending|rate|traffic|activity|volume)"),
	WORDS("words.rate-named", SMTP_RATE_LIMITED, 80,
		"(sending|message|mail|email|delivery|submission) rate | rate (was |has been |is |)(exceed*|too high) | "
		"too many (messages|mails|emails|e-mails) (from|in|per|within|sent|for|during) & !spam | "
		"too many recipients (in|per|within|for) (a|an|one|the|this|%d) (day|hour|minute)* | "
		"(messages|mails|emails|recipients) per (hour|day|minute) | "
		"(sends|sent|sending) too (many|much|fast|quickly) & !spam | "
		"(sent|send) too many (e-mails|emails|mails|messages) | "
		"(relay|sending|outgoing|outbound|submission|message) quota | "
		"(sending|message|mail|email|daily|hourly|submission) (limit|quota) (was |has been |is |)(exceeded|reached) | "
		"limit .. per %d (hours|minutes|days) | "
		"only %d (recipients|messages|mails) per | "
		"(hour|hourly|day|daily|minute) limit | "
		"too many (rcpt|rcpts|recipients) per (ip|hour|day|minute|user) | "
		"sender rate"),

	/* blocks that name whom they hit */
	WORDS("words.not-whitelisted", SMTP_IP_BLOCKED, 76,
		"(ip|xip|host|server|client) .. (not|isn't) (in|on) .. (whitelist*|allowlist*|allow list|white list)"),
	WORDS("words.whitelist", SMTP_RECIPIENT_RESTRICTED, 76,
		"not (on|in) .. (whitelist*|allowlist*|white list)"),
	WORDS("words.address-listed", SMTP_SENDER_REJECTED, 76,
		"your (email|e-mail|mail) address .. (blacklist*|blocklist*|banned|barred) & !ip"),
	WORDS("words.ip-blocked", SMTP_IP_BLOCKED, 80,
		"(host|ip|client|server|address) .. (on|in) (our|my|the|a|their) (local |)(reject|deny|access|block) list | "
		"intrusion (prevention|detection) | banned sender xip | sender xip | xip .. block* for spam* | "
		"client host blocked | "
		"(connection*|access) .. from xip .. (by|due to) (access |)(rule*|polic*|filter*) | "
		"(blacklisted|blocked|banned) sender ip | (temporarily |)blocked: xip | "
		"(ip|ips|ip address|ip-address|host|client|server|network|country|netblock|subnet|xip|machine|mailserver|"
		"mail server|hosts|ip range|client ip|sender ip) (address |addresses |xip |xhost |range |)(is |are |was |"
		"has been |have been |been |)(temporarily |permanently |locally |currently |)(blocked|blacklist*|black listed|"
		"black-listed|blocklist*|block listed|block-listed|banned|denylist*|denied|rejected|barred|refused|unwelcome|"
		"not allowed|not accepted|not permitted|not welcome|prohibited|forbidden|listed on our|on our) | "
		"(blacklist*|blocklist*|black-list*|block-list*|black listed|black list|block list|blocklisted|banned|"
		"denylist*) & (ip|host|client|server|network|xip|your|address) & !sender & !domain | "
		"(our|local|internal|private|own) (blacklist|block list|blocklist|black list|blocking list) & !sender | "
		"(connections|mail|email|messages) from (your|this|xip|that|the) (ip|host|network|server|country|address|isp|"
		"provider|range|) .. (refused|blocked|denied|rejected|not accepted|banned|disallowed) | "
		"(refuse|reject|deny|not accept|not accepting) (mail|email|connections|messages) from (your|this|xip) (ip|host|"
		"network|server|country|address|) & !dynamic | "
		"connection* .. (rejected|blocked|denied) by .. (firewall|blocklist|blacklist) | "
		"connection* from xip .. (rejected|refused|denied|blocked) | ip .. (banned|blocked|blacklisted) | "
		"by (your |)country | (your|this|that) country | geo(-| |)(ip|block*|location) | "
		"ip address .. not have permission* | blocked ip | not allowed to connect | firewall* | "
		"refus* (the |)connection* from (xip|your) | "
		"fail2ban | "
		"(in|on) (my|our) (shit|hate|ban|kill|drop|spam|hit|naughty)(-| |)list* | "
		"(mail|email|anything|connections|traffic) from (china|russia|korea|india|brazil|vietnam|nigeria|ukraine|turkey|taiwan|africa|asia|abroad|overseas) | "
		"(ovh|hetzner|digitalocean|linode|vultr|contabo|amazon|aws|azure|scaleway|ionos|leaseweb|colocrossing) & (block*|bann*|refus*|reject*|not|no|ranges) | "
		"no access (for|from) (this|your|that) (ip|host|server|address|network) | "
		"your (ip|host|server|network) (xip |xhost |)(is |was |has been |)(filtered|registered|suspended|quarantined) | "
		"(access|mail|connections) from (your|this|that) (network|ip|host|address) .. (restricted|limited|closed) | "
		"(ip|xip|host|server|address) .. not (whitelisted|white-listed|allowlisted|allow-listed) | "
		"(not|n't) accept .. (over|via|from) ipv6"),
	WORDS("words.sender", SMTP_SENDER_REJECTED, 80,
		"(may|can|must|cannot|can't) (not |)(send|use) (mail |)(with|from|as|using) this (address|sender) | "
		"(sender|sender's|from|envelope from|originator|from address|mail from|senders|envelope sender|return path|"
		"sender email|sender domain|return-path) (address |addresses |email |e-mail |domain |xaddr |is |was |has been |"
		")(is |was |has been |been |)(currently |)(rejected|denied|blocked|refused|not allowed|not permitted|"
		"not accepted|blacklist*|blocklist*|black listed|banned|not authorized|not authorised|prohibited|disallowed|"
		"invalid|not valid|bad|unknown|not local|not verified|unaccept*|forbidden|not acceptable|mismatch|"
		"does not match) | "
		"(rejected|denied|blocked|refused|banned|bad|blacklisted|invalid|forged|spoofed|unauthorized|unauthorised|"
		"unacceptable|forbidden) (by |mail |email |)(sender|from|senders|return-path|originator|from address) | "
		"spoof* | not accepting mail from (xaddr|you|this) | "
		"from .. (does not|not) match .. (login|user|account|authenticated) | "
		"mail from (you|xhost|xaddr|this sender|your domain|this domain) (is |was |)(not (allowed|accepted|permitted|"
		"wanted)|rejected|refused|blocked|denied) | does not belong to | "
		"(not|n't) (permitted|allowed|authorized|authorised) to (send|use) (mail |email |messages |)(as|from|using|"
		"this (address|sender)|that (address|sender)) | not owned by | you are not allowed to send | "
		"forged | impersonat* | send as | masquerad* | outbound sender | "
		"your (email |mail |e-mail |)address (is |has been |)(blocked|blacklisted|rejected|banned) | "
		"(sender|from|from address) (must|should|does not|doesn't|has to) match .. (user|login|account|authenticated) |"
		" not one of your addresses | "
		"(the |your |)domain (xhost |)(is |was |has been |)(banned|barred|not welcome|unwelcome|forbidden) | "
		"(sender |from |)(domain|address) not verified | "
		"^from xaddr .. (blocked|rejected|refused) | "
		"outgoing (mail|email|messages) from .. (suspended|blocked|disabled) | "
		"(must be|is not|should be|not) (the |)same as .. (user|login|account|authenticat*|authoriz*|authoris*) | "
		"(your|this) account .. (compromised|hacked|hijacked|not authorized|not authorised|not allowed|suspended for sending) | "
		"(bounce|bounces|null sender|empty sender|null reverse-path) .. not (accepted|allowed|permitted|welcome) | "
		"not allowed in (the |)(header |)from | "
		"from(:|) (header |address |field |)(does not|doesn't|must) match (the |)(mail from|envelope|sender|return-path) | "
		"(illegal|improper|unwanted) sender | "
		"(address|domain) that is not yours | "
		"your (mail|email|messages) (is|are) (not welcome|unwelcome|unwanted)"),

	/* the recipient */
	WORDS("words.disabled", SMTP_RECIPIENT_DISABLED, 80,
		"(mailbox|account|user|address) .. (switched|turned|shut) off | "
		"left (the |our )(company|organi*|firm|university|school) | "
		"(account|mailbox|mail box|mail-box|user|recipient|address|email|email address|user's mailbox|customer|"
		"subscriber|box|user account|email account|mail account|userid) (xaddr |account |mailbox |address |)(is |was |"
		"has been |has |are |been |)(currently |temporarily |permanently |not |)(disabl*|inactive|suspend*|deactivat*|"
		"closed|terminat*|expir*|locked|frozen|discontinu*|retired|cancel*|deleted|removed|active|inactivat*|archiv*|"
		"blocked|moved|on hold|activated|banned|de-activated|unavailable due|obsolete) | "
		"(account|mailbox|user|recipient|mail box) .. (disabl*|inactive|suspend*|deactivat*|closed|terminat*|expir*|"
		"locked|frozen|discontinu*|no longer) | "
		"(disabl*|inactive|suspend*|deactivat*|closed|terminat*|expir*|locked|obsolete|abandoned) (account|mailbox|"
		"user|recipient|address|email) | "
		"(account|mailbox|user|recipient|address|email|box) .. not (active|activated|enabled|in use) | "
		"no longer (active|in use|valid|available|exist*|works*|accept*|at this|with|employed|on this|in service|"
		"monitored|on server|here|used) & !domain | has (moved|left) | "
		"(mailbox|user|recipient) (has |)moved | "
		"(mailbox|account|mail box) .. (is|was|been) (blocked|closed|locked|disabl*) | stopped using | "
		"changed (his|her|their|its|my)"),
	WORDS("words.not-hosted", SMTP_DOMAIN_NOT_HOSTED, 80,
		"(isn't|is not|not|none) (one |)of our (domains|hosted) | "
		"(do|does) not host | domain (has been |is |was |)(disabled|suspended|inactive|deactivated) | "
		"not (the |a |)mail exchanger for | domain part .. (unknown|invalid|not) | "
		"(no|not) (such|a valid|a local|our|an accepted|local|valid|known|hosting) (domain|host|local host) | "
		"not a gateway | is no .. domain | "
		"domain (xhost |name |)(is |was |)(not (hosted|local|found|handled|served|configured|accepted|ours|"
		"known|supported|here|valid|a local|existing|active)|unknown|not exist|expired|nonexistent) | "
		"domain .. (does not exist|doesn't exist|not found|not hosted|expired|does not accept mail|not accept "
		"mail) | "
		"(unknown|invalid|unrouteable|unroutable|nonexistent|non-local|bad destination) (mail |recipient |"
		"destination |local |)(domain|host) | host unknown | ^host not found | "
		"(domain|xhost) no longer exist* | "
		"(do not|don't|does not|doesn't|not) (accept|handle|receive|host|serve|process) (mail|email|messages|"
		"e-mail) (for|to) (that|this|xhost|the|your|domain) | null mx | nullmx | "
		"host or domain name not found | (resolv*|lookup|look up|looking up) .. mx | no mx | mx lookup fail* | mail for .. not accepted | "
		"domain lookup failed | resolving mx | (not|n't) (responsible|configured) (for|to) | "
		"unable to look up host | destination domain | domain name not found | "
		"(do|does|handle|accept|serve|host|take|relay)(n't| not|) (do |handle |accept |serve |host |take |)(mail|email) for (that|this|the) domain | "
		"not (hosted|handled|served) & domain & !mx | "
		"domain .. not .. (hosted|handled|served) | "
		"(recipient|recipient's|destination|rcpt) domain .. (not found|unknown|does not exist|not resolve*|has no|invalid)"),
	/* where the stage leaves the recipient out */
	WORDS("words.no-mx", SMTP_SENDER_DOMAIN_DNS, 72,
		"no mx | null mx | nullmx | (resolv*|lookup|look up|looking up) .. mx | "
		"domain .. (does not exist|doesn't exist|not found) | (unknown|invalid|nonexistent) domain"),
	WORDS_C("words.unavailable-now", "4xx", NULL, SMTP_RECEIVER_ERROR, 60,
		"^requested mail action not taken: mailbox unavailable | ^requested action not taken: mailbox unavailable"),
	WORDS_C("words.destination-system", NULL, "%d.1.2", SMTP_DOMAIN_NOT_HOSTED, 76, "system | host | domain"),
	WORDS("words.unknown", SMTP_RECIPIENT_UNKNOWN, 80,
		"(no|not) (such|a valid|a known|valid|an existing|known|existing|local|a local|mail box) (user|users|recipient|"
		"mailbox|address|account|person|email|mail|local|id|customer|subscriber|alias|name|inbox|destination|"
		"available) & !from header & !valid recipients | "
		"(user|recipient|mailbox|address|account|addressee|recipients|username|user name|mail address|email address|"
		"email|e-mail|alias|user's mailbox|rcpt|mail box|inbox|xaddr|customer|subscriber|user account|mail account|"
		"email account|local part|local user|recipient address) (xaddr |name |account |address |rejected |)(is |was |"
		"are |has been |)(an |a |)(unknown|not found|not exist*|doesn't exist|does not exist|do not exist|not known|"
		"invalid|not listed|not here|nonexistent|non-existent|non existent|not recognized|not recognised|not a valid*|"
		"not valid|doesnt exist|not local|undeliverable|unrecognized|not defined|didn't exist|not registered|"
		"not present|incorrect|unavailable|not available|not a known*|could not be found|cannot be found|"
		"cannot be verified|could not be verified|wrong|doesn't have) & !sender address | "
		"(user|recipient|mailbox|address|account|addressee|xaddr) .. (unknown|not found|does not exist|doesn't exist|"
		"not exist*|not a valid|not a known|not listed|not valid|not recognized|not known|is invalid|"
		"doesn't have) & !sender address & !ip address & !client | "
		"(unknown|invalid|nonexistent|non-existent|non existent|unrecognized|undeliverable|undefined|no valid|"
		"incorrect|non existing|unexisting) (local |or illegal |or invalid |final |mail |email |e-mail |destination |"
		"user |recipient |rcpt |mailbox |)(user|users|recipient|recipients|mailbox|address|addresses|account|"
		"user account|local-part|local part|alias|rcpt|addressee) | "
		"(illegal|bad) (recipient|mailbox|destination|rcpt|user|alias)* | "
		"(can't|cannot|could not|couldn't|unable to) (find|verify|validate|locate) .. (user|recipient|mailbox|"
		"account) | no mailbox | mailbox not found | mailbox unavailable or | unknown recipient | "
		"unknown or illegal | unknown address | address unknown | no one by that name | "
		"nobody .. by that name | here by that name | bad-rcpt* | badrcpt* | bad_rcpt* | "
		"not in (the |our |my |)(recipient|user|address|mailbox|rcpt) (list|table|database|directory) | "
		"recipient verif* .. fail* | xrcpt: (unknown|invalid|no such|not found|not known) | "
		"by that name is | no account | not our customer | bad destination | there's no | "
		"(user|account|recipient) .. not exist* | "
		"nosuchuser | "
		"no-such-user | "
		"unresolvable address"),
	WORDS("words.inactive-user", SMTP_RECIPIENT_DISABLED, 75,
		"inactiv* | account .. blocked"),

	/* rates, in general */
	WORDS("words.spam-from-you", SMTP_IP_BLOCKED, 76, "too (many|much) spam* from (your|this|xip) & !throttl*"),
	WORDS("words.slower", SMTP_RATE_LIMITED, 80, "slower | too (much|many) spam from"),
	WORDS("words.rate", SMTP_RATE_LIMITED, 80,
		"rate limit* | ratelimit* | rate-limit* | over-?limit | overlimit | relay limit | "
		"(limit|threshold|maximum) (was |has been |is |"
		")exceed* & !size & !recipient* & !connection* & !storage & !mailbox | "
		"exceed* (the |its |permitted |allowed |your |)(threshold|limits) & !size | "
		"(too many|too much) (messages|mails|mail|emails|email|e-mails|requests|new|smtp|connects|connection attempts|"
		"attempts|traffic|sent|delivery) | too many recipients | throttl* | "
		"(sending|send|message|mail|hourly|daily|outgoing|email|volume|receiving|traffic) (rate |message |mail |"
		"sending |email |)(limit|limits|quota|rate|rates) | "
		"exceed* .. (emails|messages|mails|rate|per hour|per day|limit) | slow down | slowdown | "
		"frequen* .. limit* | too (quickly|fast|often|frequent*) | temporarily limited | "
		"(limit|quota) .. (per (hour|day|minute)) | per (hour|day|minute) | "
		"excessive (volume|rate|mail|connections|traffic) | flood* | maximum .. (rate|messages) | "
		"reached .. limit | limit (was |has been |)reached | outgoing (mail|message)* | session & too many | "
		"bandwidth"),

	/* protocol and the receiver's own troubles, in general */
	WORDS("words.protocol", SMTP_PROTOCOL_ERROR_CAUSE, 76,
		"(parameter*|argument*) .. (invalid|bad) | "
		"(must|should) (have|send|specify|issue|be) .. (first|before) | line too long | nonmail | "
		"idle timeout | command line | too many errors | bad syntax | unexpected .. command | decode | "
		"not allowed at this point | improper use of | unauthorized .. command | "
		"(talk*|spoke|speak*|sent|sending|data|input) .. before .. (banner|greeting|greet|welcome|response|your turn) | "
		"(illegal|invalid) character* in"),
	WORDS("words.loop", SMTP_RECEIVER_ERROR, 80,
		"(mail |routing |message |)(loop|loops|looping|looped) | too many (hops|received) | hop count | hops"),
	WORDS("words.waited", SMTP_PROTOCOL_ERROR_CAUSE, 70,
		"(timeout|timed out) .. waiting for (your|client|command|input)"),
	WORDS("words.receiver", SMTP_RECEIVER_ERROR, 80,
		"(filter|scanner|checker) (error|failed|failure|unavailable|is unavailable|timed out|timeout|is down) | "
		"(temporar*|transient|internal|local|system|server|software|database|ldap|dns|lookup|resource*|disk|"
		"network|config*|backend|unexpected|i/o|processing|queue|service|storage|mysql|sql|directory|upstream|"
		"hardware|policy server|milter|spool|agent) (server |system |lookup |local |connection |)(is |has |"
		")(currently |temporarily |too |)(error*|failure|problem*|unavailable|fail*|trouble|busy|full|"
		"exhaust*|shortage|overload*|maintenance|down|unreachable|not available|not responding|insufficient|"
		"issue*|timeout|closing|high|low) | "
		"(service|server|system|mailserver|smtp) .. (unavailable|busy|not available|overload*|maintenance|"
		"shutting|not ready|closing transmission) | timeout | timed out | time-out | time out | "
		"(insufficient|out of|not enough|low|no) .. (memory|disk|storage|space|resources) | "
		"(cannot|can't|could not|unable to|failed to|couldn't) .. (open|write|create|connect|contact|deliver|"
		"process|queue|save|store|read|allocate|fork|forward|accept|complete|append|chdir|reach|spool|handle|"
		"scan|route|execute|load|access|lookup|look up) | maintenance | overload* | out of memory | "
		"connection to .. fail* | lookup failure | misconfigur* | configuration | "
		"connection (timed|reset|lost|closed|dropped) | connection refused & !polic* & !xip | resources | requested action aborted | "
		"local error | qq | space shortage | system not accepting | delivery system | unexpected failure | busy | "
		"(could not|cannot|can't|couldn't) be (saved|stored|queued|written|spooled)"),
	WORDS_C("words.milter-later", "451", "4.3.2", SMTP_RECEIVER_ERROR, 62, "^please try again later$"),
	WORDS_C("words.hmail-grey", "451", NULL, SMTP_GREYLISTED, 55, "^please try again later(|.)$ | ^try again later(|.)$"),
	WORDS_C("words.later", "4xx", NULL, SMTP_RECEIVER_ERROR, 50,
		"(try|retry|come back|resend) .. (later|again) | later | deferred | temporar*"),

	/* support codes whose family is known, not each number: where the words beside them said nothing */
	WORDS("facebook.dns", SMTP_SENDER_DOMAIN_DNS, 60, "dns-p%d | dns-t%d"),
	WORDS("facebook.recipient", SMTP_RECIPIENT_UNKNOWN, 60, "rcp-p%d"),
	WORDS("facebook.content", SMTP_CONTENT_POLICY, 50, "msg-p%d"),
	WORDS("facebook.policy", SMTP_POLICY_REJECTED, 60, "pol-p%d"),
	WORDS("facebook.conns", SMTP_TOO_MANY_CONNECTIONS, 80, "con-t%d"),
	WORDS("facebook.error", SMTP_RECEIVER_ERROR, 70, "int-(p|t)%d | rcp-t%d"),
	WORDS("improvmx.own", SMTP_RECEIVER_ERROR, 70, "#id-5.9.%d"),

	/* no more than a refusal */
	WORDS("words.spammers", SMTP_SENDER_REJECTED, 62, "spammer | spammers | stop spamming"),
	WORDS("words.spam-source", SMTP_IP_BLOCKED, 70,
		"(ip|host|server|network|xip) .. (send|sends|sending|sent|source) .. spam"),
	WORDS("words.spam", SMTP_CONTENT_SPAM, 76,
		"spam | spams | spam-like | spamming | antispam | anti-spam | unsolicited | bulk | junk | phish* | "
		"ube | uce | scam | bayes* | content filter* | high score | advertisement* | advertising | "
		"content (is |was |has been |)(rejected|blocked|filtered|unaccept*|denied|refused) | "
		"message content rejected | "
		"(by|from) (the |our |)(scanner|spamfilter|spam filter)"),
	/* prefixes of Postfix, where the words after them said nothing known */
	WORDS("words.client-rejected", SMTP_IP_BLOCKED, 72, "xclient"),
	WORDS("words.sender-prefix", SMTP_SENDER_REJECTED, 72, "xsender"),
	/* loose: what the words are about, in any order */
	WORDS("loose.dynamic", SMTP_RDNS_GENERIC, 66,
		"(dynamic*|dialup*|dial-up*|residential) & (ip|ips|address|addresses|xip|host|hosts|hostname|connection*)"),
	/* a code that has one use, where the words name what was wrong with the login */
	WORDS_C("words.login-code", "535|538", NULL, SMTP_AUTH_REQUIRED, 80, NULL),
	WORDS("loose.ptr-missing", SMTP_PTR_MISSING, 62,
		"(ptr|rdns|reverse dns|reverse*) & (no|missing|unknown|without|not found|none|lacks|absent)"),
	WORDS("loose.ptr", SMTP_FCRDNS_MISMATCH, 60, "(ptr|rdns|reverse dns|fcrdns)"),
	WORDS("loose.helo", SMTP_HELO_REJECTED, 60, "(helo|ehlo)"),
	WORDS("loose.disabled", SMTP_RECIPIENT_DISABLED, 62,
		"(recipient|mailbox|account|user|address) & (suspend*|disabl*|inactiv*|closed|terminat*|deactivat*|"
		"expir*|frozen)"),
	WORDS("loose.full", SMTP_MAILBOX_FULL, 64,
		"(recipient|mailbox|account|user|inbox) & (quota|full|storage|space) | quota"),
	WORDS("loose.mime", SMTP_MESSAGE_MALFORMED, 66, "mime & !unwanted | rfc 2047 | rfc2047 | rfc 5322 | rfc5322 | rfc 2822 | rfc2822"),
	WORDS("loose.header", SMTP_MESSAGE_MALFORMED, 64,
		"header* & !by header | (malformed|not compliant|non-compliant|unparseable|unparsable)"),
	WORDS("loose.relay", SMTP_RELAY_DENIED, 66, "relay*"),
	WORDS("loose.size", SMTP_MESSAGE_TOO_LARGE, 62,
		"(message|mail|email|attachment) & (size|large|big|larger|bigger)"),
	WORDS("loose.login", SMTP_AUTH_REQUIRED, 64, "(login|credentials|username)"),
	WORDS("loose.tls", SMTP_TLS_REQUIRED, 62, "(starttls|tls|ssl|encrypt*|certificate)"),
	WORDS("loose.command", SMTP_PROTOCOL_ERROR_CAUSE, 62,
		"!command rejected & (command|commands|parameter*|argument*|syntax)"),
	WORDS("loose.sender-listed", SMTP_SENDER_REJECTED, 62,
		"sender .. (blacklist*|blocklist*|black list*|block list*)"),
	WORDS("loose.list", SMTP_IP_BLOCKED, 62,
		"(blacklist*|blocklist*|black list*|block list*|denylist*|blacklisted)"),
	WORDS("loose.sender", SMTP_SENDER_REJECTED, 60,
		"(sender|senders|from address) & (not|invalid|blocked|denied|rejected|refused|unacceptable|unknown|"
		"bad|disallowed)"),
	WORDS("loose.unknown", SMTP_RECIPIENT_UNKNOWN, 60,
		"(recipient|recipients|mailbox|user|account|addressee|xrcpt) & (not|unknown|invalid|no|bad|cannot|"
		"incorrect|wrong|nonexistent|undeliverable)"),
	WORDS("loose.ip", SMTP_IP_BLOCKED, 60,
		"(ip|xip|network) & (not|blocked|denied|rejected|refused|banned|disallowed)"),
	WORDS("words.your-access", SMTP_IP_BLOCKED, 66,
		"access to (this|our) .. (rejected|denied|blocked|refused) | "
		"your access .. (rejected|denied|blocked|revoked) | ^blocked$ | connection* (denied|rejected|refused)"),
	/* with further words behind it that no row above knows */
	ROW(SMTP_BY_WORDS, false, "exim.prohibited-more", "exim", NULL, NULL, SMTP_POLICY_REJECTED, 78,
		"administrative prohibition | administratively prohibited"),
	WORDS("words.policy", SMTP_POLICY_REJECTED, 72,
		"polic* | access denied | access is denied | denied | prohibit* | "
		"not (allowed|permitted|accepted|authorized|acceptable|welcome) | refused | refuse | rejected | "
		"reject | rejecting | forbidden | unwanted | security | disallowed | blocked | filter* | "
		"administrat* | violat* | unacceptable | banned | restrict*"),

	/* ================================ enhanced codes ================================ */

	ENHANCED("esc.recipient", NULL, "%d.1.(0|1|3|4|10)", SMTP_RECIPIENT_UNKNOWN, 62),
	ENHANCED("esc.domain", NULL, "%d.1.2", SMTP_DOMAIN_NOT_HOSTED, 60),
	ENHANCED("esc.moved", NULL, "%d.1.6", SMTP_RECIPIENT_DISABLED, 70),
	ENHANCED("esc.sender-address", NULL, "%d.1.7", SMTP_SENDER_REJECTED, 50),
	ENHANCED("esc.sender-system", NULL, "%d.1.8", SMTP_SENDER_DOMAIN_DNS, 65),
	ENHANCED("esc.mailbox", NULL, "%d.2.(0|1)", SMTP_RECIPIENT_DISABLED, 50),
	ENHANCED("esc.full", NULL, "%d.2.2", SMTP_MAILBOX_FULL, 78),
	ENHANCED("esc.length", NULL, "%d.(2.3|3.4)", SMTP_MESSAGE_TOO_LARGE, 75),
	ENHANCED("esc.system", NULL, "%d.3.%d", SMTP_RECEIVER_ERROR, 55),
	ENHANCED("esc.no-route", NULL, "5.4.4", SMTP_DOMAIN_NOT_HOSTED, 55),
	ENHANCED("esc.network", NULL, "%d.4.%d", SMTP_RECEIVER_ERROR, 55),
	ENHANCED("esc.too-many-rcpt", NULL, "%d.5.3", SMTP_TOO_MANY_RECIPIENTS, 70),
	ENHANCED("esc.protocol", NULL, "%d.5.%d", SMTP_PROTOCOL_ERROR_CAUSE, 60),
	ENHANCED("esc.media", NULL, "%d.6.%d", SMTP_MESSAGE_MALFORMED, 60),
	ENHANCED("esc.list-restricted", NULL, "%d.7.2", SMTP_RECIPIENT_RESTRICTED, 50),
	ENHANCED("esc.auth", NULL, "%d.7.(8|9|12|14)", SMTP_AUTH_REQUIRED, 75),
	ENHANCED("esc.tls", NULL, "%d.7.(10|11|30)", SMTP_TLS_REQUIRED, 70),
	ENHANCED("esc.account", NULL, "%d.7.13", SMTP_RECIPIENT_DISABLED, 50),
	ENHANCED("esc.dkim", NULL, "%d.7.(20|21|22)", SMTP_DKIM_FAIL, 80),
	ENHANCED("esc.spf", NULL, "%d.7.(23|24)", SMTP_SPF_FAIL, 80),
	ENHANCED("esc.rdns", NULL, "%d.7.25", SMTP_FCRDNS_MISMATCH, 80),
	ENHANCED("esc.multiple", NULL, "%d.7.26", SMTP_SENDER_UNAUTHENTICATED, 75),
	ENHANCED("esc.sender-null-mx", NULL, "%d.7.27", SMTP_SENDER_DOMAIN_DNS, 60),
	ENHANCED("esc.flood", NULL, "%d.7.28", SMTP_RATE_LIMITED, 70),
	ENHANCED("esc.policy", "5xx", "5.7.%d", SMTP_POLICY_REJECTED, 50),
	ENHANCED("esc.policy-later", "4xx", "4.7.%d", SMTP_GREYLISTED, 45),

	/* ================================ three digits ================================ */

	CODE("code.protocol", "500|501|502|503|504|555", SMTP_PROTOCOL_ERROR_CAUSE, 55),
	CODE("code.auth", "530|534|535|538", SMTP_AUTH_REQUIRED, 60),
	CODE("code.unknown", "511|550|551|553", SMTP_RECIPIENT_UNKNOWN, 30),
	CODE("code.full", "552", SMTP_MAILBOX_FULL, 35),
	CODE("code.too-large", "523", SMTP_MESSAGE_TOO_LARGE, 50),
	CODE("code.domain", "521|556", SMTP_DOMAIN_NOT_HOSTED, 35),
	CODE("code.grey", "450", SMTP_GREYLISTED, 30),
	CODE("code.temporary", "4xx", SMTP_RECEIVER_ERROR, 35),
	CODE("code.refused", "5xx", SMTP_POLICY_REJECTED, 30),
};
const size_t smtp_n_rules = ARRAY_LEN(smtp_rules);
