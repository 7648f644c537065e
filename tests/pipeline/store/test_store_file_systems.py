"""Network file systems are recognised from a text as of /proc/mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.store import file_systems
from pipeline.store.file_systems import kind_of_network, network_file_system

MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export /srv/news nfs4 rw,vers=4.2 0 0
//server/share /mnt/with\\040space cifs rw 0 0
desk@server:/ /mnt/ssh fuse.sshfs rw 0 0
/dev/vdb /mnt/ssh/local ext4 rw 0 0
bindfs /mnt/bind fuse.bindfs rw 0 0
server:/old /mnt/twice nfs rw 0 0
tmpfs /mnt/twice tmpfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/gisa.db", None),
        ("/srv/news/gisa.db", "nfs4"),
        ("/srv/newspaper/gisa.db", None),
        ("/mnt/with space/deep/gisa.db", "cifs"),
        ("/mnt/ssh/gisa.db", "fuse.sshfs"),
        ("/mnt/ssh/local/gisa.db", None),
        ("/mnt/bind/gisa.db", None),
        ("/mnt/twice/gisa.db", None),
    ],
)
def test_what_a_path_lies_on(path: str, kind: str | None) -> None:
    assert kind_of_network(Path(path), MOUNTS) == kind


def test_the_machine_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path.resolve()} nfs rw 0 0\n")
    monkeypatch.setattr(file_systems, "_MOUNTS", mounts)
    assert network_file_system(tmp_path / "gisa.db") == "nfs"
    monkeypatch.setattr(file_systems, "_MOUNTS", tmp_path / "nowhere")
    assert network_file_system(tmp_path / "gisa.db") is None
