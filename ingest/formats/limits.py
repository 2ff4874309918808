"""Limits of what one file may cost: bytes, members, pages, memory and time."""

FILE_MAX_BYTES = 50 * 2**20  # a file on disk or a member of an archive
UNPACKED_MAX_BYTES = 200 * 2**20  # the whole content of one archive or zipped document
COMPRESSION_MAX_RATIO = 200  # unpacked to packed; office files reach 30, zip bombs 1,000
COMPRESSION_CHECK_MIN_BYTES = 2**20  # unpacked size below which the ratio is not checked
ARCHIVE_MAX_MEMBERS = 2_000
ARCHIVE_DIRECTORY_MAX_BYTES = 8 * 2**20  # the list of members
ARCHIVE_MAX_DEPTH = 2  # archives in archives
DOCUMENT_MAX_PAGES = 1_000
MARKDOWN_MAX_CHARACTERS = 20_000_000
READER_MEMORY_MAX_BYTES = 512 * 2**20  # above what the child used before the file
READER_MAX_SECONDS = 30  # of wall-clock time and of processor time


def format_megabytes(size: int) -> str:
    """A size in bytes as text: "50 MB"."""
    return f"{size // 2**20} MB"
