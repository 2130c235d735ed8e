"""What torchvision says of the image sets that it publishes, read without importing it."""

import ast
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

TITLES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}  # of the names of load_images


@dataclass(frozen=True)
class Published:
    """One published image set.

    Attributes:
        name: what `dlbook.data.load_images` calls it.
        title: its name in torchvision, and that of its folder.
        mirrors: addresses that end in a slash.
        files: of each file name, its MD5 checksum in hexadecimal.
    """

    name: str
    title: str
    mirrors: tuple[str, ...]
    files: dict[str, str]


def image_sets() -> list[Published]:
    """MNIST and Fashion-MNIST, from torchvision's source; none where that cannot be read.

    torchvision may be broken, and its source still says which files are the right ones.
    """
    spec = find_spec("torchvision")
    source = Path(spec.origin).parent / "datasets" / "mnist.py" if spec and spec.origin else None
    if source is None or not source.is_file():
        return []
    try:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        return [_published(name, title, classes[title]) for name, title in TITLES.items()]
    except (OSError, SyntaxError, ValueError, LookupError):  # the finding on torchvision says so
        return []


def _published(name: str, title: str, definition: ast.ClassDef) -> Published:
    constants = {
        node.targets[0].id: node.value
        for node in definition.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    mirrors, resources = (ast.literal_eval(constants[key]) for key in ("mirrors", "resources"))
    return Published(name, title, tuple(mirrors), dict(resources))
