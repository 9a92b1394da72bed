"""The log of a profile: facts with their identifiers, in a small file, and nothing a resident said.

Beside it a second, smaller one for whoever looks into a fault: of each line only what the program's author wrote, the
numbers in it, and where in the program it was. It can be shown to somebody else as it is.
"""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE, BARE_FILE = "member-tracker.log", "member-tracker-bare.log"
_MOST_BYTES, _MOST_BARE_BYTES = 500_000, 60_000
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LARGEST_NUMBER = 999_999
_OWN_FOLDERS = ("member_tracker", "ui", "resources")


class Logbook:
    """Writes what the program logs into the profile's folder until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._handlers = (_handler(folder / FILE, _MOST_BYTES, 2), _handler(folder / BARE_FILE, _MOST_BARE_BYTES, 1))
        for handler, formatter in zip(self._handlers, (logging.Formatter(_FORMAT), _Bare()), strict=True):
            handler.setFormatter(formatter)
        self._loggers = [logging.getLogger(name) for name in ("member_tracker", "ui")]
        for logger in self._loggers:
            logger.setLevel(logging.INFO)
            for handler in self._handlers:
                logger.addHandler(handler)

    def close(self) -> None:
        """Write no more."""
        for handler in self._handlers:
            for logger in self._loggers:
                logger.removeHandler(handler)
            handler.close()


def frames_of(error: BaseException) -> str:
    """Where in the program an error came about and of what kind it is and what led to it are; none of its words."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines += [f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in _frames(cause)]
        lines.append(f"  {type(cause).__name__}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


class _Bare(logging.Formatter):
    """A line as it stands in the program, without what was put into it."""

    def format(self, record: logging.LogRecord) -> str:
        """When, how grave, where, what, the numbers, and for an error where it came about."""
        said = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        given = record.args if isinstance(record.args, tuple) else ()
        numbers = [value for value in given if isinstance(value, int | float) and abs(value) <= _LARGEST_NUMBER]
        lines = [f"{self.formatTime(record)} {record.levelname} {record.name}: {said.splitlines()[0] if said else ''}"]
        lines += [f"  with {', '.join(map(str, numbers))}"] if numbers else []
        error = record.exc_info[1] if record.exc_info else getattr(record, "error", None)
        lines += [frames_of(error)] if isinstance(error, BaseException) else []
        return "\n".join(lines)


def _handler(file: Path, most: int, kept: int) -> RotatingFileHandler:
    return RotatingFileHandler(file, maxBytes=most, backupCount=kept, encoding="utf-8", delay=True)


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def _place(file: str) -> str:
    """A file of the program by its path inside it, another by its name alone: folders may bear a person's name."""
    parts = Path(file).parts
    own = next((number for number in range(len(parts) - 1, -1, -1) if parts[number] in _OWN_FOLDERS), None)
    return parts[-1] if own is None else "/".join(parts[own:])
