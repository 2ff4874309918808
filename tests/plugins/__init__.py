"""What every run of the tests is watched by: a database as strict as the strictest, and coverage of children."""
