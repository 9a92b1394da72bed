"""What is exchanged and announced when something changes: ops, change sets and conflicts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NewType

from member_tracker.domain.vocabulary import Word

OpId = NewType("OpId", str)


class RecordKind(Word):
    """The kinds of record that are kept, shared and announced."""

    COUNCIL = "council"
    WARD = "ward"
    COUNCILLOR = "councillor"
    SUPPORT_OFFICER = "support_officer"
    RESIDENT = "resident"
    SERVICE_AREA = "service_area"
    OUTSIDE_BODY = "outside_body"
    ENQUIRY = "enquiry"
    ENTRY = "entry"
    SUGGESTION = "suggestion"
    MAIL = "mail"
    OUTGOING = "outgoing"
    CONFLICT = "conflict"


class Verb(Word):
    """What an op does to its record."""

    CREATE = "create"
    SET = "set"
    ADD = "add"
    REMOVE = "remove"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """One edit of one field, kept until the hub has answered for it.

    `base` is the id of the op its author had seen for that field (None: the field was never set); never a time.
    For `create` the field is empty and `value` holds all fields; for `add` and `remove` it is one element of a set.
    """

    id: OpId
    verb: Verb
    kind: RecordKind
    record_id: str
    field: str
    value: object
    base: OpId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Which records a commit touched, by kind; `everything` means another process wrote and all may have changed."""

    ids: Mapping[RecordKind, frozenset[str]] = field(default_factory=dict)
    everything: bool = False

    def touches(self, *kinds: RecordKind) -> bool:
        """Whether a record of one of these kinds may have changed."""
        return self.everything or any(self.ids.get(kind) for kind in kinds)

    @staticmethod
    def of(touched: Iterable[tuple[RecordKind, str]]) -> "ChangeSet":
        """The change set of the records touched."""
        found: dict[RecordKind, set[str]] = {}
        for kind, some in groupby(touched, key=itemgetter(0)):
            found.setdefault(kind, set()).update(record_id for _, record_id in some)
        return ChangeSet(ids={kind: frozenset(ids) for kind, ids in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two people changed one field without seeing each other's edit; both values are kept until a person settles it.

    `kept` is the value that stood at the hub, written by `kept_by` at `kept_at` (None: nobody knows), `lost` the other
    one as JSON, `by` whoever wrote that one. `settled` says which of them a person chose (None: nobody has yet).
    """

    id: str
    scope_id: str
    record_kind: str
    record_id: str
    field: str
    kept: object
    lost: object
    lost_op: OpId
    by: str | None
    at: datetime
    settled: str | None = None
    kept_by: str | None = None
    kept_at: datetime | None = None
