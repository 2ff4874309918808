"""PDF: pages, flowing text, ruled tables and scanned pages."""
