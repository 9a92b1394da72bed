"""The practice story and the main job, unchanged, through Exchange of either kind, by deeds and by commands."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.profile import Profile
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.parts import App
from member_tracker.services.practice import at_moment, fill
from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # noqa: PLC0414 - the fixture
from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.office import MONDAY

ANSWER = """\
From: Housing <{area}>
To: {us}
Subject: RE: {subject}
Date: {date}
Message-ID: <answer-1@housing.example.org>
In-Reply-To: {message_id}

I inspected the flat this morning and the gutter has been repaired. The wall was treated as well.
"""


@pytest.fixture(params=KINDS)
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    """An organisation of either kind, and a clerk who can sign in to it."""
    with exchange_office(request.param, tmp_path) as running, a_clerk_at_the_desk(running, tmp_path / "desk"):
        yield running


def test_the_main_job_runs_through_the_command_line(run: Run, exchange: Exchange, tmp_path: Path) -> None:
    added = run("mailbox", "add", *exchange.words, "--json").json
    assert isinstance(added, dict)
    assert (added["works"], added["sign_in_kept"]) == (True, True), added
    (tested,) = listed(run("mailbox", "test", "--json").json)
    assert tested["works"], tested
    assert tested["sending"] is not None
    said = run(
        "log", "--councillor", "Cllr Vera Quill", "--resident", "Ned Barlow", "--channel", "email",
        "--service-area", "housing", "--subject", "Damp in a flat", "--text", "Please inspect.", "--json",
    ).json  # fmt: skip
    assert isinstance(said, dict)
    reference = said["reference"]
    assert run("send", reference, "--json").code == 0
    assert run("post", "--json").json == {"sent": 1, "waiting": 0, "unknown": 0}
    (sent,) = exchange.sent()
    assert reference in str(sent["Subject"])
    assert exchange.drafts() == 0
    filled = ANSWER.format(
        area=sent["To"], us=sent["From"], subject=sent["Subject"], date=sent["Date"], message_id=sent["Message-ID"]
    )
    exchange.deliver(filled.replace("\n", "\r\n").encode())
    assert run("mail", "collect", "--json").json == {
        "read": 1, "new": 1, "known": 0, "filed": 1, "tray": 0, "automatic": 0, "refused": 0,
    }  # fmt: skip
    assert run("mail", "collect", "--json").json == dict.fromkeys(
        ("read", "new", "known", "filed", "tray", "automatic", "refused"), 0
    )
    shown = run("show", reference, "--json").json
    assert isinstance(shown, dict)
    assert shown["status"] == "with_service_area", "nothing changes until a person accepts"
    (suggestion,) = shown["suggestions"]
    assert suggestion["proposal"] == "answer"
    accepted = run("accept", reference, suggestion["id"], "--json").json
    assert isinstance(accepted, dict)
    assert (accepted["status"], accepted["state"]) == ("answered", "met")
    assert run("tell", reference, "--text", "The gutter is mended.").code == 0
    assert run("close", reference, "--json").code == 0
    (row,) = listed(run("mailbox", "list", "--json").json)
    assert row["read_at"] is not None
    assert row["problem"] is None
    assert_nothing_secret(tmp_path / "profile", exchange)
    assert run("mailbox", "remove", "MEMBERS@example.org").code == 0
    assert run("mailbox", "list", "--json").code == 0


def assert_nothing_secret(profile: Path, exchange: Exchange) -> None:
    """No password and no token lies in any file of the profile, not even in the settings or a log."""
    secrets = [PASSWORD, *(exchange.directory.tokens() if exchange.directory else ())]
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert any(path.name == "settings.toml" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], f"a secret lies in {path.name}"


def listed(answer: object) -> list[dict[str, object]]:
    assert isinstance(answer, list)
    return answer


def told(app: App) -> list[tuple[object, ...]]:
    """What a person sees of every enquiry: where it stands, when it is due, and everything that happened."""
    with app.store.reading() as tx:
        mails = {mail.id: mail.subject for mail in tx.every(ReceivedMail)}
        return sorted(
            (
                enquiry.subject,
                enquiry.status,
                enquiry.respond_by,
                enquiry.acknowledged_at,
                enquiry.answered_at,
                tuple(sorted((str(entry.kind), entry.text.replace(enquiry.reference, "REF")) for entry in happened)),
                len(mails),
            )
            for enquiry in tx.every(Enquiry)
            for happened in [tx.every(Entry, enquiry_id=enquiry.id)]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_the_practice_story_comes_out_the_same_through_exchange_as_through_a_folder(kind: str, tmp_path: Path) -> None:
    clock = StoppedClock(MONDAY - timedelta(days=30))
    with_folder = build(Profile(folder=tmp_path / "folder"), passphrase=lambda: None, practice=True)
    fill(at_moment(with_folder, MONDAY))
    with exchange_office(kind, tmp_path, clock=clock) as exchange, a_clerk_at_the_desk(exchange, tmp_path / "desk"):
        exchange.world.add_mailbox("bram.oyelaran@example.org", "Bram Oyelaran")
        over = build(Profile(folder=tmp_path / "over"), passphrase=lambda: "some words for it")
        add_mailbox(over, exchange.account, PASSWORD)

        def deliver(then: App, raw: bytes) -> None:
            clock.moment = then.now()
            exchange.deliver(raw)

        fill(at_moment(over, MONDAY), deliver)
        assert told_without_addresses(over, exchange) == told_without_addresses(with_folder, None)
        with over.store.reading() as tx:
            states = {mail.state for mail in tx.every(QueuedMail)}
            assert OutgoingState.UNKNOWN not in states
            sent = [mail for mail in tx.every(QueuedMail) if mail.state is OutgoingState.SENT]
        assert len(exchange.sent()) == len(sent) > 3
        assert local_date(max(mail.sent_at for mail in sent if mail.sent_at)) <= local_date(MONDAY)
        over.store.close()
    with_folder.store.close()


def told_without_addresses(app: App, exchange: Exchange | None) -> list[tuple[object, ...]]:
    ours = exchange.account.address if exchange else "member.enquiries@example.org"
    return [
        tuple(
            tuple((kind, text.replace(ours, "US")) for kind, text in part) if isinstance(part, tuple) else part
            for part in row
        )
        for row in told(app)
    ]
