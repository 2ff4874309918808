"""From the bytes of a published file to Markdown: one room a format, all but text in a child."""
