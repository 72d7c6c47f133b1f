"""The house's Ed25519 signing keys, as files of mode 600 under DATA/keys.

``ledger`` signs checkpoints and certificates, ``holder`` signs receipts of destroyed
epoch keys. The public half lies beside each as NAME.pub, one line, fit to publish.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from harken.method.ledger import Signer

SigningKey = Literal["ledger", "holder"]


def signer(name: SigningKey) -> Signer:
    """The signer of this name; its key is made at first use."""
    return signer_in(Path(settings.DATA) / "keys", name)


def signer_in(folder: Path, name: SigningKey) -> Signer:
    """The same for a key folder, where settings are not read."""
    file = folder / f"{name}.key"
    if not file.exists():
        _make(folder, file)
    seed = bytes.fromhex(file.read_text(encoding="ascii"))
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    number = hashlib.sha256(public.public_bytes_raw()).hexdigest()[:8]
    made = Signer(f"harken/{name}-{number}", seed)
    published = folder / f"{name}.pub"
    if not published.exists():
        published.write_text(made.public_key + "\n", encoding="ascii")
    return made


def _make(folder: Path, file: Path) -> None:
    """Put a fresh key in its place whole: whoever finds the file finds a key in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(os.urandom(32).hex())
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):  # another made it meanwhile
            os.link(name, file)
    finally:
        Path(name).unlink()
