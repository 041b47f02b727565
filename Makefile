# Préau: `make demo` runs the platform, `make test` runs the tests. Both set up what they need in .venv and .local.

.DEFAULT_GOAL := help
.PHONY: help setup browser demo test lint bench lines reset

PY := .venv/bin/python
TESTS ?=
only ?=

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## Run the whole platform here, with demonstration data (PORT=8000)
	@$(PY) -m deploy.embedded demo

test: setup browser ## Run the tests (TESTS="tests/orders -k refund" for some of them)
	@$(PY) -m pytest -n 2 --dist loadgroup $(TESTS)

lint: setup ## Check style, layers, types, templates and translations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) -m mypy
	.venv/bin/djlint --lint --quiet templates
	$(PY) -m scripts.translations check

bench: setup ## Measure what must be quick (only="opening_day holds" for some of it)
	@$(PY) -m tests.bench $(only)

lines: setup ## Say which line of the requirements is shown by which test
	@$(PY) -m tests.lines

reset: setup ## Remove the demonstration's data, logs and ports
	@$(PY) -m deploy.embedded reset

setup: ## Make or update the virtual environment and the translations
	@python=$$(scripts/find-python) && "$$python" -m deploy.embedded.install

browser: setup
	@$(PY) -m deploy.embedded.browser
