"""The pages of the navigation, in its order; the last one stands at its foot."""

from __future__ import annotations

from ui.pages.page import Page
from ui.pages.workers import WorkersPage

PAGES: list[type[Page]] = [WorkersPage]
