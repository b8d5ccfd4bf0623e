#!/bin/sh
# What `import deepidv` costs, beside `import http.client`: instructions, time and memory. Prints, and never judges.
#
# PYTHON is the interpreter, ROUNDS how often each statement is timed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
DEEPIDV_LIBRARY=${DEEPIDV_LIB_DIR:-$root/.build-lib}/libdeepidv.so PYTHONPATH=$root/bindings/python \
  "$python" "$here/measure.py" "${ROUNDS:-30}"
