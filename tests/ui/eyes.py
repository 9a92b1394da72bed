"""Which words in the code of the window are for eyes, and so must stand in `tr()`."""

import ast
import re
from collections.abc import Iterator

NO_WORDS_FOR_EYES = {
    "ui/__main__.py",  # speaks to a terminal
    "ui/compose/letter_pdf.py",  # a letter is written in the language of its templates, not in that of the window
    "ui/language.py",
    "ui/logbook.py",  # read by whoever looks for a fault
    "ui/self_test.py",  # speaks to a terminal
    "ui/sheet.py",  # a style sheet
}
FOR_A_FAULT = {"_window_in_words"}
"""Functions that write into the report for whoever looks for a fault."""
TYPED = {"_NEAR", "_EXAMPLE"}
"""Tables and examples of what may be typed."""
NAMES = {"Member Tracker", "Qt", "Fusion", "Inbox", "ENQ-7K3M-142-XR"}
"""These are the same in every language."""

_SHOWING = re.compile(
    r"label|buddy|button|announce|addButton|addAction|addMenu|addItem|QLabel|QPushButton|QCheckBox|QRadioButton|QAction|"
    r"set(Text|Title|WindowTitle|ToolTip|PlaceholderText|AccessibleName|AccessibleDescription|InformativeText|Suffix)"
)
_CALLS = re.compile(
    r"setObjectName|setProperty|property|findChild(ren)?|TypeVar|compile|getLogger|\w*Error|icon|debug|info|warning|error|"
    r"exception|print|import_module|(get|has|set)attr|value|setValue|setdefault|QKeySequence|Q\w*Application|startswith|"
    r"setApplicationName|setDesktopFileName|setCreator|setDefaultSuffix|isoformat|cast|tr|tr_count"
)
_ARGUMENTS = {"name", "kind", "module", "icon", "encoding", "keys"}
_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_KEYS = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)*(?:F\d+|Esc|Del|Space|Tab|Return|Enter|[A-Z0-9+,=-])|Ctrl|Alt|Shift")
_IDENTIFIER = re.compile(r"[a-z]*(?:[A-Z][a-z0-9]*){2,}|[A-Z]+(?:_[A-Z]+)+|[\w/.-]*\{\}[\w{}/.-]*")
_SEVERAL = re.compile(r"[A-Za-z’'.,;:“”)…]\s+[A-Za-z“(&]")
_FORMAT = re.compile(r"%[A-Za-z]")


def for_eyes(tree: ast.Module, path: str) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The literals of a module that are for eyes and stand in no `tr()`."""
    if path in NO_WORDS_FOR_EYES:
        return
    above = {below: node for node in ast.walk(tree) for below in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = literal(node)
        if text is None or text in NAMES or isinstance(above[node], ast.Expr | ast.JoinedStr):
            continue
        if (looks_like_words(text) or _is_shown(node, text, above)) and not _is_for_code(node, above):
            assert isinstance(node, ast.Constant | ast.JoinedStr)
            yield node


def literal(node: ast.AST) -> str | None:
    """The text of a literal, with `{}` for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def looks_like_words(text: str) -> bool:
    """Whether it is a capital letter and what follows, or more than one word; not a key, a name in the code, a tag."""
    bare = _FIELD.sub(" ", text).strip()
    is_key = _KEYS.fullmatch(_FIELD.sub("0", text.strip()))
    if not re.search(r"[A-Za-z]", bare) or bare in NAMES or is_key or _IDENTIFIER.fullmatch(text):
        return False
    if "{%" in text or "</" in text or _FORMAT.search(text) or bare.startswith("*"):
        return False
    with_values = bool(_FIELD.search(text)) and bool(re.search(r"(^|\s)[A-Za-z]{2,}(\s|$|[.:,;])", bare))
    return bool(_SEVERAL.search(bare) or re.match(r"[“(]?&?[A-Z]", bare) or re.search("[&…]", bare)) or with_values


def _is_shown(node: ast.AST, text: str, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether it is handed straight to what shows it, whatever it looks like."""
    call = above[node]
    if not isinstance(call, ast.Call) or node not in call.args or not _SHOWING.fullmatch(_called(call)):
        return False
    return bool(re.search(r"[A-Za-z]{2}", _FIELD.sub("", text))) and not _KEYS.fullmatch(text)


def _is_for_code(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether what stands around it says that it is a name, a note to whoever reads the code, or something typed."""
    child, parent = node, above.get(node)
    while parent is not None:
        if isinstance(parent, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.arg | ast.Module):
            break
        if _hides(parent, child, above, is_next=child is node):
            return True
        child, parent = parent, above.get(parent)
    is_annotation = isinstance(parent, ast.arg) or (isinstance(parent, ast.FunctionDef) and parent.returns is child)
    return is_annotation or (isinstance(parent, ast.FunctionDef) and parent.name in FOR_A_FAULT)


def _hides(parent: ast.AST, child: ast.AST, above: dict[ast.AST, ast.AST], *, is_next: bool) -> bool:
    if isinstance(parent, ast.Call):
        return child is not parent.func and bool(_CALLS.fullmatch(_called(parent)))
    if isinstance(parent, ast.keyword):
        call = above[parent]
        return is_next and parent.arg in _ARGUMENTS and not (isinstance(call, ast.Call) and _called(call) == "Sign")
    if isinstance(parent, ast.Assign | ast.AugAssign):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        return any(isinstance(target, ast.Name) and target.id in TYPED for target in targets)
    is_slice = isinstance(parent, ast.Subscript) and child is parent.slice
    is_annotation = isinstance(parent, ast.AnnAssign) and child is parent.annotation
    is_format = isinstance(parent, ast.FormattedValue) and child is parent.format_spec
    return is_slice or is_annotation or is_format or (isinstance(parent, ast.Compare) and is_next)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
