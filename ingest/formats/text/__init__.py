"""Formats that are text: HTML, Markdown, delimited tables; and their encodings."""
