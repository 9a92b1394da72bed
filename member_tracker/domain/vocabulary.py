"""The words that are stored and printed, with the words shown on screen beside them."""

from enum import StrEnum


class Word(StrEnum):
    """A stored word; `words` is how a person reads it."""

    @property
    def words(self) -> str:
        """The word as shown on screen."""
        return _ON_SCREEN.get(self, self.value.replace("_", " ").capitalize())


class Status(Word):
    """Where an enquiry stands."""

    DRAFT = "draft"
    WAITING_TO_SEND = "waiting_to_send"
    WITH_SERVICE_AREA = "with_service_area"
    ACKNOWLEDGED = "acknowledged"
    HOLDING_REPLY = "holding_reply"
    WAITING_FOR_RESIDENT = "waiting_for_resident"
    ANSWERED = "answered"
    RESIDENT_TOLD = "resident_told"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes somebody a word."""
        return self not in (Status.CLOSED, Status.WITHDRAWN)


class Flag(Word):
    """What else is true of an enquiry beside its status."""

    REROUTED = "rerouted"
    ESCALATED = "escalated"
    OUTSIDE_BODY = "outside_body"
    BECAME_COMPLAINT = "became_complaint"
    BECAME_SERVICE_REQUEST = "became_service_request"
    BECAME_INFORMATION_REQUEST = "became_information_request"


class State(Word):
    """How an enquiry stands against its standard, always in words."""

    IN_TIME = "in_time"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not_measured"


class Channel(Word):
    """How contact came."""

    FACE_TO_FACE = "face_to_face"
    TELEPHONE = "telephone"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    OFFICER_EMAIL = "officer_email"
    WEB = "web"
    TEXT = "text"
    LETTER = "letter"
    SOCIAL_MEDIA = "social_media"
    MOBILE_SERVICE = "mobile_service"
    OTHER = "other"


class Kind(Word):
    """What was asked for."""

    ENQUIRY = "enquiry"
    SERVICE_REQUEST = "service_request"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    COMMENT = "comment"
    INFORMATION_REQUEST = "information_request"


class Stage(Word):
    """The stage a complaint is at; other kinds have none."""

    INFORMAL = "informal"
    ONE = "1"
    TWO = "2"


class Priority(Word):
    """How soon an enquiry must be looked at."""

    NORMAL = "normal"
    URGENT = "urgent"
    SAFEGUARDING = "safeguarding"


class Role(Word):
    """What a person using the program does."""

    COUNCILLOR = "councillor"
    SUPPORT = "support"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"


class ResidentKind(Word):
    """Whom a councillor helps."""

    PERSON = "person"
    BUSINESS = "business"
    COMMUNITY_GROUP = "community_group"


class MailKind(Word):
    """Who made a mail: a person, or a machine and of what sort."""

    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    CALENDAR = "calendar"


class Proposal(Word):
    """What a mail seems to mean; a person decides."""

    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING = "holding"
    ANSWER = "answer"
    QUESTION = "question"
    REDIRECT = "redirect"
    CLOSURE = "closure"
    CHASING = "chasing"
    NEW_INFORMATION = "new_information"
    NONE = "none"


class OutgoingState(Word):
    """Where a mail of ours stands; `unknown` is for a person to decide."""

    WRITTEN = "written"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"


class Sharing(Word):
    """Which of several duty officers takes the next enquiry: the first in the rota, each in turn, or one chosen."""

    IN_ORDER = "in_order"
    TURN_ABOUT = "turn_about"
    CHOOSE = "choose"


class Start(Word):
    """The event a standard is counted from."""

    RECEIVED = "received"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"


class AfterHours(Word):
    """How contact after closing or on a day the office is shut is counted."""

    SAME_DAY = "same_day"
    NEXT_WORKING_DAY = "next_working_day"


_ON_SCREEN: dict[str, str] = {
    Sharing.IN_ORDER: "The first in the rota who is there",
    Sharing.CHOOSE: "Whoever sends chooses",
    Status.HOLDING_REPLY: "Holding reply received",
    Status.ANSWERED: "Answered (resident to be told)",
    Status.RESIDENT_TOLD: "Resident told (follow-up period)",
    Flag.OUTSIDE_BODY: "Passed to outside body",
    Flag.REROUTED: "Re-routed",
    Flag.BECAME_COMPLAINT: "Turned into complaint",
    Flag.BECAME_SERVICE_REQUEST: "Turned into service request",
    Flag.BECAME_INFORMATION_REQUEST: "Turned into information request",
    Channel.WEB: "Web form",
    Channel.OFFICER_EMAIL: "Email to an officer",
    Stage.ONE: "Stage 1",
    Stage.TWO: "Stage 2",
    Role.SUPPORT: "Support officer",
    Role.OFFICER: "Member services officer",
    MailKind.HUMAN: "Written by a person",
    MailKind.AUTO_REPLY: "Automatic reply",
    MailKind.BOUNCE: "Not delivered",
    MailKind.CALENDAR: "Calendar mail",
    Proposal.HOLDING: "Holding reply",
    Proposal.QUESTION: "Question for the resident",
    Proposal.REDIRECT: "Another service area or body",
    Proposal.CHASING: "Chasing progress",
    Proposal.NONE: "Nothing proposed",
    OutgoingState.QUEUED: "Waiting to send",
    OutgoingState.UNKNOWN: "May have gone out: please check",
    "ntlm": "NTLM (Windows user name and password)",
    "kerberos": "Kerberos (as signed in to Windows)",
    "basic": "Basic (user name and password)",
    "microsoft": "Microsoft 365 sign-in",
    "exchange_server": "Exchange Server",
    "exchange_online": "Exchange Online (Microsoft 365)",
    "folder": "Folder of messages",
}
