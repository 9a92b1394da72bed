"""What the page of changes to sort out asks: each clash and each change not taken, in words."""

from dataclasses import dataclass
from datetime import datetime

from member_tracker.app import App
from member_tracker.services.clock_error import WrongTime, wrong_times
from member_tracker.services.conflicts import Clash, conflicts
from member_tracker.services.hub_health import clock_error_in_words
from member_tracker.services.not_accepted import NotAccepted, not_accepted
from member_tracker.services.shown_values import field_in_words
from ui.language import tr
from ui.widgets.shown_text import shown_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClash:
    """A field that two people changed at once, in words: what stands and the other value, and who wrote each when.

    `changed_since`: what stands now was written later than either.
    """

    id: str
    about: str
    field: str
    stands: str
    other: str
    by: str
    at: datetime
    kept_by: str | None
    kept_at: datetime | None
    changed_since: bool


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
class ShownTimes:
    """An enquiry logged on a wrong clock: each time by its name, as it is and as it would be."""

    about: str
    wrong: str
    times: tuple[tuple[str, datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSortOut:
    """All that waits for somebody."""

    clashes: tuple[ShownClash, ...] = ()
    refused: tuple[ShownRefusal, ...] = ()
    times: tuple[ShownTimes, ...] = ()


def read_to_sort_out(app: App) -> ToSortOut:
    """What waits to be sorted out now."""
    return ToSortOut(
        clashes=tuple(_clash(clash) for clash in conflicts(app)),
        refused=tuple(_refusal(each) for each in not_accepted(app)),
        times=tuple(_times(each) for each in wrong_times(app)),
    )


def _times(each: WrongTime) -> ShownTimes:
    return ShownTimes(
        about=shown_text(f"{each.reference} {each.subject}"),
        wrong=clock_error_in_words(each.ahead),
        times=tuple((field_in_words(name), was, becomes) for name, (was, becomes) in each.times.items()),
    )


def _clash(clash: Clash) -> ShownClash:
    return ShownClash(
        id=clash.id,
        about=shown_text(clash.about),
        field=field_in_words(clash.field),
        stands=shown_text(clash.stands),
        other=shown_text(clash.other),
        by=clash.by or tr("somebody"),
        at=clash.at,
        kept_by=None if clash.changed_since else clash.kept_by,
        kept_at=None if clash.changed_since else clash.kept_at,
        changed_since=clash.changed_since,
    )


def _refusal(each: NotAccepted) -> ShownRefusal:
    reference = f"{each.reference} " if each.reference else ""
    field = f": {field_in_words(each.field).lower()}" if each.field else ""
    about = shown_text(f"{reference}{each.about}{field}")
    return ShownRefusal(id=each.id, about=about, said=shown_text(each.said), why=each.why)
