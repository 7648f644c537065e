"""The audit sheet: by which rule an export kept and dropped, how much of whom, and on which evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobs.exporting.sheets import facts, table, text
from jobs.exporting.tally import Tally
from pipeline.rights_gate import Purpose

RULES: Mapping[Purpose, str] = {
    "ai-training": (
        "kept where the record's rights say of AI training that it is allowed or licensed, and the publisher"
        " has not taken the article down"
    ),
    "redistribution": (
        "kept where the record's rights say of redistribution that it is allowed or licensed, and the publisher"
        " has not taken the article down"
    ),
    "analysis": (
        "kept unless the record's rights say of text and data mining that it is reserved or prohibited; where"
        " nothing is said (no_reservation) that is no permission"
    ),
}
_WITHHELD = {
    "emails": "addresses of authors",
    "images": "pictures: address, caption and credit",
    "related": "headlines and addresses of other articles",
    "portal_summaries": "summaries that a portal's machine wrote",
}
_NOTICES_SHOWN = 50
NO_ADVICE = (
    "Rights are read by fixed rules from what pages, headers and robots.txt said when they were fetched. This"
    " is a record of evidence and no legal advice."
)


def audit(tally: Tally, purpose: Purpose, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sheet; `about` says of which file, by which command and when."""
    return {
        **about,
        "purpose": purpose,
        "rule": RULES[purpose],
        "note": NO_ADVICE,
        "considered": tally.kept + tally.dropped,
        "kept": tally.kept,
        "dropped": tally.dropped,
        "kept_by_reason": tally.reasons(kept=True),
        "dropped_by_reason": tally.reasons(kept=False),
        "by_publisher": [*_publishers(tally)],
        "withheld": {name: tally.withheld[name] for name in _WITHHELD},
        "rights_read_from": tally.rights_read.first,
        "rights_read_to": tally.rights_read.last,
        "notices": [*_notices(tally)],
        "examples": dict(tally.examples),
    }


def lines(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sheet as Markdown."""
    yield from (f"# Audit of {text(said['file'])}", "", NO_ADVICE, "")
    names = ("purpose", "rule", "made_at", "command", "sha256", "considered", "kept", "dropped")
    yield from facts((name, said[name]) for name in names)
    span = (said["rights_read_from"], said["rights_read_to"])
    yield from facts(zip(("rights read from", "rights read to"), span, strict=True))
    for name in ("kept", "dropped"):
        yield from (f"## {name.capitalize()} by reason", "")
        yield from table(("reason", "articles"), said[f"{name}_by_reason"].items())
    yield from ("## By publisher", "")
    rows = (
        (row["publisher"], row["kept"], row["dropped"], _reasons(row["reasons"]))
        for row in said["by_publisher"]
    )
    yield from table(("publisher", "kept", "dropped", "reasons"), rows)
    yield from ("## Left out of the records that were kept", "")
    left_out = ((_WITHHELD[name], times) for name, times in said["withheld"].items() if times)
    yield from table(("what", "how many"), left_out)
    yield from ("## Notices, as printed", "")
    notices = said["notices"]
    yield from table(
        ("notice", "SHA-256", "kept", "dropped"),
        ((it["text"], it["sha256"], it["kept"], it["dropped"]) for it in notices),
    )
    yield from ("## Examples", "")
    for reason, examples in said["examples"].items():
        yield from (f"### {text(reason)}", "")
        yield from table(("article", "publisher", "evidence", "SHA-256"), _evidence(examples))


def _publishers(tally: Tally) -> Iterator[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for publisher, counts in tally.verdicts.items():
        kept = sum(times for (was_kept, _), times in counts.items() if was_kept)
        dropped = sum(counts.values()) - kept
        reasons = {reason: times for (_, reason), times in counts.most_common()}
        rows.append(
            {
                "publisher": publisher or None,
                "kept": kept,
                "dropped": dropped,
                "reasons": reasons,
            }
        )
    yield from sorted(rows, key=lambda row: (-row["kept"] - row["dropped"], row["publisher"] or ""))


def _notices(tally: Tally) -> Iterator[dict[str, Any]]:
    often = sorted(tally.notices.items(), key=lambda it: -it[1].kept - it[1].dropped)
    for key, notice in often[:_NOTICES_SHOWN]:
        yield {
            "sha256": key,
            "text": notice.text,
            "kept": notice.kept,
            "dropped": notice.dropped,
        }


def _reasons(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {times}" for reason, times in counts.items())


def _evidence(examples: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for example in examples:
        for signal in example["signals"] or [{"type": "none", "value": "", "sha256": ""}]:
            said = f"{signal['type']}: {signal['value']}" if signal["value"] else signal["type"]
            yield example["id"], example["publisher"], said, signal["sha256"] or "none"
