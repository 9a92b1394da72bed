# Every target sets up what it needs first; a second time that takes no time.
# To choose an interpreter: make run PYTHON=/path/to/python3

export PYTHON
# What was compiled once is kept: the tests start hundreds of processes, each of which imports most of the program.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
PACKAGE_BIN := build/package-venv/bin
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench soak test-desktop screenshots guide-pictures coverage test-foreign-clients translations lock clean
.PHONY: package package-check set-up-package set-up-package-check package-windows package-windows-check set-up-windows
.PHONY: set-up-run set-up-dev set-up-screen

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: set-up-run ## Set up what is missing and open Member Tracker
	@$(BIN)/member-tracker

# Half of a test's time is waiting: for a window, a server, a process that was killed.
test: set-up-dev ## Set up what is missing and run every test
	@$(BIN)/pytest -n "$$($(BIN)/python -c 'import os; print(3 * (os.cpu_count() or 1))')" --dist worksteal

check: set-up-dev ## Layout, style, types and layers: change nothing, complain
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: set-up-dev ## Put right what can be put right by itself
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: set-up-dev ## Measure every figure against its limit
	@$(BIN)/python -m benchmarks

soak: set-up-dev ## Search long for rare faults (docs/soak.md)
	@HYPOTHESIS_PROFILE=soak $(BIN)/pytest -n auto -m "not desktop"

test-desktop: set-up-screen ## Use the program from outside, by keyboard, on a screen of its own
	@$(BIN)/pytest -m desktop tests/desktop

test-foreign-clients: set-up-dev ## Hold the test servers to clients of other people's making
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python build/foreign-venv
	@$(BIN)/uv pip sync --quiet --require-hashes --python build/foreign-venv requirements/foreign.lock
	@mkdir -p build/foreign-node
	@cp tests/foreign/package.json tests/foreign/package-lock.json build/foreign-node/
	@cd build/foreign-node && npm ci --ignore-scripts --no-fund --no-audit --silent
	@MEMBER_TRACKER_FOREIGN_CLIENTS=1 $(BIN)/pytest tests/foreign

screenshots: set-up-dev ## Draw every screen, light and dark, at 100 and 150 %, into build/screenshots
	@$(BIN)/python -m tests.desktop.pictures

guide-pictures: set-up-dev ## Draw the pictures of the guides anew into docs/pictures
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.desktop.guide_pictures

coverage: set-up-dev ## How much of reading and sending mail its own tests go through
	@$(BIN)/coverage run -m pytest -q tests/mail -k 'not no_long_time'
	@$(BIN)/coverage report

package: set-up-package ## Freeze the program, test it, and pack it for Linux into dist (docs/packaging.md); some minutes
	@$(PACKAGE_BIN)/python -m installer.linux.package

package-check: set-up-package-check ## As root: try the Debian package of dist in a bare Debian 12, and measure it; some minutes
	@unshare --mount $(PACKAGE_BIN)/python -m installer.linux.check
	@$(PACKAGE_BIN)/python -m benchmarks packaged

package-windows-check: set-up-windows ## Try the Windows packages without Windows (docs/windows.md); some minutes
	@$(BIN)/python -m installer.windows.check

package-windows: set-up-windows ## Make the Windows packages of a program frozen on Windows, named by BUNDLE=folder
	@$(BIN)/python -m installer.windows.build $(BUNDLE)

translations: set-up-dev ## Write out what the window says for a translator, and compile it: LANGUAGE=cy (docs/translating.md)
	@$(BIN)/python -m installer.translations "$(LANGUAGE)"

lock: set-up-dev ## Pin the newest packages pyproject.toml allows
	@$(UV_COMPILE) --upgrade --group dev --group build pyproject.toml -o requirements/dev.lock
	@$(UV_COMPILE) --constraint requirements/dev.lock --group build pyproject.toml -o requirements/run.lock
	@$(UV_COMPILE) --constraint requirements/dev.lock requirements/build.in -o requirements/build.lock
	@$(UV_COMPILE) --constraint requirements/dev.lock --group build --group package pyproject.toml \
		-o requirements/package.lock
	@$(UV_COMPILE) --upgrade tests/foreign/requirements.in -o requirements/foreign.lock

clean: ## Remove everything that make has made
	@rm -rf .venv build dist .hypothesis .import_linter_cache .coverage .mypy_cache .pytest_cache .ruff_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

set-up-run:
	@installer/setup.sh run

set-up-dev:
	@installer/setup.sh dev

set-up-screen:
	@installer/setup.sh screen

set-up-package set-up-package-check:
	@installer/setup.sh $(@:set-up-%=%)

set-up-windows:
	@installer/setup.sh windows
