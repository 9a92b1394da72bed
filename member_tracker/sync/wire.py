"""Ops, rows and greetings as JSON, the form in which they travel between laptop and hub."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.in_step import AsTold
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import Granted, Greeting, HubOp, Row, ScopeId
from member_tracker.sync.tidying import no_tidying

_MADE = tuple.__new__  # what `Row` does in the end, in a third of the time
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def op_text(ops: Sequence[HubOp]) -> str:
    """A batch of ops as JSON; characters no PostgreSQL can keep (NUL, half a surrogate pair) are replaced."""
    batch = [
        {
            "id": op.id,
            "verb": op.verb,
            "kind": op.kind,
            "record_id": op.record_id,
            "field": op.field,
            "value": op.value,
            "base": op.base,
            "author": op.author,
            "made_at": op.made_at.isoformat(),
            "seen": op.seen,
        }
        for op in ops
    ]
    text = json.dumps(batch, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text or not _is_utf8(text):
        text = json.dumps(_keepable(batch), ensure_ascii=False, separators=(",", ":"))
    return text


def row_of(said: Mapping[str, object] | None) -> Row | None:
    """A record as a receipt carries it; None where it carries none."""
    if said is None:
        return None
    fields, heads = said["fields"], said["heads"]
    return Row(
        kind=str(said["kind"]),
        id=str(said["id"]),
        scope_id=ScopeId(str(said["scope_id"])),
        hub_seq=_number(said["hub_seq"]),
        fields=fields if isinstance(fields, dict) else {},
        heads=heads if isinstance(heads, dict) else {},
        gone=bool(said["gone"]),
        erased=bool(said["erased"]),
    )


def rows_of(scope_id: ScopeId, told: Iterable[tuple[Any, ...]]) -> tuple[Row, ...]:
    """The rows of a page: kind, id, number, fields and heads as JSON, gone, erased."""
    with no_tidying():
        return tuple(
            [
                _MADE(Row, (kind, id_, scope_id, seq, AsTold(fields), AsTold(heads), gone, erased))
                for kind, id_, seq, fields, heads, gone, erased in told
            ]
        )


def greeting_of(said: Mapping[str, object]) -> Greeting:
    """What the hub said of itself; raises `NotAllowed` where it is nonsense."""
    try:
        return _greeting(said)
    except (KeyError, TypeError, ValueError):
        raise NotAllowed(
            "What answers there is no hub this program understands.",
            advice="Nothing was written. Check the address, and update this program.",
        ) from None


def _greeting(said: Mapping[str, object]) -> Greeting:
    grants = said["grants"]
    if not isinstance(grants, list):
        raise TypeError
    return Greeting(
        hub_id=str(said["hub_id"]),
        council_id=str(said["council_id"]),
        epoch=_number(said["epoch"]),
        schema_min=_number(said["schema_min"]),
        schema_cur=_number(said["schema_cur"]),
        head=_number(said["head"]),
        chain=str(said["chain"]),
        now=datetime.fromisoformat(str(said["now"])),
        login=str(said["login"]),
        person_id=None if said["person_id"] is None else str(said["person_id"]),
        role=Role(str(said["role"])),
        device=str(said["device"]),
        lease_days=_number(said["lease_days"]),
        tombstone_days=_number(said["tombstone_days"]),
        grants=tuple(
            Granted(
                scope_id=ScopeId(str(each["scope_id"])), can_write=bool(each["can_write"]), seq=_number(each["seq"])
            )
            for each in grants
        ),
    )


def _number(said: object) -> int:
    if not isinstance(said, int):
        raise TypeError
    return said


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _keepable(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", _INSTEAD).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {str(_keepable(name)): _keepable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_keepable(each) for each in value]
    return value
