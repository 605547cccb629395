"""The contract's enums are the models' own, each value with its description."""

from enum import Enum

import strawberry


def described(values: type[Enum], name: str = "", description: str = "", /, **descriptions: str) -> None:
    """Give the enum its name in the contract, and describe each value; one without is a KeyError here.

    An enum that is the contract's alone says its name and what it is for itself.
    """
    made = strawberry.enum(values, name=name or values.__name__, description=description or values.__doc__)
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = descriptions[value.name]
