"""One contact with the hub: what is refused before anything is written, what comes, what goes, and what is told."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from member_tracker.domain.errors import AccountDisabled, NotAllowed, TooSlow, Unavailable
from member_tracker.domain.vocabulary import Role
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.sync.engine import Sizes, Synced, sync_once
from member_tracker.sync.hub import SCHEMA, Greeting, HubOp, Joined, Page, Receipt, ScopeId, Tally
from tests.fakes.hub import HubFake, HubInMemory
from tests.fakes.laptop import Laptop

ABARA = ScopeId("abara")
ENQUIRY = ("enquiry", "pothole")


@pytest.fixture
def hub() -> HubInMemory:
    """A hub with an administrator, a councillor with one enquiry, and a support officer."""
    made = HubInMemory("council")
    made.add_account("admin", Role.ADMINISTRATOR)
    made.add_account("abara", Role.COUNCILLOR, person_id="abara")
    admin = laptop(made, "admin")
    admin.create(("councillor", "abara"), {"id": "abara", "council_id": "council", "name": "Abara"})
    meet(made, admin)
    admin.create(ENQUIRY, {"id": "pothole", "raised_by": "abara", "subject": "Pothole", "reference": "ENQ-1"})
    meet(made, admin)
    return made


def laptop(hub: HubInMemory, login: str, device: str | None = None) -> Laptop:
    numbers = count(1)
    name = device or f"{login}-laptop"
    link = Joined(hub_id="hub", council_id="council", epoch=hub.epoch, login=login, device_id=name)
    return Laptop(link=link, now=lambda: hub.now, new_id=lambda: f"{name}-{next(numbers)}", author=login)


def meet(hub: HubInMemory, one: Laptop, *, watch: Watch | None = None, sizes: Sizes | None = None) -> Synced:
    line = hub.sign_in(one.link.login)
    return sync_once(one, line, now=one.now, watch=watch or Watch(), sizes=sizes)


def stopping_after(times: int) -> Watch:
    """A watch that wants no more after so many looks."""
    looks = count(1)
    return Watch(stop=lambda: next(looks) > times)


def state_of(one: Laptop) -> object:
    return one.link, dict(one.rows), [(mine.op, mine.queued, mine.receipt) for mine in one.ops]


# --- refused before anything is written ------------------------------------------------------------------------------


class Odd(HubFake):
    """Says something else of itself than it is."""

    said: dict[str, object]

    def greet(self, device_id: str, schema: int) -> Greeting:
        return replace(super().greet(device_id, schema), **self.said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        {"hub_id": "another"}, {"council_id": "another"}, {"login": "another"}, {"schema_min": SCHEMA + 1},
        {"schema_cur": SCHEMA - 1},
    ],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_a_hub_that_is_not_ours_is_refused_before_anything_is_written(
    hub: HubInMemory, said: dict[str, object]
) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    one.edit("set", ENQUIRY, "subject", "Mine")
    before, clock = state_of(one), hub.clock
    odd = Odd(hub, "abara")
    odd.said = said
    with pytest.raises(NotAllowed) as refused:
        sync_once(one, odd, now=one.now)
    assert refused.value.advice
    assert (state_of(one), hub.clock) == (before, clock)


def test_a_profile_of_no_hub_is_told_to_join_one(hub: HubInMemory) -> None:
    class Alone(Laptop):
        def joined(self) -> Joined | None:
            return None

    one = Alone(link=laptop(hub, "abara").link, now=lambda: hub.now, new_id=lambda: "x")
    with pytest.raises(NotAllowed):
        meet(hub, one)


def test_a_hub_that_answers_other_ops_than_were_sent_is_not_believed(hub: HubInMemory) -> None:
    class Astray(HubFake):
        def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
            return super().push(device_id, schema, ops)[:-1]

    one = laptop(hub, "abara")
    meet(hub, one)
    one.edit("set", ENQUIRY, "subject", "Mine")
    with pytest.raises(Unavailable):
        sync_once(one, Astray(hub, "abara"), now=one.now)
    assert [op.value for op in one.outbox(10)] == ["Mine"]


# --- in and out -------------------------------------------------------------------------------------------------------


def test_what_waits_goes_out_in_batches_until_none_is_left(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    for number in range(7):
        one.edit("set", ENQUIRY, "subject", f"word {number}")
    told = meet(hub, one, sizes=Sizes(ops=3))
    assert (told.pushed, told.conflicts, told.denied, told.in_step) == (7, 0, 0, True)
    assert one.outbox(10) == ()
    assert hub.records[ENQUIRY].fields["subject"] == "word 6"


class Narrow(HubFake):
    """A hub behind a line that carries only so many rows and letters before it is given up."""

    rows, letters = 40, 100_000
    asked: list[int]

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        self._must_fit(sum(len(str(op.value)) for op in ops), self.letters)
        return super().push(device_id, schema, ops)

    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        self.asked.append(limit)
        self._must_fit(limit, self.rows)
        return super().pull(scope_id, after, limit)

    def _must_fit(self, much: int, most: int) -> None:
        if much > most:
            raise TooSlow("The hub took too long to answer.", advice="Wait.")


def narrow(hub: HubInMemory, login: str) -> Narrow:
    line = Narrow(hub, login)
    line.asked = []
    return line


def test_a_slow_line_is_sent_less_at_once_until_it_goes_through(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    for number in range(60):
        one.edit("set", ENQUIRY, "subject", f"{number} " * 3_000)
    line = narrow(hub, "abara")
    told = sync_once(one, line, now=one.now)
    assert (told.pushed, told.denied, told.in_step) == (60, 0, True)
    line.letters = 100
    one.edit("set", ENQUIRY, "subject", "x" * 200)
    with pytest.raises(TooSlow):
        sync_once(one, line, now=one.now)
    assert len(one.outbox(10)) == 1


def test_a_slow_line_is_asked_for_fewer_rows_until_they_come(hub: HubInMemory) -> None:
    one, line = laptop(hub, "abara"), narrow(hub, "abara")
    assert sync_once(one, line, now=one.now).in_step
    assert line.asked[:4] == [1000, 250, 62, 20]
    line.rows = 1
    with pytest.raises(TooSlow):
        sync_once(one, line, now=one.now)
    wanted = Watch(stop=lambda: len(line.asked) > 1)
    line.asked.clear()
    with pytest.raises(Stopped):
        sync_once(one, line, now=one.now, watch=wanted)
    assert len(line.asked) == 2


def test_conflicts_and_refusals_are_counted(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "abara", "second")
    for each in (one, other):
        meet(hub, each)
    one.edit("set", ENQUIRY, "subject", "One")
    other.edit("set", ENQUIRY, "subject", "Two")
    other.create(("enquiry", "e"), {"id": "e", "raised_by": "byrne", "reference": "ENQ-2"})
    meet(hub, one)
    told = meet(hub, other)
    assert (told.pushed, told.conflicts, told.denied) == (2, 1, 1)
    assert [value["id"] for value in other.refused() if isinstance(value, dict)] == ["e"]


def test_a_scope_is_fetched_page_by_page_and_goes_on_where_it_was_stopped(hub: HubInMemory) -> None:
    admin = laptop(hub, "admin", "desk")
    meet(hub, admin)
    for number in range(20):
        fields = {"id": f"e{number}", "raised_by": "abara", "reference": f"R{number}"}
        admin.create(("enquiry", f"e{number}"), fields)
    meet(hub, admin, sizes=Sizes(ops=1))
    one, stages = laptop(hub, "abara"), list[tuple[str, float]]()
    stop = Watch(progress=lambda stage, share: stages.append((stage, share)), stop=lambda: len(stages) > 3)
    with pytest.raises(Stopped):
        meet(hub, one, watch=stop, sizes=Sizes(rows=1, most_rows=1))
    part = one.link.scopes[ABARA]
    assert 0 < part.upto < hub.clock
    assert not part.whole
    assert all(0 <= share <= 1 for _, share in stages)
    told = meet(hub, one, sizes=Sizes(rows=1, most_rows=1))
    assert told.in_step
    assert len(one.rows) == 22
    assert one.link.scopes[ABARA].whole


def test_a_lost_scope_is_let_go_of_after_what_waited_was_sent(hub: HubInMemory) -> None:
    hub.add_account("support", Role.SUPPORT, scopes=["abara"])
    one = laptop(hub, "support")
    meet(hub, one)
    one.edit("set", ENQUIRY, "subject", "Too late")
    hub.revoke("support", ABARA)
    told = meet(hub, one)
    assert (told.lost, told.denied) == ((ABARA,), 1)
    assert ENQUIRY not in one.everything()
    assert one.refused() == ["Too late"]


def test_a_scope_granted_anew_is_read_from_nothing(hub: HubInMemory) -> None:
    hub.add_account("support", Role.SUPPORT, scopes=["abara"])
    one = laptop(hub, "support")
    meet(hub, one)
    hub.revoke("support", ABARA)
    del hub.records[ENQUIRY]
    hub.grant("support", ABARA)
    told = meet(hub, one)
    assert told.gained == (ABARA,)
    assert ENQUIRY not in one.everything()


def test_a_right_to_write_taken_away_is_noticed_without_reading_again(hub: HubInMemory) -> None:
    hub.add_account("support", Role.SUPPORT, scopes=["abara"])
    one = laptop(hub, "support")
    meet(hub, one)
    hub.grants["support", ABARA] = replace(hub.grants["support", ABARA], can_write=False)
    told = meet(hub, one)
    assert (told.gained, told.pulled) == ((), 0)
    assert not one.link.scopes[ABARA].can_write


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_laptop_that_counts_otherwise_reads_the_scope_again_and_is_mended(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    stray = one.rows[ENQUIRY]._replace(id="stray")
    one.rows["enquiry", "stray"] = stray
    told = meet(hub, one)
    assert told.in_step
    assert set(one.everything()) == {ENQUIRY, ("councillor", "abara")}


def test_a_difference_that_stays_is_told_and_read_again_once(hub: HubInMemory) -> None:
    class Losing(HubFake):
        pages = 0

        def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
            self.pages += scope_id == ABARA
            page = super().pull(scope_id, after, limit)
            return replace(page, rows=tuple(row for row in page.rows if row.id != "pothole"))

    one, losing = laptop(hub, "abara"), Losing(hub, "abara")
    told = sync_once(one, losing, now=one.now)
    assert (told.in_step, told.differing) == (False, (ABARA,))
    assert losing.pages <= 4


def test_what_others_write_between_reading_and_counting_is_no_difference(hub: HubInMemory) -> None:
    other = laptop(hub, "admin", "desk")
    meet(hub, other)

    class Busy(HubFake):
        times = 0

        def tally(self, scope_id: ScopeId, upto: int) -> Tally:
            if scope_id == ABARA and self.times < 3:
                self.times += 1
                other.edit("set", ENQUIRY, "subject", f"busy {self.times}")
                meet(hub, other)
            return super().tally(scope_id, upto)

    one = laptop(hub, "abara")
    told = sync_once(one, Busy(hub, "abara"), now=one.now)
    assert told.in_step
    assert one.at(ENQUIRY).fields["subject"] == "busy 3"


def test_a_clock_more_than_two_minutes_wrong_is_told(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    assert sync_once(one, hub.sign_in("abara"), now=lambda: hub.now + timedelta(seconds=110)).clock_ahead is None
    told = sync_once(one, hub.sign_in("abara"), now=lambda: hub.now - timedelta(days=365))
    assert told.clock_ahead == timedelta(days=-365)
    assert told.at == hub.now


def test_contact_is_remembered_by_both_clocks(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    sync_once(one, hub.sign_in("abara"), now=lambda: hub.now + timedelta(days=3))
    assert (one.link.contact_at, one.link.hub_at) == (hub.now + timedelta(days=3), hub.now)


def test_a_laptop_away_for_longer_than_tombstones_are_kept_reads_all_again(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    del hub.records[ENQUIRY]
    hub.now += timedelta(days=181)
    assert meet(hub, one).in_step
    assert ENQUIRY not in one.everything()


# --- a hub restored from a back-up ------------------------------------------------------------------------------------


def back_up(hub: HubInMemory) -> Callable[[], None]:
    """Gives what restores the hub to how it is now."""
    records, log, clock = deepcopy(hub.records), dict(hub.log), hub.clock

    def restore() -> None:
        hub.records, hub.log, hub.clock = records, log, clock
        hub.epoch += 1

    return restore


def test_what_a_restored_hub_lost_is_sent_again_even_after_others_have_written(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    for each in (one, other):
        meet(hub, each)
    restore = back_up(hub)
    one.edit("set", ENQUIRY, "subject", "After the back-up")
    one.create(("entry", "n"), {"id": "n", "enquiry_id": "pothole", "text": "Note"})
    meet(hub, one)
    restore()
    for number in range(5):
        other.edit("set", ENQUIRY, "text", f"more {number}")
        meet(hub, other)
    assert hub.clock > max(mine.receipt.hub_seq for mine in one.ops if mine.receipt)
    told = meet(hub, one)
    assert (told.restored, told.pushed, told.in_step) == (True, 2, True)
    assert hub.records[ENQUIRY].fields["subject"] == "After the back-up"
    assert ("entry", "n") in hub.records
    assert not meet(hub, one).restored
    meet(hub, other)
    assert other.at(ENQUIRY).fields == one.at(ENQUIRY).fields


def test_a_restored_hub_nobody_spoke_of_is_known_by_its_lower_number(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    restore = back_up(hub)
    for number in range(3):
        one.edit("set", ENQUIRY, "subject", f"word {number}")
        meet(hub, one)
    restore()
    hub.epoch = 1
    assert meet(hub, one).restored
    assert hub.records[ENQUIRY].fields["subject"] == "word 2"


def restored_without_a_word(hub: HubInMemory, restore: Callable[[], None]) -> None:
    epoch = hub.epoch
    restore()
    hub.epoch = epoch


def test_a_restored_hub_nobody_spoke_of_is_known_though_others_have_written_more_than_it_lost(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    for each in (one, other):
        meet(hub, each)
    restore = back_up(hub)
    one.create(("entry", "n"), {"id": "n", "enquiry_id": "pothole", "text": "Note"})
    meet(hub, one)
    meet(hub, one)
    restored_without_a_word(hub, restore)
    for number in range(5):
        other.edit("set", ENQUIRY, "text", f"more {number}")
        meet(hub, other)
    told = meet(hub, one)
    assert (told.restored, told.in_step) == (True, True)
    assert ("entry", "n") in hub.records
    assert not meet(hub, one).restored


def test_what_was_sent_at_the_very_contact_before_the_restore_is_missed_too(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    for each in (one, other):
        meet(hub, each)
    restore = back_up(hub)
    one.create(("entry", "n"), {"id": "n", "enquiry_id": "pothole", "text": "Note"})
    with suppress(Stopped):
        meet(hub, one, watch=stopping_after(3))
    assert ("entry", "n") in hub.records
    restored_without_a_word(hub, restore)
    other.edit("set", ENQUIRY, "text", "more")
    meet(hub, other)
    assert meet(hub, one).restored
    assert ("entry", "n") in hub.records


def test_what_a_hub_lost_before_anybody_said_it_was_restored_is_sent_again(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    for each in (one, other):
        meet(hub, each)
    restore = back_up(hub)
    one.create(("entry", "n"), {"id": "n", "enquiry_id": "pothole", "text": "Note"})
    meet(hub, one)
    restored_without_a_word(hub, restore)
    for number in range(5):
        other.edit("set", ENQUIRY, "text", f"more {number}")
        meet(hub, other)
    hub.epoch += 1
    assert meet(hub, one).restored
    assert ("entry", "n") in hub.records


def test_a_restored_hub_may_be_met_in_pieces(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    restore = back_up(hub)
    for number in range(6):
        one.create(("entry", f"n{number}"), {"id": f"n{number}", "enquiry_id": "pothole", "text": "Note"})
    meet(hub, one)
    restore()
    for stop_at in range(1, 12):
        with suppress(Stopped):
            meet(hub, one, watch=stopping_after(stop_at), sizes=Sizes(ops=1, rows=2, most_rows=2))
    meet(hub, one)
    assert sum(kind == "entry" for kind, _ in hub.records) == 6
    assert sum(kind == "entry" for kind, _ in one.everything()) == 6


# --- attachments ------------------------------------------------------------------------------------------------------


def attached(one: Laptop, name: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    one.bytes_of[sha256] = content
    one.create(("mail", name), {"id": name, "enquiry_id": "pothole", "attachments": [{"sha256": sha256}]})
    return sha256


def test_attachments_go_after_the_rows_and_come_to_the_other_laptop(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    meet(hub, one)
    kept = [attached(one, f"m{number}", bytes([number])) for number in range(5)]
    assert meet(hub, one, sizes=Sizes(blobs=2)).blobs_sent == 5
    assert meet(hub, other, sizes=Sizes(blobs=2)).blobs_fetched == 5
    assert set(other.bytes_of) == set(kept)
    again = meet(hub, one)
    assert (again.blobs_sent, again.blobs_left) == (0, 0)


def test_one_attachment_that_cannot_go_keeps_none_of_the_others(hub: HubInMemory) -> None:
    one, other = laptop(hub, "abara"), laptop(hub, "admin", "desk")
    meet(hub, one)
    for number in range(6):
        attached(one, f"m{number}", bytes([number]))
    for sha256 in sorted(one.bytes_of)[:3]:
        one.bytes_of[sha256] = b"torn"
    told = meet(hub, one, sizes=Sizes(blobs=2))
    assert (told.blobs_sent, told.blobs_left, told.in_step) == (3, 3, True)
    told = meet(hub, other, sizes=Sizes(blobs=2))
    assert (told.blobs_fetched, told.blobs_left, told.in_step) == (3, 3, True)


class ShutMeanwhile(HubFake):
    """Lets an account in until attachments are to be kept."""

    def put_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        del scope_id, sha256, content
        raise AccountDisabled("Your account at the hub is disabled.", advice="Ask.")


def test_an_account_disabled_while_attachments_go_is_told_and_not_passed_over(hub: HubInMemory) -> None:
    one = laptop(hub, "abara")
    meet(hub, one)
    attached(one, "m", b"bytes")
    with pytest.raises(AccountDisabled):
        sync_once(one, ShutMeanwhile(hub, "abara"), now=one.now)
