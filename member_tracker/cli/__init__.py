"""The command line: `main(argv)` runs one command without a window and without importing Qt."""

import os
import sys
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_tracker.cli.call import Window

__all__ = ["main", "split_options"]


def main(argv: Sequence[str], *, window: "Window | None" = None) -> int:
    """Run the command in `argv` (without the program's name) and return its exit code: 0, or 2 for an error."""
    from typer.exceptions import Abort, TyperException
    from typer.main import get_command

    from member_tracker.cli.call import Call
    from member_tracker.cli.commands import commands
    from member_tracker.domain.errors import TrackerError

    words, folder, as_json = split_options(argv)
    call = Call(profile_folder=folder, as_json=as_json, window=window)
    call.prepare_output()
    try:
        result = get_command(commands).main(words, prog_name="member-tracker", standalone_mode=False, obj=call)
        sys.stdout.flush()
    except TrackerError as error:
        return call.refuse(error)
    except TyperException as error:
        call.say(_sentence(error.format_message()))
        call.say("Run: member-tracker --help, or member-tracker COMMAND --help")
        return 2
    except Abort:
        call.say("Stopped.")
        return 2
    except UnicodeEncodeError:
        call.say("Some of what was typed is not text.")
        call.say("Write it in UTF-8, the usual encoding, and try again.")
        return 2
    except BrokenPipeError:  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


FLAGS = frozenset(
    (
        "--again --agree --all --correct --device-code --dry-run --help --leave --leave-out --look --needs-attention "
        "--new-councillors --no-device-code --no-duty-officers "
        "--no-password --no-retired --no-sending --off --open --overdue --replace --restored --retired "
        "--special-category --stop --to-alternative --undo --who-is-there --withdraw --without-resident --yes --zip"
    ).split()
)
"""The options that take no value."""


def split_options(argv: Sequence[str]) -> tuple[list[str], str | None, bool]:
    """The command's own words, and the options that are accepted anywhere: the folder of --profile, and --json.

    What follows another option is its value, whatever it looks like.
    """
    words: list[str] = []
    folder, as_json = None, False
    rest = iter(argv)
    for word in rest:
        if word == "--":
            words += [word, *rest]
        elif word == "--json":
            as_json = True
        elif word == "--profile":
            folder = next(rest, None)
            if folder is None:
                words.append(word)
        elif word.startswith("--profile="):
            folder = word.partition("=")[2]
        else:
            words.append(word)
            if word.startswith("--") and "=" not in word and word not in FLAGS:
                words += islice(rest, 1)
    return words, folder, as_json


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?", "!")) else f"{message}."
