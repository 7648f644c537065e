"""The schema, step by step. Steps are append-only: a released step is never edited, a change is a new one."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from pipeline.store.search_index import put_in_everything

STEPS = Migrations("gisa")


@STEPS()
def step_001_articles(db: Database) -> None:
    """Articles with every state they had, and what belongs to them."""
    db.execute("""
        CREATE TABLE sources (
            name TEXT PRIMARY KEY,
            portal TEXT NOT NULL,
            listings TEXT NOT NULL,
            schedule TEXT,
            enabled INTEGER NOT NULL,
            permission TEXT,
            updated_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE articles (
            id TEXT PRIMARY KEY,
            portal TEXT NOT NULL,
            publisher TEXT,
            source TEXT NOT NULL REFERENCES sources (name),
            url TEXT NOT NULL,
            canonical_url TEXT NOT NULL,
            original_url TEXT,
            headline TEXT NOT NULL,
            labels TEXT NOT NULL,
            subheadline TEXT,
            summary TEXT,
            summary_by TEXT,
            body TEXT NOT NULL,
            text TEXT NOT NULL,
            section TEXT,
            keywords TEXT NOT NULL,
            language TEXT,
            published_at TEXT,
            modified_at TEXT,
            published_at_source TEXT,
            redistribute TEXT NOT NULL,
            tdm TEXT NOT NULL,
            ai_train TEXT NOT NULL,
            rights TEXT NOT NULL,
            warnings TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            removed_at TEXT,
            revision INTEGER NOT NULL,
            content_hash TEXT NOT NULL,
            parser TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_published_at ON articles (published_at)")
    db.execute("CREATE INDEX articles_first_seen_at ON articles (first_seen_at)")
    db.execute("CREATE INDEX articles_source ON articles (source)")
    db.execute("""
        CREATE TABLE revisions (
            article_id TEXT NOT NULL REFERENCES articles (id),
            revision INTEGER NOT NULL,
            seen_at TEXT NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('publisher', 'parser', 'removed', 'restored')),
            content_hash TEXT NOT NULL,
            record TEXT NOT NULL,
            PRIMARY KEY (article_id, revision)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE authors (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            email TEXT NOT NULL DEFAULT '',
            UNIQUE (name, email)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE article_authors (
            article_id TEXT NOT NULL REFERENCES articles (id),
            position INTEGER NOT NULL,
            author_id INTEGER NOT NULL REFERENCES authors (id),
            role TEXT,
            PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX article_authors_author ON article_authors (author_id)")
    for table, columns in (("images", "caption TEXT, credit TEXT"), ("links", "headline TEXT")):
        db.execute(f"""
            CREATE TABLE {table} (
                article_id TEXT NOT NULL REFERENCES articles (id),
                position INTEGER NOT NULL,
                url TEXT NOT NULL,
                {columns},
                PRIMARY KEY (article_id, position)
            ) STRICT, WITHOUT ROWID
        """)


@STEPS()
def step_002_crawling(db: Database) -> None:
    """The frontier, what portals showed where, hosts, runs and the quarantine."""
    db.execute("""
        CREATE TABLE visits (
            seq INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL REFERENCES sources (name),
            url TEXT NOT NULL,
            listed_url TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'given_up')),
            outcome TEXT,
            reason TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            first_listed_at TEXT NOT NULL,
            last_visit_at TEXT,
            not_before TEXT,
            etag TEXT,
            last_modified TEXT
        ) STRICT
    """)
    db.execute("CREATE INDEX visits_due ON visits (source, not_before) WHERE not_before NOT NULL")
    db.execute("""
        CREATE TABLE sightings (
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL,
            source TEXT NOT NULL REFERENCES sources (name),
            listing TEXT NOT NULL,
            rank INTEGER NOT NULL,
            headline TEXT NOT NULL,
            seen_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX sightings_article ON sightings (article_id, seen_at)")
    db.execute("""
        CREATE TABLE hosts (
            authority TEXT PRIMARY KEY,
            next_request_at REAL NOT NULL DEFAULT 0,
            retry_at REAL NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            requests INTEGER NOT NULL DEFAULT 0,
            last_request_at TEXT
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE robots (
            origin TEXT PRIMARY KEY,
            status INTEGER NOT NULL,
            text TEXT NOT NULL,
            fetched_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (name),
            started_at TEXT NOT NULL,
            finished_at TEXT,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL DEFAULT '',
            listed INTEGER NOT NULL DEFAULT 0,
            new INTEGER NOT NULL DEFAULT 0,
            revised INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            removed INTEGER NOT NULL DEFAULT 0,
            skipped INTEGER NOT NULL DEFAULT 0,
            quarantined INTEGER NOT NULL DEFAULT 0,
            errors INTEGER NOT NULL DEFAULT 0,
            open INTEGER NOT NULL DEFAULT 0,
            problems TEXT NOT NULL DEFAULT '[]',
            holder TEXT NOT NULL DEFAULT ''
        ) STRICT
    """)
    db.execute("CREATE INDEX runs_source ON runs (source, started_at)")
    db.execute("""
        CREATE TABLE pages (
            hash TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            size INTEGER NOT NULL,
            zstd BLOB NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL,
            source TEXT NOT NULL REFERENCES sources (name),
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            page TEXT NOT NULL REFERENCES pages (hash),
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            times INTEGER NOT NULL DEFAULT 1,
            UNIQUE (url, page)
        ) STRICT
    """)


@STEPS()
def step_003_manners(db: Database) -> None:
    """What a publisher may ask: how often, what last; and pages that come back byte for byte."""
    db.execute("ALTER TABLE hosts ADD COLUMN day TEXT")
    db.execute("ALTER TABLE hosts ADD COLUMN requests_that_day INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE hosts ADD COLUMN last_url TEXT")
    db.execute("ALTER TABLE visits ADD COLUMN body_hash TEXT")


_ARTICLES_005 = """
    CREATE TABLE articles (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        portal TEXT NOT NULL,
        publisher TEXT,
        source TEXT NOT NULL REFERENCES sources (name),
        section TEXT,
        language TEXT,
        headline TEXT NOT NULL,
        subheadline TEXT,
        url TEXT NOT NULL,
        canonical_url TEXT NOT NULL,
        original_url TEXT,
        published_at TEXT,
        modified_at TEXT,
        published_at_source TEXT,
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        removed_at TEXT,
        revision INTEGER NOT NULL,
        redistribute TEXT NOT NULL,
        tdm TEXT NOT NULL,
        ai_train TEXT NOT NULL,
        parser TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        rest_hash TEXT NOT NULL DEFAULT '',
        doubted_hash TEXT,
        labels TEXT NOT NULL,
        keywords TEXT NOT NULL,
        warnings TEXT NOT NULL,
        summary TEXT,
        summary_by TEXT,
        rights TEXT NOT NULL,
        body TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT
"""
"""Short columns come first: what lists and counts articles need not read past their texts."""


@STEPS()
def step_005_articles(db: Database) -> None:
    """Articles get a number that no VACUUM changes; the newest state of each is kept once, not twice.

    Tables that refer to `articles` keep their references: foreign keys are not enforced while steps are taken,
    and with the old way of renaming the references stay with the name.
    """
    columns = ", ".join(row[1] for row in db.execute("PRAGMA table_info(articles)"))
    db.execute("PRAGMA legacy_alter_table = ON")
    db.execute("ALTER TABLE articles RENAME TO articles_before_005")
    db.execute(_ARTICLES_005)
    db.execute(
        f"INSERT INTO articles ({columns}) SELECT {columns}"  # noqa: S608
        " FROM articles_before_005 ORDER BY rowid"
    )
    db.execute("DROP TABLE articles_before_005")
    db.execute("PRAGMA legacy_alter_table = OFF")
    db.execute("CREATE INDEX articles_published_at ON articles (published_at)")
    db.execute("CREATE INDEX articles_first_seen_at ON articles (first_seen_at)")
    db.execute("CREATE INDEX articles_source ON articles (source)")
    db.execute("ALTER TABLE revisions RENAME TO revisions_before_005")
    db.execute("""
        CREATE TABLE revisions (
            article_id TEXT NOT NULL REFERENCES articles (id),
            revision INTEGER NOT NULL,
            seen_at TEXT NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('publisher', 'parser', 'removed', 'restored')),
            content_hash TEXT NOT NULL,
            record TEXT,
            PRIMARY KEY (article_id, revision)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        INSERT INTO revisions SELECT article_id, revision, seen_at, cause, content_hash,
            iif(revision = (SELECT revision FROM articles WHERE id = article_id), NULL, record)
        FROM revisions_before_005
    """)
    db.execute("DROP TABLE revisions_before_005")


@STEPS()
def step_007_search(db: Database) -> None:
    """The search index, with all articles that are there in it."""
    db.execute("""
        CREATE VIRTUAL TABLE articles_fts USING fts5 (terms, content = '', detail = none, tokenize = 'ascii')
    """)
    # terms are gathered in memory, by default 1 MB of them: a batch of articles has more
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 4000000)")
    put_in_everything(db)
