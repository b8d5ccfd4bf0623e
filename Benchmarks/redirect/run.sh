#!/bin/sh
# Measures parsing a redirect with libdeepidv, a minimal C scanner, libcurl's URL functions, and ada; then with the Python
# package and urllib. It prints results and never fails.
#
# DEEPIDV_LIB_DIR is the folder of the library, ADA a folder with ada.cpp and ada.h (by default from the sources of PyPI's
# ada-url), and ROUNDS the number of rounds.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries=${DEEPIDV_LIB_DIR:-$root/.build-lib}
build=$root/.build-bench-redirect
rounds=${ROUNDS:-31}
python=$root/.build-venv/bin/python
[ -x "$python" ] || python=python3
unset LD_PRELOAD

if [ ! -r "$libraries/libdeepidv.so" ]; then
  echo "needs $libraries/libdeepidv.so (make build)" >&2
  exit 1
fi
mkdir -p "$build"
list=$build/urls.tsv
"$python" "$here/urls.py" >"$list"

# ada is a single C++ file; Debian 12 has no package of it.
ada=${ADA:-$build/ada}
if [ ! -r "$ada/ada.cpp" ] && [ -z "${ADA:-}" ]; then
  mkdir -p "$ada"
  if "$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$build" ada-url==4.0.0 >"$build/ada.log" 2>&1; then
    tar -xzf "$build/ada_url-4.0.0.tar.gz" -C "$ada" --strip-components 2 \
      ada_url-4.0.0/ada_url/ada.cpp ada_url-4.0.0/ada_url/ada.h
  fi
fi

objects=
for source in measure deepidv scanner curl words; do
  flags=
  [ -r "$ada/ada.cpp" ] && flags=-DWITH_ADA
  # shellcheck disable=SC2086
  ${CC:-cc} -std=c11 -O2 -Wall -Wextra $flags -I "$root/include" -c -o "$build/$source.o" "$here/$source.c"
  objects="$objects $build/$source.o"
done
linker=${CC:-cc}
if [ -r "$ada/ada.cpp" ]; then
  linker=${CXX:-c++}
  [ -r "$build/ada_library.o" ] || $linker -std=c++20 -O2 -c -o "$build/ada_library.o" "$ada/ada.cpp"
  $linker -std=c++20 -O2 -I "$ada" -c -o "$build/ada.o" "$here/ada.cpp"
  objects="$objects $build/ada.o $build/ada_library.o"
else
  echo "SKIPPED  ada: found neither in ADA nor on PyPI"
fi
# shellcheck disable=SC2086
$linker -o "$build/measure" $objects -L "$libraries" -ldeepidv -lcurl -Wl,-rpath,"$libraries"
${CC:-cc} -O2 -shared -fPIC -o "$build/mallocs.so" "$here/mallocs.c"

# per_url COMMAND...: prints the count of COMMAND per URL, from the difference between 12 and 2 passes over the list.
per_url() {
  few=$("$@" 2)
  many=$("$@" 12)
  awk -v few="$few" -v many="$many" -v urls="$(wc -l <"$list")" \
    'BEGIN { printf "%.1f", (many - few) / 10 / urls }'
}

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/measure" "$list" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : //p'
}

mallocs() {
  LD_PRELOAD=$build/mallocs.so "$build/measure" "$list" "$1" "$2" 2>&1 | sed -n 's/^mallocs //p'
}

"$build/measure" "$list" "$rounds" >"$build/times"
echo "$(wc -l <"$list") redirects, $(awk -F '\t' '{ sum += length($1) } END { printf "%d", sum / NR }' "$list")" \
  "bytes on average; medians of $rounds rounds, and of the ratio within each"
printf '%-16s %10s %10s %10s %12s %8s\n' "" ns/URL x-scanner x-deepidv instr/URL mallocs
while read -r name nanoseconds to_scanner to_deepidv; do
  count=-
  if command -v valgrind >/dev/null; then count=$(per_url instructions "$name"); fi
  printf '%-16s %10s %10s %10s %12s %8s\n' "$name" "$nanoseconds" "$to_scanner" "$to_deepidv" "$count" \
    "$(per_url mallocs "$name")"
done <"$build/times"

echo
echo "libdeepidv, one URL of each kind: nanoseconds per byte"
"$build/measure" linear

echo
DEEPIDV_LIBRARY=$libraries/libdeepidv.so PYTHONPATH=$root/bindings/python \
  "$python" "$here/redirect.py" "$list" "$rounds"
