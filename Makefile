# Every target sets Ledby up first, once, in .venv; `make` alone lists them.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Nothing is downloaded at run time and nothing is reported to anybody.
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False

.DEFAULT_GOAL := help
.PHONY: help setup run test eval bench lint format screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 14

setup: $(READY) ## install Ledby and its tools in .venv

run: $(READY) ## index the bundled documents and open the chat
	$(BIN)/ledby ingest corpus/documents
	$(BIN)/ledby serve

# Two processes at a time, each on one core: with threads of their own they would wait for each other.
test: $(READY) ## run every test
	indexes=$$(mktemp -d) && trap 'rm -rf "$$indexes"' EXIT && export LEDBY_TEST_INDEXES="$$indexes" && \
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not alone" --numprocesses 2 --dist loadfile --no-loadscope-reorder && \
	$(BIN)/python -m pytest -m alone

eval: $(READY) ## score the answers over the bundled documents
	$(BIN)/ledby ingest corpus/documents
	$(BIN)/ledby eval --held --profile bundled

bench: $(READY) ## measure time, memory and disk up to 100,000 passages (ARGS='--large' for more)
	$(BIN)/python -m eval.bench $(ARGS)

lint: $(READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## put the code in the house style
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

screenshots: $(READY) ## take the pictures in docs/ anew
	$(BIN)/ledby ingest corpus/documents
	test -f .ledby/eval/scores.json || $(BIN)/ledby eval --sample 120 || true
	$(BIN)/python -m assistant.web.screenshots

clean: ## remove the installation, the index and all caches
	rm -rf $(VENV) .ledby .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

# The stamp is written last, so that a set-up that was broken off is done again.
$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Ledby needs Python 3.11: install it, or say which one: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@
