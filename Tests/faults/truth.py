"""The allowed reports about a create or a decision, given what the emulator executed."""

CREATED = "OK"
UNKNOWN = "E_OUTCOME_UNKNOWN"
# The caller can safely retry.
SAFE = {"E_NOT_SENT", "E_NOT_PROCESSED", "E_RATE_LIMITED"}
REJECTED = {
    "E_BAD_REQUEST",
    "E_UNAUTHORIZED",
    "E_BALANCE",
    "E_FORBIDDEN",
    "E_NOT_FOUND",
    "E_RATE_LIMITED",
    "E_REFUSED",
    "E_REDIRECTED",
}

# The allowed statuses, by what the client can observe. CREATED is possible because the library searches for lost
# sessions and retries requests that were certainly not executed.
#
# It was executed, but the response was lost.
EXECUTED_UNSEEN = {UNKNOWN, CREATED}
# It was not executed, but the client cannot observe that.
NOT_EXECUTED_UNSEEN = {UNKNOWN}
# It was not executed, and the client can observe that.
NOT_SENT_OR_PROCESSED = {"E_NOT_SENT", "E_NOT_PROCESSED", CREATED}


def false_reports(report, ids):
    """Return what is false in a report, as a list of sentences; ``ids`` are the sessions that exist."""
    found = []
    if len(ids) > 1:
        found.append(f"executed {len(ids)} times")
    if report.status == CREATED and report.session_id not in ids:
        found.append("reported as created, but not created")
    if report.status in SAFE | REJECTED and ids:
        found.append(f"reported as {report.status}, but executed")
    if report.status not in SAFE | REJECTED | {CREATED, UNKNOWN}:
        found.append(f"{report.status} does not report the outcome")
    return found


def false_decision_reports(report, executions, status):
    """Return what is false in a report about a decision, given its executions and the session's status."""
    found = []
    if executions > 1:
        found.append(f"executed {executions} times")
    if report.status == CREATED and status != "VERIFIED":
        found.append(f"reported as decided, but the session is {status}")
    if report.status in SAFE | REJECTED and executions:
        found.append(f"reported as {report.status}, but executed")
    if report.status not in SAFE | REJECTED | {CREATED, UNKNOWN}:
        found.append(f"{report.status} does not report the outcome")
    return found
