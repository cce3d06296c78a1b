"""Writing Parquet: columns with kinds, rows in batches, in little memory.

The library (arro3, which wraps the Rust implementation of Arrow) is only imported when a file is written.
Days and moments come as ISO 8601 writes them, moments in UTC.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

EPOCH = date(1970, 1, 1).toordinal()
COMPRESSION = "zstd(3)"
ROWS_IN_MEMORY = 100_000  # until they are written as a row group


def write_parquet(
    path: Path,
    columns: Sequence[tuple[str, str, str]],
    batches: Iterable[Sequence[Sequence[object]]],
    *,
    about: dict[str, str],
) -> None:
    """Write batches of rows to a file.

    ``columns`` are name, kind and meaning; kinds are text, integer, number, boolean (0 and 1 will do),
    date and moment. ``about`` goes into the file's own metadata. Every cell may be None. Raises
    ``ValueError`` for a kind that is none of these.
    """
    from arro3.core import DataType, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    types = {
        "text": DataType.string(),
        "integer": DataType.int64(),
        "number": DataType.float64(),
        "boolean": DataType.bool(),
        "date": DataType.date32(),
        "moment": DataType.timestamp("us", tz="UTC"),
    }
    if unknown := {kind for _, kind, _ in columns} - set(types):
        raise ValueError(f"no such kind: {', '.join(sorted(unknown))}")
    schema = Schema(
        [
            Field(name, types[kind], nullable=True, metadata={"meaning": meaning})
            for name, kind, meaning in columns
        ],
        metadata=about,
    )

    def as_arrow() -> Iterator[Any]:
        for batch in batches:
            arrays = [
                _array(kind, types[kind], cells)
                for (_, kind, _), cells in zip(columns, zip(*batch, strict=True), strict=True)
            ]
            yield RecordBatch.from_arrays(arrays, schema=schema)

    reader = RecordBatchReader.from_batches(schema, as_arrow())  # takes any iterable, one by one
    write(reader, str(path), compression=COMPRESSION, max_row_group_size=ROWS_IN_MEMORY)


def _array(kind: str, type_: Any, cells: Sequence[Any]) -> Any:
    """One column of a batch; arro3 makes days and moments of numbers only."""
    from arro3.core import Array, DataType

    if kind == "boolean":
        return Array([None if cell is None else bool(cell) for cell in cells], type_)
    if kind == "date":
        days = [
            None if cell is None else date.fromisoformat(cell).toordinal() - EPOCH for cell in cells
        ]
        return Array(days, DataType.int32()).cast(type_)
    if kind == "moment":
        moments = [None if cell is None else _microseconds(cell) for cell in cells]
        return Array(moments, DataType.int64()).cast(type_)
    return Array(list(cells), type_)


def _microseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1_000_000)
