"""What ships with the program in `resources/`: charters, bank holidays, templates, practice mail."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def shipped(*parts: str) -> Traversable:
    """The shipped file or folder at `parts` below `resources/`."""
    return files("resources").joinpath(*parts)
