"""From published files to an edition of the library."""
