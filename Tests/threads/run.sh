#!/bin/sh
# One client under many threads, with the library and the program built for the thread sanitizer.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
build=$root/.build-tsan
: "${DEEPIDV_EMULATOR:=$root/.build-emulator/release/deepidv-emulator}"

# As ordinary Swift: the sanitizer needs the runtime's own libraries beside it.
cd "$root"
mkdir -p "$build"
swift build -c release --sanitize thread --scratch-path "$build" --product deepidv >"$build/log" 2>&1 || {
  cat "$build/log"
  exit 1
}
libraries=$build/release
nm "$libraries/libdeepidv.so" | grep -q __tsan_ || {
  echo "the library was built without the sanitizer"
  exit 1
}
runtime=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/linux
clang -std=c11 -g -fsanitize=thread -Wall -Wextra -Werror -I include Tests/threads/many_threads.c \
  -L "$libraries" -ldeepidv -L "$runtime" -ldispatch -lBlocksRuntime -o "$build/many_threads"

pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'rm -f "$pipe" "$pipe.out"' EXIT
# The emulator ends with its standard input, whatever becomes of this script.
"$DEEPIDV_EMULATOR" --port 0 --rate 0 --exit-with-parent <"$pipe" >"$pipe.out" &
emulator=$!
exec 9>"$pipe"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  url=$(sed -n 's/.* \(http:.*\)/\1/p' "$pipe.out")
  [ -n "$url" ] && break
  sleep 0.25
done

status=0
LD_LIBRARY_PATH=$libraries:$runtime TSAN_OPTIONS="halt_on_error=0 exitcode=66" \
  DEEPIDV_API_KEY=dk_emulator DEEPIDV_BASE_URL=$url DEEPIDV_RATE_LIMIT=0 DEEPIDV_TIMEOUT_MS=20000 \
  timeout 120 "$build/many_threads" || status=$?
exec 9>&-
wait "$emulator" || true
if [ "$status" = 0 ]; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; fi
exit "$status"
