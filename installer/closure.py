"""Whether every library that the payload's program files ask for is in the payload or part of Windows 10."""

from __future__ import annotations

import re
from pathlib import Path

import pefile

from installer.signatures import programs

AMD64 = 0x8664
WINDOWS = re.compile(
    r"(api-ms-win-.*|ext-ms-.*|advapi32|authz|avrt|bcrypt|bcryptprimitives|cabinet|cfgmgr32|comctl32|comdlg32|crypt32|"
    r"d2d1|d3d11|d3d12|d3d9|dbghelp|dcomp|dnsapi|dwmapi|dwrite|dxgi|gdi32|icuuc|imm32|iphlpapi|kernel32|mpr|"
    r"mscms|msi|msvcrt|ncrypt|netapi32|ntdll|ole32|oleaut32|opengl32|pathcch|powrprof|propsys|psapi|rpcrt4|"
    r"runtimeobject|secur32|setupapi|shcore|shell32|shlwapi|synchronization|ucrtbase|uiautomationcore|"
    r"user32|userenv|usp10|uxtheme|version|winhttp|windowscodecs|winmm|winspool\.drv|wlanapi|wldap32|ws2_32|"
    r"wtsapi32)(\.dll)?",
    re.IGNORECASE,
)
"""What Windows 10 1809 and later bring."""


def unresolved(folder: Path) -> dict[str, list[str]]:
    """Of each program file below a folder, the libraries nobody brings; a file that is not for 64-bit
    Windows has the one complaint `not x64`. Empty when all is whole."""
    files = programs(folder)
    brought = {path.name.lower() for path in files}
    missing: dict[str, list[str]] = {}
    for path in files:
        image = pefile.PE(str(path), fast_load=True)
        image.parse_data_directories(
            [
                pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"],
                pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT"],
            ]
        )
        asked = [
            entry.dll.decode().lower()
            for kind in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT")
            for entry in getattr(image, kind, [])
        ]
        found = [name for name in asked if name not in brought and not WINDOWS.fullmatch(name)]
        if getattr(image.FILE_HEADER, "Machine", None) != AMD64:
            found = ["not x64"]
        image.close()
        if found:
            missing[path.relative_to(folder).as_posix()] = found
    return missing
