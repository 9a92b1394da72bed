"""The language of the window: what is written in `ui/` in English is shown in the words of a translation.

A translation is one file, `resources/translations/member_tracker_<language>.qm`; docs/translating.md says how it is
made. Sentences of the domain and the services are not translated: decision 0018.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from member_tracker.shipped import shipped

if TYPE_CHECKING:
    from member_tracker.domain.vocabulary import Word

CONTEXT = "Member Tracker"
FOLDER = shipped("translations")

_translate = QCoreApplication.translate
_spoken: list[str] = []


def tr(words: str) -> str:
    """These words in the language of the window; values are put in afterwards, by `.format()`."""
    return _translate(CONTEXT, words)


def tr_count(one: str, many: str, count: int) -> str:
    """The words for a number of things, in which `{n}` stands for it; a language may have more forms than these two."""
    said = _translate(CONTEXT, many, None, count)
    return one if count == 1 and said == many else said


def tr_word(word: "Word") -> str:
    """A fixed word of the domain, such as a status or a channel; `installer/translations.py` names their kinds."""
    return _translate(CONTEXT, word.words)


def spoken() -> str:
    """The language of the window where it is another than English, such as “cy”, else nothing."""
    return _spoken[0] if _spoken else ""


def speak(app: QCoreApplication) -> None:
    """Have the window speak the first of the system's languages that there is a translation for, or English.

    Words held by a module are read when it is imported, so this comes before.
    """
    if not FOLDER.is_dir():
        return
    from PySide6.QtCore import QLocale, QTranslator

    for language in (name.replace("-", "_") for name in QLocale.system().uiLanguages()):
        if language.startswith("en"):
            return
        file = FOLDER / f"member_tracker_{language}.qm"
        translator = QTranslator(app)
        if file.is_file() and translator.load(str(file)):  # else Qt would look for files of similar names
            app.installTranslator(translator)
            _spoken[:] = [language]
            return
