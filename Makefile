# Two commands for everyone: `make demo` shows the whole job, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.PHONY: demo test check fast chaos eval lock clean

demo: $(STAMP)
	$(RUN) -m adapters.cli ingest
	$(RUN) -m adapters.cli demo

test: check
	$(RUN) -m pytest

check: $(STAMP)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy adapters bot ingest knowledge tests

fast: $(STAMP)
	$(RUN) -m pytest tests/knowledge tests/bot tests/ingest

chaos: $(STAMP)
	$(RUN) -m pytest -n 0 -m chaos tests/chaos

eval: $(STAMP)
	$(RUN) -m adapters.cli ingest
	$(RUN) -m adapters.cli eval

# Torch first and alone: where a CPU build is offered it is the one taken, and the rest is
# content with it.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Naru needs Python 3.11 or newer; try: make PYTHON=python3.11 demo")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet torch==2.13.0
	$(RUN) -m pip install --quiet --requirement requirements.lock
	$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

lock: $(STAMP)
	( echo '# Every version Naru is tested with. Made by `make lock`; torch is installed before the rest (see Makefile).'; \
	  ( $(RUN) -m pip freeze --exclude-editable | grep -v -i '^torch==\|^-e ' ; echo 'torch==2.13.0' ) | sort -f ) > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache *.egg-info
