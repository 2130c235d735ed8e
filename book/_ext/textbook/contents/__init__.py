"""What no notebook says: results of `make bench`, the first figure, times; all on one page."""
