# The doors for people: make demo, make test, make check, make nightly, make bench.
# The environment is .venv in this folder; it is made when it is missing.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO ?= build/demo
ITEMS ?= 20000
CORES ?= auto
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary
# A file is one worker's, and files are taken in the order that tests/conftest.py gives them: the longest first.
PYTEST := $(BIN)/python -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder

TESTS := tests src labeling_functions notebooks

.PHONY: help install demo test nightly check style types floors schemas format bench conformance picture clean

help:
	@echo "make demo    six months of simulated feedback, a schema change, the history relabelled"
	@echo "make test    all tests, then the slowest ten and the slowest files"
	@echo "make nightly   all tests, ten times as many examples of each law, drawn anew, and what is marked nightly"
	@echo "make check   format, lint, types, floors, label schemas"
	@echo "make bench   side by side with what you would use instead (takes minutes)"
	@echo "make conformance   Snorkel's own tests, fetched, on the drop-in for it; its tutorials' tasks, twice"

install: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("retrolabel needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || { echo "making .venv"; $(PYTHON) -m venv .venv; }
	@$(PIP) --upgrade "pip>=25.1"
	@$(BIN)/python tools/install.py --prefer-binary $(PIP_FLAGS) -c constraints.txt -e ".[all]" --group dev
	@touch $@

demo: $(READY)
	@rm -rf $(DEMO)
	@$(BIN)/retrolabel demo $(DEMO) --items $(ITEMS)

test: $(READY)
	@$(PYTEST) --durations=10 --nbmake $(TESTS)

nightly: $(READY)
	@HYPOTHESIS_PROFILE=nightly $(PYTEST) --durations=50 --nbmake $(TESTS)
	@$(BIN)/python tests/conformance/other_tools.py

check: style types floors schemas

style: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

floors: $(READY)
	$(BIN)/lint-imports

schemas: $(READY)
	$(BIN)/retrolabel schema check --strict

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python benchmarks/applying.py
	$(BIN)/python benchmarks/relabelling.py
	$(BIN)/python benchmarks/label_models_on_the_demo.py
	$(BIN)/python benchmarks/lf_summary.py
	$(BIN)/python benchmarks/label_model_stress.py
	$(BIN)/python benchmarks/agreement.py
	@if [ -n "$$RETROLABEL_DATA" ]; then \
	  $(BIN)/python tools/install.py -c constraints.txt --group bench && \
	  $(BIN)/python benchmarks/label_model_quality.py && $(BIN)/python benchmarks/label_model_speed.py && \
	  $(BIN)/python benchmarks/gold_sample.py && $(BIN)/python benchmarks/exporting.py && $(BIN)/python benchmarks/end_models.py; \
	else echo "label models on real votes are left out: RETROLABEL_DATA names no folder of real data"; fi

conformance: $(READY)
	@$(BIN)/python tests/conformance/tutorials_twice.py || test $$? = 2
	$(BIN)/python tests/conformance/snorkels_own_tests.py

picture: $(READY)
	$(BIN)/python docs/make_picture.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
