"""The council's templates and its sign-off: changed, seen at once on a made-up enquiry, and kept when they are good."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.templates import NAMES, Template, Use
from ui import look
from ui.desk import Desk
from ui.jobs import Job
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.asking import Asking
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.shown_text import shown_text
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.wording import Wording

_SETTLE_MS = 200
_SIGN_OFF = "sign_off"
_LAST_CHANGES = 3


def read_wording(app: "App") -> "Wording":
    """The wording of the council."""
    from member_tracker.services.wording import wording

    return wording(app)


class TemplatesEditor(Page):
    """Lists the sign-off and every template; the one chosen is edited beside what it makes of the example."""

    kinds = (RecordKind.COUNCIL,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "templatesEditor", parent)
        self._wording: Wording | None = None
        self._shown = ""
        self._kept = ""
        self._is_busy = False
        self._tried: Job | None = None
        self._before: Callable[[App], Wording] | None = None
        self._list = QListWidget()
        self._list.setObjectName("templateList")
        self._text = _pane("templateText")
        self._seen = _pane("templateSeen")
        self._seen.setReadOnly(True)
        self._note = label(name="templateNote", kind="quiet")
        self._wrong = label(name="templateWrong", kind="wrong")
        self._changes = label(name="templateChanges", kind="quiet")
        self._save = button(tr("&Save the wording"), self.save, name="templateSave", kind="first")
        self._back = button(tr("Go back to the shi&pped wording"), self._go_back, name="templateShipped")
        self._copy = button(tr("Make a cop&y…"), self._ask_name, name="templateCopy")
        self._drop = button(tr("Take it a&way"), self._go_back, name="templateDrop")
        self._undo = button(tr("B&ring back what was there"), self._bring_back, name="templateUndo")
        self._names = button(tr("&Names it may have…"), self._show_names, name="templateNames", kind="link")
        self._leave = button(tr("Go bac&k"), self.left.emit, name="templatesBack", icon="back")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._lay_out()
        self._list.currentItemChanged.connect(lambda now, _before: self._choose(now))
        self._text.textChanged.connect(self._soon.start)
        self._soon.timeout.connect(self._try)

    def _lay_out(self) -> None:
        listed = column(buddy(tr("&Wording"), self._list, kind="heading"), self._list, gap=look.TIGHT)
        edited = column(buddy(tr("Te&xt"), self._text, kind="heading"), self._text, self._names_row(), gap=look.TIGHT)
        seen = column(buddy(tr("With a made-&up enquiry"), self._seen, kind="heading"), self._seen, gap=look.TIGHT)
        panes = row(gap=look.ROOM)
        for part, share in ((listed, 3), (edited, 4), (seen, 4)):
            panes.addLayout(part, share)
        buttons = row(self._save, self._back, self._drop, self._copy, self._undo, None, self._leave)
        title = label(tr("Templates and sign-off"), name="templatesTitle", kind="title")
        layout = column(title, self._note, panes, self._wrong, buttons, self._changes, gap=look.GAP)
        layout.setStretch(2, 1)
        layout.setContentsMargins(look.ROOM, look.TIGHT, look.ROOM, look.ROOM)
        self.setLayout(layout)
        self._wrong.hide()
        self._undo.hide()
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _names_row(self) -> QWidget:
        made = QWidget()
        made.setLayout(row(self._names, None))
        return made

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list."""
        super().focusInEvent(event)
        self._list.setFocus(event.reason())

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._list, self._text, self._seen]

    def ask(self) -> None:
        """Read the wording."""
        self.desk.ask(read_wording, owner=self, done=self.show_wording)

    def show_wording(self, wording: "Wording") -> None:
        """Show the wording as it is kept; what is being typed stays as long as it was not saved."""
        typed = self._text.toPlainText() if self._is_changed() else None
        self._wording = wording
        chosen = self._shown or _SIGN_OFF
        self._list.blockSignals(True)
        self._list.clear()
        self._add(tr("Sign-off of the council"), _SIGN_OFF, own=wording.sign_off_is_own)
        for template in wording.templates:
            self._add(template.name, template.id, own=template.is_own)
        rows = [self._list.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self._list.count())]
        self._list.setCurrentRow(rows.index(chosen) if chosen in rows else 0)
        self._list.blockSignals(False)
        self._choose(self._list.currentItem())
        if typed is not None and chosen in rows:
            self._text.setPlainText(typed)
        today = local_date(self.desk.now())
        said = [f"{each.what}: {short_moment(each.at, today)}, {each.by or tr('somebody')}" for each in wording.changes]
        changed = tr("Changed: {said}").format(said="; ".join(said[:_LAST_CHANGES]))
        self._changes.setText(changed if said else tr("Nothing was changed yet."))

    def save(self) -> None:
        """Keep what is written, where it is good; else what was kept stays."""
        from member_tracker.services.wording import save_sign_off, save_template

        text, template = self._text.toPlainText(), self._template()
        if template is None:
            self._have(lambda app: save_sign_off(app, text), tr("The sign-off is saved."))
        else:
            changed = replace(template, text=text)
            self._have(lambda app: save_template(app, changed), tr("The template is saved."))

    def _go_back(self) -> None:
        """To the shipped wording; a template the council added goes. What was there can be brought back."""
        from member_tracker.services.wording import drop_template, save_sign_off, save_template

        template, wording = self._template(), self._wording
        if wording is None:
            return
        sign_off = wording.sign_off
        if template is None:
            self._have(
                lambda app: save_sign_off(app, None),
                tr("The sign-off is the shipped one again."),
                before=lambda app: save_sign_off(app, sign_off),
            )
        else:
            self._have(
                lambda app: drop_template(app, template.id),
                tr("The council’s own wording is gone."),
                before=lambda app: save_template(app, template),
            )

    def _bring_back(self) -> None:
        if self._before is not None:
            self._have(self._before, tr("It is as it was before."))

    def _ask_name(self) -> None:
        """A copy under a name of its own, for the same use."""
        template = self._template()
        if template is None:
            return
        dialog = Asking(
            self,
            name="templateName",
            title=tr("Make a copy"),
            explanation=tr("One more template beside “{template}”, with the text as it is now.").format(
                template=template.name
            ),
            field=tr("&Name"),
            agree=tr("&Make it"),
            needed=True,
        )
        dialog.answered.connect(lambda name: self._make(template, name))
        dialog.open()

    def _make(self, template: Template, name: str) -> None:
        from member_tracker.services.wording import save_template

        new = Template(id="", name=name, use=template.use, text=self._text.toPlainText(), is_own=True)
        self._have(lambda app: save_template(app, new), tr("The copy is made."))

    def _have(
        self, deed: "Callable[[App], Wording]", said: str, *, before: "Callable[[App], Wording] | None" = None
    ) -> None:
        """Have it done; `before` is what undoes it, offered until something else is done."""
        if self._is_busy:
            return
        self._is_busy = True

        def done(wording: "Wording") -> None:
            self._is_busy = False
            self._kept = self._text.toPlainText()
            self._before = before
            self._undo.setVisible(before is not None)
            self.show_wording(wording)
            announce(self, said)
            self.desk.said.emit(said)

        def failed(error: TrackerError) -> None:
            self._is_busy = False
            self._refuse(error)
            announce(self, str(error))

        self.desk.ask(deed, owner=self, done=done, failed=failed)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _add(self, name: str, key: str, *, own: bool) -> None:
        item = QListWidgetItem(shown_text(tr("{name} (the council’s own)").format(name=name) if own else name))
        item.setData(Qt.ItemDataRole.UserRole, key)
        self._list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        wording = self._wording
        if item is None or wording is None:
            return
        self._shown = str(item.data(Qt.ItemDataRole.UserRole))
        template = self._template()
        own = template.is_own if template else wording.sign_off_is_own
        self._kept = template.text if template else wording.sign_off
        self._text.setPlainText(self._kept)
        self._note.setText(
            tr("A template is what a mail or letter begins with; whoever writes it may change the words.")
            if template
            else tr(
                "The sign-off stands under every mail and letter of the council. Nobody can change it while writing."
            )
        )
        self._back.setVisible(own and (template is None or template.is_shipped))
        self._drop.setVisible(template is not None and not template.is_shipped)
        self._copy.setVisible(template is not None)
        self._try()

    def _try(self) -> None:
        """Show what the text makes of the example, or what is wrong with it and in which line."""
        from member_tracker.services.wording import try_sign_off, try_template

        if self._tried is not None:
            self._tried.cancel()
        text, template = self._text.toPlainText(), self._template()
        self._tried = self.desk.ask(
            lambda _app: try_sign_off(text) if template is None else try_template(text, template.use),
            owner=self,
            done=self._show_made,
            failed=self._refuse,
        )

    def _show_made(self, made: str) -> None:
        self._wrong.hide()
        self._seen.setPlainText(made)

    def _refuse(self, error: TrackerError) -> None:
        self._wrong.setText(tr("{error} What was kept is still there.").format(error=error))
        self._wrong.show()
        self._seen.clear()

    def _template(self) -> Template | None:
        """The template that is chosen; None where it is the sign-off."""
        found = self._wording.templates if self._wording else ()
        return next((each for each in found if each.id == self._shown), None)

    def _is_changed(self) -> bool:
        return self._wording is not None and self._text.toPlainText() != self._kept

    def _show_names(self) -> None:
        use = template.use if (template := self._template()) else None
        Asking(
            self,
            name="templateNamesList",
            title=tr("Names a template may have"),
            explanation=tr("Put a name in double braces, and it is filled in when somebody writes."),
            field=tr("&Names"),
            agree=tr("&Close"),
            text=_names_in_words(use),
            fixed=True,
        ).open()


def _names_in_words(use: Use | None) -> str:
    lines = [f"{{{{ {name} }}}}: {meaning}" for name, meaning in NAMES.items()]
    needed = [tr("It must have {name} in it.").format(name=f"{{{{ {name} }}}}") for name in (use.needed if use else ())]
    example = "{% if area.direct_number %}\nRing {{ area.direct_number }}.\n{% endif %}"
    return "\n".join([*needed, *lines, "", tr("What is only said where it is known:"), example])


def _pane(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setTabChangesFocus(True)
    return made
