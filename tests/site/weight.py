"""What a page sends before it is scrolled, as a browser on a phone counts it."""

from playwright.sync_api import Browser, ViewportSize

MOST_KILOBYTES = 300
PHONE: ViewportSize = {"width": 390, "height": 844}


def sent(browser: Browser, address: str) -> dict[str, float]:
    """Return the bytes, heads included and compressed as served, by the address of each file."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        addresses: dict[str, str] = {}
        files: dict[str, float] = {}
        session.on(
            "Network.requestWillBeSent",
            lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda event: files.update({addresses[event["requestId"]]: event["encodedDataLength"]}),
        )
        page.goto(address, wait_until="networkidle")
        return files
