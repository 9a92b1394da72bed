"""Accounts of the hub, what they may see, until when, and what happens when that is taken away."""

from datetime import timedelta
from threading import Event, Thread

import psycopg
import pytest

from member_tracker.domain.errors import AccountDisabled, Invalid, NotAllowed, NotFound, SignInNeeded
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import SCHEMA, TRAY, Hub, ScopeId
from member_tracker.sync.postgres import PostgresHub
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, push, push_one, rows_of
from tests.sync.hub_place import COUNCIL, SUPERUSER, password_of


def grants_of(hub: Hub) -> dict[str, bool]:
    return {grant.scope_id: grant.can_write for grant in hub.greet("device-1", SCHEMA).grants}


def seqs_of(hub: Hub) -> dict[str, int]:
    return {grant.scope_id: grant.seq for grant in hub.greet("device-1", SCHEMA).grants}


def test_each_role_sees_what_it_is_for(office: Office) -> None:
    assert grants_of(office.abara) == {ABARA: True, COUNCIL: False}
    assert grants_of(office.support) == {ABARA: True, COUNCIL: False, TRAY: True}
    everything = {ABARA: True, BYRNE: True, COUNCIL: True, TRAY: True}
    assert grants_of(office.officer) == grants_of(office.admin) == everything
    narrowed = office.place.add_user("narrowed", Role.OFFICER, councillors=[BYRNE])
    assert grants_of(narrowed) == {BYRNE: True, COUNCIL: True, TRAY: True}


def test_a_councillor_who_comes_later_is_covered_for_those_who_see_everything(office: Office) -> None:
    before = seqs_of(office.officer)
    new, first = made("councillor", "councillor-cole", council_id=COUNCIL), enquiry("enquiry-c", "councillor-cole")
    assert [receipt.outcome for receipt in push(office.admin, new, first)] == ["accepted", "accepted"]
    after = seqs_of(office.officer)
    assert after == before | {"councillor-cole": after["councillor-cole"]}
    assert "councillor-cole" not in grants_of(office.support)


def test_a_delegation_ends_by_itself(office: Office) -> None:
    administration = office.place.administration()
    now = office.abara.greet("device-1", SCHEMA).now
    administration.grant("byrne", ABARA, until=now + timedelta(days=7))
    assert "enquiry-1" in rows_of(office.byrne, ABARA)
    administration.grant("byrne", ABARA, until=now - timedelta(seconds=1))
    assert ABARA not in grants_of(office.byrne)
    with pytest.raises(NotAllowed, match="may not see"):
        rows_of(office.byrne, ABARA)
    assert push_one(office.byrne, edit("enquiry-1", "subject", "x", office.first)).outcome == "denied"


def test_prolonging_a_grant_keeps_it_and_giving_it_anew_makes_another(office: Office) -> None:
    administration = office.place.administration()
    administration.grant("byrne", ABARA)
    first = seqs_of(office.byrne)[ABARA]
    administration.grant("byrne", ABARA, until=office.abara.greet("device-1", SCHEMA).now + timedelta(days=1))
    assert seqs_of(office.byrne)[ABARA] == first
    administration.revoke("byrne", ABARA)
    assert ABARA not in grants_of(office.byrne)
    administration.grant("byrne", ABARA, can_write=False)
    assert seqs_of(office.byrne)[ABARA] > first
    assert push_one(office.byrne, edit("enquiry-1", "subject", "x", office.first)).outcome == "denied"


def test_who_saw_everything_and_loses_one_keeps_the_others_under_the_same_grant(office: Office) -> None:
    before = seqs_of(office.officer)
    office.place.administration().revoke("officer", ABARA)
    after = seqs_of(office.officer)
    assert after == {scope: seq for scope, seq in before.items() if scope != ABARA}
    office.place.administration().narrow("officer", [BYRNE])
    assert seqs_of(office.officer) == after


def test_casework_nobody_knows_cannot_be_granted_and_nobody_unknown_can_be(office: Office) -> None:
    administration = office.place.administration()
    with pytest.raises(NotFound, match="casework"):
        administration.grant("byrne", "nobody")
    for deed in (administration.disable, lambda who: administration.grant(who, ABARA)):
        with pytest.raises(NotFound, match="account"):
            deed("nobody")
    with pytest.raises(Invalid, match="already"):
        administration.add_user("byrne", Role.COUNCILLOR, "x", person_id=BYRNE)
    with pytest.raises(Invalid, match="councillor"):
        administration.add_user("other", Role.COUNCILLOR, "x")


def test_a_disabled_account_is_shut_out_on_every_line_and_can_be_let_in_again(office: Office) -> None:
    administration = office.place.administration()
    administration.disable("support")
    for hub in (office.support, office.place.sign_in("support")):
        with pytest.raises(AccountDisabled):
            hub.greet("device-1", SCHEMA)
        with pytest.raises(AccountDisabled):
            push_one(hub, enquiry("enquiry-2"))
    administration.enable("support")
    assert office.support.greet("device-1", SCHEMA).login == "support"
    with pytest.raises(NotAllowed, match="only administrator"):
        administration.disable("postgres")


def test_a_new_password_opens_and_the_old_one_no_longer_does(office: Office) -> None:
    office.place.administration().set_password("abara", "a quite different one")
    with pytest.raises(SignInNeeded):
        office.place.sign_in("abara").greet("device-1", SCHEMA)
    hub = PostgresHub(office.place.url("abara"), password="a quite different one")
    assert hub.greet("device-1", SCHEMA).login == "abara"
    hub.close()


def test_a_role_that_is_not_the_hubs_is_let_in_as_it_is_and_never_altered(office: Office) -> None:
    administration = office.place.administration()
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS from_elsewhere")
        owner.execute("CREATE ROLE from_elsewhere LOGIN PASSWORD 'its own'")
    with pytest.raises(Invalid, match="not this hub's"):
        administration.add_user("from_elsewhere", Role.OFFICER, "taken over")
    administration.add_user("from_elsewhere", Role.OFFICER, None)
    hub = PostgresHub(office.place.url("from_elsewhere"), password="its own")
    assert TRAY in grants_of(hub)
    with pytest.raises(Invalid, match="not this hub's"):
        administration.set_password("from_elsewhere", "taken over")
    administration.disable("from_elsewhere")
    with pytest.raises(AccountDisabled):
        hub.greet("device-1", SCHEMA)
    hub.close()
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        owner.execute("DROP ROLE from_elsewhere")


def test_a_second_administrator_who_owns_nothing_can_do_all_of_it(office: Office) -> None:
    office.place.add_user("second", Role.ADMINISTRATOR)
    second = Administration(office.place.url("second"), password=password_of("second"))
    second.add_user("new", Role.SUPPORT, password_of("new"), councillors=[BYRNE])
    second.grant("new", ABARA)
    second.revoke("new", BYRNE)
    second.disable("postgres")
    found = {user.login: user for user in second.users()}
    assert {each.scope_id for each in found["new"].access} == {ABARA, COUNCIL, TRAY}
    assert (found["postgres"].disabled, found["officer"].sees_everything) == (True, True)
    assert second.verify().is_whole
    assert second.status()["accounts"] == len(found) - 1
    second.close()


def test_each_device_has_characters_of_its_own_for_references(office: Office) -> None:
    codes = {office.abara.greet(f"laptop-{number}", SCHEMA).device for number in range(30)}
    assert len(codes) == 30
    assert {code[0] for code in codes} <= set("0123456789ABCDEF")
    assert office.abara.greet("laptop-0", SCHEMA).device in codes
    assert office.support.greet("laptop-0", SCHEMA).device not in codes, (
        "another user of the laptop counts for themselves"
    )


def test_a_restored_hub_says_so(office: Office) -> None:
    before = office.abara.greet("device-1", SCHEMA)
    assert office.place.administration().restored() == before.epoch + 1
    after = office.abara.greet("device-1", SCHEMA)
    assert after.epoch == before.epoch + 1
    assert office.abara.chain_at(before.head) == before.chain != after.chain


def test_tombstones_are_let_go_when_no_laptop_can_be_that_old(office: Office) -> None:
    push_one(office.officer, edit("enquiry-1", "raised_by", BYRNE, office.first))
    assert office.place.administration().tidy() == 0
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE hub.gone SET at = at - interval '181 days'")
    assert office.place.administration().tidy() == 1
    assert rows_of(office.abara, ABARA) == {}


@pytest.mark.parametrize(
    "beside", [{"until": timedelta(days=-1)}, {"until": timedelta(seconds=0.3)}, {"can_write": False}]
)
def test_what_was_granted_beside_every_scope_takes_nothing_away_when_another_scope_is_taken(
    office: Office, beside: dict[str, timedelta | bool]
) -> None:
    administration, before = office.place.administration(), seqs_of(office.officer)
    until, now = beside.get("until"), office.abara.greet("device-1", SCHEMA).now
    ends = now + until if isinstance(until, timedelta) else None
    administration.grant("officer", ABARA, until=ends, can_write=bool(beside.get("can_write", True)))
    administration.revoke("officer", BYRNE)
    Event().wait(0.4)
    assert grants_of(office.officer) == {ABARA: True, COUNCIL: True, TRAY: True}
    assert seqs_of(office.officer) == {scope: seq for scope, seq in before.items() if scope != BYRNE}


def test_two_administrators_cannot_shut_each_other_out_at_the_same_moment(office: Office) -> None:
    place = office.place
    place.add_user("second", Role.ADMINISTRATOR)
    refused: list[str | None] = []

    def shut_the_first() -> None:
        with pytest.raises(psycopg.Error) as problem:
            second.execute("SELECT hub.shut(%s, true)", (SUPERUSER,))
        refused.append(problem.value.sqlstate)

    with (
        psycopg.connect(place.url()) as first,
        psycopg.connect(place.url("second"), password=password_of("second")) as second,
    ):
        first.execute("SELECT hub.shut('second', true)")
        meanwhile = Thread(target=shut_the_first)
        meanwhile.start()
        Event().wait(0.3)
        first.commit()
        meanwhile.join()
    assert refused == ["HB002"]
    assert [user.login for user in place.administration().users() if not user.disabled and user.role == "administrator"]


def test_that_somebody_was_erased_is_told_however_late_a_laptop_comes(office: Office) -> None:
    administration = office.place.administration()
    administration.erase("enquiry", "enquiry-1")
    told = [(row.id, row.erased) for row in office.byrne.pull(ScopeId(COUNCIL), 0, 1000).rows if row.gone]
    assert ("enquiry-1", True) in told
    with psycopg.connect(office.place.url()) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE hub.gone SET at = at - interval '181 days'")
    assert administration.tidy() == 0
    assert [(row.id, row.erased) for row in office.byrne.pull(ScopeId(COUNCIL), 0, 1000).rows if row.gone] == told
