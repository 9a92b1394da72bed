"""What was logged while this computer's clock was wrong: times as they are and would be, put right at once."""

from typing import TYPE_CHECKING

from member_tracker.domain.dates import local_date
from ui.desk import Desk
from ui.sorting.reading import ShownTimes
from ui.table import Column
from ui.widgets.decisions import Decisions, Listed
from ui.widgets.parts import button
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 5
_LETTERS = (0, 21, 23, 23)
_WHY = (
    "These times were taken from this computer's clock while it was wrong. Putting them right shifts all of them by "
    "what it was wrong, and counts the due dates again. Ctrl+Z at an enquiry takes that back."
)


class WrongTimesPart(Decisions[ShownTimes]):
    """Lists enquiries with wrong times; one press puts all of them right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Listed(
                name="wrongTimes",
                heading="Logge&d while the clock was wrong",
                spoken="Logged while the clock was wrong",
                why=_WHY,
                columns=_columns(desk),
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        self.offer(
            button("&Put all these times right", self._correct, name="correctTimes", kind="first"),
            button("They are &right as they are", self._leave, name="leaveTimes"),
        )

    def _correct(self) -> None:
        def deed(app: "App") -> int:
            from member_tracker.services.clock_error import correct_times

            return correct_times(app)

        def words(count: int) -> str:
            return f"The times of {count} {'enquiry' if count == 1 else 'enquiries'} were put right."

        self.decide(deed, words)

    def _leave(self) -> None:
        def deed(app: "App") -> None:
            from member_tracker.services.clock_error import leave_times

            leave_times(app)

        self.decide(deed, lambda _done: "The times stay as they are.")


def _columns(desk: Desk) -> tuple[Column[ShownTimes], ...]:
    def lines(shown: ShownTimes, place: int) -> str:
        today = local_date(desk.now())
        return "\n".join(short_moment(both[place], today) for _name, *both in shown.times)

    def spoken(shown: ShownTimes) -> str:
        return (
            f"{shown.about}, {names(shown)}: {lines(shown, 0)}, would be {lines(shown, 1)}. The clock was {shown.wrong}"
        )

    def names(shown: ShownTimes) -> str:
        return "\n".join(name for name, *_both in shown.times)

    return (
        Column(heading="Enquiry", words=lambda shown: f"{shown.about}\nThe clock was {shown.wrong}", spoken=spoken),
        Column(heading="Time", words=names),
        Column(heading="It is", words=lambda shown: lines(shown, 0)),
        Column(heading="It would be", words=lambda shown: lines(shown, 1)),
    )
