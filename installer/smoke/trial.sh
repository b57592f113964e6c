#!/bin/bash
# Inside the Debian with Wine: upgrade while the program is open, hold every file to its hash, walk the whole
# house, photograph the real window, meet a broken version, a disk without room and one that fills, go over to a
# newer version from the page 更新, uninstall; data stays, program files do not. Then the .msi, where there is one.
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
# For a setup that starts the program, which would hold the pipe open.
starting() { timeout "${LIMIT:-900}" "$wine" "$@" </dev/null >/dev/null 2>&1; }
hashes() { (cd "$program" && sha256sum --quiet -c "$here/${1:-manifest.sha256}"); }
# What stands in an office's file, as one number.
content() { windows "$program/GridOfficeCmd.exe" -B -I -c "import runpy; runpy.run_path(r'C:\\content.py')" --multiprocessing-fork "$1" | grep -a '^content'; }
# The window that is as large as our own is: Wine has small ones. Tells its number.
window() {
    for _ in $(seq "${1:-300}"); do
        sleep 1
        for one in $(xdotool search --onlyvisible --name '.' 2>/dev/null); do
            [ "$(xdotool getwindowgeometry --shell "$one" | sed -n 's/WIDTH=//p')" -ge 900 ] && echo "$one" && return 0
        done
    done
    return 1
}
gone() { for _ in $(seq 20); do pgrep -f 'GridOffice.exe' >/dev/null || return 0; sleep 1; done; return 1; }
# On a busy machine the program may still be starting when it is asked first.
ask_to_close() {
    for _ in 1 2 3 4 5 6; do
        LIMIT=60 windows taskkill /IM GridOffice.exe >/dev/null
        gone && return
    done
    wrong "the window does not close when asked"
}
# Until a file says how a setup ended.
told() { for _ in $(seq 600); do [ -s "$1" ] && cat "$1" && return 0; sleep 1; done; return 1; }

display=90
while [ -e /tmp/.X11-unix/X$display ] || [ -e /tmp/.X$display-lock ]; do display=$((display + 1)); done
Xvfb :$display -screen 0 1600x1000x24 >/dev/null 2>&1 &
screen=$!
export DISPLAY=:$display
for _ in $(seq 60); do [ -e /tmp/.X11-unix/X$display ] && break; sleep 1; done
"$wine" wineboot.exe -i >/dev/null 2>&1
/usr/lib/wine/wineserver -w
cp shims/*.dll prefix/drive_c/windows/system32/
cp products.py content.py walk.py prefix/drive_c/
user=$(find prefix/drive_c/users -mindepth 1 -maxdepth 1 -type d ! -name Public | head -1)

# A folder such as real ones are: Chinese, a space, a character beyond the basic plane.
# NSIS wants /D= last and without quotes: two words do what one with a space in it cannot.
into=("/D=C:\\网格" "办𠮷\\程序")
program="prefix/drive_c/网格 办𠮷/程序"
data="prefix/drive_c/网格 办𠮷/资料"
own="$user/AppData/Local/GridOffice"
own_named="C:\\users\\$(basename "$user")\\AppData\\Local\\GridOffice"
previous=$([ -f previous.exe ] && echo yes)

if [ -f previous.exe ]; then
    say "the previous version, and an office made with it"
    windows ./previous.exe /S "${into[@]}" || wrong "the previous version does not install"
    windows "$program/GridOfficeCmd.exe" --version
    windows "$program/GridOfficeCmd.exe" demo "C:\\网格 办𠮷\\资料" --size street >/dev/null || wrong "no demo office"
    mkdir -p "$own" && cp "$(find "$data" -name '*.db' | head -1)" "$own/office.db" # where it lies when nobody said otherwise
    touch "$program/自己放的文件.txt"
    (: | "$wine" "$program/GridOffice.exe" desktop 2>&1 | cat) &
    window >/dev/null || wrong "the previous version shows no window"
    sleep 20 # until it has written what it writes at its start
    older=$(content "$own_named\\office.db")
    say "upgrade, and the program is open"
fi
say "install"
starting ./setup.exe /S "/UPDATES=C:\\更新" "/OUTCOME=C:\\outcome.txt" ${previous:+/RESTART} "${into[@]}" || wrong "setup.exe answers $?"
[ "$(cat prefix/drive_c/outcome.txt)" = 0 ] || wrong "the outcome of the setup is not written down"
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
    [ "$(content "$own_named\\$(basename "$kept")")" = "${older:-none}" ] || wrong "the backup before the upgrade is not what the older version held"
    window >/dev/null || wrong "the program does not start again after the upgrade"
    sleep 15
    import -window root out/upgraded.png
    ask_to_close
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
window >/dev/null || wrong "no window came up: $(xdotool search --onlyvisible --name . getwindowname %@ 2>&1 | tr '\n' ';')"
sleep 15
import -window root out/window.png
ask_to_close
windows "$program/GridOfficeCmd.exe" --database "$named" desktop --screenshots "C:\\shots" || wrong "a page meets a bug"
cp prefix/drive_c/shots/*.png out/ 2>/dev/null || wrong "no pages photographed"

say "a broken version stays outside"
LIMIT=300 windows ./releases/broken/GridOffice-99.0.0-setup.exe /S "/OUTCOME=C:\\outcome.txt" "${into[@]}"
[ $? = 7 ] || wrong "a version that fails its self-test is not refused"
[ "$(cat prefix/drive_c/outcome.txt)" = 7 ] || wrong "the outcome is not written down"
hashes || wrong "the broken version touched the one that works"
[ ! -e "$program.new" ] || wrong "the broken version is left beside"

say "a disk without room"
mkdir -p small && mount -t tmpfs -o size=180m tmpfs small && ln -sfn "$here/small" prefix/dosdevices/e:
windows ./setup.exe /S "/D=E:\\网格办"
[ $? = 9 ] || wrong "a full disk is not told"
[ "$(find small -type f | wc -l)" = 0 ] || wrong "a full disk is left with files"
umount small

say "a disk that fills while the setup unpacks"
if mount -t tmpfs -o size=700m tmpfs small; then
    into_small="/D=E:\\网格办"
    windows ./setup.exe /S "$into_small" || wrong "it does not install on the small disk"
    (
        until [ "$(du -sm small/网格办.new 2>/dev/null | cut -f1)" -gt 40 ] 2>/dev/null; do sleep 0.1; done
        dd if=/dev/zero of=small/别人的文件 bs=1M 2>/dev/null
    ) &
    filling=$!
    windows ./setup.exe /S "/OUTCOME=C:\\outcome.txt" "$into_small"
    [ $? = 9 ] || wrong "a disk that fills is not told"
    kill $filling 2>/dev/null
    [ -s small/别人的文件 ] || wrong "the disk did not fill"
    [ "$(cat prefix/drive_c/outcome.txt)" = 9 ] || wrong "that the disk filled is not written down"
    [ ! -e small/网格办.new ] && [ ! -e small/网格办.old ] || wrong "a disk that filled is left with half a version"
    installed=$program program=small/网格办
    hashes || wrong "the disk that filled cost files of the version that worked"
    windows "$program/GridOfficeCmd.exe" self-test >/dev/null || wrong "after the disk filled the version that worked does not"
    windows "$program/uninstall.exe" /S
    program=$installed
    windows ./setup.exe /S "${into[@]}" || wrong "setup.exe does not put itself in the same place again"
else
    say "SKIPPED: no tmpfs can be mounted here"
fi

say "a library that is missing"
mv "$program/lib/PySide6/Qt6Widgets.dll" kept.dll
LIMIT=120 windows "$program/GridOfficeCmd.exe" --database "$named" desktop --screenshots "C:\\none" >/dev/null && wrong "a missing library goes unnoticed"
mv kept.dll "$program/lib/PySide6/Qt6Widgets.dll"

# The page 更新 finds a release, shows what is new and asks; the program closes, the setup does its work, and the
# program that starts afterwards tells what came of it (after its first twenty seconds).
update() { # the release's folder, its version, how the setup must end
    cp -r "releases/$1" "prefix/drive_c/更新 $1"
    cp "$program/app/resources/program/release-keys.txt" keys.txt
    cat releases/key.txt >> "$program/app/resources/program/release-keys.txt"
    rm -f "$own/updates/outcome.txt"
    (: | "$wine" "$program/GridOffice.exe" -B -I -c "import runpy; runpy.run_path(r'C:\\walk.py')" --multiprocessing-fork "C:\\更新 $1" "$2" 2>&1 | cat) &
    [ "$(told "$own/updates/outcome.txt")" = "$3" ] || wrong "the update to $2 ends with $(cat "$own/updates/outcome.txt")"
    grep -q '月度考核可以退回重评' "prefix/drive_c/walk/$2-words.txt" || wrong "the page does not tell what is new in $2"
    [ ! -e "$program.new" ] && [ ! -e "$program.old" ] || wrong "half a version is left beside"
    cp keys.txt "$program/app/resources/program/release-keys.txt"
    window >/dev/null || wrong "the program does not start again after the update to $2"
    for place in $(seq -w 20); do # what it says stands for some seconds
        import -window root "said-$place.png"
        grep -q '"updating": "' "$own/window.json" || break
        sleep 2
    done
    sleep 4
    import -window root "out/update-$2-said.png"
    grep -q '"updating": "' "$own/window.json" && wrong "the program does not tell what came of the update to $2"
    cp "prefix/drive_c/walk/$2"-* out/
    ask_to_close
}
say "a newer version, from the page 更新"
later=$(basename releases/later/*-setup.exe -setup.exe) later=${later#GridOffice-}
update later "$later" 0
hashes releases/later.sha256 || wrong "the newer version is not as it was built"
windows "$program/GridOfficeCmd.exe" --version | tee version.txt
grep -q "$later" version.txt || wrong "it is not the newer version that runs"
say "one that fails its self-test, from the page 更新"
update broken 99.0.0 7
hashes releases/later.sha256 || wrong "the broken version touched the one that works"

say "uninstall"
before=$(sha256sum "$office" | cut -d' ' -f1)
touch "$program/自己放的文件.txt"
windows "$program/uninstall.exe" /S
for _ in $(seq 60); do [ -e "$program/GridOffice.exe" ] || break; sleep 1; done
sleep 2
left=$(find "$program" -type f 2>/dev/null ! -name '自己放的文件.txt' | wc -l)
[ "$left" = 0 ] || wrong "$left program files are left: $(find "$program" -type f | head -3)"
[ -f "$program/自己放的文件.txt" ] || wrong "a file that is not ours was removed"
[ "$(sha256sum "$office" | cut -d' ' -f1)" = "$before" ] || wrong "the data changed"
find "$user" -name '网格办.lnk' | grep -q . && wrong "a shortcut is left"
windows reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\GridOffice' >/dev/null && wrong "still among the installed programs"

if [ -f setup.msi ]; then
    say "the .msi"
    windows msiexec /i setup.msi /qn || wrong "the .msi answers $?"
    program="prefix/drive_c/Program Files/GridOffice"
    hashes || wrong "a file of the .msi is not as it was built"
    find prefix/drive_c/ProgramData "$user" -name '网格办.lnk' | grep -q . || wrong "no shortcut of the .msi"
    for kind in gridoffice gridpack; do
        windows reg query "HKLM\\Software\\Classes\\.$kind" | grep -q GridOffice || wrong "after the .msi nobody opens .$kind"
    done
    windows "$program/GridOfficeCmd.exe" self-test | tail -1
    [ "${PIPESTATUS[0]}" = 0 ] || wrong "the self-test of the .msi"
    windows msiexec /x setup.msi /qn || wrong "the .msi does not go"
    [ "$(find "$program" -type f 2>/dev/null | wc -l)" = 0 ] || wrong "files of the .msi are left"
fi

/usr/lib/wine/wineserver -k
kill $screen
[ $failed = 0 ] && say "the trial holds" || say "the trial fails"
exit $failed
