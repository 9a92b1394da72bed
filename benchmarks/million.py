"""A new laptop of an officer who sees everything: a million records fetched and kept."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.hub import bootstrapping, pid_of
from benchmarks.hub_office import fill, hub_office, spent
from member_tracker.domain.vocabulary import Role

ON_DEMAND = True
RECORDS = 1_000_000
LONGEST_SECONDS = 90
MOST_MEGABYTES = 500


def figures() -> Iterator[Figure]:
    """Seconds by the clock, processor seconds of laptop and server, and the most memory the laptop ever had for it."""
    with hub_office() as office, office.superuser() as superuser:
        fill(superuser, RECORDS)
        [(records,)] = superuser.execute("SELECT count(*) FROM hub.record").fetchall()
        with closing(office.sign_in("officer", Role.OFFICER)) as hub, tempfile.TemporaryDirectory() as scratch:
            took = spent(bootstrapping(hub, Path(scratch) / "profile", records), pid_of(hub))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(name=f"{records:,} records, by the clock", ours=took.clock, limit=LONGEST_SECONDS, unit="s", at_most=1)
    yield Figure(name="  processor time", ours=took.cpu, limit=LONGEST_SECONDS, unit="s", at_most=1)
    yield Figure(name="  memory at most", ours=megabytes, limit=MOST_MEGABYTES, unit="MB", at_most=1)
