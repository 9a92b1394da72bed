#!/bin/sh
# Makes this machine able to run Member Tracker from its source, and does nothing where that is so already.
#
#   installer/setup.sh run    what the program needs
#   installer/setup.sh dev    that, and what its tests and checks need
#   installer/setup.sh screen that, and a screen of the tests' own with what assistive technology is told
#   installer/setup.sh windows that of dev, and what makes packages for Windows and tries them
#   installer/setup.sh package what the program needs and what freezes it, in an environment of its own below build/
#   installer/setup.sh package-check that of package, and what tries a package in a bare Debian
#
# It looks at four things in turn: a Python, the system's libraries, the environment in .venv, the pinned packages.
# Nothing outside .venv (and build) is touched but the system's packages, and those only as root; otherwise the one
# command to type is printed. PYTHON=/path/to/python chooses the interpreter.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)
purpose=${1:-run}
venv=.venv
also=
if [ "$purpose" = package-check ]; then purpose=package also=package-check; fi
[ "$purpose" != package ] || venv=build/package-venv

oldest=3.11
# Each library Qt loads, and Debian's package for it. The first list is enough to draw without a screen.
without_screen="
libglib-2.0.so.0:libglib2.0-0       libEGL.so.1:libegl1              libGL.so.1:libgl1
libX11.so.6:libx11-6                libdbus-1.so.3:libdbus-1-3       libfontconfig.so.1:libfontconfig1
libfreetype.so.6:libfreetype6       libxkbcommon.so.0:libxkbcommon0  libbrotlidec.so.1:libbrotli1"
with_screen="
libxcb-cursor.so.0:libxcb-cursor0   libxcb-icccm.so.4:libxcb-icccm4  libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0  libxcb-render-util.so.0:libxcb-render-util0
libxcb-shape.so.0:libxcb-shape0     libxcb-xkb.so.1:libxcb-xkb1      libxkbcommon-x11.so.0:libxkbcommon-x11-0
libX11-xcb.so.1:libx11-xcb1"
# Each program that a screen of the tests' own needs, and Debian's package for it.
for_own_screen="
Xvfb:xvfb  dbus-daemon:dbus-daemon  /usr/libexec/at-spi-bus-launcher:at-spi2-core  openbox:openbox  xdotool:xdotool"
# Each program that makes Windows packages or tries them, and Debian's package for it.
for_windows="
makensis:nsis  wixl:wixl  msibuild:msitools  osslsigncode:osslsigncode  /usr/lib/wine/wine64:wine64"
# Each program that tries a package in a bare Debian, and Debian's package for it.
for_bare_debian="
debootstrap:debootstrap  Xvfb:xvfb  xdotool:xdotool"
reads_at_spi="import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"

say() { printf '%s\n' "$*"; }

stop() {
    printf '\n%s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# --- a Python ---------------------------------------------------------------------------------------------------------

is_new_enough() { "$1" -c "import sys; sys.exit(sys.version_info < (${oldest%.*}, ${oldest#*.}))" 2>/dev/null; }

# A program can be frozen only with a Python whose own library is a shared one; Debian keeps that in a package.
may_freeze() {
    "$1" -c "import sys, sysconfig; sys.exit(not sysconfig.get_config_var('Py_ENABLE_SHARED'))" 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3}; do
        if is_new_enough "$name" && { [ "$purpose" != package ] || may_freeze "$name"; }; then
            command -v "$name"
            return
        fi
    done
    [ "$purpose" != package ] || stop "No Python $oldest or newer with a shared library of its own was found." \
        "Debian's and Ubuntu's is one: make package PYTHON=/usr/bin/python3" \
        "One that pyenv builds is one if it was built so: PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.11"
    stop "Member Tracker needs Python $oldest or newer, and none was found." \
        "Install one, or name it: make run PYTHON=/path/to/python3"
}

# --- the system's packages --------------------------------------------------------------------------------------------

has_library() {
    case " $known " in *" $1 "*) return 0 ;; esac
    return 1
}

missing_packages() {
    known=$( (/sbin/ldconfig -p 2>/dev/null || ldconfig -p 2>/dev/null || true) | awk '{print $1}' | tr '\n' ' ')
    "$python" -c 'import ensurepip, venv' 2>/dev/null || say "$(venv_package)"
    [ "$(uname -s)" = Linux ] || return 0
    libraries=$without_screen
    [ "$purpose" != screen ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || libraries="$libraries $with_screen"
    for pair in $libraries; do
        has_library "${pair%%:*}" || say "${pair#*:}"
    done
    [ "$purpose" != screen ] || missing_for_own_screen
    [ "$purpose" != package ] || missing_for_freezing
    [ "$also" != package-check ] || missing_of $for_bare_debian
    [ "$purpose" != windows ] || missing_of $for_windows
}

missing_of() {
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || say "${pair#*:}"
    done
}

missing_for_freezing() {
    command -v objcopy >/dev/null || say binutils
    "$python" -c 'import os, sys, sysconfig
says = sysconfig.get_config_var
sys.exit(not os.path.exists(os.path.join(says("LIBDIR"), says("INSTSONAME"))))' 2>/dev/null ||
        "$python" -c 'import sys; print("libpython%d.%d" % sys.version_info[:2])'
}

missing_for_own_screen() {
    missing_of $for_own_screen
    /usr/bin/python3 -c "$reads_at_spi" 2>/dev/null || say python3-gi gir1.2-atspi-2.0
}

venv_package() {
    # Debian keeps this part of its Python in a package of its own.
    if [ "$("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')" = \
        "$(readlink -f /usr/bin/python3 2>/dev/null)" ]; then
        say python3-venv
    else
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

install_packages() {
    wanted=$(echo $1)
    if [ "$purpose" = screen ] && { [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; }; then
        say "These are missing on this system (the names are Debian's), and the tests that need them are skipped:" \
            "$wanted"
        return
    fi
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "These are missing on this system (the names are Debian's):" "$wanted" \
            "Install what your system calls them, then try again."
    fi
    if [ "$(id -u)" != 0 ]; then
        stop "Some of the system's packages are missing. Type this, then try again:" \
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends $wanted"
    fi
    say "Installing the system's packages: $wanted"
    log=$(mktemp)
    if ! { apt_install $wanted || { apt-get -q update && apt_install $wanted; }; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "The system's packages could not be installed: is there a connection?" \
            "apt-get update && apt-get install -y --no-install-recommends $wanted"
    fi
    rm -f "$log"
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; }

# --- the environment and the pinned packages --------------------------------------------------------------------------

make_environment() {
    if [ -x $venv/bin/python ] && is_new_enough $venv/bin/python && $venv/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    say "Making the environment in $venv with $("$python" --version)"
    "$python" -m venv --clear $venv || stop "The environment could not be made with $python."
}

pip_install() {
    $venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check --retries 10 "$@" </dev/null ||
        stop "The packages could not be installed: is there a connection?" "Try again; what was fetched is kept."
}

# Every package is pinned and its hash checked. What comes as source only is built with the pinned tools of build.lock,
# which is why those come first.
install_locked() { pip_install --require-hashes --no-build-isolation -r "$1"; }

stamp_of() {
    { cat pyproject.toml requirements/*.lock installer/setup.sh; $venv/bin/python --version; say "$root"; } |
        cksum | tr ' ' -
}

install_python_packages() {
    case $purpose in screen | windows) purpose=dev ;; esac
    stamp=$venv/.ready-$purpose
    for done in "$stamp" $venv/.ready-dev; do # what is ready for the tests is ready for running
        [ "$(cat "$done" 2>/dev/null)" != "$(stamp_of)" ] || return 0
    done
    lock=requirements/$purpose.lock
    say "Installing the pinned packages of $lock; this takes a minute or two the first time"
    rm -f "$stamp"
    install_locked requirements/build.lock
    install_locked "$lock"
    PYTHONWARNINGS=ignore pip_install --no-deps --no-build-isolation --editable .
    stamp_of >"$stamp"
    say "Ready: $venv/bin/member-tracker"
}

case $purpose in
run | dev | screen | windows | package) ;;
*) stop "usage: installer/setup.sh run|dev|screen|windows|package|package-check" ;;
esac
python=$(find_python)
missing=$(missing_packages)
[ -z "$missing" ] || install_packages "$missing"
make_environment
install_python_packages
