"""Judging an enquiry by the charter in force on the day it came in."""

from dataclasses import replace
from datetime import datetime

from member_tracker.domain.charter import Charter
from member_tracker.domain.clock import Clocks
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, judged_by
from member_tracker.domain.people import Council, ServiceArea
from member_tracker.domain.vocabulary import Channel, Kind, Stage, Start
from member_tracker.services.parts import App, the_council
from member_tracker.store.store import Reading


def judge(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry with its clocks under the charter in force when it came in; none where no charter was."""
    council = tx.get(Council, enquiry.council_id)
    area = tx.get(ServiceArea, enquiry.service_area_id)
    charter = app.charters.in_force(council, local_date(enquiry.received_at), enquiry.kind, service_area=area.name)
    return _under(app, council, enquiry, charter) if charter else replace(enquiry, clocks=None)


def judge_again(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry once it was sent or acknowledged, under the charter it was judged by; others stay as they are."""
    clocks = enquiry.clocks
    if clocks is None or not any(
        clock is not None and clock.starts is not Start.RECEIVED for clock in (clocks.acknowledge, clocks.respond)
    ):
        return enquiry
    charter = next((known for known in app.charters.charters if known.id == clocks.charter_id), None)
    return _under(app, tx.get(Council, enquiry.council_id), enquiry, charter) if charter else enquiry


def _under(app: App, council: Council, enquiry: Enquiry, charter: Charter) -> Enquiry:
    """The enquiry with its clocks under that charter; a holding reply acknowledges too."""
    words = [moment for moment in (enquiry.acknowledged_at, enquiry.holding_at) if moment is not None]
    clocks = start_clocks(
        charter=charter,
        calendar=app.charters.calendar(council.name, council.closure_days),
        channel=enquiry.channel,
        kind=enquiry.kind,
        stage=enquiry.stage,
        received_at=enquiry.received_at,
        sent_at=enquiry.sent_at,
        acknowledged_at=min(words, default=None),
        pauses=enquiry.pauses,
        extensions=enquiry.extensions,
    )
    return judged_by(enquiry, clocks)


def preview(
    app: App,
    *,
    channel: Channel,
    kind: Kind,
    received_at: datetime,
    stage: Stage | None = None,
    service_area: str = "",
) -> Clocks | None:
    """The clocks an enquiry would have, for showing its due date as it is typed; None where no charter is in force."""
    with app.store.reading() as tx:
        council = the_council(tx)
    charter = app.charters.in_force(council, local_date(received_at), kind, service_area=service_area)
    if charter is None:
        return None
    return start_clocks(
        charter=charter,
        calendar=app.charters.calendar(council.name, council.closure_days),
        channel=channel,
        kind=kind,
        stage=stage,
        received_at=received_at,
    )
