# What the scripts beside it begin with, in the project's folder: $build (ANJU_BUILD), the empty folder
# $work, which goes with the script, and measured.
# shellcheck shell=bash
build=${ANJU_BUILD:-$PWD/build}
command -v sqlite3 >/dev/null || { echo "${0##*/}: the package sqlite3 is needed" >&2; exit 1; }
[ -x "$build/anju" ] || { echo "${0##*/}: $build/anju is missing: make build" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/anju-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export ANJU_ASSETS=${ANJU_ASSETS:-$PWD}

# measured COMMAND…: runs it and writes "SECONDS PEAK-MIB" to $work/used, its output to $work/used.out.
measured() {
    python3 - "$work/used" "$@" <<'PYTHON'
import resource, subprocess, sys, time
began = time.monotonic()
status = subprocess.call(sys.argv[2:], stdout=open(sys.argv[1] + ".out", "w"))
seconds = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
open(sys.argv[1], "w").write(f"{seconds:.3f} {peak:.1f}\n")
sys.exit(status)
PYTHON
}
