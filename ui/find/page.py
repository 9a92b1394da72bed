"""What was found as one types: on the left where the words stand, on the right the enquiry at that place."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QSplitter, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.services.finding import Finding, Findings, Order
from ui import look
from ui.deeds import Doing
from ui.desk import Desk
from ui.enquiries.detail import Detail
from ui.find.reading import PAGE_ROWS, read_findings, where_words
from ui.jobs import Job
from ui.language import tr, tr_count, tr_word
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView
from ui.widgets.shown_text import shown_text
from ui.words import short_day

_SETTLE_MS = 120
_SLOW_MS = 400
_DETAIL_BESIDE = look.THREE_PANES - look.NAV_WIDTH
_ADVICE = tr(
    "Type a name, a street, a reference or any words of an enquiry, a mail or a note.\n"
    "Every word must be there; the last one may be only begun. It works without a connection."
)


class FindPage(Page):
    """Looks for words as they are typed; an answer to earlier words is dropped."""

    kinds = (RecordKind.ENQUIRY, RecordKind.ENTRY, RecordKind.MAIL, RecordKind.OUTGOING, RecordKind.RESIDENT)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "findPage", parent)
        self._words, self._shown = "", ""
        self._asked: Job | None = None
        self._model: TableModel[Finding] = TableModel(_columns(self._today), self, page_rows=PAGE_ROWS)
        self._view = RowsView("findResults", tr("What was found"))
        self._heading = buddy(tr("Fo&und"), self._view, kind="title")
        self._said = label(_ADVICE, name="findSaid", kind="quiet")
        self._best = QCheckBox(tr("&Best matches first"))
        self._meant = button("", self._look_for_meant, name="findMeant", kind="link")
        self._list = QFrame()
        self._detail = Detail(desk)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._settle, self._slow = QTimer(self), QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (23, 0, 18, 34))
        self._view.fit_columns(least=30)
        self._best.setObjectName("findBest")
        self._list.setObjectName("findPane")
        layout = column(row(self._heading, None, self._best), self._said, row(self._meant, None), self._view)
        layout.setStretch(3, 1)
        layout.setContentsMargins(look.ROOM, look.TIGHT, look.TIGHT, look.ROOM)
        self._list.setLayout(layout)
        self._split.setObjectName("findSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(look.GAP)
        self._split.addWidget(self._list)
        self._split.addWidget(self._detail)
        self._split.setSizes([560, 560])
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self.setLayout(column(self._split))
        self._meant.hide()
        self._view.hide()
        for timer, milliseconds in ((self._settle, _SETTLE_MS), (self._slow, _SLOW_MS)):
            timer.setSingleShot(True)
            timer.setInterval(milliseconds)

    def _connect(self) -> None:
        self._model.wanted.connect(self._fetch)
        self._view.row_chosen.connect(self._open)
        self._view.row_current.connect(lambda _row: None if self.is_narrow else self._settle.start())
        self._settle.timeout.connect(self._preview)
        self._slow.timeout.connect(lambda: self._said.setText(tr("Looking…")))
        self._best.clicked.connect(lambda _on: self.ask())
        self._detail.left.connect(self.back)

    @property
    def is_narrow(self) -> bool:
        """Whether results and enquiry do not fit beside each other."""
        return self.width() < _DETAIL_BESIDE

    def show_about(self, what: object) -> None:
        """Look for these words."""
        words = str(what)
        if words == self._words and not self._stale:
            return
        self._words, self._shown = words, ""
        self._arrange()
        self.refresh()

    def ask(self) -> None:
        """Look for the words; whatever was asked before is not waited for any more."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
        if not self._words:
            self._show(Findings(found=()))
            return
        words, order = self._words, self._order
        self._slow.start()
        self._asked = self.desk.ask(lambda app: read_findings(app, words, order), owner=self, done=self._show)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._detail.area]

    def deeds(self) -> Doing:
        """What the menus can do to the enquiry that is shown."""
        return self._detail.deeds() if self._detail.isVisible() else {}

    def go_into(self) -> None:
        """Put the keyboard on the first result, now or as soon as there is one."""
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> bool:
        """Esc: from the enquiry back to the results, and from there to what was shown before."""
        focus = self.window().focusWidget()
        beside = focus is not None and self._detail.isAncestorOf(focus)
        if not self._shown or not (beside or self.is_narrow):
            return False
        if self.is_narrow:
            self._shown = ""
            self._arrange()
        self.go_into()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both panes or one."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def _order(self) -> Order:
        return Order.RELEVANCE if self._best.isChecked() else Order.NEWEST

    def _today(self) -> date:
        return local_date(self.desk.now())

    def _arrange(self) -> None:
        narrow = self.is_narrow
        self._list.setVisible(not narrow or not self._shown)
        self._detail.setVisible(not narrow or bool(self._shown))
        self._detail.show_back(shown=narrow)

    def _show(self, answer: Findings) -> None:
        self._asked = None
        self._slow.stop()
        self._model.show([RowsPage(rows=answer.found, next=answer.next)] if answer.found else [])
        some = bool(answer.found)
        self._view.setVisible(some)
        self._said.setText(self._summary(answer))
        self._meant.setVisible(bool(answer.meant))
        if answer.meant:
            self._meant.setText(tr("Look for {meant} (&M)").format(meant=answer.meant[0]))
            self._meant.setProperty("meant", answer.meant[0])
        announce(self._view, self._said.text())
        if some:
            self._view.verticalScrollBar().setValue(0)
            self._view.go_to(0)
            self._settle.start()
        elif not self.is_narrow:
            self._shown = ""
            self._detail.clear()

    def _summary(self, answer: Findings) -> str:
        if not self._words:
            return _ADVICE
        if answer.found:
            count = PAGE_ROWS if answer.next else len(answer.found)
            order = tr("the best matches among the newest first") if self._best.isChecked() else tr("newest first")
            many = tr("More than {n} enquiries with “{words}”, {order}")
            exactly = tr_count("{n} enquiry with “{words}”, {order}", "{n} enquiries with “{words}”, {order}", count)
            return (many if answer.next else exactly).format(n=count, words=self._words, order=order)
        if answer.wrong_reference:
            meant = (
                "" if answer.meant else tr("\nNo enquiry here has one like it: check it against the mail or letter.")
            )
            return tr("“{words}” is not a reference: its last two characters do not fit.{meant}").format(
                words=self._words, meant=meant
            )
        return tr(
            "Nothing was found for “{words}”.\n"
            "Try fewer words, only the beginning of one, a name, or a reference. "
            "What other people have not sent to this computer yet is not found."
        ).format(words=self._words)

    def _fetch(self, number: int, anchor: object | None) -> None:
        words, order = self._words, self._order

        def take(answer: Findings) -> None:
            if (words, order) == (self._words, self._order):
                self._model.take(number, RowsPage(rows=answer.found, next=answer.next))

        self.desk.ask(lambda app: read_findings(app, words, order, anchor), owner=self, done=take)

    def _preview(self) -> None:
        if not self.is_narrow:
            self._show_enquiry(self._view.currentIndex().row())

    def _show_enquiry(self, number: int) -> None:
        chosen = self._model.row(number)
        if chosen is not None:
            self._shown = chosen.row.id
            self._detail.show_enquiry(chosen.row.id, at=chosen.record_id)
            self._arrange()

    def _open(self, number: int) -> None:
        """Go to the enquiry, at what was found."""
        self._settle.stop()
        self._show_enquiry(number)
        self._detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_for_meant(self) -> None:
        self.show_about(self._meant.property("meant"))


def _columns(today: Callable[[], date]) -> tuple[Column[Finding], ...]:
    def where(found: Finding) -> str:
        return f"{where_words(found)}, {short_day(local_date(found.at), today())}"

    def about(found: Finding) -> str:
        return shown_text(found.row.subject)

    def spoken(found: Finding) -> str:
        return shown_text(
            tr("{where}: {found}; in {reference}, {subject}, for {resident}, {status}").format(
                where=where(found),
                found=found.words,
                reference=found.row.reference,
                subject=found.row.subject,
                resident=found.row.resident,
                status=tr_word(found.row.status),
            )
        )

    return (
        Column(heading=tr("Found in"), words=where, spoken=spoken),
        Column(heading=tr("The words"), words=lambda found: shown_text(found.words)),
        Column(heading=tr("Reference"), words=lambda found: found.row.reference),
        Column(heading=tr("Enquiry"), words=about),
    )
