#!/usr/bin/env bash
# Builds the image, asks it a question, and checks the size that the README gives.
#
#   tests/image.sh [OPTION...]        the options go to the build
#
# Docker, Podman or Buildah does the work, whichever runs here; ENGINE names one. BASE is the base image where the one of
# the Dockerfile cannot be fetched: for Buildah also a folder with a root file system, as debootstrap makes it:
#
#   debootstrap --variant=minbase --include=python3,python3-venv bookworm /tmp/base
#   ENGINE=buildah BASE=/tmp/base tests/image.sh
set -euo pipefail
cd "$(dirname "$0")/.."

IMAGE=pullquote-test
for each in docker podman buildah; do
    [ -n "${ENGINE:-}" ] || ! "$each" info >/dev/null 2>&1 || ENGINE=$each
done
: "${ENGINE:?neither Docker, Podman nor Buildah runs here}"
buildah=(buildah --storage-driver "${STORAGE_DRIVER:-vfs}")

if [ "$ENGINE" = buildah ] && [ -d "${BASE:-}" ]; then
    base=$("${buildah[@]}" from scratch)
    tar -C "$BASE" -c --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./proc/*' . \
        | tar -C "$("${buildah[@]}" mount "$base")" -x
    "${buildah[@]}" commit -q --rm "$base" pullquote-base >/dev/null
    BASE=localhost/pullquote-base
fi
options=(${BASE:+--build-arg "BASE=$BASE"} "$@")

# What runs inside: the service with its seed article, one question over HTTP, and the size of all files.
read -r -d '' INSIDE <<'PYTHON' || true
import json, os, socket, subprocess, sys, time
from urllib.request import Request, urlopen

assert os.getuid() == 10001, "it runs as root"
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
service = subprocess.Popen(["pullquote", "serve", "--port", str(port)], stdout=sys.stderr)
url = f"http://127.0.0.1:{port}"
try:
    for _ in range(60):
        try:
            urlopen(f"{url}/readyz", timeout=4)  # the port is open before the models are loaded
            break
        except OSError:
            assert service.poll() is None, "the service has ended"
            time.sleep(1)
    body = json.dumps({"question": "How many men left Russia after the draft was announced?"}).encode()
    with urlopen(Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"}), timeout=60) as response:
        answer = json.load(response)
finally:
    service.terminate()
    service.wait(30)
print(answer["answer"], file=sys.stderr)
assert answer["answered"] and answer["answer"].startswith("261,000"), answer
du = ["du", "-xb", "--max-depth=6", "--exclude=/data", "--exclude=/tmp", "/"]
lines = subprocess.run(du, capture_output=True, text=True).stdout.splitlines()
sizes = {path: int(size) for size, path in (line.split("\t") for line in lines)}
packages = [path for path in sizes if "/site-packages/" in path]
for path in sorted(packages, key=sizes.__getitem__, reverse=True)[:10]:
    print(f"{sizes[path] / 1e6:6.0f} MB  {path}", file=sys.stderr)
print(sizes["/"])
PYTHON

if [ "$ENGINE" = buildah ]; then
    "${buildah[@]}" build -q --format docker --isolation chroot -t $IMAGE "${options[@]}" . >/dev/null
    container=$("${buildah[@]}" from --pull-never $IMAGE)
    trap '"${buildah[@]}" rm "$container" >/dev/null' EXIT
    bytes=$("${buildah[@]}" run --isolation chroot "$container" -- python -c "$INSIDE")
else
    "$ENGINE" build -q -t $IMAGE "${options[@]}" . >/dev/null
    bytes=$("$ENGINE" run --rm --read-only --tmpfs /tmp --network none --cap-drop ALL $IMAGE python -c "$INSIDE")
fi

readme=$(grep -oP 'image is about \K[0-9.]+(?= GB)' README.md)
awk -v bytes="$bytes" -v readme="$readme" 'BEGIN {
    size = bytes / 1e9; far = size > readme + 0.1 || size < readme - 0.1
    printf "The image is %.2f GB; README.md says %s.\n", size, readme
    exit far
}'
