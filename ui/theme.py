"""Colours, sizes and faces: one table of tokens, one number for the size, one object that says so.

Every colour on screen is a row of `TOKENS`; a test measures the contrast of every pair in `PAIRS`.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import (
    QAccessibilityHints,
    QColor,
    QFont,
    QFontDatabase,
    QFontMetrics,
    QGuiApplication,
    QPalette,
    QStyleHints,
)
from PySide6.QtWidgets import QApplication

import resources


class Theme(StrEnum):
    """The three looks of the program."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


SIZES = (1.0, 1.15, 1.25, 1.5)
"""The factors of 大字, from normal upwards."""

TOKENS: dict[str, tuple[str, str, str]] = {
    # token: light, dark, high contrast
    "app": ("#F2F5F7", "#12181E", "#000000"),
    "surface": ("#FFFFFF", "#1A2229", "#000000"),
    "sunken": ("#EDF1F4", "#151C22", "#000000"),
    "header": ("#F1F4F7", "#212B33", "#000000"),
    "hover": ("#F0F5F9", "#202A32", "#1A1A1A"),
    "sel": ("#DCEBF6", "#1F3C51", "#00467F"),
    "line": ("#DEE4E9", "#2B363F", "#8A8A8A"),
    "line_strong": ("#C3CCD4", "#3D4A55", "#FFFFFF"),
    "ctl": ("#7F8D9A", "#6F7E8B", "#FFFFFF"),
    "text": ("#1A2733", "#E8EDF1", "#FFFFFF"),
    "text2": ("#465563", "#B7C2CC", "#FFFFFF"),
    "text3": ("#5B6977", "#9CA9B5", "#E0E0E0"),
    "disabled": ("#8C98A3", "#6B7883", "#9A9A9A"),
    "accent": ("#17608F", "#2A73A8", "#FFD800"),
    "on_accent": ("#FFFFFF", "#FFFFFF", "#000000"),
    "accent_hover": ("#124F77", "#2E7AB0", "#FFE656"),
    "accent_press": ("#0E3F60", "#225F8C", "#D9B800"),
    "accent_text": ("#17608F", "#7CBCE8", "#FFD800"),
    "soft": ("#E4EFF7", "#1B3446", "#000000"),
    "soft_line": ("#A9CAE2", "#35648A", "#FFD800"),
    "nav": ("#12344D", "#0C1217", "#000000"),
    "nav_text": ("#D3E0EA", "#B4C1CC", "#FFFFFF"),
    "nav_hover": ("#1C435F", "#17212A", "#1A1A1A"),
    "nav_sel_bg": ("#28587A", "#214560", "#FFD800"),
    "nav_sel": ("#FFFFFF", "#FFFFFF", "#000000"),
    "ok": ("#1C6B43", "#79CDA0", "#5CFF9A"),
    "ok_bg": ("#E5F3EB", "#17332A", "#000000"),
    "warn": ("#7D5100", "#E8BC6B", "#FFC24D"),
    "warn_bg": ("#FCF0D8", "#382D14", "#000000"),
    "err": ("#A33C14", "#F2A083", "#FF9E80"),
    "err_bg": ("#FCECE5", "#3D241A", "#000000"),
    "info": ("#17608F", "#7CBCE8", "#7FD4FF"),
    "info_bg": ("#E4EFF7", "#1B3446", "#000000"),
    "mute_bg": ("#E9EDF1", "#28333C", "#000000"),
    "party": ("#C2151B", "#FF7A76", "#FF8A8A"),
    "party_bg": ("#FDEDEC", "#3A1E20", "#000000"),
    "chart2": ("#5F93B8", "#4B7393", "#7FD4FF"),
    "chart3": ("#B9C6D1", "#4A5864", "#BDBDBD"),
    "chart_grid": ("#E6EBEF", "#27323B", "#555555"),
    "toast": ("#1A2733", "#0C1217", "#000000"),
    "toast_text": ("#FFFFFF", "#E8EDF1", "#FFFFFF"),
    "toast_link": ("#9CCBEE", "#9CCBEE", "#FFD800"),
    "toast_ok": ("#79CDA0", "#79CDA0", "#5CFF9A"),
    "paper": ("#FFFFFF", "#FFFFFF", "#FFFFFF"),
    "found": ("#D6E8F5", "#D6E8F5", "#FFF3A0"),  # laid over the paper: words that were looked for
    "found_now": ("#8FC4EA", "#8FC4EA", "#FFD800"),
    "shadow": ("#2412344D", "#6E000000", "#00000000"),
}

TEXT, MARK = 4.5, 3.0
"""The contrast that text needs, and that edges of controls and marks of charts need."""

PAIRS: tuple[tuple[str, str, float], ...] = (
    *(("text", ground, TEXT) for ground in ("surface", "app", "sunken", "header", "hover", "sel", "soft")),
    *(("text2", ground, TEXT) for ground in ("surface", "app", "sunken", "header", "sel", "mute_bg")),
    *(
        ("text3", ground, TEXT)
        for ground in ("surface", "app", "sunken", "header", "sel", "info_bg", "hover")
    ),
    *(
        ("accent_text", ground, TEXT)
        for ground in ("surface", "app", "soft", "header", "sel", "info_bg", "warn_bg", "err_bg")
    ),
    *(("on_accent", ground, TEXT) for ground in ("accent", "accent_hover", "accent_press")),
    ("nav_text", "nav", TEXT),
    ("nav_text", "nav_hover", TEXT),
    ("nav_sel", "nav_sel_bg", TEXT),
    *(
        (state, ground, TEXT)
        for state in ("ok", "warn", "err", "info", "party")
        for ground in ("surface", f"{state}_bg")
    ),
    *((state, "app", TEXT) for state in ("ok", "warn", "err")),
    *(("toast_text", "toast", TEXT), ("toast_link", "toast", TEXT), ("toast_ok", "toast", TEXT)),
    ("ctl", "surface", MARK),
    ("accent", "surface", MARK),
    ("chart2", "surface", MARK),
)


def luminance(color: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (color.redF(), color.greenF(), color.blueF())
    )
    red, green, blue = parts
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens_of(theme: Theme) -> dict[str, QColor]:
    """The colours of a theme by token."""
    place = list(Theme).index(theme)
    return {token: QColor(row[place]) for token, row in TOKENS.items()}


def tokens_of_system(palette: QPalette) -> dict[str, QColor]:
    """The colours by token when the desktop itself is in a contrast theme: its own colours only."""
    window, text = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
    chosen = palette.color(QPalette.ColorRole.Highlight)
    on_chosen = palette.color(QPalette.ColorRole.HighlightedText)
    link = palette.color(QPalette.ColorRole.Link)
    found = {token: text for token in TOKENS}
    for token in TOKENS:
        if token.endswith("_bg") or token in (
            "app",
            "surface",
            "sunken",
            "header",
            "hover",
            "soft",
            "nav",
            "nav_hover",
            "toast",
        ):
            found[token] = window
    found |= dict.fromkeys(("accent", "accent_hover", "accent_press", "nav_sel_bg", "chart2"), chosen)
    found |= dict.fromkeys(("on_accent", "nav_sel"), on_chosen)
    found |= dict.fromkeys(("accent_text", "soft_line", "info", "toast_link"), link)
    found |= {"sel": window, "paper": QColor("white"), "shadow": QColor(0, 0, 0, 0)}
    found |= {"found": QColor("#FFF3A0"), "found_now": QColor("#FFD800")}
    found["disabled"] = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    return found


_FACES = (
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Medium.ttf",
    "NotoSansSC-Bold.ttf",
    "NotoSerifSC-Regular.ttf",
    "HanaMinB.ttf",
)
FAMILIES = ("Noto Sans SC", "Noto Serif SC", "HanaMinB", "Microsoft YaHei UI", "SimSun-ExtB")
"""The interface face, then what lends it the characters it lacks (names with rare characters)."""
RARE = "SimSun-ExtB"
"""Windows' own face of rare characters: with it nobody waits for those that are shipped compressed."""
MEDIUM = ("Noto Sans SC Medium", *FAMILIES)
"""Weight 500 first by its own family name: the static file registers under that name alone."""


class Look(QObject):
    """What the program looks like now; `changed` tells whoever paints or sizes by itself."""

    worn = Signal()
    """Before `changed`: palette and sheet are made anew (`style`), old pixmaps dropped (`icons`)."""
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme.LIGHT
        self.scale = 1.0
        self.system = False
        self.colors = tokens_of(Theme.LIGHT)
        self._fonts: dict[tuple[float, int, bool], QFont] = {}
        self._metrics: dict[tuple[float, int], QFontMetrics] = {}
        self._loaded = False
        self.scratch: QTemporaryDir | None = None
        self._hints: QStyleHints | None = None
        self._accessibility: QAccessibilityHints | None = None

    def start(self, theme: Theme = Theme.LIGHT, scale: float = 1.0) -> None:
        """Dress the application: style, faces, palette and sheet, in this order."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if not self._loaded:
            application.setStyle("Fusion")
            self._load_faces()
            self.scratch = QTemporaryDir()
            self._loaded = True
            # both are kept: PySide deletes the second with the wrapper of the first
            self._hints = QGuiApplication.styleHints()
            self._accessibility = self._hints.accessibility()
            self._accessibility.contrastPreferenceChanged.connect(lambda _: self.wear())
        self.wear(theme, scale)

    def _load_faces(self) -> None:
        for name in _FACES:
            file = resources.FOLDER / "fonts" / name
            if file.exists():
                QFontDatabase.addApplicationFont(str(file))
            elif RARE not in QFontDatabase.families():  # shipped compressed: half a second to unpack
                QFontDatabase.addApplicationFontFromData(resources.content(file))

    def wear(self, theme: Theme | None = None, scale: float | None = None) -> None:
        """Change theme or size, of everything at once."""
        self.theme = self.theme if theme is None else theme
        self.scale = self.scale if scale is None else scale
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.system = self._accessibility is not None and (
            self._accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast
        )
        if self.system:
            application.setPalette(QPalette())
            self.colors = tokens_of_system(application.palette())
        else:
            self.colors = tokens_of(self.theme)
        self._fonts.clear()
        self._metrics.clear()
        application.setFont(self.font())
        self.worn.emit()
        self.changed.emit()

    @property
    def edged(self) -> bool:
        """True where grounds vanish and badges need an edge."""
        return self.system or self.theme is Theme.CONTRAST

    def px(self, size: float) -> int:
        """A size of the design in logical pixels at the present scale."""
        return round(size * self.scale)

    def color(self, token: str) -> QColor:
        return self.colors[token]

    def font(self, size: float = 14, weight: int = 400, struck: bool = False) -> QFont:
        """The interface face at a size of the design; weights 400, 500 and 700 are shipped."""
        key = (size, weight, struck)
        if key not in self._fonts:
            made = QFont()
            made.setFamilies(MEDIUM if weight == 500 else FAMILIES)
            made.setPixelSize(self.px(size))
            made.setWeight(QFont.Weight(weight))
            made.setStrikeOut(struck)
            self._fonts[key] = made
        return self._fonts[key]

    def metrics(self, size: float = 14, weight: int = 400) -> QFontMetrics:
        key = (size, weight)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(size, weight))
        return self._metrics[key]

    def width(self, text: str, size: float = 14, weight: int = 400) -> int:
        """How wide a text is, in logical pixels."""
        return self.metrics(size, weight).horizontalAdvance(text)


look = Look()
px = look.px
color = look.color
font = look.font
