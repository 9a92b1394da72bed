"""The rota of a service area: kept as written, held against Chorley's hours, and who is on is asked first."""

import pytest

from member_tracker.domain.errors import Invalid
from member_tracker.domain.people import ServiceAreaId
from member_tracker.services.before_sending import before_sending
from member_tracker.services.closing_days import add_closure_day
from member_tracker.services.rota import AreaRota, gaps_of, keep_rota, rotas
from tests.fakes.mailboxes import mailbox_in, with_mailbox
from tests.fakes.office import Office
from tests.services.test_before_sending import Talkative

MORNING = "Sam Reed <sam.reed@example.org>: Mon-Fri 08:45-12:30"
AFTERNOON = "Asha Bell <asha.bell@example.org>: Mon-Thu 12:00-17:00; Fri 13-17"


def housing(office: Office) -> AreaRota:
    return next(rota for rota in rotas(office.app) if rota.name == "Housing")


def test_a_rota_is_kept_as_written_and_its_gaps_are_said(office: Office) -> None:
    area = housing(office)
    assert (area.text, area.missing_today, area.gaps) == ("", True, ("nobody on the rota",))
    kept = keep_rota(office.app, area.area_id, f"{MORNING}\n\n{AFTERNOON}\n")
    assert kept.text == f"{MORNING}\n{AFTERNOON.replace('13-17', '13:00-17:00')}"
    assert kept.on_now == ("Sam Reed",)
    assert kept.gaps == ("Friday 12:30 to 13:00",)
    assert not kept.missing_today
    assert housing(office) == kept


def test_a_day_the_council_is_shut_needs_nobody(office: Office) -> None:
    assert gaps_of(office.app, MORNING)[0] == "Monday 12:30 to 17:00"
    add_closure_day(office.app, office.app.today(), "Storm", agreed=True)
    assert gaps_of(office.app, MORNING)[0] == "Tuesday 12:30 to 17:00"
    assert not any(gap.startswith(("Saturday", "Sunday", "Monday")) for gap in gaps_of(office.app, MORNING))


def test_whoever_has_no_shifts_covers_every_hour(office: Office) -> None:
    assert gaps_of(office.app, "Sam Reed <sam.reed@example.org>") == ()


@pytest.mark.parametrize(
    "text",
    ["Sam Reed", f"{MORNING}\nSam <sam.reed@example.org>", "Sam <sam.reed@example.org>: Mondays", "Sam <x>: 9-5"],
)
def test_what_is_wrong_in_a_rota_is_said_with_its_line_and_nothing_is_kept(office: Office, text: str) -> None:
    area = housing(office)
    with pytest.raises(Invalid, match=r"^Line \d"):
        keep_rota(office.app, ServiceAreaId(area.area_id), text)
    assert housing(office) == area


def test_whoever_is_on_now_is_asked_first(office: Office) -> None:
    keep_rota(office.app, housing(office).area_id, f"{AFTERNOON}\n{MORNING}")
    asked = with_mailbox(office.app, Talkative(mailbox_in(office.app)))
    chosen = before_sending(asked, office.log().id).duty_officer
    assert chosen is not None
    assert chosen.name == "Sam Reed"
