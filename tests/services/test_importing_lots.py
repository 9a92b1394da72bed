"""An import is written some rows at a time: whatever cuts it short, it goes on or goes away, and nothing is doubled."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import Resident, ServiceArea
from member_tracker.domain.timeline import Entry
from member_tracker.domain.watching import Watch
from member_tracker.services import importing_lots
from member_tracker.services.enquiries import add_note
from member_tracker.services.importing import check, import_table, imports, look_at, undo_import
from member_tracker.services.importing_kept import Imported
from member_tracker.services.importing_making import Maker
from member_tracker.services.importing_rows import Ready
from tests.fakes.office import Office
from tests.services.test_importing import every, table, whole_file

ROWS = [f"Cllr Vera Quill,Person {n % 4},Housing,03/11/2025,Damp {n},Wet.,OLD-{n},phone,,," for n in range(1, 11)]
WRITING, UNDOING = "Writing the enquiries", "Taking the import back"


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are four lots."""
    monkeypatch.setattr(importing_lots, "LOT", 3)
    monkeypatch.setattr(importing_lots, "TAKEN_BACK", 4)


def at_step(stage: str, number: int, act: Callable[[], bool]) -> Watch:
    """Do something before that lot of a stage; stop where it says so."""
    heard: list[str] = []
    stops: list[bool] = []

    def hear(said: str, _share: float) -> None:
        heard.append(said)
        if said == stage and heard.count(stage) == number:
            stops.append(act())

    return Watch(progress=hear, stop=lambda: any(stops))


def stopped_at(stage: str, number: int) -> Watch:
    return at_step(stage, number, lambda: True)


def bring_in(office: Office, watch: Watch | None = None) -> Imported:
    found = look_at(office.app, table(office, ROWS))
    return import_table(office.app, found, found.plan, leave_out=True, watch=watch or Watch())


def references(office: Office) -> Counter[str | None]:
    return Counter(enquiry.other_reference for enquiry in every(office))


def people(office: Office) -> Counter[str]:
    with office.app.store.reading() as tx:
        return Counter(person.name for person in tx.every(Resident))


ALL = Counter(f"OLD-{number}" for number in range(1, 11))


def test_an_import_stopped_keeps_what_came_in_and_goes_on_with_the_rest(office: Office) -> None:
    before = whole_file(office)
    part = bring_in(office, stopped_at(WRITING, 2))
    assert (part.enquiries, part.stopped_at, part.is_whole) == (6, 7, False)
    assert len(every(office)) == 6
    assert imports(office.app) == (part,)
    found = look_at(office.app, table(office, ROWS))
    assert "in part" in (found.before or "")
    assert check(office.app, found.sheet, found.plan).ready == len(found.sheet.rows) == 4
    made = bring_in(office)
    assert (made.deed, made.enquiries, made.residents, made.left_out) == (part.deed, 10, 4, 0)
    assert references(office) == ALL
    assert people(office) == {f"Person {number}": 1 for number in range(4)}
    assert imports(office.app) == (made,)
    undo_import(office.app)
    assert whole_file(office) == before


def test_the_page_that_was_stopped_may_go_on_with_the_table_it_has(office: Office) -> None:
    found = look_at(office.app, table(office, ROWS))
    import_table(office.app, found, found.plan, watch=stopped_at(WRITING, 2))
    import_table(office.app, found, found.plan)
    assert references(office) == ALL


@pytest.mark.parametrize("row", range(2, 12))
def test_an_import_that_is_cut_short_anywhere_goes_on_and_nothing_comes_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    before, real = whole_file(office), Maker.make

    def cut(maker: Maker, ready: Ready) -> Enquiry:
        if ready.row == row:
            raise OSError("the power went")
        return real(maker, ready)

    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(Maker, "make", cut)
        with pytest.raises(OSError, match="power"):
            bring_in(office)
    assert len(every(office)) == (row - 2) // 3 * 3
    if row % 2 and row > 4:
        undo_import(office.app)
        assert whole_file(office) == before
    assert bring_in(office).enquiries == 10
    assert references(office) == ALL
    undo_import(office.app)
    assert whole_file(office) == before


def test_others_save_between_two_lots_and_their_residents_are_found(office: Office) -> None:
    def log() -> bool:
        office.log(resident="Person 3", subject="Of our own")
        return False

    made = bring_in(office, at_step(WRITING, 1, log))
    assert made.residents == 3
    assert people(office)["Person 3"] == 1
    assert len(every(office)) == 11


def test_a_resident_who_goes_between_two_lots_is_made_anew(office: Office) -> None:
    def remove() -> bool:
        with office.app.store.writing(author=None) as tx:
            gone = next(person for person in tx.every(Resident) if person.name == "Person 1")
            tx.save(replace(gone, deleted_at=office.app.now()))
        return False

    bring_in(office, at_step(WRITING, 2, remove))
    with office.app.store.reading() as tx:
        kept = {person.id for person in tx.every(Resident) if person.is_kept}
        later = [enquiry for enquiry in tx.every(Enquiry) if enquiry.other_reference == "OLD-9"]
    assert {enquiry.resident_id for enquiry in later} <= kept
    assert people(office)["Person 1"] == 2


def test_what_came_by_another_way_meanwhile_stays_behind(office: Office) -> None:
    def log() -> bool:
        logged = office.log(subject="By telephone")
        with office.app.store.writing(author=None) as tx:
            tx.save(replace(tx.get(Enquiry, logged.id), other_reference="OLD-9"))
        return False

    made = bring_in(office, at_step(WRITING, 2, log))
    assert (made.enquiries, made.left_out, made.is_whole) == (9, 1, True)
    assert references(office) == ALL


def test_a_rest_of_which_no_row_is_fit_ends_the_import(office: Office) -> None:
    bring_in(office, stopped_at(WRITING, 3))
    with office.app.store.writing(author=None) as tx:
        for area in tx.every(ServiceArea):
            tx.save(replace(area, name=f"{area.name} of old"))
    with pytest.raises(Invalid, match="problems"):
        import_table(office.app, found := look_at(office.app, table(office, ROWS)), found.plan)
    made = bring_in(office)
    assert (made.enquiries, made.left_out, made.is_whole) == (9, 1, True)


def test_taking_back_that_is_stopped_is_gone_on_with_and_nothing_is_left(office: Office) -> None:
    before = whole_file(office)
    made = bring_in(office)
    going = undo_import(office.app, watch=stopped_at(UNDOING, 2))
    assert going == replace(made, going=True)
    assert 0 < len(every(office)) < 10
    assert "being taken back" in imports(office.app)[0].words
    with pytest.raises(NotAllowed, match="being taken back"):
        bring_in(office)
    assert not undo_import(office.app).going
    assert whole_file(office) == before


def timeline(office: Office, enquiry: Enquiry) -> list[str]:
    with office.app.store.reading() as tx:
        return sorted(entry.id for entry in tx.every(Entry, enquiry_id=enquiry.id))


@pytest.mark.parametrize("size", [1, 4, 7])
@pytest.mark.parametrize("which", [0, 9])
def test_what_somebody_works_on_while_an_import_is_taken_back_stays_whole_and_the_rest_goes(
    office: Office, monkeypatch: pytest.MonkeyPatch, which: int, size: int
) -> None:
    monkeypatch.setattr(importing_lots, "TAKEN_BACK", size)
    bring_in(office)
    chosen = sorted(every(office), key=lambda enquiry: enquiry.reference)[which]
    before, steps = timeline(office, chosen), []

    def work() -> bool:
        steps.append(chosen.id in {enquiry.id for enquiry in every(office)})
        if steps[-1]:
            add_note(office.app, chosen.id, "Rang.")
        return False

    undone = undo_import(office.app, watch=at_step(UNDOING, 2, work))
    assert undone.stayed == steps.count(True)
    assert not undone.going
    assert imports(office.app) == ()
    assert [enquiry.id for enquiry in every(office)] == [chosen.id] * undone.stayed
    if undone.stayed:
        assert set(timeline(office, chosen)) > set(before)
        assert sum(people(office).values()) == 1
        assert undone.undone_words == "Undone: 9 enquiries were taken back. 1 was changed since and stays."
    with office.app.store.reading() as tx:
        assert {enquiry.resident_id for enquiry in tx.every(Enquiry)} == {person.id for person in tx.every(Resident)}
        assert {entry.enquiry_id for entry in tx.every(Entry)} <= {enquiry.id for enquiry in tx.every(Enquiry)}


def test_taking_back_that_was_stopped_is_gone_on_with_though_some_of_it_was_worked_on(office: Office) -> None:
    made = bring_in(office)
    assert undo_import(office.app, watch=stopped_at(UNDOING, 2)).going
    left = every(office)
    for enquiry in left[:2]:
        add_note(office.app, enquiry.id, "Rang.")
    assert undo_import(office.app, watch=stopped_at(UNDOING, 2)).going
    undone = undo_import(office.app)
    assert undone == replace(made, stayed=2)
    assert undone.undone_words == "Undone: 8 enquiries were taken back. 2 were changed since and stay."
    assert {enquiry.id for enquiry in every(office)} == {enquiry.id for enquiry in left[:2]}
