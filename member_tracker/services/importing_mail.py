"""Mail in files somebody hands over: it goes the way of collected mail, to its enquiry or to the tray."""

from collections.abc import Sequence
from pathlib import Path

from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.services.collecting import Collected, collect
from member_tracker.services.parts import App

MAIL_ENDINGS = (".eml", ".msg")


def is_mail(path: Path) -> bool:
    """Whether a file is mail, by its name."""
    return path.suffix.lower() in MAIL_ENDINGS


def bring_in_mail(app: App, paths: Sequence[Path], watch: Watch = UNWATCHED) -> Collected:
    """Keep the mail in these files; what is known already is kept once."""
    collected = Collected()
    for number, path in enumerate(paths):
        watch.at("Reading the mail", number, len(paths))
        collected.add(collect(app, path, watch))
    return collected


def brought_in_words(collected: Collected) -> str:
    """What came of it, in sentences."""
    said = [f"{collected.read} mail{'' if collected.read == 1 else 's'} read."]
    for count, words in (
        (collected.filed, "filed with its enquiry"),
        (collected.tray, "in the tray of unmatched mail"),
        (collected.automatic, "kept as automatic mail"),
        (collected.known, "known already"),
        (collected.refused, "could not be read"),
    ):
        if count:
            said.append(f"{count} {words}.")
    return " ".join(said)
