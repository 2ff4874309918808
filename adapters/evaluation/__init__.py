"""Sitting the exam and comparing editions by it."""
