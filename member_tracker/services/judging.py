"""Judging an enquiry by the charter in force on the day it came in."""

from dataclasses import replace
from datetime import datetime

from member_tracker.domain.charter import Charter
from member_tracker.domain.clock import Clocks
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, judged_by
from member_tracker.domain.merge import stricter
from member_tracker.domain.pause import open_pause
from member_tracker.domain.pause import resume as end_pause
from member_tracker.domain.people import Council, ServiceArea
from member_tracker.domain.succession import judging_council
from member_tracker.domain.vocabulary import Channel, Kind, Stage, Start
from member_tracker.services.merged import absorbed_by, as_counted
from member_tracker.services.parts import App, the_council
from member_tracker.store.store import Reading


def judge(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry with its clocks under the charter in force when it came in; none where no charter was."""
    council = _judging(tx, enquiry)
    area = tx.get(ServiceArea, enquiry.service_area_id)
    charter = app.charters.in_force(council, local_date(enquiry.received_at), enquiry.kind, service_area=area.name)
    if charter is None:
        return replace(enquiry, clocks=None)
    return judged_by(enquiry, _strictest(app, tx, council, enquiry, _counted(app, council, enquiry, charter)))


def judge_again(app: App, tx: Reading, enquiry: Enquiry) -> Enquiry:
    """The enquiry once it was sent or acknowledged, under the charter it was judged by; others stay as they are."""
    clocks = enquiry.clocks
    if clocks is None or not any(
        clock is not None and clock.starts is not Start.RECEIVED for clock in (clocks.acknowledge, clocks.respond)
    ):
        return enquiry
    return _counted_anew(app, tx, _judging(tx, enquiry), enquiry)


def count_again(app: App, tx: Reading, enquiry: Enquiry, *, council: Council | None = None) -> Enquiry:
    """The enquiry counted anew under the charter it was judged by, for its pauses, extensions or calendar changed.

    What was judged stays judged, and one that is merged with others keeps the stricter clock. `council` is given where
    its closure days are only asked about and not kept yet.
    """
    was = enquiry.clocks
    if was is None or (was.respond is not None and was.respond.stopped_at is not None):
        return enquiry
    counted = _counted_anew(app, tx, council or _judging(tx, enquiry), enquiry)
    judged = was.acknowledge if was.acknowledge and was.acknowledge.stopped_at else None
    if judged is None or counted.clocks is None:
        return counted
    return replace(counted, clocks=replace(counted.clocks, acknowledge=judged))


def no_longer_paused(app: App, tx: Reading, enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """An enquiry whose answer came at `at`: a pause still on ended there, and its clock is counted with that."""
    on = open_pause(enquiry.pauses)
    if on is None or at <= on.from_at:
        return enquiry
    return count_again(app, tx, replace(enquiry, pauses=end_pause(enquiry.pauses, at=at)))


def charter_of(app: App, enquiry: Enquiry) -> Charter | None:
    """The charter the enquiry is judged by; None where it is judged by none that is at hand."""
    named = enquiry.clocks.charter_id if enquiry.clocks else None
    return next((known for known in app.charters.charters if known.id == named), None)


def _judging(tx: Reading, enquiry: Enquiry) -> Council:
    """The council whose charter and calendar judge the enquiry: the one it was put to when it came in."""
    received_on = local_date(enquiry.received_at)
    return tx.get(Council, judging_council(enquiry.council_id, received_on, enquiry.carried_over))


def _counted_anew(app: App, tx: Reading, council: Council, enquiry: Enquiry) -> Enquiry:
    clocks = _own_clocks(app, tx, council, enquiry)
    return judged_by(enquiry, clocks) if clocks else enquiry


def _own_clocks(app: App, tx: Reading, council: Council, enquiry: Enquiry) -> Clocks | None:
    """The clocks counted from its own receipt under its own charter, with those merged into it."""
    merges = [each.merged for each in absorbed_by(tx, enquiry) if each.merged]
    was = merges[0].survivor_was if merges else None
    own = replace(enquiry, received_at=was.received_at, clocks=was.clocks) if was else enquiry
    charter = charter_of(app, own)
    return _strictest(app, tx, council, enquiry, _counted(app, council, own, charter)) if charter else None


def _strictest(app: App, tx: Reading, council: Council, enquiry: Enquiry, clocks: Clocks) -> Clocks:
    """The clocks with those of the enquiries merged into it, the stricter ruling."""
    for absorbed in absorbed_by(tx, enquiry):
        counted = as_counted(absorbed, enquiry)
        other = _own_clocks(app, tx, council, replace(counted, clocks=_before_merging(absorbed)))
        clocks = stricter(clocks, other) or clocks
    return clocks


def _before_merging(absorbed: Enquiry) -> Clocks | None:
    return absorbed.merged.absorbed_was.clocks if absorbed.merged else absorbed.clocks


def _counted(app: App, council: Council, enquiry: Enquiry, charter: Charter) -> Clocks:
    """The clocks of the enquiry under that charter; a holding reply acknowledges too."""
    words = [moment for moment in (enquiry.acknowledged_at, enquiry.holding_at) if moment is not None]
    return start_clocks(
        charter=charter,
        calendar=app.charters.calendar(council.name, council.closure_days),
        channel=enquiry.channel,
        kind=enquiry.kind,
        stage=enquiry.stage,
        received_at=enquiry.received_at,
        sent_at=enquiry.sent_at,
        acknowledged_at=min(words, default=None),
        returned_at=enquiry.officer_back_at,
        pauses=enquiry.pauses,
        extensions=enquiry.extensions,
    )


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
