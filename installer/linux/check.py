"""`python -m installer.linux.check`: prove the Debian package in a bare Debian 12, from installing it to removing it.

Only what the package asks for is installed with it. Each step says what it found; the first that fails ends the proof.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import bundle, freeze
from installer.linux import package
from installer.linux.bare_root import HOME, USER, NoRoot, Root, bare_root
from installer.linux.screen import NothingShown, screen
from installer.linux.tree import PROGRAM
from member_tracker import __version__

FOLDER = freeze.BUILD / "check"
PICTURES = FOLDER / "pictures"
EARLIER = "0.0.1"
DATA = f"{HOME}/.local/share/MemberTracker"
_OWN = {"MEMBER_TRACKER_PROFILE": f"{DATA}/own", "MEMBER_TRACKER_PASSPHRASE": "some words for a test"}
_NOT_OURS = (f"{HOME}/.cache/fontconfig",)  # the system's, of any program that writes


class Unproved(Exception):
    """A step of the proof found what must not be."""


def main() -> int:
    """The whole proof; 1 and the reason where it fails."""
    debs = sorted(package.OUT.glob(f"member-tracker_{package.debian_version(__version__)}_*.deb"))
    if os.geteuid() != 0 or not debs:
        print("Run `make package` first, and this as root: it makes a bare Debian to install in.", file=sys.stderr)
        return 1
    try:
        prove(debs[0])
    except (NoRoot, NothingShown, Unproved) as reason:
        print(f"not proved: {reason}", file=sys.stderr)
        return 1
    finally:
        subprocess.run(["umount", FOLDER / "root/dev", FOLDER / "root/proc"], capture_output=True, check=False)
    return 0


def prove(deb: Path) -> None:
    """Install, test, look, remove; then an earlier version, data, the upgrade, and removal."""
    root = bare_root(FOLDER / "root")
    say("a bare Debian 12", f"{len(root.must('dpkg-query', '-W').splitlines())} packages")
    bare = root.files()
    came = install(root, deb)
    say("installed with what it asks for alone", f"{came} packages came, {megabytes(root):.1f} MB of them ours")
    say("every library is found", f"{linked(root)} files")
    say("self-test", tested(root))
    say("the window", looked_at(root))
    say("with a keyring", with_a_keyring(root))
    without = removed(root)
    foreign = {path for path in without - bare if "member" in path.lower() and not path.startswith(DATA)}
    if foreign:
        raise Unproved(f"left behind: {sorted(foreign)}")
    install(root, earlier())
    say("an earlier version, with data", has_old_file(root, expected=True), log_an_enquiry(root))
    install(root, deb)
    say("upgraded", has_old_file(root, expected=False), find_the_enquiry(root))
    say("removed", only_data_is_left(removed(root) - without))


def say(step: str, *found: str) -> None:
    """One line of the proof."""
    print(f"{step:40} {'; '.join(found)}", flush=True)


# --- installing and removing ------------------------------------------------------------------------------------------


def install(root: Root, deb: Path) -> int:
    """Install a package with what it asks for, nothing that it merely recommends; how many packages came."""
    before = len(root.must("dpkg-query", "-W").splitlines())
    shutil.copy(deb, root.folder / "tmp" / deb.name)
    root.must("apt-get", "-q", "install", "-y", "--no-install-recommends", f"/tmp/{deb.name}")  # noqa: S108 - in there
    (root.folder / "tmp" / deb.name).unlink()
    return len(root.must("dpkg-query", "-W").splitlines()) - before


def megabytes(root: Root) -> float:
    """What our files take in there."""
    return package.megabytes(root.folder / PROGRAM)


def removed(root: Root) -> set[str]:
    """Remove the package with its settings; the files there are then."""
    root.must("apt-get", "-q", "purge", "-y", "member-tracker")
    if (root.folder / PROGRAM).exists():
        raise Unproved(f"the folder {PROGRAM} is left")
    return root.files()


def only_data_is_left(left: set[str]) -> str:
    """What a removal may leave: the user's data, and what the system keeps by itself for any program."""
    home = {HOME, f"{HOME}/.local", f"{HOME}/.local/share", f"{HOME}/.cache"}
    odd = {path for path in left - home if not path.startswith((DATA, *_NOT_OURS))}
    if odd or f"{DATA}/own/tracker.db" not in left:
        raise Unproved(f"left behind: {sorted(odd)}")
    return f"nothing is left but {len(left)} files of the user's data"


def earlier() -> Path:
    """An earlier version: the same with another number, and with a file that the newer one has no more."""
    tree = FOLDER / "earlier"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(package.TREE, tree, symlinks=True, copy_function=os.link)
    (tree / PROGRAM / "of-an-earlier-version").write_text("It goes when the package is upgraded.\n", encoding="utf-8")
    return package.write_deb(tree, FOLDER, made_at=freeze.made_at(), version=EARLIER, compression="none")


def has_old_file(root: Root, *, expected: bool) -> str:
    """Whether the file of the earlier version is there, which must be as expected."""
    found = (root.folder / PROGRAM / "of-an-earlier-version").exists()
    if found is not expected:
        raise Unproved("a file of the earlier version is left" if found else "the earlier version is not there")
    return root.must("dpkg-query", "-W", "-f", "${Version}", "member-tracker")


# --- using it ---------------------------------------------------------------------------------------------------------


def linked(root: Root) -> int:
    """The linker finds every library of every file, in there; how many files that are."""
    there = f"/{PROGRAM}/_internal"
    told = root.run("sh", "-c", f"find /{PROGRAM} -type f -name '*.so*' -exec ldd {{}} +", LD_LIBRARY_PATH=there)
    missing = sorted({line.strip() for line in told.stdout.splitlines() if "not found" in line})
    if missing:
        raise Unproved(f"libraries are missing: {missing}")
    return sum(line.endswith(":") for line in told.stdout.splitlines())


def tested(root: Root) -> str:
    """The self-test of the installed program, as somebody who has never used it; it leaves no trace."""
    before = root.files()
    done = root.run(bundle.COMMAND, "self-test", "--json", user=USER)
    print(done.stdout, end="")
    if done.returncode != 0 or json.loads(done.stdout)["ok"] is not True:
        raise Unproved(f"the self-test fails: {done.stderr}")
    left = {path for path in root.files() - before if not path.startswith((f"{HOME}/.cache", *_NOT_OURS))}
    if left:
        raise Unproved(f"the self-test leaves {sorted(left)}")
    return "passes and leaves nothing"


def with_a_keyring(root: Root) -> str:
    """What the self-test says once there is the keyring that the package recommends, unlocked as at a sign-in."""
    root.must("apt-get", "-q", "install", "-y", "--no-install-recommends", "dbus-daemon", "gnome-keyring")
    unlock = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    asked = f"{unlock}; {bundle.COMMAND} self-test --part keyring --json"
    told = root.must("dbus-run-session", "--", "sh", "-c", asked, user=USER)
    answer = str(json.loads(told)["keyring"])
    if not answer.startswith("works: "):
        raise Unproved(f"the keyring: {answer}")
    return answer


def looked_at(root: Root) -> str:
    """Start the window on a screen, take its picture, choose practice data, take another, and leave by keyboard."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with screen(FOLDER / "screen") as shown:
        words = root.words([bundle.WINDOW], user=USER, more={"DISPLAY": shown.display})
        program = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        try:
            first = shown.calm_picture(program)
            first.save(str(PICTURES / "first-start.png"))
            shown.press("alt+t", program)
            practice = shown.calm_picture(program, other_than=first)
            practice.save(str(PICTURES / "practice.png"))
            shown.press("ctrl+q", program)
            ended = program.wait(60)
        finally:
            program.kill()
    if ended != 0:
        raise Unproved(f"the window ended with {ended}")
    return f"two pictures in {PICTURES.relative_to(bundle.ROOT)}, and it ends by itself"


def log_an_enquiry(root: Root) -> str:
    """A profile of one's own with an enquiry in it."""
    root.must(
        bundle.COMMAND, "setup", "--council", "Chorley", "--councillor", "Cllr Ann Example", user=USER, **_OWN
    )  # fmt: skip
    words = [
        "--councillor",
        "Cllr Ann Example",
        "--resident",
        "Sam Example",
        "--service-area",
        "Waste",
        "--channel",
        "email",
    ]
    words += ["--subject", "Bin not emptied", "--text", "The bin was left on Monday."]
    root.must(bundle.COMMAND, "log", *words, "--json", user=USER, **_OWN)
    return find_the_enquiry(root)


def find_the_enquiry(root: Root) -> str:
    """The enquiry in the profile, by its reference."""
    listed = json.loads(root.must(bundle.COMMAND, "list", "--json", user=USER, **_OWN))
    if [each["subject"] for each in listed] != ["Bin not emptied"]:
        raise Unproved(f"the enquiry is not there: {listed}")
    return f"{listed[0]['reference']} is there"


if __name__ == "__main__":
    sys.exit(main())
