# 安装 Debian 软件包的共用部分，由 setup.sh 和 run 引入。
# 只在确有缺少时才动系统；办不到就用一句话说明，并给出失败的命令。

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "未能完成：$*"
  exit 3
}

# 运行一条命令，平时不出声，失败时给出它最后的话。
quietly() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

# 以管理员身份运行：已是 root 就直接运行，否则用 sudo。可能没有终端，所以不能停下来问口令。
may_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }; }
as_root() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# 安装软件包。先直接装；新镜像里没有软件包清单，装不上再更新清单重来。
install_packages() {
  command -v apt-get >/dev/null 2>&1 ||
    fail "这台机器没有 apt-get。请用系统自己的办法装入与这些 Debian 软件包相当的程序，再试一次：$*"
  local install="apt-get install -y -q --no-install-recommends $*"
  may_be_root || fail "缺少系统软件包，安装它们要有管理员权限。请管理员运行下面的命令，再试一次：$install"
  say "正在安装 $* ……"
  # shellcheck disable=SC2086  # 命令由词组成
  quietly as_root $install 2>/dev/null && return 0
  quietly as_root apt-get update -q || fail "更新软件包清单失败，命令是：apt-get update。请检查网络和软件源。"
  # shellcheck disable=SC2086
  quietly as_root $install || fail "安装失败，命令是：$install。请检查网络和软件源。"
}
