"""One table of a settings file, read key by key; whatever is wrong is refused naming file, key and what to write."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from member_tracker.domain.errors import Invalid

_Word = TypeVar("_Word", bound=StrEnum)


class BadFile(Invalid):
    """A settings file says something that cannot be used: which file, under which key, and what to write instead."""

    def __init__(self, file: str, key: str, wrong: str, *, advice: str) -> None:
        super().__init__(f"{file}: {f'{key}: ' if key else ''}{wrong}", advice=advice)
        self.file = file
        self.key = key


class SettingsTable:
    """A table of a settings file; every value is asked for once, and `finish` refuses keys nobody asked for."""

    def __init__(self, file: str, content: Mapping[str, object], place: str = "") -> None:
        self.file = file
        self.place = place
        self._content = content
        self._asked: set[str] = set()

    def bad(self, key: str, wrong: str, advice: str) -> BadFile:
        """The refusal of what stands under `key`."""
        return BadFile(self.file, f"{self.place} {key}".strip(), wrong, advice=advice)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def text(self, key: str, default: str | None = None) -> str:
        """Words; required where there is no default."""
        value = self._value(key, default, f'Write {key} = "…".')
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.bad(key, f"{_shown(value)} is not a text.", f'Write {key} = "…" in quotation marks.')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; none where the key is missing."""
        value = self._value(key, [], "")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(key, f"{_shown(value)} is not a list of texts.", f'Write {key} = ["…", "…"].')
        return tuple(value)

    def word(self, key: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """One of a fixed list of words; required where there is no default."""
        return self._one_of(key, self._value(key, default, f"Write {key} = one of: {', '.join(words)}."), words)

    def word_or_none(self, key: str, words: type[_Word]) -> _Word | None:
        """One of a fixed list of words; None where the key is missing."""
        return self.word(key, words) if self.has(key) else None

    def words(self, key: str, words: type[_Word]) -> tuple[_Word, ...]:
        """A list of words out of a fixed list; none where the key is missing."""
        return tuple(self._one_of(key, item, words) for item in self.texts(key))

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 100_000) -> int:
        """A whole number between `least` and `most`."""
        value = self._value(key, default, f"Write {key} = a whole number from {least}.")
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.bad(key, f"{_shown(value)} will not do.", f"Write a whole number from {least} to {most}.")
        return value

    def percent(self, key: str) -> float:
        """A share from 0 to 100."""
        return self.number(key, most=100)

    def number(self, key: str, *, most: float = 1_000_000) -> float:
        """A number from 0 to `most`."""
        value = self._value(key, None, f"Write {key} = a number.")
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.bad(key, f"{_shown(value)} will not do.", f"Write a number from 0 to {most:g}.")
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._value(key, default, "")
        if not isinstance(value, bool):
            raise self.bad(key, f"{_shown(value)} is neither yes nor no.", f"Write {key} = true or {key} = false.")
        return value

    def day(self, key: str) -> date | None:
        """A date; None where the key is missing."""
        value = self._content.get(key)
        self._asked.add(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.bad(key, f"{_shown(value)} is not a date.", f"Write {key} = 2026-04-01, no quotation marks.")
        return value

    def table(self, key: str) -> "SettingsTable | None":
        """A table of its own; None where the key is missing."""
        value = self._content.get(key)
        self._asked.add(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.bad(key, f"{_shown(value)} is not a table.", f"Write {key} = {{ … }}.")
        return SettingsTable(self.file, value, f"{self.place} {key}".strip())

    def tables(self, key: str, name: str = "id") -> "Iterable[SettingsTable]":
        """Each of a list of tables, placed by its own name or number; none where the key is missing."""
        value = self._value(key, [], "")
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, f"{_shown(value)} is not a list of tables.", f"Begin each with a line [[{key}]].")
        for number, item in enumerate(value, start=1):
            yield SettingsTable(self.file, item, f"{self.place} {key} {item.get(name, number)},".strip())

    def finish(self) -> None:
        """Refuse any key nobody asked for, naming the nearest one that is known."""
        for key in self._content:
            if key not in self._asked:
                from difflib import get_close_matches  # where all is well nobody needs it

                nearest = get_close_matches(key, self._asked, 1)
                advice = f"Write {nearest[0]} instead, or take it out." if nearest else "Take it out."
                raise self.bad(key, "this key is not known.", f"{advice} Known here: {', '.join(sorted(self._asked))}.")

    def _value(self, key: str, default: object, advice: str) -> object:
        self._asked.add(key)
        value = self._content.get(key, default)
        if value is None:
            raise self.bad(key, "this is missing.", advice)
        return value

    def _one_of(self, key: str, value: object, words: type[_Word]) -> _Word:
        try:
            return words(str(value))
        except ValueError:
            advice = f"Write one of: {', '.join(words)}."
            raise self.bad(key, f"{_shown(value)} is not one of the words known here.", advice) from None


def read_settings(file: str, text: str) -> SettingsTable:
    """The whole of a settings file; `BadFile` where it is not written as TOML."""
    try:
        return SettingsTable(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        advice = "Put that line right, then try again."
        raise BadFile(file, "", f"it cannot be read: {wrong}.", advice=advice) from wrong


def _shown(value: object) -> str:
    return f"“{value}”"
