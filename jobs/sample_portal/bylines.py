"""Who wrote an article and how its page says so: byline, dateline and the lines below the body."""

from collections.abc import Sequence

from jobs.sample_portal import words
from jobs.sample_portal.article import Kind, RelatedLink, SampleAuthor
from jobs.sample_portal.press import Press
from jobs.sample_portal.prose import Writer, with_particle


def subscription(publisher: str) -> str:
    """Return the line that asks for a subscription; it stands in some bodies and below all."""
    return f"네이버에서 {with_particle(publisher, '을')} 구독하세요"


def authors_of(press: Press, section: str, kind: Kind, writer: Writer) -> tuple[SampleAuthor, ...]:
    """Return the people the page names anywhere, with the address and role it prints."""
    shows_nobody = press.byline == "press" or (press.byline == "absent" and not press.dateline)
    if shows_nobody or (press.byline == "absent" and kind != "article"):
        return ()
    has_mail = press.byline in ("name_email", "press_email")
    has_mail = has_mail or (kind == "article" and bool({"sign", "email"} & set(press.tail)))
    names = writer.rng.sample(range(len(words.GIVEN_NAMES)), 2 if press.byline == "several" else 1)
    role = _role(press, section, kind)
    return tuple(
        SampleAuthor(
            writer.rng.choice(words.SURNAMES) + words.GIVEN_NAMES[name],
            f"{words.NAME_IN_LATIN[name]}@{press.domain}" if has_mail else None,
            role,
        )
        for name in names
    )


def _role(press: Press, section: str, kind: Kind) -> str | None:
    if press.byline == "reporter" and section == "foreign":
        return "특파원"
    is_told = press.byline not in ("name", "name_email")
    return "기자" if is_told or (press.dateline and kind == "article") else None


def byline_of(press: Press, authors: Sequence[SampleAuthor], town: str) -> str | None:
    """Return the line beside the dates."""
    if press.byline == "absent":
        return None
    if press.byline == "press":
        return press.name
    name, email, role = authors[0]
    return {
        "reporter": f"{name} {role}",
        "name": name,
        "name_email": f"{name} {email}",
        "press_email": f"{name} {press.name} 기자({email})",
        "several": "·".join(author.name for author in authors) + " 기자",
        "place": f"{town[:-1]} = {name} 기자",
        "desk": f"{press.name} {name} 기자",
    }[press.byline]


def dateline_of(press: Press, authors: Sequence[SampleAuthor], town: str) -> str | None:
    """Return what opens the first paragraph and is not part of it."""
    if press.dateline == "agency":
        return f"({town[:-1]}={press.name}) {authors[0].name} 기자 ="
    return f"[{press.name} {authors[0].name} 기자]" if press.dateline == "bracket" else None


def tail_of(
    press: Press, authors: Sequence[SampleAuthor], related: Sequence[RelatedLink]
) -> tuple[str, ...]:
    """Return the lines that follow the text inside the body and are not part of it."""
    name, email, role = authors[0] if authors else ("", f"news@{press.domain}", None)
    lines = {
        "email": (str(email),),
        "sign": (f"{name} {role} {email}",),
        "rights": (f"<저작권자 ⓒ {press.name}, 무단전재 및 재배포 금지>",),
        "tip": (f"▶제보는 카톡 {press.slug}jebo",),
        "photo": (f"사진={press.name} 제공",),
        "related": ("[관련기사]", *(f"☞ {link.headline}" for link in related[:2])),
        "subscribe": (subscription(press.name),),
    }
    return tuple(line for form in press.tail for line in lines[form])
