"""Rows as the bytes of CSV and Parquet files. The same rows give the same bytes.

Loaded when a file is made, by ``exports``: polars takes 23 MiB, which no process that
only answers respondents should carry.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

from harken.method.response import Dataset, columns

TEXT = ("ref", "question", "code", "label", "words")


def of_responses(data: Dataset) -> tuple[bytes, bytes]:
    """The data file as CSV and as Parquet; its types do not depend on what was answered."""
    kinds = {"number": pl.Float64, "chosen": pl.Int16}
    schema = {
        v.name: kinds.get(v.kind.value, pl.String) for v in data.codebook.variables
    }
    frame = pl.DataFrame(columns(data), schema=schema)
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=3)
    return frame.write_csv().encode(), out.getvalue()


def of_texts(rows: Sequence[tuple[str, ...]]) -> bytes:
    """The texts that were let across as CSV, with the columns of ``TEXT``."""
    schema = dict.fromkeys(TEXT, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").write_csv().encode()
