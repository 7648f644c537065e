"""A feed as Atom 1.0 (RFC 4287), what was taken down as RFC 6721 says it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from pipeline.feeds.items import Content, Item, rfc3339

MEDIA_TYPE = "application/atom+xml"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
# Names are written as they stand here: ElementTree's own way to a default namespace is a setting of the whole
# process, or refuses attributes.


def atom(feed: Content) -> bytes:
    """Return the document, UTF-8. It is checked against the grammar of the RFC by tests."""
    head = feed.head
    root = Element("feed", _NAMESPACES | _language(feed.language))
    _text(root, "id", head.id)
    _text(root, "title", head.title)
    _text(root, "updated", rfc3339(feed.updated_at))
    _link(root, "self", head.self_url, MEDIA_TYPE)
    _link(root, "alternate", head.home_url, "text/html")
    _text(root, "generator", "gisa")
    for gone in feed.removed:  # the grammar has extensions before entries
        SubElement(root, "at:deleted-entry", ref=gone.id, when=rfc3339(gone.removed_at))
    for item in feed.items:
        _entry(root, item)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(root: Element, item: Item) -> None:
    entry = SubElement(root, "entry", _language(item.language))
    _text(entry, "id", item.id)
    _text(entry, "title", item.title)
    _text(entry, "updated", rfc3339(item.updated_at))
    if item.published_at:
        _text(entry, "published", rfc3339(item.published_at))
    for name in item.authors:
        _text(SubElement(entry, "author"), "name", name)
    if item.publisher:
        _text(entry, "dc:publisher", item.publisher)
    for name in item.categories:
        SubElement(entry, "category", term=name)
    _link(entry, "alternate", item.url, "text/html")
    _link(entry, "via", item.original_url, "text/html")
    _link(entry, "license", item.license_url)
    if item.notice:
        _text(entry, "rights", item.notice)
    if item.excerpt:
        _text(entry, "summary", item.excerpt)
    if item.html:
        SubElement(entry, "content", type="html").text = item.html
    elif not item.url:  # an entry has a link or a content
        _text(entry, "content", item.excerpt)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, rel: str, url: str | None, media_type: str | None = None) -> None:
    if url:
        SubElement(
            parent, "link", {"rel": rel, "href": url} | ({"type": media_type} if media_type else {})
        )


def _language(tag: str | None) -> dict[str, str]:
    return {"xml:lang": tag} if tag else {}
