"""Dask, with a worker that is killed: each row's session is created once."""

import json

from emulator_process import APPLICANT

ROWS = 200


def test_rows_of_a_table(run, service, reference):
    rows = [{**APPLICANT, "external_id": f"{reference}-{row}"} for row in range(ROWS)]
    service.lose_the_answer(searches=0, count=5)
    ran = json.loads(run("dask_rows", input=json.dumps(rows)))
    assert ran["processes"] == 4
    results = {external_id: (session, outcome) for external_id, session, outcome in ran["results"]}
    assert len(results) == len(ran["results"]) == ROWS
    assert len({session for session, _ in results.values()}) == ROWS
    assert {outcome for _, outcome in results.values()} <= {"created", "found"}
    assert {service.executions(row["external_id"]) for row in rows} == {1}
