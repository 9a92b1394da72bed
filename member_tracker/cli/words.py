"""Answers in words for people at a terminal; programs ask for --json."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from member_tracker.domain.dates import moment_in_words

Json = Mapping[str, object]


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under their headings, each column as wide as it needs."""
    texts = [[_cell(value) for value in row] for row in rows]
    heads = [name.replace("_", " ").capitalize() for name in columns]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)] if texts else [len(h) for h in heads]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return "\n".join(["  ".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)).rstrip(), *lines])


def due_in_words(answer: Json) -> str:
    """What `charter due` found, with the ledger."""
    head = [
        f"Charter: {answer['charter'] or 'none in force'}",
        f"Counts from: {answer['counts_from'] or 'unknown'}",
        f"Acknowledge by: {_due(answer['acknowledge_by'], answer['acknowledge_within'])}",
        f"Answer by: {_due(answer['respond_by'], answer['respond_within'])}",
    ]
    return "\n".join([*head, "", *ledger_in_words(answer["ledger"])]).rstrip()


def ledger_in_words(ledger: object) -> list[str]:
    """The ledger, a line a day, with a tick where the day counted."""
    entries = ledger if isinstance(ledger, list) else []
    return [f"  {entry['date']}  {'counts' if entry['counted'] else '      '}  {entry['reason']}" for entry in entries]


def enquiry_in_words(enquiry: Json) -> str:
    """What `show` found: the question, where it stands, what happened, and what waits for a decision."""
    lines = [
        f"{enquiry['reference']}  {enquiry['subject']}",
        f"{enquiry['status']} · {enquiry['state']}".replace("_", " "),
        f"For {enquiry['resident']}, raised by {enquiry['councillor']}, with {enquiry['service_area']}",
        f"Received at {_when(enquiry['received_at'])} by {str(enquiry['channel']).replace('_', ' ')}",
        f"Acknowledge by {enquiry['acknowledge_by'] or 'no standard'}",
        f"Answer by {enquiry['respond_by'] or ('no day while it is paused' if _is_paused(enquiry) else 'no standard')}",
        f"{enquiry['why']}",
        *_passed_along(enquiry),
        "",
        f"{enquiry['text']}",
        "",
        "What happened",
        *(f"  {_when(_of(entry, 'at'))}: {_of(entry, 'text')}{_from(entry)}" for entry in _list(enquiry["timeline"])),
    ]
    waiting = [found for found in _list(enquiry["suggestions"]) if _of(found, "state") == "open"]
    if waiting:
        lines += ["", "Waiting for your decision: member-tracker accept REFERENCE SUGGESTION"]
        lines += [f"  {_of(found, 'id')}  {_of(found, 'proposal')}: “{_of(found, 'sentence')}”" for found in waiting]
    return "\n".join(lines)


def _is_paused(enquiry: Json) -> bool:
    return any(not _of(pause, "until_at") for pause in _list(enquiry["pauses"]))


def _passed_along(enquiry: Json) -> list[str]:
    """What was promised, what a holding reply left out, and which enquiries are one with this."""
    lines = [
        f"Promised by {_of(promise, 'made_by')} for {_of(promise, 'promised_on')}: {_of(promise, 'state')}"
        for promise in _list(enquiry["promises"])
    ]
    if chaser := _of(enquiry["holding"], "chaser"):
        lines.append(f"The holding reply has gaps. You could write: “{chaser}”")
    if enquiry["merged_into"]:
        lines.append(f"Merged into {enquiry['merged_into']}")
    if enquiry["absorbed"]:
        lines.append(f"Merged with {_cell(enquiry['absorbed'])}")
    return lines


def _due(day: object, within: object) -> str:
    if day and within:
        return f"{day} ({within})"
    return str(day or within or "no standard")


def _when(moment: object) -> str:
    return moment_in_words(datetime.fromisoformat(str(moment)))


def _from(entry: object) -> str:
    reference = _of(entry, "merged_from")
    return f" [{reference}]" if reference else ""


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _of(entry: object, name: str) -> str:
    return _cell(entry.get(name)) if isinstance(entry, Mapping) else ""
