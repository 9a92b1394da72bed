"""Who is there: free/busy, mail tips, out-of-office settings, time zones and names of the test Exchange server."""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

from tests.fakes.ews_asking import Asking, each
from tests.fakes.ews_xml import (
    Reply,
    children,
    find,
    find_all,
    is_true,
    m,
    needed,
    responses,
    stamp,
    status,
    t,
    text_at,
    truth,
)
from tests.fakes.exchange_items import BusyTime, Mailbox, Refused

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONDON = "GMT Standard Time"
LONGEST_WINDOW = timedelta(days=62)


# --- free/busy


def get_user_availability(asking: Asking, body: Element) -> Element:
    """Answer GetUserAvailability: for each person a line of digits and what is in the calendar, in the asker's time."""
    zone = Zone(_rules(asking, body))
    options = needed(body, "FreeBusyViewOptions")
    start = zone.to_utc(text_at(options, "TimeWindow/StartTime"))
    end = zone.to_utc(text_at(options, "TimeWindow/EndTime"))
    every = timedelta(minutes=int(text_at(options, "MergedFreeBusyIntervalInMinutes", "30")))
    kind = text_at(options, "RequestedView", "FreeBusyMerged")

    def one(data: Element) -> Reply:
        if not start < end or end - start > LONGEST_WINDOW:
            raise Refused("ErrorInvalidTimeInterval", "The time window is not valid.")
        address = text_at(data, "Email/Address").lower()
        mailbox = asking.world.mailboxes.get(address)
        if mailbox is None:
            raise Refused("ErrorMailRecipientNotFound", f"Unable to resolve e-mail address {address}.")
        view = m("FreeBusyView", None, t("FreeBusyViewType", kind))
        if "Merged" in kind:
            view.append(t("MergedFreeBusy", mailbox.free_busy_view(start, end, every)))
        taken = mailbox.busy_between(start, end)
        if kind != "MergedOnly" and taken:
            view.append(t("CalendarEventArray", None, *(_event(zone, one) for one in taken)))
        return Reply(parts=(view,))

    answers = m("FreeBusyResponseArray")
    for reply in each(children(find(body, "MailboxDataArray")), one):
        told = Reply(code=reply.code, text=reply.text)
        answers.append(m("FreeBusyResponse", None, status(told), *reply.parts))
    return m("GetUserAvailabilityResponse", None, answers)


def _event(zone: "Zone", taken: BusyTime) -> Element:
    start, end = t("StartTime", zone.from_utc(taken.start)), t("EndTime", zone.from_utc(taken.end))
    return t("CalendarEvent", None, start, end, t("BusyType", taken.kind))


def _rules(asking: Asking, body: Element) -> Element:
    """The rules in the request; without them, those of the zone its header names, or UTC."""
    given = find(body, "TimeZone")
    if given is not None:
        return given
    summer = "-60" if asking.zone_id == LONDON else "0"
    winter_time, summer_time = _rule("StandardTime", "0", "02", "10"), _rule("DaylightTime", summer, "01", "3")
    return t("TimeZone", None, t("Bias", "0"), winter_time, summer_time)


def _rule(name: str, bias: str, hour: str, month: str) -> Element:
    told = {"Bias": bias, "Time": f"{hour}:00:00", "DayOrder": "5", "Month": month, "DayOfWeek": "Sunday"}
    return t(name, None, *(t(part, text) for part, text in told.items()))


class Zone:
    """The rules of a time zone as a request brings them, minutes *behind* UTC: UTC is local time plus bias."""

    def __init__(self, element: Element) -> None:
        self._bias = int(text_at(element, "Bias", "0"))
        self._standard = needed(element, "StandardTime")
        self._daylight = needed(element, "DaylightTime")

    def to_utc(self, text: str) -> datetime:
        """The moment a local time means; one that names its own zone keeps it."""
        said = datetime.fromisoformat(text)
        if said.tzinfo is not None:
            return said.astimezone(UTC)
        return said.replace(tzinfo=UTC) + timedelta(minutes=self._behind(said))

    def from_utc(self, moment: datetime) -> str:
        """The local time of a moment, without a zone."""
        plain = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        local = plain - timedelta(minutes=self._bias)
        return (plain - timedelta(minutes=self._behind(local))).isoformat()

    def _behind(self, local: datetime) -> int:
        to_summer, to_winter = _change(self._daylight, local.year), _change(self._standard, local.year)
        summer = to_summer <= local < to_winter if to_summer < to_winter else not to_winter <= local < to_summer
        return self._bias + int(text_at(self._daylight if summer else self._standard, "Bias", "0"))


def _change(rule: Element, year: int) -> datetime:
    """When in a year a rule begins: the n-th such weekday of a month, the fifth being the last."""
    month, nth = int(text_at(rule, "Month", "1")), int(text_at(rule, "DayOrder", "1"))
    hour, minute, second = (int(part) for part in text_at(rule, "Time", "00:00:00").split(":"))
    weekday = DAYS.index(text_at(rule, "DayOfWeek", "Sunday"))
    first = datetime(year, month, 1, hour, minute, second)  # noqa: DTZ001 - a local time of a zone made of rules
    day = first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
    while day.month != month:
        day -= timedelta(weeks=1)
    return day


# --- mail tips and automatic replies


def get_mail_tips(asking: Asking, body: Element) -> Element:
    """Answer GetMailTips: what a sender should know of each recipient."""
    sender = text_at(body, "SendingAs/EmailAddress").lower()
    if not asking.world.may_open(asking.user, sender):
        denied = status(Reply(code="ErrorAccessDenied", text="Access is denied. Check credentials and try again."))
        return m("GetMailTipsResponse", None, *denied, ResponseClass="Error")
    found = [
        _tips(asking, text_at(one, "EmailAddress").lower(), sender) for one in find_all(body, "Recipients/Mailbox")
    ]
    messages = [
        m("MailTipsResponseMessageType", None, m("ResponseCode", "NoError"), one, ResponseClass="Success")
        for one in found
    ]
    answer = m("GetMailTipsResponse", None, m("ResponseCode", "NoError"), m("ResponseMessages", None, *messages))
    answer.set("ResponseClass", "Success")
    return answer


def _tips(asking: Asking, address: str, sender: str) -> Element:
    who = t("RecipientAddress", None, t("Name", address), t("EmailAddress", address), t("RoutingType", "SMTP"))
    tips = m("MailTips", None, who, t("PendingMailTips"))
    mailbox = asking.world.mailboxes.get(address)
    if mailbox is None:
        local = any(address.endswith("@" + one.partition("@")[2]) for one in asking.world.mailboxes)
        tips.extend([t("ExternalMemberCount", "0" if local else "1"), t("InvalidRecipient", truth(local))])
        return tips
    reply = mailbox.automatic_reply
    text = reply.text if reply is not None and reply.holds_at(asking.world.now()) else ""
    away = t("OutOfOffice", None, t("ReplyBody", None, t("Message", text)))
    if text and reply is not None and reply.start and reply.end:
        away.append(_duration(reply.start, reply.end))
    restricted = mailbox.accepts_from is not None and sender not in mailbox.accepts_from
    tips.extend([
        away,
        t("MailboxFull", truth(mailbox.is_full)),
        t("TotalMemberCount", "1"),
        t("ExternalMemberCount", "0"),
        t("MaxMessageSize", str(mailbox.max_message_size or asking.world.max_message_size)),
        t("DeliveryRestricted", truth(restricted)),
        t("IsModerated", "false"),
        t("InvalidRecipient", "false"),
    ])  # fmt: skip
    return tips


def _duration(start: datetime, end: datetime) -> Element:
    return t("Duration", None, t("StartTime", stamp(start)), t("EndTime", stamp(end)))


def get_user_oof_settings(asking: Asking, body: Element) -> Element:
    """Answer GetUserOofSettings for one's own mailbox or one that may be opened."""
    try:
        mailbox = asking.world.mailbox(text_at(body, "Mailbox/Address"))
        if not asking.world.may_open(asking.user, mailbox.address):
            raise Refused("ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    except Refused as refusal:
        return m("GetUserOofSettingsResponse", None, status(Reply(code=refusal.code, text=refusal.text)))
    told = (status(Reply()), _oof(mailbox), m("AllowExternalOof", "All"))
    return m("GetUserOofSettingsResponse", None, *told)


def _oof(mailbox: Mailbox) -> Element:
    reply = mailbox.automatic_reply
    if reply is None:
        return t("OofSettings", None, t("OofState", "Disabled"), t("ExternalAudience", "All"))
    text = t("Message", reply.text)
    scheduled = reply.start is not None and reply.end is not None
    settings = t(
        "OofSettings", None, t("OofState", "Scheduled" if scheduled else "Enabled"), t("ExternalAudience", "All")
    )
    if reply.start is not None and reply.end is not None:
        settings.append(_duration(reply.start, reply.end))
    settings.extend([t("InternalReply", None, text), t("ExternalReply", None, text)])
    return settings


# --- time zones and names


def get_server_time_zones(_: Asking, body: Element) -> Element:
    """Answer GetServerTimeZones: this server knows London and UTC."""
    asked = {one.text for one in find_all(body, "Ids/Id")}
    known = [(LONDON, "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"), ("UTC", "(UTC) Coordinated Universal Time")]
    full = is_true(body.get("ReturnFullTimeZoneData", ""))
    chosen = [_time_zone(one, name, full=full) for one, name in known if not asked or one in asked]
    return responses("GetServerTimeZones", [Reply(parts=(m("TimeZoneDefinitions", None, *chosen),))])


def _time_zone(zone_id: str, name: str, *, full: bool) -> Element:
    zone = t("TimeZoneDefinition", None, Id=zone_id, Name=name)
    if not full:
        return zone
    base = f"trule:Microsoft/Registry/{zone_id}/1"
    periods = [t("Period", None, Bias="P0DT0H0M0.0S", Name="Standard", Id=f"{base}-Standard")]
    if zone_id == LONDON:
        periods.append(t("Period", None, Bias="-P0DT1H0M0.0S", Name="Daylight", Id=f"{base}-Daylight"))
        changes = [_yearly(f"{base}-Daylight", "PT1H", "3"), _yearly(f"{base}-Standard", "PT2H", "10")]
    else:
        changes = [t("Transition", None, t("To", f"{base}-Standard", Kind="Period"))]
    groups = t("TransitionsGroups", None, t("TransitionsGroup", None, *changes, Id="0"))
    zone.extend([t("Periods", None, *periods), groups])
    zone.append(t("Transitions", None, t("Transition", None, t("To", "0", Kind="Group"))))
    return zone


def _yearly(to: str, offset: str, month: str) -> Element:
    when = (t("TimeOffset", offset), t("Month", month), t("DayOfWeek", "Sunday"), t("Occurrence", "-1"))
    return t("RecurringDayTransition", None, t("To", to, Kind="Period"), *when)


def resolve_names(asking: Asking, body: Element) -> Element:
    """Answer ResolveNames: mailboxes whose name or address begins with what was typed."""
    typed = text_at(body, "UnresolvedEntry").lower().removeprefix("smtp:")
    found = [
        one
        for one in asking.world.mailboxes.values()
        if one.address.startswith(typed) or one.name.lower().startswith(typed)
    ]
    if not found:
        return responses("ResolveNames", [Reply(code="ErrorNameResolutionNoResults", text="No results were found.")])
    answers = [t("Resolution", None, _mailbox(one)) for one in found]
    several = m("ResolutionSet", None, *answers, TotalItemsInView=str(len(found)), IncludesLastItemInRange="true")
    reply = Reply(parts=(several,), code="NoError")
    return responses("ResolveNames", [reply])


def _mailbox(one: Mailbox) -> Element:
    told = (t("Name", one.name), t("EmailAddress", one.address), t("RoutingType", "SMTP"), t("MailboxType", "Mailbox"))
    return t("Mailbox", None, *told)
