"""From a resolved case to the answer of the next founder."""
