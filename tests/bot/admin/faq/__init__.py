"""Tests of bot/admin/faq."""
