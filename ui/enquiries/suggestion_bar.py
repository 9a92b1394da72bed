"""What a reply seems to mean, with the sentence relied on: accepted, put aside, or called something else."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.timeline import Suggestion
from member_tracker.domain.vocabulary import Proposal
from member_tracker.services.enquiries import Accepting, accept_suggestion, dismiss_suggestion
from ui import look
from ui.desk import Desk
from ui.enquiries.reading import Opened
from ui.language import tr, tr_count, tr_word
from ui.typed_dates import as_typed, typed_day, typed_moment
from ui.widgets.parts import buddy, button, column, empty, label, line, row
from ui.widgets.shown_text import shown_text
from ui.words import short_day, short_moment

_CHOICES = (
    Proposal.ACKNOWLEDGEMENT,
    Proposal.HOLDING,
    Proposal.ANSWER,
    Proposal.QUESTION,
    Proposal.REDIRECT,
    Proposal.CLOSURE,
    Proposal.CHASING,
    Proposal.NEW_INFORMATION,
)


class SuggestionBar(QFrame):
    """Shows the oldest suggestion nobody has decided on; hidden where none waits. It sends deeds as `deed_wanted`."""

    deed_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("suggestionBar")
        self.setProperty("kind", "hint")
        self._desk = desk
        self._suggestion: Suggestion | None = None
        self._mail: ReceivedMail | None = None
        self._head = label(name="suggestionHead", kind="heading")
        self._sentence = label(name="suggestionSentence")
        self._doubt = label(name="suggestionDoubt")
        self._gaps = label(name="suggestionGaps")
        self._meaning = QComboBox()
        self._meaning.setObjectName("suggestionMeaning")
        self._meaning.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._meaning.setMinimumContentsLength(28)
        self._promised = _field("suggestionPromised", tr("for example 4 dec"))
        self._came = _field("suggestionCame", tr("for example yesterday 16:50"))
        self._wrong = label(name="suggestionWrong", kind="wrong")
        self._accept = button(
            tr("&Accept"), self._accept_it, name="acceptButton", kind="first", icon="close", tip="Alt+A"
        )
        self._dismiss = button(
            tr("&Dismiss"), self._dismiss_it, name="dismissButton", tip=tr("The mail stays filed here")
        )
        self._lay_out()
        self._meaning.currentIndexChanged.connect(self._say_meaning)
        self._promised.textChanged.connect(self._say_gaps)
        self.hide()

    def _lay_out(self) -> None:
        self._promised_row = _labelled(tr("New date (&by)"), self._promised)
        self._came_row = _labelled(tr("It really ca&me"), self._came)
        layout = column(
            self._head,
            self._sentence,
            self._doubt,
            row(buddy(tr("&Or it is"), self._meaning), self._meaning, self._promised_row, None),
            self._gaps,
            row(self._came_row, None),
            self._wrong,
            row(self._accept, self._dismiss, None),
            margin=look.GAP + 4,
            gap=look.TIGHT + 2,
        )
        self.setLayout(layout)

    def show_opened(self, opened: Opened) -> None:
        """Show what waits for a decision on this enquiry."""
        waiting = opened.view.waiting
        self.setVisible(bool(waiting))
        if not waiting:
            self._suggestion = None
            return
        first = min(waiting, key=lambda found: found.arrived_at)
        if self._suggestion is not None and first.id == self._suggestion.id:
            return
        self._suggestion = first
        self._show(first, opened, len(waiting))

    def _show(self, suggestion: Suggestion, opened: Opened, count: int) -> None:
        today = local_date(opened.now)
        mail = self._mail = opened.view.mail(suggestion.mail_id)
        others = tr_count(" (the first of {n} reply)", " (the first of {n} replies)", count).format(n=count)
        sender = mail.from_name or mail.from_address
        came = short_moment(suggestion.arrived_at, today)
        self._head.setText(
            shown_text(
                tr("{sender} wrote {came}{others}. {looks_like}").format(
                    sender=sender,
                    came=came,
                    others=others if count > 1 else "",
                    looks_like=_looks_like(suggestion, today),
                )
            )
        )
        self._sentence.setText(f"“{shown_text(suggestion.sentence)}”" if suggestion.sentence else "")
        self._sentence.setVisible(bool(suggestion.sentence))
        self._doubt.setText(
            tr("The time is in doubt. {arrived_doubt}").format(arrived_doubt=suggestion.arrived_doubt)
            if suggestion.arrived_doubt
            else ""
        )
        self._doubt.setVisible(bool(suggestion.arrived_doubt))
        self._came_row.setVisible(bool(suggestion.arrived_doubt))
        empty(self._came)
        self._promised.setText(as_typed(suggestion.promised_on, today) if suggestion.promised_on else "")
        self._wrong.hide()
        self._fill_meanings(suggestion)

    def _fill_meanings(self, suggestion: Suggestion) -> None:
        """The suggested meaning first, then what else the mail may be."""
        self._meaning.blockSignals(True)
        self._meaning.clear()
        if suggestion.proposal is Proposal.NONE:
            self._meaning.addItem(tr("Choose what it is"), None)
        ordered = dict.fromkeys((suggestion.proposal, *suggestion.others, *_CHOICES))
        for proposal in ordered:
            if proposal is not Proposal.NONE:
                self._meaning.addItem(tr_word(proposal), proposal)
        self._meaning.blockSignals(False)
        self._meaning.setCurrentIndex(0)
        self._say_meaning()

    def _say_meaning(self) -> None:
        meaning = self._chosen()
        self._accept.setEnabled(meaning is not None)
        self._accept.setText(
            tr("&Accept as {meaning}").format(meaning=tr_word(meaning).lower()) if meaning else tr("&Accept")
        )
        self._promised_row.setVisible(meaning is Proposal.HOLDING)
        self._say_gaps()

    def _say_gaps(self) -> None:
        """What the reply leaves out of what a holding reply owes, where it is to be one."""
        from member_tracker.services.holding import said_in

        gaps: tuple[str, ...] = ()
        if self._mail is not None and self._chosen() is Proposal.HOLDING:
            gaps = said_in(self._mail, promised_on=self._day_typed()).gaps
        self._gaps.setText(tr("As a holding reply it does not say: {gaps}.").format(gaps="; ".join(gaps)))
        self._gaps.setVisible(bool(gaps))

    def _day_typed(self) -> date | None:
        try:
            return self._promised_on(Proposal.HOLDING)
        except TrackerError:
            return None

    def _chosen(self) -> Proposal | None:
        said = self._meaning.currentData()
        return Proposal(said) if said else None

    def _accept_it(self) -> None:
        suggestion, meaning = self._suggestion, self._chosen()
        if suggestion is None or meaning is None:
            return
        try:
            accepting = Accepting(proposal=meaning, promised_on=self._promised_on(meaning), at=self._came_at())
        except TrackerError as error:
            self._wrong.setText(str(error))
            self._wrong.show()
            return
        self._want(lambda app: accept_suggestion(app, suggestion.id, accepting))

    def _dismiss_it(self) -> None:
        suggestion = self._suggestion
        if suggestion is not None:
            self._want(lambda app: dismiss_suggestion(app, suggestion.id))

    def _promised_on(self, meaning: Proposal) -> date | None:
        text = self._promised.text().strip()
        if meaning is not Proposal.HOLDING or not text:
            return None
        return typed_day(text, local_date(self._desk.now()))

    def _came_at(self) -> datetime | None:
        text = self._came.text().strip()
        return typed_moment(text, self._desk.now()) if text else None

    def _want(self, deed: Callable[[App], object]) -> None:
        self._wrong.hide()
        self.deed_wanted.emit(deed)


def _looks_like(suggestion: Suggestion, today: date) -> str:
    """What a suggestion proposes, in a sentence."""
    if suggestion.proposal is Proposal.NONE:
        return tr("What it means is not clear: read it and choose.")
    article = tr("an {kind}") if suggestion.proposal.words[0].lower() in "aeiou" else tr("a {kind}")
    what = article.format(kind=tr_word(suggestion.proposal).lower())
    words = {
        Proposal.REDIRECT: tr("It sends you to another service area or body."),
        Proposal.CHASING: tr("It asks how it is going."),
        Proposal.NEW_INFORMATION: tr("It tells you something new."),
    }.get(suggestion.proposal)
    if words or suggestion.promised_on is None:
        return words or tr("It looks like {what}.").format(what=what)
    return tr("It looks like {what} promising {day}.").format(what=what, day=short_day(suggestion.promised_on, today))


def _field(name: str, example: str) -> QLineEdit:
    field = line(name, example)
    field.setMaximumWidth(240)
    return field


def _labelled(text: str, field: QLineEdit) -> QWidget:
    whole = QWidget()
    whole.setLayout(row(buddy(text, field), field))
    return whole
