"""Trying Naru on a terminal: `naru chat`, and `naru demo`, the whole job played once."""
