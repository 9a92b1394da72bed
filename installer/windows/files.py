"""The files of a bundle as a fragment for the MSI: one component a file, of one identity through all versions."""

import hashlib
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr

from installer.windows.product import identity


def files_fragment(bundle: Path, source: str = "bundle") -> str:
    """The fragment that installs every file of the bundle below INSTALLDIR; `source` is where the compiler sees it."""
    files = sorted(PurePosixPath(each.relative_to(bundle)) for each in bundle.rglob("*") if each.is_file())
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
        "  <Fragment>",
        '    <DirectoryRef Id="INSTALLDIR">',
        *_inside(PurePosixPath(), files, source, "      "),
        "    </DirectoryRef>",
        '    <ComponentGroup Id="Files">',
        *(f'      <ComponentRef Id="{_id("C", file)}" />' for file in files),
        "    </ComponentGroup>",
        "  </Fragment>",
        "</Wix>",
        "",
    ]
    return "\n".join(lines)


def contents_digest(bundle: Path) -> str:
    """A digest of every file's place and content."""
    digest = hashlib.sha256()
    for file in sorted(each for each in bundle.rglob("*") if each.is_file()):
        digest.update(str(PurePosixPath(file.relative_to(bundle))).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _inside(folder: PurePosixPath, files: list[PurePosixPath], source: str, indent: str) -> list[str]:
    lines = [line for file in files if file.parent == folder for line in _component(file, source, indent)]
    deeper = {each.parts[len(folder.parts)] for each in files if _is_deeper(each, folder)}
    for name in sorted(deeper):
        lines.append(f'{indent}<Directory Id="{_id("D", folder / name)}" Name={quoteattr(name)}>')
        below = [each for each in files if _is_below(each, folder / name)]
        lines += _inside(folder / name, below, source, indent + "  ")
        lines.append(f"{indent}</Directory>")
    return lines


def _component(file: PurePosixPath, source: str, indent: str) -> list[str]:
    place, name = quoteattr(f"{source}/{file}"), quoteattr(file.name)
    return [
        f'{indent}<Component Id="{_id("C", file)}" Guid="{identity("file", str(file))}" Win64="yes">',
        f'{indent}  <File Id="{_id("F", file)}" Source={place} Name={name} KeyPath="yes" />',
        f"{indent}</Component>",
    ]


def _is_below(file: PurePosixPath, folder: PurePosixPath) -> bool:
    return file.parts[: len(folder.parts)] == folder.parts


def _is_deeper(file: PurePosixPath, folder: PurePosixPath) -> bool:
    return _is_below(file, folder) and len(file.parts) > len(folder.parts) + 1


def _id(kind: str, place: PurePosixPath) -> str:
    """A name the MSI's tables accept, the same for the same place in every version."""
    return kind + identity(kind, str(place)).replace("-", "")
