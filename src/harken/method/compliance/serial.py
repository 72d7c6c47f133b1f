"""Writes and reads the result dataclasses as canonical JSON, from their types alone.

The same input gives the same bytes on every machine: keys are sorted and floats carry
ten significant digits, which hides the last bits that differ between processors.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from harken.method.compliance.faults import NOT_RESULTS
from harken.method.errors import refuse

T = TypeVar("T")
DIGITS = 10


def dump(value: object) -> str:
    """The canonical JSON of a dataclass."""
    plain = _plain(value)
    return json.dumps(
        plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def load(kind: type[T], text: str) -> T:
    """Read a dataclass of this kind; raises HarkenError (CMP-001)."""
    try:
        value: T = _build(kind, json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise refuse(NOT_RESULTS, problem=type(error).__name__) from None
    return value


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return _tidy(value)
    return value


def _tidy(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a result is a finite number")
    short = float(f"{value:.{DIGITS}g}")
    return short if short else 0.0


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, raw: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), raw)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(_build(inner, item) for item in _of(list, raw))
    if origin is not None:
        inner = get_args(kind)[1]
        return {key: _build(inner, item) for key, item in _of(dict, raw).items()}
    if is_dataclass(kind):
        return _build_fields(kind, raw)
    if issubclass(kind, IntEnum):
        return kind[_of(str, raw).upper()]
    if issubclass(kind, Enum):
        return kind(raw)
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    return _of(kind, raw)


def _build_fields(kind: Any, raw: Any) -> Any:
    hints = _hints(kind)
    if set(_of(dict, raw)) != set(hints):
        raise ValueError("fields differ")
    return kind(**{key: _build(hints[key], item) for key, item in raw.items()})


def _build_union(kinds: tuple[Any, ...], raw: Any) -> Any:
    if raw is None and type(None) in kinds:
        return None
    plain = [kind for kind in kinds if kind in (int, float, str)]
    if len(plain) > 1:
        if type(raw) not in plain:
            raise ValueError("neither a number nor a text")
        return raw
    return _build(next(kind for kind in kinds if kind is not type(None)), raw)


def _of(kind: type[T], raw: object) -> T:
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        raise ValueError("of another kind")
    return raw
