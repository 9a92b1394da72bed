"""An import whose process is killed, again and again, comes in whole in the end, and goes away whole."""

import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.people import Resident
from member_tracker.profile import Profile
from tests.fakes.office import open_office
from tests.services.test_importing import HEAD

ROWS, PEOPLE, MOST_KILLS = 1_500, 400, 12
_CHILD = """
import sys
from pathlib import Path
from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services import importing, importing_lots

importing_lots.LOT, importing_lots.TAKEN_BACK = 100, 300
folder, what = Path(sys.argv[1]), sys.argv[2]
app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
print("begun", flush=True)
if what == "in":
    table = importing.look_at(app, folder / "table.csv")
    importing.import_table(app, table, table.plan)
else:
    importing.undo_import(app)
print("done", flush=True)
"""


def killed_until_done(folder: Path, what: str, longest: float) -> int:
    """How often the process was killed before it came to its end."""
    for kills in range(MOST_KILLS + 1):
        command = [sys.executable, "-c", _CHILD, str(folder), what]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "begun\n"
            if kills < MOST_KILLS:
                threading.Event().wait(random.uniform(0.05, longest))
                child.kill()
            said = child.stdout.read()
        if said:
            assert child.returncode in {0, -9}
            return kills
        assert child.returncode == -9
    raise AssertionError("it never came to its end")


def held(folder: Path) -> tuple[Counter[str | None], Counter[str]]:
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    with app.store.reading() as tx:
        references = Counter(enquiry.other_reference for enquiry in tx.every(Enquiry))
        people = Counter(person.name for person in tx.every(Resident))
    app.store.close()
    return references, people


@pytest.mark.soak
def test_killed_again_and_again_every_row_comes_in_once_and_goes_again(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    office.app.store.close()
    row = "Cllr Vera Quill,Person {0},Housing,03/11/2025,Damp {1},Wet.,OLD-{1},phone,,,"
    lines = [row.format(number % PEOPLE, number) for number in range(ROWS)]
    (tmp_path / "table.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    assert killed_until_done(tmp_path, "in", 1.2) > 0
    assert held(tmp_path) == (
        Counter(f"OLD-{number}" for number in range(ROWS)),
        Counter(f"Person {number}" for number in range(PEOPLE)),
    )
    assert killed_until_done(tmp_path, "out", 0.15) > 0
    assert held(tmp_path) == (Counter(), Counter())
