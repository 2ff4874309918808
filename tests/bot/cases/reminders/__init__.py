"""The timers of a case, and who is told when one runs out."""
