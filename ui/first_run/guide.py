"""The first five minutes with practice data: steps that tick themselves off, and the sign that it is practice."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QDockWidget, QFrame, QLabel, QMainWindow, QMenu, QWidget

from member_tracker.domain.change import ChangeSet, RecordKind
from member_tracker.services.first_steps import (
    FirstStep,
    FirstSteps,
    begin_first_steps,
    first_steps,
    leave_first_steps,
)
from ui import look
from ui.deeds import Deed
from ui.desk import Desk
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import button, column, label, row
from ui.widgets.scrolled import Scrolled

SIGN = tr("PRACTICE: everything here is made up")
_TOGETHER_MS = 200
_FOOT_LINES = 6
_LOW_LINES = 38
_SIDE_LETTERS = 44
_UNLIMITED = 16_777_215  # as Qt has it
_KINDS = (RecordKind.ENQUIRY, RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.OUTGOING)
_SAID = {
    FirstStep.LOG: (
        tr("Log an enquiry"),
        tr("Press {log}. Type whom it is for (a new name will do), a subject such as “Missed bin”, and what they ask."),
    ),
    FirstStep.SEND: (
        tr("Send it"),
        tr("Press {send} in the form, or on the enquiry. In practice no mail leaves this computer."),
    ),
    FirstStep.REPLY: (
        tr("See the reply come"),
        tr(
            "In practice {area} answers at once. The reply is matched to your enquiry by itself; {mail} looks for it "
            "now."
        ),
    ),
    FirstStep.ACCEPT: (
        tr("Accept what it means"),
        tr("The enquiry shows the sentence that tells. Press Alt+A: nothing changes before you say so."),
    ),
    FirstStep.TELL: (
        tr("Tell the resident"),
        tr("Press {tell}. What goes out is shown first, and your notes are never in it."),
    ),
    FirstStep.CLOSE: (tr("Close it"), tr("Press {close}. Did you not mean to? {undo} takes the last step back.")),
}
_DONE = tr(
    "That is the whole of it: logged, sent, answered, told and closed. Everything else is the same with more enquiries."
)


class Guide(QFrame):
    """Shows the six steps, how far somebody has come, and the next one in words; `left` says it was put away.

    As a strip it shows the next step alone, and folded not how that is done, until somebody wants to know.
    """

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("guide")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._steps: FirstSteps | None = None
        self._compact = False
        self._room_to_say = True
        self._unfolded: bool | None = None
        self._heading = label(name="guideHeading", kind="heading")
        self._lines = {step: label(name=f"guide{step.value.title()}") for step in FirstStep}
        self._how = label(name="guideHow")
        self._there = button(tr("Take me there (&=)"), self._take_there, name="guideThere", kind="first")
        self._again = button(tr("Begin again"), self._begin, name="guideAgain")
        self._fold = button("", self._fold_or_not, name="guideFold", kind="link")
        self._leave = button(tr("Leave it for now"), self._put_away, name="guideLeave", kind="link")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER_MS)
        self._soon.timeout.connect(self.ask)
        words = column(self._heading, *self._lines.values(), self._how, gap=look.GAP)
        self._parts = row(words, row(self._there, self._again, self._fold, self._leave, None), None, margin=look.GAP)
        self.setLayout(self._parts)
        desk.news.changed.connect(self._hear)

    def ask(self) -> None:
        """Look how far somebody has come."""
        if self._desk.is_open:
            self._desk.ask(first_steps, owner=self, done=self.show_steps)

    def take_up(self) -> None:
        """Show it again where it was, or from the beginning."""
        if self._steps is None:
            self._begin()
        else:
            self._desk.ask(lambda app: leave_first_steps(app, left=False), owner=self, done=lambda _none: self.ask())

    @property
    def is_compact(self) -> bool:
        """Whether it is a strip."""
        return self._compact

    def be_compact(self, *, compact: bool, low: bool = False) -> None:
        """Where there is little room, show the next step alone, its buttons beside it; on a low window folded."""
        self._compact, self._room_to_say = compact, not low
        way = QBoxLayout.Direction.LeftToRight if compact else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(way)
        self._parts.setStretch(0, int(compact))
        self._parts.setStretch(2, int(not compact))
        self._heading.setVisible(not compact)
        for step, line in self._lines.items():
            line.setVisible(not compact or (self._steps is not None and step is self._steps.next))
        self._show_how()

    def _show_how(self) -> None:
        """How the next step is done: as it was wanted, or as there is room; where all is done, that it is."""
        can_fold = self._compact and self._steps is not None and self._steps.next is not None
        shown = not can_fold or (self._room_to_say if self._unfolded is None else self._unfolded)
        self._how.setVisible(shown)
        self._fold.setVisible(can_fold)
        self._fold.setText(tr("Hide how") if shown else tr("Say how"))

    def _fold_or_not(self) -> None:
        self._unfolded = self._how.isHidden()
        self._show_how()
        if self._unfolded:
            announce(self, self._how.text())

    def show_steps(self, steps: FirstSteps | None) -> None:
        """Show how far somebody has come; a step just done is said aloud."""
        before, self._steps = self._steps, steps
        if steps is None:
            return
        if steps.replied:
            self._desk.mail_wanted.emit()
        for number, (step, line) in enumerate(self._lines.items(), start=1):
            words = _SAID[step][0]
            is_next = step is steps.next
            mark = "✓" if step in steps.done else "▸" if is_next else "○"
            said = tr("done") if step in steps.done else tr("now") if is_next else tr("to do")
            line.setText(f"{mark}  {number}. {words} ({said})")
            line.setProperty("kind", "strong" if is_next else "quiet" if step in steps.done else "")
            line.style().unpolish(line)
            line.style().polish(line)
        self._heading.setText(
            tr("First five minutes: {done} of {steps} done").format(done=len(steps.done), steps=len(FirstStep))
        )
        self._how.setText(_how(steps))
        self._there.setVisible(steps.next is not None)
        self._again.setVisible(steps.next is None)
        self.be_compact(compact=self._compact, low=not self._room_to_say)
        if before is not None and len(steps.done) > len(before.done):
            announce(self, f"{self._heading.text()}. {self._how.text()}")

    def _hear(self, change: ChangeSet) -> None:
        if self.isVisible() and change.touches(*_KINDS):
            self._soon.start()

    def _take_there(self) -> None:
        steps = self._steps
        if steps is None or steps.enquiry_id is None:
            self._desk.page_wanted.emit("form", None)
        else:
            self._desk.show_enquiry.emit(steps.enquiry_id)

    def _begin(self) -> None:
        self._desk.ask(begin_first_steps, owner=self, done=lambda _none: self.ask())

    def _put_away(self) -> None:
        self._desk.ask(lambda app: leave_first_steps(app, left=True), owner=self)
        self.left.emit()


class GuideDock(QDockWidget):
    """The guide at the right of the window, or across its foot where list and enquiry need the room beside them."""

    def __init__(self, desk: Desk, window: QMainWindow) -> None:
        super().__init__(tr("First five minutes"), window)
        self.setObjectName("guideDock")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self._window = window
        self.guide = Guide(desk)
        self.setTitleBarWidget(QWidget())
        self._scrolled = Scrolled(self.guide)
        self.setWidget(self._scrolled)
        self.guide.left.connect(self.hide)
        self._action = QAction(tr("&First five minutes"), window)
        self._action.setObjectName("actionFirstSteps")
        self._action.triggered.connect(self.take_up)
        window.addAction(self._action)
        menu = window.menuBar().findChild(QMenu, "menuHelp")
        if menu is not None:
            menu.addAction(self._action)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        window.installEventFilter(self)
        self._scrolled.inside.installEventFilter(self)
        self.hide()
        desk.ask(first_steps, owner=self, done=self._show_begun)

    def take_up(self) -> None:
        """Show the guide again where it was left."""
        self._place()
        self.show()
        self.guide.take_up()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to where there is room for it, and to as much as is needed."""
        if event.type() == QEvent.Type.Resize and watched is self._window and not self.isHidden():
            self._place()
        elif event.type() == QEvent.Type.LayoutRequest and watched is self._scrolled.inside:
            self._be_as_high_as_needed()
        return super().eventFilter(watched, event)

    def _show_begun(self, steps: FirstSteps | None) -> None:
        """Show a guide that was begun and not put away."""
        self.guide.show_steps(steps)
        if steps is not None and not steps.is_left and steps.next is not None:
            self._place()
            self.show()

    def _place(self) -> None:
        side = self.fontMetrics().averageCharWidth() * _SIDE_LETTERS
        line = self.fontMetrics().lineSpacing()
        across = self._window.width() < look.THREE_PANES + side
        area = Qt.DockWidgetArea.BottomDockWidgetArea if across else Qt.DockWidgetArea.RightDockWidgetArea
        if self._window.dockWidgetArea(self) is not area:
            self._window.addDockWidget(area, self)
        self.guide.be_compact(compact=across, low=self._window.height() < line * _LOW_LINES)
        self._scrolled.be_slim(slim=across)
        self._scrolled.setMaximumWidth(_UNLIMITED if across else side)
        self._be_as_high_as_needed()

    def _be_as_high_as_needed(self) -> None:
        """Across the window it takes no more of it than its words need."""
        needed = min(self.fontMetrics().lineSpacing() * _FOOT_LINES, self._scrolled.needed_height(self._window.width()))
        self._scrolled.setMinimumHeight(needed if self.guide.is_compact else 0)
        self._scrolled.setMaximumHeight(needed if self.guide.is_compact else _UNLIMITED)


def show_practice(window: QMainWindow, desk: Desk) -> GuideDock:
    """Let the window say in words and colour that its data is made up, and offer the guide."""
    bar = window.menuBar()
    bar.setProperty("practice", "true")
    bar.style().unpolish(bar)
    bar.style().polish(bar)
    sign = QLabel(SIGN, bar)
    sign.setObjectName("practiceSign")
    sign.setTextFormat(Qt.TextFormat.PlainText)
    bar.setCornerWidget(sign)
    sign.show()
    return GuideDock(desk, window)


def _how(steps: FirstSteps) -> str:
    """What to do now, with the keys the menus have."""
    if steps.next is None:
        return _DONE
    return _SAID[steps.next][1].format(
        log="Ctrl+N",
        mail="F5",
        area=steps.service_area,
        send=Deed.SEND.value.keys.replace("Return", "Enter"),
        tell=Deed.TELL.value.keys,
        close=Deed.CLOSE.value.keys,
        undo=Deed.UNDO.value.keys,
    )
