"""What a mail is and what it proposes: always the sentence it relied on beside it, and a person decides."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from member_tracker.domain import reading_cues as cues
from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.reading_dates import Dated, WorkingDays, find_dates
from member_tracker.domain.reading_kind import classify
from member_tracker.domain.reading_sentences import Sentence, sentences_of
from member_tracker.domain.senders import SenderRole
from member_tracker.domain.vocabulary import MailKind, Proposal

__all__ = ["Reading", "WorkingDays", "classify", "read_mail_text", "read_reply"]

SHORT = 80  # words: a longer text is no mere acknowledgement
ENOUGH = 10  # words beyond thanks: so much is an answer where nothing else fits
_PRECEDENCE = (
    Proposal.QUESTION,
    Proposal.HOLDING,
    Proposal.REDIRECT,
    Proposal.CLOSURE,
    Proposal.ANSWER,
    Proposal.ACKNOWLEDGEMENT,
)
_THEIR_REFERENCE = re.compile(
    r"\b(?:reference|ref|case|ticket|job|enquiry|request|incident|call)\s*(?:number|no\b\.?|id|ref(?:erence)?)?"
    r"\s*(?:is|:|#|-)?\s*#?((?!ENQ)[A-Z]{0,8}[-/]?\d[A-Z0-9/-]{2,20})\b",
    re.IGNORECASE,
)
_CONTACT_POINT = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|\b0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}\b")
_NAMED_CONTACT = re.compile(
    r"(?:contact|to|email|e-mail|ring|call|phone|ask|cysylltwch (?:â|ag)|ffoniwch)"
    r"(?: my colleague| fy nghydweithiwr)?,? "
    r"((?!I\b)[A-Z][\w'’-]+(?: (?:[A-Z]\.? )?[A-Z][\w'’-]+)+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read in a mail.

    `sentence` is a piece of the visible reply to the letter, empty where nothing was relied on. `promised_on` is the
    one future date given, None where there is none or more than one (`dates` has them all); `returns_on` is the day an
    absent officer is back. `other_proposals` is not empty where the mail says several things: then preselect nothing.
    """

    kind: MailKind
    proposal: Proposal = Proposal.NONE
    sentence: str = ""
    reason: str = ""
    other_proposals: tuple[Proposal, ...] = ()
    promised_on: date | None = None
    dates: tuple[date, ...] = ()
    returns_on: date | None = None
    alternative_contact: str | None = None
    their_reference: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the mail says one thing only, so that its proposal may be preselected."""
        return self.proposal is not Proposal.NONE and not self.other_proposals


def read_reply(
    mail: IncomingMail,
    *,
    received_on: date,
    calendar: WorkingDays | None,
    sender: SenderRole = SenderRole.SERVICE_AREA,
    our_mail_sent_at: datetime | None = None,
    made: tuple[MailKind, str] | None = None,
) -> Reading:
    """What the mail is and proposes; `received_on` is the local day it came, from which its dates are counted.

    `made` is what `classify` said of it, where it was asked already.

    Automatic mail proposes nothing. Only the service area's mail proposes an answer of the council: a resident's or
    councillor's is chasing or new information.
    """
    kind, why = made or classify(mail, our_mail_sent_at=our_mail_sent_at)
    sentences = sentences_of(mail.reply_text)
    if kind is not MailKind.HUMAN:
        away = _away(sentences, received_on, calendar) if kind is MailKind.AUTO_REPLY else Reading(kind=kind)
        return _with(away, kind=kind, reason=why, their_reference=_their_reference(mail.reply_text))
    if sender in {SenderRole.RESIDENT, SenderRole.COUNCILLOR}:
        return _from_people(sentences)
    return read_mail_text(sentences, received_on=received_on, calendar=calendar, attachments=len(mail.attachments))


def _with(reading: Reading, *, kind: MailKind, reason: str, their_reference: str | None) -> Reading:
    return Reading(
        kind=kind,
        reason=reason,
        sentence=reading.sentence,
        returns_on=reading.returns_on,
        alternative_contact=reading.alternative_contact,
        their_reference=their_reference,
    )


def _their_reference(text: str) -> str | None:
    found = _THEIR_REFERENCE.search(text[:4_000])
    return found[1] if found else None


def _from_people(sentences: tuple[Sentence, ...]) -> Reading:
    """Mail of a resident or councillor on their enquiry."""
    for sentence in sentences:
        if cues.chases(sentence):
            return Reading(
                kind=MailKind.HUMAN, proposal=Proposal.CHASING, sentence=sentence.text, reason="asks how things stand"
            )
    if not sentences:
        return Reading(kind=MailKind.HUMAN, reason="says nothing of its own")
    return Reading(
        kind=MailKind.HUMAN,
        proposal=Proposal.NEW_INFORMATION,
        sentence=max(sentences, key=lambda sentence: sentence.words).text,
        reason="tells something about the enquiry",
    )


def _away(sentences: tuple[Sentence, ...], received_on: date, calendar: WorkingDays | None) -> Reading:
    """The day an absent officer is back, and whom to ask meanwhile."""
    away, returns_on = "", None
    for sentence in sentences:
        dates = [one.on for one in find_dates(sentence.plain, said_on=received_on, working_days=calendar)]
        ahead = [on for on in dates if on >= received_on]
        if returns_on is None and ahead and (cues.is_away(sentence) or cues.speaks_of_return(sentence)):
            away, returns_on = sentence.text, ahead[-1]
        elif not away and cues.is_away(sentence):
            away = sentence.text
    return Reading(
        kind=MailKind.AUTO_REPLY, sentence=away, returns_on=returns_on, alternative_contact=_contact(sentences)
    )


def _contact(sentences: tuple[Sentence, ...]) -> str | None:
    """Whom to ask instead: an address or number in a sentence that says so, else in any, else a name."""
    saying_so = [sentence for sentence in sentences if cues.says_whom_to_ask(sentence)]
    for sentence in (*saying_so, *sentences):
        if point := _CONTACT_POINT.search(sentence.text):
            return point.group().rstrip(".")
    named = (_NAMED_CONTACT.search(sentence.text) for sentence in saying_so)
    return next((found[1] for found in named if found), None)


@dataclass(slots=True)
class _Found:
    """The first sentence for each proposal, and the dates promised."""

    sentences: dict[Proposal, str] = field(default_factory=dict)
    reasons: dict[Proposal, str] = field(default_factory=dict)
    promised: list[tuple[Dated, str]] = field(default_factory=list)

    def add(self, proposal: Proposal, sentence: Sentence, reason: str) -> None:
        if proposal not in self.sentences:
            self.sentences[proposal] = sentence.text
            self.reasons[proposal] = reason


def read_mail_text(
    sentences: tuple[Sentence, ...], *, received_on: date, calendar: WorkingDays | None, attachments: int = 0
) -> Reading:
    """What an officer's reply proposes: question before holding before redirect, closure, answer, acknowledgement."""
    found = _Found()
    for sentence in sentences:
        _promises(sentence, received_on, calendar, found)
        for proposal, holds, reason in _CUES:
            if proposal not in found.sentences and holds(sentence):
                found.add(proposal, sentence, reason)
    _weigh(found, sentences, attachments)
    promised = _surest(found.promised)
    proposals = [proposal for proposal in _PRECEDENCE if proposal in found.sentences]
    if not proposals:
        away = next((sentence.text for sentence in sentences if cues.is_away(sentence)), "")
        return Reading(kind=MailKind.HUMAN, sentence=away, reason="nothing in it says how the enquiry stands")
    first = proposals[0]
    return Reading(
        kind=MailKind.HUMAN,
        proposal=first,
        sentence=found.sentences[first],
        reason=found.reasons[first],
        other_proposals=tuple(proposals[1:]),
        promised_on=next(iter(promised)) if len(promised) == 1 else None,
        dates=tuple(sorted(promised)),
    )


_Cue = tuple[Proposal, Callable[[Sentence], bool], str]
_CUES: tuple[_Cue, ...] = (
    (Proposal.QUESTION, cues.asks, "asks for something"),
    (Proposal.HOLDING, cues.is_waiting, "says that the answer is still to come"),
    (Proposal.REDIRECT, cues.sends_elsewhere, "says that somebody else must answer"),
    (Proposal.REDIRECT, cues.hands_on, "was passed to somebody else"),
    (Proposal.CLOSURE, cues.says_closed, "says that the case is over"),
    (Proposal.ANSWER, cues.says_done, "tells what was done or found"),
    (Proposal.ACKNOWLEDGEMENT, cues.thanks_or_starts, "says that it arrived or is being looked into"),
    (Proposal.ACKNOWLEDGEMENT, cues.hands_on_inside, "says who has it"),
)


def _promises(sentence: Sentence, received_on: date, calendar: WorkingDays | None, found: _Found) -> None:
    """A date to come in what an officer writes is a promise, and the mail a holding reply.

    A day named outright needs no more; “within a week” and the like count only where the sentence looks ahead.
    """
    dates = find_dates(sentence.plain, said_on=received_on, working_days=calendar)
    if not dates or sentence.plain.endswith("?") or cues.gives_no_promise(sentence) or cues.is_away(sentence):
        return
    ahead = cues.looks_ahead(sentence)
    for dated in dates:
        before = sentence.plain[max(0, dated.start - 30) : dated.start]
        if cues.is_ruled_out(sentence.plain[max(0, dated.start - 80) : dated.end]):
            found.add(Proposal.HOLDING, sentence, "says what will not be done by then")
            continue
        to_come = dated.on >= received_on if ahead else (dated.on > received_on and dated.certainty > 1)
        if to_come and not cues.speaks_of_the_past(before):
            found.promised.append((dated, sentence.text))
            found.add(Proposal.HOLDING, sentence, "gives a date to come")


def _surest(promised: list[tuple[Dated, str]]) -> dict[date, str]:
    """The dates named most plainly, each with the first sentence that gives it."""
    surest = max((dated.certainty for dated, _ in promised), default=0)
    kept: dict[date, str] = {}
    for dated, sentence in promised:
        if dated.certainty == surest:
            kept.setdefault(dated.on, sentence)
    return kept


def _weigh(found: _Found, sentences: tuple[Sentence, ...], attachments: int) -> None:
    """Take back what its guard does not allow, and let a statement be an answer where nothing else fits."""
    cued = found.sentences
    if found.promised:
        cued[Proposal.HOLDING] = next(iter(_surest(found.promised).values()))
        found.reasons[Proposal.HOLDING] = "gives a date to come"
    if cued.keys().isdisjoint({Proposal.ANSWER, Proposal.QUESTION, Proposal.HOLDING, Proposal.REDIRECT}):
        _look_for_statements(found, sentences, attachments)
    words = sum(sentence.words for sentence in sentences)
    if Proposal.CLOSURE in cued and Proposal.ANSWER not in cued and words < ENOUGH:
        del cued[Proposal.CLOSURE]
    if len(cued) > 1 or words >= SHORT:
        cued.pop(Proposal.ACKNOWLEDGEMENT, None)


def _look_for_statements(found: _Found, sentences: tuple[Sentence, ...], attachments: int) -> None:
    """An answer that no cue gave away: a fact, or enough said beyond thanks, closing words and things to come."""
    for sentence in sentences:
        if cues.says_fact(sentence):
            found.add(Proposal.ANSWER, sentence, "states how things are")
            return
    telling = [
        one
        for one in sentences
        if not (cues.thanks_or_starts(one) or cues.says_closed(one) or cues.promises_more(one) or one.plain[-1] in "?!")
    ]
    told = sum(sentence.words for sentence in telling)
    if not telling and not found.sentences:
        later = next((one for one in sentences if cues.promises_more(one)), None)
        if later is not None:
            found.add(Proposal.ACKNOWLEDGEMENT, later, "says that something will follow")
    if told >= (2 * ENOUGH if Proposal.ACKNOWLEDGEMENT in found.sentences else ENOUGH) or (telling and attachments):
        found.add(Proposal.ANSWER, max(telling, key=lambda one: one.words), "says something, and nothing else fits")
