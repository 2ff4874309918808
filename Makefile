# `make help` lists what there is. `make demo` shows the whole job, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --disable-pip-version-check --progress-bar on
STAMP := $(VENV)/.installed
# What `make eval` mixes in: passages of made-up notices; or a folder or a .jsonl file of your own.
FOREIGN ?= 2000

.DEFAULT_GOAL := demo
.PHONY: help demo test fast check chaos eval bench vectors question-map screens lock clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /make \1\t/'

demo: $(STAMP)  ## the whole job on the shipped library: an answer, a case, a reply
	$(RUN) -m adapters.cli ingest
	$(RUN) -m adapters.cli demo

test: check  ## check, then every test but chaos
	$(RUN) -m pytest

fast: $(STAMP)  ## the decisions and the texts, without databases, files and servers: under a minute
	$(RUN) -m pytest -m "not store and not postgresql and not server and not long and not chaos"

check: $(STAMP)  ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy adapters bot ingest knowledge tests

chaos: $(STAMP)  ## hours of trouble in minutes: kills by the dozen, two thousand files
	$(RUN) -m pytest -n 0 -m chaos

eval: $(STAMP)  ## questions as told: plain, without phrases, with foreign passages; and the golden exam
	$(RUN) -m adapters.cli ingest
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml --without-phrases
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml --foreign $(FOREIGN)
	$(RUN) -m adapters.cli eval

bench: $(STAMP)  ## the search alone on reading sets of yours: make bench SETS="korquad.json xquad.en.json"
	$(RUN) -m adapters.evaluation.reading_sets $(SETS)

vectors: $(STAMP)  ## compute the vectors of the shipped library again, after a change of it
	$(RUN) -c 'from ingest.shipped_vectors import rewrite_shipped_vectors; rewrite_shipped_vectors()'

question-map: $(STAMP)  ## fit the map from questions to sections again: about ten minutes
	$(RUN) -c 'from ingest.question_map import rewrite_question_map; rewrite_question_map()'

screens: $(STAMP)  ## draw the pictures of docs/screens again; needs chromium and an ingested library
	$(RUN) -m tests.screens

lock: $(STAMP)  ## write requirements.lock from what is installed
	( echo '# Every version Naru is tested with. Made by `make lock`; torch is installed before the rest (see Makefile).'; \
	  ( $(RUN) -m pip freeze --exclude-editable | grep -v -i '^torch==\|^-e ' ; echo 'torch==2.13.0' ) | sort -f ) > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:  ## remove what was installed and made
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache *.egg-info

# Torch first and alone: where a CPU build is offered it is the one taken, and the rest is
# content with it.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Naru needs Python 3.11 or newer; try: make PYTHON=python3.11 demo")'
	@echo "[1/4] an environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)
	@echo "[2/4] torch"
	$(PIP) torch==2.13.0
	@echo "[3/4] everything else, at the versions of requirements.lock"
	$(PIP) --requirement requirements.lock
	@echo "[4/4] Naru itself"
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $(STAMP)
