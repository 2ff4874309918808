"""Checks of a library before it is ingested: dates, numbers, references and readability."""
