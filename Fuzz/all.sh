#!/bin/sh
# Builds and runs all fuzz targets, one after another, and prints what they did: all.sh SECONDS.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
seconds=${1:?seconds}
failed=0
table=$(mktemp)
trap 'rm -f "$table"' EXIT

# The last number that a target's log has for a name.
number() { sed -n "s/^stat::$2: *//p" "$here/../.build-fuzz-$1/log" | tail -n 1; }

for folder in "$here"/*/; do
  target=$(basename "$folder")
  outcome=passed
  "$here/run.sh" "$target" "$seconds" || outcome=FAILED failed=1
  printf '%-10s %12s %8s %6s %s\n' "$target" "$(number "$target" number_of_executed_units)" \
    "$(number "$target" average_exec_per_sec)" "$(number "$target" new_units_added)" "$outcome" >>"$table"
done
printf '%-10s %12s %8s %6s %s\n' target executions '/s' new ''
cat "$table"
awk '{ sum += $2 } END { printf "%-10s %12d\n", "all", sum }' "$table"
exit "$failed"
