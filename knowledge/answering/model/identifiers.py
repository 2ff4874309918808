"""Links, addresses, telephone and notice numbers: quoted exactly, shown to models as tokens.

See docs/decisions/0039-hide-links-and-numbers-from-models-behind-tokens.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_DOMAIN_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN = rf"(?:{_DOMAIN_LABEL}\.)+(?:xn--[a-z0-9-]+|[a-z]{{2,}}|한국)(?![a-z0-9])"
_PATH = r"[!#-;=?-{}~]"  # what an address may hold, but " < > and the | of tables
_KIND_PATTERNS = {
    "mail": rf"(?<![a-z0-9._%+-])(?:mailto:)?[a-z0-9._%+-]+@{_DOMAIN}",
    # Hangul belongs to an address only where a part of it begins with it; else it is a particle.
    "link": rf"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://{_PATH}+(?:(?<=[/=])[가-힣]+{_PATH}*)*"
    rf"|(?-i:(?<![\w.@/-]){_DOMAIN}(?::\d+)?(?:/{_PATH}*)?)",  # TP.HCM is a city
    "handle": r"(?<![\w@])@[a-z0-9_][a-z0-9_.]*[a-z0-9_]",
    "number": r"제\s?\d{4}\s?[-–]\s?\d+\s?호|\b\d+/\d{4}/[A-ZĐ]+(?:-[A-ZĐ0-9]+)*"
    r"|\bNo\.\s?\d{4}[-–]\d+|(?<![\d-])\d{3}-\d{2}-\d{5}(?![\d-])",
    "phone": r"\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\d-])"
    r"|\((?:\+?\d{1,3}[ -])?0?\d{1,3}\) ?\d{3,4}[ -]\d{3,4}(?![\d-])"
    r"|(?<![\d.,-])0\d{1,3}[ -]\d{3,4}[ -]\d{3,4}(?![\d-])"
    r"|(?<![\d-])\d{2,4}-\d{3,4}-\d{4}(?![\d-])|(?<![\d.,-])1[568]\d{2}-\d{4}(?![\d-])",
    "text": r"\{[a-z]+-\d+\}",  # looks like one of our tokens
}
_IDENTIFIER = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KIND_PATTERNS.items()), re.IGNORECASE
)
_TOKEN = re.compile(_KIND_PATTERNS["text"], re.IGNORECASE)
_TRAILING_MARKS = ".,;:!?'*_"  # at the end of an address these belong to the sentence


def find_identifiers(text: str) -> frozenset[str]:
    """The links, mail addresses, handles, telephone and notice numbers in `text`, as written."""
    return frozenset(value for _, value, _, _ in _match_identifiers(text))


def mask_identifiers(text: str) -> str:
    """`text` with … in place of each identifier, so that a particle after it stays a particle."""
    return _replace_identifiers(text, lambda _kind, _value: "…")


@dataclass(frozen=True, slots=True)
class IdentifierTokens:
    """The tokens that stand for identifiers while one answer is written. Mutable; one per answer."""

    _values: dict[str, str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """`text` with a token such as {link-1} in place of each identifier; equal identifiers get
        the same token."""
        return _replace_identifiers(text, self._assign_token)

    def restore(self, sentence: str, source: str) -> str | None:
        """`sentence` with identifiers in place of its tokens.

        None where it has an unknown token, a token whose identifier is not in `source`, or an
        identifier that is not a token.
        """
        tokens = _TOKEN.findall(sentence)
        values = [self._values.get(token) for token in tokens]
        if not find_identifiers(source).issuperset(values) or find_identifiers(
            _TOKEN.sub(" ", sentence)
        ):
            return None
        return _TOKEN.sub(lambda match: self._restore_token(match, sentence), sentence)

    def _assign_token(self, kind: str, value: str) -> str:
        known = {value: token for token, value in self._values.items()}
        token = known.get(value) or f"{{{kind}-{len(known) + 1}}}"
        self._values[token] = value
        return token

    def _restore_token(self, match: re.Match[str], sentence: str) -> str:
        """The identifier; with a space before a particle, which would look like part of a link."""
        touches_letter = sentence[match.end() : match.end() + 1].isalnum()
        needs_space = touches_letter and _is_address_token(match)
        return self._values[match.group()] + (" " if needs_space else "")


def _is_address_token(token: re.Match[str]) -> bool:
    return token.group().startswith(("{link", "{mail", "{handle"))


def _replace_identifiers(text: str, replace: Callable[[str, str], str]) -> str:
    """`text` with `replace(kind, value)` in place of each identifier."""
    parts, position = [], 0
    for kind, value, start, end in _match_identifiers(text):
        parts += [text[position:start], replace(kind, value)]
        position = end
    return "".join([*parts, text[position:]])


def _match_identifiers(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Kind, value, start and end of each identifier, in order."""
    for match in _IDENTIFIER.finditer(text):
        kind = match.lastgroup or "text"
        value = _trim_address(match.group()) if kind == "link" else match.group()
        yield kind, value, match.start(), match.start() + len(value)


def _trim_address(text: str) -> str:
    """An address without the punctuation of its sentence after it."""
    while text[-1] in _TRAILING_MARKS or any(
        text[-1] == close and text.count(close) > text.count(mark)
        for mark, close in ("()", "[]", "{}")
    ):
        text = text[:-1]
    return text
