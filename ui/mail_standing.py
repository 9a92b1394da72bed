"""How mail stands, as the status bar and the banners say it, and how far a round of it has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ui.jobs import Step
from ui.language import tr

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.mailbox_health import MailboxWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStanding:
    """The mailboxes somebody must do something about, how many mails may have gone out, and since when none is reached.

    `offline_since` is None while any mailbox can be reached, or fails for another reason than the network. `in_folders`
    says that no mailbox is set up where one should be, so that no mail leaves this computer.
    """

    warnings: "tuple[MailboxWarning, ...]" = ()
    unsure: int = 0
    offline_since: datetime | None = None
    in_folders: bool = False


def read_standing(app: "App") -> MailStanding:
    """How mail stands now."""
    from member_tracker.domain.mailboxes import MailboxKind
    from member_tracker.services.mailbox_health import warnings
    from member_tracker.services.mailboxes import list_mailboxes
    from member_tracker.services.unsure import unsure_mails

    views = list_mailboxes(app)
    stands = [view.health for view in views]
    cut_off = [health.failing_since for health in stands if health.offline and health.failing_since is not None]
    return MailStanding(
        warnings=warnings(app),
        unsure=len(unsure_mails(app)),
        offline_since=min(cut_off) if cut_off and len(cut_off) == len(stands) else None,
        in_folders=not app.practice and all(view.account.kind is MailboxKind.FOLDER for view in views),
    )


def step_words(step: Step) -> str:
    """A step in words: “Sending mail 2 of 5”, “Reading members@example.org: 120 read”."""
    if step.whole > 1:
        return tr("{stage} {number} of {whole}").format(
            stage=step.stage, number=min(step.done + 1, step.whole), whole=step.whole
        )
    if step.done and not step.whole:
        return tr("{stage}: {done} read").format(stage=step.stage, done=step.done)
    return step.stage
