"""Running the notebooks: which, where and when."""
