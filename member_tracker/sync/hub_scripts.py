"""The SQL that makes a hub: tables by numbered files, each run once; rules and rights put in place anew every time."""

import re
from collections.abc import Mapping
from importlib.resources import files

from member_tracker.sync.hub import SCHEMA

SCHEMA_MIN = 1
SCHEMA_CUR = SCHEMA
_NUMBERED = re.compile(r"hub_(\d{4})\.sql")
_RULES = ("hub_rules.sql", "hub_push.sql", "hub_reach.sql", "hub_keeping.sql", "hub_access.sql")


def numbered() -> Mapping[int, str]:
    """Each version's changes to the tables, by its number."""
    found = ((_NUMBERED.fullmatch(each.name), each) for each in files("member_tracker.sync").iterdir())
    return dict(sorted((int(name[1]), each.read_text(encoding="utf-8")) for name, each in found if name))


def rules() -> tuple[str, ...]:
    """Functions, triggers, policies and rights, in the order they need each other; run as the keeper."""
    return tuple(_read(name) for name in _RULES)


def logins() -> str:
    """The functions that make roles; run as the registrar."""
    return _read("hub_logins.sql")


def _read(name: str) -> str:
    return (files("member_tracker.sync") / name).read_text(encoding="utf-8")
