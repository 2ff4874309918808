"""The names of the files that pages are stored in."""

from __future__ import annotations

import os

import pytest

from ingest.sources.page_store import make_file_name


@pytest.mark.parametrize(
    ("url", "begins", "ends"),
    [
        ("https://e.org/files/%EA%B3%B5%EA%B3%A0.hwp", "공고-", ".hwp"),
        ("https://e.org/view.do?id=5", "view-", ".html"),
        ("https://e.org/", "e-org-", ".html"),
        ("https://e.org/..%2F..%2Fetc%2Fpasswd", "passwd-", ".html"),
        ("https://e.org/a.b%00c.PDF", "a-b-c-", ".pdf"),
        ("https://e.org/" + "n" * 300 + ".pdf", "n" * 40 + "-", ".pdf"),
    ],
)
def test_a_page_s_file_has_a_name_that_people_know_and_no_folder(
    url: str, begins: str, ends: str
) -> None:
    name = make_file_name(url)
    assert name.startswith(begins) and name.endswith(ends)
    assert os.sep not in name and len(name) < 70
    assert make_file_name(url) == name != make_file_name(url + "?page=2")
