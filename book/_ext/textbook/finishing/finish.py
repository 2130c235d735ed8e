"""The one pass over the finished site, step by step."""

from sphinx.application import Sphinx

from textbook.finishing import (
    content_policy,
    figure_data,
    icons,
    libraries,
    narrow_figures,
    scrollers,
    site_map,
    social_card,
    styles,
)
from textbook.finishing.site import Site
from textbook.formulas import font

_LAST = 1000  # the theme writes its colors of code at the end, too
STEPS = (
    font.place,
    libraries.place,
    social_card.place,
    figure_data.take_out,
    narrow_figures.place,
    scrollers.leave_to_the_book,
    styles.join,
    icons.cut,  # after the styles, which name the icons that are left
    content_policy.write,  # after all that changes a page
    site_map.write,
)


def finish(app: Sphinx, error: Exception | None) -> None:
    """Take the site through all steps."""
    if error is None and app.builder.format == "html":
        site = Site(app)
        for step in STEPS:
            step(site)
        site.write()


def register(app: Sphinx) -> None:
    """Finish the site when its pages are written."""
    app.connect("build-finished", finish, priority=_LAST)
