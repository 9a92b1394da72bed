"""`practice`: the main job walked through in the terminal, with made-up data and a scratch profile."""

import tempfile
from pathlib import Path

from member_tracker.cli.call import Call
from member_tracker.cli.told import Told
from member_tracker.cli.words import table
from member_tracker.profile import Profile

PICTURE = Path("build") / "practice.png"


def walk(call: Call) -> None:
    """Log, send, replies arrive, suggestions, accept, tell, close, due list; then a picture of the window."""
    told = Told.to(call)
    with tempfile.TemporaryDirectory(prefix="member-tracker-practice-") as folder:
        profile = Profile(folder=Path(folder))
        due = _story(profile, told)
        told.say("\n" + due + "\n")
        picture = _picture(call, profile, told)
    call.give({"ok": True, "steps": told.steps, "picture": picture}, lambda: "That is the main job, end to end.")


def _story(profile: Profile, told: Told) -> str:
    """The story on a practice profile; returns the list of what is due."""
    from member_tracker.app import build
    from member_tracker.domain.vocabulary import Channel
    from member_tracker.services import casework, collecting, enquiries, lists, post, practice
    from member_tracker.services.intake import Intake, log_by_name

    app = build(profile, passphrase=lambda: None, practice=True)
    try:
        practice.fill(app)
        told.step(
            "A practice council is set up with made-up people.",
            f"{len(lists.listed(app, lists.wanted(app)))} enquiries are open.",
        )
        intake = Intake(
            councillor="Cllr Priya Marsden",
            resident="Joan Pilling",
            service_area="Waste",
            channel=Channel.EMAIL,
            subject="Glass on the path by the school",
            text="A bottle bank was knocked over and there is broken glass on the path to the school.",
        )
        enquiry = log_by_name(app, intake)
        told.step(f"An enquiry is logged: {enquiry.reference}.", casework.why(enquiry))
        enquiries.send_enquiry(app, enquiry.id)
        posted = post.post_queued(app)
        told.step(
            "It is sent to the service area.", f"{posted.sent} mails went into {app.profile.settings().outbox.name}/."
        )
        practice.place_reply(app, enquiry.id, "automatic.eml")
        practice.place_reply(app, enquiry.id, "answer.eml")
        collected = collecting.collect(app)
        told.step("Mail is collected.", ", ".join(f"{count} {name}" for name, count in collected.as_json().items()))
        waiting = casework.open_enquiry(app, enquiry.id).waiting[0]
        told.step(f"The reply is read as: {waiting.proposal.words.lower()}.", f"Because it says: “{waiting.sentence}”")
        enquiries.accept_suggestion(app, waiting.id, enquiries.Accepting())
        enquiries.tell_resident(app, enquiry.id, "The glass was cleared. Thank you for telling us.")
        closed = enquiries.close_enquiry(app, enquiry.id)
        state = closed.state(app.now()).words.lower()
        told.step("A person accepts, the resident is told, the enquiry is closed.", f"Against the standard: {state}.")
        rows = lists.listed(app, lists.wanted(app))
        columns = ("reference", "subject", "service_area", "status", "respond_by", "state")
        return table(columns, [[row[name] for name in columns] for row in rows])
    finally:
        app.store.close()


def _picture(call: Call, profile: Profile, told: Told) -> str | None:
    """A picture of the window on this profile, where Qt is at hand."""
    if call.window is None:
        return None
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    call.window.picture(profile, PICTURE)
    told.step("The window, rendered without a screen, is in a picture.", str(PICTURE))
    return str(PICTURE)
