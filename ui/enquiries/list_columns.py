"""What a list of enquiries shows of each, which of it there is room for, and what it can be sorted by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from member_tracker.services.lists import Order
from ui.enquiries.columns import (
    about_column,
    area_column,
    councillor_column,
    due_column,
    received_column,
    reference_column,
    resident_column,
    status_column,
)
from ui.language import tr

if TYPE_CHECKING:
    from ui.enquiries.columns import EnquiryColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A column of the list: its width in letters (0 takes what is left), and the orders its heading sorts by."""

    letters: int
    orders: tuple[Order, Order] | None = None


LIST_COLUMNS = (
    Shown(letters=23, orders=(Order.DUE, Order.DUE_LAST)),
    Shown(letters=0),
    Shown(letters=18, orders=(Order.RESIDENT, Order.RESIDENT_LAST)),
    Shown(letters=22, orders=(Order.AREA, Order.AREA_LAST)),
    Shown(letters=24),
    Shown(letters=19),
    Shown(letters=22),
    Shown(letters=16, orders=(Order.NEWEST, Order.OLDEST)),
)
"""The order is also that in which columns find room: due, about, resident, with, status, reference, councillor, day."""

SORTED_BY = {
    order: (number, order is shown.orders[1])
    for number, shown in enumerate(LIST_COLUMNS)
    if shown.orders
    for order in shown.orders
}
"""By which column a list in some order is sorted, and whether the other way round."""

ORDER_WORDS = {
    Order.DUE: tr("Due date, earliest first"),
    Order.DUE_LAST: tr("Due date, latest first"),
    Order.NEWEST: tr("Received, newest first"),
    Order.OLDEST: tr("Received, oldest first"),
    Order.RESIDENT: tr("Resident, A to Z"),
    Order.RESIDENT_LAST: tr("Resident, Z to A"),
    Order.AREA: tr("Service area, A to Z"),
    Order.AREA_LAST: tr("Service area, Z to A"),
}


def list_columns(today: Callable[[], date]) -> "tuple[EnquiryColumn, ...]":
    """The columns of a list of enquiries."""
    return (
        due_column(today),
        about_column(),
        resident_column(),
        area_column(),
        status_column(),
        reference_column(),
        councillor_column(),
        received_column(today),
    )
