# make demo   准备环境，用示例单位走一遍，结果在 demo/
# make test   准备环境，运行全部测试；PYTEST_ARGS 另加 pytest 的参数，如 make test PYTEST_ARGS="-k fonts"
# make lint   准备环境，检查代码的写法和类型
# make setup  只准备环境
#
# 每一条都可以在只有 python3、make、apt 的 Debian 12 上单独运行，也可以反复运行。

PYTHON ?= python3
PYTEST_ARGS ?=
export PYTHON

.PHONY: demo test lint setup

demo: setup
	@.venv/bin/xfdocs demo demo

# 两个以上的进程一起跑；同一文件的测试在同一进程里，共用准备好的东西。
test: setup
	@.venv/bin/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

setup:
	@bash .ci/setup.sh
