# The C program decides, waits, and reads the record.
./program1 "$(new_session)" >printed

[ "$(head -2 printed)" = "decided: VERIFIED
ended: DEEPIDV_VERDICT_VERIFIED" ]
grep -q '^created: 20' printed
grep -q '^nothing is known of a selfie$' printed
