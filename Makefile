# Everything here sets itself up: Python 3.11 or newer with venv, and make, are all it needs.
# What it makes lies in .venv/ and var/; delete either and it is made again.

PYTHON ?= python3
HOST   ?= 127.0.0.1
PORT   ?= 8000
JOBS   ?= 2
ARGS   ?=

BIN     := .venv/bin
RUN     := $(BIN)/python
VAR     := $(or $(GONGZHI_VAR),var)
STATIC  := $(shell find . -path ./.venv -prune -o -path ./var -prune -o -path '*/static/*' -print 2>/dev/null)
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps

# An activated environment, or modules lying about elsewhere, must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV DJANGO_SETTINGS_MODULE
export PIP_USER := 0

.DEFAULT_GOAL := help
.PHONY: help run test pictures check format messages setup setup-dev
.DELETE_ON_ERROR:
# One thing after the other, also under `make -j`: the steps of a recipe's set-up share one environment.
.NOTPARALLEL:

help: ## show this list
	@echo "Gongzhi 共治 – what you can say:"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  PORT=$(PORT) HOST=$(HOST) make run      other port or address (0.0.0.0 demands DEMO_PASSWORD)"
	@echo "  make test ARGS='-k seats'             options for pytest; JOBS=$(JOBS) processes, JOBS=0 for none"

run: setup $(VAR)/.static ## the site with the demonstration town, at http://127.0.0.1:8000/
	@echo "Bringing the database up to date …"
	@$(RUN) manage.py migrate --verbosity 0
	@HOST='$(HOST)' PORT='$(PORT)' $(RUN) manage.py demo
	@HOST='$(HOST)' PORT='$(PORT)' exec $(RUN) manage.py serve

test: setup-dev ## all tests, in the browser too (REQUIRE=all: nothing may be skipped)
	@$(RUN) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

pictures: setup-dev ## every page on phone and desktop, in three looks and two languages, into var/artefacts/
	@PICTURES=1 $(RUN) -m pytest -n $(JOBS) --dist loadfile tests/journeys/test_every_page_in_*.py

check: setup-dev ## format, lint, types, templates, migrations, messages, advisories, house rules
	$(RUN) -m ruff format --check --quiet .
	$(RUN) -m ruff check --quiet .
	$(RUN) -m mypy .
	$(RUN) -m djlint --lint --quiet .
	$(RUN) manage.py check
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py messages --check
	$(RUN) manage.py bill_of_materials --check
	$(RUN) manage.py advisories
	$(RUN) -m pytest -q tests/test_house.py
	@$(RUN) tests/test_house.py

format: setup-dev ## put the code into shape
	$(RUN) -m ruff check --fix-only --quiet .
	$(RUN) -m ruff format --quiet .

messages: setup-dev ## gather the texts to translate, compile the translations
	$(RUN) manage.py messages

# ------------------------------------------------------------------------------------------- set-up
# Each stamp is younger than what it was made from; a step that was interrupted leaves none and is done again.

setup: .venv/.runtime
setup-dev: .venv/.dev

# A Python that was upgraded or removed leaves an environment that cannot run: it is made again.
ifneq ($(wildcard .venv/.made),)
ifneq ($(shell $(RUN) -c 'import importlib.util as u; print(u.find_spec("pip") is not None)' 2>/dev/null),True)
.PHONY: .venv/.made
endif
endif

.venv/.made:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. On Debian: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Gongzhi needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`. Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.runtime: .venv/.made requirements.txt
	@echo "Installing the libraries (once, about half a minute) …"
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@echo "Installing the tools for tests and checks (once) …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VAR)/.static: .venv/.runtime portal/settings.py $(STATIC)
	@echo "Collecting the static files …"
	@$(RUN) manage.py collectstatic --noinput --verbosity 0
	@mkdir -p $(VAR) && touch $@
