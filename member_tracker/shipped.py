"""What ships with the program in `resources/`: charters, bank holidays, templates, practice mail."""

from pathlib import Path

import resources

_ROOT = Path(resources.__file__).parent


def shipped(*parts: str) -> Path:
    """The shipped file or folder at `parts` below `resources/`."""
    return _ROOT.joinpath(*parts)
