#!/bin/sh
# Builds the program against the shipped library and runs it. It prints results and never fails.
#
# DEEPIDV_LIB_DIR is the folder of the library, SAMPLES the number of timed guesses.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries=${DEEPIDV_LIB_DIR:-$root/.build-lib}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

${CC:-cc} -std=c11 -O2 -Wall -Wextra -I "$root/include" -o "$scratch/constant_time" "$here/constant_time.c" \
  -L "$libraries" -ldeepidv -Wl,-rpath,"$libraries" -lm
"$scratch/constant_time" "${SAMPLES:-200000}"
