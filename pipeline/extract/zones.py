"""Zones of publishers, by what a page says of its country: offsets in texts, domain, language."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_COUNTRIES = {
    "Asia/Seoul": "kr", "Asia/Tokyo": "jp", "Asia/Shanghai": "cn", "Asia/Taipei": "tw",
    "Asia/Hong_Kong": "hk", "Asia/Singapore": "sg", "Asia/Kuala_Lumpur": "my",
    "Asia/Jakarta": "id", "Asia/Manila": "ph", "Asia/Bangkok": "th", "Asia/Ho_Chi_Minh": "vn",
    "Asia/Kolkata": "in", "Asia/Karachi": "pk", "Asia/Dhaka": "bd", "Asia/Kathmandu": "np",
    "Asia/Colombo": "lk", "Asia/Dubai": "ae", "Asia/Riyadh": "sa", "Asia/Qatar": "qa",
    "Asia/Beirut": "lb", "Asia/Jerusalem": "il", "Asia/Tehran": "ir", "Asia/Baghdad": "iq",
    "Asia/Almaty": "kz", "Europe/Istanbul": "tr", "Europe/Moscow": "ru", "Europe/Kyiv": "ua",
    "Europe/Berlin": "de", "Europe/Vienna": "at", "Europe/Zurich": "ch li",
    "Europe/Paris": "fr", "Europe/Rome": "it", "Europe/Madrid": "es", "Europe/Lisbon": "pt",
    "Europe/Brussels": "be", "Europe/Amsterdam": "nl", "Europe/Luxembourg": "lu",
    "Europe/London": "uk gb", "Europe/Dublin": "ie", "Europe/Copenhagen": "dk",
    "Europe/Stockholm": "se", "Europe/Oslo": "no", "Europe/Helsinki": "fi",
    "Atlantic/Reykjavik": "is", "Europe/Tallinn": "ee", "Europe/Riga": "lv",
    "Europe/Vilnius": "lt", "Europe/Warsaw": "pl", "Europe/Prague": "cz",
    "Europe/Bratislava": "sk", "Europe/Budapest": "hu", "Europe/Bucharest": "ro",
    "Europe/Sofia": "bg", "Europe/Athens": "gr", "Europe/Belgrade": "rs", "Europe/Zagreb": "hr",
    "Europe/Ljubljana": "si", "Europe/Malta": "mt", "America/Nuuk": "gl",
    "America/Toronto": "ca", "America/New_York": "us", "America/Mexico_City": "mx",
    "America/Bogota": "co", "America/Lima": "pe", "America/Santiago": "cl",
    "America/Argentina/Buenos_Aires": "ar", "America/Montevideo": "uy", "America/Sao_Paulo": "br",
    "Africa/Johannesburg": "za", "Africa/Lagos": "ng", "Africa/Nairobi": "ke",
    "Africa/Cairo": "eg", "Africa/Casablanca": "ma", "Africa/Windhoek": "na",
    "Africa/Accra": "gh", "Australia/Sydney": "au", "Pacific/Auckland": "nz",
}  # fmt: skip
_BY_COUNTRY = {code: zone for zone, codes in _COUNTRIES.items() for code in codes.split()}
# Languages of one country only, or nearly so: Spanish and English say nothing of the zone.
_BY_LANGUAGE = {
    "ko": "kr", "ja": "jp", "de": "de", "fr": "fr", "it": "it", "nl": "nl", "sv": "se", "nb": "no",
    "no": "no", "nn": "no", "da": "dk", "fi": "fi", "is": "is", "pl": "pl", "cs": "cz",
    "sk": "sk", "hu": "hu", "ro": "ro", "bg": "bg", "el": "gr", "tr": "tr", "ru": "ru",
    "uk": "ua", "he": "il", "fa": "ir", "th": "th", "vi": "vn", "id": "id", "hi": "in", "et": "ee",
    "lv": "lv", "lt": "lt", "hr": "hr", "sl": "si", "sr": "rs", "ms": "my", "zh": "cn",
}  # fmt: skip
# Domains of countries that are sold for the sound of them.
_SOLD = frozenset({"co", "in", "is", "me", "io", "ai", "tv", "fm", "ag", "gl", "li"})
_ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "TRT": 3, "WIB": 7, "JST": 9, "KST": 9, "SAST": 2, "AEST": 10, "AEDT": 11,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "ET": 0, "CT": 0, "PT": 0,
}  # fmt: skip
_SEASONAL = {"ET": "America/New_York", "CT": "America/Chicago", "PT": "America/Los_Angeles"}
ZONE_WORD = (
    r"(?:(?:GMT|UTC|Z)?\s?[+-]\d{1,2}:?(?:\d{2})?(?!\d)|"
    rf"\b(?:{'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})\b)"
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?$")


def zone_of(url: str, locale: str | None) -> tzinfo:
    """Return the zone of the publisher's country, UTC where neither domain nor language names it.

    Args:
        url: an address of the publisher.
        locale: "de", "en-US", "pt_BR", …
    """
    parts = re.split(r"[-_]", (locale or "").lower())
    language, region = parts[0], parts[-1] if len(parts) > 1 else ""
    try:
        last = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    except ValueError:
        last = ""
    by_language = _BY_LANGUAGE.get(language, "")
    code = last if last in _BY_COUNTRY and last not in _SOLD else ""
    code = code or (region if region in _BY_COUNTRY else "") or by_language
    return _zone(_BY_COUNTRY.get(code or last, "UTC"))


@cache
def _zone(name: str) -> ZoneInfo:
    """ZoneInfo itself remembers eight zones, and reads the others anew."""
    return ZoneInfo(name)


@lru_cache(maxsize=256)
def zone_named(word: str) -> tzinfo | None:
    """Return the zone that an offset or abbreviation names: "+0900", "GMT+7", "CEST", "ET"."""
    word = word.strip().upper()
    if word in _SEASONAL:
        return ZoneInfo(_SEASONAL[word])
    match = _OFFSET.search(word)
    if match:
        minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if match.group(1) == "-" else minutes))
    hours = _ABBREVIATIONS.get(word)
    return None if hours is None else timezone(timedelta(hours=hours))
