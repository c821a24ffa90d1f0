"""Arrays on disk, of which only what is used is read into memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def mapped(path: Path) -> NDArray[Any]:
    """The array in a .npy file, left on disk. A plain view: numpy's own class for these is slow to slice."""
    whole: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return whole


def safetensors(path: Path) -> dict[str, Floats]:
    """The float32 arrays of a safetensors file by name, memory-mapped. Raises OSError or ValueError for what
    is no such file."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError(f"{path} is no safetensors file")
        head: dict[str, Any] = json.loads(file.read(length))
    raw = np.memmap(path, np.uint8, "r", offset=8 + length).view(np.ndarray)
    return {
        name: raw[slice(*one["data_offsets"])].view(np.float32).reshape(one["shape"])
        for name, one in head.items()
        if one.get("dtype") == "F32"
    }


class Column:
    """A .npy file whose first dimension grows: its header is written when its length is known."""

    _HEADER = 128  # bytes; a multiple of 64, as the format asks for

    def __init__(self, path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        self._file = path.open("wb")
        self._file.write(bytes(self._HEADER))
        self._dtype, self._shape, self._rows = dtype, shape, 0

    def add(self, rows: NDArray[Any]) -> None:
        """Write the next rows."""
        self._file.write(np.ascontiguousarray(rows, self._dtype).tobytes())
        self._rows += len(rows)

    def close(self) -> None:
        """Write the header and close the file."""
        told = {"descr": self._dtype.str, "fortran_order": False, "shape": (self._rows, *self._shape)}
        head = b"\x93NUMPY\x01\x00" + (self._HEADER - 10).to_bytes(2, "little")
        with self._file:
            self._file.seek(0)
            self._file.write(head + repr(told).encode().ljust(self._HEADER - 11) + b"\n")
