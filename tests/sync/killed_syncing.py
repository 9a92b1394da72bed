"""`python -m tests.sync.killed_syncing FOLDER URL KILLS SEED`: kill a laptop's process while it falls into step.

URL is a superuser's at a hub that `one_laptop` peopled, FOLDER the laptop's. The process is a fork of this one, which
says the ids of its ops only after they are committed. After each kill all of them must be on the laptop; after the next
contact all must be at the hub, each once and with the outcome the laptop knows.
"""

import json
import os
import random
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from member_tracker.domain.enquiry import Enquiry
from tests.store.agreement import disagreements
from tests.sync.one_laptop import DEVICE, OneLaptop, at_the_hub

SYNCING = "syncing"
LONGEST = 0.12
"""Seconds after the word waited for, within which the kill comes."""


def url_of(superuser_url: str) -> str:
    """The same place for the laptop's user."""
    parts = urlsplit(superuser_url)
    return urlunsplit(parts._replace(netloc=f"abara@{parts.netloc.rpartition('@')[2]}"))


def work(folder: Path, url: str, run: str, handle: int) -> None:
    """Write and fall into step for ever."""
    one = OneLaptop.opened(folder, url, run=run)
    hub = one.hub()
    while True:
        before = {op.id for op in one.waiting()}
        one.twenty()
        one.log()
        lines = [op.id for op in one.waiting() if op.id not in before]
        os.write(handle, "".join(f"{line}\n" for line in (*lines, SYNCING)).encode())
        one.sync(hub)


def killed(folder: Path, url: str, run: str, draw: random.Random) -> list[str]:
    """Starts the process, kills it while it falls into step, and gives the ops it spoke of."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with suppress(BrokenPipeError):
            work(folder, url, run, writer)
        os._exit(1)
    os.close(writer)
    times, raw = draw.randint(1, 2), bytearray()
    while raw.count(SYNCING.encode()) < times and (part := os.read(reader, 65_536)):
        raw += part
    select.select([], [], [], draw.random() * LONGEST)
    os.kill(child, signal.SIGKILL)
    while part := os.read(reader, 65_536):
        raw += part
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the process ended by itself"
    return [line for line in raw.decode().split("\n")[:-1] if line != SYNCING]


def check(folder: Path, url: str, run: str, said: list[str], inside: "psycopg.Connection[tuple[object, ...]]") -> None:
    """What was said is there; after one more contact it is at the hub, and both agree."""
    one = OneLaptop.opened(folder, url, run=run)
    ops = tuple(said)
    known = one.outcomes(ops)
    there = {op_id for (op_id,) in inside.execute("SELECT op_id FROM hub.op WHERE op_id = ANY (%s)", (said,))}
    assert there >= {op_id for op_id, outcome in zip(ops, known, strict=True) if outcome}, "acknowledged and gone"
    assert disagreements(one.store) == []
    assert one.sync().in_step
    assert not one.waiting()
    assert one.outcomes(ops) == at_the_hub(inside, ops)
    with one.store.reading() as tx:
        mine = tx._connection.execute("SELECT count(*) FROM op").fetchone()
        enquiries = len(tx.every(Enquiry))
    one.store.close()
    assert inside.execute("SELECT count(*) FROM hub.op WHERE device = %s", (DEVICE,)).fetchone() == mine
    live = inside.execute("SELECT count(*) FROM hub.record WHERE kind = 'enquiry' AND NOT deleted").fetchone()
    assert live == (enquiries,)


def main(folder: Path, superuser_url: str, kills: int, seed: int) -> None:
    """Kill and check, over and over, and say how often and how many ops were acknowledged."""
    draw, said, url = random.Random(seed), list[str](), url_of(superuser_url)
    with psycopg.connect(superuser_url, autocommit=True) as inside:
        for number in range(kills):
            said += killed(folder, url, f"k{number:04}", draw)
            check(folder, url, f"c{number:04}", said, inside)
    print(json.dumps({"kills": kills, "seed": seed, "ops": len(said)}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
