#!/bin/sh
# A process may end at any moment while creates are under way over TLS: OpenSSL takes itself down then, and what
# still used it would crash. Exit status 0, each time.
#
# And one that ends in good order leaves no secrets in memory but those that libcurl leaves.
#
#   run.sh PROGRAM [RUNNER...]
#
# PROGRAM is exiting.c, built, with copies.c beside it; RUNNER runs it, as in valgrind -q. ROUNDS is how often, of
# each of two kinds.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=$1
shift
rounds=${ROUNDS:-25}
scratch=$(mktemp -d) || exit 1
trap 'exec 3>&-; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0

# A certificate of our own, for 127.0.0.1.
certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=test CA' \
    -keyout "$scratch/ca.key" -out "$scratch/ca.pem" || return 1
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
    -keyout "$scratch/server.key" -out "$scratch/server.csr" || return 1
  echo 'subjectAltName=IP:127.0.0.1' >"$scratch/names"
  openssl x509 -req -days 2 -in "$scratch/server.csr" -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" \
    -CAcreateserial -extfile "$scratch/names" -out "$scratch/server.pem"
}
if ! certificates >"$scratch/log" 2>&1; then
  cat "$scratch/log"
  exit 1
fi

# It lives as long as this shell holds the other end of its input.
mkfifo "$scratch/input" || exit 1
python3 "$here/tls_peer.py" "$scratch/server.pem" "$scratch/server.key" <"$scratch/input" >"$scratch/port" &
exec 3>"$scratch/input"
tries=0
until [ -s "$scratch/port" ]; do
  tries=$((tries + 1))
  if [ $tries -gt 200 ]; then
    echo "FAILED  the server does not start"
    exit 1
  fi
  sleep 0.05
done
url=https://127.0.0.1:$(cat "$scratch/port")

# From at once to well after the handshakes, which take some milliseconds each.
for kind in '' blocking; do
  round=0
  while [ "$round" -lt "$rounds" ]; do
    # shellcheck disable=SC2086
    timeout 30 "$@" "$program" "$url" "$scratch/ca.pem" $((round * round * 250)) $kind >"$scratch/log" 2>&1 3>&-
    status=$?
    if [ $status -eq 0 ]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAILED  ${kind:-queue}, after $((round * round * 250)) microseconds: exit status $status"
      sed 's/^/        /' "$scratch/log"
    fi
    round=$((round + 1))
  done
done

# A linker that binds functions as they are called puts what is in registers on the stack.
if LD_BIND_NOW=1 timeout 60 "${program%/*}/copies" "$url" "$scratch/ca.pem" >"$scratch/log" 2>&1 3>&-; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED  copies of secrets"
fi
sed 's/^/        /' "$scratch/log"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
