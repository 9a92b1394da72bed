"""Proving how a mailbox sends, and finding its server: a test message that comes once, and an answer asked for once."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from exchangelib.autodiscover import cache

from member_tracker.app import now
from member_tracker.domain.errors import Offline, SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import Holds, Right, SendingWay, SignInWay
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.mail.ews_discover import discover
from member_tracker.mail.ews_proof import prove
from member_tracker.mail.mailbox import Proof
from member_tracker.mail.mime import read_mail
from tests.fakes.clock import StoppedClock
from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_items import Right as Permission
from tests.fakes.http_loopback import Answer, Request, make_ca
from tests.fakes.imaginary_council import CLERK, SHARED, imaginary_council
from tests.mail.ews_office import NOON, PASSWORD, Office, office


def _proved(place: Office, *, wait: Callable[[float], object] | None = None, watch: Watch | None = None) -> Proof:
    numbers = count(1)
    return prove(
        place.account,
        password=lambda: PASSWORD,
        now=place.clock,
        new_key=lambda: f"{next(numbers):032x}",
        wait=wait or (lambda _: None),
        watch=watch or Watch(),
    )


def _left_over(place: Office) -> int:
    return sum(len(place.world.items(SHARED, name)) for name in ("inbox", "drafts", "outbox", "sentitems"))


def _sending(proof: Proof) -> Holds:
    return next(one.holds for one in proof.findings if one.right is Right.SEND_AS)


def test_a_server_that_sends_what_is_changed_is_proved_by_one_message() -> None:
    with office() as place:
        proof = _proved(place)
        assert (proof.way, _sending(proof)) == (SendingWay.UPDATE, Holds.YES)
        assert place.server.traffic.count("UpdateItem") == 1
        assert _left_over(place) == 0


def test_a_server_that_only_saves_what_is_changed_is_proved_by_the_next_way() -> None:
    with office() as place:
        place.server.switches.update_does_not_send = True
        assert _proved(place).way is SendingWay.SEND_ITEM
        assert _left_over(place) == 0


@pytest.mark.parametrize("odd", [False, True])
def test_a_server_that_sends_no_drafts_is_proved_by_the_last_way(odd: bool) -> None:
    with office() as place:
        place.server.switches.update_does_not_send = True
        place.server.switches.odd_send_item_response = odd
        place.server.switches.send_item_fails = True
        assert _proved(place).way is SendingWay.CREATE
        assert _left_over(place) == 0
        place.server.schema_errors.clear()


class NamesNoMessages(EwsServer):
    """Its lists tell of no Message-ID and of no property of ours: both are only in the message itself."""

    def answer(self, request: Request, user: str) -> Answer:
        said = super().answer(request, user)
        if self.operation_of(request) != "FindItem":
            return said
        left_out = rb"<t:(ExtendedProperty|InternetMessageId)>.*?</t:\1>"
        return replace(said, body=re.sub(left_out, b"", said.body, flags=re.DOTALL))


@pytest.mark.parametrize("replaces", [False, True])
def test_a_server_whose_lists_name_no_message_is_proved_by_looking_into_what_came(replaces: bool) -> None:
    clock = StoppedClock(NOON)
    world = imaginary_council(clock)
    world.replaces_message_id = replaces
    with NamesNoMessages(world) as server:
        proof = _proved(Office(world, server, clock))
        assert (proof.way, _sending(proof)) == (SendingWay.UPDATE, Holds.YES)
        assert sum((one.operation, one.status) == ("CreateItem", 200) for one in server.traffic.served) == 1


def test_who_may_not_send_as_the_mailbox_has_no_way_and_learns_why() -> None:
    with office() as place:
        place.world.revoke(CLERK, SHARED, Permission.SEND_AS)
        proof = _proved(place)
        assert (proof.way, _sending(proof)) == (None, Holds.NO)
        assert "Add-ADPermission" in next(one.advice for one in proof.findings if one.right is Right.SEND_AS)
        assert _left_over(place) == 0


def test_a_slow_server_is_waited_for() -> None:
    with office() as place:
        place.world.delay_sending()
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 4:
                place.world.settle()

        assert _proved(place, wait=wait).way is SendingWay.UPDATE
        assert waited == [1.0] * 8  # it looked after none, one, three and eight seconds


def test_a_message_that_left_its_draft_is_sent_though_a_rule_may_have_put_it_elsewhere() -> None:
    with office() as place:
        place.server.faults.after("UpdateItem", lambda: _lose(place))
        proof = _proved(place)
        assert (proof.way, _sending(proof)) == (SendingWay.UPDATE, Holds.YES)
        assert "did not arrive" in next(one.words for one in proof.findings if one.right is Right.SEND_AS)
        assert place.server.traffic.count("UpdateItem") == 1


def _lose(place: Office) -> None:
    for item in place.world.items(SHARED):
        place.world.delete(item, hard=True)


def test_a_message_that_comes_twice_proves_nothing() -> None:
    with office() as place:
        place.server.faults.after("UpdateItem", lambda: _double(place))
        assert _proved(place).way is SendingWay.SEND_ITEM


def _double(place: Office) -> None:
    for item in place.world.items(SHARED, "sentitems"):
        place.world.deliver(SHARED, item.mime)
        place.server.faults.clear()


def test_proving_can_be_given_up_and_leaves_nothing() -> None:
    with office() as place:
        place.world.delay_sending()
        waits: list[float] = []
        with pytest.raises(Stopped):
            _proved(place, wait=waits.append, watch=Watch(stop=lambda: len(waits) > 2))
        assert (_left_over(place), len(waits)) == (0, 3)


def test_a_server_that_goes_away_while_proving_is_offline() -> None:
    with office() as place:
        place.server.faults.drop("CreateItem")
        with pytest.raises(Offline):
            _proved(place)


def test_the_test_message_is_known_for_a_machines() -> None:
    with office() as place:
        seen: list[bytes] = []
        place.server.faults.after("UpdateItem", lambda: seen.extend(one.mime for one in place.world.items(SHARED)))
        _proved(place)
        mail = read_mail(seen[0])
        assert (mail.header("auto-submitted"), mail.subject) == ("auto-generated", "Member Tracker test message")


# --- finding the server


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_server_is_found_by_the_address_and_nothing_is_left_in_the_shared_folder(
    tmp_path: Path, own_temp: Path
) -> None:
    authority = make_ca(tmp_path)
    with office(authority=authority) as place:
        host = place.server.root_url.removeprefix("https://")
        address = f"a.clerk@{host}"
        place.world.add_mailbox(address, "Ann Clerk")
        found = discover(address, CLERK, PASSWORD, now=now, ca_file=str(authority.ca_file))
        assert (found.url, found.sign_in) == (place.server.url, SignInWay.NTLM)
        assert found.build == "15.1.2507.39"
        assert list(own_temp.iterdir()) == []
        assert not Path(cache.AUTODISCOVER_PERSISTENT_STORAGE).exists()
        assert len(cache.autodiscover_cache) == 0


def test_a_wrong_password_is_told_from_a_server_not_found(tmp_path: Path, own_temp: Path) -> None:
    del own_temp
    authority = make_ca(tmp_path)
    with office(authority=authority) as place:
        address = f"a.clerk@{place.server.root_url.removeprefix('https://')}"
        with pytest.raises(SignInNeeded):
            discover(address, CLERK, "wrong", now=now, ca_file=str(authority.ca_file))


def test_where_nothing_is_found_the_address_is_asked_for() -> None:
    with pytest.raises(Unavailable, match="No mail server was found") as told:
        discover("someone@nowhere.invalid", "", "a password nobody knows", now=now)
    assert "a password nobody knows" not in repr(told.value) + str(told.value)
