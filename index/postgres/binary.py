"""Arrays and vectors to Postgres and back in its binary form, a million numbers at a time.

psycopg would make a Python object of each number.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

from index.embedding import Matrix, Vector
from index.vectors import Rows, Scores

_INT4, _INT4_ARRAY = 23, 1007
_FLOAT4_ARRAY = 1021
# An array of one dimension: dimensions, whether it holds NULL, the type of its elements, how many,
# the first index; then the size and the value of each.
_ARRAY_HEAD = np.dtype([("dimensions", ">i4"), ("nulls", ">i4"), ("type", ">u4")])
_ARRAY_SIDE = np.dtype([("length", ">i4"), ("lower", ">i4")])
_INT4_ELEMENT = np.dtype([("size", ">i4"), ("value", ">i4")])
_FLOAT4_ELEMENT = np.dtype([("size", ">i4"), ("value", ">f4")])


class Int4Array:
    """Numbers below 2**31, to be sent as `int4[]`."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: Rows) -> None:
        """Send an array of one dimension."""
        self.numbers = numbers


class QueryVector:
    """A vector to be sent to pgvector in 32 bits."""

    __slots__ = ("vector",)

    def __init__(self, vector: Vector) -> None:
        """Send a vector; its place in the statement must say that it is one."""
        self.vector = vector


class _Int4ArrayDumper(Dumper):
    format = Format.BINARY
    oid = _INT4_ARRAY

    def dump(self, obj: Int4Array) -> Buffer:
        elements = np.empty(len(obj.numbers), dtype=_INT4_ELEMENT)
        elements["size"] = 4
        elements["value"] = obj.numbers
        head = np.array((1, 0, _INT4), dtype=_ARRAY_HEAD).tobytes()
        side = np.array((len(elements), 1), dtype=_ARRAY_SIDE).tobytes()
        return head + side + elements.tobytes()


class _QueryVectorDumper(Dumper):
    # The type has another number in every database: the statement says which it is.
    format = Format.BINARY
    oid = 0

    def dump(self, obj: QueryVector) -> Buffer:
        head = np.array([len(obj.vector), 0], dtype=">i2").tobytes()
        return head + obj.vector.astype(">f4").tobytes()


class _Int4ArrayLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> Rows:
        return _elements(data, _INT4_ELEMENT).astype(np.int64)


class _Float4ArrayLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> Scores:
        return _elements(data, _FLOAT4_ELEMENT).astype(np.float32)


def _elements(data: Buffer, element: np.dtype[Any]) -> npt.NDArray[Any]:
    head = _ARRAY_HEAD.itemsize
    if len(data) == head:  # an empty array has no side
        return np.empty(0, dtype=element["value"])
    elements: npt.NDArray[Any] = np.frombuffer(data, element, offset=head + _ARRAY_SIDE.itemsize)
    return elements["value"]


def register(session: psycopg.Connection[Any]) -> None:
    """Let a connection speak of arrays and vectors as NumPy has them."""
    adapters = session.adapters
    adapters.register_dumper(Int4Array, _Int4ArrayDumper)
    adapters.register_dumper(QueryVector, _QueryVectorDumper)
    adapters.register_loader(_INT4_ARRAY, _Int4ArrayLoader)
    adapters.register_loader(_FLOAT4_ARRAY, _Float4ArrayLoader)


def halves(sent: bytes, dimension: int) -> Matrix:
    """Return vectors of 16 bits, as `halfvec_send` gives them one after the other, as float32."""
    element = np.dtype([("dimension", ">i2"), ("unused", ">i2"), ("values", ">f2", (dimension,))])
    rows: Matrix = np.frombuffer(sent, element)["values"].astype(np.float32)
    return rows


def copied_vectors(first: int, vectors: npt.NDArray[np.float16]) -> bytes:
    """Return vectors as the rows (row int4, vector halfvec) of a binary COPY, without its ends.

    Args:
        first: The row of the first of them; the others follow.
        vectors: Shape (how many, dimension).
    """
    count, dimension = vectors.shape
    one = np.dtype(
        [
            ("fields", ">i2"),
            ("row_size", ">i4"),
            ("row", ">i4"),
            ("vector_size", ">i4"),
            ("dimension", ">i2"),
            ("unused", ">i2"),
            ("values", ">f2", (dimension,)),
        ]
    )
    rows = np.empty(count, dtype=one)
    rows["fields"], rows["row_size"], rows["vector_size"] = 2, 4, 4 + 2 * dimension
    rows["row"] = np.arange(first, first + count)
    rows["dimension"], rows["unused"] = dimension, 0
    rows["values"] = vectors
    return rows.tobytes()
