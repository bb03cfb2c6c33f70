"""Qt in the language of the program: its own texts, and how its widgets write numbers and dates."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from posture.language import language

_NAME = "posture's language"


def speak_qt() -> None:
    """Have Qt speak the language of this process; a widget that was made before keeps its numbers and dates."""
    app = QCoreApplication.instance()
    assert app is not None
    for old in app.findChildren(QTranslator, _NAME):
        app.removeTranslator(old)
        old.deleteLater()
    QLocale.setDefault(locale_of(language(), QLocale.system()))
    translator = QTranslator(app)
    translator.setObjectName(_NAME)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language() != "en" and translator.load(f"qtbase_{language()}", folder):  # not there: Qt stays English
        app.installTranslator(translator)


def locale_of(name: str, system: QLocale) -> QLocale:
    """Choose a locale for a language: that of the system where it is of the language, as it says the country, too."""
    found = QLocale(name)
    same = system.language() in (found.language(), QLocale.Language.C if name == "en" else found.language())
    return system if same else found
