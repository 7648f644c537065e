"""Which elements of an article page hold no text of the article, as their tag, class and id say.

A name is never trusted alone: where most of a page's text stands in an element, its name is taken for one
of a theme or of a state, unless no body is ever named so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.select import Attributes

NOT_TEXT = frozenset(
    {
        "address", "aside", "audio", "button", "canvas", "datalist", "dialog", "figcaption", "footer",
        "form", "head", "header", "iframe", "input", "label", "math", "menu", "nav", "noembed",
        "noframes", "noscript", "object", "progress", "rp", "script", "select", "style", "svg",
        "template", "textarea", "video",
    }
)  # fmt: skip

_OTHER_ARTICLES = (
    r"related\w*|recommend\w*|recirc\w*|readmore|read-(?:more|next|also)|see-also|further-reading"
    r"|more-(?:on|from|stories|news|articles?)|most-(?:read|viewed|popular|recent)|popular|trending"
    r"|teasers?|promos?|promo\w*box|crosslinks?|cards?|toc|table-of-contents|prev-?next|post-?nav\w*"
)
_OFFERS = (
    r"newsletters?\w*|subscri\w+|sign-?ups?|paywall-(?:offer|promo|box|message|prompt)|cta|membership"
    r"|call-to-action|donat(?:e|ion)\w*|affiliate\w*|shop-?(?:box|links?|widget)|shopping|jobs?"
    r"|product-?(?:box|card|widget)|ads?|adv|adverts?|advertis\w+|adsbygoogle|adslot|native-ad\w*"
    r"|ad-?(?:slot|box|unit|wrapper|container|label|block)|gpt-?ad\w*|dfp|sponsor\w*|banner\w*"
    r"|anzeige|werbung|publicidad\w*|pubblicita|reklam\w*|outbrain|taboola"
)
_READERS = (
    r"shar(?:e|es|ing)(?:bar|box|links?|tools?|buttons?|daddy|this)?|social\w*|follow-?us|sns\w*"
    r"|comments?(?:-?(?:list|area|section|box|wrapper|container|respond))?|disqus\w*|respond"
    r"|leserkommentare|kommentare?|polls?|quiz|survey|feedback|ratings?|votes?|reactions?|likes?"
)
_ABOUT = (
    r"tags|tag-?(?:list|links?|cloud|wrap\w*|groups?|box|area|block|section)|keywords?|topics"
    r"|categories|breadcrumbs?|author(?:-?(?:bio|box|info|card|details?|meta|block|description|profile))?"
    r"|author-?wrap\w*|authors|bios?|about-(?:the-)?authors?|byline\w*|reporter\w*|dateline"
    r"|(?:post|entry|article)-?meta|timestamps?|publi(?:sh|cation)-?(?:date|time)\w*|pub-?date"
    r"|updated?-?(?:date|time)|reading-?time|captions?|wp-caption-text|credits?"
    r"|copyrights?|legal|disclaimers?|ai-?\w*-?(?:summary|content)|bullet-?points|key-?(?:points|facts|takeaways)|infobox|fact-?box"
)
_FURNITURE = (
    r"cookies?|consent\w*|gdpr|didomi|footers?|footnav|sidebars?|side-?bar|(?<!-)widgets?|nav|navbar"
    r"|navigation|menus?|toolbar|skip-?link|pagination|pager|modal|popup|overlay|tooltip|lightbox"
    r"|screen-?reader\w*|sr-only|visually-?hidden|a11y|offscreen|assistive|no-?print|hide-?on\w*"
    r"|(?:audio|video)-?player|player|jwplayer|playlist|galler(?:y|ies)|slideshow|carousel|swiper\w*"
    r"|slider|print-?(?:only|link)?|font-?size\w*|text-?to-?speech|tts|read-?aloud"
)
_NAMED = re.compile(
    rf"(?<![a-z])(?:{_OTHER_ARTICLES}|{_OFFERS}|{_READERS}|{_ABOUT}|{_FURNITURE})(?![a-z])"
)
_STRONG = re.compile(
    r"(?<![a-z])(?:footers?|cookies?|consent\w*|gdpr\w*|comments?(?:-?(?:list|area|section|wrapper))?"
    r"|copyrights?|disclaimers?|navbar|related\w*|recommend\w*|modal|popup)(?![a-z])"
)
_BODY = re.compile(
    r"(?:article|story|post|entry|news|content|detail)-*(?:body|content|text|main|copy)"
    r"|articlebody|richtext|body-?text|maincontent"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DENIED = re.compile(
    r"(?<![a-z])(?:no|not|has|with|without)-+[a-z]+(?:-[a-z]+)*"
    r"|(?<![a-z])[a-z]+-(?:enabled|disabled|active|visible|open|loaded|on|off)(?![a-z])"
)  # states of an element, not what it is
_OF_THEME = re.compile(
    r"^(?:post|tag|category|page|type|status|format|theme|layout|template|wp|js|is|hentry)-"
    r"(?!tags|meta|nav|footer|comments|related)|[:\[]"
)  # what systems call every article, and utility classes
_HIDDEN_NAMES = frozenset({"hidden", "hide", "d-none", "is-hidden"})


@lru_cache(maxsize=4096)
def is_named_noise(name: str) -> bool:
    """Do these class and id names say that the element holds no text of the article?"""
    return any(map(_is_noise, name.split()))


@lru_cache(maxsize=8192)
def _is_noise(part: str) -> bool:
    if part in _HIDDEN_NAMES:
        return True
    return not _OF_THEME.search(part) and _NAMED.search(_plain(part)) is not None


@lru_cache(maxsize=4096)
def is_surely_noise(tag: str, name: str) -> bool:
    """Is the name one that no body has, even where much text of the page stands in it?"""
    return tag in ("nav", "footer") or any(
        not _OF_THEME.search(part) and _STRONG.search(_plain(part)) for part in name.split()
    )


@lru_cache(maxsize=4096)
def is_body_name(name: str) -> bool:
    """Do these class and id names say that the element holds the text of the article?"""
    return _BODY.search(_hyphened(name)) is not None


def _plain(part: str) -> str:
    """Return a class or id name in words with hyphens, without those that it denies."""
    words = _hyphened(part)
    return _DENIED.sub("", words) if "-" in words else words


def _hyphened(name: str) -> str:
    parted = name if name.islower() else _CAMEL.sub("-", name).lower()
    return parted.replace("_", "-")


def names_of(attributes: Attributes) -> str:
    """Return the class and id names of an element."""
    classes, own = attributes.get("class"), attributes.get("id")
    return f"{classes or ''} {own or ''}".strip() if classes or own else ""
