"""Articles that a site of the press has only in its scripts, written out as plain markup.

The pages of Arc (조선일보, 조선비즈) and those of 한국일보 in January 2026 come without a body: a script fills
it in from JSON. What is written out here has `h1`, `h2`, `.by`, `.times`, `.section`, `.tags a` and `#story`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from pipeline.bylines import EMAIL
from pipeline.json_script import Json, parse_script, text_of, texts_of
from pipeline.select import Tree

ARC_STATE = "Fusion.globalContent"
_ARC = re.compile(r"Fusion\.globalContent\s*=\s*(?=\{)")
_DETAIL = re.compile(r'"detail"\s*:\s*(?=\{)')
_PLACEHOLDER = re.compile(r"\$\$\w+\$\$")  # $$ARTICLEAD$$
_GLUED = re.compile(r"(?<=다\.)(?=[가-힣]{2,6}=[가-힣]{2,4} 기자 [\w.+-]{1,40}@)")
_ELEMENTS_MOST = 1000


def arc_story(tree: Tree) -> str | None:
    """Return the story of `Fusion.globalContent`, in the ANS schema of Arc XP."""
    story = _object(tree, _ARC, "content_elements")
    if story is None:
        return None
    by = [person for person in _list(_at(story, "credits", "by")) if isinstance(person, dict)]
    elements = _list(story["content_elements"])[:_ELEMENTS_MOST]
    return _written(
        heads=(_text(_at(story, "headlines", "basic")), _text(_at(story, "subheadlines", "basic"))),
        by=[f"{text_of(person.get('name')) or ''} {_email(person)}" for person in by],
        times=(story.get("display_date"), story.get("last_updated_date")),
        section=_text(_at(story, "taxonomy", "primary_section", "name")),
        tags=[_text(_at(tag, "text")) for tag in _list(_at(story, "taxonomy", "tags"))],
        body="".join(_element(element) for element in elements if isinstance(element, dict)),
    )


def unglued_story(tree: Tree) -> str:
    """Return the page with a line break between the last sentence and the reporter glued to it.

    조선닷컴 printed "…처리했다.부산=홍길동 기자 gildong@…": on one line a short sentence passes for a sign-off.
    """
    return _GLUED.sub("<br>", tree.html or "")


def hankook_story(tree: Tree) -> str | None:
    """Return the story of the state that 한국일보 hands to its scripts; the body in it is HTML."""
    story = _object(tree, _DETAIL, "contentHtml")
    if story is None or not isinstance(story["contentHtml"], str):
        return None
    deck = story.get("subTitle")
    people = [person for person in _list(story.get("byLines")) if isinstance(person, dict)]
    return _written(
        heads=(_text(story.get("title")), deck if isinstance(deck, str) else ""),  # lines by <br>
        by=[_text(story.get("writerDisplay")), *map(_email, people)],
        times=(story.get("deployDt"), story.get("reDeployDt")),
        section=_text(story.get("sectionName")),
        tags=[_text(_at(tag, "tag")) for tag in _list(story.get("tags"))],
        body=_PLACEHOLDER.sub("", story["contentHtml"]),
    )


def _written(
    *,
    heads: tuple[str, str],
    by: Iterable[str],
    times: tuple[object, object],
    section: str,
    tags: Iterable[str],
    body: str,
) -> str:
    published, modified = (_text(time) for time in times)
    changed = f"<p>수정 {modified}</p>" if modified else ""
    return (
        f"<h1>{heads[0]}</h1><h2>{heads[1]}</h2>"
        + "".join(f'<p class="by">{name}</p>' for name in by if name.strip())
        + f'<div class="times"><p>입력 {published}</p>{changed}</div>'
        + f'<p class="section">{section}</p><div class="tags">'
        + "".join(f"<a>{tag}</a>" for tag in tags if tag)
        + f'</div><div id="story">{body}</div>'
    )


def _object(tree: Tree, opening: re.Pattern[str], key: str) -> Json | None:
    for script in tree.css("script"):
        text = script.text()
        if key not in text:
            continue
        match = opening.search(text)
        values = parse_script(text[match.end() :]) if match else []
        if values and isinstance(values[0], dict) and key in values[0]:
            found: Json = values[0]
            return found
    return None


def _element(element: Json) -> str:
    kind, content = element.get("type"), element.get("content")
    if kind == "image":
        caption = _text(element.get("caption"))
        credit = ", ".join(_text(_at(by, "name")) for by in _list(_at(element, "credits", "by")))
        said = f"{caption} /{credit}" if caption and credit else caption or credit
        return f'<figure><img src="{_text(element.get("url"))}"><figcaption>{said}</figcaption></figure>'
    if kind == "video":
        return "<video></video>"
    if kind == "list":
        items = [_text(_at(item, "content")) for item in _list(element.get("items"))]
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    if kind == "quote":
        said = "<br>".join(
            _text(_at(part, "content")) for part in _list(element.get("content_elements"))
        )
        return f"<blockquote>{said}</blockquote>"
    tag = {"text": "p", "header": "h3"}.get(str(kind))
    return f"<{tag}>{content}</{tag}>" if tag and isinstance(content, str) else ""


def _email(person: Json) -> str:
    """Return the address of a person, under whatever key it stands."""
    original = _at(person, "additional_properties", "original")
    values = [*person.values(), *(original.values() if isinstance(original, dict) else ())]
    said = (EMAIL.search(text) for text in texts_of([v for v in values if isinstance(v, str)]))
    return next((match.group() for match in said if match), "")


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return escape(text_of(value) or "")
