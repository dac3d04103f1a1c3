# Everything below does its own set-up; a fresh machine needs git, Python 3.11 and make.
# `make run` first; `make help` lists the rest.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

export UV_PYTHON_PREFERENCE := only-system
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DO_NOT_TRACK := 1

BIN := .venv/bin
SCALE ?= 0.01
FOCUS ?= 0.5
SEED ?= 1
PORT ?= 3000

# Set-up is done again when, and only when, what it installs has changed.
LOCK := $(shell cat requirements.lock pyproject.toml | git hash-object --stdin)
READY := .venv/ready-$(LOCK)

.PHONY: help run test lint ui bench samples reader lock

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s%s\n", $$1, $$2 }'

run: $(READY) ## make a synthetic force and perform the four-weekly run on it
	@rm -rf build/force build/home
	@$(BIN)/throughline samples make --out build/force --scale $(SCALE) --focus $(FOCUS) --seed $(SEED) --deliveries 3
	@echo
	@$(BIN)/throughline run --extracts build/force/extracts --home build/home

test: $(READY) ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(READY) ## check form, types, SQL, who imports whom, and the house's own rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright
	@$(BIN)/basedpyright --project tests
	@$(BIN)/sqlfluff lint --disable-progress-bar data_samples
	@THROUGHLINE_WAREHOUSE=:memory: DBT_TARGET_PATH=$(CURDIR)/build/sqlfluff DBT_LOG_PATH=$(CURDIR)/build/sqlfluff \
	  $(BIN)/sqlfluff lint --templater dbt --disable-progress-bar dbt_models
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/architecture

ui: $(READY) ## serve the Dagster UI on this machine (PORT=3000)
	@$(BIN)/throughline ui --port $(PORT) $(if $(THROUGHLINE_HOME),,--home build/home --extracts build/force/extracts)

bench: $(READY) ## measure: make bench NAME=samples; without NAME, list them
	@$(BIN)/python -m benchmarks $(NAME)

samples: $(READY) ## make a synthetic force and compare it with the published figures (SCALE=0.01 FOCUS=0.5 SEED=1)
	@rm -rf build/samples
	@$(BIN)/throughline samples make --out build/samples --scale $(SCALE) --focus $(FOCUS) --seed $(SEED)
	@$(BIN)/throughline samples check build/samples

reader: $(READY) ## learn again how to read prose, from the texts in ml/text/lessons and tests/gold/tuning.jsonl
	@$(BIN)/python -m ml.text.training tests/gold/tuning.jsonl

lock: $(READY) ## lock by hash what pyproject.toml asks for
	@$(BIN)/uv pip compile --quiet --group dev pyproject.toml --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate --output-file requirements.lock

# The installer itself comes out of the lock too, so that nothing is installed without a hash.
$(READY):
	@set -e; \
	for python in $(PYTHON) python3.11 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Throughline needs Python 3.11 and found $$(python3 --version 2>&1 || true)." \
	    "Install it, or say where it is: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Setting up .venv (about a minute the first time) ..."; \
	if ! [ -x $(BIN)/uv ]; then \
	  $$found -m venv .venv; \
	  sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock; \
	  $(BIN)/python -m pip install -qq --no-deps --require-hashes --requirement .venv/uv.lock; \
	fi; \
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock; \
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --offline --python $(BIN)/python --editable .; \
	rm -f .venv/ready-*; touch $@
