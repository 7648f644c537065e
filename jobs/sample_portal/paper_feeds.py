"""The paper's articles as RSS, Atom and JSON Feed, and in sitemaps: an index, news, and a packed one of all."""

import gzip
import json
from datetime import datetime
from email.utils import format_datetime
from html import escape

from jobs.sample_portal.article import SampleArticle
from jobs.sample_portal.paper import NAME, PAPER, every_story, stories, story_url
from jobs.sample_portal.site import Site

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(site: Site) -> bytes:
    """Return RSS 2.0 in CP949 that calls itself EUC-KR, as Korean systems write it."""
    items = "".join(
        f"<item><title><![CDATA[{a.headline_as_printed}]]></title><link>{story_url(site, a)}</link>"
        f"<description><![CDATA[<p>{a.lead[:80]}</p>]]></description>"
        f'<guid isPermaLink="false">{a.id}</guid>'
        f"<pubDate>{format_datetime(a.published_at)}</pubDate></item>\n"
        for a in stories(site)
    )
    text = f"""<?xml version="1.0" encoding="euc-kr"?>
<rss version="2.0"><channel><title>{NAME}</title><link>{site.base_url}{PAPER}</link>
<description>새 기사</description>
{items}</channel></rss>"""
    return text.encode("cp949", "xmlcharrefreplace")


def atom(site: Site) -> bytes:
    """Return Atom 1.0, with the times of changes and relative links."""
    entries = "".join(
        f'<entry><title type="html">{escape(escape(a.headline_as_printed, quote=False))}</title>'
        f'<id>tag:paper.example,2026:{a.id}</id><link rel="alternate" href="article/{a.id}"/>'
        f"<published>{a.published_at.isoformat()}</published>"
        f"<updated>{_changed(site, a).isoformat()}</updated></entry>\n"
        for a in stories(site)
    )
    return f"""{_DECLARED}<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site.base_url}{PAPER}/">
<title>{NAME}</title><id>{site.base_url}{PAPER}</id><updated>{site.newsroom.now.isoformat()}</updated>
{entries}</feed>""".encode()


def json_feed(site: Site) -> bytes:
    """Return JSON Feed 1.1."""
    items = [
        {
            "id": a.id,
            "url": story_url(site, a),
            "title": a.headline_as_printed,
            "content_text": a.lead,
            "date_published": a.published_at.isoformat(),
        }
        for a in stories(site)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": NAME, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def index(site: Site) -> bytes:
    """Return the index of the sitemaps; that of all articles is as old as the last change in it."""
    last = max(
        (_changed(site, article) for article in every_story(site)), default=site.newsroom.now
    )
    return f"""{_DECLARED}<sitemapindex {_SITEMAP}>
<sitemap><loc>{site.base_url}{PAPER}/all.xml.gz</loc><lastmod>{last.isoformat()}</lastmod></sitemap>
<sitemap><loc>{site.base_url}{PAPER}/news.xml</loc></sitemap>
</sitemapindex>""".encode()


def news(site: Site) -> bytes:
    """Return the news sitemap: with headlines and times of publication."""
    urls = "".join(
        f"<url><loc>{story_url(site, a)}</loc><news:news><news:publication><news:name>{NAME}</news:name>"
        "<news:language>ko</news:language></news:publication>"
        f"<news:publication_date>{a.published_at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(a.headline_as_printed)}</news:title></news:news></url>\n"
        for a in stories(site)
    )
    return f"{_DECLARED}<urlset {_SITEMAP} {_NEWS}>\n{urls}</urlset>".encode()


def everything(site: Site) -> bytes:
    """Return the sitemap of all articles as a gzip file."""
    urls = "".join(
        f"<url><loc>{story_url(site, a)}</loc><lastmod>{_changed(site, a).isoformat()}</lastmod></url>\n"
        for a in every_story(site)
    )
    return gzip.compress(f"{_DECLARED}<urlset {_SITEMAP}>\n{urls}</urlset>".encode(), mtime=0)


def _changed(site: Site, article: SampleArticle) -> datetime:
    return site.newsroom.last_change(article.id)
