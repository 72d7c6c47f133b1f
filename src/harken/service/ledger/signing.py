"""The house's Ed25519 signing keys, as files of mode 600 under DATA/keys.

``ledger`` signs checkpoints and certificates, ``holder`` signs receipts of destroyed
epoch keys. The public half lies beside each as NAME.pub, one line, fit to publish.
"""

from __future__ import annotations

import hashlib
import os
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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(os.urandom(32).hex())
        out.flush()
        os.fsync(out.fileno())
