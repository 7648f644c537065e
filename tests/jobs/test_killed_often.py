"""kill -9 at random points, 200 times on one database: nothing is lost, doubled or half written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer, Newsroom, SampleArticle, SamplePortal
from pipeline.store import Store, checks, open_store
from tests.jobs.desk import ROOT, Desk
from tests.truth import same_as_truth

KILLS = 200
LONGEST = 150.0
"""Milliseconds; about as long as a run takes that is left alone."""
EXAMINED = 10
HOLD = 0.015


@dataclass
class Killer:
    """Runs in processes forked from one that has imported everything."""

    process: subprocess.Popen[str]
    hours: int = 0

    def run(self, kill_after: float = -1) -> dict[str, Any]:
        """Run once, an hour later than before, so that every article is due again."""
        self.hours += 1
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{kill_after} {self.hours}\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said


@dataclass
class Paper:
    """The portal's side: it edits, removes and publishes, and every state that it printed is noted."""

    portal: SamplePortal
    rng: random.Random
    states: dict[str, list[SampleArticle]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for article in self.portal.newsroom.articles("politics"):
            self.states[article.id] = [article]

    def goes_on(self, turn: int) -> None:
        news = self.portal.newsroom
        online = [a.id for a in news.listing("politics", 20) if a.kind == "article"]
        edited = self.rng.choice(online)
        self.states[edited].append(news.edit(edited))
        if turn % 4 == 0:
            published = news.publish("politics")
            self.states[published.id] = [published]
        if turn % 8 == 0:
            news.remove(self.rng.choice(online))
        self.portal.heal()
        for slow in self.rng.sample(online, 3):
            self.portal.answer(f"/v/{slow}", Answer(hold=HOLD))


@pytest.fixture
def killer(tmp_path: Path, big: SamplePortal) -> Iterator[Killer]:
    desk = Desk(tmp_path, big)
    ages = ", ".join(f'"{hour}h"' for hour in range(1, 3 * KILLS))
    desk.configure("politics", pipeline="concurrency = 2", source=f"revisit = [{ages}]")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.killing", str(desk.config)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield Killer(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.fixture
def big() -> Iterator[SamplePortal]:
    with SamplePortal(Newsroom(articles=30, sections=("politics",))) as running:
        yield running


@pytest.mark.timeout(180)
def test_kill_9_at_random_points_200_times(
    tmp_path: Path, big: SamplePortal, killer: Killer, record_property: Any
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown where the test fails
    rng = random.Random(seed)
    paper, path, known = Paper(big, rng), tmp_path / "gisa.db", set[str]()
    killed_at: Counter[str] = Counter()
    while killed_at.total() < KILLS:
        ended = killer.run(kill_after=rng.uniform(0, LONGEST))
        if ended["killed"]:
            killed_at[ended["at"]] += 1
        else:  # it was quicker than the signal
            assert ended["code"] == 0, ended
        if killed_at.total() % EXAMINED == 0:
            known = examined(path, known, asked(big))
        paper.goes_on(killer.hours)
    record_property("killed_at", dict(killed_at))
    print(dict(killed_at))
    assert {"fetch", "commit"} < set(killed_at)
    big.heal()
    assert killer.run()["code"] == 0
    with open_store(path) as store:
        complete(store, paper)
        assert known <= {row["article_id"] for row in store.rows("SELECT article_id FROM visits")}


def asked(portal: SamplePortal) -> set[str]:
    """Ids of the articles that were asked for so far."""
    paths = [request.path.split("?")[0] for request in portal.requests]
    return {f"daum:{path.removeprefix('/v/')}" for path in paths if path.startswith("/v/")}


def examined(path: Path, known: set[str], asked: set[str]) -> set[str]:
    """Look at the database as a kill left it; return the ids that it must never forget."""
    if not path.exists():  # the first kills came before it was made
        assert not known
        return known
    with open_store(path) as store:
        assert checks.damage(store, full=True) == []
        assert checks.broken(store) == []
        visits = {row["article_id"] for row in store.rows("SELECT article_id FROM visits")}
        # a URL is in the frontier before it is asked for, and stays there
        assert known | asked <= visits
    return visits


def complete(store: Store, paper: Paper) -> None:
    """After a run that nobody disturbed all is there, as the portal has it."""
    assert checks.damage(store, full=True) == []
    assert checks.broken(store) == []
    news = paper.portal.newsroom
    visits = {row["article_id"]: row for row in store.rows("SELECT * FROM visits")}
    assert {f"daum:{a.id}" for a in news.listing("politics", 20)} <= set(visits)
    assert {row["state"] for row in visits.values()} == {"settled"}
    stored = {row["id"] for row in store.rows("SELECT id FROM articles")}
    assert store.articles.count() == len(stored)
    assert stored  # what is online of them is compared one by one below
    for article_id in visits:
        number = article_id.removeprefix("daum:")
        if news.is_online(number) and news.article(number).kind == "article":
            found = store.articles.get(article_id)
            assert found is not None
            assert found.observed.removed_at is None
            same_as_truth(found, news.article(number))
        if article_id in stored:
            as_printed(store, article_id, paper.states[number], online=news.is_online(number))
    outcomes = Counter(row["outcome"] for row in visits.values())
    without = outcomes["not_an_article"] + sum(
        row["outcome"] == "removed" and key not in stored for key, row in visits.items()
    )
    assert len(stored) == len(visits) - without
    runs = Counter(row["outcome"] for row in store.rows("SELECT outcome FROM runs"))
    assert set(runs) == {"ok", "crashed"}


def as_printed(store: Store, article_id: str, states: list[SampleArticle], *, online: bool) -> None:
    """Every revision is a state that the portal printed, in its order; the last is what it is now."""
    printed = iter([state.headline for state in states])
    revisions = store.articles.revisions(article_id)
    assert [it.revision for it in revisions] == list(range(1, len(revisions) + 1))
    for revision in revisions:
        if revision.cause != "removed":
            headline = revision.record["headline"]
            assert any(headline == known for known in printed), (article_id, headline)
    assert (revisions[-1].cause == "removed") is not online
