"""What the tests of residents share."""

from collections.abc import Mapping

from member_tracker.domain.people import Councillor, Resident
from member_tracker.services.people import councillor_named, resident_made
from member_tracker.services.residents import edit_resident
from tests.fakes.office import Office


def a_resident(office: Office, name: str, said: Mapping[str, str] | None = None) -> Resident:
    """A resident in Vera's casework without an enquiry, whose record says this."""
    with office.app.store.writing(author=None) as tx:
        vera: Councillor = councillor_named(tx, "Cllr Vera Quill")
        made = resident_made(tx, office.app, vera.id, name)
    return edit_resident(office.app, made.id, said or {}).resident


def resident_now(office: Office, resident: Resident) -> Resident:
    """The record as it is kept now."""
    with office.app.store.reading() as tx:
        return tx.get(Resident, resident.id)
