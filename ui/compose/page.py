"""Writing a mail or letter: fields on the left, exactly what leaves on the right, or below where there is no room."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.writing import Blank, Preview, Wanted, Way, Writing, Written, from_plain
from ui import look
from ui.compose.fields import Fields
from ui.compose.leaving import Leaving
from ui.compose.preview_pane import PreviewPane, preview_in_words
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.file_dialog import some_files
from ui.widgets.keeping_draft import DraftKeeper
from ui.widgets.page import Page
from ui.widgets.parts import button, column, label, row
from ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.before_sending import BeforeSending
    from member_tracker.services.drafts import KeptDraft

_SETTLE_MS = 150
_BESIDE = 900
_TITLES = {
    Writing.ENQUIRY: tr("Send {} to its service area"),
    Writing.REPLY: tr("Reply about {}"),
    Writing.CHASE: tr("Chase an answer to {}"),
    Writing.UPDATE: tr("Tell the resident about {}"),
}
_SENDS = {Way.EMAIL: tr("&Send…"), Way.LETTER: tr("&Save the letter (PDF)…"), Way.TOLD: tr("&Keep as told")}
_HOW = {
    Way.EMAIL: "",
    Way.LETTER: tr(
        "No email is held, so this becomes a letter of two sides at most. Saving it notes that it was posted."
    ),
    Way.TOLD: tr("Nothing is mailed or posted to this resident. Tell them, and keep here what you said."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """What writing begins with, and the draft that was left of it."""

    blank: Blank
    draft: Written | None


def read_begin(app: "App", wanted: Wanted) -> _Begun:
    """What the service offers, with the draft that is kept; one that cannot be read any more is passed over."""
    from member_tracker.services.composing import begin
    from member_tracker.services.drafts import find_draft

    blank = begin(app, wanted)
    return _Begun(blank=blank, draft=_written_in(find_draft(app, blank.wanted.key)))


def _written_in(draft: "KeptDraft | None") -> Written | None:
    if draft is None:
        return None
    try:
        return from_plain(draft.plain)
    except (KeyError, ValueError):
        return None


class ComposePage(Page):
    """Shows what is written as the service would send it, and sends it once its recipients were seen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "composePage", parent)
        self._blank: Blank | None = None
        self._began: Written | None = None
        self._asked: Job | None = None
        self._heading = label(name="composeHeading", kind="title")
        self._how = label(name="composeHow", kind="quiet")
        self._fields = Fields(self._choose_files)
        self._preview = PreviewPane()
        self._leaving = Leaving(desk, self)
        self._send = button(tr("&Send…"), self._send_it, name="composeSend", kind="first", icon="send")
        self._letter = button(tr("Lette&r (PDF)…"), self._post_it, name="composeLetter")
        self._again = button(tr("Start agai&n"), self._start_again, name="composeAgain", kind="link")
        self._leave = button(tr("Go bac&k"), self.left.emit, name="composeBack", icon="back")
        self._keeper = DraftKeeper(desk, self, self._plain)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._lay_out()
        self._soon.timeout.connect(self._ask_preview)
        self._fields.changed.connect(self._change)
        self._fields.template_chosen.connect(self._use_template)
        self._leaving.gone.connect(self._done)
        self._leaving.refused.connect(self._refuse_sending)

    def _lay_out(self) -> None:
        inside = QFrame()
        inside.setObjectName("composeInside")
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(look.ROOM)
        self._beside.addWidget(self._fields, 1)
        self._beside.addWidget(self._preview, 1)
        inside.setLayout(self._beside)
        self._scrolled = Scrolled(inside)
        buttons = row(self._send, self._letter, self._leave, self._again, None, self._keeper.note)
        layout = column(self._heading, self._how, self._scrolled, buttons, gap=look.TIGHT)
        layout.setStretch(2, 1)
        layout.setContentsMargins(look.ROOM, look.TIGHT, look.ROOM, look.ROOM)
        self.setLayout(layout)
        self._show_nothing()

    def show_about(self, what: object) -> None:
        """Begin writing what is wanted (a `Wanted`), or go on with the draft of it."""
        if not isinstance(what, Wanted):
            raise TypeError("writing needs to know about what")
        self._keeper.save()
        self._show_nothing()
        self.desk.ask(lambda app: read_begin(app, what), owner=self, done=self._begin, failed=self._refuse)

    def ask(self) -> None:
        """Nothing kept is shown but what was asked for; what it would make is asked again."""
        if self._blank is not None:
            self._soon.start()

    def deeds(self) -> Doing:
        """What the menus can do here."""
        if self._blank is None:
            return {}
        letter = {Deed.PDF: self._letter.click} if not self._letter.isHidden() else {}
        return {Deed.SEND: self._send.click, Deed.SAVE: self._keeper.save, **letter}

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._fields, self._preview]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the text."""
        super().focusInEvent(event)
        self._fields.go_to_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fields and preview beside each other, or below where there is no room."""
        super().resizeEvent(event)
        wide = self.width() >= _BESIDE
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # --- beginning ----------------------------------------------------------------------------------------------------

    def _show_nothing(self) -> None:
        self._blank = self._began = None
        self._fields.clear()
        self._preview.clear()
        self._heading.setText(tr("Nothing is being written"))
        self._how.setText(tr("Open an enquiry, then choose Reply, Chase or Tell the resident."))
        self._how.show()
        for part in (self._scrolled, self._send, self._letter, self._again):
            part.hide()
        self.titled.emit("")

    def _refuse(self, error: TrackerError) -> None:
        self._heading.setText(tr("This cannot be written now"))
        self._how.setText(str(error))
        announce(self, str(error))

    def _begin(self, begun: _Begun) -> None:
        blank = begun.blank
        self._blank, self._began = blank, blank.written
        self._heading.setText(_TITLES[blank.wanted.writing].format(blank.reference))
        self._how.setText(_HOW[blank.way])
        self._how.setVisible(bool(_HOW[blank.way]))
        self._fields.show_blank(blank, begun.draft or blank.written)
        self._send.setText(_SENDS[blank.way])
        for part in (self._scrolled, self._send, self._again):
            part.show()
        self._letter.setVisible(blank.may_write_letter and blank.way is not Way.LETTER)
        self._keeper.begin(blank.wanted.key)
        self.titled.emit(blank.reference)
        self._ask_preview()
        self._ask_who_is_there(blank)
        if self.isVisible():
            self._fields.go_to_text()

    def _ask_who_is_there(self, blank: Blank) -> None:
        """Ask the mail server, which may take its time; nothing waits for it."""
        if blank.wanted.writing.is_for_resident or self.desk.is_practice:
            return
        from ui.enquiries.before_note import ask_before

        enquiry_id = EnquiryId(blank.wanted.enquiry_id)
        self.desk.ask_outside(
            lambda app: ask_before(app, enquiry_id), owner=self, done=self._show_there, failed=lambda _error: None
        )

    def _show_there(self, known: "BeforeSending | None") -> None:
        if known is not None and self._blank is not None and known.reference == self._blank.reference:
            self._fields.show_there("\n".join(known.notes), known.known_there)

    # --- writing ------------------------------------------------------------------------------------------------------

    def _plain(self) -> dict[str, object] | None:
        """What is worth keeping as a draft; None while nobody has changed anything."""
        if self._blank is None or not self._fields.is_begun:
            return None
        written = self._fields.written()
        return None if written == self._began else written.as_plain()

    def _change(self) -> None:
        if self._blank is not None:
            self._soon.start()

    def _use_template(self, template: str) -> None:
        blank = self._blank
        if blank is None:
            return
        from member_tracker.services.composing import text_for

        self.desk.ask(lambda app: text_for(app, blank.wanted, template), owner=self, done=self._fields.show_body)

    def _ask_preview(self) -> None:
        if self._blank is None:
            return
        if self._asked is not None:
            self._asked.cancel()
        written, way = self._fields.written(), self._blank.way
        if way is Way.EMAIL:
            from member_tracker.services.composing import preview

            self._asked = self.desk.ask(
                lambda app: preview(app, written), owner=self, done=self._show_preview, failed=self._preview.refuse
            )
        else:
            from member_tracker.services.composing import text_as_told

            self._asked = self.desk.ask(
                lambda app: text_as_told(app, written), owner=self, done=self._show_said, failed=self._preview.refuse
            )

    def _show_preview(self, shown: Preview) -> None:
        self._preview.show_text(preview_in_words(shown))

    def _show_said(self, words: str) -> None:
        self._preview.show_text(words, heading=tr("This is what it says (&W)"))

    def _choose_files(self) -> None:
        some_files(self, tr("Attach files"), name="composeChooseFiles", then=self._fields.add_files).open()

    def _start_again(self) -> None:
        """The text as it began; Ctrl+Z in the field brings back what was typed."""
        if self._blank is not None:
            self._fields.show_body(self._blank.written.body)

    # --- leaving ------------------------------------------------------------------------------------------------------

    def _send_it(self) -> None:
        if self._blank is not None:
            self._leaving.take(self._fields.written(), self._blank.way)

    def _post_it(self) -> None:
        if self._blank is not None:
            self._leaving.take(self._fields.written(), Way.LETTER)

    def _done(self) -> None:
        self._show_nothing()
        self.left.emit()

    def _refuse_sending(self, error: TrackerError) -> None:
        self._preview.refuse(error)
        announce(self._preview, str(error))
