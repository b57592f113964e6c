"""The palette and the style sheet, both built from the tokens by one function each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui.icons import svg
from ui.theme import FAMILIES, MEDIUM, Look, look


def palette(look: Look) -> QPalette:
    """What the sheet cannot reach: default text of item views, menus, tooltips, message boxes."""
    role = QPalette.ColorRole
    made = QPalette()
    for part, token in (
        (role.Window, "app"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "on_accent"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.PlaceholderText, "text3"),
        (role.Link, "accent_text"),
        (role.LinkVisited, "accent_text"),
        (role.ToolTipBase, "toast"),
        (role.ToolTipText, "toast_text"),
        (role.Light, "line"),
        (role.Midlight, "line"),
        (role.Mid, "line_strong"),
        (role.Dark, "ctl"),
        (role.Shadow, "ctl"),
        (role.Accent, "accent"),
    ):
        made.setColor(part, look.color(token))
    for part in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, look.color("disabled"))
    return made


def _drawings(look: Look) -> dict[str, str]:
    """Files of recoloured icons: a sheet can show a picture only from a file."""
    assert look.scratch is not None
    files = {}
    for name, token in (("chevron-down", "text2"), ("check", "on_accent"), ("minus", "on_accent")):
        ink = look.color(token).name()
        file = Path(look.scratch.filePath(f"{name}-{ink[1:]}.svg"))
        if not file.exists():
            file.write_bytes(svg(name, ink, stroke=2.5 if name != "chevron-down" else 2))
        files[name] = file.as_posix()
    return files


def sheet(look: Look) -> str:
    """The style sheet of the whole application."""
    px = look.px
    c = {token: value.name() for token, value in look.colors.items()}
    art = _drawings(look)
    tall = px(32)  # a button or input from edge to edge
    chip = px(28)
    families = ", ".join(f"'{name}'" for name in FAMILIES)
    medium = "font-weight:500; font-family:" + ", ".join(f"'{name}'" for name in MEDIUM) + ";"

    def box(height: int, edge: int) -> str:
        inner = height - 2 * edge
        return f"min-height:{inner}px; max-height:{inner}px;"

    return f"""
QWidget {{ font-family:{families}; font-size:{px(14)}px; color:{c["text"]}; outline:0; }}
QMainWindow, QWidget#root, QWidget#content, QDialog {{ background:{c["app"]}; }}
QWidget#topbar {{ background:{c["surface"]}; border-bottom:1px solid {c["line"]}; }}
QWidget#scope {{ background:{c["surface"]}; border-right:1px solid {c["line"]}; }}
QWidget#drawer {{ background:{c["surface"]}; border-left:1px solid {c["line_strong"]}; }}
QWidget#status {{ background:{c["sunken"]}; border-top:1px solid {c["line"]}; }}
QWidget#card {{ background:{c["surface"]}; border:1px solid {c["line"]}; border-radius:8px; }}
QWidget#actions {{ background:{c["surface"]}; border-top:1px solid {c["line_strong"]}; }}
QWidget#band {{ background:{c["surface"]}; border-bottom:1px solid {c["line"]}; }}
QWidget#tabline {{ border-bottom:1px solid {c["line_strong"]}; }}
QWidget#drop {{ background:{c["soft"]}; border:2px dashed {c["accent_text"]}; border-radius:8px; }}
QWidget#surface {{ background:{c["surface"]}; }}
QWidget#sunken {{ background:{c["sunken"]}; }}
QWidget#rule {{ background:{c["line"]}; }}
QWidget#toast {{ background:{c["toast"]}; border:1px solid {c["line_strong"] if look.edged else c["toast"]};
  border-radius:6px; }}
QWidget#note[tone="warn"] {{ background:{c["warn_bg"]}; border-radius:4px; }}
QWidget#note[tone="err"] {{ background:{c["err_bg"]}; border-radius:4px; }}
QWidget#note[tone="info"] {{ background:{c["info_bg"]}; border-radius:4px; }}
QWidget#note[tone="ok"] {{ background:{c["ok_bg"]}; border-radius:4px; }}
QLabel {{ background:transparent; }}
QLabel[role="title"] {{ font-size:{px(20)}px; font-weight:700; }}
QLabel[role="section"] {{ font-size:{px(16)}px; font-weight:700; }}
QLabel[role="strong"] {{ font-weight:700; }}
QLabel[role="name"] {{ {medium} }}
QLabel[role="fact"] {{ color:{c["text2"]}; font-size:{px(13)}px; }}
QLabel[role="hint"] {{ color:{c["text3"]}; font-size:{px(13)}px; }}
QLabel[role="small"] {{ color:{c["text3"]}; font-size:{px(12)}px; }}
QLabel[role="figure"] {{ font-size:{px(28)}px; font-weight:700; }}
QLabel[role="error"] {{ color:{c["err"]}; font-size:{px(13)}px; }}
QLabel[role="warning"] {{ color:{c["warn"]}; font-size:{px(13)}px; {medium} }}
QLabel[role="note-warn"] {{ color:{c["warn"]}; font-size:{px(13)}px; {medium} }}
QLabel[role="note-err"] {{ color:{c["err"]}; font-size:{px(13)}px; {medium} }}
QLabel[role="note-info"] {{ color:{c["info"]}; font-size:{px(13)}px; {medium} }}
QLabel[role="note-ok"] {{ color:{c["ok"]}; font-size:{px(13)}px; {medium} }}
QLabel[role="toast"] {{ color:{c["toast_text"]}; }}
QLabel[role="key"] {{ color:{c["text2"]}; font-size:{px(12)}px; background:{c["surface"]};
  border:1px solid {c["line_strong"]}; border-bottom-width:2px; border-radius:4px; padding:0 {px(6)}px; }}

QPushButton {{ background:{c["surface"]}; border:1px solid {c["ctl"]}; border-radius:4px;
  padding:0 {px(12)}px; {box(tall, 1)} }}
QPushButton:hover {{ background:{c["hover"]}; border-color:{c["accent_text"]}; }}
QPushButton:pressed {{ background:{c["sel"]}; }}
QPushButton:focus {{ border:2px solid {c["accent_text"]}; padding:0 {px(12) - 1}px; {box(tall, 2)} }}
QPushButton:disabled {{ color:{c["disabled"]}; border-color:{c["line_strong"]}; }}
QPushButton[kind="primary"] {{ background:{c["accent"]}; border-color:{c["accent"]}; color:{c["on_accent"]};
  {medium} padding:0 {px(16)}px; }}
QPushButton[kind="primary"]:hover {{ background:{c["accent_hover"]}; }}
QPushButton[kind="primary"]:pressed {{ background:{c["accent_press"]}; }}
QPushButton[kind="primary"]:focus {{ border:2px solid {c["text"]}; padding:0 {px(16) - 1}px; }}
QPushButton[kind="primary"]:disabled {{ background:{c["mute_bg"]}; border-color:{c["line_strong"]};
  color:{c["text3"]}; }}
QPushButton[kind="quiet"] {{ background:transparent; border-color:transparent; padding:0 {px(8)}px; }}
QPushButton[kind="quiet"]:hover {{ background:{c["hover"]}; }}
QPushButton[kind="quiet"]:checked {{ background:{c["sel"]}; }}
QPushButton[kind="quiet"]:focus {{ border-color:{c["accent_text"]}; padding:0 {px(8) - 1}px; }}
QPushButton[kind="link"] {{ background:transparent; border-color:transparent; padding:0 {px(4)}px;
  color:{c["accent_text"]}; {box(px(26), 1)} }}
QPushButton[kind="link"]:hover {{ text-decoration:underline; }}
QPushButton[kind="link"]:focus {{ border-color:{c["accent_text"]}; padding:0 {px(4) - 1}px; {box(px(26), 2)} }}
QPushButton[kind="answer"], QPushButton[kind="answer"]:focus {{ min-height:0; max-height:{px(200)}px; padding:0; }}
QPushButton[kind="answer"][chosen="true"] {{ background:{c["soft"]}; border-color:{c["accent_text"]}; }}
QPushButton[kind="toast"] {{ background:transparent; border-color:transparent; color:{c["toast_link"]};
  {medium} padding:0 {px(8)}px; }}
QPushButton[kind="toast"]:focus {{ border-color:{c["toast_link"]}; }}
QPushButton[kind="chip"] {{ border-radius:{chip // 2}px; {box(chip, 1)} font-size:{px(13)}px; }}
QPushButton[kind="chip"]:focus {{ {box(chip, 2)} }}
QPushButton[kind="active"] {{ background:{c["soft"]}; border:1px solid {c["accent_text"]};
  border-radius:{chip // 2}px; {box(chip, 1)} font-size:{px(13)}px; {medium}
  color:{c["accent_text"]}; padding:0 {px(10)}px 0 {px(12)}px; }}
QPushButton[kind="active"]:focus {{ border-width:2px; {box(chip, 2)} }}
QPushButton::menu-indicator {{ width:0; }}

QLineEdit, QComboBox, QDateEdit, QSpinBox {{ background:{c["surface"]}; border:1px solid {c["ctl"]};
  border-radius:4px; padding:0 {px(8)}px; {box(tall, 1)} selection-background-color:{c["accent"]};
  selection-color:{c["on_accent"]}; placeholder-text-color:{c["text3"]}; }}
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {{ border:2px solid {c["accent_text"]};
  padding:0 {px(8) - 1}px; {box(tall, 2)} }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border:2px solid {c["err"]}; padding:0 {px(8) - 1}px;
  {box(tall, 2)} }}
QLineEdit:disabled, QComboBox:disabled {{ background:{c["sunken"]}; color:{c["disabled"]}; }}
QLineEdit:read-only {{ background:{c["sunken"]}; }}
QPlainTextEdit, QTextEdit {{ background:{c["surface"]}; border:1px solid {c["ctl"]}; border-radius:4px;
  padding:{px(2)}px {px(4)}px; selection-background-color:{c["accent"]}; selection-color:{c["on_accent"]}; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border:2px solid {c["accent_text"]}; padding:{px(2) - 1}px {px(4) - 1}px; }}
QComboBox::drop-down {{ border:0; width:{px(24)}px; }}
QComboBox::down-arrow {{ image:url("{art["chevron-down"]}"); width:{px(16)}px; height:{px(16)}px; }}
QComboBox QAbstractItemView {{ background:{c["surface"]}; border:1px solid {c["line_strong"]};
  selection-background-color:{c["sel"]}; selection-color:{c["text"]}; padding:{px(4)}px 0; }}
QComboBox QAbstractItemView::item {{ min-height:{px(32)}px; padding:0 {px(8)}px; }}
QCheckBox, QRadioButton {{ spacing:{px(8)}px; min-height:{px(24)}px; background:transparent; }}
QCheckBox::indicator {{ width:{px(16)}px; height:{px(16)}px; border:1px solid {c["ctl"]}; border-radius:3px;
  background:{c["surface"]}; }}
QCheckBox::indicator:checked {{ background:{c["accent"]}; border-color:{c["accent"]};
  image:url("{art["check"]}"); }}
QCheckBox::indicator:indeterminate {{ background:{c["accent"]}; border-color:{c["accent"]};
  image:url("{art["minus"]}"); }}
QCheckBox:focus, QRadioButton:focus {{ color:{c["accent_text"]}; }}
QRadioButton::indicator {{ width:{px(16)}px; height:{px(16)}px; border:1px solid {c["ctl"]};
  border-radius:{px(18) // 2}px; background:{c["surface"]}; }}
QRadioButton::indicator:checked {{ border:{px(5)}px solid {c["accent"]}; width:{px(8)}px; height:{px(8)}px;
  border-radius:{(px(8) + 2 * px(5)) // 2}px; background:{c["on_accent"]}; }}

QTableView, QTreeView, QListView {{ background:{c["surface"]}; border:0; gridline-color:{c["line"]};
  selection-background-color:{c["sel"]}; selection-color:{c["text"]}; }}
QTableCornerButton::section {{ background:{c["header"]}; border:0; }}
QHeaderView {{ background:{c["header"]}; border:0; }}
QScrollArea, QGraphicsView {{ border:0; background:transparent; }}
QScrollArea > QWidget > QWidget#scrolled {{ background:transparent; }}
QScrollBar:vertical {{ background:transparent; width:{px(12)}px; margin:0; border:0; }}
QScrollBar::handle:vertical {{ background:{c["ctl"]}; border-radius:4px; min-height:{px(32)}px; margin:2px; }}
QScrollBar:horizontal {{ background:transparent; height:{px(12)}px; margin:0; border:0; }}
QScrollBar::handle:horizontal {{ background:{c["ctl"]}; border-radius:4px; min-width:{px(32)}px; margin:2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width:0; height:0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background:transparent; }}
QAbstractScrollArea::corner {{ background:{c["surface"]}; border:0; }}
QToolTip {{ background:{c["toast"]}; color:{c["toast_text"]}; border:1px solid {c["line_strong"]};
  padding:{px(4)}px {px(8)}px; font-size:{px(13)}px; }}
QMenu {{ background:{c["surface"]}; border:1px solid {c["line_strong"]}; padding:{px(4)}px 0; }}
QMenu::item {{ padding:{px(6)}px {px(24)}px {px(6)}px {px(12)}px; }}
QMenu::item:selected {{ background:{c["sel"]}; color:{c["text"]}; }}
QMenu::item:disabled {{ color:{c["disabled"]}; }}
QMenu::separator {{ height:1px; background:{c["line"]}; margin:{px(4)}px 0; }}
QMenu::icon {{ padding-left:{px(10)}px; }}
QWidget#busy {{ background:{c["accent"]}; }}
QProgressBar {{ background:{c["mute_bg"]}; border:0; border-radius:2px; max-height:{px(4)}px;
  min-height:{px(4)}px; }}
QProgressBar::chunk {{ background:{c["accent"]}; border-radius:2px; }}
"""


def dress() -> None:
    """Palette and sheet of the present look, for the whole application."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setPalette(palette(look))
    application.setStyleSheet(sheet(look))


look.worn.connect(dress)
