"""Each wall of ARCHITECTURE 3 bites: a trespass on a copy breaks exactly its contract."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE

LINTER = Path(sys.executable).with_name("lint-imports")

TRESPASSES = {
    "floors": ("method/terms.py", "from harken.service import env"),
    "method-rooms": ("method/terms.py", "from harken.method import study"),
    "method-pure": ("method/study/__init__.py", "import django"),
    "cryptography": ("method/contact/__init__.py", "import cryptography"),
    "service-rooms": ("service/study/actions.py", "from harken.service import contact"),
    "identities": (
        "service/response/actions.py",
        "from harken.service.vault import custody",
    ),
    "never-back": (
        "service/publication/actions.py",
        "from harken.service import contact",
    ),
    "furniture": ("service/study/models.py", "from harken.service.study import views"),
    "no-knots": (
        "method/ledger/canonical.py",
        "from harken.method.ledger import merkle",
    ),
}
ALSO = {
    "no-knots": (
        "method/ledger/merkle.py",
        "from harken.method.ledger import canonical",
    )
}


def contracts() -> dict[str, str]:
    """Contract key to contract name, as configured."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): config[section]["name"]
        for section in config.sections()
        if section.startswith(prefix)
    }


def lint(folder: Path) -> str:
    """What the linter says of the copy in this folder."""
    answer = subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("walls")
    shutil.copytree(SOURCE / "harken", folder / "src" / "harken")
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_every_contract_has_its_trespass() -> None:
    assert set(contracts()) == set(TRESPASSES)


@pytest.mark.slow
def test_all_walls_stand(copy: Path) -> None:
    said = lint(copy)
    assert "0 broken" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(TRESPASSES))
def test_a_trespass_breaks_its_contract(copy: Path, key: str) -> None:
    kept = {}
    for where, line in filter(None, (TRESPASSES[key], ALSO.get(key))):
        file = copy / "src" / "harken" / where
        kept[file] = file.read_text(encoding="utf-8") if file.exists() else None
        file.write_text((kept[file] or "") + f"\n{line}\n", encoding="utf-8")
    try:
        said = lint(copy)
    finally:
        for file, text in kept.items():
            if text is None:
                file.unlink()
            else:
                file.write_text(text, encoding="utf-8")
    assert f"{contracts()[key]} BROKEN" in said, said
