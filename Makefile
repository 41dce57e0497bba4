# Everything from a fresh clone: `make ask Q="what does a VP of Product do"`, `make test`.

PYTHON ?= python3
# PyTorch's own index of CPU builds: elsewhere a plain install on Linux brings gigabytes of CUDA.
# Empty turns the attempt off, and torch comes from what pip finds.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
export TOKENIZERS_PARALLELISM := false

.PHONY: setup ask chat run test check bench bench-peers bench-scale clean index
.DEFAULT_GOAL := setup

setup: .venv/.installed

# Only what running needs; `make test` adds the developers' tools.
.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	  || { echo "PM Role needs Python 3.11 to 3.13 as '$(PYTHON)'; name another with: make PYTHON=python3.12" >&2; exit 1; }
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@echo "Installing what PM Role needs into .venv (a few minutes the first time)"
	@torch="$$(grep '^torch==' constraints.txt)"; \
	  { test -n "$(TORCH_INDEX)" && $(PIP) --retries 0 --timeout 5 --no-deps --index-url "$(TORCH_INDEX)" "$$torch" 2>/dev/null; } \
	  || $(PIP) "$$torch"
	@$(PIP) --editable .
	@touch $@

.venv/.developing: .venv/.installed
	@$(PIP) --editable '.[dev]'
	@touch $@

# Quick when no article changed; a doubtful article (status 3) does not stop what follows.
index: setup
	@.venv/bin/pmrole index build --if-changed || test $$? -eq 3

ask: index
	@.venv/bin/pmrole ask "$$Q"

chat: index
	@.venv/bin/pmrole chat

run: index
	@.venv/bin/pmrole serve --or-play

check: .venv/.developing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: check index
	.venv/bin/pmrole knowledge check
	.venv/bin/pytest --cov --cov-report=term --numprocesses 3 --dist loadfile --no-loadscope-reorder --reruns 1

bench: .venv/.developing index
	.venv/bin/python -m bench

# Hours, and 8 GB under var/bench/scale; what was measured is kept, `python -m bench scale --help`.
bench-scale: .venv/.developing index
	.venv/bin/python -m bench scale

# The first time installs each peer into var/peers (some GB); goes on where it was stopped.
bench-peers: .venv/.developing index
	.venv/bin/python -m bench.peers --torch-index "$(TORCH_INDEX)"

clean:
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
