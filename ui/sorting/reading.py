"""What the page of changes to sort out asks: each clash and each change not taken, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from member_tracker.app import App
from member_tracker.domain.change import Conflict
from member_tracker.domain.dates import LONDON
from member_tracker.services.conflicts import conflicts
from member_tracker.services.not_accepted import NotAccepted, not_accepted
from ui.widgets.shown_text import shown_text
from ui.words import capital

_NOTHING = "(nothing)"
_YES_NO = {True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClash:
    """A field that two people changed at once, in words: what stands, and the other value with who wrote it when."""

    id: str
    about: str
    field: str
    stands: str
    other: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRefusal:
    """A change the hub did not take, in words: which, what it said, and why."""

    id: str
    about: str
    said: str
    why: str

    @property
    def copied(self) -> str:
        """All of it, for use elsewhere."""
        return f"{self.about}\n{self.said}\n{self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSortOut:
    """All that waits for somebody."""

    clashes: tuple[ShownClash, ...] = ()
    refused: tuple[ShownRefusal, ...] = ()


def read_to_sort_out(app: App) -> ToSortOut:
    """What waits to be sorted out now."""
    clashes = conflicts(app)
    with app.store.reading() as tx:
        times = {clash.id: tx.get(Conflict, clash.id).at for clash in clashes}
    return ToSortOut(
        clashes=tuple(
            ShownClash(
                id=clash.id,
                about=shown_text(clash.about),
                field=field_words(clash.field),
                stands=value_words(clash.kept),
                other=value_words(clash.lost),
                by=clash.by or "somebody",
                at=times[clash.id],
            )
            for clash in clashes
        ),
        refused=tuple(_refusal(each) for each in not_accepted(app)),
    )


def field_words(name: str) -> str:
    """A field in words: “Service area” for `service_area_id`."""
    return capital(name.removesuffix("_id").replace("_", " ")) or "The whole record"


def value_words(value: object) -> str:
    """A value as a person reads it: no word of it is left out."""
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, Mapping):
        said = (f"{field_words(str(name))}: {value_words(each)}" for name, each in value.items() if each is not None)
        return "\n".join(said)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(each) for each in value) or _NOTHING
    return shown_text(_moment_or_text(str(value)))


def _moment_or_text(text: str) -> str:
    """A moment on the office clock, where the text is one; else the text."""
    if "T" not in text[:11]:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.astimezone(LONDON):%d %b %Y, %H:%M}" if moment.tzinfo else text


def _refusal(each: NotAccepted) -> ShownRefusal:
    reference = f"{each.reference} " if each.reference else ""
    field = f": {field_words(each.field).lower()}" if each.field else ""
    about = shown_text(f"{reference}{each.about}{field}")
    return ShownRefusal(id=each.id, about=about, said=value_words(each.value), why=each.why)
