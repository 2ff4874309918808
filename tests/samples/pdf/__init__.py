"""Sample data and builders of sample files."""
