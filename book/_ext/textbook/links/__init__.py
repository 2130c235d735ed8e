"""Links between pages: terms, sources, pitfalls, the map of chapters."""
