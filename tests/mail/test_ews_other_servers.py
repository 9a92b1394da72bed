"""Servers that speak like Exchange and are not: each answers in a shape of its own, and mail is read all the same."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest

from member_tracker.domain.availability import BusyKind
from member_tracker.domain.errors import Invalid, NotAllowed, TooMuch, Unavailable
from member_tracker.domain.mailboxes import SendingWay
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.mailbox import NotOffered, Spot
from tests.fakes.http_loopback import Answer
from tests.mail.ews_office import NOON
from tests.mail.odd_servers import (
    LETTER,
    RAW,
    Said,
    always,
    bad,
    changed,
    created,
    fault,
    found,
    good,
    items,
    message,
    mime,
    odd,
    one_after_another,
    replies,
)

# --- reading


def test_a_list_without_dates_and_kinds_is_filled_in_by_the_message_itself() -> None:
    whole = message("one", mime() + "<t:DateTimeReceived>2026-11-19T10:00:00.123456Z</t:DateTimeReceived>")
    with odd(
        SyncFolderItems=always(changed(created("one"))),
        GetItem=always(replies("GetItem", good("GetItem", items(whole)))),
    ) as place:
        (arrival,) = place.box().arrivals(None).page
    assert arrival.raw == RAW
    assert arrival.received_at == datetime(2026, 11, 19, 10, 0, 0, 123456, UTC)


def test_a_server_that_knows_content_only_by_another_name_is_asked_by_that() -> None:
    def get(asked: str) -> str:
        content = mime() if "IncludeMimeContent" in asked else ""
        return replies("GetItem", good("GetItem", items(message("one", content))))

    with odd(SyncFolderItems=always(changed(created("one"))), GetItem=get) as place:
        assert [one.raw for one in place.box().arrivals(None).page] == [RAW]


def test_a_message_without_content_is_told_of_and_stops_nothing() -> None:
    def get(asked: str) -> str:
        asked_for = [one for one in ("one", "two") if f'Id="{one}"' in asked]
        answers = {"one": message("one"), "two": message("two", mime())}
        return replies("GetItem", *(good("GetItem", items(answers[one])) for one in asked_for))

    with odd(SyncFolderItems=always(changed(created("one", "two"))), GetItem=get) as place:
        page = place.box().arrivals(None)
    assert [one.provider_id for one in page.page] == ["two"]
    assert [one.reason for one in page.refused] == ["the server does not hand its content over"]


@pytest.mark.parametrize(
    "whole", [fault("ErrorInternalServerError"), bad("GetItem", "ErrorServerBusy"), good("GetItem")]
)
def test_a_batch_the_server_stumbles_over_is_fetched_one_by_one(whole: str) -> None:
    def get(asked: str) -> str:
        if asked.count("<t:ItemId") > 1:
            return whole if "Fault>" in whole else replies("GetItem", whole, whole) if "Busy" in whole else whole
        if 'Id="bad"' in asked:
            return replies("GetItem", bad("GetItem", "ErrorItemCorrupt"))
        return replies("GetItem", good("GetItem", items(message("one", mime()))))

    with odd(SyncFolderItems=always(changed(created("one", "bad"))), GetItem=get) as place:
        page = place.box().arrivals(None)
    assert [one.provider_id for one in page.page] == ["one"]
    assert ["ErrorItemCorrupt" in one.reason for one in page.refused] == [True]


def test_one_message_alone_that_is_too_much_for_the_server_waits() -> None:
    busy = replies("GetItem", bad("GetItem", "ErrorServerBusy"))
    with odd(SyncFolderItems=always(changed(created("one"))), GetItem=always(busy)) as place, pytest.raises(TooMuch):
        place.box().arrivals(None)


def test_what_is_no_mail_is_left_alone() -> None:
    contact = '<t:Create><t:Contact><t:ItemId Id="c"/></t:Contact></t:Create>'
    odd_one = "<t:Create><t:Message/></t:Create><t:Delete/>"
    task = replies("GetItem", bad("GetItem", "ErrorUnsupportedMimeConversion"))
    with odd(SyncFolderItems=always(changed(contact, odd_one, created("x"))), GetItem=always(task)) as place:
        page = place.box().arrivals(None)
    assert (page.page, page.refused, page.left) == ((), (), ())


def test_a_kind_of_item_nobody_knows_is_read_as_mail() -> None:
    share = '<t:Create><t:SharingMessage><t:ItemId Id="s"/></t:SharingMessage></t:Create>'
    whole = items(f'<t:SharingMessage><t:ItemId Id="s"/>{mime()}</t:SharingMessage>')
    with odd(
        SyncFolderItems=always(changed(share)), GetItem=always(replies("GetItem", good("GetItem", whole)))
    ) as place:
        assert [one.raw for one in place.box().arrivals(None).page] == [RAW]


def test_a_message_of_enormous_size_is_not_fetched() -> None:
    huge = f"<t:Create>{message('one', '<t:Size>900000000</t:Size>')}</t:Create>"
    with odd(SyncFolderItems=always(changed(huge))) as place:
        assert [one.reason for one in place.box().arrivals(None).refused] == ["it is too large to be fetched"]


def test_a_server_that_never_comes_to_an_end_is_not_asked_for_ever() -> None:
    with odd(SyncFolderItems=always(changed(last="false"))) as place:
        box = place.box()
        first = box.arrivals(None)
        assert not box.arrivals(first.cursor).more


def test_a_bad_state_answered_with_an_error_alone_is_made_good() -> None:
    lost = replies("SyncFolderItems", bad("SyncFolderItems", "ErrorInvalidSyncStateData"))
    with odd(SyncFolderItems=one_after_another(changed(), lost, changed(state="s2"))) as place:
        box = place.box()
        page = box.arrivals(box.arrivals(None).cursor)
    assert page.begun_again
    assert '"state":"s2"' in page.cursor


def test_a_server_that_is_asked_in_too_new_a_version_is_asked_in_an_older_one_from_then_on() -> None:
    def sync(asked: str) -> str:
        return fault("ErrorInvalidServerVersion") if "Exchange2016" in asked else changed()

    with odd(SyncFolderItems=sync) as place:
        box = place.box()
        box.arrivals(None)
        box.arrivals(None)
        assert ["Exchange2016" in one for one in place.server.asked] == [True, False, False]


def test_a_server_that_knows_no_version_at_all_is_not_asked_for_ever() -> None:
    with odd(SyncFolderItems=always(fault("ErrorInvalidServerVersion"))) as place:
        with pytest.raises(Unavailable, match="ErrorInvalidServerVersion"):
            place.box().arrivals(None)
        assert len(place.server.asked) == 4


@pytest.mark.parametrize(
    "listed", [replies("FindItem", bad("FindItem", "ErrorInvalidRestriction")), replies("FindItem", good("FindItem"))]
)
def test_a_sweep_goes_through_everything_where_the_server_cannot_choose(listed: str) -> None:
    old = message("old", "<t:DateTimeReceived>2026-01-01T00:00:00Z</t:DateTimeReceived>")
    new = message("new", "<t:DateTimeReceived>2026-11-19T00:00:00Z</t:DateTimeReceived>")

    def find(asked: str) -> str:
        return listed if "Restriction" in asked else found(old, new)

    whole = replies("GetItem", good("GetItem", items(message("new", mime()))))
    with odd(FindItem=find, GetItem=always(whole)) as place:
        page = place.box().sweep(NOON - timedelta(days=14))
    assert [one.provider_id for one in page.page] == ["new"]


def test_a_list_that_comes_newest_first_is_not_read_past_its_day() -> None:
    days = (f"<t:DateTimeReceived>2026-10-{30 - n % 30:02}T00:00:00Z</t:DateTimeReceived>" for n in range(100))
    full = [message(f"m{n}", day) for n, day in enumerate(days)]
    full[0] = message("m0", "<t:DateTimeReceived>2026-11-19T00:00:00Z</t:DateTimeReceived>")
    whole = replies("GetItem", good("GetItem", items(message("m0", mime()))))
    with odd(FindItem=always(found(*full)), GetItem=always(whole)) as place:
        page = place.box().sweep(NOON - timedelta(days=14))
        assert len(place.server.asked) == 2
    assert len(page.page) == 1


def test_a_list_that_always_begins_from_the_start_is_read_once() -> None:
    full = [message(f"m{n}") for n in range(100)]
    with odd(FindItem=always(found(*full))) as place:
        place.box().sweep(NOON - timedelta(days=14), set)
        assert len(place.server.asked) == 2


# --- looking and sending


def test_a_list_with_nothing_but_ids_is_looked_into() -> None:
    whole = replies("GetItem", good("GetItem", items(message("one", mime()))))
    folders = {"drafts": found(), "outbox": found(), "sentitems": found(message("one"))}

    def find(asked: str) -> str:
        named = [name for name in folders if f'Id="{name}"' in asked]
        return folders[named[0]]  # and answers for the first folder only

    with odd(FindItem=find, GetItem=always(whole)) as place:
        look = place.box().look(LETTER)
    assert look.spot is Spot.SENT
    assert look.receipt is not None
    assert (look.receipt.message_id, look.receipt.sent_at) == ("<m1@example.org>", NOON)


def test_a_folder_not_every_server_has_is_not_missed() -> None:
    def find(asked: str) -> str:
        if 'Id="drafts"' in asked and 'Id="outbox"' in asked:
            return fault("Client")
        absent = 'Id="outbox"' in asked or 'Id="deleteditems"' in asked
        return replies("FindItem", bad("FindItem", "ErrorFolderNotFound")) if absent else found()

    with odd(FindItem=find) as place:
        assert place.box().look(LETTER).spot is Spot.NOWHERE


def test_a_property_echoed_in_capitals_is_ours() -> None:
    ours = (
        f'<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="{xml.OUR_PROPERTIES.upper()}" '
        'PropertyName="send_key"/>'
        f"<t:Value>{LETTER.key}</t:Value></t:ExtendedProperty>"
    )
    other = ours.replace(xml.OUR_PROPERTIES.upper(), "00020329-0000-0000-c000-000000000046")
    for said, spot in ((ours, Spot.SENT), (other, Spot.NOWHERE)):
        bare = replies("GetItem", good("GetItem", items(message("one"))))
        with odd(FindItem=always(found(message("one", said))), GetItem=always(bare)) as place:
            assert place.box().look(LETTER).spot is spot


def test_a_key_left_out_of_what_was_made_of_the_bytes_is_put_on() -> None:
    made = replies("CreateItem", good("CreateItem", items(message("one"))))
    bare = replies("GetItem", good("GetItem", items(message("one"))))
    changed_it = replies("UpdateItem", good("UpdateItem"))
    with odd(CreateItem=always(made), GetItem=always(bare), UpdateItem=always(changed_it)) as place:
        place.box().save_draft(LETTER)
        assert LETTER.key in place.server.asked[-1]
        assert 'MessageDisposition="SaveOnly"' in place.server.asked[-1]


@pytest.mark.parametrize(
    "said",
    [
        "<m:SendItemResponse><m:Responses>" + good("SendItem") + "</m:Responses></m:SendItemResponse>",
        "<m:SendItemResponse><m:ResponseCode>NoError</m:ResponseCode></m:SendItemResponse>",
        "<m:SendItemResponse/>",
        "",
    ],
)
def test_whatever_shape_done_has_only_looking_tells(said: str) -> None:
    drafts = iter([found(message("one", f"<t:InternetMessageId>{escape(LETTER.message_id)}</t:InternetMessageId>"))])
    marked = replies("UpdateItem", good("UpdateItem"))
    again = replies("GetItem", good("GetItem", items(message("one"))))
    with odd(
        FindItem=lambda _: next(drafts, found()),
        UpdateItem=always(marked),
        GetItem=always(again),
        SendItem=always(said),
    ) as place:
        place.box(sending=SendingWay.SEND_ITEM).send_draft(LETTER)


def test_a_copy_in_sent_items_after_a_failure_is_for_a_person() -> None:
    copy = found(message("one", f"<t:InternetMessageId>{escape(LETTER.message_id)}</t:InternetMessageId>"))
    failed = fault("Server")
    sent = replies("CreateItem", good("CreateItem"))

    def find(asked: str) -> str:
        return found() if 'Id="drafts"' in asked or 'Id="outbox"' in asked else copy

    with odd(CreateItem=one_after_another(failed, sent), FindItem=find) as place:
        box = place.box(sending=SendingWay.CREATE)
        with pytest.raises(Unavailable, match="“Server”"):
            box.send_draft(LETTER)
        assert box.look(LETTER).spot is Spot.TRIED
        box.send_draft(LETTER)
        assert box.look(LETTER).spot is Spot.SENT


# --- asking


def test_a_server_that_gives_only_digits_tells_who_is_free() -> None:
    answer = (
        "<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray><m:FreeBusyResponse>"
        + good("X").replace("XResponseMessage", "ResponseMessage")
        + "<m:FreeBusyView><t:FreeBusyViewType>MergedOnly</t:FreeBusyViewType>"
        "<t:MergedFreeBusy>0122034</t:MergedFreeBusy></m:FreeBusyView></m:FreeBusyResponse><m:FreeBusyResponse>"
        + bad("X", "ErrorMailRecipientNotFound").replace("XResponseMessage", "ResponseMessage")
        + "</m:FreeBusyResponse><m:FreeBusyResponse>"
        + good("X").replace("XResponseMessage", "ResponseMessage")
        + "<m:FreeBusyView><t:FreeBusyViewType>None</t:FreeBusyViewType></m:FreeBusyView></m:FreeBusyResponse>"
        "</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>"
    )
    end = NOON + timedelta(hours=3)
    with odd(GetUserAvailabilityRequest=always(answer)) as place:
        busy = place.box().free_busy(["a@example.org", "b@example.org", "c@example.org"], NOON, end)
    half = timedelta(minutes=30)
    assert [(one.kind, (one.start_at - NOON) / half, (one.end_at - NOON) / half) for one in busy] == [
        (BusyKind.TENTATIVE, 1, 2),
        (BusyKind.BUSY, 2, 4),
        (BusyKind.OUT_OF_OFFICE, 5, 6),
        (BusyKind.NO_INFORMATION, 0, 6),
        (BusyKind.NO_INFORMATION, 0, 6),
    ]


def test_too_long_a_time_is_not_asked_about() -> None:
    with odd() as place, pytest.raises(Invalid, match="longer than 42 days"):
        place.box().free_busy(["a@example.org"], NOON, NOON + timedelta(days=50))


def test_a_stub_of_mail_tips_is_no_tip_at_all() -> None:
    stub = good("GetMailTips").replace("ResponseMessage", "Response")
    with odd(GetMailTips=always(stub)) as place:
        (tip,) = place.box().tips(["a@example.org"])
    assert (tip.address, tip.automatic_reply, tip.invalid, tip.largest_bytes) == ("a@example.org", None, False, None)


@pytest.mark.parametrize(
    "said", [fault("Server"), fault("ErrorInvalidRequest"), Answer(status=501), Answer(status=500)]
)
def test_a_question_a_server_does_not_know_is_not_offered(said: Said) -> None:
    with odd(GetMailTips=always(said)) as place, pytest.raises(NotOffered, match="mail tips"):
        place.box().tips(["a@example.org"])


def test_tips_that_are_forbidden_are_not_called_missing() -> None:
    denied = replies("GetMailTips", bad("GetMailTips", "ErrorAccessDenied"))
    with odd(GetMailTips=always(denied)) as place, pytest.raises(NotAllowed):
        place.box().tips(["a@example.org"])
