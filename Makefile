# All that a newcomer needs. `make` alone tells what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Without stored bytecode, every start takes three to five times as long.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard src/allmende/locale/*/LC_MESSAGES/*.po src/allmende/*/locale/*/LC_MESSAGES/*.po))
# Node from Debian if there, otherwise from the wheel in requirements/node.txt.
NPM := PATH="$$PATH:$(BIN)" npm

.PHONY: help setup demo test lint format messages bench bench-algorithms bench-load bench-pages bench-pretalx lock screenshots test-postgres
help: ## Tells what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready-dev $(VENV)/ready-node $(CATALOGUES) ## Installs everything from hashed locks (the others do it too)

demo: $(VENV)/ready-base $(VENV)/ready-node $(CATALOGUES) ## Serves example data on http://127.0.0.1:8000 (another port: PORT=8001)
	@$(BIN)/allmende demo --port $(PORT)

test: setup chromium ## Runs every test: unit, property, integration, browser, accessibility
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-postgres: setup ## Runs the tests that use the database on a throw-away PostgreSQL, too
	bin/postgres-for $(BIN)/python -m pytest -n 2 --dist loadgroup -m "database and not browser and not one_database"

lint: setup ## Checks style, types, templates and the storeys of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint src
	$(BIN)/lint-imports

format: setup ## Brings the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: setup ## Renews the catalogues of texts; the empty ones in them wait for their translation
	@DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=src:. $(BIN)/python -m tests.house.messages

screenshots: setup chromium ## Takes the pictures in docs/images anew
	ALLMENDE_SCREENSHOTS=1 $(BIN)/python -m pytest -m browser

bench: ## Measures everything, part after part; each fails where one of its bars is missed (an hour on two cores)
	$(MAKE) -k -j1 bench-algorithms bench-load bench-pages bench-pretalx

bench-algorithms: setup $(VENV)-bench/ready ## Measures the algorithms beside their peers
	PYTHONPATH=src $(VENV)-bench/bin/python benchmarks/opinion.py
	PYTHONPATH=src $(VENV)-bench/bin/python benchmarks/cascade.py

bench-load: setup ## Measures votes a second and an exercise of 200 players, and crashes 50 times
	PYTHONPATH=src $(BIN)/python benchmarks/exercise.py
	PYTHONPATH=src bin/postgres-for $(BIN)/python benchmarks/exercise.py
	PYTHONPATH=src $(BIN)/python benchmarks/votes.py
	PYTHONPATH=src bin/postgres-for $(BIN)/python benchmarks/votes.py
	ALLMENDE_KILLS=50 $(BIN)/python -m pytest -p no:xdist tests/load
	ALLMENDE_KILLS=50 bin/postgres-for $(BIN)/python -m pytest -p no:xdist tests/load

bench-pages: setup ## Measures pages, searches, a ministry's desk, the dump of open data and letters at full size
	$(BIN)/python benchmarks/people.py
	bin/postgres-for $(BIN)/python benchmarks/people.py
	$(BIN)/python benchmarks/search.py
	bin/postgres-for $(BIN)/python benchmarks/search.py
	$(BIN)/python benchmarks/ministry.py
	bin/postgres-for $(BIN)/python benchmarks/ministry.py
	$(BIN)/python benchmarks/open_data.py
	PYTHONPATH=src $(BIN)/python benchmarks/letters.py
	$(BIN)/python benchmarks/pages.py
	bin/postgres-for $(BIN)/python benchmarks/pages.py

bench-pretalx: $(VENV)-pretalx/ready ## Measures how fast reviewers of pretalx save scores, beside our votes a second
	bin/postgres-for $(VENV)-pretalx/bin/python benchmarks/pretalx_reviews.py

# Versions that both base.txt and dev.txt name are the same in both.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url
lock: $(VENV)/ready-dev ## Renews all locks
	$(COMPILE) --upgrade requirements/base.in -o requirements/base.txt
	$(COMPILE) --upgrade requirements/dev.in -c requirements/base.txt -o requirements/dev.txt
	$(COMPILE) --upgrade requirements/bench.in -c requirements/dev.txt -o requirements/bench.txt
	$(COMPILE) --upgrade requirements/pretalx.in -o requirements/pretalx.txt
	$(COMPILE) --upgrade requirements/build.in -o requirements/build.txt
	$(COMPILE) --upgrade requirements/node.in -o requirements/node.txt
	$(NPM) update --package-lock-only --ignore-scripts

# Stamps: each is younger than what it was made from.
$(VENV)/ready-python:
	@bin/need python3-venv '$(PYTHON) -c "import ensurepip, venv"'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Die Allmende braucht Python 3.11 oder neuer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready-base: requirements/base.txt requirements/build.txt pyproject.toml $(VENV)/ready-python
	@echo "Python-Pakete werden installiert …"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/ready-dev: requirements/dev.txt $(VENV)/ready-base
	@echo "Werkzeuge für Tests und Prüfungen werden installiert …"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The peers bring much that we do without: they stay apart.
$(VENV)-bench/ready: requirements/bench.txt $(VENV)/ready-python
	$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)-pretalx/ready: requirements/pretalx.txt $(VENV)/ready-python
	$(PYTHON) -m venv $(VENV)-pretalx
	@$(VENV)-pretalx/bin/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements/pretalx.txt
	@touch $@

# A node_modules that is a link belongs to another checkout: it is used, not touched.
$(VENV)/ready-node: package-lock.json requirements/node.txt $(VENV)/ready-python
	@command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements/node.txt
	@echo "Bibliotheken für den Browser werden installiert …"
	@test -L node_modules || $(NPM) ci --silent --ignore-scripts
	@touch $@

%.mo: %.po $(VENV)/ready-base
	@$(BIN)/python -c 'import polib, sys; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])' $< $@

.PHONY: chromium
chromium:
	@bin/need chromium 'test -x /usr/bin/chromium'
