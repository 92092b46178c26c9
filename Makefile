# The menu of this repository. Everything is installed into .venv and nowhere else.
ifeq ($(filter oneshell,$(.FEATURES)),)
$(error This Makefile needs GNU make 4 or newer)
endif

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := menu
MAKEFLAGS += --no-builtin-rules --no-print-directory

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One computing thread for each test worker: two cores with two workers of many threads each take far longer.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --constraint requirements/constraints.txt
WORKERS ?= 2
# A worker is given a file at a time, so that what its tests share is made once; tests/conftest.py says which come first.
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What an installation depends on: when one of these changes, the stamp is old and pip runs again.
RECIPE := pyproject.toml requirements/constraints.txt

# What `make office` and `hakari office` use.
PORT ?= 8000

.PHONY: menu demo office test test-all test-quick check fix bench bench-validity docs lock system-packages clean

menu:
	@cat <<'TEXT'
	make demo      install Hakari with its demo and assess real mortgage decisions
	make office    start the office on a made-up company: the web site, its ledger, and sign-ins for every role
	make test      everything that must hold: check, then all tests (up to 40 minutes on two cores)
	make test-all  the same and the slow tests
	make check     lint, format, types, imports, packs, documentation
	make fix       mend what the linter and the formatter can mend
	make bench     measurements of speed and error rates
	make docs      make the pictures in the documentation again
	TEXT

# --- Environment ----------------------------------------------------------------------------------------------------

.venv/.stamp-venv:
	@for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi
	done
	if [ -z "$${found:-}" ]; then
	  echo "Python 3.11 or newer was not found on the path. Install it, then run make again." >&2; exit 1
	fi
	echo "Making .venv with $$("$$found" --version)"
	"$$found" -m venv .venv
	touch $@

.venv/.stamp-demo: .venv/.stamp-venv $(RECIPE)
	@echo "Installing Hakari and what the demo needs into .venv (once)"
	$(PIP) --editable '.[demo]'
	touch $@

.venv/.stamp-office: .venv/.stamp-venv $(RECIPE)
	@echo "Installing Hakari and what the office needs into .venv (once)"
	$(PIP) --editable '.[office,demo]'
	touch $@

.venv/.stamp-dev: .venv/.stamp-venv $(RECIPE)
	@echo "Installing Hakari and what development needs into .venv (once)"
	$(PIP) --editable '.[dev]'
	touch $@

# The browser tests read the report as a person would: in Chromium, with Japanese glyphs. The office's ledger, actions and
# search are tested on PostgreSQL too.
system-packages:
	@missing=""
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="chromium"
	fc-list :lang=ja family 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"
	libraries="$$(PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)"
	case "$$libraries" in *libpango-1.0.so.0*) ;; *) missing="$$missing libpango-1.0-0" ;; esac
	case "$$libraries" in *libpangoft2-1.0.so.0*) ;; *) missing="$$missing libpangoft2-1.0-0" ;; esac
	if [ -z "$$missing" ]; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	  echo "Installing system packages: $$missing"
	  apt-get update -qq
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null
	else
	  echo "The tests need these system packages: $$missing" >&2
	  echo "Install them (Debian: sudo apt-get install $$missing), or run the tests without a browser and PostgreSQL: make test-quick" >&2
	  exit 1
	fi

# --- The menu -------------------------------------------------------------------------------------------------------

demo: .venv/.stamp-demo
	@$(BIN)/hakari demo

office: .venv/.stamp-office
	@$(BIN)/hakari office --port $(PORT)

test: .venv/.stamp-dev system-packages check
	@$(BIN)/python -m pytest $(SHARED) -m 'not browser and not slow'
	$(BIN)/python tests/pages/run_on_postgres.py -q $(SHARED)
	$(BIN)/python -m pytest $(SHARED) -m 'browser and not slow'

test-all: .venv/.stamp-dev system-packages check
	@$(BIN)/python -m pytest $(SHARED) -m 'not browser'
	$(BIN)/python tests/pages/run_on_postgres.py -q $(SHARED)
	$(BIN)/python -m pytest $(SHARED) -m browser

test-quick: .venv/.stamp-dev
	@$(BIN)/python -m pytest $(SHARED) -m 'not browser and not slow'

check: .venv/.stamp-dev
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	for pack in src/hakari/packs/library/*/pack.yaml; do $(BIN)/hakari pack check "$$(dirname "$$pack")"; done
	$(BIN)/python -m pytest -q tests/repository/test_docs.py

fix: .venv/.stamp-dev
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Hours on two cores. Each part is a command of its own; the ones that time something want a machine at rest.
bench: .venv/.stamp-dev bench-validity
	@$(BIN)/python bench/own_time.py
	$(BIN)/python bench/imports.py
	$(BIN)/python bench/packs.py
	$(BIN)/python bench/peers/run.py --environments .venv/peers
	$(BIN)/python bench/scale/run.py --folder .venv/scale --environments .venv/peers
	$(BIN)/python bench/determinism/run.py
	$(BIN)/python bench/pythons.py

bench-validity: .venv/.stamp-dev
	@for part in pairs families groups coverage power denominators small_groups holm looks dependent_rows smooth rows_needed \
	  descriptive scores amounts paired legal; do
	  $(BIN)/python bench/validity/$$part.py --out bench/validity/results
	done

docs: .venv/.stamp-dev system-packages
	@$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/include_results.py

# --- Upkeep ---------------------------------------------------------------------------------------------------------

lock: .venv/.stamp-dev
	@$(BIN)/python requirements/lock.py

clean:
	@rm -rf .venv build dist hakari-demo hakari-office-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
