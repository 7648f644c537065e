"""config.toml and GISA_… variables: every fault is found, named with file, line and key, and explained."""

from __future__ import annotations

import codecs
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.config import Config, load
from pipeline.errors import ConfigError

WHOLE = """\
[pipeline]
database = "data/gisa.db"
contact = "mailto:desk@newsroom.example"
timezone = "Europe/Berlin"
delay = "2.5s"
concurrency = 3
deadline = "1m"
max_bytes = "2 MB"
log_format = "json"

[host."127.0.0.1:8080"]
delay = "0s"

[source.daum-politics]
portal = "daum"
listings = ["https://news.daum.net/politics"]
every = "10m"
revisit = ["1d", "1h"]

[source."b.c"]
portal = "daum"
listings = [
    "https://news.daum.net/society",
    "https://news.daum.net/culture",
]
cron = "*/15 7-23 * * mon-fri"
enabled = false
permission = "누리일보, 2026-09-01"
"""


def read(folder: Path, content: str | bytes, **environ: str) -> Config:
    path = folder / "config.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(path, environ)


def faults(folder: Path, content: str | bytes, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read(folder, content, **environ)
    return str(refused.value).replace(f"{folder}/", "").split("\n")


def test_every_key_is_read(tmp_path: Path) -> None:
    config = read(tmp_path, WHOLE)
    assert config.database == tmp_path / "data/gisa.db"
    assert config.zone.key == "Europe/Berlin"
    assert config.pipeline.delay == timedelta(seconds=2.5)
    assert config.pipeline.max_bytes == 2_000_000
    assert config.hosts["127.0.0.1:8080"].delay == timedelta(0)
    assert [source.name for source in config.chosen([])] == ["daum-politics"]
    politics, other = config.sources.values()
    assert politics.every == timedelta(minutes=10)
    assert politics.revisit == (timedelta(hours=1), timedelta(days=1))
    assert len(other.listings) == 2
    assert config.chosen(["b.c", "b.c"]) == [other]


def test_each_value_knows_where_it_came_from(tmp_path: Path) -> None:
    config = read(tmp_path, WHOLE, GISA_TIMEZONE="Asia/Seoul")
    assert config.origins["pipeline.delay"] == "config.toml:5"
    assert config.origins["source.b.c.cron"] == "config.toml:26"
    assert config.origins["host.127.0.0.1:8080.delay"] == "config.toml:12"
    assert config.origins["pipeline.timezone"] == "GISA_TIMEZONE"
    assert "pipeline.patience" not in config.origins


@pytest.mark.parametrize(
    "form",
    [
        WHOLE.encode(),
        codecs.BOM_UTF8 + WHOLE.encode(),
        WHOLE.replace("\n", "\r\n").encode(),
    ],
    ids=["plain", "bom", "crlf"],
)
def test_a_bom_and_windows_line_ends_change_nothing(tmp_path: Path, form: bytes) -> None:
    config = read(tmp_path, form)
    assert config.origins["pipeline.delay"] == "config.toml:5"
    assert config.sources["b.c"].permission == "누리일보, 2026-09-01"


def test_an_empty_file_is_all_defaults_and_no_source(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config.database == tmp_path / "gisa.db"
    with pytest.raises(ConfigError, match="no source is enabled"):
        config.chosen([])


def test_what_is_no_configuration_file_is_said_plainly(tmp_path: Path) -> None:
    assert faults(tmp_path, b'[pipeline]\ncontact = "\xff"\n') == [
        "config.toml: not UTF-8 at byte 22"
    ]
    with pytest.raises(
        ConfigError, match=r"config\.yaml does not exist; name the file with --config"
    ):
        load(tmp_path / "config.yaml", {})
    with pytest.raises(ConfigError, match="Is a directory"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[pipeline]\ndelay = '1s'\ndelay = '2s'\n",
            "config.toml:3: delay: stands here a second time",
        ),
        (
            "[source.a]\n[pipeline]\n[source.a]\n",
            "config.toml:3: [source.a]: stands here a second time",
        ),
        ("[pipeline]\ndelay = \n", "config.toml:2: Invalid value"),
        ("[pipeline\n", "config.toml:1: Expected ']' at the end of a table declaration"),
        ('[pipeline]\ncontact = """', "config.toml:2: Unterminated string"),
    ],
)
def test_broken_toml_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert faults(tmp_path, text) == [said]


def test_every_fault_has_a_line_of_its_own(tmp_path: Path) -> None:
    text = """\
[pipeline]
databse = "x.db"
delay = 5
log_format = "xml"
[source.Politics]
portal = "duam"
listings = []
[source.b]
every = "10 minutes"
listngs = ["https://news.example/"]
"""
    found = faults(tmp_path, text)
    expected = [
        "config.toml:2: pipeline.databse: unknown key; did you mean 'database'?",
        "config.toml:3: pipeline.delay: should be a text with a unit",
        "config.toml:4: pipeline.log_format: should be 'text' or 'json' (it is 'xml')",
        "config.toml:5: source.Politics: a name has lower-case letters",
        "config.toml:6: source.Politics.portal: should be the name of a portal; there are ",
        "config.toml:7: source.Politics.listings: should have at least one entry",
        "config.toml:9: source.b.every: should be a text with a unit",
        "config.toml:10: source.b.listngs: unknown key; did you mean 'listings'?",
    ]
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("pipelin = {}", "pipelin: unknown key; did you mean 'pipeline'?"),
        ("[sources.x]", "sources: unknown key; did you mean 'source'?"),
        ("[hosts.x]", "hosts: unknown key; did you mean 'host'?"),
        ("[host.x]\ndelya = '1s'", "host.x.delya: unknown key; did you mean 'delay'?"),
        ("[pipeline]\nzzz = 1", "pipeline.zzz: unknown key; known are database, contact,"),
    ],
)
def test_an_unknown_key_names_the_nearest(tmp_path: Path, key: str, nearest: str) -> None:
    (fault,) = faults(tmp_path, key)
    assert nearest in fault


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('database = ""', "the name of a file"),
        ('database = " "', "the name of a file"),
        ('database = "a\\u0000b"', "the name of a file"),
        ('database = "~nobody-of-this-name/x.db"', "~ only for a user of this machine"),
        ("database = 3", "a text in quotes"),
        ('contact = "desk"', "a mailto: address or a URL"),
        ('contact = "mailto:기자@newsroom.example"', "a mailto: address or a URL"),
        ('contact = "mailto:a@b.example\\nX-Header: 1"', "a mailto: address or a URL"),
        ('contact = "mailto:a@b.example\\n"', "a mailto: address or a URL"),
        ('timezone = "Seoul"', "a time zone such as Asia/Seoul"),
        ('timezone = ""', "a time zone such as Asia/Seoul"),
        ('timezone = "../../etc/passwd"', "a time zone such as Asia/Seoul"),
        ('delay = "-1s"', "a text with a unit"),
        ('delay = "10"', "a text with a unit"),
        ('delay = "nan s"', "a text with a unit"),
        ('delay = "1e9s"', "a text with a unit"),
        ('delay = "٣s"', "a text with a unit"),
        ("delay = nan", "a text with a unit"),
        ('delay = "99999999999999999999d"', "a text with a unit"),
        ('delay = "999999999d"', "at most ten years"),
        ('deadline = "0s"', "at least 0.1s"),
        ('max_bytes = "0 B"', "between 1 kB and 1000 MB"),
        ('max_bytes = "999999999 MiB"', "between 1 kB and 1000 MB"),
        ("max_bytes = 5", "a text with a unit"),
        ("concurrency = 0", "greater than or equal to 1"),
        ("concurrency = 65", "less than or equal to 64"),
        ("concurrency = true", "a whole number"),
        ("concurrency = 1.5", "a whole number"),
        ('concurrency = "4"', "a whole number"),
        ("contact = [1]", "a text in quotes"),
        ("contact = 1979-05-27", "a text in quotes"),
    ],
)
def test_a_wrong_value_of_the_pipeline_is_explained(tmp_path: Path, line: str, said: str) -> None:
    (fault,) = faults(tmp_path, f"[pipeline]\n{line}\n")
    assert fault.startswith(f"config.toml:2: pipeline.{line.split()[0]}: ")
    assert said in fault


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('listings = ["ftp://news.example/"]', "an http(s) URL"),
        ('listings = ["news.example/politics"]', "an http(s) URL"),
        ('listings = ["http://[::1"]', "an http(s) URL"),
        ('listings = ["http://news.example/\\u001b]0;x"]', "an http(s) URL"),
        ('listings = ["https://user:secret@news.example/"]', "no user name or password"),
        ('listings = "https://news.example/"', "a list in brackets"),
        ("listings = [5]", "a text in quotes"),
        ('every = "0s"', "at least 1s"),
        ('every = "1ms"', "at least 1s"),
        ("enabled = 1", "true or false"),
        ('enabled = "yes"', "true or false"),
        ('revisit = "1h"', "a list in brackets"),
        ('revisit = ["1h", "soon"]', "a text with a unit"),
        ("cron = 5", "a text in quotes"),
        ('portal = "daun"', "there are daum"),
    ],
)
def test_a_wrong_value_of_a_source_is_explained(tmp_path: Path, line: str, said: str) -> None:
    rest = {"portal": 'portal = "daum"', "listings": 'listings = ["https://news.daum.net/x"]'}
    rest.pop(line.split()[0], None)
    (fault,) = faults(tmp_path, "\n".join(["[source.a]", line, *rest.values()]))
    assert fault.startswith(f"config.toml:2: source.a.{line.split()[0]}: ")
    assert said in fault


def test_a_source_has_one_schedule(tmp_path: Path) -> None:
    text = '[source.a]\nportal = "daum"\nlistings = ["https://news.daum.net/x"]\nevery = "1h"\ncron = "@daily"'
    assert faults(tmp_path, text) == ["config.toml:1: source.a: has both every and cron; keep one"]


@pytest.mark.parametrize(
    "name", ["News.Example", "https://news.example", "news.example/x", "", "a b"]
)
def test_a_host_that_no_url_has_is_refused(tmp_path: Path, name: str) -> None:
    (fault,) = faults(tmp_path, f'[host."{name}"]\ndelay = "1s"\n')
    assert "should be a host as in its URLs, in lower case" in fault


@pytest.mark.parametrize("name", ["news.example", "news.example:8080", "[::1]:8080", "뉴스.kr"])
def test_hosts_are_named_as_urls_name_them(tmp_path: Path, name: str) -> None:
    assert name in read(tmp_path, f'[host."{name}"]\ndelay = "1s"\n').hosts


def test_names_from_the_file_cannot_break_a_message(tmp_path: Path) -> None:
    for fault in faults(tmp_path, '[source."a\\nb\\u001b[31m"]\nx = "\\u001b]0;pwned\\u0007"\n'):
        assert fault.isprintable()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    config = read(
        tmp_path, WHOLE, GISA_DATABASE="/srv/gisa.db", GISA_CONCURRENCY="5", GISA_DELAY="3s"
    )
    assert config.database == Path("/srv/gisa.db")
    assert config.pipeline.concurrency == 5
    assert config.pipeline.delay == timedelta(seconds=3)
    assert read(tmp_path, WHOLE, GISA_CONTACT="").pipeline.contact == ""
    assert read(tmp_path, WHOLE, GISA_KEEP_EMAILS="false").pipeline.keep_emails is False


def test_a_variable_may_name_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "contact"
    secret.write_text("mailto:secret@newsroom.example\n")
    config = read(tmp_path, WHOLE, GISA_CONTACT_FILE=str(secret))
    assert config.pipeline.contact == "mailto:secret@newsroom.example"
    assert config.origins["pipeline.contact"] == "GISA_CONTACT_FILE"
    both = read(tmp_path, WHOLE, GISA_CONTACT_FILE=str(secret), GISA_CONTACT="https://n.example")
    assert both.pipeline.contact == "https://n.example"


def test_a_wrong_variable_is_told_by_its_name(tmp_path: Path) -> None:
    assert faults(tmp_path, "", GISA_TIMEZONE="Seoul") == [
        "GISA_TIMEZONE: pipeline.timezone: should be a time zone such as Asia/Seoul (it is 'Seoul')"
    ]
    for wrong in ("²", "x", "-1", ""):
        (fault,) = faults(tmp_path, "", GISA_CONCURRENCY=wrong)
        assert fault.startswith("GISA_CONCURRENCY: pipeline.concurrency: ")
    (fault,) = faults(tmp_path, "", GISA_CONTACT_FILE=str(tmp_path / "none"))
    assert fault == "GISA_CONTACT_FILE: none: No such file or directory"
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    (fault,) = faults(tmp_path, "", GISA_CONTACT_FILE=str(binary))
    assert fault == "GISA_CONTACT_FILE: binary is not UTF-8"


def test_other_variables_are_none_of_our_business(tmp_path: Path) -> None:
    assert read(tmp_path, "", GISA_SERVICE_HOST="10.0.0.1", HOME="/x").pipeline.contact == ""


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"no source 'daum-politcs' .* did you mean 'daum-politics'"
    ):
        read(tmp_path, WHOLE).chosen(["daum-politcs"])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('listen = "9187"', "should be an address and a port"),
        ('listen = "127.0.0.1:99999"', "should be an address and a port"),
        ('listen = "127.0.0.1:١"', "should be an address and a port"),
        ('listen = "metrics.example:9187"', "should begin with an IP address or localhost"),
        ('listen = "0.0.0.0:9187"', "should be an address of this machine alone"),
        ('listen = "[::]:9187"', "should be an address of this machine alone"),
        ('listen = "10.0.0.5:9187"', "should be an address of this machine alone"),
        ('textfile = "gisa.txt"', "should be a file whose name ends in .prom"),
        ('txtfile = "gisa.prom"', "did you mean 'textfile'?"),
    ],
)
def test_metrics_are_told_to_this_machine_alone(tmp_path: Path, lines: str, said: str) -> None:
    (fault,) = faults(tmp_path, f"[metrics]\n{lines}\n")
    assert fault.startswith("config.toml:")
    assert said in fault


@pytest.mark.parametrize(
    "lines",
    [
        'listen = "127.0.0.1:9187"',
        'listen = "[::1]:0"',
        'listen = "localhost:9187"\ntextfile = "~/gisa.prom"',
        'listen = "0.0.0.0:9187"\npublic = true',
    ],
)
def test_where_metrics_may_go(tmp_path: Path, lines: str) -> None:
    assert read(tmp_path, f"[metrics]\n{lines}\n").metrics.listen


KINDS = [
    ('feed = "https://n.example/rss"', "feed", ("https://n.example/rss",)),
    ('feed = ["https://n.example/a", "https://n.example/b"]', "feed",
     ("https://n.example/a", "https://n.example/b")),
    ('sitemap = "https://n.example/robots.txt"', "sitemap", ("https://n.example/robots.txt",)),
    ('listing = "https://n.example/"\nlink = "h2 > a"', "listing", ("https://n.example/",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "listings"), KINDS)
def test_a_source_of_any_publisher(
    tmp_path: Path, text: str, kind: str, listings: tuple[str, ...]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[source.a]\n{text}\n", encoding="utf-8")
    source = load(path, {}).sources["a"]
    assert (source.kind, source.portal, source.listings) == (kind, "web", listings)
    assert source.max_age == (timedelta(days=2) if kind == "sitemap" else None)


_FEED = 'feed = "https://n.example/rss"'


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ([], 1, "should have one of portal with listings, feed, sitemap, listing"),
        ([_FEED, 'sitemap = "https://n.example/s"'], 1, "should have one of"),
        ([_FEED, 'portal = "daum"'], 1, "should have one of"),
        (['portal = "daum"'], 1, "it should have listings, too"),
        (['listings = ["https://n.example/"]'], 1, "it should have a portal, too"),
        ([_FEED, 'link = "a"'], 1, "link, which is for a listing or an archive only"),
        ([_FEED, 'archive = "https://n.example/{date}"'], 1, "it should have link, too"),
        (
            [_FEED, 'archive = "https://n.example/a"', 'link = "a"'],
            3,
            "should name the day by {date}",
        ),
        (['listing = "https://n.example/"', 'max_age = "1d"'], 1, "max_age, which is for feeds"),
        (
            ['listing = "https://n.example/"', 'link = "a["'],
            3,
            "source.a.link: should be a CSS selector",
        ),
        (
            [_FEED, 'fields = { headline = "h1..x" }'],
            3,
            "fields.headline: should be a CSS selector",
        ),
        ([_FEED, 'fields = { headlin = "h1" }'], 1, "there are headline, subheadline"),
        (['feed = "ftp://n.example/rss"'], 2, "source.a.feed: should be an http(s) URL"),
        (["feed = []"], 2, "source.a.feed: should have at least one entry"),
    ],
)
def test_a_source_whose_kind_is_not_clear_is_explained(
    tmp_path: Path, lines: list[str], line: int, said: str
) -> None:
    (fault,) = faults(tmp_path, "\n".join(["[source.a]", *lines]))
    assert fault.startswith(f"config.toml:{line}: ")
    assert said in fault


SEARCH = '[source.found]\nnaver_search = "소버린 AI"\n'


@pytest.mark.parametrize("key", ["client_id", "client_secret"])
def test_keys_of_naver_are_not_read_from_the_file(tmp_path: Path, key: str) -> None:
    variable = f"GISA_NAVER_{key.upper()}"
    for environ in ({}, {variable: "other"}):
        (fault,) = faults(tmp_path, f'[naver]\n{key} = "hidden"\n', **environ)
        assert fault == f"config.toml:2: naver.{key}: should not stand in a file: set {variable}"


@pytest.mark.parametrize("key", ["two words", "", "a\nb", "한글"])
def test_keys_of_naver_fit_into_a_header_and_into_no_message(tmp_path: Path, key: str) -> None:
    (fault,) = faults(tmp_path, SEARCH, GISA_NAVER_CLIENT_ID=key)
    assert fault.startswith("GISA_NAVER_CLIENT_ID: naver.client_id: should be one word")
    assert not key or key not in fault


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("http://proxy.newsroom.example/search", "https://"),
        ("https://proxy.newsroom.example/search?query=x", "without a query"),
        ("https://user:word@proxy.newsroom.example/", "password"),
        ("ftp://proxy.newsroom.example/", "http(s) URL"),
    ],
)
def test_the_address_of_the_search_keeps_the_keys_safe(tmp_path: Path, api: str, said: str) -> None:
    (fault,) = faults(tmp_path, f'[naver]\napi = "{api}"\n')
    assert said in fault


def test_a_search_is_asked_where_its_keys_are_from(tmp_path: Path) -> None:
    by = {
        platform: read(tmp_path, f'[naver]\nplatform = "{platform}"\n{SEARCH}').sources["found"]
        for platform in ("hub", "developers")
    }
    query = "query=%EC%86%8C%EB%B2%84%EB%A6%B0+AI&display=100&start=1&sort=date"
    assert by["hub"].listings == (f"https://naverapihub.apigw.ntruss.com/search/v1/news?{query}",)
    assert by["developers"].listings == (f"https://openapi.naver.com/v1/search/news.json?{query}",)
    assert (by["hub"].kind, by["hub"].portal) == ("naver_search", "web")
    key = {"GISA_NAVER_CLIENT_ID": " id\n", "GISA_NAVER_CLIENT_SECRET": "word"}
    config = read(tmp_path, SEARCH, **key, GISA_NAVER_DAILY_CALLS="9")
    assert (config.naver.missing, config.naver.daily_calls) == ([], 9)
    assert dict(config.naver.headers()) == {
        "X-NCP-APIGW-API-KEY-ID": "id",
        "X-NCP-APIGW-API-KEY": "word",
    }
    assert "word" not in repr(config)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("naver_search = []", "at least one entry"),
        ('naver_search = [" "]', "a text to search for"),
        (f'naver_search = "{"가" * 201}"', "at most 200"),
        ('naver_search = "a"\nfeed = "https://a.example/rss"', "should have one of"),
        ('naver_search = "a"\nlink = "a"', "has link"),
        ('naver_search = "a"\nfields = { headline = "h1" }', "has fields"),
    ],
)
def test_a_search_that_is_none_is_refused(tmp_path: Path, keys: str, said: str) -> None:
    (fault,) = faults(tmp_path, f"[source.found]\n{keys}\n")
    assert said in fault


@pytest.mark.parametrize(
    ("address", "read_from"),
    [
        ("https://nuribit.example", "https://nuribit.example/robots.txt"),
        ("http://nuribit.example:8080/", "http://nuribit.example:8080/robots.txt"),
        ("https://nuribit.example/robots.txt", "https://nuribit.example/robots.txt"),
        ("https://nuribit.example/?feed=sitemap", "https://nuribit.example/?feed=sitemap"),
        ("https://nuribit.example/news/", "https://nuribit.example/news/"),
    ],
)
def test_a_home_page_stands_for_the_sitemaps_of_its_robots_txt(
    tmp_path: Path, address: str, read_from: str
) -> None:
    sources = read(tmp_path, f'[source.n]\nsitemap = "{address}"\n').sources
    assert sources["n"].listings == (read_from,)


@pytest.mark.parametrize(("written", "read"), [('"auto"', "auto"), ("1", 1), ("64", 64)])
def test_processes_are_a_number_or_as_many_as_cores(
    tmp_path: Path, written: str, read: str | int
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[pipeline]\nprocesses = {written}\n", encoding="utf-8")
    assert load(path, {}).pipeline.processes == read
    assert load(path, {"GISA_PROCESSES": "2"}).pipeline.processes == 2


@pytest.mark.parametrize("written", ["0", "65", "-1", '"many"', "true", "1.5"])
def test_other_processes_are_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[pipeline]\nprocesses = {written}\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r'pipeline.processes: should be "auto" or a whole number'
    ):
        load(path, {})
