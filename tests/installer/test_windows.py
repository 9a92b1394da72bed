"""The Windows packages, as far as their sources and tables tell; `make package-windows-check` tries them under wine."""

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pefile
import pytest

from installer import icons
from installer.windows import closure, layout, msi, product, set_up, sign, stand_ins, trial, wheels
from installer.windows.files import contents_digest, files_fragment
from installer.windows.version_resource import version_resource
from member_tracker import __version__
from member_tracker.policy_file import FILE_NAME, policy_from

SOURCES = product.SOURCES
WIX = "{http://schemas.microsoft.com/wix/2006/wi}"
NSIS = (SOURCES / "member_tracker.nsi").read_text(encoding="utf-8")


@pytest.fixture
def wxs() -> ET.Element:
    return ET.parse(SOURCES / "member_tracker.wxs").getroot()  # our own file


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("MemberTracker.exe", "_internal/a & b/Qt6Core.dll", "_internal/resources/x.toml", "licences/MIT.txt"):
        file = tmp_path / "bundle" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    return tmp_path / "bundle"


# --- the MSI ----------------------------------------------------------------------------------------------------------


def test_every_version_of_the_msi_is_one_family() -> None:
    assert product.UPGRADE_CODE == "46BE2E88-1982-40F4-BC11-9E389CD5B452"
    assert product.identity("file", "MemberTracker.exe") == "E25A47E1-53D5-59CF-B022-0CB250D55685"


def test_the_version_stands_in_one_place() -> None:
    assert __version__ == product.VERSION
    for source in (SOURCES / "member_tracker.wxs").read_text(encoding="utf-8"), NSIS:
        assert __version__ not in re.sub(r'<\?xml version="1\.0"', "", source)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", (0, 1, 0, 0)), ("1.2", (1, 2, 0, 0)), ("1.2.3rc1", (1, 2, 3, 0)), ("2.0.0.dev4", (2, 0, 0, 0))],
)
def test_windows_knows_versions_of_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert product.four_numbers(version) == numbers


def test_the_msi_is_for_the_whole_computer_and_replaces_older_ones(wxs: ET.Element) -> None:
    package = wxs.find(f".//{WIX}Package")
    found = wxs.find(f"{WIX}Product")
    assert package is not None
    assert found is not None
    assert package.get("InstallScope") == "perMachine"
    assert found.get("UpgradeCode") == "$(var.UpgradeCode)"
    assert wxs.find(f".//{WIX}MajorUpgrade") is not None
    assert {each.get("Win64") for each in wxs.iter(f"{WIX}Component")} == {"yes"}
    assert "Sequence`=1450" in "".join(msi.policy_changes()), "the older one goes before files are compared"


def test_every_public_property_of_the_msi_is_kept_and_reaches_the_policy(wxs: ET.Element) -> None:
    names = [each.name for each in product.POLICY]
    kept = {each.get("Property"): each.get("Value") for each in wxs.iter(f"{WIX}CustomAction")}
    assert kept == {name: f"[KEPT_{name}]" for name in names}
    assert {each.get("Name") for each in wxs.iter(f"{WIX}RegistrySearch")} == set(names)
    components = {each.get("Id") for each in wxs.iter(f"{WIX}Component")}
    assert {each.component for each in product.POLICY} <= components
    changes = "\n".join(msi.policy_changes())
    assert all(f"`Condition`='{name}'" in changes for name in names), "what is not said is not written"


def test_what_the_msi_writes_is_a_policy_the_program_understands() -> None:
    said = {
        "HUB_ADDRESS": "postgresql://hub.example.org/casework",
        "TENANT": "example.org",
        "CLIENT_ID": "01234567-89ab-cdef-0123-456789abcdef",
        "MAILBOX": "members@example.org",
        "UPDATES_ADDRESS": "https://updates.example.org/member-tracker.json",
    }
    assert set(said) == {each.name for each in product.POLICY}
    rows = [line.split("\t") for line in msi.policy_tables()["IniFile"].split("\r\n")[3:-1]]
    tables: dict[str, str] = {}
    for row, (name, value) in zip(rows, said.items(), strict=True):
        tables[row[3]] = tables.get(row[3], f"[{row[3]}]\r\n") + f"{row[4]}={row[5].replace(f'[{name}]', value)}\r\n"
    policy = policy_from("policy.toml", "".join(tables.values()))
    assert {each.value for each in policy.fixed} == set(said.values())
    assert {row[1] for row in rows} == {FILE_NAME}


def test_only_administrators_may_write_the_policy() -> None:
    rights = msi.policy_tables()["MsiLockPermissionsEx"]
    assert "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)" in rights


def test_every_file_is_a_component_of_the_same_name_in_every_version(bundle: Path) -> None:
    fragment = ET.fromstring(files_fragment(bundle))
    components = {each.get("Id"): each.get("Guid") for each in fragment.iter(f"{WIX}Component")}
    assert len(components) == 4
    assert {each.get("Id") for each in fragment.iter(f"{WIX}ComponentRef")} == set(components)
    assert {each.get("Source") for each in fragment.iter(f"{WIX}File")} >= {"bundle/_internal/a & b/Qt6Core.dll"}
    (bundle / "licences" / "more.txt").write_text("new", encoding="utf-8")
    again = ET.fromstring(files_fragment(bundle))
    assert components.items() < {each.get("Id"): each.get("Guid") for each in again.iter(f"{WIX}Component")}.items()


def test_the_package_is_known_by_its_content(bundle: Path) -> None:
    before = contents_digest(bundle)
    assert contents_digest(bundle) == before
    (bundle / "licences" / "MIT.txt").write_text("other words", encoding="utf-8")
    assert contents_digest(bundle) != before


# --- the set-up program -----------------------------------------------------------------------------------------------


def test_the_set_up_program_asks_no_administrator_and_keeps_away_from_the_casework() -> None:
    assert "RequestExecutionLevel user" in NSIS
    assert '!define DATA "$LOCALAPPDATA\\MemberTracker"' in NSIS
    assert not re.search(r"(?:RMDir|Delete)[^\n]*\$\{DATA\}", NSIS)
    assert not re.search(r"RMDir /r +\"?\$INSTDIR\"?\s", NSIS), "a folder that somebody chose may hold more"
    assert "HKLM" not in NSIS


def test_the_set_up_program_can_be_silent_and_says_where_the_casework_stays() -> None:
    assert re.findall(r"MessageBox (?!.*/SD IDOK)", NSIS) == []
    assert "QuietUninstallString" in NSIS
    assert "Your casework is still in" in NSIS
    assert NSIS.count("VIAddVersionKey") >= 6


def test_nothing_is_set_up_that_would_not_be_removed(bundle: Path, tmp_path: Path) -> None:
    (bundle / "left behind.txt").write_text("", encoding="ascii")
    with pytest.raises(set_up.NotRemoved, match="left behind"):
        set_up.build_set_up(bundle, tmp_path / "app.ico", tmp_path / "setup.exe")
    for name in set_up.REMOVED:
        assert f'"$INSTDIR\\{name}"' in NSIS


def test_what_the_program_keeps_is_where_the_set_up_program_thinks() -> None:
    place = (product.ROOT / "member_tracker" / "profile.py").read_text(encoding="utf-8")
    assert 'platformdirs.user_data_dir("MemberTracker", appauthor=False, roaming=False)' in place


# --- the programs -----------------------------------------------------------------------------------------------------


def test_windows_shows_name_and_version_of_each_program() -> None:
    resource = version_resource(product.WINDOW, product.NAME)
    compile(resource, "resource", "eval")
    assert f"StringStruct('FileVersion', '{__version__}')" in resource
    assert "StringStruct('OriginalFilename', 'MemberTracker.exe')" in resource
    assert "080904B0" in resource


def test_the_icon_has_a_picture_of_each_size() -> None:
    made = icons.ico((16, 256))
    assert struct.unpack_from("<HHH", made) == (0, 1, 2)
    small, large = (struct.unpack_from("<BBBBHHII", made, 6 + 16 * place) for place in (0, 1))
    assert (small[0], large[0]) == (16, 0)
    assert small[6] == 40 + 16 * 16 * 4 + 16 * 4
    assert made[large[7] :].startswith(b"\x89PNG")
    assert len(made) == large[7] + large[6]


def test_a_launcher_starts_the_python_that_lies_beside_it() -> None:
    made = layout.launcher("python.exe", "print('here')")
    assert made.startswith(b"MZ")
    assert b'#!"<launcher_dir>\\_internal\\python.exe"\n' in made
    assert zipfile.ZipFile(BytesIO(made)).read("__main__.py") == b"print('here')"


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt6Core.dll", True),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/QtQml.pyd", False),
        ("PySide6/Qt6Pdf.dll", False),
        ("PySide6/linguist.exe", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("setuptools/__init__.py", False),
        ("keyring/backends/Windows.py", True),
        ("pywin32_ctypes-0.2.3.dist-info/METADATA", True),
    ],
)
def test_the_trial_bundle_keeps_what_the_spec_would(place: str, kept: bool) -> None:
    assert layout.is_kept(PurePosixPath(place)) is kept


# --- what it is made of -----------------------------------------------------------------------------------------------


def test_the_conditions_of_the_lock_are_those_of_windows_not_of_this_system() -> None:
    names = {line.split("==", 1)[0] for line in wheels.wanted(wheels.LOCK.read_text(encoding="utf-8"))}
    assert {"colorama", "pywin32-ctypes", "sspilib", "tzdata"} <= names
    assert not {"jeepney", "secretstorage", "importlib-metadata"} & names


def test_every_wheel_is_asked_for_by_its_hash_alone() -> None:
    wanted = wheels.wanted(wheels.LOCK.read_text(encoding="utf-8"))
    assert all("--hash=sha256:" in line and ";" not in line for line in wanted)


@pytest.mark.parametrize(
    ("library", "there"),
    [
        ("kernel32.dll", True),
        ("api-ms-win-crt-heap-l1-1-0.dll", True),
        ("winspool.drv", True),
        ("msvcp140.dll", False),
        ("qt6qml.dll", False),
        ("vcruntime140.dll", False),
    ],
)
def test_what_every_windows_has_is_known_and_the_run_times_are_not_among_it(library: str, there: bool) -> None:
    assert closure.is_in_windows(library) is there


def test_a_library_that_nobody_brings_is_found(tmp_path: Path) -> None:
    (tmp_path / "member-tracker.exe").write_bytes(layout.launcher("python.exe", ""))
    assert closure.missing(tmp_path) == []
    asked = closure.libraries_of(tmp_path / "member-tracker.exe")
    assert "kernel32.dll" in asked
    spoiled = layout.launcher("python.exe", "").replace(b"KERNEL32.dll", b"NOTTHERE.dll")
    (tmp_path / "member-tracker.exe").write_bytes(spoiled)
    assert [each.library for each in closure.missing(tmp_path)] == ["notthere.dll"]


def test_a_library_made_for_wine_hands_on_or_returns_nothing(tmp_path: Path) -> None:
    (tmp_path / "some.dll").write_bytes(stand_ins.library("some.dll", {"Hands": "advapi32.On", "Nothing": None}))
    with pefile.PE(str(tmp_path / "some.dll")) as made:
        assert made.DIRECTORY_ENTRY_EXPORT.name == b"some.dll"
        offered = {each.name: each.forwarder for each in made.DIRECTORY_ENTRY_EXPORT.symbols}
        returns = made.get_data(made.DIRECTORY_ENTRY_EXPORT.symbols[1].address, 3)
    assert offered == {b"Hands": b"advapi32.On", b"Nothing": None}
    assert returns == b"\x31\xc0\xc3"
    assert closure.libraries_of(tmp_path / "some.dll") == []


def test_what_is_asked_of_a_library_is_known(tmp_path: Path) -> None:
    (tmp_path / "member-tracker.exe").write_bytes(layout.launcher("python.exe", ""))
    assert "CreateProcessW" in closure.asked_of(tmp_path, "kernel32.dll")
    assert closure.asked_of(tmp_path, "icuuc.dll") == set()


# --- signing ----------------------------------------------------------------------------------------------------------


def test_without_a_command_nothing_is_signed_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(sign.COMMAND, raising=False)
    assert sign.sign(tmp_path / "setup.exe") == 0
    assert "Not signed: setup.exe" in capsys.readouterr().out


def test_the_command_signs_in_place_or_into_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a program.exe"
    file.write_text("program", encoding="utf-8")
    monkeypatch.setenv(sign.COMMAND, "cp {file} {out}")
    assert sign.main([str(file)]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a program.exe"]
    monkeypatch.setenv(sign.COMMAND, "false {file}")
    assert sign.main([str(file)]) == 1


def test_the_trial_is_for_windows_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert trial.main(["dist"]) == trial.REFUSED
    assert "make package-windows-check" in capsys.readouterr().out
