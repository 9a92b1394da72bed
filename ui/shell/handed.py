"""Files that a file manager opens with the program. Nothing of Qt is imported here."""

from pathlib import Path

_KINDS = (".eml", ".msg", ".csv")


def is_handed(word: str) -> bool:
    """Whether a word of the command line is a file to be handed to the window."""
    return Path(word).suffix.casefold() in _KINDS
