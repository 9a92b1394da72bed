"""What the window says, written out for translators and back: docs/translating.md. Run by `make translations`.

Qt's `lupdate` knows no function named `tr` outside a class, so the words are first gathered here from the code, and
written out as calls it does know. It then does what it is good at: an older translation of the same words is kept.
"""

import ast
import json
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from member_tracker.domain import vocabulary
from member_tracker.domain.change import RecordKind
from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.routing import EscalationLevel
from ui.language import CONTEXT, FOLDER

ROOT = Path(__file__).resolve().parent.parent
SHOWN: tuple[type[vocabulary.Word], ...] = (
    vocabulary.Channel,
    vocabulary.Kind,
    vocabulary.MailKind,
    vocabulary.OutgoingState,
    vocabulary.Priority,
    vocabulary.Proposal,
    vocabulary.ResidentKind,
    vocabulary.Role,
    vocabulary.Stage,
    vocabulary.State,
    vocabulary.Status,
    ConsentKind,
    EscalationLevel,
    RecordKind,
)
"""The kinds of fixed words that the window shows by `tr_word()`."""
_AT_ONE = "Where it is one, English says: {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of the window: with `one` they are said of a number of things, and `one` is said of a single one."""

    words: str
    one: str
    file: str


def gather(folder: Path = ROOT / "ui") -> list[Words]:
    """All that stands in `tr()` and `tr_count()`, each once, in the order of the files; then the fixed words."""
    found: dict[tuple[str, bool], Words] = {}
    for path in sorted(folder.rglob("*.py")):
        for words in _words_in(ast.parse(path.read_bytes()), path.relative_to(folder.parent).as_posix()):
            found.setdefault((words.words, bool(words.one)), words)
    for kind in SHOWN:
        for word in kind:
            found.setdefault(
                (word.words, False), Words(words=word.words, one="", file=f"{kind.__module__}, {kind.__name__}")
            )
    return list(found.values())


def _words_in(tree: ast.Module, file: str) -> Iterator[Words]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        said = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
        if name == "tr":
            yield Words(words=said[0], one="", file=file)
        elif name == "tr_count":
            yield Words(words=said[1], one=said[0], file=file)


def write_out(language: str, folder: Path, scratch: Path) -> Path:
    """The translation's file with every word of the window in it; what was translated before is kept."""
    scratch.mkdir(parents=True, exist_ok=True)
    calls = scratch / "words.py"
    lines = ["from PySide6.QtCore import QCoreApplication", ""]
    for each in gather():
        lines += [f"#: {each.file}" + (f". {_AT_ONE.format(each.one)}" if each.one else "")]
        quoted = f"{json.dumps(CONTEXT)}, {json.dumps(each.words, ensure_ascii=False)}"
        lines += [f"QCoreApplication.translate({quoted}{', None, 2' if each.one else ''})"]
    calls.write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"member_tracker_{language}.ts"
    options = ["-source-language", "en", "-target-language", language, "-locations", "none"]
    _qt("lupdate", str(calls), "-ts", str(file), *options)
    return file


def wrong_fields(file: Path) -> list[str]:
    """The translations in whose braces stands what the English has not: they could not be shown."""
    wrong = []
    for message in ET.parse(file).iter("message"):  # noqa: S314 - a file of whoever builds the program
        source = message.findtext("source") or ""
        translation = message.find("translation")
        forms = translation.itertext() if translation is not None and translation.get("type") != "vanished" else ()
        wrong += [form for form in forms if form.strip() and not _fields(form) <= _fields(source)]
    return wrong


def _fields(words: str) -> set[str]:
    try:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(words) if name is not None}
    except ValueError:
        return {words}


def compile_it(file: Path) -> Path:
    """The form the program reads, beside it."""
    made = file.with_suffix(".qm")
    _qt("lrelease", str(file), "-qm", str(made))
    return made


def _qt(tool: str, *words: str) -> None:
    program = shutil.which(f"pyside6-{tool}", path=str(Path(sys.executable).parent))
    if program is None:
        raise SystemExit(f"pyside6-{tool} is missing: run make once.")
    done = subprocess.run([program, *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def main(language: str) -> None:
    """Write out, check and compile the translation into one language."""
    file = write_out(language, FOLDER, ROOT / "build" / "translations")
    if wrong := wrong_fields(file):
        raise SystemExit("\n".join(["In braces stands what the English has not:", *wrong]))
    compile_it(file)
    print(f"Translate {file.relative_to(ROOT)}, run this again, and start the program.")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].replace("_", "").isalpha():
        raise SystemExit("Name the language: make translations LANGUAGE=cy")
    main(sys.argv[1])
