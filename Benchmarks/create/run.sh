#!/bin/bash
# Measures creating sessions with libdeepidv and its alternatives: requests per second, CPU, latency, memory, and
# instructions. The client runs on the first CPU, nginx on the second. It prints results and never fails, and reports
# rows that it skips because a program is not installed.
#
# README.md describes the variables DEEPIDV_LIB_DIR, IN_FLIGHT, ROUNDS, PYTHON, CELL, KEEP and ONLY.

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
libraries=${DEEPIDV_LIB_DIR:-$root/.build-lib}
levels=${IN_FLIGHT:-1 64 1000 10000}
rounds=${ROUNDS:-3}
python=${PYTHON:-python3}
cell=${CELL:-60}
only=${ONLY:-}
modules=/usr/lib/nginx/modules
authorities=/etc/ssl/certs/ca-certificates.crt
scratch=$(mktemp -d)
nginx_process=
# These would change the CA certificates or the route.
unset CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR \
  http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

finish() {
  if [ -n "$nginx_process" ]; then kill "$nginx_process" 2>/dev/null; fi
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
PATH=$PATH:/sbin:/usr/sbin

for needed in nginx taskset openssl cc; do
  if ! command -v $needed >/dev/null; then
    echo "run.sh: $needed is not installed (apt-get install nginx util-linux openssl gcc)" >&2
    exit 1
  fi
done
if [ ! -e "$libraries/libdeepidv.so" ]; then
  echo "run.sh: $libraries/libdeepidv.so is missing; make build" >&2
  exit 1
fi
export PYTHONPATH="$root/bindings/python${PYTHONPATH:+:$PYTHONPATH}" DEEPIDV_LIBRARY="$libraries/libdeepidv.so"
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"

# ---- Programs ----

# build NAME SOURCES...: compiles a C row, and skips the row if that fails.
build() {
  name=$1
  shift
  if ! cc -std=c11 -O2 -Wall -Wextra -I "$root/include" -I "$here" -o "$scratch/$name" "$@" \
    2>"$scratch/log"; then
    echo "SKIPPED  $name: compiling it failed; apt-get install libcurl4-openssl-dev libcjson-dev" >&2
    head -n 3 "$scratch/log" >&2
  fi
}

for way in queue blocking; do
  build deepidv_$way "$here/deepidv_$way.c" "$here/deepidv_job.c" "$here/measure.c" -L "$libraries" -ldeepidv \
    -Wl,-rpath,"$libraries"
done
if [ "$only" != python ]; then
build plain_easy "$here/plain_easy.c" "$here/plain.c" "$here/measure.c" -lcurl -lcjson
build plain_multi "$here/plain_multi.c" "$here/plain.c" "$here/measure.c" -lcurl -lcjson
build floor "$here/floor.c" "$here/measure.c"
fi

# ---- nginx ----

free_port() {
  port=$(($1 + $$ % 1000))
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}
port=$(free_port 21000)
tls_port=$(free_port 23000)
url=http://127.0.0.1:$port

certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=benchmark CA' \
    -keyout "$scratch/ca.key" -out "$scratch/ca.pem" || return 1
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
    -keyout "$scratch/server.key" -out "$scratch/server.csr" || return 1
  echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' >"$scratch/names"
  openssl x509 -req -days 2 -in "$scratch/server.csr" -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" \
    -CAcreateserial -extfile "$scratch/names" -out "$scratch/server.pem"
}
if ! certificates >"$scratch/log" 2>&1; then
  cat "$scratch/log" >&2
  exit 1
fi

session='{"id":"sess_5f8a7c2b9e4d4c1a8f3e6d7b2a1c0e9f","session_url":"https://verify.deepidv.com/session/'
session=$session'sess_5f8a7c2b9e4d4c1a8f3e6d7b2a1c0e9f?oid=org_4d1f9a3c\&redirect_url=https%3A%2F%2Fyourapp.com%2F'
session=$session'verify-callback%3Fcart%3D8821","links":[]}'
if [ -e "$modules/ngx_http_echo_module.so" ]; then
  module="load_module $modules/ngx_http_echo_module.so;"
  read_body='echo_read_request_body; echo_exec @answer;'
  fixed='#'
  echo "nginx reads the whole request before it responds (echo module)."
else
  module='' read_body='' fixed=''
  echo "nginx responds after the request's head: libnginx-mod-http-echo is not installed."
fi
sed -e "s|@MODULE@|$module|" -e "s|@READ_BODY@|$read_body|" -e "s|@FIXED@|$fixed|" -e "s|@SCRATCH@|$scratch|" \
  -e "s|@PORT@|$port|" -e "s|@TLS_PORT@|$tls_port|" -e "s|@BODY@|$session|" "$here/nginx.conf.in" \
  >"$scratch/nginx.conf"
taskset -c 1 nginx -e "$scratch/error.log" -p "$scratch" -c "$scratch/nginx.conf" >"$scratch/log" 2>&1 &
nginx_process=$!
tries=0
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  tries=$((tries + 1))
  if [ $tries -gt 100 ]; then
    cat "$scratch/log" "$scratch/error.log" >&2
    exit 1
  fi
  sleep 0.05
done

# ---- Rows ----

# sample KEY COMMAND...: runs a row once on the first CPU, and appends the result to the file of its key.
sample() {
  key=$scratch/samples.$1
  shift
  if [ -e "$key.none" ]; then return; fi
  if timeout "$cell" taskset -c 0 "$@" >"$scratch/sample" 2>"$scratch/log"; then
    cat "$scratch/sample" >>"$key"
  else
    tail -n 1 "$scratch/log" >"$key.none"
  fi
}

# row KEY IN_FLIGHT [NAME]: prints the run with the median CPU, and deletes the samples.
row() {
  key=$scratch/samples.$1 name=${3:-$(name_of "$1")}
  if [ -e "$key.none" ]; then
    why=$(cat "$key.none")
    printf '%-23s %9s   %s\n' "$name" "$2" "failed: ${why:-timeout after $cell seconds}"
  elif [ -e "$key" ]; then
    # shellcheck disable=SC2046
    printf '%-23s %9s %10s %9s %9s %9s %9s\n' "$name" "$2" \
      $(sort -n -k 2 "$key" | sed -n "$((($(wc -l <"$key") + 1) / 2))p")
  fi
  rm -f "$key" "$key.none"
}

# instructions NAME IN_FLIGHT [CA_FILE]: prints the instructions per create, over TLS if there is a CA file, and how many
# times as many those of the row before are. They come from the difference of two runs.
instructions() {
  if [ ! -x "$scratch/$1" ]; then return; fi
  service=$url protocol=plain
  if [ -n "${3:-}" ]; then service=https://127.0.0.1:$tls_port protocol=TLS; fi
  for count in 1000 3000; do
    valgrind --tool=callgrind --callgrind-out-file="$scratch/$1.$2.$count" "$scratch/$1" "$service" "$2" "$count" \
      ${3:+"$3" 1} >/dev/null 2>"$scratch/log" || return 1
    sed -n 's/.*Collected : *//p' "$scratch/log" >"$scratch/collected.$count"
  done
  each=$((($(cat "$scratch/collected.3000") - $(cat "$scratch/collected.1000")) / 2000))
  printf '%-23s %9s %9s %12s' "$(name_of "$1")" "$2" $protocol $each
  case $1 in
    plain_*) awk -v ours="$ours" -v theirs=$each 'BEGIN { printf "   ours: %.2f x\n", ours / theirs }' ;;
    *) echo ;;
  esac
  ours=$each
  if [ -n "${KEEP:-}" ]; then cp "$scratch/$1.$2.3000" "$KEEP"; fi
}

# name_of KEY: prints the name of a row.
name_of() {
  case $1 in
    deepidv_blocking) echo 'libdeepidv, C' ;;
    deepidv_queue) echo 'libdeepidv, C queue' ;;
    plain_easy) echo 'C, libcurl easy' ;;
    plain_multi) echo 'C, libcurl multi' ;;
    floor) echo 'C, sockets by hand' ;;
    deepidv) echo 'libdeepidv, Client' ;;
    deepidv_async) echo 'libdeepidv, AsyncClient' ;;
    fetch) echo 'Node, fetch' ;;
    *) echo "Python, $1" ;;
  esac
}

# save_cpu KEY: saves the median of a row's CPU.
save_cpu() {
  if [ -e "$scratch/samples.$1" ]; then
    sort -n -k 2 "$scratch/samples.$1" | awk '{ cpu[NR] = $2 } END { print cpu[int((NR + 1) / 2)] }' >"$scratch/cpu.$1"
  fi
}

# compare LEVEL FORMAT EXPRESSION KEY OTHER: prints a line that compares the CPU of two rows, if both were measured.
compare() {
  if [ -e "$scratch/cpu.$4" ] && [ -e "$scratch/cpu.$5" ]; then
    paste "$scratch/cpu.$4" "$scratch/cpu.$5" |
      awk -v name="$(name_of "$4")" -v other="$(name_of "$5")" -v level="$1" \
        "{ printf \"%-23s %9s $2 %s\\n\", name, level, $3, other }"
  fi
}

# comparisons LEVEL: prints how much CPU our Python clients add to C, and how much the other clients need.
comparisons() {
  base=deepidv_queue
  if [ "$1" = 1 ]; then base=deepidv_blocking; fi
  # shellcheck disable=SC2016 # for awk
  compare "$1" '%8.1f us more than' '$1 - $2' deepidv $base
  compare "$1" '%8.1f us more than' '$1 - $2' deepidv_async deepidv_queue
  for client in requests httpx aiohttp; do
    for ours in deepidv deepidv_async; do
      compare "$1" '%8.1f x the CPU of' '$1 / $2' $client $ours
    done
  done
  rm -f "$scratch"/cpu.*
}

has_module() { "$python" -c "import $1" 2>/dev/null; }

# creates IN_FLIGHT MINIMUM: prints the number of creates to measure.
creates() { if [ "$1" -gt "$2" ]; then echo "$1"; else echo "$2"; fi; }

echo "$(uname -sr), $(nproc) CPUs, nginx $(nginx -v 2>&1 | sed 's|.*/||'), C rows: median of $rounds rounds"
echo
printf '%-23s %9s %10s %9s %9s %9s %9s\n' '' 'in flight' 'creates/s' 'CPU us' 'p50 us' 'p99 us' 'RSS KB'
for level in $levels; do
  many=$(creates $((level * 4)) 20000)
  few=$(creates "$level" 3000)
  programs='deepidv_queue plain_multi floor'
  if [ "$level" = 1 ]; then programs='deepidv_blocking deepidv_queue plain_easy plain_multi floor'; fi
  clients='deepidv deepidv_async aiohttp httpx requests'
  # Alternate between rows, so that other load affects all of them.
  round=0
  while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    for program in $programs; do
      if [ -x "$scratch/$program" ]; then sample $program "$scratch/$program" "$url" "$level" "$many"; fi
    done
    if [ $round != 1 ] && [ "$only" != python ]; then continue; fi
    for client in $clients; do
      if has_module "${client%_async}"; then
        sample "$client" "$python" "$here/create.py" "$client" "$url" "$level" "$few"
      fi
    done
  done
  for program in $programs; do
    save_cpu $program
    row $program "$level"
  done
  for client in $clients; do
    if has_module "${client%_async}"; then
      save_cpu "$client"
      row "$client" "$level"
    else
      printf '%-23s %9s   %s\n' "Python, $client" "$level" "SKIPPED: pip install $client"
    fi
  done
  if [ "$only" = python ]; then
    comparisons "$level"
    echo
    continue
  fi
  if command -v node >/dev/null; then
    sample fetch node "$here/create.mjs" "$url" "$level" "$few"
    row fetch "$level"
  else
    printf '%-23s %9s   %s\n' 'Node, fetch' "$level" 'SKIPPED: node is not installed'
  fi
done
if [ "$only" = python ]; then exit; fi

echo
if command -v valgrind >/dev/null; then
  printf '%-23s %9s %9s %12s\n' '' 'in flight' '' 'instructions'
  for authority in '' "$scratch/ca.pem"; do
    instructions deepidv_blocking 1 "$authority"
    instructions plain_easy 1 "$authority"
    instructions deepidv_queue 64 "$authority"
    instructions plain_multi 64 "$authority"
  done
  instructions floor 1
else
  echo "SKIPPED  instructions: valgrind is not installed"
fi

echo
if [ -r "$authorities" ]; then
  cat "$authorities" "$scratch/ca.pem" >"$scratch/bundle.pem"
  echo "TLS, $(grep -c BEGIN "$scratch/bundle.pem") CA certificates, with reused and with new connections"
  printf '%-27s %5s %10s %9s %9s %9s %9s\n' '' 'in flight' 'creates/s' 'CPU us' 'p50 us' 'p99 us' 'RSS KB'
  for level in 1 64; do
    programs='deepidv_queue plain_multi'
    if [ "$level" = 1 ]; then programs='deepidv_blocking plain_easy'; fi
    for reuse in 1 0; do
      if [ $reuse = 1 ]; then count=10000 kind=reused; else count=500 kind=new; fi
      round=0
      while [ $round -lt "$rounds" ]; do
        round=$((round + 1))
        for program in $programs; do
          if [ ! -x "$scratch/$program" ]; then continue; fi
          sample $program "$scratch/$program" "https://127.0.0.1:$tls_port" $level $count "$scratch/bundle.pem" $reuse
        done
      done
      for program in $programs; do row "$program" $level "$(name_of "$program"), $kind"; done
    done
  done
else
  echo "SKIPPED  TLS: $authorities does not exist (apt-get install ca-certificates)"
fi
