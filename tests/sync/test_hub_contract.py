"""What every hub keeps to, the one in memory and the one on PostgreSQL alike."""

import hashlib

import pytest

from member_tracker.domain.errors import NotAllowed, TrackerError
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import SCHEMA, TRAY, Outcome, Receipt, ScopeId
from tests.sync.hub_place import HubPlace
from tests.sync.places import Desk, Place, PlaceInMemory, PlaceOnPostgres

ENQUIRY = ("enquiry", "pothole")
ACCEPTED, CONFLICT, DENIED, ILLEGAL, ERASED = list(Outcome)


@pytest.fixture(params=["in memory", "PostgreSQL"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "in memory":
        return PlaceInMemory()
    hub_place: HubPlace = request.getfixturevalue("hub_place")
    return PlaceOnPostgres(place=hub_place)


@pytest.fixture
def admin(place: Place) -> Desk:
    """The administrator, and two councillors with one enquiry of the first."""
    desk = Desk(hub=place.administrator(), device="admin-laptop")
    for name in ("abara", "byrne"):
        desk.make("councillor", name, council_id=place.council_id, name=name)
    fields = {
        "raised_by": "abara",
        "subject": "Pothole",
        "status": "with_service_area",
        "tags": [],
        "reference": "ENQ-1",
    }
    desk.make("enquiry", "pothole", **fields)
    return desk


@pytest.fixture
def abara(place: Place, admin: Desk) -> Desk:
    del admin
    return Desk(hub=place.add_user("abara_login", Role.COUNCILLOR, person_id="abara"), device="abara-laptop")


@pytest.fixture
def byrne(place: Place, admin: Desk) -> Desk:
    del admin
    return Desk(hub=place.add_user("byrne_login", Role.COUNCILLOR, person_id="byrne"), device="byrne-laptop")


def outcomes(receipts: tuple[Receipt, ...]) -> list[Outcome]:
    return [receipt.outcome for receipt in receipts]


def newest(desk: Desk, name: str = "") -> str:
    """The newest op of a field of the enquiry, as a row tells it."""
    heads = desk.rows("abara")[ENQUIRY].heads
    return heads.get(name, heads[""])


def clash(first: Desk, second: Desk) -> Receipt:
    """Both set the subject, each having seen what it was made with; the second comes too late."""
    base = newest(first)
    first.send(first.op("set", ENQUIRY, "subject", "First", base=base))
    [receipt] = second.send(second.op("set", ENQUIRY, "subject", "Second", base=base))
    return receipt


# --- who may do what --------------------------------------------------------------------------------------------------


def test_a_councillor_is_granted_their_own_casework_and_may_read_what_all_share(place: Place, abara: Desk) -> None:
    greeting = abara.hub.greet(abara.device, SCHEMA)
    assert {grant.scope_id: grant.can_write for grant in greeting.grants} == {"abara": True, place.council_id: False}
    assert (greeting.council_id, greeting.person_id, greeting.role) == (place.council_id, "abara", Role.COUNCILLOR)


def test_a_support_officer_is_granted_the_councillors_named_and_the_tray(place: Place, admin: Desk) -> None:
    del admin
    hub = place.add_user("support_login", Role.SUPPORT, person_id="s", councillors=["abara"])
    grants = {grant.scope_id: grant.can_write for grant in hub.greet("s", SCHEMA).grants}
    assert grants == {"abara": True, place.council_id: False, TRAY: True}


def test_an_officer_is_granted_every_councillor_also_one_who_comes_later(place: Place, admin: Desk) -> None:
    hub = place.add_user("officer_login", Role.OFFICER, person_id="o")
    admin.make("councillor", "cole", council_id=place.council_id, name="Cole")
    grants = {grant.scope_id: grant.can_write for grant in hub.greet("o", SCHEMA).grants}
    assert grants == dict.fromkeys(["abara", "byrne", "cole", place.council_id, TRAY], True)


def test_a_device_keeps_its_part_of_references_and_another_gets_another(abara: Desk) -> None:
    first = abara.hub.greet("one", SCHEMA).device
    assert abara.hub.greet("one", SCHEMA).device == first != abara.hub.greet("two", SCHEMA).device
    assert len(first) == 4


def test_a_closed_account_is_refused_everything(place: Place, abara: Desk) -> None:
    place.disable("abara_login")
    with pytest.raises(TrackerError):
        abara.hub.greet(abara.device, SCHEMA)
    with pytest.raises(TrackerError):
        abara.send(abara.op("set", ENQUIRY, "subject", "x"))


def test_a_program_too_new_or_too_old_is_refused(abara: Desk) -> None:
    for schema in (SCHEMA + 1, -1):
        with pytest.raises(NotAllowed):
            abara.hub.greet(abara.device, schema)
        with pytest.raises(NotAllowed):
            abara.hub.push(abara.device, schema, [abara.op("set", ENQUIRY, "subject", "x")])


def test_nobody_reads_a_scope_they_were_not_granted(byrne: Desk) -> None:
    for ask in (
        lambda: byrne.hub.pull(ScopeId("abara"), 0, 10),
        lambda: byrne.hub.tally(ScopeId("abara"), 10),
        lambda: byrne.hub.get_blob(ScopeId("abara"), "0" * 64),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_an_edit_in_a_scope_not_granted_is_denied_and_shows_nothing(admin: Desk, byrne: Desk) -> None:
    [receipt] = byrne.send(byrne.op("set", ENQUIRY, "subject", "x", base=newest(admin)))
    assert (receipt.outcome, receipt.row) == (DENIED, None)
    assert admin.rows("abara")[ENQUIRY].fields["subject"] == "Pothole"


def test_what_all_share_is_changed_by_staff_alone(place: Place, admin: Desk, abara: Desk) -> None:
    base = admin.make("service_area", "roads", council_id=place.council_id, name="Roads").id
    [receipt] = abara.send(abara.op("set", ("service_area", "roads"), "name", "x", base=base))
    assert receipt.outcome is DENIED


def test_a_grant_taken_back_and_given_again_has_another_seq(place: Place, byrne: Desk) -> None:
    place.grant("byrne_login", "abara")
    first = {str(grant.scope_id): grant.seq for grant in byrne.hub.greet("b", SCHEMA).grants}["abara"]
    place.revoke("byrne_login", "abara")
    assert "abara" not in {grant.scope_id for grant in byrne.hub.greet("b", SCHEMA).grants}
    place.grant("byrne_login", "abara")
    assert {str(grant.scope_id): grant.seq for grant in byrne.hub.greet("b", SCHEMA).grants}["abara"] > first


# --- what becomes of an op --------------------------------------------------------------------------------------------


def test_an_edit_whose_author_had_seen_the_newest_is_accepted(admin: Desk, abara: Desk) -> None:
    first = abara.op("set", ENQUIRY, "subject", "One", base=newest(admin))
    second = abara.op("set", ENQUIRY, "subject", "Two", base=first.id)
    assert outcomes(abara.send(first, second)) == [ACCEPTED, ACCEPTED]
    row = admin.rows("abara")[ENQUIRY]
    assert (row.fields["subject"], row.heads["subject"]) == ("Two", second.id)


def test_an_edit_whose_author_had_not_is_kept_as_a_conflict_and_what_stands_stands(admin: Desk, abara: Desk) -> None:
    receipt = clash(admin, abara)
    assert receipt.outcome is CONFLICT
    assert receipt.row is not None
    assert receipt.row.fields["subject"] == "First"
    [conflict] = [row for row in admin.rows("abara").values() if row.kind == "conflict"]
    said = {name: value for name, value in conflict.fields.items() if name not in ("at", "kept_at")}
    assert said == {
        "scope_id": "abara", "record_kind": "enquiry", "record_id": "pothole", "field": "subject",
        "kept": "First", "lost": "Second", "lost_op": receipt.op_id, "by": "abara-laptop", "settled": None,
        "kept_by": "admin-laptop",
    }  # fmt: skip
    assert "kept_at" in conflict.fields


def test_two_who_write_the_same_agree_and_either_may_go_on(admin: Desk, abara: Desk) -> None:
    base = newest(admin)
    admin.send(admin.op("set", ENQUIRY, "subject", "Same", base=base))
    same = abara.op("set", ENQUIRY, "subject", "Same", base=base)
    assert outcomes(abara.send(same, abara.op("set", ENQUIRY, "subject", "More", base=same.id))) == [ACCEPTED, ACCEPTED]


def test_edits_of_different_fields_do_not_meet(admin: Desk, abara: Desk) -> None:
    base = newest(admin)
    admin.send(admin.op("set", ENQUIRY, "subject", "First", base=base))
    assert outcomes(abara.send(abara.op("set", ENQUIRY, "text", "Long", base=base))) == [ACCEPTED]


def test_a_clock_decides_nothing(admin: Desk, abara: Desk) -> None:
    base = newest(admin)
    admin.send(admin.op("set", ENQUIRY, "subject", "First", base=base))
    later = abara.op("set", ENQUIRY, "subject", "Later by the clock", base=base)
    object.__setattr__(later, "made_at", later.made_at.replace(year=2099))
    assert outcomes(abara.send(later)) == [CONFLICT]


def test_an_op_sent_again_is_answered_as_it_was_and_done_once(admin: Desk, abara: Desk) -> None:
    op = abara.op("add", ENQUIRY, "tags", "road")
    first = abara.send(op)
    admin.send(admin.op("remove", ENQUIRY, "tags", "road"))
    assert abara.send(op) == first
    assert admin.rows("abara")[ENQUIRY].fields["tags"] == []


def test_elements_of_a_set_come_and_go_one_by_one_without_conflict(admin: Desk, abara: Desk) -> None:
    admin.send(admin.op("add", ENQUIRY, "tags", "road"))
    assert outcomes(abara.send(abara.op("add", ENQUIRY, "tags", "winter"))) == [ACCEPTED]
    admin.send(admin.op("remove", ENQUIRY, "tags", "road"), admin.op("add", ENQUIRY, "tags", "winter"))
    assert admin.rows("abara")[ENQUIRY].fields["tags"] == ["winter"]


def test_a_record_made_on_two_laptops_is_one_and_the_first_stands(admin: Desk, abara: Desk) -> None:
    abara.make("suggestion", "s", enquiry_id="pothole", state="open", sentence="Done.")
    admin.make("suggestion", "s", enquiry_id="pothole", state="open", sentence="Done!")
    assert admin.rows("abara")["suggestion", "s"].fields["sentence"] == "Done."


def test_who_made_a_record_alike_may_go_on_from_their_own(admin: Desk, abara: Desk) -> None:
    abara.make("suggestion", "s", enquiry_id="pothole", state="open")
    twin = admin.make("suggestion", "s", enquiry_id="pothole", state="open")
    assert outcomes(admin.send(admin.op("set", ("suggestion", "s"), "state", "accepted", base=twin.id))) == [ACCEPTED]


def test_a_field_nothing_was_said_of_is_empty_in_whichever_way_one_is(admin: Desk, abara: Desk) -> None:
    key = ("suggestion", "s")
    abara.make("suggestion", "s", enquiry_id="pothole", state="open")
    unlike = admin.make("suggestion", "s", enquiry_id="pothole", state="open", sentence="Done.", others=["x"])
    late = admin.op("set", key, "sentence", "Not yet.", base=unlike.id)
    empty = [
        admin.op("set", key, name, value, base=unlike.id)
        for name, value in (("sentence", None), ("others", []), ("words", ""), ("count", 0), ("is", False), ("of", {}))
    ]
    assert outcomes(admin.send(late, *empty)) == [CONFLICT, *[ACCEPTED] * len(empty)]
    admin.make("mail", "unfiled", subject="Whose is this?")
    nowhere = admin.op("set", ("mail", "unfiled"), "enquiry_id", "", base=admin.rows(TRAY)["mail", "unfiled"].heads[""])
    assert outcomes(admin.send(nowhere)) == [DENIED]
    rows = admin.rows("abara")
    assert rows["conflict", late.id].fields["kept"] is None
    assert "id" not in rows[key].fields


def test_a_reference_is_given_once(admin: Desk) -> None:
    op = admin.op("create", ("enquiry", "e2"), "", {"id": "e2", "raised_by": "byrne", "reference": "ENQ-1"})
    [receipt] = admin.send(op)
    assert (receipt.outcome, receipt.reason) == (DENIED, "reference")


def test_what_stands_in_a_timeline_stays_as_it_is(admin: Desk) -> None:
    base = admin.make("entry", "n", enquiry_id="pothole", text="Said so").id
    ops = [admin.op(verb, ("entry", "n"), "text", "x", base=base) for verb in ("set", "add", "remove", "delete")]
    assert outcomes(admin.send(*ops)) == [ILLEGAL] * 4
    assert admin.rows("abara")["entry", "n"].fields["text"] == "Said so"


def test_a_step_to_no_status_is_illegal(admin: Desk) -> None:
    assert outcomes(admin.send(admin.op("set", ENQUIRY, "status", "gone fishing", base=newest(admin)))) == [ILLEGAL]


def test_nobody_closes_over_a_change_they_have_not_seen(admin: Desk, abara: Desk) -> None:
    seen, base = admin.rows("abara")[ENQUIRY].hub_seq, newest(admin)
    admin.send(admin.op("set", ENQUIRY, "text", "There is more", base=base))
    assert outcomes(abara.send(abara.op("set", ENQUIRY, "status", "closed", base=base, seen=seen))) == [CONFLICT]
    now = admin.rows("abara")[ENQUIRY].hub_seq
    assert outcomes(abara.send(abara.op("set", ENQUIRY, "status", "closed", base=base, seen=now))) == [ACCEPTED]


def test_a_person_may_close_over_their_own_changes(admin: Desk, abara: Desk) -> None:
    seen, base = admin.rows("abara")[ENQUIRY].hub_seq, newest(admin)
    more = abara.op("set", ENQUIRY, "text", "More", base=base)
    closing = abara.op("set", ENQUIRY, "status", "closed", base=base, seen=seen)
    assert outcomes(abara.send(more, closing)) == [ACCEPTED, ACCEPTED]


def test_a_deleted_record_is_gone_for_all(admin: Desk, abara: Desk) -> None:
    admin.make("suggestion", "s", enquiry_id="pothole", state="open")
    seen = admin.rows("abara")["suggestion", "s"].hub_seq
    assert outcomes(abara.send(abara.op("delete", ("suggestion", "s"), seen=seen))) == [ACCEPTED]
    row = admin.rows("abara")["suggestion", "s"]
    assert (row.gone, row.fields) == (True, {})


def test_an_edit_beats_a_deletion_whichever_comes_first(admin: Desk, abara: Desk) -> None:
    for record, ops in {"s1": ("set", "delete"), "s2": ("delete", "set")}.items():
        key = ("suggestion", record)
        base = admin.make("suggestion", record, enquiry_id="pothole", state="open").id
        seen = admin.rows("abara")[key].hub_seq
        for desk, verb in zip((admin, abara), ops, strict=True):
            name, value = ("state", "accepted") if verb == "set" else ("", None)
            desk.send(desk.op(verb, key, name, value, base=base, seen=seen))
        assert admin.rows("abara")[key].fields["state"] == "accepted"
    conflicts = [row.fields["record_id"] for row in admin.rows("abara").values() if row.kind == "conflict"]
    assert sorted(map(str, conflicts)) == ["s1", "s2"]


def test_a_conflict_is_settled_by_one_edit_and_by_nothing_else(admin: Desk, abara: Desk) -> None:
    key = ("conflict", clash(admin, abara).op_id)
    base = admin.rows("abara")[key].heads[""]
    assert outcomes(abara.send(abara.op("set", key, "kept", "x", base=base), abara.op("delete", key))) == [ILLEGAL] * 2
    assert outcomes(abara.send(abara.op("set", key, "settled", "kept", base=base))) == [ACCEPTED]
    assert outcomes(admin.send(admin.op("set", key, "settled", "lost", base=base))) == [CONFLICT]
    assert sum(row.kind == "conflict" for row in admin.rows("abara").values()) == 1


# --- what is read -----------------------------------------------------------------------------------------------------


def test_what_changed_after_a_number_is_read_and_nothing_else(admin: Desk) -> None:
    before = admin.head()
    assert admin.rows("abara", before) == {}
    admin.send(admin.op("add", ENQUIRY, "tags", "road"))
    assert set(admin.rows("abara", before)) == {ENQUIRY}


def test_numbers_rise_and_a_page_never_splits_one(admin: Desk) -> None:
    ops = [admin.op("create", ("entry", f"n{n}"), "", {"id": f"n{n}", "enquiry_id": "pothole"}) for n in range(5)]
    admin.send(*ops[:3])
    admin.send(*ops[3:])
    read, after, more = [], 0, True
    while more:
        page = admin.hub.pull(ScopeId("abara"), after, 2)
        assert all(after < row.hub_seq <= page.upto for row in page.rows)
        assert [row.hub_seq for row in page.rows] == sorted(row.hub_seq for row in page.rows)
        read += [row.id for row in page.rows]
        after, more = page.upto, page.more
    assert sorted(read) == sorted(["pothole", "n0", "n1", "n2", "n3", "n4"])


def test_the_last_page_reaches_the_newest_number_even_where_nothing_changed(place: Place, admin: Desk) -> None:
    admin.make("service_area", "roads", council_id=place.council_id, name="Roads")
    page = admin.hub.pull(ScopeId("byrne"), 0, 10)
    assert (page.rows, page.more) == ((), False)
    assert page.upto == admin.head()


def test_a_tally_counts_what_is_there_up_to_a_number(admin: Desk) -> None:
    admin.make("suggestion", "s", enquiry_id="pothole", state="open")
    admin.make("suggestion", "t", enquiry_id="pothole", state="open")
    rows = admin.rows("abara")
    admin.send(admin.op("delete", ("suggestion", "s"), seen=rows["suggestion", "s"].hub_seq))
    tally = admin.hub.tally(ScopeId("abara"), admin.head())
    live = [row.hub_seq for row in admin.rows("abara").values() if not row.gone]
    assert (tally.records, tally.total) == (2, sum(live))
    assert admin.hub.tally(ScopeId("abara"), rows[ENQUIRY].hub_seq).records == 1


def test_a_moved_enquiry_takes_all_that_hangs_on_it_and_leaves_word(admin: Desk, abara: Desk, byrne: Desk) -> None:
    clash(admin, abara)
    admin.make("entry", "n", enquiry_id="pothole", text="Note")
    assert outcomes(abara.send(abara.op("set", ENQUIRY, "raised_by", "byrne", base=newest(admin)))) == [DENIED]
    assert outcomes(admin.send(admin.op("set", ENQUIRY, "raised_by", "byrne", base=newest(admin)))) == [ACCEPTED]
    left, came = abara.rows("abara"), byrne.rows("byrne")
    assert {row.kind for row in came.values() if not row.gone} == {"enquiry", "entry", "conflict"}
    assert set(left) == set(came)
    assert all(row.gone and not row.fields for row in left.values())
    assert admin.hub.tally(ScopeId("abara"), admin.head()).records == 0
    admin.send(admin.op("set", ENQUIRY, "raised_by", "abara", base=byrne.rows("byrne")[ENQUIRY].heads["raised_by"]))
    assert not any(row.gone for row in abara.rows("abara").values())
    assert all(row.gone for row in byrne.rows("byrne").values())


def test_a_mail_goes_with_the_enquiry_it_is_filed_with_and_back_to_the_tray(admin: Desk) -> None:
    base = admin.make("mail", "m", enquiry_id=None, text="t").id
    assert ("mail", "m") in admin.rows(TRAY)
    filing = admin.op("set", ("mail", "m"), "enquiry_id", "pothole", base=base)
    admin.send(filing)
    assert admin.rows(TRAY)["mail", "m"].gone
    assert not admin.rows("abara")["mail", "m"].gone
    admin.send(admin.op("set", ("mail", "m"), "enquiry_id", None, base=filing.id))
    assert not admin.rows(TRAY)["mail", "m"].gone


def test_a_councillors_unfiled_mail_is_their_own(abara: Desk) -> None:
    abara.make("mail", "m", enquiry_id=None, text="t")
    assert ("mail", "m") in abara.rows("abara")


# --- erasing ----------------------------------------------------------------------------------------------------------


def test_somebody_erased_is_gone_with_all_that_hangs_on_them(place: Place, admin: Desk, abara: Desk) -> None:
    base = admin.make("resident", "r", councillor_id="abara", name="Somebody").id
    admin.make("enquiry", "e", raised_by="abara", resident_id="r", subject="Help", status="draft", reference="ENQ-2")
    admin.make("entry", "n", enquiry_id="e", text="Note")
    place.erase("resident", "r")
    rows = abara.rows("abara")
    for key in (("resident", "r"), ("enquiry", "e"), ("entry", "n")):
        assert (rows[key].gone, rows[key].erased, rows[key].fields) == (True, True, {})
    late = abara.op("set", ("resident", "r"), "name", "Again", base=base)
    new = abara.op("create", ("entry", "n2"), "", {"id": "n2", "enquiry_id": "e", "text": "More"})
    assert outcomes(abara.send(late, new)) == [ERASED, ERASED]
    assert admin.hub.tally(ScopeId("abara"), admin.head()).records == 1


# --- attachments ------------------------------------------------------------------------------------------------------


def test_bytes_are_kept_by_scope_and_checked_against_their_hash(admin: Desk, abara: Desk) -> None:
    content = b"a photograph of a pothole"
    sha256 = hashlib.sha256(content).hexdigest()
    assert abara.hub.missing_blobs(ScopeId("abara"), [sha256]) == {sha256}
    with pytest.raises(TrackerError):
        abara.hub.put_blob(ScopeId("abara"), sha256, b"something else")
    abara.hub.put_blob(ScopeId("abara"), sha256, content)
    abara.hub.put_blob(ScopeId("abara"), sha256, content)
    assert abara.hub.missing_blobs(ScopeId("abara"), [sha256]) == frozenset()
    assert admin.hub.get_blob(ScopeId("abara"), sha256) == content
    assert admin.hub.get_blob(ScopeId("byrne"), sha256) is None


def test_the_digest_at_a_number_stays_what_it_was_and_leads_to_the_greetings(admin: Desk) -> None:
    before = admin.hub.greet("looking", SCHEMA)
    admin.make("enquiry", "second", raised_by="abara", reference="ENQ-2")
    after = admin.hub.greet("looking", SCHEMA)
    assert admin.hub.chain_at(before.head) == before.chain != after.chain
    assert admin.hub.chain_at(after.head) == admin.hub.chain_at(after.head + 5) == after.chain
    assert admin.hub.chain_at(0) == ""
