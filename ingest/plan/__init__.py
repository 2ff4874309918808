"""What an ingest would change: scan, difference, supersession."""
