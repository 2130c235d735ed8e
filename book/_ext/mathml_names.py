"""Names of MathML's elements, as ElementTree spells them."""

from xml.etree import ElementTree as ET

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"

ET.register_namespace("", _NAMESPACE)


def name(tag: str) -> str:
    """Return the qualified name of a MathML element: of ``mi``, for example."""
    return f"{{{_NAMESPACE}}}{tag}"
