"""How each part of the window is drawn, in Qt's style sheet language. Its colours have names, and `look` gives them."""

SHEET = """
QWidget#navigation { background: $raised; }
QWidget#navigation QLabel#programName { font-size: ${name_points}pt; font-weight: 600; color: $ink; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }
QScrollArea:focus { border: 1px solid $accent; border-radius: 4px; }
QLabel[kind="title"] { font-size: ${title_points}pt; font-weight: 600; }
QLabel[kind="heading"] { font-size: ${heading_points}pt; font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="quiet"] { color: $quiet; }
QLabel[kind="wrong"] { color: $late; }
QLabel[kind="heading"] { padding-top: 6px; }
QLabel[kind="badge"] { border: 1px solid $edge; border-radius: 4px; padding: 1px 7px; font-weight: 600; }
QLabel[tone="late"] { color: $late; border-color: $late; }
QLabel[tone="soon"] { color: $soon; border-color: $soon; }
QLabel[tone="good"] { color: $good; border-color: $good; }
QLabel[tone="quiet"] { color: $quiet; }
QFrame[kind="card"] { background: $paper; border: 1px solid $line; border-radius: 6px; }
QFrame[kind="entry"] { background: $paper; border: 1px solid $line; border-radius: 6px; }
QFrame[kind="sent"] { background: $paper; border: 1px solid $line;
    border-right: 4px solid $accent; border-radius: 6px; }
QFrame[kind="mail"] { background: $paper; border: 1px solid $line;
    border-left: 4px solid $accent; border-radius: 6px; }
QFrame[kind="note"] { background: $note; border: 2px dashed $note_ink; border-radius: 0; }
QFrame[kind="note"] QLabel { color: $note_ink; }
QFrame[kind="entry"]:focus, QFrame[kind="sent"]:focus, QFrame[kind="mail"]:focus { border: 2px solid $accent; }
QFrame[kind="note"]:focus { border: 2px solid $accent; }
QLabel#entryStep:focus { border: 2px solid $accent; border-radius: 4px; }
QFrame[kind="hint"] { background: $hint; border: 1px solid $accent; border-radius: 6px; }
QFrame[kind="hint"] QLabel { color: $hint_ink; }
QFrame[kind="wrong"] { background: $wrong; border: 2px solid $late; border-radius: 6px; }
QPushButton { padding: 5px 12px; min-height: 1.5em; border: 1px solid $edge; border-radius: 5px;
    background: $paper; color: $ink; }
QPushButton:hover { background: $chosen; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:disabled { color: $edge; border-color: $line; }
QPushButton:checked { background: $chosen; }
QPushButton[kind="first"] { background: $accent; color: $on_accent; border-color: $accent;
    font-weight: 600; }
QPushButton[kind="first"]:focus { border: 2px solid $ink; }
QPushButton[kind="first"]:disabled { background: $raised; color: $edge; border-color: $line; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent_ink;
    text-align: left; padding: 2px 4px; text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 1px 3px; }
QPushButton[kind="choice"] { text-align: left; padding: 14px 18px; font-weight: 600;
    font-size: ${choice_points}pt; }
QPushButton[kind="choice"]:focus { padding: 13px 17px; }
QLineEdit, QPlainTextEdit, QTextBrowser { border: 1px solid $edge; border-radius: 4px; padding: 4px 6px;
    background: $paper; color: $ink; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:read-only { background: $raised; border: 1px dashed $edge; }
QLineEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus { border: 2px solid $accent; padding: 3px 5px; }
QComboBox { border: 1px solid $edge; border-radius: 4px; padding: 3px 6px; background: $paper;
    selection-background-color: $accent; selection-color: $on_accent; }
QComboBox:focus { border: 2px solid $accent; padding: 2px 5px; }
QComboBox::drop-down { border: none; width: 1.6em; }
QComboBox::down-arrow { image: url("$down"); width: 0.8em; height: 0.8em; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; }
QCheckBox::indicator, QRadioButton::indicator { width: 1.1em; height: 1.1em; border: 1px solid $edge;
    background: $paper; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 0.55em; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QRadioButton::indicator:checked { background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
    stop: 0 $accent, stop: 0.55 $accent, stop: 0.65 $paper, stop: 1 $paper); }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; border-radius: 4px; }
QTableView { background: $paper; border: 1px solid $line; border-radius: 6px;
    gridline-color: $line; selection-background-color: $chosen; selection-color: $ink; }
QTableView:focus { border: 2px solid $accent; }
QTableView::item { padding: 2px 6px; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $chosen; color: $ink; }
QHeaderView::section { background: $window; color: $quiet; border: none;
    border-bottom: 1px solid $line; padding: 5px 8px; font-weight: 600; }
QListView#places { background: transparent; border: 2px solid transparent; outline: none; }
QListView#places:focus { border: 2px solid $accent; border-radius: 6px; }
QListView#places::item { padding: 7px 8px; border-radius: 5px; color: $ink; }
QListView#places::item:selected { background: $chosen; color: $ink; font-weight: 600; }
QListView#places[compact="true"]::item { padding: 3px 8px; }
QListView#candidates, QListView#templateList, QListView#remindersLines {
    background: $paper; border: 1px solid $line; border-radius: 6px; }
QListView#candidates:focus, QListView#templateList:focus, QListView#remindersLines:focus { border: 2px solid $accent; }
QListView#candidates::item, QListView#templateList::item, QListView#remindersLines::item {
    padding: 6px 8px; border-bottom: 1px solid $line;
    color: $ink; }
QListView#candidates::item:selected, QListView#templateList::item:selected, QListView#remindersLines::item:selected {
    background: $chosen; color: $ink; }
QScrollBar { background: $raised; margin: 0; }
QScrollBar:vertical { width: 13px; }
QScrollBar:horizontal { height: 13px; }
QScrollBar::handle { background: $edge; border: 2px solid $raised; border-radius: 5px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QStatusBar { background: $raised; color: $ink; }
QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }
QMenuBar { background: $window; color: $ink; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $chosen; border-radius: 4px; }
QMenuBar[practice="true"] { background: $soon; color: $paper; }
QMenuBar[practice="true"]::item:selected { background: $paper; color: $soon; }
QLabel#practiceSign { background: $soon; color: $paper; font-weight: 600; padding: 2px 12px; }
QMenu { background: $paper; color: $ink; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 20px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; color: $ink; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
"""
# In high contrast what is chosen has an edge, not a shade alone, and edges are wider.
CONTRAST_SHEET = """
QTableView::item:selected { border-top: 2px solid $accent; border-bottom: 2px solid $accent; }
QListView#places::item:selected, QListView#candidates::item:selected { border: 2px solid $accent; }
QMenu::item:selected, QMenuBar::item:selected { border: 2px solid $accent; }
QComboBox, QAbstractSpinBox, QCheckBox::indicator, QRadioButton::indicator { border: 2px solid $edge; }
QComboBox:focus, QAbstractSpinBox:focus { border: 3px solid $accent; }
QComboBox QAbstractItemView { border: 2px solid $accent; }
QPushButton { border: 2px solid $edge; padding: 4px 11px; }
QPushButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus, QTableView:focus {
    border: 3px solid $accent; }
QPushButton:hover, QPushButton:checked { border: 2px solid $accent; }
QLineEdit, QPlainTextEdit, QTextBrowser { border: 2px solid $edge; padding: 3px 5px; }
QStatusBar { border-top: 1px solid $edge; }
"""
