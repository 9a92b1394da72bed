"""Mail that may have gone out: each is looked for in its mailbox by a person, who says what became of it."""

from PySide6.QtWidgets import QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.services.unsure import Unsure, Verdict, settle, unsure_mails
from ui.desk import Desk
from ui.language import tr
from ui.table import Column
from ui.widgets.decisions import Decisions, DecisionsPage, Listed
from ui.widgets.parts import button
from ui.widgets.shown_text import shown_text
from ui.words import capital, short_moment

_MOST_ROWS = 8
_LETTERS = (23, 0, 0, 21)
_WHY = tr(
    "The mailbox was told to send each of these, and no copy came into its Sent Items. Member Tracker cannot know "
    "whether it went, so it does not send it again by itself. Look in the mailbox, or ask whoever it was for."
)
_NOTHING = tr("No mail is in doubt.\nWhat was sent was seen in Sent Items; what waits is in the status bar.")
_SAID = {
    Verdict.WENT: tr("{reference}: the mail counts as sent."),
    Verdict.AGAIN: tr("{reference}: the mail is sent again as a new mail."),
    Verdict.NEVER: tr("{reference}: the mail counts as not sent."),
}


class UnsurePage(DecisionsPage):
    """Lists mail in doubt; the one chosen takes one deed."""

    kinds = (RecordKind.OUTGOING,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._mails: Decisions[Unsure] = Decisions(
            desk,
            Listed(
                name="unsure",
                heading=tr("&Mail in doubt"),
                spoken=tr("Mail that may have gone out"),
                why=_WHY,
                columns=_columns(desk),
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        title = tr("Mail that may have gone out")
        super().__init__(desk, "unsure", title=title, empty=_NOTHING, parts=(self._mails,), parent=parent)
        self._mails.offer(
            button(tr("It &went"), lambda: self._settle(Verdict.WENT), name="itWent", kind="first"),
            button(tr("&Send it again"), lambda: self._settle(Verdict.AGAIN), name="sendAgain", icon="send"),
            button(tr("It did &not go"), lambda: self._settle(Verdict.NEVER), name="itDidNotGo"),
        )

    def ask(self) -> None:
        """Read which mails are in doubt."""
        self.desk.ask(unsure_mails, owner=self, done=self.show_lists)

    def _settle(self, verdict: Verdict) -> None:
        """Take somebody's word for what became of the mail chosen."""
        mail = self._mails.chosen
        if mail is not None:
            self._mails.decide(
                lambda app: settle(app, mail.id, verdict), lambda _done: _SAID[verdict].format(reference=mail.reference)
            )


def _columns(desk: Desk) -> tuple[Column[Unsure], ...]:
    def told(mail: Unsure) -> str:
        if mail.told_at is None:
            return tr("Not known")
        return capital(short_moment(mail.told_at, local_date(desk.now())))

    def about(mail: Unsure) -> str:
        return shown_text(",\n".join(mail.to) + f"\n{mail.subject}")

    def spoken(mail: Unsure) -> str:
        to = shown_text(", ".join(mail.to))
        return tr("{reference} to {to}, from {mailbox}, {told}: {subject}").format(
            reference=mail.reference, to=to, mailbox=mail.mailbox, told=told(mail), subject=shown_text(mail.subject)
        )

    return (
        Column(heading=tr("Reference"), words=lambda mail: mail.reference, spoken=spoken),
        Column(heading=tr("To"), words=about),
        Column(heading=tr("Look in the mailbox"), words=lambda mail: mail.mailbox),
        Column(heading=tr("When"), words=told),
    )
