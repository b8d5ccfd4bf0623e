#!/bin/sh
# The header compiles without a warning, included twice, in every standard we promise, and the example
# at its top is a program. A compiler that is missing is a failure.
#
# CC, CXX, CLANG and CLANGXX choose other compilers.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
include=$here/../../../include
warnings='-Wall -Wextra -Wpedantic -Werror'
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0

# try NAME COMMAND...
try() {
  name=$1
  shift
  if "$@" >"$scratch/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    sed 's/^/        /' "$scratch/log"
  fi
}

# standards COMPILER LANGUAGE SOURCE STANDARD...
standards() {
  compiler=$1 language=$2 source=$3
  shift 3
  for standard in "$@"; do
    # shellcheck disable=SC2086
    try "$compiler -std=$standard $(basename "$source")" \
      "$compiler" -x "$language" -std="$standard" $warnings -I "$include" -fsyntax-only "$source"
  done
}

cc=${CC:-gcc} cxx=${CXX:-g++} clang=${CLANG:-clang} clangxx=${CLANGXX:-clang++}

standards "$cc" c "$here/twice.c" c89 c99 c11 c2x
standards "$clang" c "$here/twice.c" c89 c99 c11 c23
standards "$cxx" c++ "$here/twice.c" c++98 c++11 c++20
standards "$clangxx" c++ "$here/twice.c" c++98 c++11 c++20

# Constants and structs need no library.
# shellcheck disable=SC2086
for compiler in "$cxx" "$clangxx"; do
  try "$compiler links without the library" \
    "$compiler" -std=c++11 $warnings -I "$include" -o "$scratch/alone" "$here/alone.cpp"
  try "$compiler: the program runs" "$scratch/alone"
  rm -f "$scratch/alone"
done

# The example begins with the first declaration in the opening comment and ends with the comment.
{
  echo '#include <stdio.h>'
  echo '#include "deepidv.h"'
  echo 'void example(const char *key, const char *json);'
  echo 'void example(const char *key, const char *json) {'
  sed -n -e '/^ \*\//q' -e '/^ \* *deepidv_config \*config/,$ s/^ \*//p' "$include/deepidv.h"
  echo '}'
} >"$scratch/example.c"
try "the example is there" grep -q deepidv_session_create "$scratch/example.c"
standards "$cc" c "$scratch/example.c" c89 c11
standards "$clang" c "$scratch/example.c" c89 c23

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
