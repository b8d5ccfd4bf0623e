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
: "${DEEPIDV_EMULATOR:=$root/.build-emulator/release/deepidv-emulator}"
export DEEPIDV_EMULATOR DEEPIDV_LIB_DIR="$libraries"
unset DEEPIDV_API_KEY DEEPIDV_BASE_URL DEEPIDV_RUNNER

# clang says so of the libraries, where nothing is linked.
only_compile=-Wno-unused-command-line-argument
warnings='-Wall -Wextra -Wpedantic -Werror'
quick='arguments objects config request json redirect span any_bytes param session session_url state client'
quick="$quick queue take cancel close drive guest fork headers age"
slow='answers lookup confirm delivery pace scale resolver collector'
tests="$quick $slow"
examples='create_session find_session parse_redirect callback epoll_service'
valgrind='valgrind -q --error-exitcode=9 --leak-check=full --child-silent-after-fork=yes'
valgrind="$valgrind --errors-for-leak-kinds=definite,indirect"

for needed in "$libraries/libdeepidv.so" "$DEEPIDV_EMULATOR"; do
  if [ ! -e "$needed" ]; then
    echo "run.sh: $needed is missing; make build emulator" >&2
    exit 1
  fi
done
mkdir -p "$build" || exit 1

# step NAME COMMAND...: runs it for four minutes at most, and shows what it said if it fails. Several may run at
# once, so that what it says is written at once, and counted in files.
step() {
  name=$1 log=$build/log.$(echo "$1" | tr -c 'a-z_\n' -)
  shift
  if timeout -k 5 240 "$@" >"$log" 2>&1; then
    echo "$name" >>"$build/passed"
    echo "ok      $name"
  else
    echo "$name" >>"$build/failed"
    printf '%s\n' "FAILED  $name" \
      "$(grep -v -e '^\[ RUN ' -e '^\[       OK' "$log" | sed 's/^/        /')"
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
  for source in support calls objects create queue ask emulator peer process wire; do
    compile "$1" c11 "$out/$source.o" -c "$here/support/$source.c" "$only_compile" || return 1
  done
  for test in $tests no_malloc wiped examples; do
    compile "$1" c11 "$out/test_$test" "$here/test_$test.c" "$out"/*.o \
      -lcmocka -ljansson -lcurl -lpthread -ldl || return 1
  done
  compile "$1" c99 "$out/exiting" "$here/exit/exiting.c" -lpthread || return 1
  compile "$1" c99 "$out/copies" "$here/exit/copies.c" || return 1
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
  # What asks pkg-config is for an installed library, and tried in Tests/install.
  sed -n -e '/pkg-config/d' -e 's/^    \(cc .*\)/\1/p' "$root/README.md" "$root/examples-c/README.md" >commands
  cat commands
  [ "$(wc -l <commands)" -eq 6 ] || return 1
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

: >"$build/passed"
: >"$build/failed"

# run_all COMPILER
run_all() {
  step "$1: layout" "$build/$1/layout"
  for test in $tests no_malloc wiped; do
    step "$1: $test" "$build/$1/test_$test"
  done
  step "$1: examples" env DEEPIDV_EXAMPLES="$build/$1" "$build/$1/test_examples"
  step "$1: exit" "$here/exit/run.sh" "$build/$1/exiting"
}

# watch TEST...: under valgrind. Where a random input is one of many, fewer are enough to be watched this closely.
watch() {
  for test in "$@"; do
    # shellcheck disable=SC2086
    step "valgrind: $test" env DEEPIDV_TEST_VALGRIND=1 DEEPIDV_TEST_RANDOM=10000 \
      $valgrind "$build/gcc/test_$test"
  done
}

watch_examples() {
  step 'valgrind: examples' env DEEPIDV_EXAMPLES="$build/gcc" DEEPIDV_RUNNER="$valgrind" \
    "$build/gcc/test_examples"
}

# Most of the tests wait for most of their time, so that they wait together.
step 'the header' "$here/header/run.sh" &
step 'gcc: everything compiles' "$0" in-shell build_all gcc &
step 'clang: everything compiles' "$0" in-shell build_all clang
wait
run_all gcc &
run_all clang &
# shellcheck disable=SC2086
watch $quick &
# shellcheck disable=SC2086
watch $slow &
watch_examples &
step 'the binary' "$here/test_binary.sh"
step 'the READMEs' "$0" in-shell as_in_readme
wait

echo "$(wc -l <"$build/passed") passed, $(wc -l <"$build/failed") failed"
[ ! -s "$build/failed" ]
