"""What config.toml and the environment may hold about Naver's search API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from pipeline.setting_addresses import Url
from pipeline.setting_values import Strict
from pipeline.text import clean

SECRETS = ("client_id", "client_secret")
"""Keys that only the environment may set."""
_QUERY_MOST = 200  # characters
_PLATFORMS: dict[str, tuple[str, tuple[str, str]]] = {
    "hub": (
        "https://naverapihub.apigw.ntruss.com/search/v1/news",
        ("X-NCP-APIGW-API-KEY-ID", "X-NCP-APIGW-API-KEY"),
    ),
    "developers": (
        "https://openapi.naver.com/v1/search/news.json",
        ("X-Naver-Client-Id", "X-Naver-Client-Secret"),
    ),
}
"""Address and headers of the search, by where its keys are from."""
# they go into request headers
_KEY = re.compile(r"[!-~]{1,200}")


def _key(value: SecretStr) -> SecretStr:
    said = value.get_secret_value().strip()
    if not _KEY.fullmatch(said):
        raise ValueError("should be one word of letters, digits and signs, as Naver shows it")
    return SecretStr(said)


def _api(url: str) -> str:
    """Refuse what would show the keys to others on the way."""
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise ValueError("should be an address without a query: gisa adds it")
    if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
        raise ValueError("should begin with https://, since the keys are sent to it")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _query(text: str) -> str:
    kept = clean(text)
    if not kept or len(kept) > _QUERY_MOST:
        raise ValueError(f"should be a text to search for, of at most {_QUERY_MOST} characters")
    return kept


Query = Annotated[str, AfterValidator(_query)]
Queries = Annotated[
    list[Query],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    Field(min_length=1),
]
Key = Annotated[SecretStr, AfterValidator(_key)]


class NaverSettings(Strict):
    """Naver's search API: `[naver]`."""

    platform: Literal["hub", "developers"] = Field(
        "hub",
        description="where the keys are from: NAVER API HUB, or the Developers Center that it follows",
    )
    api: Annotated[Url, AfterValidator(_api)] | None = Field(
        None, description="another address of the search, such as a proxy's"
    )
    daily_calls: int = Field(
        25_000, ge=1, le=10_000_000, description="calls a day, Korean time, that gisa may make"
    )
    client_id: Key | None = Field(
        None, description="the keys' Client ID; by `GISA_NAVER_CLIENT_ID` only"
    )
    client_secret: Key | None = Field(
        None, description="the keys' Client Secret; by `GISA_NAVER_CLIENT_SECRET` only"
    )

    @property
    def address(self) -> str:
        """Where the search is asked."""
        return self.api or _PLATFORMS[self.platform][0]

    @property
    def missing(self) -> list[str]:
        """The keys that are not set."""
        return [key for key in SECRETS if getattr(self, key) is None]

    def headers(self) -> Mapping[str, str]:
        """Return the headers that hold the keys; none where one is missing. They are secrets."""
        if self.client_id is None or self.client_secret is None:
            return {}
        of_id, of_secret = _PLATFORMS[self.platform][1]
        return {
            of_id: self.client_id.get_secret_value(),
            of_secret: self.client_secret.get_secret_value(),
        }
