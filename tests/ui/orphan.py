"""A window's process that starts endless work and then waits to be killed (run by test_tasks)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication

from ui.tasks import TaskRunner

if __name__ == "__main__":
    application = QCoreApplication([])
    runner = TaskRunner()
    runner.run("tests.ui.jobs:" + sys.argv[1], {"beacon": sys.argv[2]})
    application.exec()
