# Shared by ./secateur and ./test; sourced, never run.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# No helper processes that outlive a build and hold its output open.
export MSBUILDDISABLENODEREUSE=1
[[ ${CI:-} == true ]] && export UseSharedCompilation=false

say() { printf 'secateur: %s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# Ends with a clear message unless the .NET SDK that global.json asks for is here.
require_dotnet() {
    command -v dotnet >/dev/null \
        || fail 'the .NET 10 SDK is not installed (there is no `dotnet` on the PATH). Get it from https://dotnet.microsoft.com/download'
    local said
    said=$(cd "$1" && dotnet --version 2>&1) \
        || fail "dotnet does not run here. global.json asks for the SDK 10.0.100 or a later 10.0; installed: $(dotnet --list-sdks 2>&1 | cut -d' ' -f1 | paste -sd' '). It says: $(head -n 3 <<<"$said" | paste -sd' ')"
}

# Runs a command; shows what it printed only when it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# build_tool ROOT TOOL STAMP: publishes the tool, compiled ahead of time where that compiler can be had (it starts faster).
build_tool() (
    local root=$1 tool=$2 stamp=$3
    require_dotnet "$root"
    mkdir -p "${stamp%/*}"
    if command -v flock >/dev/null; then
        exec 9>"$stamp.lock"
        flock 9
        is_current && return
    fi

    say 'building, since sources changed (the first time takes about a minute) ...'
    # A new folder changes the time of the one it is in: make them before the stamp.
    for project in "$root"/src/*/; do mkdir -p "$project/bin" "$project/obj"; done
    touch "$stamp.new"
    local publish=(dotnet publish "$root/src/Secateur.Cli" -c Release -nologo -v quiet -o "${tool%/*}")
    if ! "${publish[@]}" -p:PublishReadyToRun=true >"$stamp.log" 2>&1; then
        quietly "${publish[@]}" || fail 'the build failed; see above'
    fi
    mv "$stamp.new" "$stamp"
)

# install_onnx_runtime ROOT: ONNX Runtime from npm, under benchmarks/peers. The library for processors is in the package; its install script
# would fetch the one for graphics cards. False without npm.
install_onnx_runtime() {
    local peers=$1/benchmarks/peers
    command -v npm >/dev/null || return
    [[ -e $peers/node_modules/onnxruntime-node && ! $peers/package-lock.json -nt $peers/node_modules ]] && return
    say 'installing ONNX Runtime ...'
    (cd "$peers" && quietly npm ci --ignore-scripts --no-audit --no-fund) && touch "$peers/node_modules"
}
