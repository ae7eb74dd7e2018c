# measured COMMAND…: runs it and writes "SECONDS PEAK-MIB" to $work/used, its output to $work/used.out.
# Read by the other scripts here.
# shellcheck shell=bash disable=SC2154
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
