"""Records of every kind made by Hypothesis from the types of their fields."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import UnionType
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from member_tracker.domain.dates import LONDON

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = st.text(max_size=20)
_PLAIN: Mapping[type, st.SearchStrategy[Any]] = {
    str: _TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    datetime: st.builds(
        lambda passed, zone: (_EPOCH + passed).astimezone(zone),
        st.timedeltas(timedelta(days=-40_000), timedelta(days=90_000)),
        st.sampled_from([UTC, LONDON]),
    ).filter(lambda moment: moment == moment.astimezone(UTC)),
    date: st.dates(),
    object: st.none() | st.booleans() | _TEXT | st.lists(_TEXT, max_size=3),
}


def values(of: object) -> st.SearchStrategy[Any]:
    """Values of a type: a record, a field of one, or a part of that."""
    if isinstance(of, NewType):
        return values(of.__supertype__)
    if get_origin(of) in (Union, UnionType):
        return st.one_of([st.none() if each is type(None) else values(each) for each in get_args(of)])
    if get_origin(of) is tuple:
        return st.lists(values(get_args(of)[0]), max_size=3).map(tuple)
    if get_origin(of) is Mapping:
        return st.dictionaries(_TEXT, _TEXT, max_size=3)
    return _single(cast("type[Any]", of))


def _single(of: type[Any]) -> st.SearchStrategy[Any]:
    if dataclasses.is_dataclass(of):
        hints = get_type_hints(of)
        return st.builds(of, **{each.name: values(hints[each.name]) for each in dataclasses.fields(of)})
    return st.sampled_from(list(of)) if issubclass(of, Enum) else _PLAIN[of]
