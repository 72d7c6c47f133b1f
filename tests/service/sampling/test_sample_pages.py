"""The sample's pages and commands: upload, findings, draw, discard."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.sampling import commands, queries
from harken.service.sampling.models import SampleFile
from tests.make.accounts import sign_in
from tests.make.sampling import (
    load_people,
    make_csv,
    make_drawn_study,
    make_sampled_study,
    make_values,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def page(name: str, slug: str = "trial") -> str:
    """The address of a sample page."""
    return reverse(f"sampling:{name}", args=[slug])


def run(*words: str) -> int:
    """Run ``harken sampling`` with these words."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    args = parser.parse_args(["sampling", *words])
    return int(args.run(args))


def test_a_manager_uploads_looks_and_draws_after_a_question(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    assert (
        "There is no study yet"
        in client.get(reverse("sampling:samples")).content.decode()
    )
    make_sampled_study()
    assert (
        "No sample file has been loaded" in client.get(page("sample")).content.decode()
    )
    people = [make_values(n) for n in range(12)]
    people[3] |= {"telephone": "call me"}
    file = SimpleUploadedFile("people.csv", make_csv(people), "text/csv")
    assert client.post(page("load"), {"sample": file}).status_code == 302
    shown = client.get(page("sample")).content.decode()
    assert "SAM-017" in shown
    assert "call me" not in shown
    assert "Quenhallow" not in shown
    assert "drawn once" in client.get(page("draw")).content.decode()
    assert client.post(page("draw")).status_code == 302
    assert "Design weight" in client.get(page("sample")).content.decode()
    again = client.post(page("discard"))
    assert again.status_code == 400
    assert "SAM-051" in again.content.decode()


def test_a_bad_upload_names_places_and_keeps_nothing(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    make_sampled_study()
    answer = client.post(page("load"))
    assert (answer.status_code, "SAM-058" in answer.content.decode()) == (400, True)
    columns = ["surnme", *list(make_values())[3:]]
    data = make_csv([make_values()], columns=columns)
    file = SimpleUploadedFile("people.csv", data, "text/csv")
    answer = client.post(page("load"), {"sample": file})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "sample file:1:1" in text
    assert "Did you mean surname?" in text
    assert not SampleFile.objects.exists()


def test_only_who_may_load_samples_enters(client: Client) -> None:
    make_sampled_study()
    sign_in(client, Role.INTERVIEWER)
    assert client.get(page("sample")).status_code == 403
    assert client.post(page("load")).status_code == 403


def test_a_study_nobody_knows_is_not_found(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    assert client.get(page("sample", "nothing")).status_code == 404


def test_the_command_loads_from_a_path_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_sampled_study()
    file = tmp_path / "people.csv"
    people = [make_values(n) for n in range(12)]
    people[2] |= {"do_not_contact": "yes"}
    file.write_bytes(make_csv(people))
    assert run("report", "trial") == 0
    assert run("load", "trial", str(file)) == 0
    assert run("draw", "trial") == 0
    assert run("report", "trial") == 0
    shown = capsys.readouterr().out
    assert "12 rows read, 11 people sealed." in shown
    assert "do not contact" in shown
    assert "Quenhallow" not in shown


def test_the_command_reads_standard_input_and_discards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_sampled_study()
    stdin = io.TextIOWrapper(io.BytesIO(make_csv([make_values()])))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run("load", "trial", "-") == 0
    assert queries.counts(study).frame == 1
    assert run("discard", "trial") == 0
    assert queries.counts(study).frame == 0


def test_the_command_refuses_a_path_that_is_none() -> None:
    make_sampled_study()
    with pytest.raises(HarkenError) as error:
        run("load", "trial", "/nowhere/people.csv")
    assert "SAM-057" in str(error.value)
    assert "nowhere" not in str(error.value)


def test_a_drawn_sample_is_not_discarded_on_the_page(client: Client) -> None:
    make_drawn_study()
    sign_in(client, Role.MANAGER)
    assert client.post(page("discard")).status_code == 400


def test_a_loaded_sample_is_discarded_on_the_page(client: Client) -> None:
    study = make_sampled_study()
    load_people(study, [make_values()])
    sign_in(client, Role.MANAGER)
    assert "forgotten" in client.get(page("discard")).content.decode()
    assert client.post(page("discard")).status_code == 302
    assert queries.sample_file(study) is None
