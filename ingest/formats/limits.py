"""How much of the machine one file may have, whoever wrote it."""

FILE_BYTES = 50 * 2**20  # a file as it lies on the disk, or a member of an archive
UNPACKED_BYTES = 200 * 2**20  # all that comes out of one archive or packed document
RATIO = 200  # unpacked to packed; office files reach 30, zip bombs a thousand
RATIO_FROM = 2**20  # bytes unpacked below which a ratio says nothing
MEMBERS = 2_000
DIRECTORY_BYTES = 8 * 2**20  # an archive's list of names
DEPTH = 2  # archives in archives
PAGES = 1_000
MARKDOWN_CHARACTERS = 20_000_000
MEMORY_BYTES = 512 * 2**20  # over what the child had before the file
SECONDS = 30  # by the clock, and of processor time


def mb(size: int) -> str:
    """A size for a sentence."""
    return f"{size // 2**20} MB"
