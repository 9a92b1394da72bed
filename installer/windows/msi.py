"""The MSI for a whole computer: compiled by wixl, then given what wixl has no words for."""

import subprocess
import tempfile
from pathlib import Path

from installer.windows.files import contents_digest, files_fragment
from installer.windows.product import MAKER, POLICY, SOURCES, UPGRADE_CODE, VERSION, four_numbers, identity

KEPT = r"Software\MemberTracker\Setup"
"""Where the computer remembers what was said when installing, below HKEY_LOCAL_MACHINE."""

POLICY_FILE = "policy.toml"
RIGHTS = "O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
"""The policy's folder is the administrators'; the system and they may write there, everybody else may read."""

_AFTER_SEARCH = 51
"""Just after AppSearch has found what was said last time; wixl puts all but one of several such actions last."""

_BEFORE_FILES_ARE_THERE = 1450
"""Just after InstallValidate: the older version goes first, so that no newer file of it is left in place."""


def build_msi(bundle: Path, icon: Path, target: Path, *, version: str = VERSION) -> Path:
    """Make the MSI of a bundle; the same bundle gives the same identities."""
    numbers = ".".join(str(number) for number in four_numbers(version)[:3])
    with tempfile.TemporaryDirectory(prefix="msi-", dir=target.parent) as name:
        work = Path(name)
        # wixl takes no whole paths: it finds these beside it.
        (work / "bundle").symlink_to(bundle.absolute(), target_is_directory=True)
        (work / "app.ico").write_bytes(icon.read_bytes())
        (work / "files.wxs").write_text(files_fragment(bundle), encoding="utf-8")
        (work / "member_tracker.wxs").write_bytes((SOURCES / "member_tracker.wxs").read_bytes())
        defined = [word for name, value in _words(numbers).items() for word in ("-D", f"{name}={value}")]
        _run(work, "wixl", "-a", "x64", *defined, "-o", "made.msi", "member_tracker.wxs", "files.wxs")
        _add_policy(work)
        _add_summary(work, numbers, contents_digest(bundle))
        (work / "made.msi").replace(target)
    return target


def policy_tables() -> dict[str, str]:
    """What is imported into the MSI, by table: each line of the policy file, and the rights of its folder."""
    lines = [
        ("IniFile", "FileName", "DirProperty", "Section", "Key", "Value", "Action", "Component_"),
        ("s72", "l255", "S72", "l96", "l128", "l255", "i2", "s72"),
        ("IniFile", "IniFile"),
        *(
            (
                f"Line_{each.name}",
                POLICY_FILE,
                "POLICYDIR",
                each.table,
                each.key,
                f"'[{each.name}]'",
                "0",
                each.component,
            )
            for each in POLICY
        ),
    ]
    rights = [
        ("MsiLockPermissionsEx", "LockObject", "Table", "SDDLText", "Condition"),
        ("s72", "s72", "s32", "s0", "S255"),
        ("MsiLockPermissionsEx", "MsiLockPermissionsEx"),
        ("PolicyFolder", "POLICYDIR", "CreateFolder", RIGHTS, ""),
    ]
    return {
        name: "".join("\t".join(line) + "\r\n" for line in table)
        for name, table in (("IniFile", lines), ("MsiLockPermissionsEx", rights))
    }


def policy_changes() -> list[str]:
    """The changes that make the lines of the policy depend on what is said, in the SQL of the MSI."""
    found = ("WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED")
    secure = ";".join((*found, *(word for each in POLICY for word in (each.name, f"KEPT_{each.name}"))))
    return [
        "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveIniValues', 3100)",
        "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('WriteIniValues', 5100)",
        _set("InstallExecuteSequence", "RemoveExistingProducts", "Sequence", str(_BEFORE_FILES_ARE_THERE)),
        _set("Property", "SecureCustomProperties", "Value", f"'{secure}'"),
        *(
            _set("InstallExecuteSequence", f"Keep_{each.name}", "Sequence", str(_AFTER_SEARCH + place))
            for place, each in enumerate(POLICY)
        ),
        *(_set("Component", each.component, "Condition", f"'{each.name}'") for each in POLICY),
    ]


def _set(table: str, row: str, column: str, value: str) -> str:
    key = {"InstallExecuteSequence": "Action"}.get(table, table)
    return f"UPDATE `{table}` SET `{column}`={value} WHERE `{key}`='{row}'"  # noqa: S608 - words written above


def _words(numbers: str) -> dict[str, str]:
    """What member_tracker.wxs leaves open."""
    return {
        "Version": numbers,
        "ProductCode": identity("product", numbers),
        "UpgradeCode": UPGRADE_CODE,
        "Kept": KEPT,
        "GuidFolder": identity("component", "policy folder"),
        "GuidStartMenu": identity("component", "start menu"),
        **{f"Guid{each.name}": identity("component", each.name) for each in POLICY},
    }


def _add_policy(work: Path) -> None:
    for name, table in policy_tables().items():
        (work / f"{name}.idt").write_text(table, encoding="ascii", newline="")
        _run(work, "msibuild", "made.msi", "-i", f"{name}.idt")
    for change in policy_changes():
        _run(work, "msibuild", "made.msi", "-q", change)


def _add_summary(work: Path, numbers: str, digest: str) -> None:
    """The package's own identity, by its content, and its language, which wixl takes for American."""
    package = f"{{{identity('package', numbers, digest)}}}"
    _run(work, "msibuild", "made.msi", "-s", "Installation Database", MAKER, "x64;2057", package)


def _run(work: Path, *words: str) -> None:
    subprocess.run(words, cwd=work, check=True)
