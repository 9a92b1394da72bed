"""The service areas as the office keeps them: listed, added, renamed, retired, and put back as they were."""

from dataclasses import dataclass, replace

from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import ServiceArea, in_being
from member_tracker.domain.values import one_line
from member_tracker.services.office_records import Kept, Row, Rows, must_be_allowed, why_not_here
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.people import clean_name, same_name
from member_tracker.services.setup import AreaFacts, put_service_area
from member_tracker.store.store import Reading

_WHAT = "Service areas"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSaid:
    """What is said of a service area; `addresses` are where its mail goes, a `retired` one takes no mail."""

    name: str
    addresses: tuple[str, ...] = ()
    directorate: str = ""
    head_of_service: str = ""
    direct_number: str = ""
    retired: bool = False


def office_areas(app: App) -> Rows[AreaSaid]:
    """Every service area of the council by name, the retired ones last."""
    with app.store.reading() as tx:
        return _rows(app, tx)


def keep_office_area(app: App, said: AreaSaid, *, before: Row[AreaSaid] | None = None) -> Kept[AreaSaid]:
    """Keep a service area: a new one, or in the place of `before`.

    Raises `Invalid` for what cannot be kept, `NotAllowed` where the hub lets others alone change it, and `NotFound`
    where `before` was changed meanwhile. Enquiries stay with the area whatever it is called.
    """
    name = clean_name(said.name, "service area")
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        kept = _as_it_was(tx, before) if before is not None else None
        _refuse_twice(app, tx, name, kept)
        if kept is not None and not same_name(kept.name, name):
            _must_not_be_promised(app, kept.name)
        renamed = replace(kept, name=name) if kept is not None else None
        row = _row(put_service_area(app, tx, renamed, _facts(name, said)))
        return Kept(row=row, rows=_rows(app, tx), deed=None if before is None or row == before else tx.deed)


def undo_office_area(app: App, area_id: str, deed: str) -> Kept[AreaSaid]:
    """Put back what a deed here changed of a service area; refused where it was changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        must_be_allowed(tx, _WHAT)
        tx.put_back(deed)
        return Kept(row=_row(tx.get(ServiceArea, area_id)), rows=_rows(app, tx), deed=None)


def _facts(name: str, said: AreaSaid) -> AreaFacts:
    addresses = (one_line(address) for address in said.addresses)
    return AreaFacts(
        name=name,
        addresses=tuple(address for address in addresses if address),
        directorate=one_line(said.directorate),
        head_of_service=one_line(said.head_of_service),
        direct_number=one_line(said.direct_number),
        retired=said.retired,
    )


def _areas(app: App, tx: Reading) -> list[ServiceArea]:
    return [area for area in tx.every(ServiceArea, council_id=the_council(tx).id) if in_being(area, app.today())]


def _rows(app: App, tx: Reading) -> Rows[AreaSaid]:
    areas = sorted(_areas(app, tx), key=lambda area: (area.retired, area.name.casefold()))
    return Rows(rows=tuple(map(_row, areas)), not_allowed=why_not_here(tx, _WHAT))


def _row(area: ServiceArea) -> Row[AreaSaid]:
    said = AreaSaid(
        name=area.name,
        addresses=area.addresses,
        directorate=area.directorate or "",
        head_of_service=area.head_of_service or "",
        direct_number=area.direct_number or "",
        retired=area.retired,
    )
    return Row(id=area.id, said=said)


def _as_it_was(tx: Reading, before: Row[AreaSaid]) -> ServiceArea:
    """The service area as it is kept; nobody writes over what somebody else has written meanwhile."""
    kept = tx.get(ServiceArea, before.id)
    if _row(kept) != before:
        raise NotFound(
            "This service area was changed by somebody else meanwhile.",
            advice="Look at what it is now, and change that.",
        )
    return kept


def _refuse_twice(app: App, tx: Reading, name: str, kept: ServiceArea | None) -> None:
    for other in _areas(app, tx):
        if same_name(other.name, name) and (kept is None or other.id != kept.id):
            raise Invalid(
                f"There is a service area called {other.name} already.",
                advice="Give it another name, or change the one that is there.",
            )


def _must_not_be_promised(app: App, name: str) -> None:
    """A charter's promises for one service area go by its name, and would be lost with it."""
    if any(same_name(charter.service_area, name) for charter in app.charters.charters):
        raise Invalid(
            f"The charter has promises of its own for {name}, by that name.",
            advice="Keep the name, or have the charter changed with it.",
        )
