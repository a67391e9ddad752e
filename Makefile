# `make` alone lists every command.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## make .venv with every tool, by lock file and hash
	@$(PYTHON) scripts/setup.py

up: setup ## prepare everything and serve the demonstration on 127.0.0.1:8000
	@$(BIN)/qalxan up

check: setup ## everything CI runs: lint, types, import rules, tests, crash drill, browser journeys
	@$(BIN)/python scripts/check.py

check-postgres: setup ## the test suite against a plain PostgreSQL 15+ server from the system
	@$(BIN)/python scripts/check_postgres.py

test: setup ## the fast part: all tests but the drill and the browser journeys
	@$(BIN)/python scripts/check.py --fast

drill: setup ## kill web, broker, worker, sequencer and database 500 times under load; nothing may be lost
	@QALXAN_DRILL_ROUNDS=$${QALXAN_DRILL_ROUNDS:-500} $(BIN)/python -m pytest -m drill tests/drill

lint: setup ## style, types and import rules only
	@$(BIN)/python scripts/check.py --lint

lock: setup ## write requirements/*.lock and package-lock.json anew
	@$(BIN)/python scripts/setup.py --lock

.PHONY: help setup up check check-postgres test drill lint lock
