#!/bin/sh
# The shipped library from C: builds every test and example with two compilers, runs them, runs them again
# under valgrind, and tries the command lines of the READMEs with nothing but the header and the library.
#
# DEEPIDV_LIB_DIR is where the library is, DEEPIDV_EMULATOR is the emulator's program; the defaults are
# where `make build emulator` puts them. Everything is built into .build-abi.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries=${DEEPIDV_LIB_DIR:-$root/.build-lib}
build=$root/.build-abi
: "${DEEPIDV_EMULATOR:=$root/.build-emulator/debug/deepidv-emulator}"
export DEEPIDV_EMULATOR DEEPIDV_LIB_DIR="$libraries"
unset DEEPIDV_API_KEY DEEPIDV_BASE_URL DEEPIDV_RUNNER

# clang says so of the libraries, where nothing is linked.
only_compile=-Wno-unused-command-line-argument
warnings='-Wall -Wextra -Wpedantic -Werror'
tests='arguments config request json redirect client queue lookup guest'
examples='create_session find_session parse_redirect epoll_service'
valgrind='valgrind -q --error-exitcode=9 --leak-check=full --child-silent-after-fork=yes'
valgrind="$valgrind --errors-for-leak-kinds=definite,indirect"
passed=0
failed=0

for needed in "$libraries/libdeepidv.so" "$DEEPIDV_EMULATOR"; do
  if [ ! -e "$needed" ]; then
    echo "run.sh: $needed is missing; make build emulator" >&2
    exit 1
  fi
done
mkdir -p "$build" || exit 1

# step NAME COMMAND...: runs it for two minutes at most, and shows what it said if it fails.
step() {
  name=$1
  shift
  if timeout -k 5 120 "$@" >"$build/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    grep -v -e '^\[ RUN ' -e '^\[       OK' "$build/log" | sed 's/^/        /'
  fi
}

# compile COMPILER STANDARD OUTPUT ARGUMENTS...
compile() {
  compiler=$1 standard=$2 output=$3
  shift 3
  # shellcheck disable=SC2086
  "$compiler" -std="$standard" -O1 -g $warnings -I "$root/include" -I "$here/support" -o "$output" "$@" \
    -L "$libraries" -ldeepidv -Wl,-rpath,"$libraries"
}

# build_all COMPILER: every program, into a folder named after the compiler.
build_all() {
  out=$build/$1
  rm -rf "$out"
  mkdir -p "$out" || return 1
  for source in support calls emulator peer process wire; do
    compile "$1" c11 "$out/$source.o" -c "$here/support/$source.c" "$only_compile" || return 1
  done
  for test in $tests no_malloc examples; do
    compile "$1" c11 "$out/test_$test" "$here/test_$test.c" "$out"/*.o \
      -lcmocka -ljansson -lcurl -lpthread || return 1
  done
  compile "$1" c99 "$out/layout" "$here/layout.c" || return 1
  for example in $examples; do
    compile "$1" c99 "$out/$example" "$root/examples-c/$example.c" || return 1
  done
}

# as_in_readme: what the READMEs say, in a folder that has the header, the library and the examples.
as_in_readme() {
  folder=$build/readme
  rm -rf "$folder"
  mkdir -p "$folder/.build-lib" || return 1
  cp -R "$root/include" "$root/examples-c" "$folder" || return 1
  cp -P "$libraries"/libdeepidv.so* "$folder/.build-lib" || return 1
  cd "$folder" || return 1
  sed -n -e '/^```c$/,/^```$/p' "$root/README.md" | sed -e '/^```c$/d' -e '/^```$/,$d' >hello.c
  sed -n 's/^    \(cc .*\)/\1/p' "$root/README.md" "$root/examples-c/README.md" >commands
  cat commands
  [ "$(wc -l <commands)" -eq 5 ] || return 1
  sh -e -x commands || return 1
  # Nobody listens there: that the program says so is enough.
  said=$(DEEPIDV_TIMEOUT_MS=500 DEEPIDV_API_KEY=dk_emulator DEEPIDV_BASE_URL=http://127.0.0.1:1 ./hello)
  echo "$said"
  [ "$said" = "The request was not sent. It is safe to try again." ] || return 1
  ./parse_redirect '?session_id=a&status=success' | grep -qx 'status      success'
}

# in_shell FUNCTION...: a function of this script as a command of its own, so that it can be timed out.
if [ "${1:-}" = in-shell ]; then
  shift
  "$@"
  exit
fi

step 'the header' "$here/header/run.sh"
step 'the binary' "$here/test_binary.sh"
for compiler in gcc clang; do
  step "$compiler: everything compiles" "$0" in-shell build_all "$compiler"
  step "$compiler: layout" "$build/$compiler/layout"
  for test in $tests no_malloc; do
    step "$compiler: $test" "$build/$compiler/test_$test"
  done
  step "$compiler: examples" env DEEPIDV_EXAMPLES="$build/$compiler" "$build/$compiler/test_examples"
done

# Where a random input is one of many, fewer are enough to be watched this closely.
for test in $tests; do
  # shellcheck disable=SC2086
  step "valgrind: $test" env DEEPIDV_TEST_VALGRIND=1 DEEPIDV_TEST_RANDOM=10000 \
    $valgrind "$build/gcc/test_$test"
done
step 'valgrind: examples' env DEEPIDV_EXAMPLES="$build/gcc" DEEPIDV_RUNNER="$valgrind" \
  "$build/gcc/test_examples"
step 'the READMEs' "$0" in-shell as_in_readme

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
