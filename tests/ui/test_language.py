"""Words: every one that the window says is there to be translated, and is shown in the translation."""

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from installer import translations
from installer.translations import compile_it, gather, write_out, wrong_fields
from member_tracker.profile import Profile
from tests.ui.eyes import NAMES, for_eyes, literal
from ui import language
from ui.language import tr, tr_count

ROOT = Path(__file__).resolve().parents[2]
PSEUDO = "eo"
"""The language of the pseudo-translation: any that Qt knows and nobody here speaks."""


@cache
def trees() -> dict[str, ast.Module]:
    files = sorted((ROOT / "ui").rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_bytes()) for file in files}


def test_every_word_for_eyes_stands_in_tr() -> None:
    bare = [
        f"{path}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path, tree in trees().items()
        for node in for_eyes(tree, path)
    ]
    assert bare == [], "put it in tr(), and values into it by .format(); tests/ui/eyes.py says what is not for eyes"


def test_tr_is_given_words_as_they_stand() -> None:
    """What is put together first can be found by no translator."""
    wrong = [
        f"{path}:{call.lineno}: {ast.unparse(call)[:80]}"
        for path, tree in trees().items()
        if path != "ui/language.py"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and not _is_plain(call)
    ]
    assert wrong == []


def _is_plain(call: ast.Call) -> bool:
    how_many = {"tr": 1, "tr_count": 2}.get(call.func.id if isinstance(call.func, ast.Name) else "")
    if how_many is None:
        return True
    words, rest = call.args[:how_many], call.args[how_many:]
    are_words = all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in words)
    are_words = are_words and NAMES.isdisjoint(literal(each) for each in words)
    return are_words and len(words) == how_many and len(rest) == how_many - 1 and not call.keywords


@pytest.mark.parametrize(
    "line",
    [
        'label("Plain words", name="title")',
        'label("plain", name="title")',
        'button("&Save", self.save, name="saveButton")',
        'self._said.setText(f"{count} more")',
        'self._said.setText("Saved." if saved else "")',
        '_WHY = {Reason.LATE: "is overdue"}',
        'Column(heading="Address", words=address)',
        'raise Invalid("There is no date.", advice=tr("Type one."))',
        'tr("{who} wrote: {what}").format(who=name or "a councillor", what=what)',
    ],
)
def test_words_outside_tr_are_noticed(line: str) -> None:
    assert list(for_eyes(ast.parse(line), "ui/some_page.py"))


@pytest.mark.parametrize(
    "line",
    [
        'label(tr("Plain words"), name="titleOfThePage", kind="heading")',
        'log.warning("nothing came: %s", kind)',
        'self.setObjectName(f"{name}Form")',
        'button(tr("&Back"), self.back, name="backButton", tip="Shift+F5")',
        'def _opened(self, app: "App") -> "Opened | None": ...',
        'raise TypeError("this is no page")',
        'settings.value("window/geometry")',
    ],
)
def test_what_is_not_for_eyes_is_left_alone(line: str) -> None:
    assert list(for_eyes(ast.parse(line), "ui/some_page.py")) == []


@pytest.mark.parametrize(
    "line", ['tr(f"{count} more")', "tr(words)", 'tr("a" + b)', 'tr("Inbox")', 'tr_count("one", many, n)']
)
def test_words_put_together_before_tr_and_names_in_it_are_noticed(line: str) -> None:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    assert not _is_plain(call)


def test_without_a_translation_a_number_of_things_is_said_in_english() -> None:
    said = [tr_count("{n} row", "{n} rows", count).format(n=count) for count in (0, 1, 2)]
    assert said == ["0 rows", "1 row", "2 rows"]


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a translation that puts every text between ⟦ and ⟧."""
    folder = tmp_path_factory.mktemp("translations")
    file = write_out(PSEUDO, folder, folder / "scratch")
    tree = ET.parse(file)
    for message in tree.iter("message"):
        translation = message.find("translation")
        assert translation is not None
        forms = translation.findall("numerusform") or [translation]
        for number, form in enumerate(forms):
            form.text = f"⟦{message.findtext('source')}⟧" + "’" * number
        del translation.attrib["type"]
    tree.write(file, encoding="utf-8", xml_declaration=True)
    compile_it(file)
    return folder


def test_translators_are_given_every_word_that_stands_in_tr(pseudo: Path) -> None:
    messages = list(ET.parse(pseudo / f"member_tracker_{PSEUDO}.ts").iter("message"))
    given = {(message.findtext("source"), message.get("numerus") == "yes") for message in messages}
    assert given == {(each.words, bool(each.one)) for each in gather()}
    assert len(given) > 1_400


def test_what_was_translated_stays_when_the_words_are_gathered_anew(
    pseudo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "member_tracker_eo.ts"
    file.write_bytes((pseudo / file.name).read_bytes())
    few = gather()[:50]
    monkeypatch.setattr(translations, "gather", lambda: few)
    write_out(PSEUDO, tmp_path, tmp_path / "scratch")
    kept = [message.find("translation") for message in ET.parse(file).iter("message")]
    assert sum(each is not None and each.get("type") is None for each in kept) == len(few)


def test_a_translation_with_a_value_the_english_has_not_is_refused(pseudo: Path, tmp_path: Path) -> None:
    file = tmp_path / "member_tracker_eo.ts"
    text = (pseudo / file.name).read_text(encoding="utf-8")
    assert wrong_fields(pseudo / file.name) == []
    file.write_text(text.replace("⟦Saved {time}⟧", "⟦Saved {hour}⟧"), encoding="utf-8")
    assert wrong_fields(file) == ["⟦Saved {hour}⟧"]


def test_a_number_of_things_takes_the_form_of_the_translation(pseudo: Path, qapp: QCoreApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(pseudo / f"member_tracker_{PSEUDO}.qm"))
    qapp.installTranslator(translator)
    try:
        late = [tr_count("Overdue by {n} day", "Overdue by {n} days", count).format(n=count) for count in (1, 2)]
        assert late == ["⟦Overdue by 1 days⟧", "⟦Overdue by 2 days⟧’"]
        assert tr("&Save") == "⟦&Save⟧"
    finally:
        qapp.removeTranslator(translator)


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [(["en-GB", "eo"], ""), (["cy-GB", "eo-Latn", "eo", "en"], "eo"), (["cy"], ""), (["C"], "")],
)
def test_the_first_of_the_systems_languages_that_is_there_is_spoken(
    languages: list[str], spoken: str, pseudo: Path, qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[QTranslator] = []
    monkeypatch.setattr(language, "FOLDER", pseudo)
    monkeypatch.setattr(language, "_spoken", [])
    monkeypatch.setattr("PySide6.QtCore.QLocale.system", lambda: SimpleNamespace(uiLanguages=lambda: languages))
    monkeypatch.setattr(qapp, "installTranslator", installed.append)
    language.speak(qapp)
    assert (language.spoken(), len(installed)) == (spoken, int(bool(spoken)))


def test_a_window_in_another_language_shows_no_english_of_its_own(pseudo: Path, practice: Profile) -> None:
    """Each page and dialog is gone to in a process of its own, for words are read when a module is imported."""
    child = ROOT / "tests" / "ui" / "speaking.py"
    environment = os.environ | {"LANGUAGE": PSEUDO, "LC_ALL": "", "LANG": PSEUDO, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, str(child), str(pseudo), str(practice.folder)]
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["english"] == []
    assert said["named"] == [], "what the code calls things is the same in every language"
    assert len(said["translated"]) > 400
    assert {"⟦With service area⟧", "⟦Telephone⟧"} <= set(said["translated"])
    assert any(re.search(r"⟦⟦[A-Z][a-z]+day⟧ \d+ ⟦[A-Z][a-z]+⟧ \d{4}⟧", text) for text in said["translated"])
