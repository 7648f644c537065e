"""What kind of disk a file lies on: SQLite's write-ahead log needs memory that all its processes share."""

from __future__ import annotations

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "afs", "9p", "ceph", "glusterfs", "lustre")
)
_OVER_FUSE = ("sshfs", "glusterfs", "s3fs", "rclone", "gcsfuse", "davfs", "ceph", "gvfsd-fuse")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_file_system(path: Path) -> str | None:
    """Return the kind of network file system that a file lies on, None for a local disk or where unknown.

    Only Linux tells; elsewhere the answer is None.
    """
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        return kind_of_network(path.resolve(), mounts)
    except OSError:
        return None


def kind_of_network(path: Path, mounts: str) -> str | None:
    """Return what network file system an absolute path lies on, from a text as of /proc/mounts."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < len(("device", "folder", "kind")):
            continue
        folder = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[1]))
        # of mounts on one folder the last one is seen
        if path.is_relative_to(folder) and len(folder.parts) >= longest:
            kind, longest = fields[2], len(folder.parts)
    inner = kind.removeprefix("fuse.")
    is_network = kind in _NETWORK or (kind != inner and inner in _OVER_FUSE)
    return kind if is_network else None
