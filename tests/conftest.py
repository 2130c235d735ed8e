"""Settings and fixtures that all tests share."""

import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from loopback import Server, serving

from dlbook.data import ImageSet, load_images

os.environ.setdefault("MPLBACKEND", "Agg")
# Under nohup Ctrl-C is ignored, and programs that the tests start and interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
torch.set_num_threads(1)  # the tensors are small, and workers run side by side
settings.register_profile("local", deadline=None, max_examples=50)
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True)
settings.register_profile("soak", parent=settings.get_profile("local"), max_examples=1000)
settings.load_profile("ci" if os.environ.get("CI") else "local")

ACCELERATOR = torch.accelerator.current_accelerator(check_available=True)


ON_ACCELERATOR = (
    [] if ACCELERATOR is None else [pytest.param(ACCELERATOR.type, marks=pytest.mark.accelerator)]
)


@pytest.fixture(params=["cpu", *ON_ACCELERATOR])
def device(request: pytest.FixtureRequest) -> torch.device:
    """The CPU and, where there is one, the accelerator."""
    return torch.device(request.param)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture
def empty_data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data root of the test's own, which does not exist yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("DLBOOK_DATA", str(folder))
    return folder


@pytest.fixture
def fresh_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder, random numbers from seed 0, and every warning of torch each time."""
    monkeypatch.chdir(tmp_path)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        torch.set_warn_always(True)
        yield tmp_path
        torch.set_warn_always(False)
        torch.use_deterministic_algorithms(False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web server on the loopback interface, reached without a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as running:
        yield running


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every address refuses the connection at once, as on a plane."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    use_proxy(monkeypatch, http=closed, https=closed)
    yield
    urllib.request.install_opener(None)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch, server: Server, no_network: None) -> Server:
    """The server answers for every http address; every https address refuses."""
    use_proxy(monkeypatch, http=server.url)
    return server


@pytest.fixture
def full_backlog(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a host that leaves whoever wants to connect without an answer."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as deaf, ExitStack() as waiting:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(3):  # nobody accepts them, so the queue is full
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(deaf.getsockname())
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}/"


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The folder of the real MNIST files; the test is skipped where they are not."""
    folder = Path(os.environ.get("DLBOOK_DATA", "")) / "MNIST" / "raw"
    if len(list(folder.glob("*-ubyte.gz"))) < 4:
        pytest.skip("DLBOOK_DATA holds no MNIST")
    return folder


@pytest.fixture(scope="session")
def mnist(mnist_folder: Path) -> ImageSet:
    """The real MNIST."""
    return load_images("mnist")


def use_proxy(monkeypatch: pytest.MonkeyPatch, **addresses: str) -> None:
    """Send the requests of each scheme to an address, whatever the environment said before."""
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for scheme, address in addresses.items():
        monkeypatch.setenv(f"{scheme}_proxy", address)
    # urllib reads these variables once, when it makes its opener.
    urllib.request.install_opener(None)
