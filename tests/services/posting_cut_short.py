"""A process that sends what is queued and is killed at the moment it is told; run by the tests of sending."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from member_tracker.app import build
from member_tracker.mail import folder
from member_tracker.profile import Profile
from member_tracker.services import post
from member_tracker.store.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")
passed = 0


def killable(step: Callable[P, R], at: int) -> Callable[P, R]:
    """The step with a moment before and a moment after it at which the process may be killed."""

    def cut() -> None:
        global passed  # noqa: PLW0603 - one count for the whole process
        passed += 1
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def cut_around(*args: P.args, **kwargs: P.kwargs) -> R:
        cut()
        done = step(*args, **kwargs)
        cut()
        return done

    return cut_around


def main(profile: Path, at: int) -> None:
    """Send, and be killed at moment `at`, counted from 1."""
    for place, name in (
        (post, "_claimed"),
        (post, "_mark_posted"),
        (folder, "_write_through"),
        (folder, "_settle"),
        (post, "_handed_over"),
        (folder.FolderMailbox, "save_draft"),
        (folder.FolderMailbox, "send_draft"),
        (Transaction, "add"),
    ):
        setattr(place, name, killable(getattr(place, name), at))
    app = build(Profile(folder=profile), passphrase=lambda: None)
    post.post_queued(app)
    app.store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
