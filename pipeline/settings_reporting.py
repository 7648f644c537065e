"""What config.toml may hold about what goes out: metrics, alerts and watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline.setting_values import (
    DigestEvery,
    PingUrl,
    Receiver,
    Remind,
    Strict,
    Terms,
    is_loopback,
    listen_address,
    textfile_name,
)

WatchField = Literal[
    "headline", "subheadline", "summary", "text", "keywords", "section", "publisher"
]


class AlertSettings(Strict):
    """Who is told when a source is in trouble: `[alerts]`."""

    urls: list[Receiver] = Field(
        default_factory=list, description="Apprise URLs, such as mailto://, slack://, tgram://"
    )
    ping: PingUrl | None = Field(
        None,
        description="URL of a dead-man monitor, asked after each run, as healthchecks.io has it",
    )
    failures: int = Field(3, ge=1, le=100, description="failed runs in a row before an alert")
    remind: Remind = Field(
        timedelta(days=1), description='how often an alert that lasts is sent again; "never"'
    )
    quiet: bool = Field(default=False, description="true sends nothing; alerts are still noted")


class WatchSettings(Strict):
    """Articles to be told of: `[watch.NAME]`."""

    any: Terms = Field(default_factory=list, description="one of these must occur")
    all: Terms = Field(default_factory=list, description="each of these must occur")
    none: Terms = Field(default_factory=list, description="none of these may occur")
    fields: list[WatchField] = Field(
        default=["headline", "text"], min_length=1, description="where to look"
    )
    sources: list[str] = Field(
        default_factory=list, description="only articles of these sources; empty for all"
    )
    digest: DigestEvery = Field(
        None, description="at most one message in this time; a run's matches are one message anyway"
    )
    urls: list[Receiver] = Field(
        default_factory=list, description="Apprise URLs in place of those of `[alerts]`"
    )

    @model_validator(mode="after")
    def _has_terms(self) -> WatchSettings:
        if not (self.any or self.all):
            raise ValueError("needs `any` or `all`: what must occur in an article")
        return self


class MetricsSettings(Strict):
    """Figures for Prometheus: `[metrics]`."""

    listen: Annotated[str, AfterValidator(listen_address)] | None = Field(
        None, description="address and port where the daemon answers `/metrics` and `/healthz`"
    )
    public: bool = Field(default=False, description="true allows an address that others can reach")
    textfile: Annotated[str, AfterValidator(textfile_name)] | None = Field(
        None, description="file for node_exporter, written by runs and the daemon"
    )

    @model_validator(mode="after")
    def _private(self) -> MetricsSettings:
        if self.listen and not self.public and not is_loopback(self.listen):
            raise ValueError(
                "listen should be an address of this machine alone, such as 127.0.0.1:9187, unless"
                " public = true"
            )
        return self
