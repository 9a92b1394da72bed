"""Two records of one resident made into one, and taken apart again exactly as they were; on one laptop and on two."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.consent import ConsentKind, narrower
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.resident_merge import ContactDetails
from member_tracker.domain.vocabulary import Channel, OutgoingState, ResidentKind, Role
from member_tracker.services.consenting import Agreed, record_consent, withdraw_consent
from member_tracker.services.deleting import delete_resident, recently_deleted
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.resident_merging import merge_residents, unmerge_resident
from member_tracker.services.residents import (
    details_of,
    edit_resident,
    open_resident,
    resident_page,
    with_details,
)
from tests.fakes.hub_offices import VERA, Shared, in_step
from tests.fakes.office import Office
from tests.services.residents import a_resident, resident_now

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that a merge of residents may change."""

    residents: tuple[Resident, ...]
    enquiries: tuple[Enquiry, ...]
    mails: tuple[QueuedMail, ...]


def state(office: Office) -> State:
    with office.app.store.reading() as tx:
        return State(residents=tx.every(Resident), enquiries=tx.every(Enquiry), mails=tx.every(QueuedMail))


def two_records(office: Office) -> tuple[Resident, Resident, Enquiry, Enquiry]:
    """Ned, twice, each with an enquiry."""
    first = office.log(resident="Ned Barlow")
    second = office.log(resident="Edward Barlow", subject="A lamp is out")
    ned, edward = (resident_of(office, each) for each in (first, second))
    edit_resident(office.app, ned.id, {"email": "ned@example.org", "address": "3 Canal Row"})
    edit_resident(office.app, edward.id, {"phone": "01632 960101", "preferred_channel": "letter"})
    return resident_now(office, ned), resident_now(office, edward), first, second


def resident_of(office: Office, enquiry: Enquiry) -> Resident:
    with office.app.store.reading() as tx:
        return tx.get(Resident, enquiry.resident_id)


def test_the_details_chosen_stand_and_all_enquiries_are_with_the_one_kept(office: Office) -> None:
    ned, edward, first, second = two_records(office)
    chosen = replace(details_of(ned), phone=edward.phone, preferred_channel=Channel.LETTER)
    kept = merge_residents(office.app, ned.id, edward.id, chosen)
    assert kept == replace(ned, phone="01632 960101", preferred_channel=Channel.LETTER)
    view = open_resident(office.app, ned.id)
    assert {row.reference for row in view.enquiries} == {first.reference, second.reference}
    assert [each.id for each in view.absorbed] == [edward.id]
    assert open_resident(office.app, edward.id).resident == kept
    assert [row.name for row in resident_page(office.app).rows] == ["Ned Barlow"]
    assert recently_deleted(office.app).rows == ()


words = st.none() | st.text(alphabet="abc é", min_size=1, max_size=5).map(str.strip).filter(bool)
details = st.builds(
    ContactDetails,
    name=st.sampled_from(["Ned Barlow", "N. Barlow", "Edward"]),
    kind=st.sampled_from(ResidentKind),
    email=st.none() | st.sampled_from(["ned@example.org", "n.barlow@example.org"]),
    phone=words,
    address=words,
    preferred_channel=st.none() | st.sampled_from(Channel),
    language=words,
    communication_needs=words,
    confirmed_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 11, 16)),
)
agreed = st.none() | st.builds(
    Agreed,
    kind=st.sampled_from(ConsentKind),
    how=st.just("by telephone"),
    until=st.none() | st.just(date(2027, 3, 31)),
)


@QUICK
@given(mine=details, theirs=details, chosen=details, said=st.tuples(agreed, agreed), withdrawn=st.booleans())
def test_a_merge_undone_leaves_everything_as_it_was(
    office: Office,
    mine: ContactDetails,
    theirs: ContactDetails,
    chosen: ContactDetails,
    said: tuple[Agreed | None, Agreed | None],
    withdrawn: bool,
) -> None:
    records = []
    for number, (contact, consent) in enumerate(zip((mine, theirs), said, strict=True)):
        enquiry = office.log(resident=f"{office.app.new_id()}")
        with office.app.store.writing(author=None) as tx:
            tx.save(with_details(tx.get(Resident, enquiry.resident_id), contact))
        if consent is not None:
            record_consent(office.app, enquiry.id, consent)
        send_enquiry(office.app, enquiry.id)
        if withdrawn and number and consent is not None:
            withdraw_consent(office.app, enquiry.id)
        records.append(enquiry.resident_id)
    before = state(office)
    office.clock.forward(minutes=5)
    merge_residents(office.app, records[0], records[1], chosen)
    assert state(office) != before
    unmerge_resident(office.app, records[1])
    assert state(office) == before


def test_what_was_changed_since_stays_changed_when_a_merge_is_undone(office: Office) -> None:
    ned, edward, _, second = two_records(office)
    merge_residents(office.app, ned.id, edward.id, replace(details_of(ned), phone="01632 960101"))
    edit_resident(office.app, ned.id, {"phone": "01632 960777"})
    third = office.log(resident="Ned Barlow", subject="A kerb")
    unmerge_resident(office.app, edward.id)
    assert resident_now(office, ned).phone == "01632 960777"
    assert (office.read(second).resident_id, office.read(third).resident_id) == (edward.id, ned.id)


def test_where_consent_clashes_the_narrower_stands_and_waiting_mail_is_held(office: Office) -> None:
    ned, edward, first, second = two_records(office)
    record_consent(office.app, first.id, Agreed(kind=ConsentKind.EXPLICIT, how="in writing", special_category=True))
    send_enquiry(office.app, first.id)
    record_consent(office.app, second.id, Agreed(kind=ConsentKind.NONE))
    merge_residents(office.app, ned.id, edward.id, details_of(ned))
    assert office.read(first).agreed_consent.kind is ConsentKind.NONE
    assert office.sent_mail(first).state is OutgoingState.WRITTEN
    unmerge_resident(office.app, edward.id)
    assert office.read(first).agreed_consent.kind is ConsentKind.EXPLICIT
    assert office.sent_mail(first).state is OutgoingState.QUEUED


@given(agreed.filter(bool), agreed.filter(bool))
def test_the_narrower_of_two_consents_allows_nothing_that_either_forbids(one: Agreed, other: Agreed) -> None:
    from member_tracker.domain.consent import THE_COUNCIL, Consent

    made = [
        Consent(kind=said.kind, bodies=(THE_COUNCIL, "County"), until=said.until, given_on=date(2026, 11, 1))
        for said in (one, other)
    ]
    made[1] = replace(made[1], bodies=(THE_COUNCIL,), withdrawn_on=date(2027, 1, 1))
    for on in (date(2026, 11, 16), date(2027, 2, 1), date(2027, 4, 1)):
        for body in (THE_COUNCIL, "County", "police"):
            both = all(consent.covers(body, on) for consent in made)
            assert narrower(*made).covers(body, on) == narrower(*reversed(made)).covers(body, on) == both


def test_merges_are_taken_apart_last_first(office: Office) -> None:
    ned, edward, *_ = two_records(office)
    third = a_resident(office, "Teddy Barlow")
    merge_residents(office.app, ned.id, edward.id, details_of(ned))
    office.clock.forward(minutes=1)
    merge_residents(office.app, ned.id, third.id, details_of(ned))
    with pytest.raises(NotAllowed, match="later"):
        unmerge_resident(office.app, edward.id)
    unmerge_resident(office.app, third.id)
    unmerge_resident(office.app, edward.id)
    assert resident_now(office, ned) == ned


def test_a_chain_of_merges_leads_to_the_last(office: Office) -> None:
    ned, edward, *_ = two_records(office)
    third = a_resident(office, "Teddy Barlow")
    merge_residents(office.app, ned.id, edward.id, details_of(ned))
    merge_residents(office.app, third.id, ned.id, details_of(third))
    assert open_resident(office.app, edward.id).resident.id == third.id
    assert len(open_resident(office.app, third.id).enquiries) == 2
    with pytest.raises(NotAllowed, match="itself merged"):
        unmerge_resident(office.app, edward.id)


def test_what_must_not_be_merged_is_refused(office: Office) -> None:
    ned, edward, *_ = two_records(office)
    theirs = resident_of(office, office.log(councillor="Cllr Theo Marsh", resident="Ned Barlow"))
    gone = a_resident(office, "Gone")
    delete_resident(office.app, gone.id)
    before = state(office)
    for other in (ned, theirs, gone):
        with pytest.raises(NotAllowed):
            merge_residents(office.app, ned.id, other.id, details_of(ned))
    with pytest.raises(NotAllowed, match="not merged"):
        unmerge_resident(office.app, edward.id)
    assert state(office) == before


def test_a_merge_goes_to_the_other_laptop_and_is_undone_there(hub: Shared, vera: Office) -> None:
    olga = hub.joined("olga", Role.OFFICER, VERA)
    ned, edward, _, second = two_records(vera)
    in_step(vera, olga)
    before = state(olga)
    merge_residents(vera.app, ned.id, edward.id, replace(details_of(ned), phone=edward.phone))
    in_step(vera, olga)
    assert [row.name for row in resident_page(olga.app).rows] == ["Ned Barlow"]
    assert olga.read(second).resident_id == ned.id
    olga.clock.forward(seconds=timedelta(minutes=1).total_seconds())
    unmerge_resident(olga.app, edward.id)
    in_step(olga, vera, olga)
    assert state(olga) == before == state(vera)
