"""Where image sets are fetched from."""

import pytest

from dlbook.data.mirrors import mirrors_of

PUBLISHED = ["https://a.example/mnist/", "https://b.example/"]


@pytest.fixture(params=["http://h:80", "https://h/", "http://h/a/b", "http://[::1]:8000/"])
def address(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("named", ["", " ", ",", None])
def test_without_a_name_it_is_the_published_ones(
    monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("DLBOOK_MIRRORS", raising=False)
    if named is not None:
        monkeypatch.setenv("DLBOOK_MIRRORS", named)
    assert mirrors_of("MNIST", PUBLISHED) == tuple(PUBLISHED)


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_those_that_are_named_take_their_place(
    monkeypatch: pytest.MonkeyPatch, address: str, between: str
) -> None:
    monkeypatch.setenv("DLBOOK_MIRRORS", between.join([address, "http://other"]))
    first, second = mirrors_of("FashionMNIST", PUBLISHED)
    assert first == f"{address.rstrip('/')}/FashionMNIST/raw/"
    assert second == "http://other/FashionMNIST/raw/"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc",
        "ftp://host/",
        "/home/me/data",
        "host:8000",
        "http://",
        "http:///data",
        "http://[host/",
        "http://host:port/",
        "http://host:99999/",
        "http://host/?set=",
        "http://host/#sets",
    ],
)
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DLBOOK_MIRRORS", f"http://good/ {address}")
    with pytest.raises(ValueError, match="DLBOOK_MIRRORS must hold addresses such as") as refusal:
        mirrors_of("MNIST", PUBLISHED)
    assert str(refusal.value).endswith(f"got {address!r}")
