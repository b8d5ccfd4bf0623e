"""The exit statuses of all commands but ``bulk`` and ``fleet``."""

from typing import Final

OK: Final = 0
FAILED: Final = 1
USAGE_ERROR: Final = 2
UNKNOWN: Final = 3
DUPLICATE: Final = 4
TRY_AGAIN: Final = 5
REFUSED: Final = 6
MISMATCH: Final = 7
REJECTED: Final = 8
ENDED: Final = 9
UNDECIDED: Final = 10
NOT_PRINTED: Final = 11
INTERRUPTED: Final = 130

EPILOG: Final = """\
exit status:
  0  done
  1  another error; doctor: a check failed
  2  the command, the request or a file is invalid; nothing was sent
  3  a session may exist: run `deepidv reconcile TOKEN` later; another process knows nothing of
     this create, and would send it again
  4  several sessions exist: do not send the request again
  5  not executed; safe to retry
  6  the service refused the request
  7  the redirect is for another session, or repeats a parameter
  8  wait: the session was rejected
  9  wait: the session ended without a decision (expired, voided or failed)
 10  wait: the time ran out before the session ended
 11  standard output could not be written. After create and reconcile, the last line on standard
     error has the ids, as JSON: do not send the request again
130  interrupted (Ctrl-C) before anything was executed; 129 and 143 after SIGHUP and SIGTERM

`deepidv bulk` and `deepidv fleet work` have their own exit statuses: see their --help.
"""
