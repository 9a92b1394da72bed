"""Judging an enquiry by the charter in force on the day it came in."""

from datetime import datetime

from member_tracker.domain.clock import Clocks
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, judged_by
from member_tracker.domain.people import Council, ServiceArea
from member_tracker.domain.vocabulary import Channel, Kind, Stage
from member_tracker.services.parts import App, the_council
from member_tracker.store.store import Reading


def judge(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry with its clocks under the charter in force when it came in; none where no charter was."""
    council = tx.get(Council, enquiry.council_id)
    area = tx.get(ServiceArea, enquiry.service_area_id)
    charter = app.charters.in_force(council, local_date(enquiry.received_at), enquiry.kind, service_area=area.name)
    if charter is None:
        return enquiry
    clocks = start_clocks(
        charter=charter,
        calendar=app.charters.calendar(council.name, council.closure_days),
        channel=enquiry.channel,
        kind=enquiry.kind,
        stage=enquiry.stage,
        received_at=enquiry.received_at,
        sent_at=enquiry.sent_at,
        acknowledged_at=enquiry.acknowledged_at,
    )
    return judged_by(enquiry, clocks)


def judge_again(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry once it was sent or acknowledged, where its standard counts from that; else as it was judged."""
    waiting = enquiry.clocks is not None and any(
        clock is not None and (clock.provisional or clock.counts_from is None)
        for clock in (enquiry.clocks.acknowledge, enquiry.clocks.respond)
    )
    return judge(app, tx, enquiry) if waiting else enquiry


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
