# The two commands of the README: `make ask` and `make test`. Both make their own environment in .venv.
# On Windows or without make, see "Without make" in the README.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
Q ?= PyTorch 1.0 和 Caffe2 什么关系

BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev

.PHONY: ask serve test check clean

ask: $(READY)
	@$(BIN)/assistant ask "$(Q)"

serve: $(READY)
	@$(BIN)/assistant serve

test: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo '需要 Python 3.11 到 3.13：make PYTHON=python3.12 …  (Python 3.11 to 3.13 is needed)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV)
