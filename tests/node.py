"""Programs for Node, installed in a folder of their own."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import require

SCRIPTS = Path(__file__).parent / "clients" / "node"
NODE, NPM = shutil.which("node"), shutil.which("npm")
_NO_NETWORK = re.compile(r"E(?:AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NOTFOUND|TIMEDOUT)")


def installed(folder: Path, *sources: Path) -> Path:
    """Return ``folder`` with the files of ``sources`` in it and the packages that they name installed."""
    require(NODE and NPM, "Node")
    for source in sources:
        for file in source.iterdir():
            if file.is_file():
                shutil.copy(file, folder)
    done = subprocess.run([str(NPM), "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True)
    if done.returncode and _NO_NETWORK.search(done.stderr):
        require(None, f"what {folder.name} needs (it cannot be fetched: {done.stderr[-300:]})")
    assert done.returncode == 0, done.stderr
    return folder
