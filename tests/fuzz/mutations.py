"""Ways to damage a file: bytes, blocks, the members of a ZIP, the streams of a HWP 5 file."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

import olefile

from tests.samples.office_files import make_zip

# What parsers stumble over: the ends of number ranges, white space, and signs of markup.
ODD_BYTES = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\xff\xff\xff\x7f",
             b"<", b">", b"&", b'"', b"\n", b"\r", b" ", b"-1", b"0", b"999999999999", b"%",
             b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"]]>", b"<!--", b"NaN")  # fmt: skip
ODD_WORDS = ("<", ">", "&", '"', "'", "\n", "|", "#", "---", "<!--", "]]>", "</", "<o:p>", "&#0;", "&#xD800;",
             "\u202e", "\u200d", "\ufeff", "\x00", "\x0b", "\x85", "\U0001f9d1\u200d\U0001f692", "\u1112\u1161",
             "e\u0301\u0301", "-1", "1e999", "9" * 40, "９", "²", "0000-00-00", "%s", "{}", "\\", "=?utf-8?b??=",
             "(" * 30, "[" * 30, "<b>" * 30, ": ", ",,", ";", "=")  # fmt: skip
MAX_REPEATS, MAX_GROWTH_BYTES = 200, 100_000  # of a repeated block
MAX_DAMAGES = 4  # of one file

Damage = Callable[[bytes, Random], bytes]


def flip_bits(data: bytes, random: Random) -> bytes:
    """A few bits turned over."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def write_odd_bytes(data: bytes, random: Random) -> bytes:
    """A few places overwritten with what parsers stumble over, or it put in between."""
    for _ in range(random.randint(1, 4)):
        at, odd = random.randrange(len(data) + 1), random.choice(ODD_BYTES)
        data = data[:at] + odd + data[at + random.choice((0, len(odd))) :]
    return data


def truncate(data: bytes, random: Random) -> bytes:
    """The beginning alone."""
    return data[: random.randrange(len(data))]


def cut_block(data: bytes, random: Random) -> bytes:
    """A block left out."""
    begin, end = _choose_block(data, random)
    return data[:begin] + data[end:]


def repeat_block(data: bytes, random: Random) -> bytes:
    """A block many times over."""
    begin, end = _choose_block(data, random)
    most = min(MAX_REPEATS, MAX_GROWTH_BYTES // (end - begin) + 1)
    return data[:begin] + data[begin:end] * random.randint(2, most + 1) + data[end:]


def move_block(data: bytes, random: Random) -> bytes:
    """A block that stands somewhere else."""
    begin, end = _choose_block(data, random)
    rest = data[:begin] + data[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + data[begin:end] + rest[at:]


PLAIN_DAMAGES: tuple[Damage, ...] = (
    flip_bits, write_odd_bytes, truncate, cut_block, repeat_block, move_block
)  # fmt: skip


def damage_members(data: bytes, random: Random) -> bytes:
    """A sound ZIP with a damaged member, or whose members changed places, are missing or come twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    at, other = random.randrange(len(members)), random.randrange(len(members))
    name, content = members[at]
    act = random.choice(("damage", "damage", "damage", "swap", "drop", "twice"))
    if act == "damage" and content:
        members[at] = name, damage_plainly(content, random)
    elif act == "swap":
        members[at], members[other] = (name, members[other][1]), (members[other][0], content)
    elif act == "drop":
        del members[at]
    else:
        members.append((name, members[other][1]))
    return make_zip(*members)


def damage_streams(data: bytes, random: Random) -> bytes:
    """A sound HWP 5 container with a damaged stream: the records below the compression."""
    stream = io.BytesIO(data)
    with olefile.OleFileIO(stream, write_mode=True) as ole:
        name = random.choice([e for e in ole.listdir() if e[0] in ("BodyText", "DocInfo")])
        size = ole.get_size(name)
        content = ole.openstream(name).read()
        try:
            records = zlib.decompressobj(-15).decompress(content)
        except zlib.error:  # it is not compressed
            damaged = damage_plainly(content, random)
        else:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            damaged = packer.compress(damage_plainly(records, random)) + packer.flush()
        ole.write_stream(name, damaged[:size].ljust(size, b"\0"))
    return stream.getvalue()


def damage_words(text: str, random: Random) -> str:
    """A text whose letters are all whole: odd words in it, and blocks that are cut, moved or repeated."""
    for _ in range(random.randint(1, MAX_DAMAGES)):
        begin, end = _choose_block(text, random)
        act = random.choice(("odd", "odd", "cut", "repeat", "move"))
        rest = text[:begin] + text[end:]
        if act == "odd":
            text = text[:begin] + random.choice(ODD_WORDS) + text[random.choice((begin, end)) :]
        elif act == "cut":
            text = rest or text
        elif act == "move":
            at = random.randrange(len(rest) + 1)
            text = rest[:at] + text[begin:end] + rest[at:]
        else:
            most = min(MAX_REPEATS, MAX_GROWTH_BYTES // (end - begin) + 1)
            text = text[:begin] + text[begin:end] * random.randint(2, most + 1) + text[end:]
    return text


def damage_plainly(data: bytes, random: Random) -> bytes:
    """Damages of a text's letters, or one to four of the bytes as they are."""
    if random.random() < 0.6:
        try:
            return damage_words(data.decode(), random).encode()
        except UnicodeDecodeError:
            pass
    for _ in range(random.randint(1, MAX_DAMAGES)):
        data = random.choice(PLAIN_DAMAGES)(data, random) if data else data
    return data


def damage_file(data: bytes, random: Random) -> bytes:
    """A file damaged from without or from within, as its container allows."""
    within: Sequence[Damage] = ()
    if data.startswith(b"PK\x03\x04"):
        within = (damage_members,)
    elif data.startswith(olefile.MAGIC):
        within = (damage_streams,)
    if within and random.random() < 0.75:
        return random.choice(within)(data, random)
    return damage_plainly(data, random)


def _choose_block(data: bytes | str, random: Random) -> tuple[int, int]:
    begin = random.randrange(len(data))
    size = random.choice((1, 4, 16, 64, 512, 4_096))
    return begin, min(begin + random.randint(1, size), len(data))
