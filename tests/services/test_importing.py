"""Enquiries come in from a table whole or not at all, and go again as if they had never been."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Councillor, Resident, ResidentId
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.vocabulary import Channel, State, Status
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.services.enquiries import add_note, close_enquiry
from member_tracker.services.importing import (
    check,
    import_table,
    imports,
    look_at,
    template_csv,
    undo_import,
    with_names,
)
from member_tracker.services.importing_fields import Field
from member_tracker.services.importing_kept import Imported
from member_tracker.services.importing_rows import Plan
from tests.fakes.office import Office

HEAD = "Councillor,Resident,Service area,Received,Subject,Question,Ref,Channel,Answered,Closed,Notes"
GOOD = (
    "Cllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp in a flat,The wall is wet.,OLD-1,phone,,,Rings at six",
    'Cllr Vera Quill,Ned Example,Housing,04/11/2025 09:30,Gutter,"Broken, again.",OLD-2,email,06/11/2025,07/11/2025,',
)


def table(office: Office, rows: Sequence[str], head: str = HEAD) -> Path:
    path = office.parts.profile.folder / "table.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def taken_in(office: Office, rows: Sequence[str] = GOOD, *, leave_out: bool = False, again: bool = False) -> Imported:
    found = look_at(office.app, table(office, rows))
    return import_table(office.app, found, found.plan, leave_out=leave_out, again=again)


def every(office: Office) -> tuple[Enquiry, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Enquiry)


def whole_file(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is kept, but how far the numbers of references have got."""
    file = office.parts.store._writer
    names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    passed_over = ("search", "resident_search", "sqlite_", "alembic")
    kept = {
        name: file.execute(f"SELECT * FROM {name}").fetchall() for name in names if not name.startswith(passed_over)
    }
    kept["local"] = [row for row in kept["local"] if row[0] != "serial" and not row[0].startswith("import_col")]
    kept["found"] = file.execute("SELECT rowid FROM search WHERE search MATCH 'wall OR broken OR rings'").fetchall()
    return kept


def problems(office: Office, row: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    found = look_at(office.app, table(office, [row], head))
    checked = check(office.app, found.sheet, found.plan)
    assert all(problem.advice for problem in checked.problems)
    return [(problem.row, problem.field.value, problem.words) for problem in checked.problems]


def test_rows_become_enquiries_with_their_people_their_dates_and_how_far_they_had_come(office: Office) -> None:
    made = taken_in(office)
    assert (made.enquiries, made.residents, made.councillors, made.left_out) == (2, 2, 0, 0)
    damp, gutter = sorted(every(office), key=lambda enquiry: enquiry.other_reference or "")
    assert (damp.status, damp.channel, damp.clocks is not None) == (Status.DRAFT, Channel.TELEPHONE, True)
    assert gutter.status is Status.CLOSED
    assert gutter.state(office.clock()) is State.MET
    assert gutter.sent_at == gutter.received_at
    with office.app.store.reading() as tx:
        notes = tx.every(Entry, kind=EntryKind.NOTE)
        assert [note.text for note in notes] == ["Rings at six"]
        assert {person.name for person in tx.every(Resident)} == {"Rose Made-Up", "Ned Example"}


def test_an_import_that_is_undone_leaves_exactly_what_was_before(office: Office) -> None:
    office.log(resident="Ned Example")
    before = whole_file(office)
    made = taken_in(office)
    assert made.residents == 1
    assert whole_file(office) != before
    undo_import(office.app)
    assert whole_file(office) == before
    assert imports(office.app) == ()
    assert taken_in(office).enquiries == 2


def test_nothing_is_written_by_looking(office: Office) -> None:
    before = whole_file(office)
    found = look_at(office.app, table(office, GOOD))
    assert check(office.app, found.sheet, found.plan).ready == 2
    assert whole_file(office) == before


def test_the_same_file_is_noticed_and_taken_again_only_where_somebody_wants_it(office: Office) -> None:
    taken_in(office)
    assert "imported already" in (look_at(office.app, table(office, GOOD)).before or "")
    with pytest.raises(NotAllowed, match="imported already"):
        taken_in(office)
    with pytest.raises(Invalid, match="OLD-1 is here already"):
        taken_in(office, again=True)
    assert len(every(office)) == 2


@pytest.mark.parametrize("stage", ["Looking at the rows", "Writing the enquiries"])
def test_stopping_before_anything_was_written_leaves_nothing(office: Office, stage: str) -> None:
    found = look_at(office.app, table(office, GOOD))
    before = whole_file(office)
    steps: list[str] = []

    def stop() -> bool:
        return stage == "Looking at the rows" or len(steps) == 1

    watch = Watch(progress=lambda stage, _share: steps.append(stage), stop=stop)
    with pytest.raises(Stopped):
        import_table(office.app, found, found.plan, watch=watch)
    assert whole_file(office) == before


def test_rows_with_problems_stop_an_import_unless_they_are_to_be_left_out(office: Office) -> None:
    rows = (*GOOD, "Cllr Nobody,Rose Made-Up,Housing,03/11/2025,Damp,,OLD-3,phone,,,")
    with pytest.raises(Invalid, match="the first is row 4"):
        taken_in(office, rows)
    assert every(office) == ()
    assert taken_in(office, rows, leave_out=True).left_out == 1


def test_each_problem_is_said_with_its_row_and_what_to_do(office: Office) -> None:
    row = "Cllr Nobody,,Hosing,31/02/2025,Damp,,OLD-3,pigeon,soon,03/11/2030,"
    said = {field: words for _, field, words in problems(office, row)}
    assert said == {
        "resident": "There is no resident.",
        "received": "There is no such day as “31/02/2025”.",
        "answered": "“soon” is not a date.",
        "closed": "That day is still to come.",
        "councillor": "There is no councillor called “Cllr Nobody”.",
        "service_area": "There is no service area called “Hosing”.",
        "channel": "“pigeon” is no way in which a contact comes.",
    }


def test_a_reference_that_comes_twice_is_said_of_the_second_row(office: Office) -> None:
    found = look_at(office.app, table(office, [GOOD[0], GOOD[0]]))
    [problem] = check(office.app, found.sheet, found.plan).problems
    assert (problem.row, problem.words) == (3, "OLD-1 stands in row 2 too.")


def test_an_answer_before_the_question_is_a_problem(office: Office) -> None:
    row = "Cllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp,,OLD-3,phone,01/11/2025,,"
    assert problems(office, row) == [(2, "answered", "Answered on is before it was received.")]


def test_text_that_runs_on_over_hundreds_of_lines_is_a_problem(office: Office) -> None:
    lines = "x\n" * 400
    row = f'Cllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp,"{lines}",OLD-3,phone,,,'
    assert problems(office, row) == [(2, "question", "The question runs over 399 lines.")]


def test_what_is_called_otherwise_here_is_taken_for_what_somebody_says(office: Office) -> None:
    found = look_at(office.app, table(office, [GOOD[0].replace("Housing", "Homes team")]))
    stands_for = {Field.SERVICE_AREA: {"Homes team": "Housing"}}
    plan = Plan(columns=found.plan.columns, stands_for=stands_for)
    assert import_table(office.app, found, plan).enquiries == 1


def test_a_councillor_may_stand_in_for_the_column_and_new_ones_are_made_where_wanted(office: Office) -> None:
    head, row = "Name,Service,Date,Subject", "Rose Made-Up,Housing,03/11/2025,Damp"
    found = look_at(office.app, table(office, [row], head))
    assert check(office.app, found.sheet, found.plan).missing == (Field.COUNCILLOR,)
    plan = Plan(columns=found.plan.columns, councillor="Cllr New Face")
    assert check(office.app, found.sheet, plan).ready == 0
    made = import_table(office.app, found, Plan(columns=plan.columns, councillor="Cllr New Face", new_councillors=True))
    assert made.councillors == 1
    undo_import(office.app)
    with office.app.store.reading() as tx:
        assert [person.name for person in tx.every(Councillor)] == ["Cllr Vera Quill"]


def test_columns_chosen_once_are_remembered_for_tables_with_the_same_headings(office: Office) -> None:
    head, row = "Cllr,Who,Where to,When,What", "Cllr Vera Quill,Rose Made-Up,Housing,03/11/2025,Damp"
    found = look_at(office.app, table(office, [row], head))
    named = ["resident=Who", "service_area=where to", "received=When", "subject=What"]
    import_table(office.app, found, with_names(found.plan, found.sheet, named))
    again = look_at(office.app, table(office, [row.replace("Rose", "Ned")], head))
    assert again.plan.columns[Field.RESIDENT] == 1
    with pytest.raises(Invalid, match="no field “colour”"):
        with_names(found.plan, found.sheet, ["colour=Who"])
    with pytest.raises(Invalid, match="no column “Whom”"):
        with_names(found.plan, found.sheet, ["resident=Whom"])


def test_what_somebody_has_worked_on_stays_whole_with_its_people_and_the_rest_is_undone(office: Office) -> None:
    taken_in(office)
    damp = next(enquiry for enquiry in every(office) if enquiry.status is Status.DRAFT)
    with office.app.store.reading() as tx:
        timeline = [entry.id for entry in tx.every(Entry, enquiry_id=damp.id)]
    add_note(office.app, damp.id, "Rang.")
    undone = undo_import(office.app)
    assert (undone.enquiries, undone.stayed, undone.going) == (2, 1, False)
    assert undone.undone_words == "Undone: 1 enquiry was taken back. 1 was changed since and stays."
    assert every(office) == (damp,)
    with office.app.store.reading() as tx:
        assert [person.id for person in tx.every(Resident)] == [damp.resident_id]
        assert {entry.id for entry in tx.every(Entry)} > set(timeline)
    close_enquiry(office.app, damp.id, "Twice")
    with pytest.raises(NotFound, match="no import to undo"):
        undo_import(office.app)


def test_an_import_of_which_all_was_worked_on_stays_and_that_is_said(office: Office) -> None:
    taken_in(office)
    before = every(office)
    for enquiry in before:
        add_note(office.app, enquiry.id, "Rang.")
    undone = undo_import(office.app)
    assert undone.undone_words == "Nothing was taken back: all 2 enquiries were changed since and stay."
    assert every(office) == before


def test_an_imported_resident_and_councillor_somebody_has_an_enquiry_for_since_stay(office: Office) -> None:
    taken_in(office)
    ours = office.log(resident="Rose Made-Up")
    undone = undo_import(office.app)
    assert (undone.enquiries, undone.stayed) == (2, 0)
    assert every(office) == (ours,)
    with office.app.store.reading() as tx:
        assert [person.id for person in tx.every(Resident)] == [ours.resident_id]


@pytest.mark.parametrize("kept_by", ["enquiry", "resident", "profile"])
def test_a_councillor_made_by_an_import_stays_for_whatever_is_theirs(office: Office, kept_by: str) -> None:
    found = look_at(office.app, table(office, ["Rose Made-Up,Housing,03/11/2025,Damp"], "Name,Service,Date,Subject"))
    plan = Plan(columns=found.plan.columns, councillor="Cllr New Face", new_councillors=True)
    import_table(office.app, found, plan)
    with office.app.store.reading() as tx:
        made = next(person for person in tx.every(Councillor) if person.name == "Cllr New Face")
    with office.app.store.writing(author=None) as tx:
        if kept_by == "profile":
            tx.set_local("me", made.id)
        else:
            tx.save(Resident(id=ResidentId("r"), councillor_id=made.id, name="Ned Barlow"))
    if kept_by == "enquiry":
        office.log(councillor="Cllr New Face", resident="Ned Barlow")
    undo_import(office.app)
    with office.app.store.reading() as tx:
        assert tx.find(Councillor, made.id) == made
        assert tx.find(Resident, "r") is not None or kept_by == "profile"


def test_without_an_import_there_is_none_to_undo(office: Office) -> None:
    with pytest.raises(NotFound, match="no import to undo"):
        undo_import(office.app)


def test_two_residents_of_one_name_are_told_apart_by_their_email(office: Office) -> None:
    head = "Councillor,Resident,Email,Service area,Received,Subject"
    rows = [
        f"Cllr Vera Quill,Rose Made-Up,{mail},Housing,03/11/2025,Damp" for mail in ("a@example.org", "b@example.org")
    ]
    found = look_at(office.app, table(office, rows, head))
    assert import_table(office.app, found, found.plan).residents == 2
    [problem] = problems(office, "Cllr Vera Quill,Rose Made-Up,,Housing,03/11/2025,Damp", head)
    assert problem == (2, "resident", "Two residents have that name.")


def test_a_file_that_is_gone_is_said_in_words_without_its_name(office: Office) -> None:
    with pytest.raises(NotFound) as refused:
        look_at(office.app, office.parts.profile.folder / "Rose Made-Up.csv")
    assert "Rose" not in str(refused.value)


def test_the_template_can_be_filled_in_and_imported_as_it_is(office: Office) -> None:
    path = office.parts.profile.folder / "template.csv"
    path.write_bytes(template_csv().replace(b"Cllr Anna Ash", b"Cllr Vera Quill"))
    found = look_at(office.app, path)
    assert set(found.plan.columns) == set(Field)
    office.clock.forward(seconds=timedelta(days=1).total_seconds())
    assert import_table(office.app, found, found.plan).enquiries == 1
