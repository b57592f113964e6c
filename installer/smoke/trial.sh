#!/bin/bash
# Inside the Debian with Wine: install without questions, hold every file to its hash, walk the whole house,
# photograph the real window, upgrade, uninstall; data stays, program files do not.
set -u
cd "$(dirname "$0")"
here=$PWD failed=0
mkdir -p home run out
export HOME=$here/home XDG_RUNTIME_DIR=$here/run WINEPREFIX=$here/prefix WINEARCH=win64 WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml,winedbg.exe=;ucrtbase=n,b"
wine=/usr/lib/wine/wine64

say() { echo "$*"; }
wrong() { say "FAILED: $*"; failed=1; }
windows() { : | timeout "${LIMIT:-600}" "$wine" "$@" 2>&1 | cat; return "${PIPESTATUS[1]}"; }

display=90
while [ -e /tmp/.X11-unix/X$display ]; do display=$((display + 1)); done
Xvfb :$display -screen 0 1600x1000x24 >/dev/null 2>&1 &
screen=$!
export DISPLAY=:$display
for _ in $(seq 60); do [ -e /tmp/.X11-unix/X$display ] && break; sleep 1; done
"$wine" wineboot.exe -i >/dev/null 2>&1
/usr/lib/wine/wineserver -w
cp shims/*.dll prefix/drive_c/windows/system32/
user=$(find prefix/drive_c/users -mindepth 1 -maxdepth 1 -type d ! -name Public | head -1)

# A folder such as real ones are: Chinese, a space, a character beyond the basic plane.
# NSIS wants /D= last and without quotes: two words do what one with a space in it cannot.
into=("/D=C:\\网格" "办𠮷\\程序")
program="prefix/drive_c/网格 办𠮷/程序"

if [ -f previous.exe ]; then
    windows ./previous.exe /S "${into[@]}" || wrong "the previous version does not install"
    windows "$program/GridOfficeCmd.exe" demo "C:\\网格 办𠮷\\资料" --size street >/dev/null || wrong "no demo office"
fi
windows ./setup.exe /S "${into[@]}" || wrong "setup.exe answers $?"
say "installed: $(find "$program" -type f | wc -l) files, $(du -sm --apparent-size "$program" | cut -f1) MiB"
(cd "$program" && sha256sum --quiet -c "$here/manifest.sha256") || wrong "a file is not as it was built"
find "$user" -name '网格办.lnk' | grep -q . || wrong "no shortcut"
windows reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\GridOffice' /v DisplayVersion | grep -q DisplayVersion || wrong "not among the installed programs"

windows "$program/GridOfficeCmd.exe" self-test | tee out/self-test.txt
[ "${PIPESTATUS[0]}" = 0 ] || wrong "the self-test"

# The window with Qt's own Windows platform, on a made-up office.
[ -d "prefix/drive_c/网格 办𠮷/资料" ] || windows "$program/GridOfficeCmd.exe" demo "C:\\网格 办𠮷\\资料" --size street >/dev/null || wrong "no demo office"
office=$(find "prefix/drive_c/网格 办𠮷/资料" -name '*.db' | head -1)
(: | "$wine" "$program/GridOffice.exe" --database "C:\\网格 办𠮷\\资料\\$(basename "$office")" desktop 2>&1 | cat) &
for _ in $(seq 60); do
    sleep 1
    found=$(xdotool search --onlyvisible --name '网格办' 2>/dev/null | head -1)
    [ -n "$found" ] && break
done
[ -n "${found:-}" ] || wrong "no window came up"
sleep 6
import -window root out/window.png
LIMIT=30 windows taskkill /IM GridOffice.exe >/dev/null
for _ in $(seq 30); do sleep 1; pgrep -f GridOffice.exe >/dev/null || break; done
pgrep -f GridOffice.exe >/dev/null && wrong "the window does not close when asked"

# A broken installation says so.
mv "$program/lib/PySide6/Qt6Widgets.dll" kept.dll
LIMIT=120 windows "$program/GridOfficeCmd.exe" self-test >/dev/null && LIMIT=120 windows "$program/GridOfficeCmd.exe" --database "C:\\网格 办𠮷\\资料\\$(basename "$office")" desktop --screenshots "C:\\shots" >/dev/null && wrong "a missing library goes unnoticed"
mv kept.dll "$program/lib/PySide6/Qt6Widgets.dll"

touch "$program/自己放的文件.txt"
before=$(sha256sum "$office" | cut -d' ' -f1)
windows ./setup.exe /S "${into[@]}" || wrong "installing over itself answers $?"
windows "$program/uninstall.exe" /S
for _ in $(seq 60); do [ -e "$program/GridOffice.exe" ] || break; sleep 1; done
left=$(find "$program" -type f 2>/dev/null ! -name '自己放的文件.txt' | wc -l)
[ "$left" = 0 ] || wrong "$left program files are left"
[ -f "$program/自己放的文件.txt" ] || wrong "a file that is not ours was removed"
[ "$(sha256sum "$office" | cut -d' ' -f1)" = "$before" ] || wrong "the data changed"
windows reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\GridOffice' >/dev/null && wrong "still among the installed programs"

/usr/lib/wine/wineserver -k
kill $screen
[ $failed = 0 ] && say "the trial holds" || say "the trial fails"
exit $failed
