"""A hundred and fifty laptops that come back at the same moment to a hub that takes a hundred connections."""

import statistics
from collections.abc import Iterator, Sequence

from benchmarks.figure import Figure
from benchmarks.hub_office import PASSWORD, HubOffice, fill, hub_office
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.engine import Sizes
from member_tracker.sync.hub import ScopeId
from tests.sync.crowd import Arrived, Comer, come_back

LAPTOPS, CONNECTIONS = 150, 100
RECORDS, OPS = 30_000, 20
SLOWEST_SECONDS = 10
"""Ninety-nine in a hundred must be in step by then."""


def figures() -> Iterator[Figure]:
    """Seconds until a laptop is in step, beside the time it has; none may be lost."""
    with hub_office((f"max_connections = {CONNECTIONS}",)) as office:
        with office.superuser() as superuser:
            fill(superuser, RECORDS)
        arrived = come_back(comers(office), ops=OPS, sizes=Sizes(rows=100))
        must_be_there(office, arrived)
        refused = (office.server.data / "server.log").read_text(encoding="utf-8").count("FATAL")
    seconds = sorted(each.seconds for each in arrived)
    slowest = seconds[-(-len(seconds) * 99 // 100) - 1]
    yield Figure(
        name=f"{LAPTOPS} laptops at once, {refused} times refused, 99 %",
        ours=slowest, limit=SLOWEST_SECONDS, unit="s", at_most=1,
    )  # fmt: skip
    yield Figure(name="  the middle one", ours=statistics.median(seconds), limit=SLOWEST_SECONDS, unit="s", at_most=1)


def comers(office: HubOffice) -> list[Comer]:
    """Two laptops each for as many councillors, whose casework is at the hub already."""
    every: list[Comer] = []
    for number in range(1, LAPTOPS // 2 + 1):
        login, scope_id = f"member{number}", ScopeId(f"councillor-{number}")
        office.sign_in(login, Role.COUNCILLOR, person_id=scope_id).close()
        url, devices = office.url(login), (f"{login}-first", f"{login}-second")
        every += [
            Comer(login=login, password=PASSWORD, url=url, device=device, scope_id=scope_id) for device in devices
        ]
    return every


def must_be_there(office: HubOffice, arrived: Sequence[Arrived]) -> None:
    """Every op of every laptop, accepted."""
    sent = {op_id for each in arrived for op_id in each.op_ids}
    with office.superuser() as superuser:
        accepted = superuser.execute("SELECT op_id FROM hub.op WHERE outcome = 'accepted'").fetchall()
    assert all(each.in_step and not each.waiting for each in arrived)
    assert len(sent) == len(arrived) * OPS
    assert sent <= {op_id for (op_id,) in accepted}
