"""What an operator is told in one line, where a command cannot do its work."""

from __future__ import annotations


class OperatorError(Exception):
    """Says what stands in the way; raise one of those named for it."""
