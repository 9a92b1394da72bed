"""The imaginary Exchange organisation under the test servers: its memory of changes, its post room, its rights."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import exchange_post as post
from tests.fakes.exchange_items import AutomaticReply, Busy, Change, FolderChange, Item, PropertyKey, Refused, Right
from tests.fakes.exchange_world import World

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
US, THEM = "members@example.org", "housing@example.org"
PLAIN = b"From: members@example.org\r\nTo: housing@example.org\r\nSubject: Damp\r\nMessage-ID: <1@x>\r\n\r\nHello\r\n"


@pytest.fixture
def world() -> World:
    return council()


def council() -> World:
    made = World(lambda: NOON)
    made.add_mailbox(US, "Member Services")
    made.add_mailbox(THEM, "Housing")
    return made


class Follower:
    """Somebody who knows a folder only by the changes told; `pages` of changes are taken at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.mailbox(US).folder("inbox")
        self.position = 0
        self.known: dict[str, bool] = {}
        self.told: list[FolderChange] = []

    def take(self, limit: int) -> bool:
        page = self.world.changes(self.folder, self.position, limit)
        assert len(page.changes) <= limit
        for one in page.changes:
            if one.item is None:
                self.known.pop(one.item_id, None)
            else:
                self.known[one.item_id] = one.item.is_read
        self.told += page.changes
        self.position = page.position
        return page.more


ACTS: dict[str, Callable[[World, Item], object]] = {
    "read": lambda world, item: world.mark_read(item, not item.is_read),
    "update": lambda world, item: world.update(item),
    "move": lambda world, item: world.move(item, "archive"),
}


@given(st.lists(st.tuples(st.sampled_from("deliver read update move delete back take".split()), st.integers(0, 9))))
def test_whoever_follows_the_changes_page_by_page_knows_the_folder(acts: list[tuple[str, int]]) -> None:
    world = council()
    follower = Follower(world)
    for act, number in acts:
        inbox, archive = world.items(US), world.items(US, "archive")
        if act == "deliver":
            world.deliver(US, PLAIN)
        elif act == "take":
            follower.take(number + 1)
        elif act == "back" and archive:
            world.move(archive[number % len(archive)], "inbox")
        elif inbox:
            ACTS.get(act, World.delete)(world, inbox[number % len(inbox)])
    while follower.take(2):
        pass
    assert follower.known == {one.id: one.is_read for one in world.items(US)}
    assert not follower.take(100)
    created = [one.item_id for one in follower.told if one.change is Change.CREATE]
    assert len(created) == len(set(created))


def test_a_state_of_another_folder_or_of_before_is_refused(world: World) -> None:
    inbox, drafts = (world.mailbox(US).folder(name) for name in ("inbox", "drafts"))
    state = world.state_of(inbox, 0)
    assert world.position_in(inbox, state) == 0
    for folder, given_state in ((drafts, state), (inbox, "nonsense"), (inbox, "bm9uc2Vuc2U=")):
        with pytest.raises(Refused, match="ErrorInvalidSyncStateData"):
            world.position_in(folder, given_state)
    world.forget_sync_state(US)
    with pytest.raises(Refused):
        world.position_in(inbox, state)


def test_moving_changes_the_id_and_not_the_immutable_one(world: World) -> None:
    item = world.deliver(US, PLAIN)
    before, always = item.id, item.immutable_id
    world.move(item, "archive")
    assert item.immutable_id == always
    assert world.item(always) is world.item(item.id) is item
    with pytest.raises(Refused, match="ErrorItemNotFound"):
        world.item(before)


def test_a_draft_is_sent_once(world: World) -> None:
    draft = world.save_draft(US, PLAIN, {PropertyKey("guid", "key"): "1"})
    world.send(draft, by=US)
    with pytest.raises(Refused, match="ErrorItemNotFound"):
        world.send(draft, by=US)
    (arrived,) = world.items(THEM)
    assert arrived.properties == {}
    assert arrived.mime.endswith(PLAIN)
    assert [one.properties for one in world.items(US, "sentitems")] == [{PropertyKey("guid", "key"): "1"}]


def test_nobody_is_told_who_else_was_told_in_confidence(world: World) -> None:
    hidden = PLAIN.replace(b"Subject", b"Bcc: members@example.org,\r\n councillor@example.net\r\nSubject")
    world.send(world.save_draft(US, hidden), by=US)
    copies = [world.items(THEM)[0].mime, world.items(US)[0].mime, world.sent_outside[0][1]]
    assert not any(b"Bcc" in copy or b"councillor" in copy for copy in copies)
    assert b"Bcc" in world.items(US, "sentitems")[0].mime


@pytest.mark.parametrize(
    ("why", "status"), [("full", b"5.2.2"), ("closed", b"5.7.1"), ("small", b"5.3.4"), ("none", b"")]
)
def test_what_cannot_be_delivered_is_reported(why: str, status: bytes, world: World) -> None:
    housing = world.mailbox(THEM)
    housing.is_full = why == "full"
    housing.accepts_from = {"nobody@example.org"} if why == "closed" else None
    housing.max_message_size = 10 if why == "small" else None
    world.send(world.save_draft(US, PLAIN), by=US)
    reports = world.items(US)
    assert len(reports) == (why != "none")
    for report in reports:
        assert (report.item_class, status in report.mime, b"Message-ID: <1@x>" in report.mime) == (
            "REPORT.IPM.Note.NDR", True, True,
        )  # fmt: skip
        assert message_from_bytes(report.mime).get_content_type() == "multipart/report"


def test_an_absence_has_a_beginning_and_an_end_and_is_told_to_people_only(world: World) -> None:
    housing = world.mailbox(THEM)
    housing.automatic_reply = AutomaticReply(text="Away", start=NOON + timedelta(hours=1))
    world.send(world.save_draft(US, PLAIN), by=US)
    housing.automatic_reply = AutomaticReply(text="Away until Friday", end=NOON + timedelta(days=1))
    world.send(world.save_draft(US, b"Auto-Submitted: auto-generated\r\n" + PLAIN), by=US)
    assert world.items(US) == []
    for _ in range(2):
        world.send(world.save_draft(US, PLAIN), by=US)
    (answer,) = world.items(US)
    assert b"Subject: Automatic reply: Damp" in answer.mime
    assert b"In-Reply-To: <1@x>" in answer.mime


def test_ones_own_mailbox_is_ones_own_and_others_need_a_grant(world: World) -> None:
    assert world.may_open(US, US)
    assert not world.may_open(US, THEM)
    world.grant(US, THEM, Right.FULL_ACCESS)
    assert world.may_open(US, THEM)
    assert not world.has_right(US, THEM, Right.SEND_AS)
    world.revoke(US, THEM, Right.FULL_ACCESS)
    assert not world.may_open(US, THEM)


def test_a_day_is_written_in_digits(world: World) -> None:
    world.busy(THEM, NOON, NOON + timedelta(hours=1))
    world.busy(THEM, NOON + timedelta(minutes=30), NOON + timedelta(hours=2), Busy.AWAY)
    view = world.mailbox(THEM).free_busy_view(NOON - timedelta(hours=1), NOON + timedelta(hours=3), timedelta(hours=1))
    assert view == "0330"


@given(
    st.lists(st.tuples(st.sampled_from(["Subject", "X-A", "X-B"]), st.sampled_from(["a", "b c", "d\r\n e"]))),
    st.binary(),
)
def test_taking_headers_out_leaves_everything_else(lines: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in lines).encode()
    mime = b"From: a@example.org\r\n" + head + b"\r\n" + body
    changed = post.with_headers(mime, add=[("X-New", "1")], drop=["x-a"])
    kept = "".join(f"{name}: {value}\r\n" for name, value in lines if name != "X-A").encode()
    assert changed == b"X-New: 1\r\nFrom: a@example.org\r\n" + kept + b"\r\n" + body


def test_many_at_once_leave_nothing_out(world: World) -> None:
    def deliver() -> None:
        world.deliver_many(US, ((NOON, PLAIN) for _ in range(200)))

    threads = [Thread(target=deliver) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    items = world.items(US)
    assert len({one.id for one in items}) == len({one.immutable_id for one in items}) == 800
    assert world.mailbox(US).folder("inbox").position == 800
