"""How pages are written, and the steps that finish the site."""
