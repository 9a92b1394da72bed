"""What was imported is shared like other casework, and taken back it is gone everywhere."""

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.people import Resident
from member_tracker.services.enquiries import add_note
from member_tracker.services.importing import check, import_table, look_at, undo_import
from tests.fakes.hub_offices import Shared, in_step
from tests.fakes.office import Office

ROWS = (
    "Councillor,Resident,Service area,Received,Subject\n"
    "Cllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp\n"
    "Cllr Vera Quill,Ned Example,Housing,04/11/2025,Gutter\n"
)


@pytest.fixture
def olga(hub: Shared) -> Office:
    """The officer's computer."""
    return hub.joined("olga")


def subjects(office: Office) -> set[str]:
    with office.app.store.reading() as tx:
        return {enquiry.subject for enquiry in tx.every(Enquiry)}


def import_rows(office: Office, rows: str = ROWS) -> None:
    path = office.parts.profile.folder / "table.csv"
    path.write_text(rows, encoding="utf-8")
    found = look_at(office.app, path)
    import_table(office.app, found, found.plan)


def imported_and_worked_on(vera: Office, olga: Office) -> Enquiry:
    """What Olga imported and Vera, who has it too, wrote a note on, which Olga does not know of yet."""
    in_step(vera, olga)
    import_rows(olga)
    in_step(olga, vera)
    with vera.app.store.reading() as tx:
        damp = next(enquiry for enquiry in tx.every(Enquiry) if enquiry.subject == "Damp")
    add_note(vera.app, damp.id, "Rang.")
    return damp


@pytest.mark.parametrize("is_told", [True, False])
def test_an_import_taken_back_is_gone_at_the_hub_and_on_every_laptop(
    vera: Office, olga: Office, *, is_told: bool
) -> None:
    in_step(vera, olga)
    import_rows(olga)
    if is_told:
        in_step(olga, vera)
        assert subjects(vera) == {"Damp", "Gutter"}
    undo_import(olga.app)
    in_step(olga, vera)
    in_step(vera, olga)
    for office in (vera, olga):
        assert subjects(office) == set()
        with office.app.store.reading() as tx:
            assert tx.every(Resident) == ()
            assert tx.outbox() == ()


def test_what_a_colleague_worked_on_before_it_is_undone_stays_on_every_laptop(vera: Office, olga: Office) -> None:
    damp = imported_and_worked_on(vera, olga)
    in_step(vera, olga)
    assert undo_import(olga.app).stayed == 1
    in_step(olga, vera)
    for office in (vera, olga):
        assert subjects(office) == {"Damp"}
        with office.app.store.reading() as tx:
            assert [person.id for person in tx.every(Resident)] == [damp.resident_id]


@pytest.mark.soak
def test_what_somebody_else_has_worked_on_meanwhile_is_not_lost(vera: Office, olga: Office) -> None:
    imported_and_worked_on(vera, olga)
    in_step(vera)
    undo_import(olga.app)
    in_step(olga, vera)
    in_step(vera, olga)
    assert subjects(vera) == subjects(olga)


@pytest.mark.soak
def test_councillors_come_from_the_hub_so_none_is_made(olga: Office) -> None:
    path = olga.parts.profile.folder / "table.csv"
    path.write_text(ROWS.replace("Vera Quill", "Nobody Known"), encoding="utf-8")
    found = look_at(olga.app, path)
    assert check(olga.app, found.sheet, found.plan).ready == 0
