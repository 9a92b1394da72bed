"""The council's own record as the office keeps it: its name, what stands under mails and letters, when letters go."""

from dataclasses import dataclass, replace

from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, TrackerError
from member_tracker.domain.people import Council
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.writing import ONLY_WITHOUT_EMAIL, PREFERRED
from member_tracker.services.office_records import must_be_allowed, why_not_here
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import clean_name, same_name
from member_tracker.services.wording import EXAMPLE, sign_off_of
from member_tracker.store.store import Reading

MOST_LINES = 6
"""Lines the address may have."""
LONGEST_LINE = 80
"""Letters one line of the address may have."""
LONGEST_NUMBER = 40
_FEWEST_DIGITS = 3
_WHAT = "The council’s details"
_MADE_UP_NUMBERS = "01632960"
_MADE_UP_NAMES = ("@example.org", ".example.org")


class UnusableNumber(Invalid):
    """What is said to be the council's number is none that can be rung."""


class UnusableLetterhead(Invalid):
    """What is said to be the council's address does not fit the head of a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSaid:
    """What is said of the council; `address` in lines, the number and the address empty where none is to be shown.

    `only_without_email`: letters go only to residents without an email address, else to whoever prefers them too.
    """

    name: str
    number: str = ""
    address: str = ""
    only_without_email: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCouncil:
    """The council as it is kept, and `sign_off` as it stands with that under a mail of the example.

    `not_allowed` says why nothing may be changed here and `name_stays` why the name may not, empty where it may.
    `made_up` names what came made up and is so still; `deed` undoes what was just changed (None: nothing was).
    """

    said: CouncilSaid
    sign_off: str
    made_up: tuple[str, ...]
    name_stays: str
    not_allowed: str = ""
    deed: str | None = None


def office_council(app: App) -> OfficeCouncil:
    """The council of this profile as it is kept now."""
    with app.store.reading() as tx:
        return _as_kept(app, tx)


def keep_council(app: App, said: CouncilSaid, *, before: CouncilSaid) -> OfficeCouncil:
    """Keep what is said of the council in the place of `before`.

    Raises `Invalid` for what cannot be kept, `NotAllowed` where the hub lets others alone change it or the name has to
    stay, and `NotFound` where `before` was changed meanwhile.
    """
    said = _checked(said)
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        kept = the_council(tx)
        if _said(app, kept) != before:
            raise NotFound(
                "The council’s details were changed by somebody else meanwhile.",
                advice="Show what is kept now, and change that.",
            )
        if said == before:
            return _as_kept(app, tx)
        tx.save(_changed(app, kept, said, before))
        return replace(_as_kept(app, tx), deed=tx.deed)


def undo_council(app: App, deed: str) -> OfficeCouncil:
    """Put back what a deed here changed; refused where that was changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        tx.put_back(deed)
        return _as_kept(app, tx)


def _as_kept(app: App, tx: Reading) -> OfficeCouncil:
    council = the_council(tx)
    said = _said(app, council)
    return OfficeCouncil(
        said=said,
        sign_off=_sign_off(council, said),
        made_up=_made_up(said),
        name_stays=_why_name_stays(app, council.name),
        not_allowed=why_not_here(tx, _WHAT),
    )


def _said(app: App, council: Council) -> CouncilSaid:
    number, address = app.charters.contact(council)
    only = council.letters == ONLY_WITHOUT_EMAIL
    return CouncilSaid(name=council.name, number=number, address=address, only_without_email=only)


def _sign_off(council: Council, said: CouncilSaid) -> str:
    own = {"council.name": said.name, "council.main_number": said.number, "council.main_address": said.address}
    try:
        return sign_off_of(council, {**EXAMPLE, **own})
    except TrackerError as wrong:  # one written by a later version, which Templates and sign-off will say more of
        return str(wrong)


def _made_up(said: CouncilSaid) -> tuple[str, ...]:
    address = any(word.casefold().endswith(_MADE_UP_NAMES) for word in said.address.split())
    number = "".join(filter(str.isdigit, said.number)).startswith(_MADE_UP_NUMBERS)
    return tuple(name for name, is_so in (("telephone number", number), ("address", address)) if is_so)


def _why_name_stays(app: App, name: str) -> str:
    policy = app.profile.policy
    if policy.council:
        return f"The name is set by your council. To have it changed, ask {policy.ask}."
    if app.charters.council_named(name) is not None:
        return f"The charter and the opening hours of {name} go by this name, so it stays."
    return ""


def _checked(said: CouncilSaid) -> CouncilSaid:
    """The same as it is kept: no spare spaces, and no empty lines."""
    number = one_line(said.number)
    if len(number) > LONGEST_NUMBER or (number and sum(map(str.isdigit, number)) < _FEWEST_DIGITS):
        raise UnusableNumber(
            "That is no telephone number.", advice="Write it as it is dialled, such as 01257 515151, or leave it empty."
        )
    lines = [line for line in map(one_line, plain_text(said.address).splitlines()) if line]
    if len(lines) > MOST_LINES:
        raise UnusableLetterhead(
            f"The address has {len(lines)} lines, and {MOST_LINES} are the most.",
            advice="It stands at the head of every letter: put two short lines into one.",
        )
    if any(len(line) > LONGEST_LINE for line in lines):
        raise UnusableLetterhead(
            f"A line of the address is longer than {LONGEST_LINE} letters.", advice="Put it on two lines."
        )
    return replace(said, name=clean_name(said.name, "council"), number=number, address="\n".join(lines))


def _changed(app: App, kept: Council, said: CouncilSaid, before: CouncilSaid) -> Council:
    """The council with what differs from before; what nobody touched stays as it ships."""
    if said.name != before.name:
        _must_be_free(app, kept.name, said.name)
    changed = replace(kept, name=said.name)
    if said.number != before.number:
        changed = replace(changed, main_number=said.number)
    if said.address != before.address:
        changed = replace(changed, main_address=said.address)
    if said.only_without_email != before.only_without_email:
        changed = replace(changed, letters=ONLY_WITHOUT_EMAIL if said.only_without_email else PREFERRED)
    return changed


def _must_be_free(app: App, name: str, wanted: str) -> None:
    """Charters, calendars and opening hours go by a council's name, so nobody comes by another's."""
    why = _why_name_stays(app, name)
    if why:
        raise NotAllowed("The name of the council has to stay.", advice=why)
    if not same_name(name, wanted) and app.charters.council_named(wanted) is not None:
        raise NotAllowed(
            f"{one_line(wanted)} is a council with a charter of its own here.",
            advice="Set up another profile for it: its enquiries are judged by that charter from the start.",
        )
