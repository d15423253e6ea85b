# Read by ./build, ./test and ./demo. Sets $root, goes there, and defines what they share.
set -eu
root=$(cd "$(dirname "$0")" && pwd -P)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers would outlive the script, and hold its output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
name=$(basename "$0")

fail() {
    echo "$name: $*" >&2
    exit 1
}

# need COMMAND:PACKAGE...: installs the Debian packages of the commands that are missing.
need() {
    missing=
    for pair; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "please install what provides:$missing (these are Debian's names of the packages)"
    [ "$(id -u)" = 0 ] || fail "please install these packages, or run this as root: apt-get install$missing"
    echo "$name: installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
        { apt-get update >/dev/null && apt-get install -y --no-install-recommends $missing >/dev/null; } ||
        fail "these packages could not be installed:$missing"
}

need_dotnet() {
    command -v dotnet >/dev/null || PATH=$PATH:${DOTNET_ROOT:-/usr/share/dotnet}:/usr/lib/dotnet:$HOME/.dotnet
    command -v dotnet >/dev/null || fail "please install the .NET 10 SDK first"
    version=$(dotnet --version 2>/dev/null) || fail "the .NET SDK here is not version 10; please install the .NET 10 SDK"
    [ "${version%%.*}" -ge 10 ] || fail "the .NET SDK here is $version; please install the .NET 10 SDK"
}
