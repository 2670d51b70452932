#!/bin/sh
# Sets up what the tests need beside Python packages: system packages where we may install them, npm packages.
# Where we may not, it says what is missing; the tests that need it then skip with that reason (in CI they fail).
set -eu
cd "$(dirname "$0")"

present() {
    case $1 in
        /*) test -e "$1" ;;
        *) command -v "$1" >/dev/null 2>&1 || test -x "/usr/sbin/$1" ;;
    esac
}

missing=''
while read -r package sign _; do
    case $package in ''|'#'*) continue ;; esac
    present "${sign:-$package}" || missing="$missing $package"
done <system-packages.txt

if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "安装系统软件包 installing:$missing"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # shellcheck disable=SC2086 # one word a package
        apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "缺少系统软件包（相应测试将跳过）missing, their tests will be skipped:$missing"
        echo "  sudo apt-get install --no-install-recommends$missing"
    fi
fi

if [ -f package-lock.json ] && command -v npm >/dev/null 2>&1; then
    if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
        npm ci --silent --no-audit --no-fund --ignore-scripts
        touch node_modules/.package-lock.json
    fi
fi
