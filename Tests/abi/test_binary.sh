#!/bin/sh
# Properties of the library's file that no compiler and no other test would notice the loss of.
#
# DEEPIDV_LIB_DIR is where it is; the default is where `make build` puts it.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
library=${DEEPIDV_LIB_DIR:-$root/.build-lib}/libdeepidv.so.0
# 180 KiB; design decides, and everything that grows has to fit.
largest=184320
newest_libc=2.34

export LC_ALL=C
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0

# check NAME ACTUAL EXPECTED
check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
    echo "ok      $1"
  else
    failed=$((failed + 1))
    echo "FAILED  $1"
    printf '%s\n' "$2" | sed 's/^/        is   /'
    printf '%s\n' "$3" | sed 's/^/        not  /'
  fi
}

# yes_no COMMAND...: prints whether it succeeds.
yes_no() {
  if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi
}

if ! readelf -dW "$library" >"$scratch/dynamic" 2>&1 || ! nm -D "$library" >"$scratch/symbols"; then
  echo "FAILED  there is no library at $library"
  echo "0 passed, 1 failed"
  exit 1
fi

# dynamic TAG: the values of the dynamic section's entries with a tag.
dynamic() {
  sed -n "s/.*($1)[^[]*\[\(.*\)\].*/\1/p" "$scratch/dynamic" | sort
}

check "the SONAME" "$(dynamic SONAME)" libdeepidv.so.0
check "what it needs" "$(dynamic NEEDED | grep -v '^libm\.so\.6$')" \
  "$(printf 'libc.so.6\nlibcrypto.so.3\nlibcurl.so.4\nlibssl.so.3')"
check "no run path" "$(dynamic 'R.*PATH')" ""

sed -n 's/.*(FLAGS\(_1\)\{0,1\})//p' "$scratch/dynamic" >"$scratch/flags"
check "bound when loaded" "$(yes_no grep -qw -e BIND_NOW -e NOW "$scratch/flags")" yes
check "never unloaded" "$(yes_no grep -qw NODELETE "$scratch/flags")" yes
check "no relocations in code" "$(yes_no grep -q TEXTREL "$scratch/dynamic")" no

readelf -lW "$library" >"$scratch/segments"
check "a stack that is not executable" \
  "$(awk '/GNU_STACK/ { print $7 }' "$scratch/segments")" RW
check "nothing writable and executable" \
  "$(awk '/LOAD/ { flags = $7 $8; if (flags ~ /W/ && flags ~ /E/) print }' "$scratch/segments")" ""

# The version's own name is a symbol as well.
awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' "$scratch/symbols" |
  sort >"$scratch/exports"
sed -n 's/^ *\(deepidv_[a-z_]*\);$/\1/p' "$root/deepidv.map" | sort >"$scratch/listed"
check "exports and deepidv.map" "$(diff "$scratch/exports" "$scratch/listed")" ""
check "exports at all" "$(yes_no test -s "$scratch/exports")" yes
readelf --dyn-syms -W "$library" | awk '$8 ~ /^deepidv_/ && $6 != "DEFAULT" { print $6, $8 }' >"$scratch/narrow"
check "default visibility for every export" "$(cat "$scratch/narrow")" ""
if [ -e "${library%.so.0}.a" ]; then
  readelf -sW "${library%.so.0}.a" | awk '$8 ~ /^deepidv_/ && $5 == "GLOBAL" { print $6 }' | sort -u >"$scratch/archived"
  check "and in the archive" "$(cat "$scratch/archived")" DEFAULT
fi
check "its own calls direct" "$(readelf -rW "$library" | grep deepidv_)" ""
check "nothing of Swift's exported or wanted" "$(grep -i swift "$scratch/symbols")" ""
check "no library of Swift's" "$(dynamic NEEDED | grep -i swift)" ""

sed -n 's/.*@GLIBC_\([0-9.]*\)$/\1/p' "$scratch/symbols" >"$scratch/versions"
echo "$newest_libc" >>"$scratch/versions"
check "no C library newer than $newest_libc needed" "$(sort -V "$scratch/versions" | tail -n 1)" \
  "$newest_libc"

strip -o "$scratch/stripped" "$library"
size=$(wc -c <"$scratch/stripped")
check "at most $largest bytes stripped ($size)" "$(yes_no test "$size" -le "$largest")" yes

# not_pie LINKER COMPILER SOURCE: whether a program that takes functions' addresses links and runs.
not_pie() {
  "$2" -no-pie -fno-pie "-fuse-ld=$1" -B "$tools" -I "$root/include" -o "$scratch/addresses" "$here/addresses/$3" \
    -L "${library%/*}" -ldeepidv "-Wl,-rpath,${library%/*}" 2>"$scratch/link" || { cat "$scratch/link"; return; }
  "$scratch/addresses" 2>&1
  cat "$scratch/link"
}

tools=$("$root/scripts/swift-tools")
for linker in bfd gold lld; do
  # gold is on its way out, and lld comes with Swift.
  [ "$linker" = lld ] || command -v "ld.$linker" >/dev/null || continue
  check "C that is not position-independent, linked by $linker" "$(not_pie "$linker" gcc addresses.c)" "Success."
  check "C++ likewise" "$(not_pie "$linker" g++ addresses.cc)" "Success."
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
