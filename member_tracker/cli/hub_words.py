"""What the hub's administrators are told at a terminal; programs ask for --json."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from member_tracker.cli.words import table
from member_tracker.domain.dates import day_in_words, moment_in_words

Json = Mapping[str, object]


def users_in_words(rows: Sequence[Json]) -> str:
    """The accounts, a line each: whose casework each may see, until when, and when it was last in touch."""
    columns = ("login", "role", "person", "casework of", "devices", "last in touch", "")
    return table(columns, [_user(row) for row in rows])


def _user(row: Json) -> list[object]:
    seen = row["seen_at"]
    last = moment_in_words(datetime.fromisoformat(str(seen))) if seen else "never"
    shut = "disabled" if row["disabled"] else ""
    return [row["login"], row["role"], row["person"], _casework(row), row["devices"], last, shut]


def _casework(row: Json) -> str:
    named, until = row["councillors"], row["until"]
    if not isinstance(named, list) or not isinstance(until, dict):
        return "every councillor"
    lent = {name: f" until {day_in_words(date.fromisoformat(day))}" for name, day in until.items()}
    return ", ".join(f"{name}{lent.get(name, '')}" for name in named) or "nobody"


def status_in_words(status: Json) -> str:
    """How the hub stands: who uses it, what it holds, what waits for a person, and what it is made of."""
    size = int(str(status["bytes"])) / 1_000_000
    older = "" if status["schema_min"] == status["schema_cur"] else f"{status['schema_min']} to "
    lines = [
        f"{status['hub']}, on PostgreSQL {status['server']}",
        f"Accounts: {status['accounts']}, on {status['devices']} devices",
        f"Records: {status['records']}; files: {status['blobs']}; {size:,.1f} MB with all that belongs to them",
        f"Changes in the log: {status['ops']}, the last numbered {status['head']}",
        f"To be sorted out: {status['conflicts']}",
        f"Version of its tables: {status['version']}; it takes changes of form {older}{status['schema_cur']}",
        f"Restored from a back-up: {_times(int(str(status['epoch'])) - 1)}",
    ]
    return "\n".join(lines)


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def verified_in_words(answer: Json) -> str:
    """Whether the log is as it was written."""
    if answer["ok"]:
        return f"The log is whole: each of its {answer['ops']} lines is as it was written and leads on to the next."
    return (
        f"The log is broken at number {answer['broken_at']}: what was kept there has been changed or taken out.\n"
        "Keep a copy of the database as it is now, and find out who can write to it."
    )


def erased_in_words(answer: Json) -> str:
    """What was erased, and what must be seen to by hand."""
    return (
        f"{answer['records']} records are erased at the hub; every laptop follows at its next contact.\n"
        "Back-ups, exports and the mailboxes keep what they hold: see to those yourself."
    )
