#!/bin/sh
# Builds and runs a fuzz target: run.sh TARGET SECONDS.
#
# TARGET is a folder with a Swift package. The run starts from the inputs in TARGET/corpus and stores new ones in
# .build-fuzz-TARGET, where the next run continues. Inputs that fail go to .build-fuzz-TARGET/failures: add them to the
# corpus with the fix.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/.." && pwd)
target=${1:?a target} seconds=${2:?seconds}
scratch=$root/.build-fuzz-$target
log=$scratch/log
mkdir -p "$scratch/found" "$scratch/failures" || exit 1

# What a target makes of the interface.
mkdir -p "$scratch/generated" || exit 1
if [ -e "$here/$target/table.py" ]; then
  python3 "$here/$target/table.py" >"$scratch/generated/table.h" || exit 1
fi

# --sanitize is for the linker. Without the second flag the order of the two sanitizers, and so whether coverage is
# counted, is undefined.
if ! swift build -c release --package-path "$here/$target" --scratch-path "$scratch" \
  --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address -Xcc "-I$scratch/generated" >"$scratch/build.log" 2>&1; then
  tail -n 40 "$scratch/build.log"
  exit 1
fi

SWIFT_BACKTRACE=enable=no timeout -k 10 $((seconds + 120)) "$scratch/release/fuzz-$target" \
  -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
  -dict="$here/$target/words.dict" -artifact_prefix="$scratch/failures/" \
  "$scratch/found" "$here/$target/corpus" </dev/null >"$log" 2>&1
status=$?

# Without coverage data, a run would find nothing and pass.
if ! grep -q 'INFO: Loaded 1 modules' "$log"; then
  echo "fuzz-$target: no coverage data"
  status=1
fi
grep -e '^Done' -e 'new_units_added' -e 'ERROR' -e 'Fatal error' "$log"
[ "$status" -eq 0 ] || { tail -n 30 "$log"; echo "FAILED  fuzz-$target"; exit 1; }
grep 'cov:' "$log" | tail -n 1
