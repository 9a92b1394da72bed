"""Signing, by a command of the council's or the publisher's own: `python -m installer.windows.sign FILE…`.

MEMBER_TRACKER_SIGN holds the command, with {file} where the file goes, and {out} too for a tool that writes another:

    signtool sign /fd sha256 /tr https://timestamp.example.org /td sha256 /n "Example Council" {file}
    osslsigncode sign -pkcs12 council.p12 -readpass password.txt -h sha256 -in {file} -out {out}

Where it is not set nothing is signed, and that is said.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COMMAND = "MEMBER_TRACKER_SIGN"


def main(words: Sequence[str]) -> int:
    """Sign each file that is named; the exit code of the first that fails."""
    for word in words:
        code = sign(Path(word))
        if code:
            return code
    return 0


def sign(file: Path) -> int:
    """Sign a file in its place with the command that is set; its exit code, and 0 where none is set."""
    command = os.environ.get(COMMAND)
    if not command:
        print(f"Not signed: {file.name} ({COMMAND} is not set).")
        return 0
    signed = file.with_name(f"{file.name}.signed")
    words = [word.replace("{file}", str(file)).replace("{out}", str(signed)) for word in shlex.split(command)]
    code = subprocess.run(words, check=False).returncode
    if code == 0 and "{out}" in command:
        signed.replace(file)
    print(f"{'Signed' if code == 0 else 'COULD NOT BE SIGNED'}: {file.name}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
