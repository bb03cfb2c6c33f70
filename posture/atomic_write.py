"""A file that a command writes: whole or not at all, readable by the user alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from posture.errors import PostureError

__all__ = ["whole_file"]


@contextmanager
def whole_file(output: Path) -> Iterator[TextIO]:
    """Open a file for text, as it is given; it takes its name only when the block ends well.

    Raises
    ------
    posture.errors.PostureError
        It cannot be written; what had the name before is unchanged.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=".posture-")  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(temporary).replace(output)
        temporary = ""
    except OSError as error:
        raise PostureError(
            f"{output} cannot be written ({error.strerror}): choose another place with --output."
        ) from None
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
