#!/bin/bash
# Inside a Debian that has nothing of ours: install the .deb with what it asks for, walk the whole house, photograph
# the window, remove it; data stays.
set -u
cd "$(dirname "$0")"
here=$PWD failed=0
home="$here/家/王 䶮"
mkdir -p "$home" run out
chmod 700 run
export HOME=$home XDG_RUNTIME_DIR=$here/run DEBIAN_FRONTEND=noninteractive

say() { echo "$(date -u +%H:%M:%S) $*"; }
wrong() { say "FAILED: $*"; failed=1; }

say "install"
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./gridoffice.deb >install.log 2>&1 || { tail -5 install.log; wrong "it does not install"; }
[ -z "$(dpkg --verify gridoffice)" ] || wrong "a file is not as it was packed"
say "$(gridoffice --version), $(dpkg-query -L gridoffice | wc -l) files, $(du -sb /opt/gridoffice | cut -f1) bytes"

say "self-test"
gridoffice self-test || wrong "the self-test"
gridoffice demo "$home/资料 𠮷" --size street >/dev/null || wrong "no demo office"
office=$(find "$home/资料 𠮷" -name '*.db' | head -1)

say "the window"
display=70
while [ -e /tmp/.X11-unix/X$display ] || [ -e /tmp/.X$display-lock ]; do display=$((display + 1)); done
Xvfb :$display -screen 0 1600x1000x24 >/dev/null 2>&1 &
screen=$!
export DISPLAY=:$display
for _ in $(seq 60); do [ -e /tmp/.X11-unix/X$display ] && break; sleep 1; done
gridoffice --database "$office" desktop >window.log 2>&1 &
program=$!
for _ in $(seq 120); do
    sleep 1
    found=$(xdotool search --onlyvisible --name '网格' 2>/dev/null | head -1)
    [ -n "$found" ] && break
done
[ -n "${found:-}" ] || wrong "no window came up: $(tail -3 window.log)"
sleep 10
import -window root out/deb-window.png
kill $program
wait $program 2>/dev/null
QT_QPA_PLATFORM=offscreen gridoffice --database "$office" desktop --screenshots shots || wrong "a page meets a bug"
for page in home workers documents; do cp shots/*-$page.png out/deb-$page.png 2>/dev/null; done

say "remove"
before=$(sha256sum "$office" | cut -d' ' -f1)
apt-get purge -y -qq gridoffice >/dev/null 2>&1 || wrong "it does not go"
[ ! -e /opt/gridoffice ] || wrong "files are left: $(find /opt/gridoffice | head -3)"
[ "$(sha256sum "$office" | cut -d' ' -f1)" = "$before" ] || wrong "the data changed"
kill $screen
[ $failed = 0 ] && say "the .deb holds" || say "the .deb fails"
exit $failed
