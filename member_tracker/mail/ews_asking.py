"""What a mail server knows of people before anything is sent to them: mail tips, and when they are free.

Neither is offered by every server, and nothing depends on them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from member_tracker.domain.availability import Busy, BusyKind, MailTip
from member_tracker.domain.errors import Invalid, NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_xml import Element, Reply, m, t
from member_tracker.mail.html_text import text_of

MOST = 100  # addresses a call, a limit of the server
STEP = timedelta(minutes=30)
LONGEST = timedelta(days=42)  # of a window of free and busy times, a limit of the server
_TIPS = "OutOfOfficeMessage MailboxFullStatus MaxMessageSize DeliveryRestriction InvalidRecipient"
_KINDS = {
    "Tentative": BusyKind.TENTATIVE,
    "Busy": BusyKind.BUSY,
    "OOF": BusyKind.OUT_OF_OFFICE,
    "WorkingElsewhere": BusyKind.ELSEWHERE,
    "NoData": BusyKind.NO_INFORMATION,
}
_DIGITS = {"1": BusyKind.TENTATIVE, "2": BusyKind.BUSY, "3": BusyKind.OUT_OF_OFFICE, "4": BusyKind.ELSEWHERE}


class Asker:
    """Asks the server of one mailbox about others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        """What the server says about writing to these addresses; raises `NotOffered` where it says nothing of the kind.

        Source: https://learn.microsoft.com/exchange/client-developer/web-service-reference/getmailtips-operation
        """
        return tuple(tip for some in _parts(addresses) for tip in self._tips(some))

    def _tips(self, addresses: Sequence[str]) -> Iterator[MailTip]:
        sender = m("SendingAs", t("EmailAddress", self._connection.about.mailbox))
        to = m("Recipients", *(t("Mailbox", t("EmailAddress", one)) for one in addresses))
        replies = self._offered("mail tips", m("GetMailTips", sender, to, m("MailTipsRequested", _TIPS)))
        found = {tip.address.casefold(): tip for one in xml.every(replies[0].element, "MailTips") if (tip := _tip(one))}
        for reply in replies[1:]:
            found |= {tip.address.casefold(): tip for one in xml.every(reply.element, "MailTips") if (tip := _tip(one))}
        for address in addresses:
            yield found.get(address.casefold()) or MailTip(address=address)

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        """The times in the window at which these people are not free, whole windows of no information among them.

        The window is asked for in UTC, so that no list of time zones is needed, which some servers do not have.
        Source: https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation
        """
        if not start < end <= start + LONGEST:
            raise Invalid("The time asked about is empty or longer than 42 days.", advice="Choose a shorter time.")
        return tuple(busy for some in _parts(addresses) for busy in self._free_busy(some, start, end))

    def _free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> Iterator[Busy]:
        people = (
            t(
                "MailboxData",
                t("Email", t("Address", one)),
                t("AttendeeType", "Required"),
                t("ExcludeConflicts", "false"),
            )
            for one in addresses
        )
        window = t("TimeWindow", t("StartTime", _local(start)), t("EndTime", _local(end)))
        view = t(
            "FreeBusyViewOptions",
            window,
            t("MergedFreeBusyIntervalInMinutes", str(STEP // timedelta(minutes=1))),
            t("RequestedView", "FreeBusyMerged"),
        )
        asked = m("GetUserAvailabilityRequest", _universal_time(), m("MailboxDataArray", *people), view)
        replies = self._offered("who is free", asked, several=True)
        for address, reply in zip(addresses, replies, strict=False):
            if reply.is_good:
                yield from _times(address, reply.element, start, end)
            else:
                yield Busy(address=address, start_at=start, end_at=end, kind=BusyKind.NO_INFORMATION)

    def _offered(self, what: str, asked: Element, *, several: bool = False) -> tuple[Reply, ...]:
        """The replies; a server that does not know the question, in whatever words, does not offer the answer."""
        try:
            replies = self._connection.read(asked)
            if replies[0].fault or not several:
                self._connection.must(replies[0])
        except (Offline, SignInNeeded, TooMuch):
            raise
        except NotAllowed:
            raise
        except TrackerError as error:
            raise told.not_offered(what, error) from None
        return replies


def _parts(addresses: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(addresses), MOST):
        yield addresses[start : start + MOST]


def _tip(element: Element) -> MailTip | None:
    recipient = xml.first(element, "RecipientAddress")
    address = xml.words(recipient, "EmailAddress")
    if not address:
        return None
    reply = xml.words(xml.first(xml.first(element, "OutOfOffice"), "ReplyBody"), "Message")
    largest = xml.number(element, "MaxMessageSize")
    return MailTip(
        address=address,
        automatic_reply=text_of(reply).strip() or None if "<" in reply else reply or None,
        mailbox_full=bool(xml.truth(element, "MailboxFull")),
        not_accepting=bool(xml.truth(element, "DeliveryRestricted")),
        invalid=bool(xml.truth(element, "InvalidRecipient")),
        largest_bytes=largest if largest and largest > 0 else None,
    )


def _times(address: str, element: Element, start: datetime, end: datetime) -> Iterator[Busy]:
    events = list(xml.every(element, "CalendarEvent"))
    for event in events:
        kind = _KINDS.get(xml.words(event, "BusyType"))
        begins, ends = xml.moment(event, "StartTime"), xml.moment(event, "EndTime")
        if kind and begins and ends and begins < end and ends > start:
            yield Busy(address=address, start_at=max(begins, start), end_at=min(ends, end), kind=kind)
    if events:
        return
    if xml.words(element, "FreeBusyViewType") == "None":
        yield Busy(address=address, start_at=start, end_at=end, kind=BusyKind.NO_INFORMATION)
        return
    yield from _merged(address, xml.words(element, "MergedFreeBusy"), start, end)


def _merged(address: str, digits: str, start: datetime, end: datetime) -> Iterator[Busy]:
    """The times out of one digit a half hour, neighbours of one kind joined."""
    position = 0
    while position < len(digits):
        length = len(digits[position:]) - len(digits[position:].lstrip(digits[position]))
        begins, ends = start + position * STEP, min(start + (position + length) * STEP, end)
        if (kind := _DIGITS.get(digits[position])) and begins < ends:
            yield Busy(address=address, start_at=begins, end_at=ends, kind=kind)
        position += length


def _local(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _universal_time() -> Element:
    """A time zone without summer time, in the only form the question takes."""
    changes = (
        t(
            name,
            t("Bias", "0"),
            t("Time", "00:00:00"),
            t("DayOrder", "1"),
            t("Month", month),
            t("DayOfWeek", "Sunday"),
        )
        for name, month in (("StandardTime", "10"), ("DaylightTime", "3"))
    )
    return t("TimeZone", t("Bias", "0"), *changes)
