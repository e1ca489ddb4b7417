# Every target is one line a person could type. PORT=8600 make run serves on another port.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
export HF_HUB_OFFLINE ?= 1

.PHONY: run test eval bench lint format state screenshots browser clean

run: state
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: .venv/dev browser state
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

eval: state
	$(BIN)/python -m eval run

bench: .venv/bench state
	$(BIN)/python -m bench

lint: .venv/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

screenshots: .venv/dev browser state
	$(BIN)/python -m docs.screenshots

# The built things in var/: the embedding model once, then what the corpus says, then the index.
state: .venv/run
	$(BIN)/python -m index prepare-model
	$(BIN)/python -m ingest build
	$(BIN)/python -m index build

.venv/bin/python:
	$(PYTHON) -m venv .venv || { echo "Could not make .venv: on Debian, apt-get install python3-venv" >&2; exit 1; }

.venv/run: requirements.txt constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt -c constraints.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	touch $@

.venv/bench: requirements-bench.txt .venv/dev
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-bench.txt
	touch $@

# Debian's Chromium and a Japanese font, for the tests that drive the page.
browser:
	@command -v chromium >/dev/null || .ci/install-chromium

clean:
	rm -rf var
