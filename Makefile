# `make build` sets everything up and builds the sample; `make test` sets everything up and passes every test.
PYTHON ?= python3
VENV := .venv
READERS := .venv-readers
BENCH := .venv-bench
BI := .venv-bi
EVIDENCE := tests/bi/evidence
MARKDOWNDB := benchmarks/rivals/markdowndb
BIN := $(VENV)/bin
CHROMIUM ?= /usr/bin/chromium

.PHONY: build test quick setup setup-readers setup-chromium setup-bench setup-bi lint types contracts unit test-bi faults fuzz
.PHONY: bench bench-report cookbook docs lock clean help

help:           ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: setup    ## Set up, then build the sample corpus in data/raw
	$(BIN)/frontmart build data/raw --out data

test: setup setup-readers setup-chromium lint types contracts unit   ## Set up, then lint, types, import contracts and every test

quick: lint types contracts   ## Lint, types, import contracts and the tests that start nothing; under a minute on two cores
	FRONTMART_FUZZ=400 $(BIN)/pytest -m quick --hypothesis-profile=quick

setup: $(VENV)/.ready
setup-readers: $(READERS)/.ready

# Where Python came without venv (Debian splits it off), the package is installed; a lock needs no resolver: --no-deps.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Frontmart needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { apt-get update && apt-get install -y python3-venv; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

# Older and other readers of what Frontmart writes, which cannot live beside DuckDB 2.
$(READERS)/.ready: tests/readers/requirements.lock
	$(PYTHON) -m venv --clear $(READERS)
	$(READERS)/bin/python -m pip install --quiet --no-deps --require-hashes -r tests/readers/requirements.lock
	@touch $@

# The browser that reports are tested in; CHROMIUM names another.
setup-chromium:
	@test -x $(CHROMIUM) || { apt-get update && apt-get install -y chromium; }

# The BI tools that docs/bi tells of. LibreOffice comes from Debian, Evidence's connector from npm: `npm ci` refuses a lock
# without the builds of DuckDB for machines of other kinds, which a registry may lack.
setup-bi: $(BI)/.ready $(EVIDENCE)/node_modules/.package-lock.json
	@command -v soffice >/dev/null || { apt-get update && apt-get install -y --no-install-recommends libreoffice-calc-nogui; }

$(BI)/.ready: tests/bi/requirements.lock
	$(PYTHON) -m venv --clear $(BI)
	$(BI)/bin/python -m pip install --quiet --no-deps --require-hashes -r tests/bi/requirements.lock
	@touch $@

$(EVIDENCE)/node_modules/.package-lock.json: $(EVIDENCE)/package-lock.json
	cd $(EVIDENCE) && npm install --no-save --no-audit --no-fund && touch node_modules/.package-lock.json

# The rivals of the benchmark. MarkdownDB compiles SQLite, for minutes; where it cannot, the others run without it.
setup-bench: $(BENCH)/.ready $(MARKDOWNDB)/node_modules/.package-lock.json

$(BENCH)/.ready: benchmarks/requirements.lock
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --no-deps --require-hashes -r benchmarks/requirements.lock
	@touch $@

$(MARKDOWNDB)/node_modules/.package-lock.json: $(MARKDOWNDB)/package-lock.json
	cd $(MARKDOWNDB) && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json || echo "MarkdownDB is left out"

lint: setup     ## Style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup    ## Static types
	$(BIN)/mypy

contracts: setup    ## Who may import whom
	$(BIN)/lint-imports

unit: setup setup-readers setup-chromium   ## The tests alone
	$(BIN)/pytest

test-bi: setup setup-bi   ## Superset, Datasette, Tableau's Hyper, Evidence and LibreOffice, run for real; takes minutes
	FRONTMART_BI=1 $(BIN)/pytest -n 0 tests/bi

faults: setup   ## Kill 200 builds and read during 50 publishes, for some minutes; prints what was lost
	FRONTMART_TEST_FAULTS=1 $(BIN)/pytest --dist load tests/reliability

fuzz: setup     ## Check 100,000 damaged and generated files; INPUTS=1000 for fewer, SEED=1 for the same ones again
	$(BIN)/python -m tests.fuzz.run $(if $(INPUTS),--inputs $(INPUTS)) $(if $(SEED),--seed $(SEED)) $(if $(FILE),--file $(FILE))

cookbook: setup ## Answer the questions of docs/cookbook.md anew
	$(BIN)/python -m tests.docs.cookbook

docs: setup     ## Write docs/dictionary.md and docs/lineage.svg anew, from sql/ and the schemas
	$(BIN)/python -m frontmart.dictionary data/raw docs

bench: setup setup-bench   ## Measure against rivals, into benchmarks/RESULTS.md; SIZE=1000000 for the large run
	$(BIN)/python -m benchmarks.run $(if $(SIZE),--size $(SIZE))

bench-report: setup setup-chromium   ## Measure the report of 100,000 files: its size, and how soon it is drawn
	$(BIN)/python -m benchmarks.page

lock: setup     ## Resolve all locks anew
	$(BIN)/uv pip compile pyproject.toml --extra dask --extra dev --extra lineage --extra shell --universal --python-version 3.11 --generate-hashes --no-header --upgrade --output-file requirements.lock --quiet
	$(BIN)/uv pip compile tests/readers/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --upgrade --output-file tests/readers/requirements.lock --quiet
	$(BIN)/uv pip compile tests/bi/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --upgrade --output-file tests/bi/requirements.lock --quiet
	cd $(EVIDENCE) && npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund
	$(BIN)/uv pip compile benchmarks/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --upgrade --output-file benchmarks/requirements.lock --quiet
	cd $(MARKDOWNDB) && npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund

clean:          ## Remove the environments and everything built
	rm -rf $(VENV) $(READERS) $(BENCH) $(BI) $(EVIDENCE)/node_modules $(MARKDOWNDB)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz data/snapshots data/published
