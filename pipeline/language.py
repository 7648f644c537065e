"""The language of a text by its script and its commonest words; None where they do not tell.

Templates lie: many Korean pages declare `lang="en"`. A script that one language alone is written in proves
it; among languages of one script, words decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

_LOOKED_AT = 2000  # characters: what 4000 tell on 240 pages, they tell, too
_SHARE = 0.25  # of the letters; a Korean article quotes English, an English one hardly Korean
_SHARE_OF_KANA = 0.05  # headlines and names are Han; Chinese has no kana at all
_HITS_LEAST, _HITS_SHARE = 4, 0.04  # of the words; the commonest words are a fifth of any text

_SCRIPTS: Final = (
    ("ko", re.compile(r"[가-힣]+")),
    ("ja", re.compile(r"[ぁ-ゖァ-ヺ]+")),
    ("th", re.compile(r"[ก-๛]+")),
    ("he", re.compile(r"[א-ת]+")),
    ("el", re.compile(r"[Ͱ-Ͽ]+")),
    ("hi", re.compile(r"[ऀ-ॿ]+")),
    ("bn", re.compile(r"[ঀ-৿]+")),
    ("ta", re.compile(r"[஀-௿]+")),
    ("ka", re.compile(r"[ა-ჿ]+")),
    ("hy", re.compile(r"[Ա-֏]+")),
    ("km", re.compile(r"[ក-៿]+")),
    ("my", re.compile(r"[က-႟]+")),
    ("am", re.compile(r"[ሀ-፿]+")),
    ("zh", re.compile(r"[一-鿿]+")),
)
"""Scripts that tell a language; kana before Han, which Japanese shares."""

_FAR = re.compile(r"[^\u0000-\u036f\u0400-\u052f\u0600-\u06ff\u2000-\u20ff]+")
"""Everything but Latin, Cyrillic and Arabic letters: where little of it stands, no script can decide."""
_WORD = re.compile(r"[^\W\d_]+")
_COMMON: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is that for was with his they have this from are not by",
        "de": "der die und das ist nicht mit den von zu im auch auf eine einen dem sich wird",
        "fr": "le la les des et est dans une pour que qui sur pas au avec par ce sont",
        "es": "el los las que en una por con para del se su lo como más fue ha pero",
        "pt": "o os as que em uma por com para do da não se na no mais foi ao",
        "it": "il di che la per una con del della non sono gli nel alla è si ha",
        "nl": "de het een van en dat is niet op te met voor zijn aan er door ook wordt",
        "sv": "och att det som en är av på för med den till inte har om ett var de",
        "da": "og at det er en af på for med til den ikke har som et var de blev",
        "no": "og at det er en av på for med til den ikke har som et var ble fra",
        "fi": "ja on ei että se hän oli mutta myös kun tai joka ovat sen mukaan",
        "pl": "i w na nie się z do że jest to o po jak od za przez który dla",
        "cs": "a se v na je že o do pro s z i to jako byl podle které však",
        "hu": "a az és hogy nem egy is volt meg szerint csak már ez de még",
        "ro": "și de în la a nu cu pe care din pentru este sunt mai au fost o",
        "tr": "ve bir bu için da ile olarak çok daha olan sonra ancak kadar gibi",
        "id": "yang dan di dengan untuk ini dari tidak dalam pada itu akan oleh adalah",
        "vi": "và của là có trong cho không được các với một người những đã này",
        "ru": "и в не на что с по это как его но от из для был также",
        "uk": "і в не на що з до це як та про для від за був також його",
        "bg": "и на да се не от за по че са с това като е беше след",
        "ar": "في من على أن إلى التي الذي هذا عن مع كان هذه ما قال بعد",
        "fa": "در به از که این را با است برای آن های یک خود شده می",
        "ur": "کے میں کی ہے اور سے کا کو پر نے کہ ہیں یہ اس تھا",
    }.items()
}
_LANGUAGES_OF: Final[Mapping[str, Sequence[str]]] = {
    word: [language for language, common in _COMMON.items() if word in common]
    for word in frozenset().union(*_COMMON.values())
}


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, None where it does not tell."""
    head = text[:_LOOKED_AT]
    words = _WORD.findall(head)
    return _by_script(head, sum(map(len, words))) or _by_words(words)


def _by_script(head: str, letters: int) -> str | None:
    far = "" if head.isascii() else "".join(_FAR.findall(head))
    if not letters or len(far) <= _SHARE_OF_KANA * letters:
        return None
    for language, script in _SCRIPTS:
        share = _SHARE_OF_KANA if language == "ja" else _SHARE
        if sum(map(len, script.findall(far))) > share * letters:
            return language
    return None


def _by_words(words: Sequence[str]) -> str | None:
    hits = Counter(
        language
        for word in " ".join(words).casefold().split(" ")
        if word in _LANGUAGES_OF
        for language in _LANGUAGES_OF[word]
    )
    (best, most), (_, second) = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    is_sure = most >= max(_HITS_LEAST, _HITS_SHARE * len(words)) and most > second
    return best if is_sure else None
