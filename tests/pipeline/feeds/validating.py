"""Is a feed valid? By the grammar of RFC 4287, its Schematron rules, RFC 6721; by a schema of JSON Feed."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
from jsonschema import Draft202012Validator
from lxml import etree

HERE = Path(__file__).parent
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RULES = {
    "/atom:feed[not(atom:author) and atom:entry[not(atom:author)]]": "an entry without an author",
    "//atom:entry[not(atom:link[@rel='alternate'] or atom:content)]": "neither link nor content",
    "//atom:id[not(contains(., ':'))]": "an id that is no IRI",
    "//at:deleted-entry[not(@ref) or not(@when)]": "a tombstone without its attributes",
    "//atom:link[not(starts-with(@href, 'http'))]": "a link that is not to be followed",
}


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(file=str(HERE / "atom.rng"))


@cache
def _schema() -> Draft202012Validator:
    schema = json.loads((HERE / "json_feed.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults_of_atom(body: bytes) -> list[str]:
    """What is wrong with a document; it must be XML to have any."""
    root = etree.fromstring(body, etree.XMLParser(huge_tree=True, resolve_entities=False))
    grammar = _grammar()
    found = [] if grammar.validate(root) else [str(grammar.error_log)]
    found += [said for path, said in _RULES.items() if root.xpath(path, namespaces=NAMES)]
    ids = root.xpath("//atom:entry/atom:id/text() | //at:deleted-entry/@ref", namespaces=NAMES)
    return found + (["an id twice"] if len(ids) != len(set(ids)) else [])


def valid_atom(body: bytes) -> Any:
    """Assert that a document is valid, and return it as feedparser reads it."""
    assert faults_of_atom(body) == []
    read = feedparser.parse(io.BytesIO(body))
    assert not read.bozo, read.bozo_exception
    return read


def faults_of_json(body: bytes) -> list[str]:
    """What is wrong with a document; it must be JSON to have any."""
    said = json.loads(body)
    found = [f"{list(it.path)}: {it.message[:200]}" for it in _schema().iter_errors(said)]
    ids = [item.get("id") for item in said["items"]]
    return found + (["an id twice"] if len(ids) != len(set(ids)) else [])


def valid_json(body: bytes) -> Any:
    """Assert that a document is valid, and return it."""
    assert faults_of_json(body) == []
    return json.loads(body)
