"""The wording of a council: the templates that ship, its own beside or in place of them, and its one sign-off.

Both are part of the council's record, so they reach every computer, and every change is in its history with its author.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Council
from member_tracker.domain.templates import Facts, OwnTemplate, Template, Use
from member_tracker.domain.values import one_line
from member_tracker.services.office_records import must_be_allowed
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import person_name
from member_tracker.services.template_reading import BadTemplate, filled, must_be_usable, names_in
from member_tracker.shipped import shipped
from member_tracker.store.store import Reading

_IN_SIGN_OFF = ("councillor.", "writer.", "council.")
LONGEST_SIGN_OFF = 12
"""Lines a sign-off may have."""
EXAMPLE: Facts = {
    "today": "Monday 23 November 2026",
    "councillor.name": "Cllr Ada Example",
    "writer.name": "Sam Sample",
    "council.name": "Example Council",
    "council.main_number": "01632 960000",
    "council.main_address": "Town Hall, Example",
    "area.name": "Housing",
    "area.direct_number": "01632 960001",
    "area.last_wrote": "Tuesday 24 November 2026",
    "enquiry.reference": "ENQ-7K3M-142-XR",
    "enquiry.subject": "Damp in a flat",
    "enquiry.kind": "enquiry",
    "enquiry.text": "The bedroom wall is wet. Please inspect it.",
    "enquiry.received": "09:12 on Monday 23 November 2026",
    "enquiry.acknowledge_by": "Wednesday 25 November 2026",
    "enquiry.answer_by": "Monday 7 December 2026",
    "resident.name": "Robin Resident",
    "resident.address": "1 Sample Street, Example",
    "resident.phone": "01632 960002",
    "resident.email": "robin@example.org",
    "resident.prefers": "email",
    "answer": "The gutter was mended on Monday and the wall has been treated.",
    "question": "Since when has the wall been wet, and in which room?",
    "how_we_help": "Cllr Ada Example has taken this up with Housing for you.",
    "how_long": "You can expect an answer by Monday 7 December 2026.",
    "keep_in_touch": "We will write to you when there is an answer.",
}
"""A made-up enquiry, to show what a template makes of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything a council says in mails and letters; `sign_off_is_own` where it changed the shipped one."""

    templates: tuple[Template, ...]
    sign_off: str
    sign_off_is_own: bool
    changes: tuple["WordingChange", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingChange:
    """One change to the sign-off or the templates: when, by whom (None: nobody said) and what of."""

    at: datetime
    by: str | None
    what: str


def wording(app: App) -> Wording:
    """The wording of this council as it is now, with what was changed of it, newest first."""
    with app.store.reading() as tx:
        council = the_council(tx)
        return Wording(
            templates=templates_of(council),
            sign_off=council.sign_off or shipped_text("sign_off"),
            sign_off_is_own=council.sign_off is not None,
            changes=_changes(tx, council),
        )


def templates_of(council: Council, uses: tuple[Use, ...] = tuple(Use)) -> tuple[Template, ...]:
    """The templates for these uses, the usual one for each use before others for it."""
    own = {template.id: template for template in council.templates}
    found: list[Template] = []
    for use in uses:
        usual = own.get(use.value)
        text = usual.text if usual else shipped_text(use.value)
        found.append(Template(id=use.value, name=use.words, use=use, text=text, is_own=usual is not None))
        found += [_own(each) for each in council.templates if each.use is use and each.id != use.value]
    return tuple(found)


def text_of(council: Council, template_id: str) -> str:
    """The text of a template of the council; raises `NotFound` where there is none of that id."""
    for template in templates_of(council):
        if template.id == template_id:
            return template.text
    raise NotFound("That template is not there any more.", advice="Choose another one.")


def from_template(council: Council, template_id: str, facts: Facts) -> str:
    """What a template makes of the facts, without the sign-off."""
    return filled(text_of(council, template_id), facts)


def signed(council: Council, body: str, facts: Facts) -> str:
    """The text with the council's sign-off under it."""
    return f"{body.strip()}\n\n{sign_off_of(council, facts)}"


def sign_off_of(council: Council, facts: Facts) -> str:
    """The council's sign-off as it stands under a mail or letter."""
    return filled(council.sign_off or shipped_text("sign_off"), facts)


def shipped_text(name: str) -> str:
    """The template that ships under that name."""
    return shipped("templates", f"{name}.txt").read_text(encoding="utf-8")


def try_template(text: str, use: Use | None = None) -> str:
    """What a text would make of the example; raises `BadTemplate` where it is none for that use."""
    must_be_usable(text, use)
    return filled(text, EXAMPLE)


def save_template(app: App, template: Template) -> Wording:
    """Keep the council's own wording in place of the shipped one, or as one more; what was there stays if it is bad."""
    name = one_line(template.name)
    if not name:
        raise Invalid("The template has no name.", advice="Give it a name that says what it is for.")
    must_be_usable(template.text, template.use)
    new = OwnTemplate(id=template.id or app.new_id(), name=name, use=template.use, text=template.text)

    def with_it(council: Council) -> Council:
        taken = {each.name.casefold() for each in templates_of(council) if each.id != new.id}
        if name.casefold() in taken:
            raise NotAllowed(f"There is a template “{name}” already.", advice="Give this one another name.")
        others = tuple(each for each in council.templates if each.id != new.id)
        if new.id == new.use.value and new.text == shipped_text(new.id):
            return replace(council, templates=others)
        return replace(council, templates=(*others, new))

    return _change(app, with_it)


def drop_template(app: App, template_id: str) -> Wording:
    """Go back to the shipped wording, or take away one the council added."""

    def without_it(council: Council) -> Council:
        return replace(council, templates=tuple(each for each in council.templates if each.id != template_id))

    return _change(app, without_it)


def save_sign_off(app: App, text: str | None) -> Wording:
    """Keep the sign-off that closes every mail and letter of this council; None goes back to the shipped one."""
    if text is not None:
        _must_be_a_sign_off(text)
    same = text is None or text.strip() == shipped_text("sign_off").strip()
    return _change(app, lambda council: replace(council, sign_off=None if same else text))


def try_sign_off(text: str) -> str:
    """The sign-off as it would stand under a mail of the example; raises `BadTemplate` or `Invalid`."""
    _must_be_a_sign_off(text)
    return filled(text, EXAMPLE)


def _must_be_a_sign_off(text: str) -> None:
    if not text.strip():
        raise Invalid("The sign-off is empty.", advice="Write how mails and letters of the council end.")
    if len(text.strip().splitlines()) > LONGEST_SIGN_OFF:
        raise Invalid(f"The sign-off has more than {LONGEST_SIGN_OFF} lines.", advice="Make it shorter.")
    must_be_usable(text)
    if not all(name.startswith(_IN_SIGN_OFF) for name in names_in(text)):
        raise BadTemplate(
            "The sign-off stands under every mail, so it cannot say anything of one enquiry.",
            advice="Name only the councillor, the writer and the council.",
        )


def _change(app: App, changed: Callable[[Council], Council]) -> Wording:
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, "Templates and the sign-off")
        tx.save(changed(the_council(tx)))
    return wording(app)


def _own(template: OwnTemplate) -> Template:
    return Template(id=template.id, name=template.name, use=template.use, text=template.text, is_own=True)


_CALLED = {"sign_off": "Sign-off", "templates": "Templates"}


def _changes(tx: Reading, council: Council) -> tuple[WordingChange, ...]:
    """Every change to the wording that this computer made or heard of, newest first."""
    return tuple(
        WordingChange(
            at=row.at,
            by=person_name(tx, row.author),
            what=_CALLED[field],
        )
        for row in reversed(tx.history(RecordKind.COUNCIL, council.id))
        for field in row.changes
        if field in _CALLED
    )
