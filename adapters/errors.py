"""Errors of the adapters.

AdapterError
├── CommandFailed     a command of the terminal could not do what it was asked
├── GoldenBroken      the list of golden questions is wrong or cannot be read
├── NothingToServe    `naru serve` has no channel or cannot listen
├── PdfFailed         a paper could not be made a PDF
├── SettingsError     a setting is wrong or cannot be read
└── UnknownChannel    an event came from a channel that has no parser
"""


class AdapterError(Exception):
    """A sentence for the operator, who can act on it."""


class CommandFailed(AdapterError):
    """A command could not do what it was asked."""


class GoldenBroken(AdapterError):
    """The list of golden questions is wrong; the sentence says where."""


class NothingToServe(AdapterError):
    """No channel is configured, or its address cannot be listened on."""


class PdfFailed(AdapterError):
    """A paper could not be made a PDF; the sentence says what to do."""


class SettingsError(AdapterError):
    """A setting is wrong or cannot be read."""


class UnknownChannel(AdapterError):
    """An event came from a channel that has no parser."""
