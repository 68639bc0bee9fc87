/* probe/receivers.c - the table of receivers; see probe/receivers.h */
#include "probe/receivers.h"

/*
 * One row a receiver. Stages are those at which its replies for a cause are met in the field: SMTP_AT_BANNER for one that
 * refuses whom it does not like when it connects, SMTP_AT_MESSAGE for what it says after the end of the data only, where
 * an accepted RCPT promises nothing.
 */
const struct mp_receiver mp_receivers[] = {
	{
		.alias = "gmail-mx",
		.also = {"google", "googlemail"},
		.provider = "gmail",
		.name = "Gmail and Google Workspace",
		.domain = "gmail.com",
		.domains = {"googlemail.com"},
		.mx_suffix = {".google.com", ".googlemail.com"},
		.judges = {{SMTP_FCRDNS_MISMATCH, SMTP_AT_MESSAGE}, {SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE},
			{SMTP_SPF_FAIL, SMTP_AT_MESSAGE}, {SMTP_DKIM_FAIL, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_TLS_REQUIRED, SMTP_AT_MESSAGE},
			{SMTP_IP_REPUTATION, SMTP_AT_MESSAGE}, {SMTP_DOMAIN_REPUTATION, SMTP_AT_MESSAGE},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}},
		.note = "Judges PTR and authentication after the end of the data only, and IPv6 more strictly than IPv4.",
		.contact = "https://support.google.com/mail/contact/gmail_bulk_sender_escalation",
		.verified = "2026-11",
	},
	{
		.alias = "outlook-mx",
		.also = {"hotmail", "live", "msn", "outlook.com"},
		.provider = "outlook.com",
		.name = "Outlook.com, Hotmail, Live, MSN",
		.domain = "outlook.com",
		.domains = {"hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de",
			"hotmail.it", "outlook.de", "outlook.fr"},
		.mx_suffix = {".olc.protection.outlook.com"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_MAIL}, {SMTP_IP_REPUTATION, SMTP_AT_MAIL},
			{SMTP_DOMAIN_REPUTATION, SMTP_AT_MAIL}, {SMTP_RATE_LIMITED, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Takes sessions that end after RCPT, when they repeat, for address harvesting: probe it seldom.",
		.contact = "https://olcsupport.office.com/",
		.verified = "2026-08",
	},
	{
		.alias = "microsoft365-mx",
		.also = {"office365", "m365", "exchange-online"},
		.provider = "microsoft365",
		.name = "Microsoft 365 (Exchange Online)",
		.domain = "microsoft.com",
		.mx_suffix = {".mail.protection.outlook.com", ".mx.microsoft"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_RCPT}, {SMTP_RATE_LIMITED, SMTP_AT_RCPT},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_PTR_MISSING, SMTP_AT_MESSAGE},
			{SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE}, {SMTP_SPF_FAIL, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Each tenant adds rules of its own: ask with the recipient's domain rather than by this name.",
		.contact = "https://sender.office.com/",
		.verified = "2026-08",
	},
	{
		.alias = "yahoo-mx",
		.also = {"ymail"},
		.provider = "yahoo",
		.name = "Yahoo Mail",
		.domain = "yahoo.com",
		.domains = {"ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.it",
			"yahoo.es", "yahoo.ca", "yahoo.com.br", "yahoo.in"},
		.mx_suffix = {".yahoodns.net"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_DNSBL_LISTED, SMTP_AT_BANNER},
			{SMTP_RATE_LIMITED, SMTP_AT_MAIL}, {SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_MESSAGE}, {SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_RDNS_GENERIC, SMTP_AT_MESSAGE},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Asks for the SOA of the sender's domain, and refuses unknown users after the end of the data.",
		.contact = "https://senders.yahooinc.com/contact",
		.verified = "2026-08",
	},
	{
		.alias = "aol-mx",
		.also = {"verizon"},
		.provider = "yahoo",
		.name = "AOL (at Yahoo)",
		.domain = "aol.com",
		.domains = {"verizon.net", "aim.com", "netscape.net", "cox.net"},
		.mx_suffix = {"mx-aol.mail.gm0.yahoodns.net"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_DNSBL_LISTED, SMTP_AT_BANNER},
			{SMTP_RATE_LIMITED, SMTP_AT_MAIL}, {SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_MESSAGE}, {SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Judges as Yahoo does, whose servers take its mail.",
		.contact = "https://senders.yahooinc.com/contact",
		.verified = "2026-08",
	},
	{
		.alias = "icloud-mx",
		.also = {"apple", "me", "mac"},
		.provider = "apple",
		.name = "iCloud Mail",
		.domain = "icloud.com",
		.domains = {"me.com", "mac.com"},
		.mx_suffix = {".mail.icloud.com"},
		.judges = {{SMTP_DNSBL_LISTED, SMTP_AT_BANNER}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE}, {SMTP_DMARC_FAIL, SMTP_AT_MESSAGE},
			{SMTP_DOMAIN_REPUTATION, SMTP_AT_MESSAGE}, {SMTP_POLICY_REJECTED, SMTP_AT_MESSAGE}},
		.note = "Its \"local policy\" replies ([CS01], [HM08]) come after the data and do not name a cause.",
		.contact = "icloudadmin@apple.com",
		.verified = "2026-08",
	},
	{
		.alias = "gmx-mx",
		.provider = "gmx",
		.name = "GMX",
		.domain = "gmx.net",
		.domains = {"gmx.de", "gmx.at", "gmx.ch", "gmx.com", "mail.com"},
		.mx_suffix = {".gmx.net", ".mail.com"},
		.judges = {{SMTP_PTR_MISSING, SMTP_AT_BANNER}, {SMTP_FCRDNS_MISMATCH, SMTP_AT_BANNER},
			{SMTP_RDNS_GENERIC, SMTP_AT_BANNER}, {SMTP_IP_BLOCKED, SMTP_AT_BANNER},
			{SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL}, {SMTP_SPF_FAIL, SMTP_AT_RCPT},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_POLICY_REJECTED, SMTP_AT_MESSAGE}},
		.note = "Refuses in the greeting; the reason is in the link of its last line (c=rdns, c=bl ...).",
		.contact = "https://postmaster.gmx.net/",
		.verified = "2026-08",
	},
	{
		.alias = "web.de-mx",
		.also = {"webde", "web-de"},
		.provider = "gmx",
		.name = "WEB.DE",
		.domain = "web.de",
		.mx_suffix = {".web.de"},
		.judges = {{SMTP_PTR_MISSING, SMTP_AT_BANNER}, {SMTP_FCRDNS_MISMATCH, SMTP_AT_BANNER},
			{SMTP_RDNS_GENERIC, SMTP_AT_BANNER}, {SMTP_IP_BLOCKED, SMTP_AT_BANNER},
			{SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL}, {SMTP_SPF_FAIL, SMTP_AT_RCPT},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_POLICY_REJECTED, SMTP_AT_MESSAGE}},
		.note = "Refuses in the greeting; the reason is in the link of its last line (c=rdns, c=bl ...).",
		.contact = "https://postmaster.web.de/",
		.verified = "2026-08",
	},
	{
		.alias = "ionos-mx",
		.also = {"1und1", "1and1"},
		.provider = "gmx",
		.name = "IONOS (hosted domains)",
		.domain = "ionos.de",
		.domains = {"online.de", "onlinehome.de"},
		.mx_suffix = {".kundenserver.de", ".ionos.de", ".ionos.com", ".perfora.net", ".1and1.com"},
		.judges = {{SMTP_PTR_MISSING, SMTP_AT_BANNER}, {SMTP_FCRDNS_MISMATCH, SMTP_AT_BANNER},
			{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_POLICY_REJECTED, SMTP_AT_MESSAGE}},
		.note = "Each hosted domain answers for itself: ask with the recipient's domain rather than by this name.",
		.verified = "2026-08",
	},
	{
		.alias = "t-online-mx",
		.also = {"tonline", "telekom"},
		.provider = "t-online",
		.name = "T-Online (Deutsche Telekom)",
		.domain = "t-online.de",
		.domains = {"magenta.de"},
		.mx_suffix = {".t-online.de"},
		.judges = {{SMTP_IP_REPUTATION, SMTP_AT_BANNER}, {SMTP_IP_BLOCKED, SMTP_AT_BANNER},
			{SMTP_RDNS_GENERIC, SMTP_AT_BANNER}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Refuses addresses it does not know; wants a page with an imprint under the host's domain, and a mail to it.",
		.contact = "tosa@rx.t-online.de",
		.verified = "2026-08",
	},
	{
		.alias = "orange-mx",
		.also = {"wanadoo"},
		.provider = "orange",
		.name = "Orange (France)",
		.domain = "orange.fr",
		.domains = {"wanadoo.fr"},
		.mx_suffix = {".orange.fr", ".wanadoo.fr"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_DNSBL_LISTED, SMTP_AT_BANNER},
			{SMTP_TOO_MANY_CONNECTIONS, SMTP_AT_BANNER}, {SMTP_SPF_FAIL, SMTP_AT_MAIL},
			{SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Allows few connections at a time; the number behind OFR_ names the reason.",
		.contact = "https://postmaster.orange.fr/",
		.verified = "2026-08",
	},
	{
		.alias = "laposte-mx",
		.provider = "laposte",
		.name = "La Poste (France)",
		.domain = "laposte.net",
		.mx_suffix = {".laposte.net"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_TOO_MANY_CONNECTIONS, SMTP_AT_BANNER},
			{SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Its replies carry a number behind LPN, of the same meaning as Orange's.",
		.verified = "2026-08",
	},
	{
		.alias = "free.fr-mx",
		.also = {"free", "proxad"},
		.provider = "free.fr",
		.name = "Free (France)",
		.domain = "free.fr",
		.domains = {"aliceadsl.fr"},
		.mx_suffix = {".free.fr", ".proxad.net"},
		.judges = {{SMTP_FCRDNS_MISMATCH, SMTP_AT_RCPT}, {SMTP_PTR_MISSING, SMTP_AT_RCPT},
			{SMTP_TOO_MANY_CONNECTIONS, SMTP_AT_BANNER}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Answers a reverse name that does not resolve with 421, for as long as it lasts.",
		.contact = "https://postmaster.free.fr/",
		.verified = "2026-08",
	},
	{
		.alias = "libero-mx",
		.also = {"virgilio", "iol"},
		.provider = "libero",
		.name = "Libero and Virgilio (Italiaonline)",
		.domain = "libero.it",
		.domains = {"virgilio.it", "iol.it", "inwind.it", "blu.it", "giallo.it"},
		.mx_suffix = {".libero.it", ".virgilio.it", ".iol.it"},
		.judges = {{SMTP_FCRDNS_MISMATCH, SMTP_AT_BANNER}, {SMTP_PTR_MISSING, SMTP_AT_BANNER},
			{SMTP_DNSBL_LISTED, SMTP_AT_BANNER}, {SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "LIB_120 and VIR_120 are its words for reverse DNS.",
		.verified = "2026-08",
	},
	{
		.alias = "comcast-mx",
		.also = {"xfinity"},
		.provider = "comcast",
		.name = "Comcast (Xfinity)",
		.domain = "comcast.net",
		.mx_suffix = {".comcast.net"},
		.judges = {{SMTP_PTR_MISSING, SMTP_AT_BANNER}, {SMTP_DNSBL_LISTED, SMTP_AT_BANNER},
			{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_RDNS_GENERIC, SMTP_AT_BANNER},
			{SMTP_RATE_LIMITED, SMTP_AT_MAIL}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}},
		.note = "Its mail moves to Yahoo's servers, which then answer in their own words.",
		.contact = "https://postmaster.comcast.net/",
		.verified = "2026-08",
	},
	{
		.alias = "att-mx",
		.also = {"bellsouth", "sbcglobal"},
		.provider = "att",
		.name = "AT&T (at Yahoo)",
		.domain = "att.net",
		.domains = {"bellsouth.net", "sbcglobal.net", "ameritech.net", "pacbell.net", "swbell.net",
			"prodigy.net"},
		.mx_suffix = {".prodigy.net", ".att.net"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_BANNER}, {SMTP_PTR_MISSING, SMTP_AT_BANNER},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_MESSAGE}, {SMTP_SENDER_UNAUTHENTICATED, SMTP_AT_MESSAGE},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Its mail moves to Yahoo's servers, which then answer in their own words.",
		.contact = "abuse_rbl@abuse-att.net",
		.verified = "2026-08",
	},
	{
		.alias = "spectrum-mx",
		.also = {"charter", "roadrunner"},
		.provider = "spectrum",
		.name = "Spectrum (Charter)",
		.domain = "charter.net",
		.domains = {"spectrum.net", "twc.com"},
		.mx_suffix = {".charter.net"},
		.judges = {{SMTP_PTR_MISSING, SMTP_AT_BANNER}, {SMTP_RDNS_GENERIC, SMTP_AT_BANNER},
			{SMTP_DNSBL_LISTED, SMTP_AT_BANNER}, {SMTP_IP_BLOCKED, SMTP_AT_BANNER},
			{SMTP_TOO_MANY_CONNECTIONS, SMTP_AT_BANNER}, {SMTP_RATE_LIMITED, SMTP_AT_MAIL},
			{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}},
		.note = "The number behind AUP# names the reason; its 421 may stand for weeks.",
		.verified = "2026-08",
	},
	{
		.alias = "mail.ru-mx",
		.also = {"mailru", "vk"},
		.provider = "mail.ru",
		.name = "Mail.ru",
		.domain = "mail.ru",
		.domains = {"bk.ru", "inbox.ru", "list.ru", "internet.ru", "vk.com"},
		.mx_suffix = {".mail.ru"},
		.judges = {{SMTP_IP_BLOCKED, SMTP_AT_RCPT}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_DMARC_FAIL, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.contact = "https://postmaster.mail.ru/",
		.verified = "2026-08",
	},
	{
		.alias = "yandex-mx",
		.provider = "yandex",
		.name = "Yandex Mail",
		.domain = "yandex.ru",
		.domains = {"yandex.com", "ya.ru", "yandex.by", "yandex.kz", "narod.ru"},
		.mx_suffix = {".yandex.ru", ".yandex.net"},
		.judges = {{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_POLICY_REJECTED, SMTP_AT_RCPT},
			{SMTP_GREYLISTED, SMTP_AT_MESSAGE}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.contact = "https://postmaster.yandex.com/",
		.verified = "2026-08",
	},
	{
		.alias = "zoho-mx",
		.provider = "zoho",
		.name = "Zoho Mail",
		.domain = "zohomail.com",
		.domains = {"zoho.com", "zohomail.eu", "zohomail.in"},
		.mx_suffix = {".zoho.com", ".zoho.eu", ".zoho.in", ".zoho.com.au", ".zoho.com.cn"},
		.judges = {{SMTP_RELAY_DENIED, SMTP_AT_RCPT}, {SMTP_POLICY_REJECTED, SMTP_AT_RCPT},
			{SMTP_MAILBOX_FULL, SMTP_AT_RCPT}, {SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.verified = "2026-08",
	},
	{
		.alias = "proton-mx",
		.also = {"protonmail", "pm"},
		.provider = "protonmail",
		.name = "Proton Mail",
		.domain = "proton.me",
		.domains = {"protonmail.com", "protonmail.ch", "pm.me"},
		.mx_suffix = {".protonmail.ch"},
		.judges = {{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_DMARC_FAIL, SMTP_AT_MESSAGE},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.verified = "2026-08",
	},
	{
		.alias = "fastmail-mx",
		.also = {"messagingengine"},
		.provider = "fastmail",
		.name = "Fastmail",
		.domain = "fastmail.com",
		.domains = {"fastmail.fm", "messagingengine.com", "sent.com"},
		.mx_suffix = {".messagingengine.com"},
		.judges = {{SMTP_DNSBL_LISTED, SMTP_AT_RCPT}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.verified = "2026-08",
	},
	{
		.alias = "qq-mx",
		.also = {"tencent", "foxmail"},
		.provider = "qq",
		.name = "QQ Mail (Tencent)",
		.domain = "qq.com",
		.domains = {"foxmail.com", "vip.qq.com"},
		.mx_suffix = {".qq.com"},
		.judges = {{SMTP_RATE_LIMITED, SMTP_AT_MAIL}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_SPF_FAIL, SMTP_AT_MESSAGE}, {SMTP_DMARC_FAIL, SMTP_AT_MESSAGE},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Limits senders it does not know by address, connection, sender and domain.",
		.verified = "2026-08",
	},
	{
		.alias = "163-mx",
		.also = {"netease", "126", "yeah"},
		.provider = "netease",
		.name = "NetEase (163, 126, yeah)",
		.domain = "163.com",
		.domains = {"126.com", "yeah.net", "vip.163.com", "188.com"},
		.mx_suffix = {".netease.com"},
		.judges = {{SMTP_IP_REPUTATION, SMTP_AT_EHLO}, {SMTP_TOO_MANY_CONNECTIONS, SMTP_AT_EHLO},
			{SMTP_SPF_FAIL, SMTP_AT_MAIL}, {SMTP_RATE_LIMITED, SMTP_AT_MAIL},
			{SMTP_TOO_MANY_RECIPIENTS, SMTP_AT_RCPT}, {SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT},
			{SMTP_DNSBL_LISTED, SMTP_AT_MESSAGE}, {SMTP_SENDER_REJECTED, SMTP_AT_MESSAGE},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "The letters of its codes tell the stage: HL greeting, MI sender, RP recipient, DT data.",
		.verified = "2026-08",
	},
	{
		.alias = "naver-mx",
		.provider = "naver",
		.name = "Naver (Korea)",
		.domain = "naver.com",
		.mx_suffix = {".naver.com"},
		.judges = {{SMTP_RECIPIENT_UNKNOWN, SMTP_AT_RCPT}, {SMTP_RECIPIENT_RESTRICTED, SMTP_AT_RCPT},
			{SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE}},
		.note = "Its users can refuse senders and whole countries: RDENY and RACT are their settings.",
		.verified = "2026-08",
	},
};
const size_t mp_n_receivers = ARRAY_LEN(mp_receivers);

const struct mp_receiver *mp_receiver_by_alias(const char *alias)
{
	struct mp_str word = mp_str(alias), whole = word;

	if (mp_str_iends(word, "-mx"))
		word.n -= 3;
	for (size_t i = 0; i < mp_n_receivers; i++) {
		const struct mp_receiver *r = &mp_receivers[i];

		if (mp_str_ieq(whole, mp_str(r->alias)) || mp_str_ieq(word, mp_strn(r->alias, strlen(r->alias) - 3)))
			return r;
		for (size_t k = 0; k < ARRAY_LEN(r->also) && r->also[k]; k++)
			if (mp_str_ieq(word, mp_str(r->also[k])))
				return r;
	}
	return NULL;
}

static bool has_domain(const struct mp_receiver *r, struct mp_str domain)
{
	if (mp_str_ieq(domain, mp_str(r->domain)))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(r->domains) && r->domains[i]; i++)
		if (mp_str_ieq(domain, mp_str(r->domains[i])))
			return true;
	return false;
}

const struct mp_receiver *mp_receiver_of(const char *domain, const char *mx_host)
{
	struct mp_str mx = mp_str(mx_host), name = mp_str(domain);
	const struct mp_receiver *best = NULL;
	size_t longest = 0;

	if (mx.n && mx.p[mx.n - 1] == '.')
		mx.n--;
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	for (size_t i = 0; i < mp_n_receivers && name.n; i++)
		if (has_domain(&mp_receivers[i], name))
			return &mp_receivers[i];
	for (size_t i = 0; i < mp_n_receivers && mx.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(mp_receivers[i].mx_suffix) && mp_receivers[i].mx_suffix[k]; k++) {
			const char *suffix = mp_receivers[i].mx_suffix[k];

			if (strlen(suffix) > longest && mp_str_iends(mx, suffix)) {
				longest = strlen(suffix);
				best = &mp_receivers[i];
			}
		}
	return best;
}
