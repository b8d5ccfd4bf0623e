"""Rows of a table whose sessions Dask creates, on four workers of a LocalCluster; one of them is killed."""

import functools
import json
import os
import signal
import sys

import dask.distributed
import deepidv


@functools.cache
def client():
    return deepidv.Client.from_env()


def create(row):
    """Return the external id of a row, and its session or what to do with it."""
    try:
        session = client().find_or_create_session(**row)
    except deepidv.TryAgain:
        return row["external_id"], None, "again"
    except deepidv.OutcomeUnknown:
        return row["external_id"], None, "again in two minutes"
    return row["external_id"], session.id, "created" if session.created else "found"


def main():
    rows = json.load(sys.stdin)
    with (
        dask.distributed.LocalCluster(n_workers=4, threads_per_worker=2, dashboard_address=None) as cluster,
        cluster.get_client() as scheduler,
    ):
        processes = list(scheduler.run(os.getpid).values())
        futures = scheduler.map(create, rows, pure=False)
        finished = dask.distributed.as_completed(futures, with_results=True)
        results = []
        for number, (_, result) in enumerate(finished):
            if number == len(rows) // 4:
                os.kill(processes[0], signal.SIGKILL)
            results.append(result)
    json.dump({"processes": len(processes), "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
