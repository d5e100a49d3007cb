PYTHON ?= python3

.PHONY: figures test check install clean

figures test check install:
	$(PYTHON) start.py $@

# The environment and the tools' caches; results stay.
clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build glasscore.egg-info
