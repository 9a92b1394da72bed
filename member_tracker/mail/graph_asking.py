"""What Exchange Online tells about addresses, calendars and our own rights, none of which changes anything.

https://learn.microsoft.com/graph/api/user-getmailtips, https://learn.microsoft.com/graph/api/calendar-getschedule
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from member_tracker.domain.availability import Busy, BusyKind, MailTip
from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, Right, SendingWay
from member_tracker.mail.graph_http import Graph, Json, moment, odata_time, part, rows, text
from member_tracker.mail.html_text import text_of
from member_tracker.mail.mailbox import NotOffered

T = TypeVar("T")

_AT_A_TIME = 20  # addresses in one question
_SLOT_MINUTES = 30
_TIPS = "automaticReplies, mailboxFullStatus, maxMessageSize, deliveryRestriction"
_UTC = 'outlook.timezone="UTC"'

_KINDS = {
    "tentative": BusyKind.TENTATIVE,
    "busy": BusyKind.BUSY,
    "oof": BusyKind.OUT_OF_OFFICE,
    "workingElsewhere": BusyKind.ELSEWHERE,
    "unknown": BusyKind.NO_INFORMATION,
}
_SLOTS = {"1": "tentative", "2": "busy", "3": "oof", "4": "workingElsewhere"}


def tips(graph: Graph, addresses: Sequence[str]) -> tuple[MailTip, ...]:
    """What is known of writing to these addresses."""
    found: list[MailTip] = []
    for some in _chunks(addresses):
        asked = {"EmailAddresses": some, "MailTipsOptions": _TIPS}
        answers = rows(graph.ask(f"{graph.user}/getMailTips", asked))
        by_address = {text(part(one, "emailAddress"), "address").casefold(): one for one in answers}
        found += [_tip(address, by_address.get(address.casefold(), {})) for address in some]
    return tuple(found)


def _tip(address: str, said: Json) -> MailTip:
    largest = said.get("maxMessageSize")
    reply = text_of(text(part(said, "automaticReplies"), "message")).strip()
    return MailTip(
        address=address,
        automatic_reply=reply or None,
        mailbox_full=said.get("mailboxFull") is True,
        not_accepting=said.get("deliveryRestricted") is True,
        invalid="recipient" in text(part(said, "error"), "code").casefold(),
        largest_bytes=largest if isinstance(largest, int) and largest > 0 else None,
    )


def free_busy(graph: Graph, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
    """When the owners of these calendars are not free; one that tells nothing is a stretch of no information."""
    found: list[Busy] = []
    for some in _chunks(addresses):
        asked = {
            "Schedules": some,
            "StartTime": {"dateTime": odata_time(start).rstrip("Z"), "timeZone": "UTC"},
            "EndTime": {"dateTime": odata_time(end).rstrip("Z"), "timeZone": "UTC"},
            "AvailabilityViewInterval": _SLOT_MINUTES,
        }
        answers = rows(graph.ask(f"{graph.user}/calendar/getSchedule", asked, prefer=_UTC))
        by_address = {text(one, "scheduleId").casefold(): one for one in answers}
        for address in some:
            found += _busy(address, by_address.get(address.casefold(), {}), start, end)
    return tuple(found)


def _busy(address: str, said: Json, start: datetime, end: datetime) -> Iterator[Busy]:
    if part(said, "error") or not ({"scheduleItems", "availabilityView"} & said.keys()):
        yield Busy(address=address, start_at=start, end_at=end, kind=BusyKind.NO_INFORMATION)
        return
    stretches = list(_items(said)) or list(_slots(text(said, "availabilityView"), start))
    for begins, ends, status in stretches:
        kind = _KINDS.get(status)
        if kind is not None and begins < end and ends > start:
            yield Busy(address=address, start_at=begins, end_at=ends, kind=kind)


def _items(said: Json) -> Iterator[tuple[datetime, datetime, str]]:
    for item in rows(said, "scheduleItems"):
        begins, ends = moment(part(item, "start"), "dateTime"), moment(part(item, "end"), "dateTime")
        if begins and ends:
            yield begins, ends, text(item, "status")


def _slots(view: str, start: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """The stretches of a view in which each figure stands for half an hour."""
    slot, at = timedelta(minutes=_SLOT_MINUTES), 0
    while at < len(view):
        last = at
        while last < len(view) and view[last] == view[at]:
            last += 1
        if view[at] in _SLOTS:
            yield start + at * slot, start + last * slot, _SLOTS[view[at]]
        at = last


def _chunks(addresses: Sequence[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(addresses))
    for start in range(0, len(unique), _AT_A_TIME):
        yield unique[start : start + _AT_A_TIME]


# --- our own rights ---------------------------------------------------------------------------------------------------


def rights(
    graph: Graph, open_folder: Callable[[], object], way: SendingWay | None, now: datetime
) -> tuple[Finding, ...]:
    """Each right by itself; raises only where the mailbox cannot be reached at all."""
    address = graph.account.address
    found = [_tried(graph, Right.READ, open_folder, f"The folder {graph.account.folder} of {address} can be read.")]
    if graph.account.is_shared:
        words = f"{graph.account.signs_in_as} has Full Access to {address}."
        found.append(_tried(graph, Right.FULL_ACCESS, lambda: _open_others(graph), words))
    found.append(_sending(graph, way))
    found.append(
        _tried(graph, Right.MAIL_TIPS, lambda: tips(graph, [address]), "Automatic replies are seen beforehand.")
    )
    found.append(
        _tried(
            graph,
            Right.FREE_BUSY,
            lambda: free_busy(graph, [address], now, now + timedelta(days=1)),
            "Calendars show who is there.",
        )
    )
    return tuple(found)


def _open_others(graph: Graph) -> None:
    for folder in ("drafts", "sentitems"):
        graph.get(f"{graph.mailbox}/mailFolders/{folder}", {"$select": "id"})


def _sending(graph: Graph, way: SendingWay | None) -> Finding:
    if way or graph.account.sending:
        return Finding(right=Right.SEND_AS, holds=Holds.YES, words=f"A test mail was sent as {graph.account.address}.")
    return Finding(
        right=Right.SEND_AS,
        holds=Holds.NOT_TRIED,
        words=f"Whether you may send as {graph.account.address} shows only when a mail is sent.",
        advice="Send the test mail to the mailbox itself.",
    )


_PERMISSIONS = {
    Right.MAIL_TIPS: "Ask your administrator for the permission Mail.Read or Mail.ReadWrite in the app registration.",
    Right.FREE_BUSY: "Ask your administrator for the permission Calendars.Read in the app registration.",
}


def _tried(graph: Graph, right: Right, deed: Callable[[], object], words: str) -> Finding:
    """What trying a right came to; what has nothing to do with rights is raised."""
    try:
        with graph.said_plainly():
            deed()
    except (Offline, SignInNeeded, TooMuch):
        raise
    except NotOffered as none:
        return Finding(right=right, holds=Holds.NOT_OFFERED, words=none.title, advice=none.advice)
    except TrackerError as refused:
        advice = _PERMISSIONS.get(right, refused.advice) if isinstance(refused, NotAllowed) else refused.advice
        return Finding(right=right, holds=Holds.NO, words=refused.title, advice=advice)
    return Finding(right=right, holds=Holds.YES, words=words)


def not_offered(graph: Graph, deed: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What the deed gives; a refusal means that it is not to be had here, and the rest goes on without."""
    try:
        with graph.said_plainly():
            return deed()
    except NotAllowed as refused:
        problem = NotOffered(refused.title, advice=refused.advice)
    raise problem
