"""The log of a profile: facts with their identifiers, in a small file, and nothing a resident said."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "member-tracker.log"
_MOST_BYTES = 500_000
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Logbook:
    """Writes what the program logs into the profile's folder until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._handler = RotatingFileHandler(
            folder / FILE, maxBytes=_MOST_BYTES, backupCount=2, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter(_FORMAT))
        self._loggers = [logging.getLogger(name) for name in ("member_tracker", "ui")]
        for logger in self._loggers:
            logger.addHandler(self._handler)
            logger.setLevel(logging.INFO)

    def close(self) -> None:
        """Write no more."""
        for logger in self._loggers:
            logger.removeHandler(self._handler)
        self._handler.close()
