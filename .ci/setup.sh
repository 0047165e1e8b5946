#!/usr/bin/env bash
# 准备运行环境：系统程序库、虚拟环境、本项目、字体。可反复运行；什么都不缺时一两秒就完。
# 只需要一台 Debian 12（或更新的 Debian、Ubuntu），有 python3、make、apt；由 Makefile 调用。
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

system_python=${PYTHON:-python3}
venv_python=.venv/bin/python
stamp=.venv/.xfdocs

command -v "$system_python" >/dev/null 2>&1 || fail "没有 $system_python。请先安装 Python 3.11 或更新的版本：apt-get install python3"
"$system_python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "$system_python 是 $("$system_python" -V 2>&1)，本项目需要 Python 3.11 或更新的版本。可用 make PYTHON=… 指明另一个。"

# 排版（WeasyPrint）要用的程序库：能装入就算有，不问是怎么装的。
packages=()
has_library() { "$system_python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_library libpango-1.0.so.0 || packages+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || packages+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || packages+=(libharfbuzz-subset0)
# fontconfig 没有任何系统字体时会告警；排版用的是我们自己准备的字体。
[ -e /etc/fonts/fonts.conf ] || packages+=(fontconfig-config)
if ! "$venv_python" -c 'import pip' 2>/dev/null && ! "$system_python" -c 'import ensurepip, venv' 2>/dev/null; then
  packages+=(python3-venv)
fi
[ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"

# 虚拟环境：没有，或者已经不能用（例如系统换了 Python），就重建。
if ! "$venv_python" -c 'import pip' 2>/dev/null; then
  say "正在建立虚拟环境 .venv ……"
  quietly "$system_python" -m venv --clear .venv || fail "建立虚拟环境失败，命令是：$system_python -m venv .venv"
fi

# 本项目和它的依赖：pyproject.toml 或文件夹位置变了才重装。
wanted=$({ pwd; cat pyproject.toml; } | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "正在安装本项目和它依赖的程序包……"
  quietly "$venv_python" -m pip install --disable-pip-version-check -q -e '.[dev]' ||
    fail "安装失败，命令是：$venv_python -m pip install -e '.[dev]'。请检查网络或 pip 的软件源设置。"
  printf '%s\n' "$wanted" >"$stamp"
fi

# 字体：没有开放字体就从软件源下载，再切成小字库。出错时它自己会说明。
"$venv_python" -m xfdocs.render.fontsetup --fetch --quiet >&2
