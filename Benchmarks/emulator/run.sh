#!/bin/sh
# Measures the emulator: creates per second in memory and with a state file, open connections, and memory per session.
# The load generator runs on the same machine. It prints results and never fails.
#
# DEEPIDV_EMULATOR is the program, SECONDS_EACH the duration of each load, CONNECTIONS the number of open connections.
# BEFORE is another build of the program; then the creates of both are measured in turn, on one CPU.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=${DEEPIDV_EMULATOR:-$here/../../.build-emulator/release/deepidv-emulator}
seconds=${SECONDS_EACH:-10}
connections=${CONNECTIONS:-10000}
scratch=$(mktemp -d)
process=
on=
trap 'stop; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

stop() {
  if [ -n "$process" ]; then
    kill "$process" 2>/dev/null || true
    wait "$process" || true
  fi
  process=
}

# start OPTION...: starts an emulator; sets $process, $url and $port. $on is a command in front of it.
start() {
  : >"$scratch/ready"
  $on "$program" --port 0 --rate 0 --tokens 1000000000 "$@" </dev/null >"$scratch/ready" &
  process=$!
  tries=0
  until grep -q listening "$scratch/ready"; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ]; then exit 1; fi
    sleep 0.05
  done
  url=$(sed 's/.* //' "$scratch/ready")
  port=${url##*:}
}

resident() { awk '/^VmRSS/ { print $2 * 1024 }' "/proc/$process/status"; }

sessions() {
  curl -s "$url/emulator/executions?external_id=user-12345" | sed 's/.*"executions":\([0-9]*\).*/\1/'
}

# Prints the CPU time of the emulator, in hundredths of a second.
used() { awk '{ print $14 + $15 }' "/proc/$process/stat"; }

# load NAME: creates sessions for some seconds, and prints the rate.
load() {
  idle=$(used)
  wrk -t 1 -c 64 -d "${seconds}s" --latency -s "$here/create.lua" "$url/v1/sessions" >"$scratch/wrk"
  awk -v name="$1" -v used=$(($(used) - idle)) '
    /requests in/ { count = $1 }
    /Requests\/sec/ { rate = $2 }
    / 50%/ { half = $2 }
    / 99%/ { most = $2 }
    /Non-2xx/ { refused = $NF }
    END {
      printf "%-28s %10.0f per second   median %s   99%% %s   refused %d   CPU %.0f us each\n",
        name, rate, half, most, refused, used * 10000 / count
    }' "$scratch/wrk"
}

for needed in wrk curl python3; do
  if ! command -v $needed >/dev/null; then
    echo "run.sh: $needed is not installed (apt-get install wrk curl python3)" >&2
    exit 1
  fi
done

echo "$(nproc) CPUs, load average $(cut -d ' ' -f 1 /proc/loadavg)"
if [ -n "${BEFORE:-}" ]; then
  now=$program
  on="taskset -c 0"
  for round in 1 2 3; do
    for program in "$BEFORE" "$now"; do
      start
      load warm-up >/dev/null
      if [ "$program" = "$now" ]; then load "one CPU, now ($round)"; else load "one CPU, before ($round)"; fi
      stop
    done
  done
  exit
fi
start
load warm-up >/dev/null
before=$(resident)
first=$(sessions)
load "creates in memory"
after=$(resident)
made=$(($(sessions) - first))
awk -v bytes=$((after - before)) -v made=$made 'BEGIN {
  printf "%-28s %10.0f bytes, over %d sessions\n", "memory per session", bytes / made, made
}'
stop

start --state "$scratch/state"
load "creates with a state file"
stop

start
before=$(resident)
held=$(python3 "$here/hold.py" "$port" "$connections")
after=$(resident)
awk -v held="$held" -v bytes=$((after - before)) 'BEGIN {
  printf "%-28s %10d of '"$connections"', %.0f bytes each\n", "open connections", held, bytes / held
}'
