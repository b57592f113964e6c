"""Stands where pyqtgraph looks for Qt's OpenGL: charts are painted without, and it is 11 MB."""
