"""Records as JSON, field by field, for whoever is not this program."""

from collections.abc import Mapping

from member_tracker.domain.change import RecordKind
from member_tracker.store.kept import Record
from member_tracker.store.shapes import every_shape, shape_of


def kinds() -> Mapping[RecordKind, type[Record]]:
    """Every kind of record with its type."""
    return {shape.kind: shape.of for shape in every_shape()}


def as_json(value: Record) -> dict[str, object]:
    """All fields of a record: moments in UTC, days and words as they are stored."""
    return shape_of(type(value)).every_plain(value)
