"""`hub practice`: a hub on this machine, and two laptops that work apart and fall into step."""

from typing import TYPE_CHECKING

from member_tracker.cli.call import Call
from member_tracker.cli.told import Told

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.profile import Profile
    from member_tracker.services.hub_practice import PracticeHub


def walk(call: Call) -> None:
    """Start the hub, let two laptops work apart and fall into step, and say how to go on with them."""
    from member_tracker.services.hub_practice import PASSWORD, join, opened, start_afresh

    told = Told.to(call)
    hub = start_afresh(_build)
    told.step(
        "A PostgreSQL was started on this machine, and a hub made in it with three made-up users.",
        f"{hub.url}: vera (Cllr Vera Quill), sam (support) and olga (officer); their password is “{PASSWORD}”.",
    )
    with opened(_build, hub.laptop("vera")) as vera, opened(_build, hub.laptop("olga")) as olga:
        join(vera, hub, "vera")
        join(olga, hub, "olga")
        told.step("Two laptops join: the councillor's and the officer's.", "Both hold what their user may see.")
        _story(told, vera, olga)
    with opened(_build, hub.laptop("sam")) as sam:
        join(sam, hub, "sam")
    go_on = how_to_go_on(hub)
    answer = {"ok": True, "steps": told.steps, "folder": str(hub.folder), "go_on": go_on}
    call.give(answer, lambda: "\n".join(["", "The hub goes on running. To go on with it yourself:", *go_on]))


def end(call: Call) -> None:
    """Stop the practice hub and take its folders away."""
    from member_tracker.services.hub_practice import stop

    stopped = stop()
    call.give({"stopped": stopped}, lambda: "The practice hub is gone." if stopped else "There is no practice hub.")


def how_to_go_on(hub: "PracticeHub") -> list[str]:
    """What to type next, a line each."""
    from member_tracker.services.hub_practice import PASSWORD

    return [
        f"  export MEMBER_TRACKER_HUB_PASSWORD={PASSWORD}",
        *(f"  member-tracker --profile {hub.laptop(login).folder} sync" for login in ("vera", "sam", "olga")),
        "  member-tracker hub practice --stop",
    ]


def _story(told: Told, vera: "App", olga: "App") -> None:
    from member_tracker.domain.vocabulary import Channel
    from member_tracker.services.conflicts import Choice, conflicts, settle
    from member_tracker.services.editing import edit_enquiry
    from member_tracker.services.enquiries import add_note
    from member_tracker.services.intake import Intake, log_by_name
    from member_tracker.services.syncing import sync_now

    intake = Intake(
        councillor="Cllr Vera Quill",
        resident="Ned Barlow",
        service_area="Housing",
        channel=Channel.EMAIL,
        subject="Damp in a flat",
        text="The bedroom wall is wet. Please inspect it.",
    )
    enquiry = log_by_name(vera, intake)
    sync_now(vera)
    sync_now(olga)
    told.step(f"The councillor logs {enquiry.reference} and both laptops sync.", "The officer has it too.")
    edit_enquiry(vera, enquiry.id, ["priority=urgent", "tags=damp"])
    add_note(vera, enquiry.id, "He rang again: there is mould now.")
    edit_enquiry(olga, enquiry.id, ["priority=safeguarding", "tags=roof"])
    told.step("Both work on it without a connection.", "Each adds a tag, and each sets another priority.")
    sync_now(vera)
    sync_now(olga)
    sync_now(vera)
    clash = conflicts(vera)[0]
    told.step(
        "They reconnect.",
        f"Tags and notes of both are there. One change is to be sorted out: {clash.field} stands at “{clash.kept}”, "
        f"{clash.by} had set “{clash.lost}”.",
    )
    settle(vera, clash.id, Choice.LOST)
    sync_now(vera)
    synced = sync_now(olga)
    told.step("The councillor takes the officer's word for it.", _equal(vera, olga, in_step=synced.in_step))


def _equal(vera: "App", olga: "App", *, in_step: bool) -> str:
    from member_tracker.services.lists import listed, wanted

    same = listed(vera, wanted(vera)) == listed(olga, wanted(olga))
    return "Both laptops are equal." if same and in_step else "The laptops differ: please report this."


def _build(profile: "Profile") -> "App":
    from member_tracker.app import build

    return build(profile, passphrase=lambda: None, practice=True)
