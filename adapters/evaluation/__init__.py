"""Runs the exam and compares the answers of editions."""
