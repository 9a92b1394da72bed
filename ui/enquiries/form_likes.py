"""The hint that an enquiry like the one being typed is there already: open it, or log this one as linked with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from member_tracker.domain.dates import local_date
from member_tracker.services.new_enquiries import Alike, LikeEnquiry, like_enquiries
from ui import look
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row
from ui.words import short_day


class LikeHint(QFrame):
    """Shows the newest enquiry on a like subject for the same resident or place; `opened` carries its id."""

    opened = Signal(str)
    changed = Signal()
    shown = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("likeHint")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._asked: Job | None = None
        self._asked_for: Alike | None = None
        self._like: LikeEnquiry | None = None
        self._linked: LikeEnquiry | None = None
        self._words = label(name="likeWords")
        self._open = button(tr("&8 Open it"), self._open_it, name="likeOpen")
        self._link = button(tr("&9 Log as linked with it"), self._link_it, name="likeLink")
        self.setLayout(column(self._words, row(self._open, self._link, None), margin=look.GAP))
        self.hide()

    @property
    def linked_to(self) -> tuple[str, ...]:
        """The enquiries this one is logged as linked with."""
        return (self._linked.id,) if self._linked else ()

    @property
    def in_short(self) -> str:
        """What it says in a few words, none where it says nothing."""
        if self._like is None:
            return ""
        return (
            tr("Linked with another.")
            if self._linked
            else tr("There is one like it: Alt+8 opens it, Alt+9 links them.")
        )

    def look_for(self, asked: Alike) -> None:
        """Look for enquiries like this; one already linked with stays."""
        if asked == self._asked_for:
            return
        self._asked_for = asked
        if self._asked is not None:
            self._asked.cancel()
        if not asked.subject.strip() or not (asked.resident_id or any(asked.places)):
            self._show(())
            return
        self._asked = self._desk.ask(lambda app: like_enquiries(app, asked), owner=self, done=self._show)

    def clear(self) -> None:
        """Nothing is linked, and nothing is pointed out."""
        self._asked_for = self._linked = None
        self._show(())

    def _show(self, found: tuple[LikeEnquiry, ...]) -> None:
        before = self._like
        self._like = self._linked or (found[0] if found else None)
        self.setVisible(self._like is not None)
        self.shown.emit()
        like = self._like
        if like is None:
            return
        today = local_date(self._desk.now())
        more = tr_count(" There is {n} like it.", " There are {n} like it.", len(found)).format(n=len(found))
        words = tr("There is already {reference} {why}: “{subject}”, received {day}, {status}.{more}").format(
            reference=like.reference,
            why=like.why,
            subject=like.subject,
            day=short_day(like.received_on, today),
            status=like.status.lower(),
            more=more if len(found) > 1 else "",
        )
        linked = tr("This one will be linked with {reference}: “{subject}”.").format(
            reference=like.reference, subject=like.subject
        )
        self._words.setText(linked if self._linked else words)
        self._link.setText(tr("&9 Do not link them") if self._linked else tr("&9 Log as linked with it"))
        if before is None or before.id != like.id:
            announce(self, words)

    def _open_it(self) -> None:
        if self._like is not None:
            self.opened.emit(self._like.id)

    def _link_it(self) -> None:
        self._linked = None if self._linked else self._like
        self._show((self._like,) if self._like else ())
        self.changed.emit()
