"""A charter file read into a `Charter`: one figure a line, each with the document and paragraph it comes from."""

import re
from datetime import date

from member_tracker.domain.charter import (
    Charter,
    CharterId,
    Indicator,
    Share,
    Standard,
    StandardId,
    Target,
    Unit,
    Use,
    YearTarget,
)
from member_tracker.domain.settings_table import SettingsTable, read_settings
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage, Start


def read_charter(file: str, text: str) -> Charter:
    """The charter that `text` describes; `BadFile`, naming file, key and what to write, where it cannot be used."""
    table = read_settings(file, text)
    charter = Charter(
        id=CharterId(table.text("id")),
        title=table.text("title"),
        councils=table.texts("councils"),
        uses=table.words("uses", Use) or (Use.CONTACT,),
        service_area=table.text("service_area", ""),
        from_on=table.day("from"),
        until_on=table.day("to"),
        dates_note=table.text("dates_note", ""),
        trial_until=table.day("trial_until"),
        approved_by=table.text("approved_by", ""),
        approved_on=table.day("approved_on"),
        version=table.text("version", ""),
        owner=table.text("owner", ""),
        review_on=table.day("review_on"),
        after_hours=table.word("after_hours", AfterHours, AfterHours.SAME_DAY),
        day_received=table.whole("day_received", 0, most=1),
        pauses=table.truth("pauses", default=False),
        holding_stops=table.truth("holding_reply_stops", default=False),
        holding_source=table.text("holding_reply_source", ""),
        example=table.truth("example", default=False),
        notes=table.texts("notes"),
        standards=tuple(_standard(standard) for standard in table.tables("standard")),
        indicators=tuple(_indicator(indicator) for indicator in table.tables("indicator")),
    )
    table.finish()
    _must_run_forwards(table, charter.from_on, charter.until_on)
    if charter.holding_stops and not charter.holding_source:
        raise table.bad(
            "holding_reply_source",
            "a holding reply stops the clock only where the charter says so.",
            'Write where it does, holding_reply_source = "policy para 3", or take holding_reply_stops out.',
        )
    _must_differ(table, "standard", [standard.id for standard in charter.standards])
    _must_differ(table, "indicator", [indicator.id for indicator in charter.indicators])
    return charter


def _standard(table: SettingsTable) -> Standard:
    standard = Standard(
        id=StandardId(table.text("id")),
        source=table.text("source"),
        channels=table.words("channels", Channel),
        kinds=table.words("kinds", Kind),
        stage=table.word_or_none("stage", Stage),
        only_for=table.text("only_for", ""),
        acknowledge=_target(table.table("acknowledge")),
        respond=_target(table.table("respond")),
        after_return=_target(table.table("after_return")),
        share=_share(table.table("share")),
        decided_by=table.text("decided_by", ""),
        notes=table.text("notes", ""),
    )
    table.finish()
    if standard.stage is not None and standard.kinds != (Kind.COMPLAINT,):
        raise table.bad("stage", "only complaints have stages.", 'Write kinds = ["complaint"], or take the stage out.')
    if standard.acknowledge and standard.acknowledge.starts is Start.ACKNOWLEDGED:
        raise table.bad("acknowledge", "it cannot start at itself.", 'Write starts = "received" or starts = "sent".')
    return standard


def _target(table: SettingsTable | None) -> Target | None:
    if table is None:
        return None
    unit = table.word("unit", Unit)
    amount = 0 if unit is Unit.NO_TIME_STATED else table.whole("within", least=1, most=1_000)
    target = Target(
        amount=amount,
        unit=unit,
        starts=table.word("starts", Start, Start.RECEIVED),
        words=table.text("words", ""),
        source=table.text("source"),
    )
    table.finish()
    return target


def _share(table: SettingsTable | None) -> Share | None:
    if table is None:
        return None
    share = Share(percent=table.percent("percent"), source=table.text("source"))
    table.finish()
    return share


def _indicator(table: SettingsTable) -> Indicator:
    indicator = Indicator(
        id=table.text("id"),
        title=table.text("title"),
        source=table.text("source"),
        councils=table.texts("councils"),
        unit=table.text("unit", "percent"),
        higher_is_better=table.truth("higher_is_better", default=True),
        targets=tuple(_year_target(target) for target in table.tables("targets", "year")),
        forum=table.text("forum", ""),
        every=table.text("every", ""),
        from_on=table.day("from"),
        until_on=table.day("to"),
        notes=table.text("notes", ""),
    )
    table.finish()
    _must_run_forwards(table, indicator.from_on, indicator.until_on)
    return indicator


def _year_target(table: SettingsTable) -> YearTarget:
    from_on, until_on = _year_of_account(table) if table.has("year") else (None, None)
    target = YearTarget(value=table.number("value"), source=table.text("source"), from_on=from_on, until_on=until_on)
    table.finish()
    return target


def _year_of_account(table: SettingsTable) -> tuple[date, date]:
    """First and last day of a year such as 2023/24, which begins on 1 April."""
    written = table.text("year")
    year = re.fullmatch(r"(20\d\d)/(\d\d)", written, re.ASCII)
    if year is None or (int(year[1]) + 1) % 100 != int(year[2]):
        raise table.bad("year", f"“{written}” is not a year of account.", 'Write year = "2023/24".')
    return date(int(year[1]), 4, 1), date(int(year[1]) + 1, 3, 31)


def _must_run_forwards(table: SettingsTable, from_on: date | None, until_on: date | None) -> None:
    if from_on and until_on and until_on < from_on:
        raise table.bad("to", f"{until_on} is before {from_on}.", "Write a last day that is not before the first.")


def _must_differ(table: SettingsTable, key: str, ids: list[str]) -> None:
    for place, id_ in enumerate(ids):
        if id_ in ids[:place]:
            raise table.bad(f"{key} {id_}", "this id is used twice.", "Give each an id of its own.")
