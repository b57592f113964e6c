"""One window for one office: a second start hands over what it was to open, and ends.

The first holds a lock file and watches the folder of messages; whoever comes second leaves his message
there. Both are files in the user's own folder: nothing listens on a network.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal

from gridoffice import settings


class Instance(QObject):
    """This start of the program on one office. `first` says whether no other window shows it;
    `called` brings the file that another start was to open, empty when it was none."""

    called = Signal(str)

    def __init__(self, office: str):
        super().__init__()
        folder = settings.data_folder() / "windows"
        folder.mkdir(exist_ok=True)
        name = hashlib.sha256(office.encode()).hexdigest()[:16]
        self._message = folder / f"{name}.json"
        self._lock = QLockFile(str(folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # a window may stand open for weeks; a dead one is known by its number
        self.first = self._lock.tryLock(0)
        self._watcher: QFileSystemWatcher | None = None
        if self.first:
            self._message.unlink(missing_ok=True)
            self._watcher = QFileSystemWatcher([str(folder)])
            self._watcher.directoryChanged.connect(self._read)

    def hand_over(self, file: str = "") -> None:
        """Leave for the first window what this start was to open, and let it come to the front."""
        if sys.platform == "win32":
            import ctypes

            owner = self._lock.getLockInfo()[0]
            ctypes.windll.user32.AllowSetForegroundWindow(owner)
        fresh = self._message.with_suffix(".new")
        fresh.write_text(json.dumps({"file": file}), "utf-8")
        fresh.replace(self._message)

    def close(self) -> None:
        if self.first:
            self._lock.unlock()

    def _read(self, _folder: str) -> None:
        try:
            said = json.loads(self._message.read_text("utf-8"))
            self._message.unlink()
        except (OSError, ValueError):
            return  # not there, or not whole yet: the folder changes again when it is
        self.called.emit(str(said.get("file", "")))


def remember_for_jump_list(file: Path) -> None:
    """Tell Windows that this file was opened: it stands in the taskbar's list of recent files."""
    if sys.platform == "win32":
        import ctypes

        with_path = 3  # SHARD_PATHW
        ctypes.windll.shell32.SHAddToRecentDocs(with_path, ctypes.c_wchar_p(str(file)))
