"""What stands beside safety texts in another language: that no clinician has read them, and the English."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posture.language import english_at_hand, tr
from posture.window.widgets import button, card, label, row

SMALL = "font-size: 9pt;"


def english_beside(*english: str, keys: bool = True) -> list[QWidget]:
    """Give what stands beside safety texts: a line, and a button that opens their English.

    Parameters
    ----------
    *english : str
        The English texts, as they are given to `tr_safety`.
    keys : bool
        Whether the button can have the focus.

    Returns
    -------
    list of QWidget
        Empty in English, and where a clinician has read the translation.
    """
    if not english_at_hand(*english):
        return []
    unread = label(tr("This translation has not been read by a clinician who speaks the language."), "soft")
    original = label("\n".join(english), "soft")
    original.hide()
    # Translators: A button beside a text about safety; it opens the English text, of which this is a translation.
    opens = button(tr("English original"), lambda: original.setVisible(original.isHidden()))
    if not keys:
        opens.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for each in (unread, original, opens):
        each.setStyleSheet(SMALL)
    found = card(unread, original, row(opens))
    found.setProperty("role", "")
    found.setAccessibleName(tr("English original"))
    margins = found.layout()
    assert margins is not None
    margins.setContentsMargins(0, 0, 0, 0)
    return [found]


class EnglishBeside(QWidget):
    """A place for what stands beside safety texts that change; nothing is there in English."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.show_for()

    def show_for(self, *english: str) -> None:
        """Show it for these texts, see `english_beside`; for none nothing."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        found = english_beside(*english) if english else []
        for each in found:
            self._column.addWidget(each)
        self.setVisible(bool(found))
