"""Wordings, in the languages of the press, of lines that are no text of an article."""

from __future__ import annotations

import re

_LABEL_LENGTH, _OFFER_LENGTH, _NOTICE_LENGTH, _DATELINE_LENGTH = 60, 220, 240, 100
_STAMP_LENGTH, _STAMP_DIGITS, _STAMP_LETTERS = 30, 3, 12
_SIGNED_LENGTH = 90

_POINTERS = (
    r"read (?:more|also|next)|also read|see also|lesen sie (?:auch|hier|mehr|dazu)|auch interessant"
    r"|mehr dazu|leggi anche|(?:à )?lire aussi|voir aussi|lees ook|les også|läs (?:också|även)|læs også"
    r"|lue myös|czytaj (?:też|także|również|więcej)|zobacz (?:też|także)|čtěte (?:také|více)|le[ae] también"
    r"|leia (?:também|mais)|veja (?:também|mais)|читайте (?:также|також|ещё|еще)|смотрите также|baca juga"
    r"|lihat juga|xem thêm|đọc thêm|यह भी पढ़ें|ये भी पढ़ें|اقرأ (?:أيضا|أيضًا|المزيد)|関連(?:記事|ニュース)"
    r"|あわせて読みたい|延伸閱讀|延伸阅读|관련 ?(?:기사|뉴스)|διαβάστε (?:επίσης|ακόμα)"
)
_LABEL = re.compile(
    rf"^\W*(?:{_POINTERS}"
    r"|related\b.{0,25}|recommended(?: for you)?|most (?:read|popular|viewed)\b.{0,15}|trending\b.{0,10}"
    r"|(?:read|see|watch|listen|more)(?: (?:more|also|next|now|this|here|stories))*|top stories"
    r"|more (?:on|from|about|stories|news|like)\b.{0,25}|don.t miss|editors?.? picks?|latest (?:news|stories)"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|topics?|tags?|comments?"
    r"|share(?: this)?(?: article| story)?"
    r"|mehr (?:zum thema|zu|aus)\b.{0,25}|lesetipps?|passend dazu|zum thema|themen|schlagwörter.{0,25}"
    r"|das könnte (?:sie|dich) (?:auch )?interessieren|meistgelesen|empfehlungen der redaktion"
    r"|weitere (?:informationen|artikel|themen|meldungen|nachrichten)"
    r"|leggi (?:tutto|di più)|potrebbe interessarti(?: anche)?|sur le même sujet"
    r"|lees (?:meer|verder)|meer over.{0,25}|les mer|läs mer|læs mere|lue lisää"
    r"|przeczytaj.{0,20}|přečtěte si.{0,15}|čítajte aj|olvassa el.{0,10}|cit(?:ește|iți|este) și"
    r"|pročitajte.{0,15}|leer más|te puede interesar|más (?:información|noticias)|para saber más"
    r"|relacionad[oa]s?.{0,20}|saiba mais|ilgili (?:haberler|konular)|bunlar da ilginizi çekebilir"
    r"|по теме|материалы по теме|tin liên quan|อ่านเพิ่มเติม.{0,20}|ข่าวที่เกี่ยวข้อง"
    r"|関連(?:キーワード|リンク|タグ|トピックス)|おすすめ(?:情報|記事)?|(?:人気|注目)記事|この記事を書いた人"
    r"|[相][關关](?:新聞|新闻|文章|報導|报道|阅读)|[推][薦荐][閱阅][讀读]|關鍵字|关键词|更多.{0,10}"
    r"|(?:추천|인기|주요) ?(?:기사|뉴스)|많이 본 (?:기사|뉴스))\W*$",
    re.IGNORECASE,
)
_POINTER = re.compile(
    rf"^\W*(?:{_POINTERS}|watch|listen|related|more)\s*[|:：»›>–-]", re.IGNORECASE
)
_ADVERT = re.compile(
    r"^\W*(?:advertisement|advertising|sponsored|anzeige|werbung|publicité|publicidade?|pubblicità"
    r"|advertentie|annons|annonse|annonce|reklama?|реклама|quảng cáo|広告|廣告|广告|광고"
    r"|(?:article|story|video) continues (?:below|after).{0,30})\W*$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:photos?|fotos?|foto(?:grafie)?|images?|pictures?|bild(?:quelle)?|zdjęci[ea]|фото|photograph"
    r"|写真|撮影|圖|图|사진)(?: (?:by|credit|courtesy)\b.{0,12})?\s?[:：=].{1,60}$",
    re.IGNORECASE,
)
_OFFER_START = re.compile(
    r"^\W*(?:jetzt (?:weiterlesen|testen|abonnieren|registrieren|anmelden)|(?:inscrivez|abonnez)-vous"
    r"|suscríb|síguenos|regístrate|assine\b|inscreva-se|siga (?:o|a|nos)\b|abbonati|iscriviti|seguici"
    r"|abonneer|schrijf je in|meld je aan|prenumerera|följ oss|følg oss|meld deg på|tilmeld dig"
    r"|zapisz się|subskrybuj|obserwuj nas|підпи(?:шіться|суйтесь|сатися)|подпи(?:шитесь|сывайтесь|саться)"
    r"|(?:ikuti|dapatkan) (?:kami|berita|update)|訂閱|订阅|加入會員|掃描|扫描|下載|扫码)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:sign(?:ing)?|subscrib\w+|register) (?:up )?(?:now |here |today )?(?:to|for) (?:our|the|your|\w+['’]s)"
    r"\b.{0,60}(?:newsletters?|inbox|podcast|channel|alerts?)|subscribe (?:now|today|here)"
    r"|subscribe to (?:unlock|continue|read)|already (?:a )?subscriber|reserved for (?:our )?subscribers"
    r"|(?:follow|like|join|find) (?:us|our .{0,30}) on (?:facebook|twitter|x\b|instagram|whatsapp|telegram"
    r"|google|tiktok|linkedin)|(?:daily|weekly|free) newsletter.{0,40}(?:here|inbox)"
    r"|share (?:it|this)(?: \w+)? (?:with|on)\b|for the latest .{0,60}sign up"
    r"|newsletter.{0,40}(?:abonnieren|anmelden|bestellen)|bereits abonnent|ein klick für den datenschutz"
    r"|(?:externe|eingebettete)[nr]? inhalte?\b|redaktioneller inhalt|personenbezogene daten (?:an|können)"
    r"|réservé (?:à nos|aux) abonnés|abone ol(?:un|mak)|bizi takip edin"
    r"|会員(?:限定|登録|になると)|有料(?:会員|記事)|無料登録|ログインして|続きを読む|定期購読"
    r"|สมัครสมาชิก|ติดตามเรา|theo dõi chúng tôi|फॉलो करें|सब्सक्राइब"
)
_OFFER_WORDS = (
    "newsletter", "subscri", " on ", "share", "sign", "register", "abon", "datenschutz", "inhalt",
    "personenbez", "takip", "会員", "有料", "登録", "ログイン", "続きを", "購読", "สมาชิก", "ติดตาม", "theo dõi",
    "फॉलो", "सब्सक्राइब",
)  # fmt: skip
"""One of these is in every offer: looked for first, since nearly no line has any."""
_NOTICE = re.compile(
    r"^\W*(?:copyright|©|ⓒ|\(c\)\s)|all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos reservados|無断(?:転載|複製)|版權所有|版权所有|未經授權|无断转载"
    r"|tüm hakları saklıdır|все права защищены|không được sao chép",
    re.IGNORECASE,
)
_NOTICE_WORDS = (
    "copyr", "©", "ⓒ", "(c)", "reserv", "réserv", "vorbehalten", "無断", "所有", "未經授權", "无断",
    "tüm hak", "защищены", "sao chép",
)  # fmt: skip
"""One of these is in every notice."""
_MONTH = (
    r"jan|feb|m[aä]r|apr|ma[yi]|jun|jul|aug|sep|oct|okt|nov|de[czk]|févr|avr|juin|juil|août|ene|abr|ago"
    r"|gen|mag|giu|lug|set|ott|fev|out|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
)
_DATE = re.compile(
    r"^[^\d.!?]{0,40}(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{1,2}[:.]\d{2}\b|\d{1,2}月\d{1,2}日"
    r"|\d{4}\s?[-./年년]\s?\d{1,2}\s?[-./月월]\s?\d{1,2}"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th|er|º)?\s(?:de\s)?(?:{_MONTH})\w*\.?|(?:{_MONTH})\w*\.?\s\d{{1,2}}).{{0,60}}$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:(?i:by|von|par|por|di|door|av|af|od|oleh|text|autor\w*|author|escrito por|(?:written|posted"
    r"|reported) by|автор|текст|yazan)\b|文/|記者|记者)\s?:?\s*\W?[A-ZÀ-ÞĀ-ŽА-Я\u3400-\u9fff]"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_STOPS = frozenset(".!?…。！？।؟:：;～」』）")
_ENDS = re.compile(
    r"[.!?…。！？।؟:：;～」』）][\"'”’»›«“)\]」』】）]*\s?(?:\(\w{2,12}\)|/\w+/)?$|[다요][\"'”’]?$"
)


def ends_sentence(text: str) -> bool:
    """Does the line end as a sentence does?"""
    return text[-1:] in _STOPS or _ENDS.search(text, max(0, len(text) - 30)) is not None


def is_label(text: str) -> bool:
    """Does the line only announce links, tags or comments?"""
    return len(text) <= _LABEL_LENGTH and _LABEL.match(text) is not None


def is_insert(text: str) -> bool:
    """Is the line an advertisement's label, a credit, an offer to subscribe, a pointer elsewhere?"""
    if len(text) > _OFFER_LENGTH:
        return False
    if _POINTER.match(text) or _OFFER_START.match(text):
        return True
    if len(text) <= 2 * _LABEL_LENGTH and (_ADVERT.match(text) or _CREDIT.match(text)):
        return True
    lower = text.casefold()
    return _has_one(_OFFER_WORDS, lower) and _OFFER.search(lower) is not None


def is_notice(text: str) -> bool:
    """Is the line a copyright notice?"""
    if len(text) > _NOTICE_LENGTH or not _has_one(_NOTICE_WORDS, text.casefold()):
        return False
    return _NOTICE.search(text) is not None


def _has_one(words: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, words))  # asked of every line: a generator is twice as slow


def is_dateline(text: str) -> bool:
    """Does the line give the time of publication, or who wrote it, and nothing else?"""
    return len(text) <= _DATELINE_LENGTH and bool(_DATE.match(text) or _BYLINE.match(text))


def is_stamp(text: str) -> bool:
    """Is the line a date or a time and hardly more?"""
    if len(text) > _STAMP_LENGTH or sum(map(str.isdigit, text)) < _STAMP_DIGITS:
        return False
    return sum(map(str.isalpha, text)) <= _STAMP_LETTERS and _DATE.match(text) is not None


def is_signed(text: str) -> bool:
    """Is the line an e-mail address with hardly more than a name?"""
    if "@" not in text or len(text) > _SIGNED_LENGTH:
        return False
    return _EMAIL.search(text) is not None and not ends_sentence(text)
