"""A work list that many machines share: ``WorkList`` adds rows, and ``deepidv fleet work`` sends them.

::

    work = WorkList("postgresql://jobs.example.com/verifications")
    for message in queue:
        work.add([message.body])
        message.acknowledge()

The extra ``fleet`` of this package installs what it needs.
"""

from .._fleet.database import DatabaseProblem
from .._fleet.work_list import Added, Status, WorkList

__all__ = ["Added", "DatabaseProblem", "Status", "WorkList"]
