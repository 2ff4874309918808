"""Many founders who ask at a steady rate, and what it costs the process that answers."""
