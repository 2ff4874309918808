"""Commands that need a part of Naru that is not installed say which, and how to install it."""

from __future__ import annotations

import sys

import pytest

import knowledge.evaluation
from adapters.cli import main


def test_fitting_without_scipy_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "knowledge.evaluation.calibration", raising=False)
    monkeypatch.delattr(knowledge.evaluation, "calibration", raising=False)
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(SystemExit) as ended:
        main(["calibrate"])
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "scipy" in said and "make tools" in said and "Traceback" not in said
