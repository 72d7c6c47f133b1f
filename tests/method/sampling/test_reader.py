"""Reading sample files strictly. Proves issue 2's bad input and that no value is shown."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.sampling import COLUMNS, read_sample
from harken.method.sampling.reader import Reading
from tests.make.sampling import CODES, TODAY, make_csv, make_row, make_values

SECRET = "Zanzibarette"


def read(data: bytes, *, size: int = 1 << 16, **options: int) -> list[Reading]:
    """Every reading of a file given in chunks of ``size`` bytes."""
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    return list(read_sample(chunks, codes=CODES, today=TODAY, **options))


def refused(data: bytes, **options: int) -> list[str]:
    """The codes of a refusal."""
    with pytest.raises(HarkenError) as error:
        read(data, **options)
    return [finding.fault.code for finding in error.value.findings]


def found(**changes: str) -> list[str]:
    """The codes of the findings of one row, and nothing of its values."""
    (reading,) = read(make_csv([make_values(**changes)]))
    words = " ".join(str(finding) for finding in reading.findings)
    for value in changes.values():
        assert len(value) < 4 or value not in words
    return [finding.fault.code for finding in reading.findings]


def test_a_row_is_read_whole() -> None:
    row = make_row(7)
    assert (row.given_name, row.surname) == ("Vireo7", "Quenhallow7")
    assert row.address_lines == ("7 Sallowmere Rise",)
    assert row.telephone == "+442079460007"
    assert repr(row) == "Row(line=2)"


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_chunks_and_a_byte_order_mark_make_no_difference(
    size: int, mark: bytes
) -> None:
    data = mark + make_csv([make_values(n, town="Łódź-on-Sea") for n in range(5)])
    rows = [reading.row for reading in read(data, size=size)]
    assert [row.town for row in rows if row] == ["Łódź-on-Sea"] * 5
    assert [row.line for row in rows if row] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "SAM-001"),
        (b"\n\n  \n", "SAM-001"),
        (codecs.BOM_UTF8, "SAM-001"),
        ("crime_reference,surname".encode("utf-16"), "SAM-002"),
        (b"crime\0reference", "SAM-002"),
        (b"a,b\n\xe9,\xe9\n", "SAM-002"),
        (b"crime_reference,\xc3", "SAM-002"),
        (b"crime_reference;given_name;surname\n", "SAM-003"),
        (b"crime_reference\tgiven_name\n", "SAM-003"),
        (b'"crime_reference,given_name\n', "SAM-008"),
        (b"x" * 30_000, "SAM-009"),
        (make_csv([]), "SAM-022"),
    ],
)
def test_a_file_that_is_no_sample_file_is_refused(data: bytes, code: str) -> None:
    assert refused(data)[0] == code


def test_a_wrong_encoding_is_found_at_its_line() -> None:
    data = make_csv([make_values(n) for n in range(3)]) + "é,\n".encode("latin-1")
    with pytest.raises(HarkenError) as error:
        read(data)
    assert error.value.findings[0].place is not None
    assert error.value.findings[0].place.line == 5


def test_every_fault_of_the_header_comes_at_once_with_a_suggestion() -> None:
    names = ["surnme", *COLUMNS[:2], *COLUMNS[3:], "town"]
    with pytest.raises(HarkenError) as error:
        read((",".join(names) + "\n").encode())
    findings = error.value.findings
    codes = [finding.fault.code for finding in findings]
    assert codes == ["SAM-004", "SAM-006", "SAM-005"]
    assert findings[0].suggestion == "surname"


def test_a_missing_header_shows_nobody() -> None:
    body = make_csv([make_values(given_name=SECRET)]).split(b"\n", 1)[1]
    with pytest.raises(HarkenError) as error:
        read(body)
    assert SECRET not in str(error.value)


def test_columns_may_come_in_any_order() -> None:
    data = make_csv([make_values()], columns=sorted(COLUMNS))
    assert read(data)[0].row is not None


def test_ragged_rows_are_left_out_with_their_line() -> None:
    data = (
        make_csv([make_values(1)])
        + b"a,b\n"
        + make_csv([make_values(2)]).split(b"\n", 1)[1]
    )
    readings = read(data)
    assert [reading.row is not None for reading in readings] == [True, False, True]
    (finding,) = readings[1].findings
    assert finding.fault.code == "SAM-007"
    assert finding.place is not None
    assert finding.place.line == 3


def test_too_many_rows_are_refused() -> None:
    data = make_csv([make_values(n) for n in range(4)])
    assert refused(data, row_limit=3) == ["SAM-010"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"date_of_birth": "12.03.1980"}, ["SAM-013"]),
        ({"date_of_birth": "1980-02-30"}, ["SAM-013"]),
        ({"date_of_birth": "1880-02-03"}, ["SAM-013"]),
        ({"date_of_birth": ""}, ["SAM-016"]),
        ({"date_reported": "2031-01-01"}, ["SAM-013"]),
        ({"bereaved_on": "yesterday"}, ["SAM-013"]),
        ({"sex": "divers"}, ["SAM-014"]),
        ({"area": "Z900"}, ["SAM-014"]),
        ({"area": ""}, ["SAM-016"]),
        ({"crime_group": "piracy"}, ["SAM-014"]),
        ({"case_status": "Closed! "}, ["SAM-014"]),
        ({"safe_contact": "shout"}, ["SAM-014"]),
        ({"do_not_contact": "perhaps"}, ["SAM-015"]),
        ({"surname": "x" * 201}, ["SAM-011"]),
        ({"town": "Bel\nfast"}, ["SAM-012"]),
        ({"telephone": "12345678901234567890"}, ["SAM-017"]),
        ({"telephone": "ring the bell"}, ["SAM-017"]),
        ({"postcode": "99999"}, ["SAM-018"]),
        ({"email": "nobody"}, ["SAM-019"]),
        ({"language": "klingon"}, ["SAM-020"]),
    ],
)
def test_each_fault_of_a_field_is_found_by_place(
    changes: dict[str, str], codes: list[str]
) -> None:
    assert found(**changes) == codes


def test_faults_of_routes_keep_the_person_and_others_do_not() -> None:
    keeps = read(make_csv([make_values(telephone="1", email="x", language="fr")]))
    assert keeps[0].row is not None
    assert keeps[0].row.language == "en"
    drops = read(make_csv([make_values(enhanced="maybe")]))
    assert drops[0].row is None


@pytest.mark.parametrize(
    "number", ["07700 900123", "01632 960456", "020 7946 0123", "+44 808 157 0100"]
)
def test_ofcoms_drama_numbers_pass(number: str) -> None:
    assert make_row(telephone=number).telephone.startswith("+44")


@pytest.mark.parametrize(
    ("safe", "phone", "post"),
    [
        ("any", True, True),
        ("phone_only", True, False),
        ("post_only", False, True),
        ("", True, True),
    ],
)
def test_safe_contact_decides_the_routes(safe: str, phone: bool, post: bool) -> None:
    row = make_row(safe_contact=safe)
    assert (row.phone_ok, row.post_ok) == (phone, post)


def test_sexual_and_hate_crime_are_sensitive_and_so_are_markers() -> None:
    assert make_row(crime_group="sexual").sensitive
    assert make_row(domestic_abuse="yes").sensitive
    assert not make_row(crime_group="burglary").sensitive


@given(st.binary(max_size=400))
def test_no_bytes_ever_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(HarkenError):
        read(data, size=50)


@given(
    st.dictionaries(
        st.sampled_from(COLUMNS), st.text(max_size=30), min_size=1, max_size=8
    )
)
def test_no_field_ever_breaks_the_reader_or_shows_in_a_finding(
    changes: dict[str, str],
) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerow(make_values() | changes)
    try:
        data = out.getvalue().encode()
    except UnicodeEncodeError:
        return
    try:
        readings = read(data)
    except HarkenError as error:
        codes = {finding.fault.code for finding in error.findings}
    else:
        codes = set()
        assert all(reading.row or reading.findings for reading in readings)
    assert codes <= {"SAM-002", "SAM-008"}
