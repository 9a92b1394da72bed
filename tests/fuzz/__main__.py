"""`python -m tests.fuzz TARGET [--inputs N] [--seed N] [--also FOLDER]`: search one target, led by what it executes.

An input that raises, or takes more than a second of the processor, or makes the process larger than it may be, is
printed and ends the search with another exit code than 0. Kept in `tests/fuzz/found/TARGET/` it is tried by every run
of the tests.
"""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

MEGABYTES = 1_024
STUCK_SECONDS = 30


def main() -> None:
    """Search as the command line says; the engine ends the process itself."""
    # Not everywhere there is one of it, and the tests run without.
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["member_tracker"]):
        from tests.fuzz.targets import target_named
        from tests.fuzz.trying import try_one
    said = _arguments()
    target = target_named(said.target)
    with tempfile.TemporaryDirectory(prefix="member-tracker-fuzz-") as scratch:
        corpus, words = Path(scratch, "corpus"), Path(scratch, "words")
        _lay_out(target, corpus, said.also)
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words if word), encoding="ascii")
        options = {
            "runs": said.inputs,
            "seed": said.seed,
            "max_len": target.longest,
            "len_control": 20,
            "timeout": STUCK_SECONDS,
            "rss_limit_mb": MEGABYTES,
            "dict": words,
            "artifact_prefix": f"{scratch}/",
            "print_final_stats": 1,
            "verbosity": 1 if said.talk else 0,
        }
        atheris.Setup(
            [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)],
            lambda raw: try_one(target, raw),
        )
        atheris.Fuzz()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", help="the name of a target in tests/fuzz/targets.py")
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20260603)
    parser.add_argument("--also", type=Path, help="a folder of further inputs to begin from")
    parser.add_argument("--talk", action="store_true", help="tell of every new path found")
    return parser.parse_args()


def _lay_out(target: "Target", corpus: Path, also: Path | None) -> None:
    corpus.mkdir()
    more = [path.read_bytes() for path in sorted(also.rglob("*")) if path.is_file()] if also else []
    for number, seed in enumerate((*target.seeds, *(raw for raw in more if len(raw) <= target.longest))):
        (corpus / f"{number:04}").write_bytes(seed)


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    main()
