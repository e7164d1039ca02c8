# segbench: one command for each thing. `make` alone lists them.
#
# Everything runs in .venv, which is set up from constraints.txt (versions and hashes) the first
# time it is needed, and again when constraints.txt or pyproject.toml changes.

.DEFAULT_GOAL := help
.PHONY: help demo test soak lint bench docs rules mutants lock clean
MAKEFLAGS += --no-print-directory

# Options: make demo CONTACTS=1000000 DATA=complete-journey PORT=8866 BROWSER=no
#          make test ARGS="-k overlap" WORKERS=0      make demo PYTHON=/path/to/python3.13
CONTACTS ?=
DATA ?=
PORT ?=
BROWSER ?= yes
DASHBOARD ?= audience
WORKSPACE ?= $(if $(filter complete-journey,$(DATA)),retail-workspace,demo-workspace)
ARGS ?=
WORKERS ?= logical
PYTHON ?=

BIN := .venv/bin
NOTEBOOKS = $(sort $(wildcard notebooks/*.ipynb dashboards/*.ipynb))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/.ready ## fill a workspace with demo contacts and open the dashboard
	@if [ -e "$(WORKSPACE)" ]; then \
	    echo "$(WORKSPACE) exists and is used as it is; delete it to fill it again."; \
	else \
	    trap 'rm -rf "$(WORKSPACE)"; exit 130' INT TERM; \
	    $(BIN)/segbench demo --workspace "$(WORKSPACE)" \
	        $(if $(CONTACTS),--contacts "$(CONTACTS)") $(if $(DATA),--data "$(DATA)") \
	    || { status=$$?; rm -rf "$(WORKSPACE)"; exit $$status; }; \
	fi
	@exec $(BIN)/segbench serve --workspace "$(WORKSPACE)" --dashboard "$(DASHBOARD)" \
	    $(if $(PORT),--port "$(PORT)") $(if $(filter no,$(BROWSER)),--no-browser)

test: .venv/.ready ## run the tests, then every notebook and dashboard
	@if [ -z "$$CI$$CHROME" ] && ! { command -v chromium || command -v chromium-browser || \
	        command -v google-chrome; } >/dev/null; then \
	    echo "No Chromium found: the browser tests are skipped. To run them: apt-get install chromium,"; \
	    echo "or name one with CHROME=/path/to/chrome. (With CI=true they fail instead.)"; \
	fi
	$(BIN)/pytest -q -n $(WORKERS) --maxprocesses 4 --dist loadfile $(ARGS)
	@rm -rf .venv/notebook-workspace
	@$(BIN)/segbench demo --workspace .venv/notebook-workspace --contacts 1000 >/dev/null
	SEGBENCH_WORKSPACE="$(CURDIR)/.venv/notebook-workspace" \
	    $(BIN)/pytest -q -n $(WORKERS) --maxprocesses 4 --dist loadfile \
	    --nbval-lax --nbval-current-env --nbval-cell-timeout=300 $(NOTEBOOKS)

soak: .venv/.ready ## run the tests of kills, many processes, maintenance and engines at full scale
	SEGBENCH_SOAK=1 $(BIN)/pytest -v tests/lake/test_kills.py tests/lake/test_concurrency.py \
	    tests/lake/test_maintenance.py tests/lake/test_sync_sequences.py \
	    tests/library/test_kills.py tests/workbench/test_sending_killed.py \
	    tests/engine/test_engines_agree.py tests/engine/test_sql.py tests/engine/test_patching.py \
	    tests/workbench/test_history_judged.py tests/workbench/test_forecast.py $(ARGS)

lint: .venv/.ready ## check style, types, imports and the project's own files
	@failed=; \
	for check in "ruff check ." "ruff format --check ." "mypy" "lint-imports --no-logo" \
	        "pytest -q tests/test_project.py"; do \
	    echo "$(BIN)/$$check"; $(BIN)/$$check || failed="$$failed, $$check"; \
	done; \
	[ -z "$$failed" ] || { echo "Failed: $${failed#, }"; exit 1; }

bench: .venv/.ready ## measure segbench against SQL, polars and pandas in one run
	$(BIN)/python benchmarks/run.py $(ARGS)

docs: .venv/.ready ## check that the docs say what the code does
	$(BIN)/pytest -q tests/docs $(ARGS)

rules: .venv/.ready ## write docs/rules.md anew from the examples in src/segbench/demo
	$(BIN)/python -m segbench.demo.rule_page docs/rules.md

mutants: .venv/.ready ## change the code in small ways; list the changes that no test notices
	@[ -d .venv/mutmut ] || $(BIN)/uv pip install --quiet --python $(BIN)/python --target .venv/mutmut mutmut==3.8.1
	env -u CI PYTHONHASHSEED=0 PYTHONPATH=src:tests $(BIN)/python tools/mutate.py $(ARGS)

lock: .venv/.ready ## write constraints.txt anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --all-extras --universal \
	    --python-version 3.11 --fork-strategy fewest --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file constraints.txt

clean: ## delete .venv, caches and build results; workspaces stay
	rm -rf .venv build dist test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(wildcard src tests benchmarks notebooks dashboards docs) \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
	@for kept in demo-workspace retail-workspace; do \
	    [ ! -e $$kept ] || echo "$$kept is kept: your segments are in it. Delete it by hand."; \
	done

# pip installs the pinned uv, uv the rest: every file is checked against its hash in constraints.txt.
.venv/.ready: pyproject.toml constraints.txt
	@set -e; start=$$(date +%s); \
	fit='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if [ -x $(BIN)/python ] && $(BIN)/python -c "$$fit" && $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	    echo "Bringing .venv up to date."; \
	else \
	    python=; old=; bare=; \
	    for each in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
	        command -v "$$each" >/dev/null 2>&1 || continue; \
	        if ! "$$each" -c "$$fit" 2>/dev/null; then old="$$old $$each"; continue; fi; \
	        if ! "$$each" -c 'import venv, ensurepip' 2>/dev/null; then bare="$$bare $$each"; continue; fi; \
	        python="$$each"; break; \
	    done; \
	    if [ -z "$$python" ]; then \
	        if [ -n "$$bare" ]; then \
	            echo "Found$$bare, but without the venv module. On Debian or Ubuntu: apt install python3-venv" >&2; \
	        else \
	            echo "segbench needs Python 3.11 or newer$(if $(PYTHON),; PYTHON=$(PYTHON) is none)$${old:+; too old or not working here:$$old}." >&2; \
	            echo "Install one, or name it: make PYTHON=/path/to/python3.13 ..." >&2; \
	        fi; \
	        exit 1; \
	    fi; \
	    echo "Making .venv with $$("$$python" --version). This downloads several hundred MB once and can take minutes."; \
	    rm -rf .venv; \
	    "$$python" -m venv .venv; \
	fi; \
	echo "Installing $$(grep -c '==' constraints.txt) pinned packages."; \
	sed -n '/^uv==/,/[^\\]$$/p' constraints.txt > .venv/uv.txt; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt; \
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r constraints.txt; \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	touch $@; \
	echo "Ready after $$(( $$(date +%s) - start )) s."
