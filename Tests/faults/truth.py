"""What a create or a decision may be said to have become, against what the emulator knows that it did."""

CREATED = "OK"
UNKNOWN = "E_OUTCOME_UNKNOWN"
# What a caller may send again without a second thought.
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

# What may be said, by what the network lets one know. A library that looks for a lost session, or sends
# again what was certainly not executed, says more than one that does not.
#
# It was executed, and the answer was lost.
EXECUTED_UNHEARD = {UNKNOWN, CREATED}
# It was not executed, and nobody can tell.
NOT_EXECUTED_UNHEARD = {UNKNOWN}
# It was not executed, and that can be told.
NOT_SENT_OR_PROCESSED = {"E_NOT_SENT", "E_NOT_PROCESSED", CREATED}


def lies(said, ids):
    """What is wrong about a claim, given the ids of the sessions there are: a list of sentences."""
    wrong = []
    if len(ids) > 1:
        wrong.append(f"executed {len(ids)} times")
    if said.status == CREATED and said.session_id not in ids:
        wrong.append("said to be created, and is not")
    if said.status in SAFE | REJECTED and ids:
        wrong.append(f"said to be {said.status}, and was executed")
    if said.status not in SAFE | REJECTED | {CREATED, UNKNOWN}:
        wrong.append(f"{said.status} says nothing of the outcome")
    return wrong


def decision_lies(said, executions, status):
    """What is wrong about a claim of a decision, given how often it was executed, and the session's status."""
    wrong = []
    if executions > 1:
        wrong.append(f"executed {executions} times")
    if said.status == CREATED and status != "VERIFIED":
        wrong.append(f"said to be decided, and the session is {status}")
    if said.status in SAFE | REJECTED and executions:
        wrong.append(f"said to be {said.status}, and was executed")
    if said.status not in SAFE | REJECTED | {CREATED, UNKNOWN}:
        wrong.append(f"{said.status} says nothing of the outcome")
    return wrong
