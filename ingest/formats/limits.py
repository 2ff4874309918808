"""How much of the machine one file may have, whoever wrote it."""

FILE_MAX_BYTES = 50 * 2**20  # a file as it lies on the disk, or a member of an archive
UNPACKED_MAX_BYTES = 200 * 2**20  # all that comes out of one archive or packed document
COMPRESSION_MAX_RATIO = 200  # unpacked to packed; office files reach 30, zip bombs a thousand
COMPRESSION_CHECK_MIN_BYTES = 2**20  # bytes unpacked below which a ratio says nothing
ARCHIVE_MAX_MEMBERS = 2_000
ARCHIVE_DIRECTORY_MAX_BYTES = 8 * 2**20  # an archive's list of names
ARCHIVE_MAX_DEPTH = 2  # archives in archives
DOCUMENT_MAX_PAGES = 1_000
MARKDOWN_MAX_CHARACTERS = 20_000_000
READER_MEMORY_MAX_BYTES = 512 * 2**20  # over what the child had before the file
READER_MAX_SECONDS = 30  # by the clock, and of processor time


def format_megabytes(size: int) -> str:
    """A size for a sentence."""
    return f"{size // 2**20} MB"
