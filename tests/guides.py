"""What the guides name, read off their markup: **bold** is seen, `member-tracker …` is typed, <kbd> is pressed."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USER, ADMINISTRATOR = ROOT / "docs" / "user-guide.md", ROOT / "docs" / "administrator.md"
GUIDES = (USER, ADMINISTRATOR)
ARROW = " ▸ "

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_KEYS = re.compile(r"<kbd>(.+?)</kbd>")
_TYPED = re.compile(r"`(member-tracker[^`]*)`")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FEWEST_LETTERS = 6
_HOLE = "\0"
_FIELD = re.compile(r"\{\w+(?::[^{}]*)?\}")
_KEYS_LINE = re.compile(r"^\| <kbd>(.+?)</kbd> \| (.+?) \| (.+?) \|$", re.MULTILINE)


def words(guide: Path) -> str:
    """The text of a guide."""
    return guide.read_text(encoding="utf-8")


def prose(guide: Path) -> str:
    """The text of a guide without its blocks of commands."""
    return _BLOCK.sub("", words(guide))


def labels(guide: Path) -> list[str]:
    """What is said to be on the screen, ways through menus apart, each on one line."""
    return [label for label in _bold(guide) if ARROW not in label]


def ways(guide: Path) -> list[tuple[str, ...]]:
    """The ways through menus, such as File ▸ Settings…, each as its steps."""
    return [tuple(label.split(ARROW)) for label in _bold(guide) if ARROW in label]


def keys(guide: Path) -> list[str]:
    """The keys that are to be pressed."""
    return _KEYS.findall(words(guide))


def keys_table(guide: Path) -> list[tuple[str, str, str]]:
    """The table of keys: keys, menu, and what they do."""
    return _KEYS_LINE.findall(words(guide))


def commands(guide: Path) -> list[str]:
    """The commands of the program that are to be typed, in the text and in blocks."""
    text = words(guide)
    lines = [line.strip() for block in _BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    indented = re.findall(r"^ {4}(member-tracker .+)$", text, re.MULTILINE)
    inline = [" ".join(typed.split()) for typed in _TYPED.findall(prose(guide))]
    return inline + indented + [line.partition("#")[0].strip() for line in lines if line.startswith("member-tracker ")]


def links(guide: Path) -> list[str]:
    """Where the links and pictures lead."""
    return _LINK.findall(words(guide))


def headings(guide: Path) -> set[str]:
    """The names that links inside a page may lead to, as they are made of its headings."""
    found = re.findall(r"^#+ (.+)$", prose(guide), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in found}


def plain(label: str) -> str:
    """A label as it is read: without the mark of its letter, without “…” and without a letter or number of its own."""
    read = re.sub(r"&(?=\S)", "", " ".join(label.split()))
    read = re.sub(r"\s*\(\w\)(?=…?$)|^\d (?=\w)| \d$", "", read.rstrip("…").strip())
    return read.rstrip("…").strip()


def _bold(guide: Path) -> Iterator[str]:
    return (" ".join(found.split()) for found in _BOLD.findall(prose(guide)))


# --- what the program says --------------------------------------------------------------------------------------------


@cache
def texts_in(folder: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text that stands in the source under a folder, docstrings apart, as it is read on the screen.

    Those that are filled in while the program runs are patterns.
    """
    found: set[str] = set()
    filled: list[re.Pattern[str]] = []
    for file in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        passed_over = {id(part) for node in ast.walk(tree) for part in _no_label(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else _HOLE for part in node.values)
                filled.append(_pattern("".join(map(str, parts))))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
                found.add(plain(node.value))
                if _FIELD.search(node.value):
                    filled.append(_pattern(_FIELD.sub(_HOLE, node.value)))
    return found, filled


def _no_label(node: ast.AST) -> list[ast.expr]:
    """The docstring a node is, or the parts of a text that is filled in."""
    if isinstance(node, ast.Expr):
        return [node.value]
    return node.values if isinstance(node, ast.JoinedStr) else []


def _pattern(text: str) -> re.Pattern[str]:
    read = re.sub(rf"\s*\(&?{_HOLE}\)…?$", "", text.replace("&", ""))
    if len(re.findall(r"[a-z]", read)) < _FEWEST_LETTERS:
        return re.compile(r"(?!)")
    return re.compile(".+".join(map(re.escape, plain(read).split(_HOLE))))


def letters_in(folder: str) -> set[str]:
    """The letters and numbers that Alt takes somewhere in the window."""
    found: set[str] = set()
    for file in (ROOT / folder).rglob("*.py"):
        found |= {each.upper() for each in re.findall(r"(?<!&)&(\w)", file.read_text(encoding="utf-8"))}
    return found
