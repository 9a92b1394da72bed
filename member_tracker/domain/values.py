"""What all frozen values share."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

V = TypeVar("V")


def with_fields(value: V, fields: Mapping[str, object]) -> V:
    """A copy of a frozen value with the fields of these names changed; `TypeError` for a name it does not have."""
    frozen: Any = value
    changed: V = replace(frozen, **fields)
    return changed
