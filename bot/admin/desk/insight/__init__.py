"""What missions learn and tell the domestic desk, and how the desk answers all who are concerned. See
docs/desk.md."""
