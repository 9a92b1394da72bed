"""One council taking over from another: open enquiries go on with every date they had."""

from dataclasses import replace
from datetime import date

from member_tracker.domain.dates import day_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotFound
from member_tracker.domain.people import Council, ServiceArea, ServiceAreaId
from member_tracker.domain.succession import Succession
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.transfer import carry_over
from member_tracker.services.enquiries import write_entry
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import clean_name, same_name
from member_tracker.services.setup import area_id, keep_shipped_areas, new_council
from member_tracker.store.store import Transaction


def carry_over_enquiry(app: App, enquiry_id: EnquiryId, *, to: str, on: date, address: str | None = None) -> Enquiry:
    """Pass an open enquiry to the council that takes over on that day; its clocks and charter stay as they are.

    The new council's service area is the one of the same name; `address` makes it where it is not known yet.
    """
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        council = _council(app, tx, to)
        area = _area(tx, council, tx.get(ServiceArea, enquiry.service_area_id), address)
        succession = Succession(old=enquiry.council_id, new=council.id, on=on)
        moved, step = carry_over(enquiry, succession, service_area_id=area.id)
        kept = replace(moved, carried_over=(*moved.carried_over, step))
        tx.save(kept)
        text = f"Carried over to {council.name}, {area.name}, from {day_in_words(on)}. Every date stays as it was."
        write_entry(tx, app, kept, EntryKind.CARRIED_OVER, text)
        return kept


def _council(app: App, tx: Transaction, name: str) -> Council:
    cleaned = clean_name(name, "council")
    kept = next((council for council in tx.every(Council) if same_name(cleaned, council.name)), None)
    if kept is None:
        kept = new_council(app, app.charters.council_named(cleaned) or cleaned)
        tx.save(kept)
        keep_shipped_areas(app, tx, kept)
    return kept


def _area(tx: Transaction, council: Council, old: ServiceArea, address: str | None) -> ServiceArea:
    """The new council's service area of the same name, made from the old one where an address is given."""
    for area in tx.every(ServiceArea, council_id=council.id):
        if same_name(old.name, area.name):
            return area
    if not address:
        raise NotFound(
            f"{council.name} has no service area called “{old.name}” yet.", advice="Say where it takes mail: --address."
        )
    made = replace(
        old, id=ServiceAreaId(area_id(council.id, old.name)), council_id=council.id, addresses=(address,), from_on=None
    )
    tx.save(made)
    return made
