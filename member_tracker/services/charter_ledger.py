"""The sets of standards of one's council as a ledger: each promise in words, with where it is written."""

from dataclasses import dataclass

from member_tracker.domain.charter import Charter, Standard
from member_tracker.domain.dates import day_in_words
from member_tracker.services.parts import App, the_council


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One standard: which contact it is for, both times in words (empty: none was set), and its source."""

    contact: str
    acknowledge: str
    respond: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterPage:
    """One set of standards; `is_in_force` is whether it judges what comes in today."""

    charter_id: str
    title: str
    dates: str
    is_in_force: bool
    promises: tuple[Promise, ...]


def charters_here(app: App) -> tuple[CharterPage, ...]:
    """The sets of one's council, and those it adopted, with every standard; what is in force today first."""
    with app.store.reading() as tx:
        council = the_council(tx)
    found = [_page(app, charter) for charter in app.charters.of_council(council.name, council.adopted)]
    return tuple(sorted(found, key=lambda page: not page.is_in_force))


def _page(app: App, charter: Charter) -> CharterPage:
    today = app.today()
    begun = charter.from_on is not None and charter.from_on <= today
    ended = charter.until_on is not None and charter.until_on < today
    return CharterPage(
        charter_id=charter.id,
        title=charter.title,
        dates=_dates(charter),
        is_in_force=begun and not ended,
        promises=tuple(_promise(standard) for standard in charter.standards),
    )


def _dates(charter: Charter) -> str:
    if charter.from_on is None:
        return "Only where it is chosen by name"
    until = f" until {day_in_words(charter.until_on)}" if charter.until_on else ""
    return f"From {day_in_words(charter.from_on)}{until}"


def _promise(standard: Standard) -> Promise:
    channels = ", ".join(channel.words for channel in standard.channels) or "Any channel"
    kinds = ", ".join(kind.words.lower() for kind in standard.kinds)
    stage = standard.stage.words.lower() if standard.stage else ""
    about = [part for part in (channels, kinds, stage, standard.only_for) if part]
    sources = dict.fromkeys(
        part
        for part in (
            standard.source,
            standard.acknowledge.source if standard.acknowledge else "",
            standard.respond.source if standard.respond else "",
        )
        if part
    )
    return Promise(
        contact=": ".join((about[0], ", ".join(about[1:]))) if len(about) > 1 else about[0],
        acknowledge=standard.acknowledge.within if standard.acknowledge else "",
        respond=standard.respond.within if standard.respond else "",
        source="; ".join(sources),
    )
