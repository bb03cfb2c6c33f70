# The tasks of a working day; `make` alone lists them. CONTRIBUTING.md says what each is for.
# PYTHON is the interpreter of an environment with the package's dev extra: that of .venv where there is one.
PYTHON ?= $(if $(wildcard .venv/bin/python),$(CURDIR)/.venv/bin/python,python3)

.DEFAULT_GOAL := help
.PHONY: help venv quick test texts lint format types ci nightly breaks mutation

help: ## list the tasks
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

venv: ## make .venv, with the package as it stands here and the dev extra
	python3 -m venv .venv
	.venv/bin/python -m pip install -q -e '.[dev]'

quick: ## the tests that are not slow: under a minute
	"$(PYTHON)" -m pytest -q -m "not slow"

test: ## all tests
	"$(PYTHON)" -m pytest

texts: ## collect the texts for translators, make the catalogues, and say what is missing
	"$(PYTHON)" tools/catalogues.py extract
	"$(PYTHON)" tools/catalogues.py compile
	"$(PYTHON)" tools/catalogues.py check

lint: ## ruff: rules and format
	"$(PYTHON)" -m ruff check .
	"$(PYTHON)" -m ruff format --check .

format: ## let ruff write the format, and what it can mend of its rules
	"$(PYTHON)" -m ruff check --fix .
	"$(PYTHON)" -m ruff format .

types: ## mypy, strict
	"$(PYTHON)" -m mypy

ci: ## all that a change must pass, in a fresh environment
	bash .ci/run

nightly: ## soaks, kills, breaks, mutants, an emulated kernel, fuzzing: some hours
	PYTHON="$(PYTHON)" bash .ci/nightly

breaks: ## break each promise once on purpose: its test must fail
	"$(PYTHON)" tools/reliability.py breaks

mutation: ## change the pure code in every small way: a test must notice; ROOM=coach for one room
	"$(PYTHON)" tools/mutation.py $(ROOM)
