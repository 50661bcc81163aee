# `make build` installs the runtime and builds the sample; `make test` installs everything else and runs every test.
PYTHON ?= python3
VENV := .venv
READERS := .venv-readers
BENCH := .venv-bench
BI := .venv-bi
EVIDENCE := tests/bi/evidence
EVIDENCE_EXAMPLE := docs/bi/evidence-example
MALLOY := tests/bi/malloy
MARKDOWNDB := benchmarks/rivals/markdowndb
BIN := $(VENV)/bin
CHROMIUM ?= /usr/bin/chromium

# Nothing is compiled twice, whatever the machine sets.
unexport PYTHONDONTWRITEBYTECODE

# Locks need no resolver. Modules are compiled on first import, so installing is faster and takes less space.
INSTALL := -m pip install --quiet --no-deps --no-compile
INSTALL_LOCK := $(INSTALL) --require-hashes -r

# A new environment has the pinned pip, and no setuptools: those that Python brings have known vulnerabilities.
define NEW_ENVIRONMENT
$(PYTHON) -m venv --clear $(1)
$(1)/bin/python $(INSTALL_LOCK) requirements-pip.lock
$(1)/bin/python -m pip uninstall -qq --yes setuptools
endef

.PHONY: build test quick lint types contracts unit test-bi
.PHONY: setup setup-runtime setup-service setup-notebook setup-readers setup-chromium setup-bench setup-bi
.PHONY: faults fuzz history bench bench-history bench-report cookbook docs lock audit sbom clean help reboots notebook

help:           ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: setup-runtime  ## Install the runtime, then build the sample corpus in data/raw
	$(BIN)/frontmart build data/raw --out data

notebook: setup-notebook  ## Open the notebook of five questions in marimo, over data; OUT=folder for another output folder
	FRONTMART_OUT=$(abspath $(or $(OUT),data)) $(BIN)/marimo edit docs/notebooks/five_questions.py

test: setup setup-readers setup-chromium lint types contracts unit   ## Install everything, then lint, types, contracts and every test

# Folders without a quick test, or with few that import slowly: collecting them takes longer than the quick tests in them.
SLOW_TESTS := bi flows fuzz hostile packaging reliability
quick: lint types contracts   ## Lint, types, import contracts and the tests that start nothing; under a minute on two cores
	FRONTMART_FUZZ=400 $(BIN)/pytest -m quick --hypothesis-profile=quick $(foreach folder,$(SLOW_TESTS),--ignore=tests/$(folder))

setup: $(VENV)/.ready
setup-runtime: $(VENV)/.runtime
setup-service: $(VENV)/.service   ## Install what `frontmart serve` needs
setup-notebook: $(VENV)/.notebook ## Install what the notebook needs: marimo and a Jupyter kernel
setup-readers: $(READERS)/.ready

# A new environment: what build, query, report and export need, and Frontmart itself, editable. The build backend is removed
# again. If Python lacks venv, a separate package in Debian, that package is installed.
$(VENV)/.runtime: requirements.lock requirements-build.lock requirements-pip.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Frontmart needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { apt-get update && apt-get install -y python3-venv; }
	$(call NEW_ENVIRONMENT,$(VENV))
	$(BIN)/python $(INSTALL_LOCK) requirements.lock
	$(BIN)/python $(INSTALL_LOCK) requirements-build.lock --target $(VENV)/.backend
	PYTHONPATH=$(CURDIR)/$(VENV)/.backend $(BIN)/python $(INSTALL) --no-build-isolation --editable .
	@rm -rf $(VENV)/.backend
	$(BIN)/python -m pip check
	@touch $@

# On top of the runtime: what a scheduled service needs, without Dask, browsers and the tools of developers.
$(VENV)/.service: $(VENV)/.runtime requirements-prefect.lock
	$(BIN)/python $(INSTALL_LOCK) requirements-prefect.lock
	$(BIN)/python -m pip check
	@touch $@

# On top of the runtime: marimo and a Jupyter kernel.
$(VENV)/.notebook: $(VENV)/.runtime requirements-notebook.lock
	$(BIN)/python $(INSTALL_LOCK) requirements-notebook.lock
	$(BIN)/python -m pip check
	@touch $@

# On top of the runtime: every extra and the tools of developers. A new runtime environment has neither, nor this mark.
$(VENV)/.ready: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python $(INSTALL_LOCK) requirements-dev.lock
	$(BIN)/python -m pip check
	@touch $@

# Older and other readers of what Frontmart writes, which cannot be installed together with DuckDB 2.
$(READERS)/.ready: tests/readers/requirements.lock requirements-pip.lock
	$(call NEW_ENVIRONMENT,$(READERS))
	$(READERS)/bin/python $(INSTALL_LOCK) tests/readers/requirements.lock
	@touch $@

# The browser that reports are tested in; CHROMIUM names another.
setup-chromium:
	@test -x $(CHROMIUM) || { apt-get update && apt-get install -y chromium; }

# The BI tools of docs/bi. LibreOffice comes from Debian, Evidence and Malloy from npm: `npm ci` refuses a lock without
# the DuckDB builds for other platforms, which a registry may lack.
setup-bi: $(BI)/.ready $(EVIDENCE)/node_modules/.package-lock.json $(MALLOY)/node_modules/.package-lock.json
	@command -v soffice >/dev/null || { apt-get update && apt-get install -y --no-install-recommends libreoffice-calc-nogui; }

$(BI)/.ready: tests/bi/requirements.lock requirements-pip.lock
	$(call NEW_ENVIRONMENT,$(BI))
	$(BI)/bin/python $(INSTALL_LOCK) tests/bi/requirements.lock
	@touch $@

# Evidence's libraries are those of the example, which itself stays as it is in git.
$(EVIDENCE)/package-lock.json: $(EVIDENCE_EXAMPLE)/package.json $(EVIDENCE_EXAMPLE)/package-lock.json
	cp $^ $(@D)

$(EVIDENCE)/node_modules/.package-lock.json $(MALLOY)/node_modules/.package-lock.json: \
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm install --no-save --no-audit --no-fund && touch node_modules/.package-lock.json

# The rivals of the benchmark. MarkdownDB compiles SQLite, which takes minutes; if that fails, the others run without it.
setup-bench: $(BENCH)/.ready $(MARKDOWNDB)/node_modules/.package-lock.json

$(BENCH)/.ready: benchmarks/requirements.lock requirements-pip.lock
	$(call NEW_ENVIRONMENT,$(BENCH))
	$(BENCH)/bin/python $(INSTALL_LOCK) benchmarks/requirements.lock
	@touch $@

$(MARKDOWNDB)/node_modules/.package-lock.json: $(MARKDOWNDB)/package-lock.json
	cd $(MARKDOWNDB) && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json || echo "MarkdownDB is left out"

lint: setup     ## Style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup    ## Static types
	$(BIN)/mypy

contracts: setup    ## Import contracts
	$(BIN)/lint-imports

unit: setup setup-readers setup-chromium   ## The tests alone
	$(BIN)/pytest

test-bi: setup setup-bi setup-chromium   ## Superset, Datasette, Tableau's Hyper, Evidence, Malloy and LibreOffice, run for real; takes minutes
	FRONTMART_BI=1 $(BIN)/pytest -n 0 tests/bi

faults: setup   ## Kill 200 builds, flip 500 bits, change files in 20 series, read during 50 publishes; prints any losses; takes minutes
	FRONTMART_TEST_FAULTS=1 $(BIN)/pytest --dist load tests/reliability tests/frontmart/test_incremental.py

reboots: setup  ## Kill a server, a service and its runs at random moments for an hour; MINUTES=5 for less, SEED=1 to repeat
	$(BIN)/python -m tests.reliability.reboots $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

fuzz: setup     ## Check 100,000 damaged files, and 10,000 statements against the sandbox; INPUTS=1000, STATEMENTS=900 for fewer, SEED=1 for the same ones again
	$(BIN)/python -m tests.fuzz.run $(if $(INPUTS),--inputs $(INPUTS)) $(if $(SEED),--seed $(SEED)) $(if $(FILE),--file $(FILE))
	$(if $(FILE),,$(BIN)/python -m tests.fuzz.sql $(or $(STATEMENTS),10000) $(if $(SEED),--seed $(SEED)))

history: setup  ## Compare states out of histories with builds of checkouts; REPO=folder, SUBFOLDER=folder in it, COMMITS=50, SEED=1
	$(BIN)/python -m tests.frontmart.history.oracle $(REPO) $(if $(SUBFOLDER),--path $(SUBFOLDER)) \
		$(if $(PRESET),--preset $(PRESET)) $(if $(COMMITS),--commits $(COMMITS)) $(if $(SEED),--seed $(SEED))

cookbook: setup ## Update the answers in docs/cookbook.md
	$(BIN)/python -m tests.docs.cookbook

# Documentation.
.PHONY: pictures site

docs: setup     ## Write the generated pages of docs/, and the answers in the others, from the code and the sample
	$(BIN)/python -m docs.generate data/raw docs
	$(BIN)/python -m docs.reference docs
	$(BIN)/python -m docs.answers data/raw
	$(BIN)/python -m docs.llms docs
	$(BIN)/python -m docs.notebook data/raw docs

pictures: setup setup-chromium   ## Take the picture of the report for the README, with Chromium
	$(BIN)/python -m docs.pictures data/raw docs

site: setup     ## Build the docs as a site in site/; a dead link or a page without an entry fails, as it does in `make test`
	$(BIN)/python -m sphinx -W -n --keep-going -q -c docs . site

bench: setup setup-bench   ## Measure against rivals, into benchmarks/RESULTS.md; SIZE=1000000 for the large run
	$(BIN)/python -m benchmarks.run $(if $(SIZE),--size $(SIZE))

bench-history: setup   ## Measure `frontmart history` beside git show and python-frontmatter; COMMITS=2000 FILES=1000
	$(BIN)/python -m benchmarks.history $(if $(COMMITS),--commits $(COMMITS)) $(if $(FILES),--files $(FILES))

bench-report: setup setup-chromium   ## Measure the report of 100,000 files: size and drawing time
	$(BIN)/python -m benchmarks.page

# All others of Frontmart have the versions of requirements-dev.lock: the same ones everywhere.
COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	$(if $(UPGRADE),--upgrade) $(if $(UPGRADE_PACKAGE),--upgrade-package $(UPGRADE_PACKAGE))
lock: setup     ## Resolve all locks again, keeping the versions that still fit; UPGRADE=1 for the newest, UPGRADE_PACKAGE=duckdb for one
	$(COMPILE) pyproject.toml --all-extras --output-file requirements-dev.lock
	$(COMPILE) pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra prefect --constraint requirements-dev.lock --output-file requirements-prefect.lock
	$(COMPILE) pyproject.toml --extra notebook --constraint requirements-dev.lock --output-file requirements-notebook.lock
	$(COMPILE) requirements-build.in --constraint requirements-dev.lock --output-file requirements-build.lock
	$(COMPILE) requirements-pip.in --constraint requirements-dev.lock --output-file requirements-pip.lock
	$(COMPILE) tests/readers/requirements.in --output-file tests/readers/requirements.lock
	$(COMPILE) tests/bi/requirements.in --output-file tests/bi/requirements.lock
	cd $(EVIDENCE_EXAMPLE) && npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund
	cd $(MALLOY) && npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund
	$(COMPILE) benchmarks/requirements.in --output-file benchmarks/requirements.lock
	cd $(MARKDOWNDB) && npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund

audit: setup    ## Compare every lock with known vulnerabilities, and ask OSV if it can be reached; OSV=require or OSV=never
	$(BIN)/python -m supply_chain.audit $(if $(OSV),--osv $(OSV))

sbom: setup     ## Write an SBOM (CycloneDX) of each lock that users install into dist/, from the lock alone
	$(BIN)/python -m supply_chain.sbom dist

clean:          ## Remove the environments and everything built
	rm -rf $(VENV) $(READERS) $(BENCH) $(BI) $(EVIDENCE)/node_modules $(MALLOY)/node_modules $(MARKDOWNDB)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz site data/snapshots data/published
