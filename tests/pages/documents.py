"""HTML read back, as far as tests of pages need it."""

from __future__ import annotations

from html.parser import HTMLParser

Attributes = dict[str, str | None]


class Document(HTMLParser):
    """A page's elements in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for found, attributes in self.elements if found == tag]

    def by_id(self, wanted: str) -> Attributes:
        return next(attributes for _, attributes in self.elements if attributes.get("id") == wanted)

    def field(self, name: str) -> Attributes:
        return next(attributes for _, attributes in self.elements if attributes.get("name") == name)
