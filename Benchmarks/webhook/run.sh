#!/bin/sh
# How long a webhook takes to be verified and read, in C and in Python. Prints, and never judges.
#
# DEEPIDV_LIB_DIR is where the library is; ROUNDS is how many rounds are measured.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries=${DEEPIDV_LIB_DIR:-$root/.build-lib}
python=$root/.build-venv/bin/python
[ -x "$python" ] || python=python3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

${CC:-cc} -std=c11 -O2 -Wall -Wextra -I "$root/include" -o "$scratch/webhook" "$here/webhook.c" \
  -L "$libraries" -ldeepidv -Wl,-rpath,"$libraries"
DEEPIDV_LIBRARY=$libraries/libdeepidv.so PYTHONPATH=$root/bindings/python \
  "$python" "$here/webhook.py" "$scratch/webhook" "${ROUNDS:-15}"
