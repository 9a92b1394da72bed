"""What a reply proposes: rates on made-up replies, and the rules that no reply may break."""

import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import Attachment, IncomingMail
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reading import Reading, read_reply
from member_tracker.domain.senders import SenderRole
from member_tracker.domain.vocabulary import MailKind, Proposal

RECEIVED_ON = date(2026, 11, 18)


def _replies(name: str, set_name: str | None = None) -> list[dict[str, Any]]:
    found = tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))["reply"]
    return [reply if set_name is None else reply | {"set": set_name} for reply in found]


REPLIES = [
    *_replies("officer_replies.toml"),
    *_replies("officer_replies_unseen.toml", "sixth"),
    *_replies("officer_replies_fresh.toml", "seventh"),
]


class MondayToFriday:
    """Working days without holidays."""

    def add_working_days(self, day: date, count: int) -> date:
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day


class Unknown:
    """A calendar that ends before the question."""

    def add_working_days(self, day: date, count: int) -> date:
        raise Invalid("The bank holidays of that year are not known.", advice="Update the list.")


def mail(text: str, *, subject: str = "RE: Street light", headers: tuple[tuple[str, str], ...] = ()) -> IncomingMail:
    return IncomingMail(
        message_id="<reply@example.org>",
        from_address="officer@example.org",
        subject=subject,
        reply_text=text,
        text=text,
        headers=headers,
    )


def read(text: str, *, sender: SenderRole = SenderRole.SERVICE_AREA) -> Reading:
    return read_reply(mail(text), received_on=RECEIVED_ON, calendar=MondayToFriday(), sender=sender)


def misread(which: str) -> Iterator[str]:
    """The replies of one set that are not read as a careful reader would, with both readings."""
    for reply in REPLIES:
        if reply["set"] == which:
            says = read(reply["text"])
            if says.proposal != reply["proposal"]:
                yield f"{reply['proposal']}, read as {says.proposal}: {reply['text']}"


@pytest.mark.parametrize(
    ("which", "least"),
    [
        ("first", 0.97),
        ("second", 0.95),
        ("third", 0.95),
        ("fourth", 0.94),
        ("fifth", 0.95),
        ("sixth", 0.95),
        ("seventh", 0.9),
    ],
)
def test_nearly_every_made_up_reply_is_read_as_a_careful_reader_would(which: str, least: float) -> None:
    size = sum(reply["set"] == which for reply in REPLIES)
    wrong = list(misread(which))
    rate = 1 - len(wrong) / size
    sys.stdout.write(f"{which} set: {rate:.0%} of {size} replies read rightly\n")
    assert rate >= least, "\n".join(wrong)


def test_nearly_every_promised_date_is_found_and_no_more() -> None:
    wrong = [
        f"{reply.get('promised_on')}, read as {found}: {reply['text']}"
        for reply in REPLIES
        if (found := read(reply["text"]).promised_on) != reply.get("promised_on")
    ]
    assert len(wrong) / len(REPLIES) <= 0.02, "\n".join(wrong)


def test_the_sentence_relied_on_stands_in_the_reply_to_the_letter() -> None:
    for reply in REPLIES:
        says = read(reply["text"])
        assert says.sentence in reply["text"]
        assert (says.sentence == "") == (says.proposal is Proposal.NONE) or says.proposal is Proposal.NONE


@given(st.text(max_size=400))
def test_any_text_at_all_is_read(text: str) -> None:
    says = read(text)
    assert says.sentence in text
    assert says.proposal not in says.other_proposals


@given(st.lists(st.sampled_from([reply["text"] for reply in REPLIES]), min_size=1, max_size=3))
def test_replies_run_together_still_rely_on_a_sentence_of_theirs(texts: list[str]) -> None:
    joined = "\n\n".join(texts)
    assert read(joined).sentence in joined


def test_several_signs_give_the_strongest_and_name_the_others() -> None:
    says = read("The lamp was repaired on Monday. Could you confirm it is the one outside number 9?")
    assert says.proposal is Proposal.QUESTION
    assert Proposal.ANSWER in says.other_proposals
    assert not says.is_plain


def test_two_dates_are_asked_about_and_neither_is_promised() -> None:
    says = read("The inspection will be on 24 November and the repair will follow by 8 December.")
    assert says.proposal is Proposal.HOLDING
    assert says.promised_on is None
    assert says.dates == (date(2026, 11, 24), date(2026, 12, 8))


class WithHolidays:
    """Working days of a council that is closed from 24 December to 1 January."""

    def add_working_days(self, day: date, count: int) -> date:
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5 and not date(2026, 12, 24) <= day <= date(2027, 1, 1)
        return day


def test_working_days_are_counted_by_the_councils_own_calendar() -> None:
    says = read_reply(
        mail("You will have our reply within 10 working days."), received_on=date(2026, 12, 18), calendar=WithHolidays()
    )
    assert says.promised_on == date(2027, 1, 12)


@pytest.mark.parametrize(
    "text",
    [
        "We will not be able to finish this by Friday 27 November.",
        "The lamp won't be mended before 4 December.",
        "I am unable to give you an answer by the end of the month.",
        "It cannot be done within 10 working days.",
    ],
)
def test_a_day_by_which_nothing_will_be_done_is_no_promise(text: str) -> None:
    says = read(text)
    assert (says.proposal, says.promised_on) == (Proposal.HOLDING, None)


def test_a_date_beyond_the_known_bank_holidays_is_no_promise() -> None:
    says = read_reply(mail("We will reply within 10 working days."), received_on=RECEIVED_ON, calendar=Unknown())
    assert says.promised_on is None


def test_quoted_text_is_never_relied_on() -> None:
    says = read("> The pothole was repaired on Monday and the case has been closed.\n\nThanks, I will look into it.")
    assert says.proposal is Proposal.ACKNOWLEDGEMENT


def test_an_attachment_with_a_line_of_text_is_an_answer() -> None:
    with_file = IncomingMail(
        message_id=None,
        reply_text="Response to your enquiry enclosed herewith.",
        attachments=(Attachment(name="reply.pdf", media_type="application/pdf", size=3, sha256="0"),),
    )
    assert read_reply(with_file, received_on=RECEIVED_ON, calendar=None).proposal is Proposal.ANSWER


@pytest.mark.parametrize("role", [SenderRole.RESIDENT, SenderRole.COUNCILLOR])
def test_residents_and_councillors_chase_or_inform_and_never_answer(role: SenderRole) -> None:
    assert read("Is there any news on this? It has been three weeks.", sender=role).proposal is Proposal.CHASING
    assert read("The light was repaired and the case is closed.", sender=role).proposal is Proposal.NEW_INFORMATION


AWAY = "I am out of the office and will be back on Monday 30 November. If it is urgent contact duty@example.org."


def test_an_out_of_office_reply_proposes_nothing_and_says_when_and_whom() -> None:
    automatic = mail(AWAY, headers=(("auto-submitted", "auto-replied"),))
    says = read_reply(automatic, received_on=RECEIVED_ON, calendar=MondayToFriday())
    assert (says.kind, says.proposal) == (MailKind.AUTO_REPLY, Proposal.NONE)
    assert says.returns_on == date(2026, 11, 30)
    assert says.alternative_contact == "duty@example.org"
    assert says.promised_on is None


def test_a_welsh_out_of_office_reply_is_understood() -> None:
    text = "Diolch am eich neges. Rwyf allan o'r swyddfa a byddaf yn dychwelyd ar 30 Tachwedd 2026."
    automatic = mail(text, subject="Ateb awtomatig: Golau stryd")
    says = read_reply(automatic, received_on=RECEIVED_ON, calendar=MondayToFriday())
    assert (says.kind, says.proposal, says.returns_on) == (MailKind.AUTO_REPLY, Proposal.NONE, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("text", "back_on", "contact"),
    [
        (
            "Rwyf ar wyliau blynyddol tan ddydd Llun 30 Tachwedd. Os yw'n frys, cysylltwch â brys@example.org.",
            date(2026, 11, 30),
            "brys@example.org",
        ),
        (
            "Nid wyf yn y swyddfa. Byddaf yn ôl ar 2 Rhagfyr 2026. Yn fy absenoldeb ffoniwch 01257 515151.",
            date(2026, 12, 2),
            "01257 515151",
        ),
        (
            "My number is 01257 000000. I am on leave until Friday 27 November. If urgent ring 01257 515151.",
            date(2026, 11, 27),
            "01257 515151",
        ),
        (
            "I am out of the office until Monday. Please contact my colleague Jo Fields.",
            date(2026, 11, 23),
            "Jo Fields",
        ),
        ("I am away from my desk today.", date(2026, 11, 18), None),
    ],
)
def test_who_is_away_says_when_she_is_back_and_whom_to_ask(text: str, back_on: date, contact: str | None) -> None:
    automatic = mail(text, headers=(("auto-submitted", "auto-replied"),))
    says = read_reply(automatic, received_on=RECEIVED_ON, calendar=MondayToFriday())
    assert (says.returns_on, says.alternative_contact) == (back_on, contact)


def test_an_automatic_acknowledgement_gives_their_reference_and_is_no_acknowledgement() -> None:
    automatic = mail(
        "Your case number is CRM-204411. We will reply soon.", headers=(("auto-submitted", "auto-replied"),)
    )
    says = read_reply(automatic, received_on=RECEIVED_ON, calendar=MondayToFriday())
    assert (says.proposal, says.their_reference) == (Proposal.NONE, "CRM-204411")


def test_an_officer_who_says_she_is_away_without_a_machine_proposes_nothing() -> None:
    says = read("I am on annual leave until 30 November.")
    assert (says.proposal, says.promised_on) == (Proposal.NONE, None)
