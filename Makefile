# 明堂 Mingtang. `make` alone lists the targets.
# Set-up is done by need only: the virtual environment follows the lock files in requirements/.

# Distributions build their Python with profiles of running programs. Where the python3 of PATH was built without, a
# build takes a tenth longer, so that the distribution's is taken, if it is there and can make environments.
PROFILED = import sys, sysconfig; sys.exit("--enable-optimizations" not in str(sysconfig.get_config_var("CONFIG_ARGS")))
USABLE = import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
DISTRIBUTED ?= /usr/bin/python3
PYTHON ?= $(shell python3 -c '$(PROFILED)' 2>/dev/null || ! $(DISTRIBUTED) -c '$(USABLE)' 2>/dev/null \
  && echo python3 || echo $(DISTRIBUTED))
VENV   := .venv
PY     := $(VENV)/bin/python
UNIT   ?=
TARGET ?=
PORT   ?= 8000
ARGS   ?=
PYTEST_ARGS ?=

# Images for containers often set it; without kept bytecode every command takes 0.15 s longer.
unexport PYTHONDONTWRITEBYTECODE

unit-option   = $(if $(UNIT),--unit $(UNIT))
target-option = $(if $(TARGET),--target $(TARGET))

.DEFAULT_GOAL := help
.PHONY: help build check serve preview deploy archive test lint soak bench clean clean-cache hooks lock

help:
	@echo '明堂 Mingtang：政务公开网站群'
	@echo
	@echo '  make build [UNIT=jyglj]    生成整个网站群到 public/          build the whole cluster into public/'
	@echo '  make check [UNIT=jyglj]    只检查内容，不写出                check content, write nothing'
	@echo '  make serve [PORT=8001]     边改边看（含未审查内容，仅本机）  live preview, uncleared items too, loopback only'
	@echo '  make preview [PORT=8001]   浏览 public/ 里已生成的网站       look at what stands in public/'
	@echo '  make deploy [TARGET=…]     发布到服务器                      release to the servers'
	@echo '  make archive UNIT=…        一个单位的离线网站 zip            a site that opens from disk, as a zip'
	@echo '  make hooks                 安装提交前检查                    install the pre-commit check'
	@echo '  make test                  全部测试                          set up and run all tests'
	@echo '  make lint                  格式、类型、导入方向              format, types, import directions'
	@echo '  make soak                  长时间随机与故障测试              long random and fault campaigns'
	@echo '  make bench                 性能数据                          benchmarks'
	@echo '  make clean                 删除 public/ 和预览               remove what was built'
	@echo '  make clean-cache           删除缓存（下次完整构建）          remove the cache'
	@echo '  make lock                  重新锁定依赖版本                  pin the dependencies anew'

# --- set-up ---------------------------------------------------------------------------

$(VENV)/run.stamp: requirements/run.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { \
	  echo '无法建立 .venv：请安装 python3-venv。Cannot make .venv: install python3-venv.'; exit 2; }
	@echo '安装运行依赖 installing run-time dependencies …'
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo '安装测试依赖 installing test dependencies …'
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

# --- what editors use -----------------------------------------------------------------

build: $(VENV)/run.stamp
	@$(PY) -m generator build $(unit-option) $(ARGS)

check: $(VENV)/run.stamp
	@$(PY) -m generator check $(unit-option) $(ARGS)

serve: $(VENV)/run.stamp
	@$(PY) -m generator serve --port $(PORT) $(ARGS)

preview: $(VENV)/run.stamp
	@test -f public/manifest.json || $(MAKE) --no-print-directory build
	@$(PY) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || { \
	  echo '端口 $(PORT) 不能使用，请换一个：make preview PORT=8001。The port cannot be used.'; exit 2; }
	@echo '请在浏览器打开 http://127.0.0.1:$(PORT)/ （Ctrl-C 结束）'
	@$(PY) -m http.server --bind 127.0.0.1 --directory public $(PORT)

# ARGS is for the last of several commands: the others know no such options.
deploy:
	@$(MAKE) --no-print-directory build ARGS=
	@$(PY) -m generator deploy $(target-option) $(ARGS)

archive:
	@test -n "$(UNIT)" || { echo '请写明单位：make archive UNIT=jyglj。Say which unit.'; exit 2; }
	@$(MAKE) --no-print-directory build ARGS=
	@$(PY) -m generator archive $(UNIT) $(ARGS)

hooks: $(VENV)/run.stamp
	@$(PY) -m generator hooks install

clean:
	@rm -rf public preview

clean-cache:
	@rm -rf .mingtang/*/cache

# --- what engineers use -----------------------------------------------------------------

test: $(VENV)/test.stamp
	@sh tests/setup.sh
	@$(PY) -m pytest -m 'not soak' -n 3 --dist loadgroup $(PYTEST_ARGS)

lint: $(VENV)/test.stamp
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

soak: $(VENV)/test.stamp
	@sh tests/setup.sh
	@$(PY) -m pytest -m soak $(PYTEST_ARGS)

bench: $(VENV)/test.stamp
	@sh tests/benchmarks/run.sh $(ARGS)

# Needs uv (pip install uv). Lock files hold name, version and hash, and no address.
lock:
	uv pip compile --quiet pyproject.toml --generate-hashes --no-annotate --no-header --python-version 3.11 -o requirements/run.txt
	uv pip compile --quiet pyproject.toml requirements/test.in --extra cluster -c requirements/run.txt --generate-hashes --no-annotate --no-header --python-version 3.11 -o requirements/test.txt
	uv pip compile --quiet requirements/bench.in --generate-hashes --no-annotate --no-header --python-version 3.11 -o requirements/bench.txt
