"""No room, no rights or no free file, on either side: a sentence with an action, and what waits to be sent stays."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.store import Store
from tests.store.agreement import disagreements
from tests.sync.at_work import Work
from tests.sync.one_laptop import ABARA, OneLaptop

SMALL = "1m"


# --- at the hub -------------------------------------------------------------------------------------------------------


@contextmanager
def full_at_the_hub(work: Work) -> Iterator[str]:
    """The disk the hub's log lies on is full: really, where one may be mounted here; else the log says so."""
    own = work.place.server.own
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        if own is not None and _mounted(folder):
            with _filled(work.inside, folder):
                yield "really"
        else:
            work.inside.execute(
                "CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
            work.inside.execute("CREATE TRIGGER no_room BEFORE INSERT ON hub.op EXECUTE FUNCTION public.no_room()")
            yield "as if"
            work.inside.execute("DROP TRIGGER no_room ON hub.op")
    finally:
        with suppress(OSError):
            subprocess.run(["umount", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _mounted(folder: Path) -> bool:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=777", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode == 0:
        shutil.chown(folder, "nobody")
        folder.chmod(0o700)
    return done.returncode == 0


@contextmanager
def _filled(inside: "psycopg.Connection[tuple[object, ...]]", folder: Path) -> Iterator[None]:
    name = f"small_{os.getpid()}"
    inside.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'".encode())
    try:
        inside.execute(f"ALTER TABLE hub.op SET TABLESPACE {name}".encode())
        inside.execute(f"CREATE TABLE public.filler (words text) TABLESPACE {name}".encode())
        with suppress(psycopg.errors.DiskFull):
            while True:
                inside.execute("INSERT INTO public.filler VALUES (%s)", (token_hex(2_000),))
        yield
        inside.execute("DROP TABLE public.filler")
        inside.execute("ALTER TABLE hub.op SET TABLESPACE pg_default")
    finally:
        inside.execute(f"DROP TABLESPACE {name}".encode())


def test_a_full_disk_at_the_hub_is_told_and_what_waited_goes_when_there_is_room(work: Work) -> None:
    work.one.log(token_hex(30_000))
    with full_at_the_hub(work):
        told = work.must_be_told(Unavailable, "hub's disk is full")
        assert "safe on this computer" in told.advice
    work.must_go_now()
    assert work.place.administration().verify().is_whole


# --- on the laptop ----------------------------------------------------------------------------------------------------


@contextmanager
def no_room(store: Store, left: int) -> Iterator[None]:
    """So many bytes can be written beside the store's file, and no more."""
    import resource

    store.settle_file()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files there")
def test_a_laptop_whose_disk_fills_up_at_any_moment_of_a_contact_keeps_what_waits(work: Work) -> None:
    told: list[TrackerError] = []
    for left in (0, 30_000, 100_000, 200_000, 300_000, 400_000, 600_000):
        for _ in range(3):
            work.one.twenty()
        before = {op.id for op in work.one.waiting()}
        try:
            with no_room(work.one.store, left):
                work.one.sync()
        except TrackerError as problem:
            told.append(problem)
        known = zip(sorted(before), work.one.outcomes(tuple(sorted(before))), strict=True)
        assert {op.id for op in work.one.waiting()} == {each for each, outcome in known if outcome is None}
        assert disagreements(work.one.store) == []
        work.must_go_now()
    assert len(told) >= 3, "there was room after all"
    assert all("disk" in each.title and "room" in each.advice for each in told)
    assert work.place.administration().verify().is_whole


def test_a_laptops_file_that_another_process_writes_is_told_and_gone_on_with_when_it_is_free(work: Work) -> None:
    folder = work.one.store._path.parent
    other = OneLaptop.opened(folder, work.one.url, run="other", wait_seconds=0.05)
    other.password = work.one.password
    before = other.waiting()
    with work.one.store.writing(author=ABARA) as tx:
        tx.set_local("busy", "1")
        with pytest.raises(Unavailable, match="in use") as told:
            other.sync()
        assert "Wait" in told.value.advice
    assert other.waiting() == before != ()
    assert other.sync().in_step
    assert not work.one.waiting()
    other.store.close()


_AS_NOBODY = """
import os, sys
from pathlib import Path
from member_tracker.domain.errors import TrackerError
from tests.store.agreement import disagreements
from tests.sync.one_laptop import OneLaptop
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    OneLaptop.opened(Path(sys.argv[1]), sys.argv[2]).sync()
except TrackerError as told:
    print(told.title, told.advice)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_a_laptops_file_that_may_only_be_read_is_told_and_left_as_it_is(work: Work, repository: Path) -> None:
    before = work.one.waiting()
    folder = work.one.store._path.parent
    work.one.store.close()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as found:
        elsewhere = Path(found)
        elsewhere.chmod(0o777)
        file = Path(shutil.copy(folder / FILE_NAME, elsewhere))
        file.chmod(0o444)
        whole = file.read_bytes()
        ran = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, found, work.one.url],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "cannot be written" in ran.stdout, ran.stderr
        assert "rights" in ran.stdout
        assert file.read_bytes() == whole
        file.chmod(0o644)
        again = OneLaptop.opened(elsewhere, work.one.url)
        assert again.waiting() == before
        assert again.sync().in_step
        again.store.close()
