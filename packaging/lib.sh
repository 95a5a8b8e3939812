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
