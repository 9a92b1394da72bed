"""Before an enquiry is sent: what the mail server says of its recipients, and which duty officer is there.

Nothing here keeps an enquiry from being sent: what cannot be asked is said, and that is all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from member_tracker.domain.availability import (
    Absence,
    Busy,
    MailTip,
    Presence,
    Whereabouts,
    WhoIsThere,
    trouble_in,
    who_is_there,
)
from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.dates import local_date, moment_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, TrackerError
from member_tracker.domain.people import Council, DutyOfficer, ServiceArea
from member_tracker.domain.reading import read_reply
from member_tracker.domain.reference import Reference
from member_tracker.domain.rota import is_on_duty
from member_tracker.domain.values import listed, one_line
from member_tracker.domain.vocabulary import MailKind, Sharing
from member_tracker.domain.working_time import WorkingCalendar
from member_tracker.mail.mailbox import NotOffered
from member_tracker.services.mailbox_health import by_a_password_not_refused
from member_tracker.services.on_duty import OnDuty, on_duty, window
from member_tracker.services.parts import App, OpenMailbox
from member_tracker.services.people import the_one_named
from member_tracker.services.remote_work import remote_work

LONGEST_REPLY = 200  # characters of an automatic reply that are shown
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody an enquiry may go to; `tip` is what stands against writing to them (None: nothing known does).

    `away` is None where nobody knows, and for the mailbox of a service area itself.
    """

    address: str
    name: str
    tip: str | None = None
    away: bool | None = None
    free_from: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """In the form of `before-sending`."""
        return {
            "address": self.address,
            "name": self.name,
            "tip": self.tip,
            "away": self.away,
            "free_from": self.free_from.isoformat() if self.free_from else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeSending:
    """What is known of the recipients of an enquiry; `duty_officer` is the one who is there (None: none is known to).

    `send_to` are the addresses it goes to if that officer is to have it too, `notes` the same as sentences. `there` are
    the officers to choose among: that one alone, unless whoever sends chooses. `duty` is what the rota says.
    """

    reference: Reference
    recipients: tuple[Recipient, ...]
    duty_officer: DutyOfficer | None
    send_to: tuple[str, ...]
    notes: tuple[str, ...]
    there: tuple[DutyOfficer, ...] = ()
    duty: OnDuty = field(default_factory=lambda: OnDuty(sharing=Sharing.IN_ORDER))

    @property
    def known_there(self) -> tuple[str, ...]:
        """The addresses of those who are known to be there; the rota alone is no such knowledge."""
        seen = {each.address.casefold() for each in self.recipients if each.away is False}
        return tuple(officer.email for officer in self.there if officer.email.casefold() in seen)

    def the_one(self) -> DutyOfficer | None:
        """Who is to have it too, None where nobody is known to be there; raises `Invalid` where one must be chosen."""
        if self.duty_officer is None and len(self.there) > 1:
            raise Invalid(
                f"{listed([officer.name for officer in self.there])} are on duty, and whoever sends chooses.",
                advice="Say which of them takes it, by name.",
            )
        return self.duty_officer

    def as_json(self) -> dict[str, object]:
        """In the form of `before-sending`."""
        turn = self.duty.turn
        return {
            "reference": self.reference,
            "recipients": [recipient.as_json() for recipient in self.recipients],
            "send_to": list(self.send_to),
            "notes": list(self.notes),
            "sharing": self.duty.sharing.value,
            "on_duty": [officer.name for officer in self.duty.officers],
            "next_in_turn": turn.officer.name if turn else None,
            "handover": list(self.duty.handover),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the mailbox answered: calendars are None where they could not be asked."""

    tips: tuple[MailTip, ...] = ()
    busy: tuple[Busy, ...] | None = None
    notes: tuple[str, ...] = ()


def before_sending(app: App, enquiry_id: EnquiryId) -> BeforeSending:
    """Ask the mailbox the enquiry leaves through about its service area and duty officers; nothing is sent."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        area = tx.get(ServiceArea, enquiry.service_area_id)
        council = tx.get(Council, enquiry.council_id)
    calendar = app.charters.calendar(council.name, council.closure_days)
    start, end = window(calendar, app.now())
    asked = _ask(app, area, start, end)
    absences = {
        tip.address.casefold(): _absence(tip.automatic_reply, calendar, app.now())
        for tip in asked.tips
        if tip.automatic_reply is not None
    }
    in_turn = sorted(area.duty_officers, key=lambda officer: not is_on_duty(officer, start))
    found = who_is_there(tuple(in_turn), tips=asked.tips, absences=absences, busy=asked.busy, start=start, end=end)
    shared = _share(app, area, found)
    also = (shared.chosen.email,) if shared.chosen else ()
    opening = (f"The offices open at {moment_in_words(start)}.",) if start > app.now() and area.duty_officers else ()
    return BeforeSending(
        reference=enquiry.reference,
        recipients=_recipients(area, asked.tips, found),
        duty_officer=shared.chosen,
        send_to=_each_once((*area.addresses, *also)),
        notes=(*opening, *_notes(area, asked, found, shared)),
        there=shared.there,
        duty=shared.duty,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """Who of those who are there takes it: `chosen`, or one of `there` where whoever sends chooses."""

    duty: OnDuty
    there: tuple[DutyOfficer, ...]
    chosen: DutyOfficer | None
    words: tuple[str, ...] = ()


def _share(app: App, area: ServiceArea, found: WhoIsThere) -> _Shared:
    """Take those on duty who are there by the rule of the service area; the rota counts where no calendar says."""
    not_there = [each.officer for each in found.officers if not _may_be_there(each)]
    with app.store.reading() as tx:
        planned = on_duty(app, tx, area)
        known = on_duty(app, tx, area, not_there=not_there) if planned.turn and not_there else planned
    there = tuple(officer for officer in known.officers if officer not in not_there)
    if known.turn is not None:
        chosen = known.turn.officer
        words: tuple[str, ...] = ()
        if planned.turn is not None and planned.turn.officer != chosen:
            words = (f"{planned.turn.officer.name} was next in turn and is not there, so {chosen.name} is.",)
        return _Shared(duty=known, there=(chosen,), chosen=chosen, words=words)
    if known.must_choose and len(there) > 1:
        return _Shared(duty=known, there=there, chosen=None)
    return _Shared(duty=known, there=(found.chosen,) if found.chosen else (), chosen=found.chosen)


def _may_be_there(where: Whereabouts) -> bool:
    """Whether nothing known keeps the officer from it until the offices close."""
    if where.presence is Presence.BUSY:
        return where.free_from is not None
    return where.presence in (Presence.FREE, Presence.UNKNOWN)


def duty_officer_of(app: App, enquiry_id: EnquiryId, name: str) -> DutyOfficer:
    """The duty officer of that name of the enquiry's service area; raises `NotFound` with the nearest names."""
    with app.store.reading() as tx:
        area = tx.get(ServiceArea, tx.get(Enquiry, enquiry_id).service_area_id)
    return the_one_named(area.duty_officers, name, f"duty officer of {area.name}")


def _ask(app: App, area: ServiceArea, start: datetime, end: datetime) -> _Asked:
    """The tips and calendars, with a note for whatever could not be asked."""
    officers = _each_once(officer.email for officer in area.duty_officers)
    addresses = _each_once((*area.addresses, *officers))
    tips: tuple[MailTip, ...] | None = ()
    busy: tuple[Busy, ...] | None = None
    notes: list[str] = []
    try:
        with remote_work(app):
            box = _sending(app)
            mailbox = box.mailbox
            with by_a_password_not_refused(app, box):
                tips = _answer(lambda: mailbox.tips(addresses), notes) if addresses else ()
                busy = _answer(lambda: mailbox.free_busy(officers, start, end), notes) if officers else ()
    except TrackerError as problem:
        notes.append(f"The mail server could not be asked. {problem.title}")
    return _Asked(tips=tips or (), busy=busy, notes=tuple(notes))


def _each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple({address.casefold(): address for address in addresses}.values())


def _answer(ask: Callable[[], T], notes: list[str]) -> T | None:
    """The mailbox's answer, or None and a note where it does not give one to us."""
    try:
        return ask()
    except (NotOffered, NotAllowed) as refusal:
        notes.append(refusal.title)
        return None


def _sending(app: App) -> OpenMailbox:
    """The mailbox that a mail written now leaves through."""
    boxes = app.mailboxes()
    if not boxes:
        raise NotFound("There is no mailbox to send from.", advice="Add one: member-tracker mailbox add ADDRESS")
    wanted = app.profile.settings().from_address.casefold()
    return next((box for box in boxes if box.name == wanted), boxes[0])


def _absence(reply: str, calendar: WorkingCalendar, now: datetime) -> Absence:
    """What an automatic reply says, read as if it had just come."""
    mail = IncomingMail(message_id=None, text=reply, reply_text=reply)
    said = read_reply(mail, received_on=local_date(now), calendar=calendar, made=(MailKind.AUTO_REPLY, "a mail tip"))
    return Absence(returns_on=said.returns_on, contact=said.alternative_contact)


def _recipients(area: ServiceArea, tips: Sequence[MailTip], found: WhoIsThere) -> tuple[Recipient, ...]:
    told = {tip.address.casefold(): tip for tip in tips}
    of_area = [Recipient(address=address, name=area.name, tip=_tip(told, address)) for address in area.addresses]
    officers = [
        Recipient(
            address=each.officer.email,
            name=each.officer.name,
            tip=_tip(told, each.officer.email),
            away=_AWAY.get(each.presence),
            free_from=each.free_from,
        )
        for each in found.officers
    ]
    return (*of_area, *officers)


_AWAY = {Presence.FREE: False, Presence.BUSY: False, Presence.AWAY: True}


def _tip(told: Mapping[str, MailTip], address: str) -> str | None:
    """What stands against writing to the address, as words after its name."""
    tip = told.get(address.casefold())
    if tip is None:
        return None
    if trouble := trouble_in(tip):
        return trouble
    if tip.automatic_reply is None:
        return None
    reply = one_line(tip.automatic_reply)
    shown = reply if len(reply) <= LONGEST_REPLY else f"{reply[:LONGEST_REPLY].rstrip()}…"
    return f"replies automatically: “{shown}”" if shown else "replies automatically"


def _notes(area: ServiceArea, asked: _Asked, found: WhoIsThere, shared: _Shared) -> tuple[str, ...]:
    """Everything worth knowing, a sentence each: the service area's mailbox first, what could not be asked last."""
    told = {tip.address.casefold(): tip for tip in asked.tips}
    several = len(area.addresses) > 1
    said = [
        f"{address if several else f'{area.name}’s mailbox'} {tip}{'' if tip.endswith('”') else '.'}"
        for address in area.addresses
        if (tip := _tip(told, address))
    ]
    if area.retired:
        said.append(f"{area.name} no longer takes mail.")
    said += [each.words for each in found.officers]
    said += shared.words
    if area.duty_officers and not shared.there:
        said.append("No duty officer is known to be there, so it goes to the service area alone.")
    return (*said, *asked.notes)
