"""Chooses where epoch keys lie, from the words the key holder was started with."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from harken.method.ledger import Signer
from harken.service.ledger.signing import signer_in
from harken.service.vault import durable
from harken.service.vault.keyholder.hardware import HardwareSlots, Module
from harken.service.vault.keyholder.mirror import MirrorSlots
from harken.service.vault.keyholder.shares import SplitSlots, Witness
from harken.service.vault.keyholder.transit import Transit, TransitSlots
from harken.service.vault.slots import FileSlots, Slots

CONTROLLER = "controller.pub"
"""In the key folder: the public key of the controller, bound to each new promise."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that choose."""
    parser.add_argument(
        "--second", type=Path, metavar="FOLDER", help="keep each epoch key here as well"
    )
    parser.add_argument(
        "--pkcs11", metavar="LIBRARY", help="a hardware module's library"
    )
    parser.add_argument(
        "--openbao",
        metavar="ADDRESS",
        help="a transit engine: unix:PATH or https://...",
    )
    parser.add_argument("--token-file", type=Path, help="a file with its token")
    parser.add_argument(
        "--mount", default="transit", help="where the engine is mounted"
    )
    parser.add_argument("--authority", type=Path, help="whose certificates are trusted")
    parser.add_argument("--token", default="harken", help="the module's token")
    parser.add_argument("--pin-file", type=Path, help="a file with the module's PIN")
    parser.add_argument(
        "--witness",
        type=Path,
        metavar="SOCKET",
        help="the controller's witness, which keeps half of each epoch key",
    )


def chosen(
    args: argparse.Namespace, keys: Path, signer: Callable[[], Signer]
) -> Callable[[Path, str], Slots]:
    """Makes a study's slots: file or module, doubled, split, as was asked."""

    def make(folder: Path, study: str) -> Slots:
        slots: Slots = FileSlots(folder)
        if args.pkcs11:
            module = Module(args.pkcs11, args.token, args.pin_file)
            slots = HardwareSlots(folder, study, module)
        if args.openbao:
            server = Transit(args.openbao, args.token_file, args.mount, args.authority)
            slots = TransitSlots(folder, study, server)
        if args.second:
            durable.make_folder(args.second / study)
            second = FileSlots(args.second / study)
            slots = MirrorSlots(slots, second, lambda: signer_in(args.second, "holder"))
        if args.witness:
            controller = (keys / CONTROLLER).read_text(encoding="utf-8").strip()
            witness = Witness(args.witness, signer, controller)
            slots = SplitSlots(slots, witness, folder, study)
        return slots

    return make
