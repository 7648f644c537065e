"""Rights: notices in their many forms, machine signals by their standards, the strictest wins."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.records import Rights, Uses
from pipeline.rights import read_rights
from pipeline.rights_signals import AI_CRAWLERS, uses_by
from pipeline.select import parse
from pipeline.structured import read_head

NOON = datetime(2026, 9, 27, 3, tzinfo=UTC)
P, R, A, L, U = "prohibited", "reserved", "allowed", "licensed", "unknown"


def rights(*notices: str, head: str = "", **more) -> Rights:
    given = {"robots_tags": (), "permission": None, "site_signals": (), **more}
    return read_rights(notices=notices, head=read_head(parse(head)), seen_at=NOON, **given)


@pytest.mark.parametrize(
    ("notice", "uses"),
    [
        ("Copyright © 한빛일보. 무단 전재, 재배포 및 AI학습 이용 금지.", (P, R, P)),
        ("ⓒ한빛일보(www.hanbit.example), 무단 전재 및 수집, 재배포 금지", (P, U, U)),
        ("<저작권자(c) 다온통신, 무단 전재-재배포, AI 학습 및 활용 금지>", (P, R, P)),
        ("저작권자 © 새벽신문 무단전재 및 재배포, AI학습 및 활용 금지", (P, R, P)),
        ("Copyright ⓒ 한빛일보. All rights reserved. 무단 전재 및 재배포 금지.", (P, U, U)),
        ("Copyright 2026. 한빛방송 All rights reserved.", (R, U, U)),
        ("인공지능 학습 데이터로의 이용을 금지합니다", (U, R, P)),
        ("크롤링 및 데이터마이닝을 금합니다. 무단 수집 금지", (U, P, U)),
        ("© Hanbit Daily. May not be used for AI training. Data mining is prohibited.", (U, P, P)),
        ("Unauthorised reproduction and use for training of artificial intelligence prohibited", (P, R, P)),
        ("한빛일보 김하늘 기자", (U, U, U)),
    ],
)  # fmt: skip
def test_notices(notice: str, uses: tuple) -> None:
    found = rights(notice)
    assert found.uses == Uses(*uses)
    assert (found.notice, found.signals[0].value) == (notice, notice)


@pytest.mark.parametrize(
    ("kind", "value", "uses"),
    [
        ("meta-robots", "index, follow, max-image-preview:large", (U, U, U)),
        ("meta-robots", "noai, noimageai", (U, R, P)),
        ("x-robots-tag", "gisa: noai", (U, R, P)),
        ("x-robots-tag", "noarchive", (U, U, U)),
        ("tdmrep", "1", (U, R, R)),
        ("tdmrep", "1 (policy https://hanbit.example/tdm.json)", (U, R, R)),
        ("tdmrep", "0", (U, U, U)),
        ("content-signal", "search=yes, ai-train=no", (U, R, P)),
        ("content-signal", "ai-train=yes,search=yes", (U, U, A)),
        ("content-signal", "search=yes,ai-input=no", (U, R, U)),
        ("content-signal", "search=yes", (U, U, U)),
        ("robots", "keeps out GPTBot", (U, R, R)),
        ("rsl", "https://hanbit.example/license.xml", (U, R, R)),
        ("license", "https://creativecommons.org/licenses/by/4.0/", (L, L, L)),
        ("license", "https://creativecommons.org/licenses/by-sa/4.0/deed.ko", (L, L, L)),
        ("license", "http://creativecommons.org/licenses/by-nc/2.0/kr/", (L, U, U)),
        ("license", "https://creativecommons.org/licenses/by-nd/4.0/", (L, U, U)),
        ("license", "https://creativecommons.org/publicdomain/zero/1.0/", (L, L, L)),
        ("license", "https://hanbit.example/terms", (U, U, U)),
        ("permission", "gisa may do everything", (U, U, U)),
    ],
)  # fmt: skip
def test_signals(kind, value: str, uses: tuple) -> None:
    assert uses_by(kind, value) == Uses(*uses)


def test_the_strictest_wins_and_all_are_kept() -> None:
    head = (
        '<meta name="robots" content="noai"><meta name="tdm-reservation" content="1">'
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    )
    found = rights(
        "© 한빛일보. All rights reserved.", head=head, robots_tags=("noarchive",), permission="한빛, 2026",
        site_signals=(("content-signal", "ai-train=yes"), ("robots", "keeps out GPTBot")),
    )  # fmt: skip
    assert found.uses == Uses("reserved", "reserved", "prohibited")
    assert [signal.type for signal in found.signals] == [
        "notice", "meta-robots", "x-robots-tag", "tdmrep", "license", "content-signal", "robots", "permission",
    ]  # fmt: skip
    assert found.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert {signal.seen_at for signal in found.signals} == {NOON}


def test_permission_softens_nothing() -> None:
    assert rights("AI 학습 이용 금지", permission="we may").uses.ai_train == "prohibited"


def test_nothing_said_is_unknown() -> None:
    assert rights() == Rights()


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "license"),
        ("https://hanbit.example/license.xml", "rsl"),
        ("/rsl/terms.rsl", "rsl"),
        ("/about/terms", None),
    ],
)
def test_licence_links(href: str, kind) -> None:
    found = rights(head=f'<body><a rel="license nofollow" href="{href}">이용 조건</a>')
    assert [signal.type for signal in found.signals] == ([kind] if kind else [])


def test_crawlers_are_named_once() -> None:
    assert len({name.lower() for name in AI_CRAWLERS}) == len(AI_CRAWLERS)
