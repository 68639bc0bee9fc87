/* smtp/lexicon.c - see smtp/lexicon.h */
#include "smtp/lexicon.h"

#include "base/text.h"
#include "smtp/match.h"

/*
 * One row for what is said in English, in the order of the sentence: who and what, what is so of it, how much, when. A
 * word that English has too, with another meaning (gift, plus, die), has no place here unless a phrase makes it plain.
 */
const struct smtp_word
	smtp_lexicon[] =
		{
			/* who and what */
			{"recipient",
				"empfanger*|empfaenger*|destinatair*|destinatari*|destinatar*|ontvanger*|geadresseerde*|odbiorc*|adresat*|"
				"prijemc*|получател*|адресат*|одержувач*|отримувач*|alici*|mottagar*|modtager*|mottaker*|vastaanottaj*|cimzett*|"
				"收件人|收信人|接收者|收件者|宛先|受信者|수신자|받는 사람|수신인|παραληπτη*"},
			{"sender",
				"absender*|expediteur*|emetteur*|remitente*|remetente*|mittent*|afzender*|nadawc*|odesilatel*|отправител*|"
				"відправник*|gonderen*|gonderici*|avsandar*|afsender*|avsender*|lahettaj*|felado*|expeditor*|"
				"发件人|发信人|寄件人|寄件者|送信者|差出人|발신자|보낸 사람|송신자|αποστολε*"},
			{"sender domain",
				"absenderdomain*|absender-domain*|domaine de l expediteur|domaine expediteur|domaine de l emetteur|"
				"domaine d expedition|dominio del remitente|dominio remitente|dominio do remetente|dominio del mittente|"
				"dominio mittente|domein van de afzender|afzenderdomein|domena nadawcy|domeny nadawcy|domene nadawcy|"
				"домен* отправителя|домен* відправника|gonderen* alan ad*|avsandardoman*|"
				"发件人域名|发信人域名|发件域名|寄件者網域|送信元ドメイン|送信者のドメイン|발신 도메인|보낸 사람 도메인"},
			{"sender address",
				"absenderadress*|adresse de l expediteur|adresse d expedition|adresse expediteur|adresse de l emetteur|"
				"direccion del remitente|direccion de remitente|endereco do remetente|indirizzo del mittente|indirizzo mittente|"
				"adres* van de afzender|afzenderadres*|adres* nadawcy|адрес* отправителя|发件人地址|发信地址|送信元アドレス"},
			{"user",
				"benutzer*|anwender*|nutzer*|teilnehmer*|utilisateur*|usuario*|usuari*|utent*|utilizador*|gebruiker*|uzytkownik*|"
				"uzivatel*|пользовател*|користувач*|абонент*|kullanici*|anvandar*|bruger*|bruker*|kayttaj*|felhasznalo*|utilizator*|"
				"用户|用戶|使用者|ユーザー|ユーザ|사용자|χρηστη*"},
			{"mailbox",
				"postfach*|postfacher*|postfaecher*|mailkonto*|boite* aux lettre*|boite* au lettre*|boite* mail*|boite* de reception|"
				"boite*|bal|buzon*|casilla*|casell*|caixa* postal*|caixa* de correio*|caixa* de entrada|caixa*|postbus|postvak*|"
				"skrzynk*|schrank*|почтов* ящик*|ящик*|поштов* скриньк*|скриньк*|posta kutusu*|posta kutunuz*|brevlad*|postlad*|"
				"postkass*|indbakke*|innboks*|postilaatik*|postafiok*|postalad*|casuta*|cutia postala|"
				"邮箱|信箱|郵箱|郵件信箱|メールボックス|메일함|편지함|메일박스|사서함|γραμματοκιβωτ*"},
			{"account",
				"konto*|kennung*|compte*|cuenta*|conta|contas|conto|conti|rekening|kont|konta|ucet|uctu|учетн* запис*|аккаунт*|"
				"обліков* запис*|hesap|hesab*|konton|kontot|tili|fiok*|账户|账号|帐号|帳號|帳戶|アカウント|계정|λογαριασμ*"},
			{"address",
				"adresse*|mailadresse*|e-mailadresse*|emailadresse*|direccion*|indirizz*|enderec*|adres*|адрес*|osoite*|cim|cimet|地址|アドレス|주소|διευθυνσ*|メールアドレス|邮件地址|郵件地址"},
			{"message",
				"nachricht*|mitteilung*|botschaft*|courrier*|courriel*|mensaje*|correo*|mensage*|bericht|wiadomosc*|сообщени*|письм*|повідомлен*|лист|листа|mesaj*|ileti*|e-posta*|eposta*|meddeland*|besked*|melding*|viesti*|uzenet*|邮件|郵件|信件|消息|メッセージ|メール|메시지|메일|이메일|편지|μηνυμα*|messaggio"},
			{"attachment",
				"anhang*|anhaeng*|piece* jointe*|pieces-jointe*|adjunto*|archivo* adjunto*|allegat*|anexo*|bijlag*|zalacznik*|"
				"priloh*|вложени*|вкладен*|eklenti*|bilag*|bifogad*|vedlegg*|liite*|melleklet*|附件|添付ファイル|첨부파일|첨부"},
			{"file",
				"datei*|fichier*|fichero*|ficheiro*|arquivo*|bestand*|plik*|soubor*|файл*|dosya*|文件|ファイル|파일"},
			{"server", "serveur*|servidor*|сервер*|sunucu*|szerver*|服务器|伺服器|サーバー|サーバ|서버"},
			{"host", "rechner*|hote|узел|хост*|主机|主機|ホスト|호스트"},
			{"ip address",
				"ip-adress*|adresse* ip|adresse* i p|direccion* ip|indirizz* ip|enderec* ip|adres* ip|ip-adres*|ip adres*|ip adresse*|"
				"ip-адрес*|ip адрес*|адрес* ip|ip-cim*|ip地址|ip 地址|ipアドレス|ip アドレス|ip 주소|ip주소"},
			{"your ip", "su ip|tu ip|tua ip|sua ip|seu ip|uw ip|twoj ip|vase ip|ваш ip|ip-ul"},
			{"your ip address",
				"您的ip|你的ip|您的ip地址|您的 ip|貴社のip|votre ip|votre adresse ip|ihre ip|ihre ip-adress*|вашего ip|вашем ip|"
				"ваш ip-адрес|вашего ip-адреса|il tuo ip|il suo ip|su direccion ip|o seu ip|귀하의 ip"},
			{"network",
				"netzwerk*|netzbereich*|subnetz*|reseau*|redes|rede|retes|netwerk*|sieci|сети|сеть|подсет*|网段|ネットワーク|네트워크"},
			{"country", "herkunftsland*|pais|paese|kraj|kraju|стран*|ulke*|国家|國家|国からの|국가"},
			{"domain",
				"domane*|domaene*|domaine*|dominio*|domein*|domen*|domeny|домен*|alan ad*|域名|網域|ドメイン|도메인"},
			{"reverse dns",
				"reverse-dns*|reverse-lookup*|ruckwartsauflosung*|rueckwaertsaufloesung*|dns inverse|dns inverso|dns inversa|resolution inverse|resolucion inversa|resolucao reversa|risoluzione inversa|dns reverso|reverso dns|reverso|inverso|dns inversem*|odwrotn* dns|obratn* dns|обратн* зон*|обратн* dns|обратн* запис*|зворотн* dns|зворотн* запис*|ters dns|omvand dns|forditott dns|反向解析|反向dns|反向 dns|逆引き|역방향 dns|역방향"},
			{"record",
				"eintrag*|enregistrement*|registro*|registros|rekord*|wpis*|zaznam*|запис*|kaydi*|kayit*|记录|紀錄|レコード|레코드"},
			{"ptr record", "ptr-eintrag*|ptr-record*|ptr-запис*|ptr记录|ptrレコード|ptr 레코드"},
			{"spf record", "spf-eintrag*|spf-record*|spf-запис*|spf记录"},
			{"signature",
				"signatur|signaturen|firma digital|firma|assinatura|handtekening|podpis*|подпис*|签名|簽名|署名|서명|imzasi*"},
			{"policy",
				"richtlinie*|politique*|politica*|politicas|regelwerk|beleid|polityk*|политик*|політик*|zasad*|策略|政策|ポリシー|정책|politikasi*"},
			{"rule",
				"regel|regeln|regle|regles|regla*|regol*|regra*|правил*|规则|規則|ルール|규칙|regula|reguly"},
			{"reputation",
				"reputacion|reputazione|reputacao|reputatie|reputacj*|репутац*|信誉|信譽|評判|평판"},
			{"blacklist",
				"sperrliste*|schwarz* liste*|sperrlist*|liste* noire*|lista* negra*|lista* nera*|liste* nere|zwarte lijst*|"
				"czarn* list*|cern* list*|черн* спис*|чорн* спис*|kara liste*|svartlist*|sortliste*|mustalist*|feketelist*|"
				"黑名单|黑名單|ブラックリスト|블랙리스트|차단 목록|스팸차단리스트"},
			{"listed in",
				"gelistet bei|gelistet in|gelistet auf|listee par|liste par|listee chez|listee dans|liste dans|listee sur|liste sur|"
				"listado en|listada en|esta en la lista de|esta en la lista|en la lista de|na lista do|na lista da|na lista|"
				"nella lista di|nella lista|elencato in|presente in|presente nella|op de lijst van|vermeld op|na liscie|"
				"в списке|в списках|в списку|внесен в|列入|被列入|에 등록"},
			{"greylisting",
				"liste grise|listes grises|lista gris|listas grises|lista cinza|lista grigia|szara lista|szarej listy|"
				"grijze lijst|graue liste|grauliste|сер* спис*|сір* спис*|gri liste*|grey-listing|灰名单|グレーリスト|그레이리스트"},
			{"spam",
				"спам*|correo basura|correo no deseado|courrier indesirable|message indesirable|pourriel*|spammail*|werbung|lixo eletronico|"
				"posta indesiderata|indesiderat*|niechcian*|nevyzadan*|istenmeyen*|skrapost|roskaposti*|kereetlen|"
				"垃圾邮件|垃圾郵件|广告邮件|廣告信|垃圾信|迷惑メール|スパム|스팸"},
			{"virus", "вирус*|вірус*|wirus*|viren|病毒|ウイルス|ウィルス|바이러스"},
			{"malware", "schadsoftware|schadcode|logiciel malveillant|вредонос*|恶意软件|惡意程式"},
			{"content",
				"inhalt*|contenu*|contenido*|contenut*|conteudo*|inhoud*|tresc*|obsah*|содержи*|содержан*|вміст*|icerik|icerig*|内容|본문|콘텐츠"},
			{"link", "verweis*|lien|liens|enlace*|ссылк*|посилан*|链接|連結|リンク|링크"},
			{"header",
				"kopfzeile*|en-tete*|entete*|cabecera*|encabezad*|intestazion*|cabecalho*|naglow*|hlavick*|заголов*|baslik|basligi|邮件头|ヘッダー|ヘッダ|헤더"},
			{"subject",
				"betreff*|objet|asunto|oggetto|assunto|onderwerp|temat|predmet|konu|主题|主旨|件名|제목"},
			{"command",
				"befehl*|commande*|comando*|opdracht*|polecen*|prikaz*|команд*|komut*|命令|コマンド|명령"},
			{"sequence",
				"reihenfolge|secuencia|sequencia|sequenza|volgorde|kolejnosc*|последовательност*|順序"},
			{"error",
				"fehler|fehlers|erreur*|errore|errores|erros|erro|blad|bledu|chyba|chyby|ошибк*|помилк*|hatasi|hata|fout|fouten|fel|fejl|feil|virhe|hiba|eroare|错误|錯誤|エラー|오류|에러"},
			{"system", "systeme|sistema*|systeem|systemu|систем*|sistem|系统|系統|システム|시스템"},
			{"service",
				"dienst|servicio*|servizi*|servico*|uslug*|sluzb*|служб*|сервис*|hizmet*|服务|服務|サービス|서비스"},
			{"maintenance",
				"wartung*|instandhaltung|mantenimiento|manutenzione|manutencao|onderhoud|konserwac*|udrzb*|обслуживани*|bakim*|维护|維護|メンテナンス|점검"},
			{"connection",
				"verbindung|connexion|conexion|connessione|conexao|verbinding|polaczenie|spojeni|соединение|подключение|підключення|baglanti kurul*|连接|連線|接続|접속|연결|baglanti"},
			{"connections",
				"verbindungen|connexions|conexiones|connessioni|conexoes|verbindingen|polaczen|polaczenia|соединений|подключений|соединения|підключень|baglantilar|连接数|連線數|接続数"},
			{"messages",
				"nachrichten|courriers|mensajes|correos|messaggi|mensagens|berichten|wiadomosci|сообщений|писем|сообщения|повідомлень|meddelanden|zprav"},
			{"recipients",
				"empfangern|destinataires|destinatarios|destinataria|ontvangers|odbiorcow|получателей|получатели|одержувачів|alicilar|mottagare"},
			{"limit",
				"grenze|begrenzung|limiet|limitu|лимит*|ліміт*|ograniczen*|sinir*|限额|限額|制限|제한|limite|limites|limiti"},
			{"rate", "frequenz|frequence|frecuencia|frequenza|frequencia|частот*|频率|頻率|频繁|頻繁"},
			{"quota", "kontingent*|cuota*|квот*|cota|kota|kotasi*|kvot*|配额|配額|クォータ|할당량"},
			{"storage space",
				"speicherplatz*|speicher|espace disque|espace de stockage|espacio|spazio|espaco|schijfruimte|miejsca|миста|места|容量|空间|空間|容量オーバー|용량|저장 공간"},
			{"password",
				"passwort*|kennwort*|mot de passe|contrasena*|senha*|wachtwoord*|haslo|hasla|heslo|пароль|пароля|losenord*|密码|密碼|パスワード|비밀번호|sifre|sifreniz"},
			{"login",
				"anmeldung*|anmelden|einloggen|melden sie sich an|identifiez*|connectez-vous|inicie sesion|iniciar sesion|accedere|zaloguj*|logowan*|prihlas*|войдите|giris yap*|登录|登入|ログイン|로그인"},
			{"authentication",
				"authentifizierung*|authentisierung*|authentification*|autenticac*|autenticaz*|autenticar*|authenticatie|autoryzac*|"
				"uwierzytelni*|autentizac*|overeni|аутентификац*|авторизац*|автентифікац*|kimlik dogrulama*|autentisering*|"
				"身份验证|身份認證|身份认证|认证|認証|인증"},
			{"authenticated",
				"authentifiziert*|authentisiert*|authentifie|authentifiee|authentifies|autenticad*|autenticat*|geauthenticeerd*|uwierzytelnion*"},
			{"encrypted",
				"verschlusselt*|verschluesselt*|chiffre|chiffree|chiffres|chiffrees|cifrad*|cifrat*|criptograf*|versleuteld*|szyfrowan*|sifrovan*|зашифрован*|sifreli*"},
			{"encryption",
				"verschlusselung*|verschluesselung*|chiffrement*|cifrado|crittografia|cifratura|versleuteling|szyfrowani*|шифрован*|加密|暗号化|암호화"},
			{"relay",
				"weiterleit*|relais|reenvio*|retransmision|pересылк*|пересылк*|пересилан*|ретрансляц*|przekazywani*|中继|中繼|轉寄|中継|릴레이|중계"},
			{"mail", "электронн* почт*|почт*|пошт*|poczt*|posta"},
			{"employee",
				"mitarbeiter*|employe|employes|empleado*|dipendent*|funcionario*|medewerker*|pracownik*|zamestnan*|сотрудник*|员工"},
			{"company", "unternehmen|entreprise|societe|empresa|azienda|bedrijf|firmy|компани*|公司"},
			{"members",
				"mitglieder*|abonnenten|abonnes|membres|miembros|suscriptores|iscritti|membri|membros|assinantes|leden|czlonk*|участник*|подписчик*|会员"},
			{"mailing list",
				"verteiler*|mailingliste*|liste de diffusion|lista de correo|lista de distribucion|lista di distribuzione|рассылк*"},
			{"customer", "kunde|kunden|cliente|klant|klient*"},
			{"provider", "anbieter*|fournisseur*|proveedor*|provedor*|dostawc*|провайдер*"},

			/* what is so of it */
			{"unknown",
				"unbekannt*|inconnu*|desconocid*|desconhecid*|sconosciut*|onbekend*|nieznan*|neznam*|неизвест*|невідом*|bilinmeyen*|"
				"okand*|ukendt*|ukjent*|tuntematon*|ismeretlen*|necunoscut*|未知|不明|알 수 없|αγνωστ*"},
			{"does not exist",
				"existiert nicht|existieren nicht|nicht existent*|gibt es hier nicht|gibt es nicht|nicht vorhanden|existiert hier nicht|"
				"n existe pas|n existe plus|existe pas|existe plus|inexistant*|no existe|no existen|inexistent*|nao existe|"
				"non esiste|non esistente|bestaat niet|bestaat hier niet|nie istnieje|nie istnieja|neexistuj*|не существует|не существуют|"
				"не існує|несуществующ*|mevcut degil*|yoktur|bulunmamaktadir|finns inte|existerar inte|findes ikke|finnes ikke|eksisterer ikke|ei ole olemassa|"
				"nem letez*|nu exista|不存在|存在しません|存在しない|ありません|존재하지 않|없는|없습니다|δεν υπαρχ*"},
			{"not found",
				"nicht gefunden|nicht zu finden|introuvable*|pas trouve*|non trouve*|no encontrad*|no se encontr*|no se ha encontrado|"
				"nao encontrad*|nao foi encontrad*|non trovat*|niet gevonden|nie znalezion*|nenalezen*|не найден*|не знайден*|bulunamadi|bulunamiyor|"
				"hittades inte|ikke fundet|ikke funnet|ei loydy|nem talal*|negasit*|找不到|未找到|查无|查無|見つかりません|찾을 수 없"},
			{"no such",
				"nie ma takiego|nie ma takiej|нет такого|нет такой|нема такого|aucun tel|no hay ningun|no hay tal|nessun|"
				"boyle bir|无此|無此|没有此|没有这个|該当する"},
			{"no", "kein|keine|keinen|keiner|keinem|aucun|aucune|pas de|nessuna|nessuno|nenhum|nenhuma|ningun|ninguna|geen|brak|zadn*|нет|немає|没有|沒有|无"},
			{"not", "nicht|niet|nie|nao|не|ikke|inte|neni|nejste|nejsou|pas|degil*"},
			{"without", "ohne|sans|senza|sem|zonder|bez|без|sin"},
			{"has no",
				"no tiene|no tienen|non ha|nao possui|nao tem|n a pas|n a pas de|n ont pas|ne possede pas|hat keinen|hat kein|hat keine|heeft geen|nie ma|nie posiada|"
				"нет у|не имеет|не має|har ingen|nemate|nema|nincs|没有设置|未设置|設定されていません|이 없"},
			{"you have no", "у вас нет|у вашего|sie haben kein*|vous n avez pas"},
			{"missing",
				"fehlt|fehlen|fehlende*|fehlend*|manque|manquant*|falta|faltan|faltante*|manca|mancante*|mancano|ontbre*|chybi|brakuje|отсутств*|відсутн*|eksik|saknas|mangler|puuttuu|hianyzik|lipseste|缺少|缺失|누락"},
			{"invalid",
				"ungultig*|ungueltig*|unzulassig*|unzulaessig*|invalide*|pas valide*|non valide*|no valid*|nao valid*|non valid*|ongeldig*|nieprawidlow*|niepoprawn*|neplatn*|неправильн*|неверн*|недействител*|некорректн*|недопустим*|невірн*|gecersiz*|ogiltig*|ugyldig*|virheellin*|ervenytelen*|无效|無效|非法|不合法|不正な|無効|유효하지 않|잘못된|invalido|invalida|invalidos|invalidas"},
			{"wrong",
				"falsch*|errone*|equivocad*|sbagliat*|errad*|verkeerd*|zly|zla|bledn*|spatn*|yanlis*|felaktig*|forkert*|feil passord|vaara"},
			{"rejected",
				"abgelehnt*|zuruckgewiesen*|zurueckgewiesen*|abgewiesen*|rejete*|rechazad*|rejeitad*|recusad*|rifiutat*|respint*|geweigerd*|afgewezen*|odrzucon*|odmitnut*|zamitnut*|отклонен*|отвергнут*|відхилен*|reddedil*|avvisad*|afvist*|avvist*|hylat*|elutasit*|拒绝|拒收|退回|被拒|拒絕|拒否|거부|απορριφθ*|refusee|refusees|est refuse|sont refuses|a ete refuse|ete refuse"},
			{"blocked",
				"gesperrt*|blockiert*|geblockt*|bloque|bloquee|bloques|bloquees|bloquead*|bloqueio|bloccat*|geblokkeerd*|zablokowan*|blokowan*|blokovan*|zablokovan*|"
				"заблокирован*|блокиру*|заблокован*|engellen*|bloke|blockerad*|blokeret*|blokkert*|estett*|letiltv*|letiltott*|blocat*|"
				"屏蔽|封锁|封鎖|阻止|拦截|攔截|ブロック|차단"},
			{"denied",
				"verweigert*|denegad*|negad*|odmowa|odmowion*|odepren*|запрещен*|отказано|заборонен*|erisim engel*|nekad*|naegtet|nektet|estetty|megtagad*|禁止|拒絶|negato|negata"},
			{"access denied",
				"acces refuse|acceso denegado|accesso negato|acesso negado|zugriff verweigert|доступ запрещен|доступ заборонен*|toegang geweigerd|odmowa dostepu"},
			{"relay denied", "relais refuse|relais interdit|relay refuse"},
			{"message rejected", "message refuse|courrier refuse|mail refuse"},
			{"sender rejected", "expediteur refuse|emetteur refuse"},
			{"connection refused", "connexion refuse|connexion refusee"},
			{"access",
				"zugriff*|zugang*|acces|acceso|accesso|acesso|toegang|dostep*|pristup*|доступ*|erisim*|atkomst|adgang|tilgang|paasy|访问|存取|アクセス|접근|액세스"},
			{"forbidden",
				"verboten*|untersagt*|interdit*|prohibid*|proibid*|vietat*|zabronion*|zakazan*|yasak*|forbud*|forbjud*|kielletty|tilos|interzis*"},
			{"not allowed",
				"nicht erlaubt|nicht gestattet|nicht zugelassen|nicht zulassig|nicht zulaessig|nicht erwunscht|nicht erwuenscht|unerwunscht*|unerwuenscht*|nicht berechtigt|"
				"nicht autorisiert|pas autorise*|non autorise*|pas permis*|pas admis*|no permitid*|no autorizad*|no esta permitid*|no esta autorizad*|nao permitid*|nao autorizad*|nao e permitid*|"
				"non consentit*|non autorizzat*|non permess*|non ammess*|niet toegestaan|niet geautoriseerd|niedozwolon*|nie jest dozwolon*|"
				"nepovolen*|neni povolen*|не разрешен*|не разрешает|не допуска*|не дозволен*|izin verilm*|yetkiniz yok|izinli degil|"
				"inte tillat*|ikke tilladt|ikke tillatt|ei ole sallittu|nem engedelyezett|nepermis*|不允许|不允許|未授权|許可されていません|허용되지 않|권한이 없"},
			{"does not allow",
				"n autorise pas|ne permet pas|no autoriza|no permite|nao autoriza|non autorizza|erlaubt nicht|staat niet toe"},
			{"not accepted",
				"nicht angenommen|nicht akzeptiert|nicht entgegengenommen|wird nicht angenommen|pas accepte*|non accepte*|no aceptad*|no se acept*|nao aceit*|non accettat*|"
				"niet geaccepteerd|nie przyjmujemy|nie akceptuj*|neprijim*|не принимает*|не принят*|не принима*|kabul edilm*|ikke accepteret|不接受|受け付け|수신할 수 없"},
			{"allowed",
				"erlaubt*|gestattet*|zugelassen*|autorise|autorises|permitid*|autorizad*|consentit*|permess*|toegestaan|dozwolon*|povolen*|разрешен*"},
			{"only",
				"nur|ausschliesslich|uniquement|seulement|solamente|solo|soltanto|somente|apenas|alleen|tylko|pouze|только|лише|sadece|yalnizca|endast|kun|vain|csak|doar|仅|只|のみ"},
			{"reserved for",
				"reserve a|reservee a|reserve aux|reservee aux|reservad* a|reservad* para|riservat* a|riservat* ai|vorbehalten"},
			{"internal",
				"interne|internen|internes|interner|interno|interni|internos|interna|wewnetrzn*|vnitrni|внутренн*|внутрішн*|内部|內部|내부"},
			{"local",
				"lokal|lokale|lokaler|lokalen|lokales|locale|locaux|locales|lokaln*|локальн*|本地|로컬"},
			{"required",
				"erforderlich*|notwendig*|benotigt*|benoetigt*|requis*|obligatoire*|necessaire*|exige*|requerid*|necesari*|obligatori*|requiere|se requiere|richiest*|obrigatori*|vereist*|verplicht*|wymagan*|vyzadovan*|nutne|требу*|необходим*|потріб*|gerekli*|gerekiyor|kravs|kraeves|kreves|vaaditaan|szukseges|需要|必须|必須|必要|필요|necessario|necessaria"},
			{"must",
				"muss|mussen|muessen|doit|doivent|debe|deben|deve|devono|devem|moet|musi|должен|должна|должны"},
			{"failed",
				"fehlgeschlagen*|gescheitert*|nicht bestanden|echoue*|echec*|fallo|fallid*|ha fallado|falha|falhou|fallit*|mislukt*|niepowodzen*|nieudan*|nie powiodl*|selhal*|"
				"не пройден*|не прошл*|не прошел|не удалось|неудач*|basarisiz*|misslyck*|mislykkedes|epaonnistu*|sikertelen*|esuat*|失败|失敗|실패"},
			{"does not match",
				"stimmt nicht uberein|stimmt nicht ueberein|stimmen nicht uberein|passt nicht|passen nicht|entspricht nicht|zeigt nicht auf|ne correspond pas|ne correspondent pas|correspond pas|"
				"no coincid*|no corresponde*|nao corresponde*|nao coincide*|non corrispond*|non coincid*|komt niet overeen|komen niet overeen|nie zgadza*|nie pasuje|nie odpowiada|neodpovid*|"
				"не соответству*|не совпада*|не відповіда*|eslesm*|uyusm*|matchar inte|stemmer ikke|不匹配|不一致|不符|一致しません|일치하지 않"},
			{"could not be verified", "konnte nicht verifiziert werden|nicht verifizierbar|nicht verifiziert*|konnte nicht uberpruft|konnte nicht ueberprueft|n a pas pu etre verifi*|pas pu etre verifi*|impossible de verifier|"
						  "no se pudo verificar|no verificad*|nao pode ser verificad*|nao foi possivel verificar|impossibile verificare|non verificabil*|kan niet worden geverifieerd|nie mozna zweryfikowac|не удалось проверить|dogrulanamadi|无法验证|検証できません"},
			{"verification",
				"uberprufung|ueberpruefung|prufung|pruefung|verificacion|verificacao|verifica|weryfikacj*|kontrola|проверк*|перевірк*|dogrulama*|验证|検証|검증"},
			{"full",
				"voll|uberfullt|ueberfuellt|erschopft|erschoepft|plein|pleine|pleins|pleines|llen*|llena*|esgotad*|cheia|cheio|piena|pieno|pieni|vol|overvol|pelna|pelny|pelne|przepelnion*|zapelnion*|plna|plny|prepln*|переполнен*|заполнен*|переповнен*|dolu|doldu|fullt|fyldt|taynna|megtelt|tele|plina|已满|已滿|满了|いっぱい|満杯|가득|γεματ*|sature|saturee"},
			{"exceeded",
				"uberschritten*|ueberschritten*|ausgeschopft|ausgeschoepft|depasse|depassee|depasses|excede|excedid*|exced*|superad*|superat*|sobrepas*|supera|ultrapass*|overschreden|przekroczon*|przekracza|prekrocen*|превыш*|перевищ*|"
				"asildi|asti|asmak|overskrid*|overskredet|ylitetty|ylitt*|tullep*|depasit*|超过|超過|超出|オーバー|초과"},
			{"disabled",
				"deaktiviert*|stillgelegt*|abgeschaltet*|desactive*|desativad*|desactivad*|disattivat*|disabilitat*|deshabilitad*|inactif|inattiv*|inativ*|uitgeschakeld*|wylaczon*|dezaktyw*|nieaktywn*|deaktivov*|neaktivni|отключен*|неактив*|вимкнен*|devre disi*|pasif|inaktiv*|deaktiveret|deaktivert|kaytosta|dezactivat*|停用|已停用|禁用|冻结|凍結|已注销|利用停止|휴면|비활성|정지"},
			{"suspended",
				"suspendu|suspendue|suspendid*|sospes*|opgeschort*|zawieszon*|pozastav*|приостановлен*|askiya*|被暂停|suspensa|suspenso|停止中"},
			{"closed",
				"geschlossen*|aufgelost*|aufgeloest*|ferme|fermee|fermes|cerrad*|fechad*|encerrad*|chius*|gesloten|zamkniet*|zruse*|закрыт*|kapali|kapatil*|关闭|關閉|閉鎖|解約|폐쇄"},
			{"deleted",
				"geloscht*|geloescht*|supprime|supprimee|eliminad*|borrad*|cancellat*|eliminat*|excluid*|verwijderd*|usuniet*|smazan*|удален*|видален*|silin*|删除|刪除|削除|삭제|탈퇴"},
			{"moved", "verzogen|umgezogen|demenage*|se ha mudado|trasferit*|verhuisd"},
			{"left the company",
				"nicht mehr im unternehmen|nicht mehr in unserem|nicht mehr bei uns|ausgeschieden*|arbeitet nicht mehr|arbeitet hier nicht mehr|a quitte|ne fait plus partie|ne travaille plus|ya no trabaja|non lavora piu|ja nao trabalha|nao trabalha mais|"
				"niet meer werkzaam|werkt niet meer|nie pracuje|не работает|больше не работает|不在本公司|已离职|離職|退職"},
			{"expired",
				"abgelaufen*|expire|expiree|caducad*|vencid*|scadut*|verlopen|wygas*|истек*|过期|過期|期限切れ|만료"},
			{"suspected",
				"verdacht*|verdachtig*|verdaechtig*|soupconne*|suspecte|sospechos*|suspeit*|sospett*|verdacht|podejrzan*|подозр*|suphel*|疑似|可疑"},
			{"detected as",
				"eingestuft als|erkannt als|considere comme|identifie comme|detecte comme|identificado como|clasificado como|classificad* como|identificato come|uznan*|oznacen*|признан*|похоже на|похож на|判定为|识别为|認定|判定|判断"},
			{"as spam", "comme spam|como spam|come spam|als spam|jako spam|как спам|спамом"},
			{"as", "als|comme|olarak"},
			{"considered", "considere|considerad*|considerat*"},
			{"detected",
				"erkannt*|gefunden*|entdeckt*|detecte|detectee|trouve|trouvee|detectad*|encontrad*|rilevat*|trovat*|gedetecteerd*|wykryt*|znalezion*|nalezen*|обнаружен*|виявлен*|tespit*|upptackt*|havaittu|talalt*|detectat*|发现|检测到|偵測到|検出|발견|검출"},
			{"contains",
				"enthalt|enthaelt|contient|contiene|contem|bevat|zawiera|obsahuje|содержит|містить|iceriyor|包含|含有|含みます|포함"},
			{"infected",
				"infiziert*|infecte|infectee|infectad*|infett*|geinfecteerd|zainfekowan*|заражен*"},
			{"infected with a virus", "virenverseucht*|virenbefall"},
			{"dynamic",
				"dynamisch*|dynamique*|dinamic*|динамическ*|динамічн*|dynamiczn*|dinamik|动态|動態|動的|유동"},
			{"poor",
				"schlecht*|schlechte*|mauvais*|baja|mala|cattiv*|bassa|baixa|ruim|slecht*|zla reputac*|niska|плох*|низк*|kotu|dusuk|低い|scarsa|scarso"},
			{"temporary",
				"temporaer*|vorubergehend*|voruebergehend*|zeitweilig*|temporaire*|provisoire*|momentanement|temporal|temporalmente|temporane*|tijdelijk*|tymczasow*|chwilow*|docasn*|временн*|тимчасов*|gecici*|tillfallig*|midlertidig*|tilapainen|tilapaisesti|atmeneti*|暂时|暫時|临时|一時的|일시적|temporar|temporare|temporaren|temporarer|temporares|temporari|temporario|temporaria"},
			{"unavailable",
				"nicht verfugbar|nicht verfuegbar|nicht erreichbar|indisponible*|no disponible*|indisponiv*|non disponibil*|niet beschikbaar|niedostepn*|nedostupn*|недоступ*|kullanilamiyor|ulasilamiyor|不可用|無法使用|利用できません|사용할 수 없"},
			{"overloaded",
				"uberlastet|ueberlastet|surcharge*|sobrecargad*|sovraccaric*|overbelast|przeciazon*|pretizen*|перегружен*|yogun"},
			{"busy", "belegt|occupe|ocupad*|occupat*|ocupado|zajet*|занят*|忙|繁忙|系统忙|混雑|혼잡"},
			{"too large",
				"zu gross|zu grosse|trop gros|trop grosse|trop volumineu*|trop grand*|trop lourd*|demasiado grande|demasiado largo|muy grande|muito grande|grande demais|troppo grande|troppo grand*|te groot|zbyt duz*|za duz*|prilis velk*|слишком больш*|"
				"завелик*|cok buyuk|for stor*|liian suuri|tul nagy|prea mare|过大|太大|過大|大きすぎ|너무 큼|너무 크"},
			{"size",
				"grosse|groesse|taille|tamano|dimension*|tamanho|grootte|rozmiar*|velikost*|размер*|розмір*|boyut*|storlek|storrelse|koko|meret*|大小|サイズ|크기"},
			{"too many",
				"zu viele|zuviele|trop de|trop d|demasiad*|troppi|troppe|muitas|muitos|excesso de|te veel|zbyt wiele|za duzo|zbyt duzo|prilis mnoho|слишком много|слишком часто|забагато|cok fazla|for manga|for mange|liian monta|liian paljon|tul sok|prea multe|"
				"太多|过多|過多|过于|多すぎ|너무 많"},
			{"simultaneous",
				"gleichzeitig*|simultane*|concurrente*|simultanea*|contemporane*|gelijktijdig*|rownoczesn*|jednoczesn*|одновременн*|同时|同時|동시|eszamanli"},
			{"too quickly",
				"zu schnell|zu haufig|zu haeufig|zu oft|trop vite|trop souvent|trop rapidement|demasiado rapido|troppo veloce*|muito rapido|te snel|zbyt szybko|zbyt czesto|слишком быстро|过快|过于频繁|太快"},
			{"protected", "geschutzt*|geschuetzt*"},
			{"hosted", "gehostet|heberge|hebergee|alojado|hospedado|ospitato"},
			{"listed", "gelistet*|repertorie*|listad*|elencat*|opgenomen|wpisan*"},
			{"authorized", "berechtigt*|befugt*|habilite*|autorizzat*|bevoegd|uprawnion*|уполномочен*"},
			{"hosted here",
				"hier gehostet|heberge ici|alojado aqui|ospitat* qui|hospedado aqui|hier niet gehost"},
			{"not responsible for",
				"nicht zustandig fur|nicht zustaendig fuer|nicht zustandig|nicht zustaendig|pas responsable"},
			{"expected", "erwartet*|attendu*|esperad*"},
			{"recognized",
				"erkannt wird|reconnu*|reconocid*|riconosciut*|reconhecid*|herkend|rozpoznan*|rozpozna*"},
			{"not recognized",
				"nicht erkannt|pas reconnu*|non reconnu*|no reconocid*|non riconosciut*|nao reconhecid*|niet herkend|nierozpoznan*|не распознан*|无法识别|認識できません"},
			{"verified",
				"verifiziert*|verifie*|verificad*|geverifieerd*|zweryfikowan*|проверен*|verificato|verificata"},
			{"unauthorized", "unberechtigt*|unbefugt*"},
			{"neither", "weder|ni par|ni por|ni le|ni el|ni la|ani"},
			{"nor", "noch"},
			{"according to",
				"laut|gemass|gemaess|selon|d apres|segun|secondo|segundo|volgens|zgodnie z|согласно"},
			{"because of",
				"wegen|aufgrund|en raison|a cause|debido|por causa|causa|vanwege|wegens|z powodu|из-за|через|nedeniyle|sebebiyle|pa grund av|pa grund af|miatt|由于|因为|ため|때문"},

			/* when, and how to go on */
			{"try again later",
				"spater erneut|spaeter erneut|spater noch|spaeter noch|spater wieder|spaeter wieder|versuchen sie es spater|erneut versuchen|reessayez|reessayer|essayez plus tard|ressayez|veuillez reessayer|plus tard|reintente*|intente mas tarde|"
				"intente de nuevo|intentelo de nuevo|intentelo mas tarde|mas tarde|riprova*|riprovare|piu tardi|tente novamente|tente mais tarde|mais tarde|probeer het later|probeer later|later opnieuw|sprobuj ponownie|sprobuj pozniej|pozniej|zkuste|pozdeji|повторите попытк*|"
				"повторите позже|попробуйте позже|попробуйте|позже|позднее|спробуйте пізніше|пізніше|daha sonra tekrar|daha sonra|tekrar deneyin|forsok igen|prov igen|senare|prov igen senare|prov senere|igen senere|senere|myohemmin|kesobb|probalja|mai tarziu|"
				"请稍后再试|稍后再试|稍后重试|请稍后|稍後再試|再試行|後ほど|しばらくして|再送|나중에 다시|잠시 후|다시 시도"},
			{"please",
				"bitte|s il vous plait|veuillez|por favor|per favore|si prega|alstublieft|prosze|prosim|пожалуйста|будь ласка|lutfen|vanligen|venligst|vennligst|请|請|してください|주세요"},
			{"minutes", "minuten|minutos|minuti|minuty|минут*|хвилин*|dakika*|分钟|分鐘"},
			{"per hour",
				"pro stunde|par heure|por hora|all ora|per uur|na godzine|в час|每小时|每小時|시간당"},
			{"per day",
				"pro tag|par jour|por dia|al giorno|per dag|dziennie|в день|в сутки|每天|每日|하루"},
			{"first",
				"zuerst|zunachst|zunaechst|d abord|primero|prima|primeiro|eerst|najpierw|nejdriv|сначала|спочатку|先に|먼저"},
			{"here", "hier|ici|aqui|tutaj|zde|здесь|тут|burada"},
			{"by", "durch|von|vom|par|por|dal|pelo|pela|przez|door|tarafindan"},
			{"for", "fur|fuer|pour|para|voor|dla|для|icin"},
			{"your",
				"ihre|ihrer|ihrem|ihr|ihren|votre|vos|su|sus|tuo|tuoi|tua|suo|seu|sua|uw|twoj|panstwa|vas|vase|ваш|вашего|вашем|ваша|ваше|您的|你的|貴方の|당신의"},
			{"is", "ist|wurde|wird|est|esta|foi|e stato|e stata|jest|zostal|zostala|zostalo|является"},
			{"from", "aus|desde|dall|vanaf|od|от|від"},
			{"of", "des|der|del|dei|della|du|de la|van de"},
			{"this",
				"diese|dieser|diesem|diesen|dieses|cette|cet|questo|questa|esta cuenta|deze|dit|ta|tento|эта|этот|этого|这个|此"},
			{"send", "senden|versenden|envoyer|enviar|inviare|verzenden|wysylac|отправля*|gondermek"},
			{"sent",
				"gesendet*|versendet*|verschickt*|envoye|envoyes|envoyee|enviad*|inviat*|verzonden|wyslan*|odeslan*|отправлен*|gonderil*|发送|發送|送信"},
			{"sending", "versand*|envoi|envois|envio|invio|verzending|wysylk*|отправк*|gonderim"},
			{"delivered",
				"zugestellt*|distribue|livre|entregad*|entregue|consegnat*|bezorgd|dostarczon*|dorucen*|доставлен*"},
			{"cannot deliver",
				"nicht zustellbar*|unzustellbar*|non distribuable*|impossible de livrer|no se puede entregar|onbestelbaar"},
};
const size_t smtp_n_lexicon = ARRAY_LEN(smtp_lexicon);

/* ---- letters without their accents */

static size_t plain_letter(uint32_t c, char *out)
{
	static const struct {
		uint32_t c;
		const char *as;
	} others[] = {{0xc6, "ae"}, {0xe6, "ae"}, {0xdf, "ss"}, {0xde, "th"}, {0xfe, "th"}, {0x152, "oe"},
		{0x153, "oe"}, {0x451, "\xd0\xb5"}, {0x401, "\xd0\xb5"}};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (others[i].c == c) {
			n = strlen(others[i].as);
			memcpy(out, others[i].as, n);
		}
	if (!n && smtp_plain_letter(c))
		out[n++] = smtp_plain_letter(c);
	return n;
}

/* No letter becomes longer than it was. */
static size_t without_accents(struct mp_str in, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < in.n;) {
		size_t len = (unsigned char)in.p[i] < 0x80 ? 1 : mp_utf8_len(in.p + i, in.n - i);
		size_t put = len > 1 ? plain_letter(mp_utf8_code(in.p + i, len), out + n) : 0;

		if (!put) {
			put = len ? len : 1;
			memcpy(out + n, in.p + i, put);
		}
		n += put;
		i += len ? len : 1;
	}
	return n;
}

/* ---- finding the phrases */

enum { KEY = 3, BUCKETS = 1024, ALTS_MAX = 4096, TEXT_MAX = 8192, CJK_LEAD = 0xe3 };

/* The alternatives of all rows, in chains by the first letters of their first words. */
static struct alt {
	const char *p;
	uint16_t n, letters, row, next; /* letters: without "*"; next: index + 1 */
} alts[ALTS_MAX];
static uint16_t heads[BUCKETS];
static size_t n_alts;

/* The first letters of the word at `p`. Scripts without blanks have one letter in three bytes. */
static uint16_t key_of(const char *p, size_t n)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < n && i < KEY && smtp_is_word(p[i]); i++)
		h = (h ^ (unsigned char)p[i]) * 16777619U;
	return (uint16_t)((h ^ h >> 16) % BUCKETS);
}

static void prepare(void)
{
	if (n_alts)
		return;
	for (size_t row = 0; row < smtp_n_lexicon; row++) {
		struct mp_str rest = mp_str(smtp_lexicon[row].others), one;

		while (mp_str_split(&rest, '|', &one) && n_alts < ALTS_MAX) {
			struct alt *a = &alts[n_alts++];
			uint16_t key = key_of(one.p, one.n);

			*a = (struct alt){one.p, (uint16_t)one.n, 0, (uint16_t)row, heads[key]};
			for (size_t i = 0; i < one.n; i++)
				a->letters = (uint16_t)(a->letters + (one.p[i] != '*'));
			heads[key] = (uint16_t)n_alts;
		}
	}
}

/* Chinese, Japanese and Korean letters, which stand without blanks: all that take three bytes from U+3000 on. */
static bool is_cjk(struct mp_str s, size_t i)
{
	while (i && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i--;
	return (unsigned char)s.p[i] >= CJK_LEAD;
}

/* Can a word begin or end before the byte at `i`? */
static bool is_limit(struct mp_str s, size_t i)
{
	return i == 0 || i == s.n || !smtp_is_word(s.p[i]) || !smtp_is_word(s.p[i - 1]) || is_cjk(s, i) ||
	       is_cjk(s, i - 1);
}

/* How many bytes at `i` the alternative takes; 0: it is another word. */
static size_t taken(const struct alt *a, struct mp_str s, size_t i)
{
	size_t start = i;

	for (size_t k = 0; k < a->n; k++) {
		if (a->p[k] == '*') {
			while (i < s.n && !is_limit(s, i))
				i++;
		} else if (a->p[k] == ' ') {
			size_t from = i;

			while (i < s.n && strchr(" -_'`", s.p[i]))
				i++;
			if (i == from)
				return 0;
		} else if (i < s.n && s.p[i] == a->p[k]) {
			i++;
		} else {
			return 0;
		}
	}
	return is_limit(s, i) ? i - start : 0;
}

/* Of two that take the same, the one that says more of it; a whole word says more than the beginning of one. */
static bool says_more(const struct alt *a, const struct alt *b)
{
	return a->letters > b->letters || (a->letters == b->letters && a->n < b->n);
}

static const struct alt *longest(struct mp_str s, size_t i, size_t *n)
{
	const struct alt *best = NULL;

	*n = 0;
	for (uint16_t k = heads[key_of(s.p + i, s.n - i)]; k; k = alts[k - 1].next) {
		size_t len = taken(&alts[k - 1], s, i);

		if (len > *n || (len && len == *n && says_more(&alts[k - 1], best))) {
			*n = len;
			best = &alts[k - 1];
		}
	}
	return best;
}

struct out {
	char *p;
	size_t n, size;
};

static void put(struct out *o, const char *p, size_t n)
{
	if (n > o->size - o->n)
		n = o->size - o->n;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

/* English words stand apart, also from letters of scripts that need no blanks. */
static void put_apart(struct out *o, const char *p, size_t n)
{
	if (o->n && smtp_is_word(o->p[o->n - 1]))
		put(o, " ", 1);
	put(o, p, n);
}

size_t smtp_to_english(struct mp_str in, char *out, size_t size)
{
	char bare[TEXT_MAX];
	struct mp_str s = mp_strn(bare, without_accents(mp_strn(in.p, in.n < TEXT_MAX ? in.n : TEXT_MAX), bare));
	struct out o = {out, 0, size};
	bool apart = false; /* the last thing put was English */

	prepare();
	for (size_t i = 0; i < s.n;) {
		size_t n = 0;
		const struct alt *a = smtp_is_word(s.p[i]) && is_limit(s, i) ? longest(s, i, &n) : NULL;

		if (a) {
			put_apart(&o, smtp_lexicon[a->row].english, strlen(smtp_lexicon[a->row].english));
			i += n;
			apart = true;
			continue;
		}
		n = 1; /* to the next place where a word may begin */
		while (i + n < s.n && !is_limit(s, i + n))
			n++;
		while (i + n < s.n && ((unsigned char)s.p[i + n] & 0xc0) == 0x80)
			n++;
		if (smtp_is_word(s.p[i]) &&
			(apart || is_cjk(s, i) || (i && is_cjk(s, i - 1) && smtp_is_word(s.p[i - 1]))))
			put_apart(&o, s.p + i, n);
		else
			put(&o, s.p + i, n);
		apart = false;
		i += n;
	}
	return o.n;
}
