#!/usr/bin/env bash
# Loads ./semblance serve with wrk (Debian: apt-get install wrk), on this machine alone.
#
#   ./semblance bench serve INDEX [REQUESTS]
#
# Prints the time from the command to the first answer, requests a second and latencies of keyword and
# of semantic search, what the server adds to the library's time, and the process's memory while
# REQUESTS (100,000) keyword searches are answered.
set -euo pipefail
if [ $# -lt 1 ] || [ ! -d "$1" ] || ! command -v wrk >/dev/null; then
  echo "usage: ./semblance bench serve INDEX [REQUESTS]; it needs wrk and an index folder" >&2
  exit 2
fi
index=$1
requests=${2:-100000}
home=$(cd "$(dirname "$0")/../.." && pwd)
port=${PORT:-18080}
at=http://localhost:$port
serve=${SERVE:-$home/semblance}

began=$(date +%s%N)
$serve serve --index "$index" --port "$port" >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
until curl -sf "$at/api/search?q=late&text=snippet" >/dev/null; do
  kill -0 $server || { echo "the server did not start" >&2; exit 1; }
  sleep 0.05
done
echo "first answer of hybrid search after $((($(date +%s%N) - began) / 1000000)) ms"

questions=$(mktemp)
cat >"$questions" <<'LUA'
local words = {"late", "course", "java", "index", "certificate", "docker", "homework", "join", "error", "memory"}
request = function()
  local q = words[math.random(#words)] .. "+" .. words[math.random(#words)] .. "+" .. words[math.random(#words)]
  return wrk.format("GET", "/api/search?text=snippet&top=10&mode=" .. MODE .. "&q=" .. q)
end
done = function(summary, latency)
  io.write(string.format("%s: %.0f requests/s, p50 %.1f ms, p99 %.1f ms, %d not answered with 200\n", MODE,
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.timeout + summary.errors.read))
end
LUA
load() { # mode connections seconds
  { echo "MODE = '$1'"; cat "$questions"; } >"$questions.$1"
  wrk -t1 -c"$2" -d"$3s" -s "$questions.$1" "$at" | grep -v "^Running\|threads and\|Thread Stats\|Latency\|Req/Sec\|requests in\|Requests/sec\|Transfer/sec\|Non-2xx\|Socket"
}
memory() { awk '/VmRSS/ {printf "%d MB", $2 / 1024}' "/proc/$(pgrep -P $server java || echo $server)/status"; }

load bm25 4 10 >/dev/null # the JVM compiles
load bm25 4 10
load semantic 4 10

for mode in bm25 semantic hybrid; do
  for _ in $(seq 200); do
    curl -s -o "$questions.out" -w '%{time_total} ' "$at/api/search?q=can+I+join+late&text=snippet&mode=$mode"
    grep -o '"took_ms":[0-9.]*' "$questions.out" | cut -d: -f2
  done | awk -v mode="$mode" '{print $1 * 1000 - $2}' | sort -n |
    awk -v mode="$mode" '{all[NR] = $1} END {printf "%s: the server adds %.2f ms (median of %d)\n", mode, all[int((NR + 1) / 2)], NR}'
done

echo "memory: $(memory)"
sent=0
while [ "$sent" -lt "$requests" ]; do
  load bm25 4 10 >/dev/null
  sent=$(curl -s "$at/metrics" | sed -n 's/^semblance_request_seconds_count{endpoint="\/api\/search"} //p')
  echo "memory after $sent requests: $(memory)"
done
rm -f "$questions"*
