#!/bin/sh
# The package's tests under every Python that this machine has, from 3.9 on: those on PATH, and pyenv's. Arguments are
# versions to be tested instead.
# What needs more than pytest (the web examples, the linters, the wheel) runs under one Python only, in make test-python.
set -u
cd "$(dirname "$0")/../.." || exit
[ $# -gt 0 ] || set -- 3.9 3.10 3.11 3.12 3.13 3.14

ran=""
failed=""
for version; do
  python=""
  for candidate in "$HOME/.pyenv/versions/$version".*/bin/python "$(command -v "python$version")"; do
    # pyenv puts names on PATH that lead nowhere.
    if [ -x "$candidate" ] && "$candidate" -c 'import venv' 2>/dev/null; then python=$candidate; fi
  done
  if [ -z "$python" ]; then
    echo "Python $version: not on this machine"
    continue
  fi
  venv=.build-venv-$version
  if [ ! -e "$venv/installed" ]; then
    "$python" -m venv "$venv" &&
      "$venv/bin/python" -m pip install --quiet --disable-pip-version-check pytest pytest-xdist &&
      touch "$venv/installed" || exit 1
  fi
  echo "Python $("$venv/bin/python" -V | cut -d ' ' -f 2)"
  if PYTHONPATH=bindings/python "$venv/bin/python" -m pytest -q -n 2 -p no:cacheprovider Tests/python \
    --ignore Tests/python/test_web_examples.py --ignore Tests/python/test_sources.py \
    --ignore Tests/python/test_readme.py --ignore Tests/python/test_json_oracle.py; then
    ran="$ran $version"
  else
    failed="$failed $version"
  fi
done
echo "passed:${ran:- none}  failed:${failed:- none}"
[ -z "$failed" ]
