"""The notice in every format, made once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.ingest.formats import making


@pytest.fixture(scope="session")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The bytes of the notice by its kind."""
    folder: Path = tmp_path_factory.mktemp("made")
    return {
        "hwp": making.hangul(".hwp", folder),
        "hwpx": making.hangul(".hwpx", folder),
        "hwpml": making.hwpml(),
        "docx": making.word(),
        "pptx": making.slides(),
        "xlsx": making.excel({making.SECTION: making.ROWS}),
        "pdf": making.pdf(),
        "html": making.web(),
    }
