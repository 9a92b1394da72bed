"""Who may see and change what at a hub, as the rule says; and what of the server's catalogue departs from it."""

from collections.abc import Iterator
from typing import Any

import psycopg

from tests.sync.deeds import ABARA, BYRNE
from tests.sync.hub_place import COUNCIL

COLE, DORAN, TRAY = "councillor-cole", "councillor-doran", "tray"
SCOPES = (ABARA, BYRNE, COLE, DORAN, COUNCIL, TRAY)
EVERYTHING = dict.fromkeys(SCOPES, "rw")

# Own casework; lent until a day to come, until a day gone by, taken back; to read only; all; some; shut; no account.
RIGHTS: dict[str, dict[str, str]] = {
    "abara": {ABARA: "rw", COUNCIL: "r"},
    "cole": {COLE: "rw", COUNCIL: "r", ABARA: "rw"},
    "support": {ABARA: "rw", COUNCIL: "r", TRAY: "rw"},
    "reader": {BYRNE: "rw", COUNCIL: "r", TRAY: "rw", COLE: "r"},
    "officer": EVERYTHING,
    "narrowed": {BYRNE: "rw", COUNCIL: "rw", TRAY: "rw"},
    "second": EVERYTHING,
    "under": {COLE: "rw", COUNCIL: "rw", TRAY: "rw"},
    "shut": {},
    "stranger": {},
    "outsider": {},
}
ADMINISTRATORS = ("second", "under")
ACCOUNTS = tuple(login for login in RIGHTS if login not in ("stranger", "outsider"))

# What a relation shows: the rows of scopes one may read, one's own, all, or none to anybody.
RELATIONS = {
    "record": "scoped",
    "gone": "scoped",
    "blob": "scoped",
    "blob_chunk": "scoped",
    "scope": "scoped",
    "enquiries": "scoped",
    "timeline": "scoped",
    "account": "own",
    "access_grant": "own",
    "device": "own",
    "meta": "all",
    "clock": "all",
    "step": "all",
    "op": "closed",
    "erased_blob": "closed",
    "access_grant_id_seq": "closed",
}
_SHOWS = {
    "scoped": "(scope_id = ANY (( SELECT hub.my_scopes() AS my_scopes)::text[]))",
    "own": "(login = SESSION_USER)",
    "all": "true",
}

FOR_EVERYBODY = {
    "my_grants", "my_scopes", "i_administer", "must_see", "greet", "chain_at", "push", "pull", "tally",
    "missing_blobs", "begin_blob", "put_chunk", "finish_blob", "note",
}  # fmt: skip
FOR_ADMINISTRATORS = {
    "add_account", "give", "take", "narrow", "shut", "new_password", "users", "status", "audit", "erase", "restored",
    "tidy",
}  # fmt: skip
OF_THE_REGISTRAR = {"is_ours", "make_login", "let_in"}
FOR_THE_HUB_ITSELF = {
    "alter_set", "asking", "bring_back", "changed_elsewhere", "copy_blobs", "decide", "draw_code", "enter", "family",
    "follow", "hashes_of", "home", "is_forgotten", "is_of_erased", "is_set", "is_twin", "known_login", "line", "make",
    "may_write", "moment", "moving_field", "must_administer", "must_be_numbered", "must_be_readable", "must_stay",
    "must_write", "my_account", "never_made", "next_seq", "note_conflict", "objection", "only_theirs", "put",
    "reference_taken", "resident_erased", "row_now", "set_field", "shake_hands", "take_away", "verdict", "weigh",
}  # fmt: skip
_CALLABLE = FOR_EVERYBODY | FOR_ADMINISTRATORS

_RELATIONS = """
SELECT c.relname, c.relkind::text, c.relrowsecurity AND c.relforcerowsecurity, pg_get_userbyid(c.relowner),
    coalesce(c.reloptions, '{}') @> '{security_invoker=true}',
    ARRAY(
        SELECT DISTINCT a.grantee::regrole::text || ' ' || a.privilege_type FROM (
            SELECT (aclexplode(c.relacl)).* UNION ALL
            SELECT (aclexplode(t.attacl)).* FROM pg_attribute t WHERE t.attrelid = c.oid
        ) a WHERE a.grantee <> c.relowner
    ),
    ARRAY(
        SELECT p.policyname || ' ' || p.roles::text || ' ' || p.cmd || ' ' || coalesce(p.qual, '') || ' '
            || coalesce(p.with_check, '') || ' ' || p.permissive
        FROM pg_policies p WHERE p.schemaname = 'hub' AND p.tablename = c.relname ORDER BY 1
    )
FROM pg_class c WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
"""
_FUNCTIONS = """
SELECT p.proname, pg_get_userbyid(p.proowner), p.prosecdef, r.rolsuper OR r.rolbypassrls OR r.rolcanlogin,
    coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false),
    ARRAY(SELECT a.grantee::regrole::text FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE a.grantee <> p.proowner ORDER BY 1)
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'hub'::regnamespace
"""
_SCHEMA = """
SELECT ARRAY(SELECT a.grantee::regrole::text || ' ' || a.privilege_type FROM aclexplode(n.nspacl) a
    WHERE a.grantee <> n.nspowner ORDER BY 1), pg_get_userbyid(n.nspowner)
FROM pg_namespace n WHERE n.nspname = 'hub'
"""


def departures(catalogue: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    """What is in the hub's schema otherwise than it should be, or that nobody has said anything of here."""
    [(said, keeper)] = catalogue.execute(_SCHEMA).fetchall()
    user, registrar = keeper.removesuffix("keeper") + "user", keeper.removesuffix("keeper") + "registrar"
    if said != [f"{registrar} USAGE", f"{user} USAGE"]:
        yield f"the schema may be used by {said}"
    yield from _departures_of_relations(catalogue, keeper, user, registrar)
    yield from _departures_of_functions(catalogue, keeper, user, registrar)


def _departures_of_relations(
    catalogue: "psycopg.Connection[tuple[Any, ...]]", keeper: str, user: str, registrar: str
) -> Iterator[str]:
    found = catalogue.execute(_RELATIONS).fetchall()
    yield from (f"no {name} is there" for name in RELATIONS.keys() - {name for name, *_ in found})
    for name, kind, is_locked, owner, is_invoker, grants, policies in found:
        shows = RELATIONS.get(name, "nobody said")
        readers = [f"{user} SELECT"] if shows in _SHOWS else []
        if name == "meta":
            readers.insert(0, f"{registrar} SELECT")
        expected = {
            "who may see it": shows in (*_SHOWS, "closed"),
            "owner": owner == keeper,
            "eyes of the view": kind not in "vm" or is_invoker,
            "policies in force": kind in "vmS" or is_locked,
            "grants": sorted(grants) == readers,
            "policies": kind in "vmS" or policies == _policies(name, shows, keeper, user, registrar),
        }
        yield from (f"{name}: {what}" for what, is_right in expected.items() if not is_right)


def _policies(name: str, shows: str, keeper: str, user: str, registrar: str) -> list[str]:
    found = [f"keeper {{{keeper}}} ALL true true PERMISSIVE"]
    if shows in _SHOWS:
        found.append(f"reader {{{user}}} SELECT {_SHOWS[shows]}  PERMISSIVE")
    if name == "meta":
        found.append(f"registrar {{{registrar}}} SELECT true  PERMISSIVE")
    return found


def _departures_of_functions(
    catalogue: "psycopg.Connection[tuple[Any, ...]]", keeper: str, user: str, registrar: str
) -> Iterator[str]:
    for name, owner, is_definer, is_mighty, has_path, grantees in catalogue.execute(_FUNCTIONS).fetchall():
        if name not in _CALLABLE | OF_THE_REGISTRAR | FOR_THE_HUB_ITSELF:
            yield f"nobody said who may call {name}"
        if is_mighty or owner != (registrar if name in OF_THE_REGISTRAR else keeper):
            yield f"{name} runs as {owner}"
        if is_definer and not has_path:
            yield f"{name} can be led astray by a search_path"
        if grantees != ([user] if name in _CALLABLE else [keeper] if name in OF_THE_REGISTRAR else []):
            yield f"{name} may be called by {grantees}"
