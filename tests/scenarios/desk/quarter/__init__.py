"""A quarter of the bodies' desk as one story: `python -m tests.scenarios.desk.quarter` prints it."""
