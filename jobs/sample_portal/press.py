"""The fictional publishers and the habits by which their articles differ on the portal."""

from dataclasses import dataclass
from typing import Final, Literal

from jobs.sample_portal.article import Wrapping

BylineForm = Literal[
    "reporter",  # 김온결 기자
    "name",  # 김온결
    "name_email",  # 김온결 ongyeol@hanbit.example
    "press_email",  # 김온결 한빛일보 기자(ongyeol@hanbit.example)
    "several",  # 김온결·박누솔 기자
    "place",  # 한빛 = 김온결 기자
    "desk",  # 한빛일보 김온결 기자
    "press",  # 도담누리방송
    "absent",
]
DatelineForm = Literal["agency", "bracket"]
TailForm = Literal["email", "sign", "rights", "tip", "photo", "related", "subscribe"]


@dataclass(frozen=True, slots=True)
class Press:
    """One publisher: names first, then its habits."""

    name: str
    slug: str
    notice: str
    byline: BylineForm
    wrapping: Wrapping
    tail: tuple[TailForm, ...] = ()
    dateline: DatelineForm | None = None

    @property
    def domain(self) -> str:
        """Return the host of the publisher's own site, in a domain that can never exist."""
        return f"{self.slug}.example"


_AI = "Copyright © {}. 무단 전재, 재배포 및 AI학습 이용 금지."
_NO_AI = "Copyright © {}. 무단전재 및 재배포 금지."
_RESERVED = "Copyright © {}. All rights reserved."
_RESERVED_AI = "Copyright ⓒ {}. All rights reserved. 무단 전재 및 재배포, AI학습 이용 금지."

PRESSES: Final = (
    Press("한빛일보", "hanbit", _AI, "reporter", "p", ("sign",)),
    Press("다온통신", "daontong", _AI, "name", "p", ("email", "rights", "tip"), "agency"),
    Press("누리빛경제", "nuribit", _NO_AI, "press_email", "div_br", ("email",)),
    Press("너울가람신문", "neoulgaram", _AI, "absent", "p", ("sign", "related"), "bracket"),
    Press("도담누리방송", "dodam", _RESERVED, "press", "mixed", ("tip", "subscribe")),
    Press("미르솔타임스", "mirsol", _AI, "several", "div_p", ("photo",)),
    Press("모퉁이불빛뉴스", "motungi", _NO_AI, "reporter", "mixed", ("sign", "photo")),
    Press("아람골저널", "aramgol", _AI, "name_email", "div_br"),
    Press("해찬누리스포츠", "haechan", _RESERVED_AI, "place", "p", ("email",)),
    Press("별마루테크", "byeolmaru", _AI, "desk", "p", ("sign", "subscribe")),
    Press("온새미경제TV", "onsaemi", _RESERVED, "reporter", "div_p", ("related", "rights")),
)

# Posts of creators, whose ids on the portal are letters and not a time.
CREATORS: Final = (
    Press("골목길 기록자", "golmok", _RESERVED, "press", "p"),
    Press("느린책 읽는이", "slowbook", _NO_AI, "absent", "div_p"),
)
