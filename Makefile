# Two commands are enough: `make run` and `make test`.  The others are for those who work on it.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SIZE ?= 5000

PY = .venv/bin/python
VAR := $(or $(HELPCENTER_VAR),var)
STATIC := $(shell find static -type f)

.PHONY: run dev editor test lint bench audit soak screenshots messages extract lock

run: .venv/runtime $(VAR)/static/staticfiles.json
	@$(PY) manage.py serve --host $(HOST) --port $(PORT)

dev: .venv/development $(VAR)/secret_key
	@HELPCENTER_DEBUG=1 $(PY) manage.py serve --host $(HOST) --port $(PORT) --reload

editor: .venv/runtime $(VAR)/secret_key
	@$(PY) manage.py prepare
	@$(PY) manage.py make_editor

test: .venv/test
	$(PY) -m pytest $(ARGS)

lint: .venv/development $(VAR)/secret_key
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	.venv/bin/djhtml --check --tabwidth 2 $$(git ls-files 'templates/*.html')
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	@$(MAKE) --no-print-directory extract
	@msgcmp locale/es/LC_MESSAGES/django.po locale/django.pot || { echo "The catalogue is behind: make messages, translate, commit."; exit 1; }

bench: .venv/development
	$(PY) -m benchmarks --size $(SIZE) $(if $(RELEVANCE),--relevance $(RELEVANCE))

audit: .venv/test
	$(PY) -m benchmarks.audit $(ARGS)

soak: .venv/test
	$(PY) -m pytest tests/soak -o python_files='soak_*.py' -q -s $(ARGS)

screenshots: .venv/test
	$(PY) -m pytest docs/screenshots.py -q

messages: extract
	$(PY) manage.py compilemessages --locale es --verbosity 0

extract: .venv/development $(VAR)/secret_key
	@$(PY) manage.py makemessages --locale es --no-obsolete --add-location file --keep-pot --ignore .venv --ignore var --verbosity 0

lock: .venv/development
	.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate --no-header pyproject.toml -o requirements/runtime.txt
	.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate --no-header --group test pyproject.toml -o requirements/test.txt
	.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate --no-header --group development pyproject.toml -o requirements/development.txt

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements/runtime.txt | .venv/bin/python
.venv/test: requirements/test.txt | .venv/bin/python
.venv/development: requirements/development.txt | .venv/bin/python
.venv/runtime .venv/test .venv/development:
	@echo "Installing what requirements/$(@F).txt lists …"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(@F).txt
	@touch $@

$(VAR)/secret_key:
	@mkdir -p -m 700 $(VAR)
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

$(VAR)/static/staticfiles.json: $(STATIC) .venv/runtime $(VAR)/secret_key
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@
