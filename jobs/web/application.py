"""Datasette over one database, with our pages, and the guard before all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from jobs.web import plugin
from jobs.web.guard import Guard
from jobs.web.served import Served
from jobs.web.site import DATABASE, Site, take_site
from pipeline.config import Config

_HERE = Path(__file__).parent
SQL_MS = 1000
"""Milliseconds that one SQL query of a visitor may take, as Datasette counts them."""
_SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": SQL_MS,
    "max_returned_rows": 1000,
    "max_csv_mb": 100,
    "default_page_size": 50,
    "num_sql_threads": 4,
    "facet_time_limit_ms": 300,
    "suggest_facets": False,  # two queries a column, each time: seconds with 100,000 articles
    "truncate_cells_html": 300,
    "allow_download": False,
    "trace_debug": False,
    "template_debug": False,
    "default_cache_ttl": 0,
    "force_https_urls": False,
}
_LICENCE_NOTE = (
    "Every record has its own rights: see the columns redistribute, tdm, ai_train and rights."
)


def application(config: Config, guard: Guard) -> Any:
    """Return the ASGI application that serves the database of a configuration, read-only.

    Raises:
        StoreError: the database is missing, damaged or of another schema.
    """
    site = Site(config)
    site.check()
    _register()
    datasette = Datasette(
        [],
        settings=_SETTINGS,
        metadata={"title": "gisa", "databases": {DATABASE: {"description": _LICENCE_NOTE}}},
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
    )
    datasette.remove_database("_memory")  # it is there where no file is named at the start
    datasette.add_database(Served(datasette, config.database), name=DATABASE)
    take_site(datasette, site)
    return guard.around(datasette.app())


def _register() -> None:
    if not pm.is_registered(plugin):
        pm.register(plugin, name="gisa")
