"""Language, terms, glossary, dates: what text is made of."""
