"""A folder of messages as a mailbox: nothing missed, nothing read twice for nothing, sent once."""

import mailbox
import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from member_tracker.domain.errors import Invalid, NotFound, Unavailable
from member_tracker.mail.files import read_messages
from member_tracker.mail.folder import PAGE, FolderMailbox
from member_tracker.mail.mailbox import Arrival, Cursor, Letter, Refused, Spot
from member_tracker.mail.mime import read_mail
from tests.mail.messages import message

KEY = "ab" * 16


def write(folder: Path, *names: str) -> None:
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(message(f"Subject: {name}"))


def poll(box: FolderMailbox, cursor: Cursor | None) -> tuple[list[Arrival], Cursor, list[Refused]]:
    """Every page from the cursor on."""
    arrivals: list[Arrival] = []
    refused: list[Refused] = []
    more = True
    while more:
        page = box.arrivals(cursor)
        arrivals += page.page
        refused += page.refused
        cursor, more = page.cursor, page.more
    assert cursor is not None
    return arrivals, cursor, refused


@pytest.fixture
def box(tmp_path: Path) -> FolderMailbox:
    (tmp_path / "inbox").mkdir()
    return FolderMailbox(tmp_path / "inbox", tmp_path / "outbox")


def subjects(arrivals: list[Arrival]) -> list[str]:
    return sorted(read_mail(arrival.raw).subject for arrival in arrivals)


def test_every_message_comes_once_and_bytes_are_untouched(box: FolderMailbox) -> None:
    write(box.inbox, "a.eml", "deep/er/b.EML")
    arrivals, cursor, _ = poll(box, None)
    assert subjects(arrivals) == ["a.eml", "deep/er/b.EML"]
    assert {arrival.raw for arrival in arrivals} == {message("Subject: a.eml"), message("Subject: deep/er/b.EML")}
    assert poll(box, cursor)[0] == []


def test_a_message_moved_in_with_an_old_date_is_not_missed(box: FolderMailbox, tmp_path: Path) -> None:
    write(box.inbox, "new.eml")
    _, cursor, _ = poll(box, None)
    write(tmp_path, "old.eml")
    os.utime(tmp_path / "old.eml", (1_000_000_000, 1_000_000_000))
    (tmp_path / "old.eml").rename(box.inbox / "old.eml")
    assert subjects(poll(box, cursor)[0]) == ["old.eml"]


def test_a_message_that_was_still_being_written_comes_again_when_it_is_whole(box: FolderMailbox) -> None:
    write(box.inbox, "a.eml")
    _, cursor, _ = poll(box, None)
    (box.inbox / "a.eml").write_bytes(message("Subject: a.eml", body="and more"))
    assert subjects(poll(box, cursor)[0]) == ["a.eml"]


def test_pages_are_bounded_and_leave_nothing_out(box: FolderMailbox) -> None:
    write(box.inbox, *(f"{number}.eml" for number in range(2 * PAGE + 50)))
    first = box.arrivals(None)
    assert first.more
    assert len(first.page) < 2 * PAGE
    arrivals, cursor, _ = poll(box, None)
    assert len(arrivals) == 2 * PAGE + 50
    assert len(cursor) < 20_000


def test_a_poll_for_one_new_message_opens_few_files(box: FolderMailbox) -> None:
    write(box.inbox, *(f"{number}.eml" for number in range(1_500)))
    _, cursor, _ = poll(box, None)
    write(box.inbox, "new.eml")
    arrivals = poll(box, cursor)[0]
    assert "new.eml" in subjects(arrivals)
    assert len(arrivals) < 15


def test_messages_that_go_away_are_no_arrivals(box: FolderMailbox) -> None:
    write(box.inbox, "a.eml", "b.eml")
    _, cursor, _ = poll(box, None)
    (box.inbox / "a.eml").unlink()
    assert subjects(poll(box, cursor)[0]) in ([], ["b.eml"])


@pytest.mark.parametrize("cursor", ["", "rubbish", "{}", '{"sums":1,"next":0,"inside":[]}', '{"sums":{"x!":1}}', "[1]"])
def test_a_cursor_that_cannot_be_read_starts_again(box: FolderMailbox, cursor: str) -> None:
    write(box.inbox, "a.eml")
    assert subjects(poll(box, Cursor(cursor))[0]) == ["a.eml"]


def test_a_maildir_is_read_but_not_its_unfinished_mail(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir/new/1.host").write_bytes(message("Subject: new"))
    (tmp_path / "Maildir/cur/2.host:2,S").write_bytes(message("Subject: cur"))
    (tmp_path / "Maildir/tmp/3.host").write_bytes(message("Subject: tmp"))
    assert subjects(poll(FolderMailbox(tmp_path / "Maildir", tmp_path / "out"), None)[0]) == ["cur", "new"]


def test_an_mbox_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    kept = mailbox.mbox(path)
    for number in range(3):
        kept.add(message(f"Subject: {number}", body="Hello\n\nFrom here on it is quoted.\n"))
    kept.close()
    arrivals, cursor, _ = poll(FolderMailbox(path, tmp_path / "out"), None)
    assert subjects(arrivals) == ["0", "1", "2"]
    assert [arrival.name.rpartition("#")[2] for arrival in arrivals] == ["1", "2", "3"]
    assert poll(FolderMailbox(path, tmp_path / "out"), cursor)[0] == []


def test_a_line_that_begins_with_from_starts_no_message(tmp_path: Path) -> None:
    path = tmp_path / "one.mbox"
    body = "Hello\n\nFrom here it went to Mill Lane.\n\nFrom: nobody\n"
    path.write_bytes(b"From pat Wed Nov 18 09:30:00 2026\n" + message(body=body).replace(b"\r\n", b"\n"))
    assert len(list(read_messages([path]))) == 1


def test_a_large_mbox_comes_in_pages(tmp_path: Path) -> None:
    path = tmp_path / "large.mbox"
    one = b"From pat Wed Nov 18 09:30:00 2026\n" + message().replace(b"\r\n", b"\n") + b"\n"
    path.write_bytes(b"".join(one.replace(b"<one@", b"<%d@" % number) for number in range(250)))
    box = FolderMailbox(path, tmp_path / "out")
    assert len(box.arrivals(None).page) == PAGE
    ids = [read_mail(arrival.raw).message_id for arrival in poll(box, None)[0]]
    assert len(ids) == len(set(ids)) == 250


def test_an_eml_file_is_one_message_whatever_its_first_line(tmp_path: Path) -> None:
    raw = b"From pat Wed Nov 18 09:30:00 2026\n" + message() + b"\n\nFrom pat Wed Nov 18 09:30:00 2026\nSubject: x\n\n"
    (tmp_path / "one.eml").write_bytes(raw)
    assert list(read_messages([tmp_path / "one.eml"])) == [(f"{tmp_path}/one.eml", raw)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fifos nor links without rights")
def test_fifos_loops_and_dangling_links_are_passed_over(box: FolderMailbox) -> None:
    write(box.inbox, "a.eml")
    os.mkfifo(box.inbox / "pipe.eml")
    (box.inbox / "loop").symlink_to(box.inbox, target_is_directory=True)
    (box.inbox / "gone.eml").symlink_to(box.inbox / "nowhere.eml")
    arrivals, _, refused = poll(box, None)
    assert (subjects(arrivals), refused) == (["a.eml"], [])


def test_a_file_that_fails_to_open_is_named_and_read_at_a_later_poll(
    box: FolderMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(box.inbox, "a.eml", "b.eml")
    really_open = os.open

    def failing(path: str, flags: int) -> int:
        if path.endswith("a.eml"):
            raise OSError(5, "Input/output error")
        return really_open(path, flags)

    monkeypatch.setattr(os, "open", failing)
    arrivals, cursor, refused = poll(box, None)
    assert (subjects(arrivals), [one.name for one in refused]) == (["b.eml"], [f"{box.inbox}/a.eml"])
    monkeypatch.undo()
    assert subjects(poll(box, cursor)[0]) == ["a.eml"]


def test_an_inbox_that_is_not_there_is_said_with_advice(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        FolderMailbox(tmp_path / "none", tmp_path / "out").arrivals(None)


def test_names_are_the_paths_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mails", "b.eml", "deep/a.eml")
    (tmp_path / "mails/notes.txt").write_text("no mail")
    monkeypatch.chdir(tmp_path)
    assert [name for name, _ in read_messages(["mails", "mails/b.eml"])] == [
        "mails/b.eml",
        "mails/deep/a.eml",
        "mails/b.eml",
    ]
    assert [name for name, _ in read_messages(["./mails/"])] == ["./mails/b.eml", "./mails/deep/a.eml"]
    with pytest.raises(NotFound):
        list(read_messages(["elsewhere"]))


def letter(raw: bytes = b"", key: str = KEY) -> Letter:
    return Letter(key=key, message_id="<ours@example.org>", raw=raw)


def test_a_mail_is_a_draft_until_it_is_sent_and_sent_once_however_often_it_is_told(box: FolderMailbox) -> None:
    ours = letter(message("Message-ID: <ours@example.org>"))
    assert box.look(ours).spot is Spot.NOWHERE
    box.save_draft(ours)
    assert box.look(ours).spot is Spot.DRAFT
    box.send_draft(ours)
    found = box.look(ours)
    box.send_draft(ours)
    assert box.look(ours) == found
    assert found.spot is Spot.SENT
    assert found.receipt is not None
    assert found.receipt.message_id == "<ours@example.org>"
    assert [path.name for path in box.outbox.iterdir()] == [f"{KEY}.eml"]


def test_what_a_crash_left_half_written_was_not_sent(box: FolderMailbox) -> None:
    box.outbox.mkdir()
    (box.outbox / f".{KEY}.part").write_bytes(b"From: a")
    ours = letter(message())
    assert box.look(ours).spot is Spot.NOWHERE
    box.save_draft(ours)
    box.send_draft(ours)
    assert (box.outbox / f"{KEY}.eml").read_bytes() == message()


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "AB" * 16, "a/b", "x" * 20])
def test_a_key_that_is_no_key_is_refused(box: FolderMailbox, key: str) -> None:
    with pytest.raises(Invalid):
        box.save_draft(letter(key=key))


def test_an_outbox_that_cannot_be_written_is_said_with_advice(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(Unavailable):
        FolderMailbox(tmp_path, tmp_path / "outbox").save_draft(letter())


def test_a_folder_is_read_a_page_at_a_time(box: FolderMailbox) -> None:
    for number in range(3 * PAGE):
        (box.inbox / f"{number}.eml").write_bytes(message(body=b"x" * 50_000))
    tracemalloc.start()
    box.arrivals(None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * PAGE * 50_000
