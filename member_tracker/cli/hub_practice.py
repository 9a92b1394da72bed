"""`hub practice`: a hub of one's own, and two laptops that fall into step through it."""

from member_tracker.cli.call import Call


def walk(call: Call) -> None:
    """Two laptops, offline and back in step."""
    del call
