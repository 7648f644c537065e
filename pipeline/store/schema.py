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


_STANDS_004 = """
    FROM placements p
    JOIN looks l ON l.shows = p.look
    JOIN listings li ON li.id = l.listing
    JOIN visits v ON v.seq = p.visit
    JOIN listed_headlines h ON h.visit = p.visit AND h.number = p.headline
    WHERE NOT EXISTS (
        SELECT 1 FROM placements twice WHERE twice.visit = p.visit AND twice.look = p.look
            AND (twice.rank, twice.headline) < (p.rank, p.headline)
    )
"""
"""An article at a look of a listing, at its best rank where it is shown more than once."""

_SECONDS_004 = """
    strftime('%s', min(coalesce(
        (SELECT next.seen_at FROM looks next WHERE next.listing = l.listing
            AND next.seen_at >= l.seen_at AND (next.seen_at, next.id) > (l.seen_at, l.id)
            ORDER BY next.seen_at, next.id LIMIT 1),
        l.seen_at
    ), strftime('%Y-%m-%dT%H:%M:%SZ', l.seen_at, '+1 hour')))
    - strftime('%s', l.seen_at)
"""
"""How long a look speaks for: until the listing's next one, at most an hour, and nothing for the newest."""


@STEPS()
def step_004_sightings(db: Database) -> None:
    """What a listing showed is kept by looks; an unchanged one costs one row, a headline is kept once.

    Old rows are carried over; one that was there twice word for word is there once. Every one of them has its
    visit: both were written in one transaction.
    """
    db.execute("""
        CREATE TABLE listings (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (name),
            url TEXT NOT NULL,
            UNIQUE (source, url)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE looks (
            id INTEGER PRIMARY KEY,
            listing INTEGER NOT NULL REFERENCES listings (id),
            shows INTEGER NOT NULL REFERENCES looks (id),
            seen_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX looks_listing ON looks (listing, seen_at)")
    db.execute("CREATE INDEX looks_shows ON looks (shows)")
    db.execute("""
        CREATE TABLE listed_headlines (
            visit INTEGER NOT NULL REFERENCES visits (seq),
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (visit, number)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE placements (
            look INTEGER NOT NULL REFERENCES looks (id),
            rank INTEGER NOT NULL,
            visit INTEGER NOT NULL,
            headline INTEGER NOT NULL,
            PRIMARY KEY (look, rank, visit, headline),
            FOREIGN KEY (visit, headline) REFERENCES listed_headlines (visit, number)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX placements_visit ON placements (visit)")
    db.execute("""
        CREATE TABLE past_standings (
            visit INTEGER NOT NULL REFERENCES visits (seq),
            listing INTEGER NOT NULL REFERENCES listings (id),
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            looks INTEGER NOT NULL,
            seconds INTEGER NOT NULL,
            best_rank INTEGER NOT NULL,
            last_rank INTEGER NOT NULL,
            PRIMARY KEY (visit, listing)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX past_standings_listing ON past_standings (listing)")
    _carry_sightings_over(db)
    _look_back_at_listings(db)


def _carry_sightings_over(db: Database) -> None:
    db.execute(
        "INSERT INTO listings (source, url) SELECT source, listing FROM sightings"
        " GROUP BY source, listing ORDER BY min(id)"
    )
    db.execute("""
        INSERT INTO looks (listing, shows, seen_at)
        SELECT li.id, 0, seen_at FROM sightings s
        JOIN listings li ON li.source = s.source AND li.url = s.listing
        GROUP BY li.id, seen_at ORDER BY min(s.id)
    """)
    db.execute("UPDATE looks SET shows = id")
    db.execute("""
        INSERT INTO listed_headlines
        SELECT seq, row_number() OVER (PARTITION BY seq ORDER BY min(s.id)), headline
        FROM sightings s JOIN visits v ON v.article_id = s.article_id GROUP BY seq, headline
    """)
    db.execute("""
        INSERT INTO placements
        SELECT DISTINCT l.id, s.rank, v.seq, h.number
        FROM sightings s
        JOIN listings li ON li.source = s.source AND li.url = s.listing
        JOIN looks l ON l.listing = li.id AND l.seen_at = s.seen_at
        JOIN visits v ON v.article_id = s.article_id
        JOIN listed_headlines h ON h.visit = v.seq AND h.text = s.headline
    """)
    db.execute("DROP TABLE sightings")


def _look_back_at_listings(db: Database) -> None:
    db.execute("""
        CREATE VIEW sightings AS
        SELECT v.article_id, li.source, li.url AS listing, p.rank, h.text AS headline, l.seen_at
        FROM placements p
        JOIN looks l ON l.shows = p.look
        JOIN listings li ON li.id = l.listing
        JOIN visits v ON v.seq = p.visit
        JOIN listed_headlines h ON h.visit = p.visit AND h.number = p.headline
    """)
    db.execute(f"""
        CREATE VIEW stands AS
        SELECT v.article_id, li.source, li.url AS listing, l.id AS look, l.seen_at, p.rank,
            h.text AS headline, {_SECONDS_004} AS seconds
        {_STANDS_004}
    """)
    # One level of GROUP BY only, over tables: a condition on the article or the listing is not handed on to a
    # second one, and the whole table would be read for one article.
    db.execute(f"""
        CREATE VIEW standings AS
        SELECT kept.article_id, kept.source, kept.listing,
            min(kept.first_seen_at, coalesce(past.first_seen_at, kept.first_seen_at)) AS first_seen_at,
            max(kept.last_seen_at, coalesce(past.last_seen_at, kept.last_seen_at)) AS last_seen_at,
            kept.looks + coalesce(past.looks, 0) AS looks,
            (kept.seconds + coalesce(past.seconds, 0)) / 60 AS minutes,
            min(kept.best_rank, coalesce(past.best_rank, kept.best_rank)) AS best_rank,
            kept.last_rank, kept.headlines
        FROM (
            SELECT v.article_id, li.source, li.url AS listing, v.seq AS visit, li.id AS number,
                min(l.seen_at) AS first_seen_at, max(l.seen_at) AS last_seen_at, count(*) AS looks,
                sum({_SECONDS_004}) AS seconds, min(p.rank) AS best_rank,
                CAST(substr(max(printf('%s %012d ', l.seen_at, l.id) || p.rank), 35) AS INTEGER)
                    AS last_rank,
                count(DISTINCT p.headline) AS headlines
            {_STANDS_004}
            GROUP BY v.article_id, li.source, li.url
        ) kept LEFT JOIN past_standings past ON past.visit = kept.visit AND past.listing = kept.number
        UNION ALL
        SELECT v.article_id, li.source, li.url, past.first_seen_at, past.last_seen_at, past.looks,
            past.seconds / 60, past.best_rank, past.last_rank, 0
        FROM past_standings past
        JOIN visits v ON v.seq = past.visit
        JOIN listings li ON li.id = past.listing
        WHERE NOT EXISTS (
            SELECT 1 FROM placements p CROSS JOIN looks l ON l.shows = p.look
            WHERE p.visit = past.visit AND l.listing = past.listing
        )
    """)  # noqa: S608
    db.execute("""
        CREATE VIEW listed_headline_changes AS
        SELECT DISTINCT article_id, source, listing, headline,
            min(seen_at) OVER run AS first_seen_at, max(seen_at) OVER run AS last_seen_at,
            count(*) OVER run AS looks
        FROM (
            SELECT article_id, source, listing, headline, seen_at, sum(changed) OVER upwards AS run
            FROM (
                SELECT article_id, source, listing, look, seen_at, headline,
                    headline IS NOT lag(headline) OVER upwards AS changed
                FROM stands
                WINDOW upwards AS (PARTITION BY article_id, source, listing ORDER BY seen_at, look)
            )
            WINDOW upwards AS (PARTITION BY article_id, source, listing ORDER BY seen_at, look)
        ) WINDOW run AS (PARTITION BY article_id, source, listing, run)
    """)


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
def step_006_stories(db: Database) -> None:
    """Which articles are one, and which are copies of one text."""
    db.execute("""
        CREATE TABLE stories (
            id INTEGER PRIMARY KEY REFERENCES articles (seq),
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            articles INTEGER NOT NULL,
            publishers INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX stories_last_seen_at ON stories (last_seen_at)")
    db.execute("""
        CREATE TABLE story_articles (
            article INTEGER PRIMARY KEY REFERENCES articles (seq),
            story INTEGER NOT NULL REFERENCES articles (seq),
            relation TEXT NOT NULL CHECK (relation IN ('first', 'same', 'copy')),
            of_article INTEGER REFERENCES articles (seq),
            likeness REAL,
            url_key INTEGER,
            headline_key INTEGER
        ) STRICT
    """)
    db.execute(
        "CREATE INDEX story_articles_story ON story_articles (story) WHERE relation <> 'first'"
    )
    for key in ("url_key", "headline_key"):
        db.execute(
            f"CREATE INDEX story_articles_{key} ON story_articles ({key}) WHERE {key} NOT NULL"
        )
    db.execute("""
        CREATE TABLE sketches (
            article INTEGER PRIMARY KEY REFERENCES articles (seq),
            version INTEGER NOT NULL,
            seen_at TEXT NOT NULL,
            shingles INTEGER NOT NULL,
            sketch BLOB NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX sketches_seen_at ON sketches (version, seen_at)")
    db.execute("""
        CREATE TABLE sketch_bands (
            band INTEGER NOT NULL,
            article INTEGER NOT NULL,
            PRIMARY KEY (band, article)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute(
        "CREATE TABLE regroup (article INTEGER PRIMARY KEY REFERENCES articles (seq)) STRICT"
    )
    db.execute("""
        CREATE TRIGGER articles_regroup
        AFTER UPDATE OF content_hash, canonical_url, original_url, text ON articles
        WHEN old.content_hash <> new.content_hash OR old.text <> new.text
            OR old.canonical_url <> new.canonical_url OR old.original_url IS NOT new.original_url
        BEGIN INSERT OR IGNORE INTO regroup (article) VALUES (new.seq); END
    """)


@STEPS()
def step_007_search(db: Database) -> None:
    """The search index, with all articles that are there in it."""
    db.execute("""
        CREATE VIRTUAL TABLE articles_fts USING fts5 (terms, content = '', detail = none, tokenize = 'ascii')
    """)
    # terms are gathered in memory, by default 1 MB of them: a batch of articles has more
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 4000000)")
    put_in_everything(db)


@STEPS()
def step_008_archive(db: Database) -> None:
    """Pages are kept as their bytes came, packed with another page of their host as dictionary.

    Pages kept until now are text in UTF-8; where they came from stands in the quarantine already.
    """
    db.execute("""
        CREATE TABLE dictionaries (
            id INTEGER PRIMARY KEY,
            host TEXT NOT NULL,
            made_at TEXT NOT NULL,
            zstd BLOB NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX dictionaries_host ON dictionaries (host)")
    db.execute("PRAGMA legacy_alter_table = ON")
    db.execute("ALTER TABLE pages RENAME TO pages_before_008")
    db.execute("""
        CREATE TABLE pages (
            hash TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            packed INTEGER NOT NULL,
            dictionary INTEGER REFERENCES dictionaries (id),
            zstd BLOB NOT NULL
        ) STRICT
    """)
    db.execute(
        "INSERT INTO pages (hash, size, packed, zstd)"
        " SELECT hash, size, length(zstd), zstd FROM pages_before_008"
    )
    db.execute("DROP TABLE pages_before_008")
    db.execute("PRAGMA legacy_alter_table = OFF")
    db.execute("CREATE INDEX pages_packed ON pages (packed)")
    db.execute("CREATE INDEX pages_dictionary ON pages (dictionary) WHERE dictionary NOT NULL")
    db.execute("ALTER TABLE quarantine ADD COLUMN content_type TEXT")
    db.execute("UPDATE quarantine SET content_type = 'text/html; charset=utf-8'")
    db.execute("CREATE INDEX quarantine_page ON quarantine (page)")
    db.execute("""
        CREATE TABLE snapshots (
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id),
            revision INTEGER NOT NULL,
            source TEXT NOT NULL REFERENCES sources (name),
            page TEXT NOT NULL REFERENCES pages (hash),
            url TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            content_type TEXT,
            robots_tags TEXT NOT NULL,
            site_signals TEXT NOT NULL,
            warnings TEXT NOT NULL,
            UNIQUE (article_id, revision)
        ) STRICT
    """)
    db.execute("CREATE INDEX snapshots_page ON snapshots (page)")
    db.execute("CREATE INDEX snapshots_fetched_at ON snapshots (fetched_at)")
    db.execute("CREATE INDEX snapshots_source ON snapshots (source)")


@STEPS()
def step_009_health(db: Database) -> None:
    """What runs measured and what a source usually gives, so that less than that is told as drift."""
    db.execute("""
        CREATE TABLE measures (
            source TEXT NOT NULL REFERENCES sources (name),
            name TEXT NOT NULL,
            day TEXT NOT NULL,
            matched INTEGER NOT NULL,
            "of" INTEGER NOT NULL,
            matched_squared INTEGER NOT NULL,
            product INTEGER NOT NULL,
            of_squared INTEGER NOT NULL,
            PRIMARY KEY (source, name, day)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE yields (
            source TEXT NOT NULL REFERENCES sources (name),
            listing TEXT NOT NULL,
            hour TEXT NOT NULL,
            covered REAL NOT NULL,
            fresh REAL NOT NULL,
            looks INTEGER NOT NULL,
            least INTEGER NOT NULL,
            drifted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (source, listing, hour)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE run_measures (
            run INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
            text_length INTEGER,
            counts TEXT NOT NULL,
            not_learned TEXT NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE drifts (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (name),
            name TEXT NOT NULL,
            run INTEGER NOT NULL,
            began_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            last_good_at TEXT,
            ended_at TEXT,
            accepted INTEGER NOT NULL DEFAULT 0,
            expected REAL NOT NULL,
            found REAL NOT NULL,
            "of" REAL NOT NULL,
            detail TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX drifts_source ON drifts (source, name)")


@STEPS()
def step_010_alerts(db: Database) -> None:
    """Troubles of sources, what watches found, and messages about both until they are delivered."""
    db.execute("""
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('drift', 'blocked', 'failed', 'missed')),
            since TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            last_ok_at TEXT,
            detail TEXT NOT NULL,
            problem TEXT NOT NULL,
            sent_at TEXT,
            reminded_at TEXT,
            recovered_at TEXT,
            recovery_sent_at TEXT
        ) STRICT
    """)
    db.execute(
        "CREATE UNIQUE INDEX alerts_open ON alerts (source, kind) WHERE recovered_at IS NULL"
    )
    db.execute("""
        CREATE INDEX alerts_recovered ON alerts (id)
        WHERE recovered_at NOT NULL AND sent_at NOT NULL AND recovery_sent_at IS NULL
    """)
    db.execute("""
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            receiver TEXT NOT NULL,
            watch TEXT,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            made_at TEXT NOT NULL,
            next_at TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            sent_at TEXT
        ) STRICT
    """)
    db.execute("CREATE INDEX messages_next_at ON messages (next_at) WHERE next_at NOT NULL")
    db.execute("CREATE INDEX messages_made_at ON messages (made_at)")
    db.execute("""
        CREATE TABLE mutes (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            until TEXT NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE watches (
            name TEXT PRIMARY KEY,
            seq INTEGER NOT NULL,
            edited_at TEXT NOT NULL,
            looked_at TEXT NOT NULL,
            digest_at TEXT
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE watch_hits (
            id INTEGER PRIMARY KEY,
            watch TEXT NOT NULL,
            article_id TEXT NOT NULL REFERENCES articles (id),
            revision INTEGER NOT NULL,
            terms TEXT NOT NULL,
            found_at TEXT NOT NULL,
            sent_at TEXT,
            UNIQUE (watch, article_id)
        ) STRICT
    """)
    db.execute("CREATE INDEX watch_hits_unsent ON watch_hits (watch) WHERE sent_at IS NULL")
    db.execute("CREATE INDEX watch_hits_article_id ON watch_hits (article_id)")
    db.execute("CREATE INDEX revisions_edited ON revisions (seen_at) WHERE revision > 1")


@STEPS()
def step_011_scheduling(db: Database) -> None:
    """Runs that did not run are rows too: when they were due, and how many such times one row stands for."""
    db.execute("ALTER TABLE runs ADD COLUMN due_at TEXT")
    db.execute("ALTER TABLE runs ADD COLUMN times INTEGER NOT NULL DEFAULT 1")


BOUNDS_012 = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds: upper bounds of the durations of runs."""

_ENDED_012 = "{row}.outcome <> 'running'"
_SECONDS_012 = "coalesce(strftime('%s', {row}.finished_at) - strftime('%s', {row}.started_at), 0)"
_TIMED_012 = "{row}.finished_at NOT NULL AND {row}.outcome IN ('ok', 'failed', 'drift', 'blocked')"
_COUNTERS_012 = (
    "listed", "new", "revised", "unchanged", "removed", "skipped", "quarantined", "errors",
    "requests", "bytes", "fetch_seconds",
)  # fmt: skip


@STEPS()
def step_012_totals(db: Database) -> None:
    """What all runs of a source came to, also those that `gisa prune` deletes: counters that never go back.

    Triggers keep them, so whoever writes a row of `runs` is counted; a step that makes `runs` anew makes
    them anew, too.
    """
    db.execute("ALTER TABLE runs ADD COLUMN requests INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE runs ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE runs ADD COLUMN fetch_seconds REAL NOT NULL DEFAULT 0")
    kinds = {"fetch_seconds": "REAL"}
    counters = ", ".join(
        f"{name} {kinds.get(name, 'INTEGER')} NOT NULL DEFAULT 0" for name in _COUNTERS_012
    )
    db.execute(f"""
        CREATE TABLE run_totals (
            source TEXT NOT NULL REFERENCES sources (name),
            outcome TEXT NOT NULL,
            runs INTEGER NOT NULL,
            seconds INTEGER NOT NULL,
            last_started_at TEXT NOT NULL,
            last_finished_at TEXT,
            last_open INTEGER NOT NULL,
            {counters},
            PRIMARY KEY (source, outcome)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE run_durations (
            source TEXT NOT NULL REFERENCES sources (name),
            within INTEGER NOT NULL,
            runs INTEGER NOT NULL,
            PRIMARY KEY (source, within)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE problem_totals (
            source TEXT NOT NULL REFERENCES sources (name),
            reason TEXT NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY (source, reason)
        ) STRICT, WITHOUT ROWID
    """)
    for statement in _adding_012("runs", "FROM runs WHERE true"):
        db.execute(statement)
    added = "; ".join(_adding_012("NEW", "WHERE true"))
    ended = _ENDED_012.format(row="NEW")
    db.execute(
        f"CREATE TRIGGER runs_written_ended AFTER INSERT ON runs WHEN {ended} BEGIN {added}; END"
    )
    db.execute(
        "CREATE TRIGGER runs_ended AFTER UPDATE OF outcome ON runs"
        f" WHEN OLD.outcome = 'running' AND {ended} BEGIN {added}; END"
    )


def _adding_012(row: str, where: str) -> list[str]:
    """Statements that add one run, or in the migration each of them in turn, to the three tables."""
    ended, seconds, timed = (
        part.format(row=row) for part in (_ENDED_012, _SECONDS_012, _TIMED_012)
    )
    cases = " ".join(f"WHEN {seconds} <= {bound} THEN {bound}" for bound in BOUNDS_012)
    names = ", ".join(_COUNTERS_012)
    values = ", ".join(f"{row}.{name}" for name in _COUNTERS_012)
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTERS_012)
    newer = "excluded.last_started_at >= last_started_at"
    problems = f"json_each({row}.problems) problem"
    problems_from = f"FROM runs, {problems} WHERE" if row == "runs" else f"FROM {problems} WHERE"
    return [
        "INSERT INTO run_totals (source, outcome, runs, seconds, last_started_at, last_finished_at,"
        f" last_open, {names}) SELECT {row}.source, {row}.outcome, 1,"
        f" iif({timed}, max(0, {seconds}), 0), {row}.started_at, {row}.finished_at, {row}.open,"
        f" {values} {where} AND {ended} ON CONFLICT (source, outcome) DO UPDATE SET"
        f" runs = runs + 1, seconds = seconds + excluded.seconds, {sums},"
        f" last_open = iif({newer}, excluded.last_open, last_open),"
        f" last_finished_at = iif({newer}, excluded.last_finished_at, last_finished_at),"
        " last_started_at = max(last_started_at, excluded.last_started_at)",
        f"INSERT INTO run_durations SELECT {row}.source, CASE {cases} ELSE 0 END, 1"
        f" {where} AND {timed} ON CONFLICT (source, within) DO UPDATE SET runs = runs + 1",
        f"INSERT INTO problem_totals SELECT {row}.source, json_extract(problem.value, '$.reason'), 1"
        f" {problems_from} {ended} ON CONFLICT (source, reason) DO UPDATE SET times = times + 1",
    ]


@STEPS()
def step_013_imports(db: Database) -> None:
    """What was read from files, how far, and which state of an article came from where in them."""
    db.execute("""
        CREATE TABLE imports (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (name),
            path TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('warc', 'html', 'jsonl')),
            fingerprint TEXT NOT NULL,
            options TEXT NOT NULL,
            size INTEGER NOT NULL,
            position INTEGER NOT NULL DEFAULT 0,
            number INTEGER NOT NULL DEFAULT 0,
            counts TEXT NOT NULL DEFAULT '{}',
            damage TEXT NOT NULL DEFAULT '[]',
            started_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            finished_at TEXT,
            UNIQUE (fingerprint, source, options)
        ) STRICT
    """)
    db.execute("CREATE INDEX imports_source ON imports (source)")
    db.execute("""
        CREATE TABLE origins (
            article INTEGER NOT NULL REFERENCES articles (seq),
            revision INTEGER NOT NULL,
            import INTEGER NOT NULL REFERENCES imports (id),
            position INTEGER NOT NULL,
            number INTEGER NOT NULL,
            name TEXT,
            PRIMARY KEY (article, revision)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX origins_import ON origins (import)")


@STEPS()
def step_014_source_kinds(db: Database) -> None:
    """Sources that are feeds, sitemaps and pages of links: what their documents were like, and aliases."""
    db.execute("ALTER TABLE sources ADD COLUMN kind TEXT NOT NULL DEFAULT 'portal'")
    db.execute("ALTER TABLE visits ADD COLUMN published_at TEXT")
    db.execute("""
        CREATE TABLE documents (
            source TEXT NOT NULL REFERENCES sources (name),
            url TEXT NOT NULL,
            read_at TEXT NOT NULL,
            listed INTEGER NOT NULL,
            most_listed INTEGER NOT NULL,
            modified_at TEXT,
            etag TEXT,
            last_modified TEXT,
            body_hash TEXT,
            undated BLOB,
            PRIMARY KEY (source, url)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE aliases (
            alias TEXT PRIMARY KEY,
            article_id TEXT NOT NULL,
            seen_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)


@STEPS()
def step_015_backfills(db: Database) -> None:
    """The past of sources: which days and sitemaps were read, and the visits that wait for a backfill."""
    db.execute("""
        CREATE TABLE backfills (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (name),
            from_day TEXT NOT NULL,
            to_day TEXT NOT NULL,
            started_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            finished_at TEXT,
            outcome TEXT NOT NULL DEFAULT 'running',
            detail TEXT NOT NULL DEFAULT '',
            UNIQUE (source, from_day, to_day)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE backfill_days (
            source TEXT NOT NULL REFERENCES sources (name),
            archive TEXT NOT NULL,
            day TEXT NOT NULL,
            pages INTEGER NOT NULL,
            listed INTEGER NOT NULL,
            seen BLOB,
            read_at TEXT NOT NULL,
            done INTEGER NOT NULL,
            PRIMARY KEY (source, archive, day)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE backfill_sitemaps (
            backfill INTEGER NOT NULL REFERENCES backfills (id),
            url TEXT NOT NULL,
            depth INTEGER NOT NULL,
            first_day TEXT,
            last_day TEXT,
            listed INTEGER NOT NULL DEFAULT 0,
            read_at TEXT,
            PRIMARY KEY (backfill, url)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("ALTER TABLE visits ADD COLUMN backfill INTEGER REFERENCES backfills (id)")
    db.execute("ALTER TABLE visits ADD COLUMN backfill_day TEXT")
    db.execute("DROP INDEX visits_due")
    db.execute(
        "CREATE INDEX visits_due ON visits (source, not_before)"
        " WHERE not_before NOT NULL AND backfill_day IS NULL"
    )
    db.execute("CREATE INDEX visits_backfill ON visits (backfill) WHERE backfill NOT NULL")
    db.execute(
        "CREATE INDEX visits_backfill_day ON visits (source, backfill_day) WHERE backfill_day NOT NULL"
    )


@STEPS()
def step_016_api_calls(db: Database) -> None:
    """How many calls of an API with a daily quota were made, by all processes together."""
    db.execute("""
        CREATE TABLE api_calls (
            authority TEXT PRIMARY KEY,
            day TEXT NOT NULL,
            calls INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
    """)


@STEPS()
def step_017_changes(db: Database) -> None:
    """The order in which articles last changed, by commits and not by times: what exports go on from.

    Times would not do: a page that is imported, or fetched long before it is stored, is dated before what an
    export has seen already. Triggers keep the table, so whoever writes an article is counted; a step that makes
    `articles` anew makes them anew, too. AUTOINCREMENT never gives a number twice.
    """
    db.execute("""
        CREATE TABLE changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            article INTEGER NOT NULL UNIQUE REFERENCES articles (seq)
        ) STRICT
    """)
    db.execute("INSERT INTO changes (article) SELECT seq FROM articles ORDER BY seq")
    db.execute("""
        CREATE TRIGGER articles_stored AFTER INSERT ON articles
        BEGIN INSERT INTO changes (article) VALUES (NEW.seq); END
    """)
    # without a difference in these a record is the same, but for the times of our visits
    db.execute("""
        CREATE TRIGGER articles_changed
        AFTER UPDATE OF content_hash, rest_hash, removed_at, revision ON articles
        WHEN OLD.content_hash <> NEW.content_hash OR OLD.rest_hash IS NOT NEW.rest_hash
            OR OLD.removed_at IS NOT NEW.removed_at OR OLD.revision <> NEW.revision
        BEGIN
            DELETE FROM changes WHERE article = NEW.seq;
            INSERT INTO changes (article) VALUES (NEW.seq);
        END
    """)


@STEPS()
def step_018_newest_of_a_source(db: Database) -> None:
    """The newest articles of a source are found without sorting all of them."""
    db.execute("CREATE INDEX articles_source_seen ON articles (source, first_seen_at)")


@STEPS()
def step_019_facets(db: Database) -> None:
    """What searches filter, count and order by, in one index: rows with their texts need not be read for it.

    The two times stand beside the one made of them for SQLite before 3.41, which would read the row for them.
    """
    db.execute("""
        CREATE INDEX articles_facets ON articles (
            coalesce(published_at, first_seen_at), source, section, publisher, redistribute, tdm, ai_train,
            published_at, first_seen_at, id
        )
    """)
