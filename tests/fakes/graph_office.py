"""Who is there, as Graph tells it: calendars taken, mail tips, settings of a mailbox.

https://learn.microsoft.com/graph/api/calendar-getschedule, .../user-getmailtips, .../user-get-mailboxsettings
"""

from datetime import datetime, timedelta
from html import escape
from http import HTTPStatus
from zoneinfo import ZoneInfo

from tests.fakes.exchange_items import AutomaticReply, Busy, BusyTime, Refused
from tests.fakes.graph_desk import Desk, access_denied
from tests.fakes.graph_query import invalid
from tests.fakes.graph_words import Call, GraphError, Reply

ZONES = {"UTC": "UTC", "GMT Standard Time": "Europe/London", "W. Europe Standard Time": "Europe/Berlin"}
MOST_SCHEDULES = 20
LONGEST_PERIOD = timedelta(days=62)
STATUS = {
    Busy.FREE: "free",
    Busy.TENTATIVE: "tentative",
    Busy.BUSY: "busy",
    Busy.AWAY: "oof",
    Busy.ELSEWHERE: "workingElsewhere",
}


def get_schedule(desk: Desk, call: Call) -> Reply:
    """POST calendar/getSchedule: one digit an interval, and what stands in the calendar."""
    asked = call.parameters("getSchedule", "calendar")
    schedules = asked.get("schedules")
    if not isinstance(schedules, list) or not schedules:
        raise invalid("The schedules to look at are required.")
    if len(schedules) > MOST_SCHEDULES:
        text = f"Too many schedules: {len(schedules)} of {MOST_SCHEDULES}."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidRequest", text)
    start, end = _time(asked.get("starttime")), _time(asked.get("endtime"))
    minutes = asked.get("availabilityviewinterval", 30)
    if not isinstance(minutes, int) or not 5 <= minutes <= 1440:
        raise invalid("The interval must be from 5 to 1440 minutes.")
    if not timedelta(minutes=minutes) <= end - start <= LONGEST_PERIOD:
        text = "The requested time duration specified for FreeBusyViewOptions.TimeWindow is not in the allowed range."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidTimeInterval", text)
    zone = call.prefer.get("outlook.timezone", "UTC")
    rows = [_schedule(desk, str(one), (start, end), timedelta(minutes=minutes), zone) for one in schedules]
    context = f"{desk.root_url}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return Reply(json={"@odata.context": context, "value": rows}, type="Collection(scheduleInformation)")


def get_mail_tips(desk: Desk, call: Call) -> Reply:
    """POST getMailTips."""
    asked = call.parameters("getMailTips", "user")
    addresses = asked.get("emailaddresses")
    if not isinstance(addresses, list):
        raise invalid("The parameter EmailAddresses is required.")
    wanted = {one.strip() for one in str(asked.get("mailtipsoptions", "")).split(",")}
    rows = [_tips(desk, call, str(one), wanted) for one in addresses]
    context = f"{desk.root_url}/v1.0/$metadata#Collection(microsoft.graph.mailTips)"
    return Reply(json={"@odata.context": context, "value": rows}, type="Collection(mailTips)")


def get_mailbox_settings(desk: Desk, call: Call) -> Reply:
    """GET mailboxSettings: of one's own mailbox; with delegated rights never of another."""
    if call.mailbox != call.user:
        raise access_denied()
    reply = desk.world.mailbox(call.mailbox).automatic_reply
    setting = {"status": "alwaysEnabled" if reply else "disabled", "externalAudience": "all"}
    texts = {"internalReplyMessage": reply.text if reply else "", "externalReplyMessage": reply.text if reply else ""}
    settings = {"timeZone": "GMT Standard Time", "automaticRepliesSetting": setting | texts}
    context = desk.context(call, "mailboxSettings")
    return Reply(json={"@odata.context": context, **settings}, type="mailboxSettings")


def _schedule(
    desk: Desk, address: str, period: tuple[datetime, datetime], every: timedelta, zone: str
) -> dict[str, object]:
    try:
        mailbox = desk.world.mailbox(address)
    except Refused:
        text = "Unable to resolve e-mail address to an Active Directory object."
        error = {"message": text, "responseCode": "ErrorMailRecipientNotFound"}
        return {"scheduleId": address, "availabilityView": "", "error": error}
    hours = {
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "09:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": "GMT Standard Time"},
    }
    items = [_item(one, zone) for one in mailbox.busy_between(*period)]
    view = mailbox.free_busy_view(*period, every)
    return {"scheduleId": address, "availabilityView": view, "scheduleItems": items, "workingHours": hours}


def _item(one: BusyTime, zone: str) -> dict[str, object]:
    return {
        "isPrivate": False,
        "status": STATUS[one.kind],
        "subject": "Busy",
        "location": "",
        "start": _moment(one.start, zone),
        "end": _moment(one.end, zone),
    }


def _tips(desk: Desk, call: Call, address: str, wanted: set[str]) -> dict[str, object]:
    shown: dict[str, object] = {"emailAddress": {"name": "", "address": address}}
    try:
        mailbox = desk.world.mailbox(address)
    except Refused:
        if address.partition("@")[2] == call.mailbox.partition("@")[2]:
            return shown | {"error": {"code": "RecipientNotFound", "message": "The recipient could not be found."}}
        return shown | ({"recipientScope": "external"} if "recipientScope" in wanted else {})
    reply = mailbox.automatic_reply
    replies = reply is not None and reply.holds_at(desk.world.now())
    accepts = mailbox.accepts_from is None or call.mailbox in mailbox.accepts_from
    tips: dict[str, tuple[str, object]] = {
        "automaticReplies": ("automaticReplies", _automatic(reply) if reply and replies else {"message": ""}),
        "mailboxFullStatus": ("mailboxFull", mailbox.is_full),
        "deliveryRestriction": ("deliveryRestricted", not accepts),
        "maxMessageSize": ("maxMessageSize", mailbox.max_message_size or desk.world.max_message_size),
        "recipientScope": ("recipientScope", "internal"),
        "moderationStatus": ("isModerated", False),
        "totalMemberCount": ("totalMemberCount", 1),
        "externalMemberCount": ("externalMemberCount", 0),
        "customMailTip": ("customMailTip", ""),
    }
    return shown | dict(tips[one] for one in tips if one in wanted)


def _automatic(reply: AutomaticReply) -> dict[str, object]:
    """An automatic reply, in HTML as Outlook writes it."""
    lines = "".join(f"<p>{escape(line)}<br>\r\n</p>\r\n" for line in reply.text.splitlines())
    shown: dict[str, object] = {
        "message": f'<style type="text/css" style="">\r\n<!--\r\np\r\n\t{{margin-top:0}}\r\n-->\r\n</style>\r\n'
        f'<div dir="ltr">\r\n{lines}</div>',
        "messageLanguage": {"locale": "en-GB", "displayName": "English (United Kingdom)"},
    }
    if reply.start is not None:
        shown["scheduledStartTime"] = _moment(reply.start, "UTC")
    if reply.end is not None:
        shown["scheduledEndTime"] = _moment(reply.end, "UTC")
    return shown


def _time(value: object) -> datetime:
    given = value if isinstance(value, dict) else {}
    zone = str(given.get("timeZone", "UTC"))
    if zone not in ZONES:
        raise GraphError(HTTPStatus.BAD_REQUEST, "TimeZoneNotSupportedException", f"The time zone '{zone}' is unknown.")
    try:
        read = datetime.fromisoformat(str(given.get("dateTime", ""))[:19])
    except ValueError:
        raise invalid("A time of the period cannot be read.") from None
    return read.replace(tzinfo=ZoneInfo(ZONES[zone]))


def _moment(at: datetime, zone: str) -> dict[str, object]:
    local = at.astimezone(ZoneInfo(ZONES.get(zone, "UTC")))
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone if zone in ZONES else "UTC"}
