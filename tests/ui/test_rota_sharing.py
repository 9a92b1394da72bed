"""Several on duty at once: who takes the next enquiry, and hand-over notes, in the settings and where it is sent."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.availability import MailTip
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.vocabulary import Channel, Sharing
from member_tracker.profile import Profile
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.rota import AreaRota, keep_handover, keep_rota, rotas
from tests.ui.checks import shortcomings
from tests.ui.exchange import ADDRESS, Exchange, in_front, settled
from tests.ui.hub import belong_to_a_hub
from tests.ui.test_compose import begin
from tests.ui.test_form import fill_in
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.compose.page import ComposePage
from ui.deeds import Deed
from ui.enquiries.form import LogForm
from ui.picture import wait_until
from ui.settings import rota

T = TypeVar("T")
BOTH = "Sam Reed <sam.reed@example.org>\nAsha Bell <asha.bell@example.org>"
NOTE = "Boiler calls go to Sam until noon."


def told(running: Running, question: Callable[[App], T]) -> T:
    """What the store says."""
    answer: list[T] = []
    running.desk.ask(question, owner=running.desk, done=answer.append)
    settled(running)
    return answer[0]


def kept(running: Running, name: str = "Communities") -> AreaRota:
    return next(area for area in told(running, rotas) if area.name == name)


def show(running: Running) -> None:
    in_front(running)
    running.desk.page_wanted.emit("rota", None)
    settled(running)


def choose(running: Running, name: str, row: int) -> None:
    """Choose in a list as a person does."""
    box = named(running.window, QComboBox, name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentIndex() == row


def on_duty(running: Running, sharing: Sharing, note: str = "") -> Enquiry:
    """An enquiry to a service area with two officers on duty, logged and not sent."""

    def log(app: App) -> Enquiry:
        area = next(area for area in rotas(app) if area.name == "Housing")
        keep_rota(app, area.area_id, BOTH, sharing=sharing)
        if note:
            keep_handover(app, "Housing", note)
        intake = Intake(
            councillor="Cllr Priya Marsden", resident="Una Bright", service_area="Housing", channel=Channel.EMAIL,
            subject="Damp again", text="The wall is wet.",
        )  # fmt: skip
        return log_by_name(app, intake)

    return told(running, log)


def boxes(page: QWidget) -> list[tuple[str, bool]]:
    """The names of those it may go to, each with whether it does."""
    found = [named(page, QCheckBox, f"composeTo{number}") for number in (1, 2, 3)]
    return [(box.text().partition(" ")[2], box.isChecked()) for box in found]


def test_the_rule_and_a_note_are_kept_with_the_rota_and_ctrl_z_undoes_them(running: Running) -> None:
    show(running)
    assert not named(running.window, QComboBox, "rotaSlot").isVisible()
    named(running.window, QPlainTextEdit, "rotaText").setPlainText(BOTH)
    choose(running, "rotaRule", list(Sharing).index(Sharing.TURN_ABOUT))
    press(running.window, "rotaSave")
    settled(running)
    assert "Next in turn: Sam Reed, because" in words_of(running.window, "rotaDuty")
    assert shortcomings(running.window) == {}
    note = named(running.window, QLineEdit, "rotaNote")
    note.setFocus()
    QTest.keyClicks(note, NOTE)
    QTest.keyClick(note, Qt.Key.Key_Return)
    settled(running)
    area = kept(running)
    assert (area.sharing, area.slots[0].note, area.text) == (Sharing.TURN_ABOUT, NOTE, BOTH)
    assert NOTE in words_of(running.window, "rotaDuty")
    QTest.keyClick(running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert words_of(running.window, "rotaSaid") == "Undone: the rota of Communities is as it was."
    assert (kept(running).slots[0].note, note.text()) == ("", "")


def test_what_is_written_for_one_slot_stays_while_another_is_looked_at(running: Running) -> None:
    told(running, lambda app: keep_rota(app, rotas(app)[0].area_id, BOTH))
    show(running)
    note = named(running.window, QLineEdit, "rotaNote")
    note.setText(NOTE)
    choose(running, "rotaSlot", 1)
    assert note.text() == ""
    note.setText("Ask Asha about the lifts.")
    running.window._pages.redraw()  # type: ignore[union-attr]  # a profile is open
    settled(running)
    choose(running, "rotaSlot", 0)
    assert note.text() == NOTE
    press(running.window, "rotaSave")
    settled(running)
    assert [slot.note for slot in kept(running).slots[:3]] == [NOTE, "Ask Asha about the lifts.", ""]


def test_another_area_shows_its_own_rule(running: Running) -> None:
    told(running, lambda app: keep_rota(app, rotas(app)[0].area_id, BOTH, sharing=Sharing.CHOOSE))
    show(running)
    rule = named(running.window, QComboBox, "rotaRule")
    assert rule.currentText() == "Whoever sends chooses"
    assert "Whoever sends chooses which of them takes it." in words_of(running.window, "rotaDuty")
    view = named(running.window, QTableView, "rotaAreas")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    settled(running)
    assert rule.currentText() == "The first in the rota who is there"


def test_what_is_refused_is_said_and_stays_written(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_given: object, **_named: object) -> AreaRota:
        raise NotAllowed("The duty rota comes from the hub, and your account may not change it.", advice="Ask.")

    monkeypatch.setattr(rota, "keep_rota", refuses)
    show(running)
    choose(running, "rotaRule", 1)
    press(running.window, "rotaSave")
    settled(running)
    assert named(running.window, QWidget, "rotaErrors").isVisible()
    assert named(running.window, QComboBox, "rotaRule").currentIndex() == 1


def test_at_a_hub_a_councillor_reads_rota_rule_and_notes_and_is_told_who_changes_them(running: Running) -> None:
    communities = kept(running)
    told(running, lambda app: keep_rota(app, communities.area_id, BOTH))
    show(running)
    assert not named(running.window, QWidget, "rotaRights").isVisible()
    belong_to_a_hub(running)
    named(running.window, rota.RotaPage, "rotaPage").refresh()
    settled(running)
    assert words_of(running.window, "rotaRights").startswith("Duty rotas come from the hub")
    assert named(running.window, QPlainTextEdit, "rotaText").isReadOnly()
    assert named(running.window, QLineEdit, "rotaNote").isReadOnly()
    assert not named(running.window, QComboBox, "rotaRule").isEnabled()
    assert named(running.window, QComboBox, "rotaSlot").isEnabled()
    assert not named(running.window, QWidget, "rotaSave").isVisible()
    assert shortcomings(running.window) == {}
    running.window.menus.deeds[Deed.SAVE].trigger()
    assert running.window.status.words == Deed.SAVE.value.sorry


def test_whose_turn_it_is_is_ticked_and_why_is_said_where_it_is_sent(running: Running) -> None:
    running.window.resize(911, 512)
    page = begin(running, on_duty(running, Sharing.TURN_ABOUT, NOTE))
    first = named(page, QCheckBox, "composeTo1")
    wait_until(lambda: first.height() >= first.minimumSizeHint().height())  # nothing is pressed together
    ((_, area), (sam, to_sam), (asha, to_asha)) = boxes(page)
    assert (area, to_sam, to_asha) == (True, True, False)
    assert (sam, asha) == (
        "Sam Reed, sam.reed@example.org (next in turn)",
        "Asha Bell, asha.bell@example.org (on duty)",
    )
    said = words_of(page, "composeDuty")
    assert "Next in turn: Sam Reed, because" in said
    assert f": “{NOTE}”" in said
    assert shortcomings(running.window) == {}
    shown = named(page, QPlainTextEdit, "composePreviewText").toPlainText()
    assert "sam.reed@example.org" in shown
    assert "Boiler" not in shown


def test_where_whoever_sends_chooses_both_are_offered_and_neither_is_ticked(running: Running) -> None:
    enquiry = on_duty(running, Sharing.CHOOSE)
    page = begin(running, enquiry)
    assert [ticked for _, ticked in boxes(page)] == [True, False, False]
    assert "Whoever sends chooses which of them takes it." in words_of(page, "composeDuty")
    named(page, QCheckBox, "composeTo3").setChecked(True)
    QTest.qWait(200)
    settled(running)
    press(page, "composeSend")
    settled(running)
    press(running.window, "composeConfirmAgree")
    settled(running)

    def sent(app: App) -> tuple[str, ...]:
        with app.store.reading() as tx:
            return tx.every(QueuedMail, enquiry_id=enquiry.id)[0].to

    assert told(running, sent)[1:] == ("asha.bell@example.org",)


def test_nothing_of_duty_is_said_where_nobody_is_on_the_rota(running: Running) -> None:
    enquiry = on_duty(running, Sharing.TURN_ABOUT)
    told(running, lambda app: keep_rota(app, next(a for a in rotas(app) if a.name == "Housing").area_id, ""))
    page = begin(running, enquiry)
    assert not named(page, QWidget, "composeDuty").isVisible()


def save_and_send(running: Running) -> list[QueuedMail]:
    """What is queued of an enquiry for Housing that was logged and sent in one press."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    form = running.window.findChildren(LogForm)[0]
    fill_in(form)
    named(form, QComboBox, "areaField").setCurrentText("Housing")
    settled(running)
    hint = words_of(form, "subjectHint")
    assert hint.startswith("On duty")
    assert NOTE in hint
    logged: list[str] = []
    form.logged.connect(logged.append)
    press(form, "saveSendButton")
    wait_until(lambda: bool(logged))
    settled(running)

    def read(app: App) -> list[QueuedMail]:
        with app.store.reading() as tx:
            return list(tx.every(QueuedMail, enquiry_id=logged[0]))

    return told(running, read)


def test_the_form_shows_the_note_and_sends_to_whose_turn_it_is(running: Running) -> None:
    on_duty(running, Sharing.TURN_ABOUT, NOTE)
    (mail,) = save_and_send(running)
    assert mail.to[1:] == ("sam.reed@example.org",)
    assert NOTE not in mail.body


def test_the_form_sends_nothing_before_somebody_chose_who_takes_it(running: Running) -> None:
    on_duty(running, Sharing.CHOOSE, NOTE)
    assert save_and_send(running) == []
    assert "On duty are Sam Reed and Asha Bell." in words_of(running.window, "bannerTitle")


def test_whoever_is_away_has_no_turn_and_the_next_one_is_ticked(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.tips = (MailTip(address="sam.reed@example.org", automatic_reply="I am away until 1 December."),)
    practice.keep_mailboxes(
        [MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url="https://x.example.org")]
    )
    settled(running)
    enquiry = on_duty(running, Sharing.TURN_ABOUT, NOTE)
    running.desk.show_enquiry.emit(enquiry.id)
    settled(running)
    wait_until(named(running.window, QWidget, "beforeNote").isVisible)
    said = words_of(running.window, "beforeWords")
    assert "Sam Reed was next in turn and is not there, so Asha Bell is." in said
    assert NOTE in said
    assert not named(running.window, QCheckBox, "alsoDutyOfficer").isVisible()
    press(running.window, "sendButton")
    settled(running)
    page = named(running.window, ComposePage, "composePage")
    wait_until(page.isVisible)
    assert [ticked for _, ticked in boxes(page)] == [True, False, True]
