"""What holds in every sound database at every moment: a kill, a full disk or a bug must not break it.

Each check is one query that yields the keys for which it does not hold; a new table brings its own.
"""

from __future__ import annotations

from pipeline.store.connection import Connection

_SHOWN = 3

_CHECKS = (
    (
        "settled visits say that an article was stored, and there is none",
        "SELECT article_id FROM visits WHERE state = 'settled'"
        " AND outcome IN ('new', 'revised', 'unchanged', 'not_modified')"
        " AND article_id NOT IN (SELECT id FROM articles)",
    ),
    (
        "visits have a state that does not agree with their outcome or with when they are due",
        "SELECT article_id FROM visits WHERE (state = 'settled' AND outcome IS NULL)"
        " OR (state = 'open' AND not_before IS NULL)"
        " OR (state = 'given_up' AND not_before IS NOT NULL)",
    ),
    (
        "settled visits wait for a backfill",
        "SELECT article_id FROM visits WHERE state = 'settled' AND backfill_day NOT NULL",
    ),
    (
        "articles do not have the revisions 1 to articles.revision",
        "SELECT id FROM articles LEFT JOIN (SELECT article_id, count(*) AS many,"
        " min(revision) AS first, max(revision) AS last FROM revisions GROUP BY article_id)"
        " ON article_id = id WHERE many IS NOT articles.revision OR first IS NOT 1"
        " OR last IS NOT articles.revision",
    ),
    (
        "articles differ from their newest revision",
        "SELECT id FROM articles JOIN revisions AS newest"
        " ON newest.article_id = id AND newest.revision = articles.revision"
        " WHERE newest.content_hash <> articles.content_hash OR newest.record IS NOT NULL"
        " OR (newest.cause = 'removed' AND articles.removed_at IS NULL)",
    ),
    (
        "articles have an older revision without its record",
        "SELECT id FROM revisions AS older JOIN articles ON id = older.article_id"
        " WHERE older.revision < articles.revision AND older.record IS NULL",
    ),
    (
        "articles were seen last before they were seen first",
        "SELECT id FROM articles WHERE last_seen_at < first_seen_at",
    ),
    *(
        (
            f"articles have lost a part of their {table}",
            f"SELECT article_id FROM {table} GROUP BY article_id"  # noqa: S608
            " HAVING min(position) <> 1 OR max(position) <> count(*)",
        )
        for table in ("article_authors", "images", "links")
    ),
    (
        "runs have an end that does not agree with their outcome",
        "SELECT id FROM runs WHERE (finished_at IS NULL) <> (outcome IN ('running', 'crashed'))",
    ),
)


def broken(store: Connection) -> list[str]:
    """Return a sentence for everything that should hold between the rows and does not.

    The schema must be up to date. Reads whole tables: about a second for 100,000 articles.

    Raises:
        StoreError: the file is damaged.
    """
    faults = []
    for said, sql in _CHECKS:
        keys = [str(next(iter(row.values()))) for row in store.rows(sql)]
        if keys:
            shown = ", ".join(keys[:_SHOWN]) + (" …" if len(keys) > _SHOWN else "")
            faults.append(f"{len(keys)} {said}: {shown}")
    return faults


def damage(store: Connection, *, full: bool = False) -> list[str]:
    """Return what SQLite finds wrong with the file and with references between its tables.

    Args:
        store: the open file; its schema may be an older one.
        full: also compare every index with its table, which takes several times as long.

    Raises:
        StoreError: the file is damaged so much that it cannot be examined.
    """
    pragma = "integrity_check" if full else "quick_check"
    said = [str(*row.values()) for row in store.rows(f"PRAGMA {pragma}(3)")]
    faults = [line for line in said if line != "ok"]
    if not faults and store.rows("PRAGMA foreign_key_check"):
        faults = ["broken references"]
    return faults
