# make demo   环境、虚构的一轮、浏览器中的工作台 / environment, a fictional round, the app in the browser
# make test   环境和全部测试 / environment and every test
# make check  格式、类型、结构 / style, types, structure

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2
CODE := core pages sheets_schema streamlit_app.py tests

.PHONY: demo test check bench lock clean help

help:
	@echo "make demo   启动演示（首次会安装环境；从头再来：make demo ARGS=--fresh）"
	@echo "make test   运行全部测试"
	@echo "make check  检查格式、类型和结构"
	@echo "make bench  测量速度和内存"
	@echo "make clean  删除环境和缓存（不动 var/ 中的数据）"

demo: $(STAMP)
	@$(BIN)/shifan demo $(ARGS)

test: $(STAMP)
	@.ci/system
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/structure

bench: $(STAMP)
	@$(BIN)/python -m tests.bench $(ARGS)

# The environment is made once, and again when the list of packages changes.
$(STAMP): pyproject.toml requirements.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo "缺少 Python 3.11 或更新版本 / Python 3.11 or newer is missing (Debian: apt install python3 python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) 太旧，需要 3.11 或更新版本；可用 make PYTHON=python3.12 指定 / Python 3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "缺少 Python 的 venv 模块 / the venv module of Python is missing (Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "正在准备运行环境（首次约需一两分钟）……"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || { \
	  echo "安装依赖没有成功，请检查网络或 pip 的镜像设置后重试 / the packages could not be installed; check the network and pip's settings" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# For maintainers: pins every package again within the ranges of pyproject.toml.
lock:
	@command -v uv >/dev/null || { echo "需要 uv（https://docs.astral.sh/uv/）/ uv is needed" >&2; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --no-header --no-annotate --generate-hashes --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
