# The C program creates a session, and prints its record and the counters.
./program1 >printed

[ "$(head -1 printed)" = "DEEPIDV_OK, request id (none)" ]
grep -Eq '^level 3, code 9, operation [0-9]+, DEEPIDV_OK, HTTP 200, attempt 1, [0-9]+$' printed
grep -q '^succeeded: 1 in flight: 0$' printed
[ "$(tail -1 printed | member '["requests"]')" = 1 ]
