"""Fields that the council fixed: they show what it set, can be read and copied, and cannot be changed."""

from PySide6.QtWidgets import QComboBox, QLineEdit

from ui.language import tr

SET_BY_COUNCIL = tr("Set by your council")


def fix_text(field: QLineEdit, value: str) -> None:
    """Show what is fixed in a field of text; an empty value leaves the field free."""
    field.setReadOnly(bool(value))
    field.setToolTip(SET_BY_COUNCIL if value else "")
    field.setAccessibleDescription(SET_BY_COUNCIL if value else "")
    if value:
        field.setText(value)
        field.setCursorPosition(0)


def fix_choice(field: QComboBox, value: object) -> None:
    """Show what is fixed among choices; None leaves the choice free."""
    is_fixed = value is not None
    field.setEnabled(not is_fixed)
    field.setAccessibleDescription(SET_BY_COUNCIL if is_fixed else "")
    if is_fixed:
        field.setCurrentIndex(field.findData(value))


def fixed_words(*what: str) -> str:
    """Which fields the council set, in a sentence; nothing where it set none."""
    said = [each for each in what if each]
    if not said:
        return ""
    names = said[0] if len(said) == 1 else tr("{others} and {last}").format(others=", ".join(said[:-1]), last=said[-1])
    return f"{SET_BY_COUNCIL}: {names.lower()}."
