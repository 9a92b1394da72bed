"""The whole job on real mail: what files itself, and what never may."""

from pathlib import Path

import pytest

from tests.flows.real_mail import REPLIES, Job, whole_job


@pytest.fixture(scope="module")
def job(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The job done once, on a scratch copy of the real messages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEMBER_TRACKER_PROFILE", "")
        patch.setenv("MEMBER_TRACKER_PASSPHRASE", "")
        return whole_job(shared_folder / "mail-samples", tmp_path_factory.mktemp("real-mail"))


def test_the_twenty_replies_file_themselves_and_no_other_mail_does(job: Job) -> None:
    assert job.collected["filed"] == REPLIES
    assert (job.filed, job.filed_ours) == (REPLIES, REPLIES)


def test_every_message_is_new_known_or_refused(job: Job) -> None:
    counts = job.collected
    assert counts["refused"] == 0
    assert counts["read"] == counts["new"] + counts["known"]
    assert counts["new"] == counts["filed"] + counts["tray"] + counts["automatic"]


def test_no_mail_moves_a_clock_before_a_person_accepts(job: Job) -> None:
    assert not job.clocks_moved_before_accepting


def test_the_same_mail_collected_again_is_known(job: Job) -> None:
    assert job.again["new"] == 0
    assert job.again["known"] == job.collected["read"]


def test_accepted_told_and_closed(job: Job) -> None:
    assert job.statuses == ["answered", "resident_told", "closed"]
