"""What the sender wrote now, told from what the mail quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.mail.html_text import text_of
from member_tracker.mail.reply_text import visible_reply

REPLY = "The gully was emptied on Monday.\nIt is running freely."

QUOTED = [
    "On Mon, 16 Nov 2026 at 09:12, Pat Green <pat@example.org> wrote:\n> What about the gully?",
    "On Mon, 16 Nov 2026 at 09:12, Pat Green <pat@example.org>\nwrote:\n\n> What about the gully?",
    "On Mon, 16 Nov 2026 at 09:12, Pat Green <pat@example.org> wrote:\n\nWhat about the gully?",
    "On 16/11/2026 09:12, Pat Green wrote:\n\nWhat about the gully?",
    "Am Mo., 16. Nov. 2026 um 09:12 Uhr schrieb Pat Green <pat@example.org>:\n\nWas ist?",
    "Le lun. 16 nov. 2026 à 09:12, Pat Green <pat@example.org> a écrit :\n\nEt alors ?",
    "Ar Llun, 16 Tach 2026, ysgrifennodd Pat Green <pat@example.org>:\n\nBeth am y gwli?",
    "From: Pat Green <pat@example.org>\nSent: 16 November 2026 09:12\nTo: Streets\nSubject: Gully\n\nWhat about it?",
    "From: Pat <pat@example.org>\n\nSent: 16 November 2026 09:12\n\nTo: Streets\n\nSubject: Gully\n\nWhat about it?",
    "*From:* Pat Green\n*Sent:* 16 November 2026 09:12\n*To:* Streets\n*Subject:* Gully\n\nWhat about it?",
    "________________________________\nFrom: Pat Green\nSent: 16 November 2026\nTo: Streets\nSubject: Gully\n\nWell?",
    "-----Original Message-----\nFrom: Pat Green\nSent: 16 November 2026\nTo: Streets\nSubject: Gully\n\nWell?",
    "-----Original Message-----\nWhat about the gully?",
    "---------- Forwarded message ---------\nFrom: Pat Green\nDate: 16 November 2026\n\nWhat about the gully?",
    "Begin forwarded message:\n\nFrom: Pat Green\nDate: 16 November 2026\n\nWhat about the gully?",
    "Oddi wrth: Pat Green <pat@example.org>\nAnfonwyd: 16 Tachwedd 2026 09:12\nAt: Strydoedd\nPwnc: Gwli\n\nBeth?",
    "Von: Pat Green\nGesendet: Montag, 16. November 2026\nAn: Streets\nBetreff: Gully\n\nWas ist?",
    "> What about the gully?\n> Pat",
    "> What about the gully?\n>\n> > Earlier\n\n> Pat",
    "-- \nSam Jones\nHighways",
    "--\nSam Jones\nHighways",
    "Sent from my iPhone",
    "Sent from Outlook for Android<https://example.org>",
    "Get Outlook for iOS<https://example.org>",
    "Anfonwyd o'm iPhone",
    "This email and any attachments are confidential and intended solely for the addressee.",
    "The information in this e-mail is confidential and may be privileged.",
    "Mae'r e-bost hwn yn gyfrinachol.",
    "Please consider the environment before printing this email.",
    "Disclaimer: the views are the author's.",
    "Sam Jones\nHighways Officer\nTel: 01257 515151\nsam.jones@example.org\nwww.example.org",
]


@pytest.mark.parametrize("below", QUOTED)
def test_what_stands_below_the_reply_is_cut(below: str) -> None:
    assert visible_reply(f"{REPLY}\n\n{below}\n") == REPLY


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote to the owner:\n\nPlease cut the hedge.\n\nHe has done so.",
        "From: our records it was emptied in March.\nIt was full again in May.",
        "The address is 14 Oak Street.\n\n---\n\nIt was visited on Monday.",
        "Points:\n-- the gully\n-- the kerb\n\nBoth are done.",
        "I sent from my office two letters.\n\nBoth were answered.",
        "You wrote on 16 November: please help.\n\nWe did.",
        "To: summarise, it is done.",
        "Subject: to the committee's approval, work begins on 3 December.",
    ],
)
def test_ordinary_sentences_that_look_like_quoting_stay(text: str) -> None:
    assert visible_reply(text) == text


def test_an_answer_below_the_quotation_is_found() -> None:
    text = f"On 16/11/2026 09:12, Pat Green wrote:\n> What about the gully?\n> Pat\n\n{REPLY}"
    assert visible_reply(text) == REPLY


def test_answers_between_quoted_lines_are_found() -> None:
    text = "On 16/11/2026, Pat Green wrote:\n> The gully?\nEmptied.\n> The kerb?\nMended."
    assert visible_reply(text).split() == ["Emptied.", "Mended."]


def test_a_quotation_made_by_hand_stays_with_its_answer() -> None:
    text = "You asked:\n\n> What about the gully?\n\nEmptied on Monday."
    assert visible_reply(text) == text


def test_a_forwarded_mail_with_nothing_added_has_no_reply() -> None:
    assert visible_reply("-----Original Message-----\nFrom: Pat\nSent: Monday\nTo: Us\nSubject: Gully\n\nWell?") == ""


def test_a_line_of_text_that_a_mail_store_marked_is_text_again() -> None:
    assert (
        visible_reply("The van left.\n>From there it went to Mill Lane.\nDone.")
        .splitlines()[1]
        .startswith("From there")
    )


def test_html_quotations_are_cut() -> None:
    page = (
        "<div>The gully was emptied.</div><br><div class='gmail_quote'>On Mon, 16 Nov 2026 at 09:12, Pat Green "
        "&lt;<a href='mailto:pat@example.org'>pat@example.org</a>&gt; wrote:<br><blockquote class='gmail_quote'>"
        "What about it?</blockquote></div>"
    )
    assert visible_reply(text_of(page)) == "The gully was emptied."


def test_an_outlook_quotation_in_html_is_cut() -> None:
    page = (
        "<p class=MsoNormal>The gully was emptied.<o:p></o:p></p>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        "<p><b>From:</b> Pat Green<br><b>Sent:</b> 16 November 2026<br><b>To:</b> Streets<br><b>Subject:</b> Gully</p>"
        "</div><p>What about it?</p>"
    )
    assert visible_reply(text_of(page)) == "The gully was emptied."


def test_hidden_and_active_parts_of_html_are_no_text() -> None:
    page = (
        "<style>p{}</style><script>alert(1)</script><div style='display:none'>secret</div><p>Done &lt;b&gt;<img src=x>"
    )
    assert text_of(page) == "Done <b>"


@given(st.text(max_size=500))
def test_any_text_has_a_reply(text: str) -> None:
    reply = visible_reply(text)
    assert reply == reply.strip()


@given(st.text(alphabet="<>/abp!-\"'= \n&;", max_size=300))
def test_any_html_has_a_text(page: str) -> None:
    text_of(page)
