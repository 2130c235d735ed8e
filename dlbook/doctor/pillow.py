"""Pillow, which torchvision and Matplotlib use for pictures."""

from dlbook.doctor.asking import ask
from dlbook.doctor.finding import Finding
from dlbook.doctor.symptoms import import_failed


def pillow_facts() -> str:
    """Its version, after its compiled part has made and enlarged a picture."""
    import PIL
    from PIL import Image

    Image.new("L", (2, 2)).resize((4, 4)).tobytes()
    return PIL.__version__


def examine(limit: float) -> list[Finding]:
    """Whether Pillow can be imported and works."""
    (answer,) = ask(pillow_facts, limit=limit)
    if answer.failure:
        return [import_failed("pillow", "PIL", answer.failure)]
    return [Finding("pillow", "ok", answer.value)]
