"""What is drawn on the pages of a PDF: letters, lines, areas and links. Only here and in `reader` is pdfium used."""
