#!/bin/sh
# Measures the load time and size of libdeepidv, compared with jansson, a small C library. Each sample is a new process;
# the libraries alternate, so that other load affects both. It prints results and never fails.
#
# DEEPIDV_LIB_DIR is the folder of the library, SAMPLES the number of samples of each.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
deepidv=${DEEPIDV_LIB_DIR:-$here/../../.build-lib}/libdeepidv.so.0
samples=${SAMPLES:-31}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

jansson=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk '$1 == "libjansson.so.4" { print $NF; exit }')
if [ ! -r "$deepidv" ] || [ -z "$jansson" ]; then
  echo "needs $deepidv (make build) and libjansson.so.4" >&2
  exit 1
fi
${CC:-cc} -std=c99 -O2 -o "$scratch/load" "$here/load.c" -ldl

# Read both into the page cache before the first sample.
"$scratch/load" "$deepidv" >"$scratch/first"
"$scratch/load" "$jansson" >"$scratch/first"
sample=0
while [ "$sample" -lt "$samples" ]; do
  "$scratch/load" "$deepidv" >>"$scratch/deepidv"
  "$scratch/load" "$jansson" >>"$scratch/jansson"
  sample=$((sample + 1))
done

# row NAME FILE SAMPLES
row() {
  sort -n "$3" | awk -v name="$1" -v size="$(wc -c <"$2")" '
    { sample[NR] = $1 }
    END {
      printf "%-18s %10.1f %10.1f %10.1f %12d\n", name, sample[int((NR + 1) / 2)] / 1000,
        sample[1] / 1000, sample[NR] / 1000, size
    }'
}

echo "dlopen after libcurl, $samples fresh processes each, in microseconds"
printf '%-18s %10s %10s %10s %12s\n' library median least most "file bytes"
row libdeepidv.so.0 "$deepidv" "$scratch/deepidv"
row libjansson.so.4 "$jansson" "$scratch/jansson"
