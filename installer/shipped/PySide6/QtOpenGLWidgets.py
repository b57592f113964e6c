"""Stands where pyqtgraph looks for Qt's OpenGL widgets, from which it derives classes nobody makes."""

from PySide6.QtWidgets import QWidget as QOpenGLWidget

__all__ = ["QOpenGLWidget"]
