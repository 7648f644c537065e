# gisa: `make help` lists the targets. Every target but `help` and `clean` sets up .venv first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCE ?=
CORPUS ?=
BENCH ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run daemon demo status test test-long check format lint types docs lock bench bench-fetch bench-extract bench-store bench-stories bench-search bench-idle bench-drift bench-import bench-export bench-feed bench-web clean portal

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv with the command gisa in it, from the locked dependency list

$(STAMP): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "gisa needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make setup PYTHON=python3.12" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "could not make $(VENV): on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## one pass over the enabled sources of config.toml (SOURCE="name name" for some)
	$(BIN)/gisa run $(SOURCE)

daemon: setup ## run every source on its schedule until stopped
	$(BIN)/gisa daemon

demo: setup ## the whole job on the sample portal: two passes, with edits between them
	$(BIN)/gisa demo

status: setup ## sources, backlog, hosts and last runs
	$(BIN)/gisa status

portal: setup ## serve the sample portal on loopback for experiments by hand
	$(BIN)/python -m jobs.sample_portal

test: setup ## run every test
	$(BIN)/python -m pytest

test-long: setup ## the tests that take minutes, with their figures
	$(BIN)/python -m pytest -n 0 -s -m long

check: setup format lint types test docs ## everything that CI asks: format, lint, types, tests, docs

format: setup ## is the code formatted?
	$(BIN)/ruff format --check .

lint: setup ## ruff
	$(BIN)/ruff check .

types: setup ## mypy, strict
	$(BIN)/mypy

docs: setup ## do the docs say what the code does?
	$(BIN)/python -m pytest -n 0 tests/docs

bench: setup ## the whole job beside Scrapy and others, growth, second pass, start-up (BENCH="--only whole --rounds 1")
	$(BIN)/python -m benchmarks $(BENCH)

bench-fetch: setup ## CPU a page beside httpx, aiohttp and Scrapy, in an environment of their own
	$(BIN)/python -m benchmarks.fetching

bench-extract: setup ## quality and CPU of extraction beside trafilatura and others (CORPUS=folder with gold)
	$(BIN)/python -m benchmarks.extracting $(CORPUS)

bench-idle: setup ## the daemon with 200 sources: idle, and 24 simulated hours (some minutes)
	$(BIN)/python -m benchmarks.idling

bench-store: setup ## CPU an article beside sqlite3's own executemany, and bytes a row
	$(BIN)/python -m benchmarks.storing

bench-stories: setup ## precision and recall of stories on a labelled set, their speed and size
	$(BIN)/python -m benchmarks.grouping

bench-search: setup ## ways to index Korean beside each other, and gisa's own search over 100,000 articles
	$(BIN)/python -m benchmarks.searching

bench-drift: setup ## false alarms in simulated months and years, and how soon drifts are seen
	$(BIN)/python -m benchmarks.drifting

bench-import: setup ## pages a second a core of gisa import beside fundus and news-please, on one web archive
	$(BIN)/python -m benchmarks.importing

bench-export: setup ## memory and CPU of exports of 10,000 and 100,000 articles, in each format
	$(BIN)/python -m benchmarks.exporting

bench-feed: setup ## how long a feed takes out of 100,000 articles (three minutes)
	$(BIN)/python -m benchmarks.feeding

bench-web: setup ## how long each page of gisa serve takes with 100,000 articles (ten minutes)
	$(BIN)/python -m benchmarks.serving

lock: ## renew requirements/*.txt from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.txt
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -o requirements/dev.txt

clean: ## remove .venv and caches (never a database)
	rm -rf $(VENV) .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
