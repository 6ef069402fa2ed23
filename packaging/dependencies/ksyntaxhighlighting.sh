#!/bin/sh
# Builds KSyntaxHighlighting 5.116 (the last release of KF5) against Qt 6 into PREFIX, for distributions whose own package is for Qt 5.
#
#   ksyntaxhighlighting.sh PREFIX
#
# Needs: cmake, g++ (or another C++ compiler), make or ninja, perl, patch-free tar and xz, and of the distribution
#   Debian/Ubuntu: extra-cmake-modules qt6-base-dev qt6-tools-dev qt6-l10n-tools libqt6network6 perl xz-utils
# The source comes from the distribution's own archive (the mirror that this machine's apt already uses), or from
#   GATEHOUSE_KSYNTAX_ARCHIVE=path   an upstream source archive that is at hand
#   GATEHOUSE_KSYNTAX_SUITE=name     the release whose source packages hold it (default: by /etc/os-release)
# and is checked against the digest below either way. Nothing outside PREFIX and a temporary folder is written; apt's own state is left alone.
# Run again it does nothing: PREFIX/share/gatehouse/ksyntaxhighlighting.stamp names what was built.
# Exit status: 0 there (built now or before), 1 could not be built; the sentence on standard error says why.
set -eu

VERSION=5.116.0
PACKAGE=ksyntax-highlighting
SHA256=6f8ccacebd0dc9ce050b2b23b715750c97938b3336fbbb80967920cb8c1dfaa7

say() { printf '%s\n' "ksyntaxhighlighting: $*" >&2; }
die() { say "$*"; exit 1; }

[ $# -eq 1 ] || die "usage: ksyntaxhighlighting.sh PREFIX"
mkdir -p "$1"
PREFIX=$(cd "$1" && pwd)
STAMP=$PREFIX/share/gatehouse/ksyntaxhighlighting.stamp
RECIPE="$VERSION $SHA256 recipe 1"
if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$RECIPE" ]; then
    exit 0
fi

for TOOL in cmake perl tar xz sha256sum; do
    command -v "$TOOL" >/dev/null || die "$TOOL is not installed"
done

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM

# os-release sets names of its own (VERSION among them), so it is read in a subshell.
DISTRIBUTION=$(. /etc/os-release && echo "${ID:-}:${VERSION_ID:-}")

# The release after this one, in which the package stands at $VERSION.
suite() {
    case "${GATEHOUSE_KSYNTAX_SUITE:-$DISTRIBUTION}" in
    debian:12) echo trixie ;;
    ubuntu:24.04) echo plucky ;;
    *:*) ;;
    *) echo "$GATEHOUSE_KSYNTAX_SUITE" ;;
    esac
}

# Asks apt for the source archive with a state of its own; apt checks the release's signature and the archive's digest.
fetch() {
    command -v apt-get >/dev/null || die "there is no apt here; set GATEHOUSE_KSYNTAX_ARCHIVE to the source archive of $VERSION"
    SUITE=$(suite)
    [ -n "$SUITE" ] || die "don't know which release holds the source; set GATEHOUSE_KSYNTAX_SUITE or GATEHOUSE_KSYNTAX_ARCHIVE"
    MIRROR=$(apt-get indextargets --format '$(REPO_URI) $(CREATED_BY) $(COMPONENT)' 2>/dev/null | awk '$2 == "Packages" && $3 ~ /^(main|universe)$/ { print $1; exit }')
    [ -n "$MIRROR" ] || die "apt names no mirror (run apt-get update), or set GATEHOUSE_KSYNTAX_ARCHIVE"
    KEYRING=
    for FILE in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/ubuntu-archive-keyring.gpg; do
        [ ! -f "$FILE" ] || KEYRING=$FILE
    done
    mkdir -p "$WORK/state/lists/partial" "$WORK/cache/archives/partial" "$WORK/parts"
    case "$DISTRIBUTION" in
    ubuntu:*) COMPONENT=universe ;;
    *) COMPONENT=main ;;
    esac
    echo "deb-src ${KEYRING:+[signed-by=$KEYRING] }$MIRROR $SUITE $COMPONENT" >"$WORK/sources.list"
    : >"$WORK/status"
    set -- -qq -o "Dir::State::lists=$WORK/state/lists" -o "Dir::Cache=$WORK/cache" -o "Dir::Etc::sourcelist=$WORK/sources.list" \
        -o "Dir::Etc::sourceparts=$WORK/parts" -o "Dir::State::status=$WORK/status" -o APT::Sandbox::User= -o Acquire::Retries=2
    say "fetching the source archive of $VERSION ($SUITE)"
    apt-get "$@" update || die "apt could not read the source index of $SUITE"
    (cd "$WORK" && apt-get "$@" source --download-only --tar-only "$PACKAGE") || die "apt could not fetch $PACKAGE $VERSION"
    ARCHIVE=$(find "$WORK" -maxdepth 1 -name "${PACKAGE}*_$VERSION.orig.tar.*" ! -name '*.asc' | head -n 1)
}

if [ -n "${GATEHOUSE_KSYNTAX_ARCHIVE:-}" ]; then
    ARCHIVE=$GATEHOUSE_KSYNTAX_ARCHIVE
    [ -f "$ARCHIVE" ] || die "$ARCHIVE does not exist"
else
    fetch
fi
[ -n "$ARCHIVE" ] || die "no source archive came"
echo "$SHA256  $ARCHIVE" | sha256sum --check --status || die "$ARCHIVE is not the archive of $VERSION (SHA-256 differs)"

mkdir "$WORK/source" "$WORK/build"
tar -xf "$ARCHIVE" -C "$WORK/source" --strip-components=1
# It asks for the ECM of its own release and builds with Debian 12's 5.103.
sed -i 's/find_package(ECM [0-9.]* /find_package(ECM 5.100.0 /' "$WORK/source/CMakeLists.txt"

GENERATOR="Unix Makefiles"
command -v ninja >/dev/null && GENERATOR=Ninja
say "building $VERSION for Qt 6 (a minute or two)"
LOG=$WORK/build.log
if ! {
    cmake -S "$WORK/source" -B "$WORK/build" -G "$GENERATOR" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib \
        -DBUILD_WITH_QT6=ON -DBUILD_TESTING=OFF -DQRC_SYNTAX=ON -DCMAKE_DISABLE_FIND_PACKAGE_Qt6Quick=ON \
        -DCMAKE_DISABLE_FIND_PACKAGE_Qt6PrintSupport=ON -DCMAKE_DISABLE_FIND_PACKAGE_Qt6Widgets=ON &&
        cmake --build "$WORK/build" --parallel "$(nproc)" &&
        cmake --install "$WORK/build"
} >"$LOG" 2>&1; then
    tail -n 30 "$LOG" >&2
    die "the build failed; the program builds without syntax colours too"
fi
mkdir -p "$(dirname "$STAMP")"
printf '%s\n' "$RECIPE" >"$STAMP"
say "installed into $PREFIX"
