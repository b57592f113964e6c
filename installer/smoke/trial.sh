#!/bin/bash
# Inside the Debian with Wine: install without questions, hold every file to its hash, walk the whole house,
# photograph the real window, upgrade, meet a broken version and a full disk, uninstall; data stays, program
# files do not. Then the .msi, where there is one.
set -u
cd "$(dirname "$0")"
here=$PWD failed=0
mkdir -p home run out
export HOME=$here/home XDG_RUNTIME_DIR=$here/run WINEPREFIX=$here/prefix WINEARCH=win64 WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml,winedbg.exe=;ucrtbase=n,b"
wine=/usr/lib/wine/wine64
# Windows takes the user's name from here: one that real clerks have.
sed '1i 王䶮:x:0:0::/root:/bin/bash' /etc/passwd > passwd && mount --bind passwd /etc/passwd

say() { echo "$(date -u +%H:%M:%S) $*"; }
wrong() { say "FAILED: $*"; failed=1; }
windows() { : | timeout "${LIMIT:-900}" "$wine" "$@" 2>&1 | cat; return "${PIPESTATUS[1]}"; }
hashes() { (cd "$program" && sha256sum --quiet -c "$here/manifest.sha256"); }

display=90
while [ -e /tmp/.X11-unix/X$display ]; do display=$((display + 1)); done
Xvfb :$display -screen 0 1600x1000x24 >/dev/null 2>&1 &
screen=$!
export DISPLAY=:$display
for _ in $(seq 60); do [ -e /tmp/.X11-unix/X$display ] && break; sleep 1; done
"$wine" wineboot.exe -i >/dev/null 2>&1
/usr/lib/wine/wineserver -w
cp shims/*.dll prefix/drive_c/windows/system32/
cp products.py prefix/drive_c/products.py
user=$(find prefix/drive_c/users -mindepth 1 -maxdepth 1 -type d ! -name Public | head -1)

# A folder such as real ones are: Chinese, a space, a character beyond the basic plane.
# NSIS wants /D= last and without quotes: two words do what one with a space in it cannot.
into=("/D=C:\\网格" "办𠮷\\程序")
program="prefix/drive_c/网格 办𠮷/程序"
data="prefix/drive_c/网格 办𠮷/资料"
own="$user/AppData/Local/GridOffice"

if [ -f previous.exe ]; then
    say "the previous version, and an office made with it"
    windows ./previous.exe /S "${into[@]}" || wrong "the previous version does not install"
    windows "$program/GridOfficeCmd.exe" --version
    windows "$program/GridOfficeCmd.exe" demo "C:\\网格 办𠮷\\资料" --size street >/dev/null || wrong "no demo office"
    mkdir -p "$own" && cp "$(find "$data" -name '*.db' | head -1)" "$own/office.db" # where it lies when nobody said otherwise
    older=$(sha256sum "$own/office.db" | cut -d' ' -f1)
    touch "$program/自己放的文件.txt"
fi
say "install"
windows ./setup.exe /S "/UPDATES=C:\\更新" "${into[@]}" || wrong "setup.exe answers $?"
say "installed: $(find "$program" -type f | wc -l) files, $(du -sb "$program" | cut -f1) bytes"
hashes || wrong "a file is not as it was built"
[ ! -f previous.exe ] || [ -f "$program/自己放的文件.txt" ] || wrong "a file that is not ours was removed by the upgrade"
[ "$(find "$program" -type f ! -name uninstall.exe ! -name updates.txt ! -name '自己放的文件.txt' | wc -l)" = "$(wc -l < manifest.sha256)" ] || wrong "files of the older version are left"
find "$user" -name '网格办.lnk' | grep -q . || wrong "no shortcut"
windows reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\GridOffice' /v DisplayVersion | grep -q DisplayVersion || wrong "not among the installed programs"
for kind in gridoffice gridpack; do
    windows reg query "HKCU\\Software\\Classes\\.$kind" | grep -q GridOffice || wrong "nobody opens .$kind"
done
windows "$program/GridOfficeCmd.exe" updates 2>&1 | grep -q '更新' || wrong "the place of updates was not written down"

windows "$program/GridOfficeCmd.exe" --version
if [ -f previous.exe ]; then
    kept=$(find "$own" -name '升级到*.backup' | head -1)
    [ -n "$kept" ] || wrong "no backup was made before the upgrade"
    [ "$(sha256sum "$own/office.db" | cut -d' ' -f1)" = "$older" ] || wrong "the upgrade changed the data"
    windows "$program/GridOfficeCmd.exe" verify || wrong "the office of the older version does not hold"
    windows "$program/GridOfficeCmd.exe" restore "C:${kept#prefix/drive_c}" || wrong "the backup of the upgrade does not come back"
fi

say "self-test"
windows "$program/GridOfficeCmd.exe" self-test | tee out/self-test.txt
[ "${PIPESTATUS[0]}" = 0 ] || wrong "the self-test"
windows "$program/GridOfficeCmd.exe" -c "import runpy; runpy.run_path(r'C:\\products.py')" --multiprocessing-fork || wrong "products of matrices"

say "the window, with Qt's own Windows platform, on a made-up office"
[ -d "$data" ] || windows "$program/GridOfficeCmd.exe" demo "C:\\网格 办𠮷\\资料" --size street >/dev/null || wrong "no demo office"
office=$(find "$data" -name '*.db' | head -1)
named="C:\\网格 办𠮷\\资料\\$(basename "$office")"
(: | "$wine" "$program/GridOffice.exe" --database "$named" desktop 2>&1 | cat) &
for _ in $(seq 300); do
    sleep 1
    for one in $(xdotool search --onlyvisible --name '.' 2>/dev/null); do # as large as our own is: Wine has small ones
        [ "$(xdotool getwindowgeometry --shell "$one" | sed -n 's/WIDTH=//p')" -ge 900 ] && found=$one
    done
    [ -n "${found:-}" ] && break
done
[ -n "${found:-}" ] || wrong "no window came up: $(xdotool search --onlyvisible --name . getwindowname %@ 2>&1 | tr '\n' ';')"
sleep 15
import -window root out/window.png
LIMIT=30 windows taskkill /IM GridOffice.exe >/dev/null
for _ in $(seq 60); do sleep 1; pgrep -f GridOffice.exe >/dev/null || break; done
pgrep -f GridOffice.exe >/dev/null && wrong "the window does not close when asked"
windows "$program/GridOfficeCmd.exe" --database "$named" desktop --screenshots "C:\\shots" || wrong "a page meets a bug"
cp prefix/drive_c/shots/*.png out/ 2>/dev/null || wrong "no pages photographed"
before=$(sha256sum "$office" | cut -d' ' -f1)

say "a broken version stays outside"
LIMIT=300 windows ./broken-setup.exe /S "/OUTCOME=C:\\outcome.txt" "${into[@]}"
[ $? = 7 ] || wrong "a version that fails its self-test is not refused"
[ "$(cat prefix/drive_c/outcome.txt)" = 7 ] || wrong "the outcome is not written down"
hashes || wrong "the broken version touched the one that works"
[ ! -e "$program.new" ] || wrong "the broken version is left beside"

say "a full disk"
mkdir -p small && mount -t tmpfs -o size=180m tmpfs small && ln -sfn "$here/small" prefix/dosdevices/e:
windows ./setup.exe /S "/D=E:\\网格办"
[ $? = 9 ] || wrong "a full disk is not told"
[ "$(find small -type f | wc -l)" = 0 ] || wrong "a full disk is left with files"

say "a library that is missing"
mv "$program/lib/PySide6/Qt6Widgets.dll" kept.dll
LIMIT=120 windows "$program/GridOfficeCmd.exe" --database "$named" desktop --screenshots "C:\\none" >/dev/null && wrong "a missing library goes unnoticed"
mv kept.dll "$program/lib/PySide6/Qt6Widgets.dll"

say "uninstall"
touch "$program/自己放的文件.txt"
windows "$program/uninstall.exe" /S
for _ in $(seq 60); do [ -e "$program/GridOffice.exe" ] || break; sleep 1; done
sleep 2
left=$(find "$program" -type f 2>/dev/null ! -name '自己放的文件.txt' | wc -l)
[ "$left" = 0 ] || wrong "$left program files are left"
[ -f "$program/自己放的文件.txt" ] || wrong "a file that is not ours was removed"
[ "$(sha256sum "$office" | cut -d' ' -f1)" = "$before" ] || wrong "the data changed"
find "$user" -name '网格办.lnk' | grep -q . && wrong "a shortcut is left"
windows reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\GridOffice' >/dev/null && wrong "still among the installed programs"

if [ -f setup.msi ]; then
    say "the .msi"
    windows msiexec /i setup.msi /qn || wrong "the .msi answers $?"
    program="prefix/drive_c/Program Files/GridOffice"
    hashes || wrong "a file of the .msi is not as it was built"
    windows "$program/GridOfficeCmd.exe" self-test | tail -1
    [ "${PIPESTATUS[0]}" = 0 ] || wrong "the self-test of the .msi"
    windows msiexec /x setup.msi /qn || wrong "the .msi does not go"
    [ "$(find "$program" -type f 2>/dev/null | wc -l)" = 0 ] || wrong "files of the .msi are left"
fi

/usr/lib/wine/wineserver -k
kill $screen
[ $failed = 0 ] && say "the trial holds" || say "the trial fails"
exit $failed
