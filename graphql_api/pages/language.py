"""Which language a page comes in: the one chosen by its switch, else one that the browser asks for (D11)."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request

from graphql_api.models.actor import Locale

PARAMETER = "lang"
_ANY = "*"
_READ = 1_000  # characters of the header: no browser sends as many, but anybody may


def chosen_locale(request: Request) -> Locale | None:
    """The language that the address names, if we have it."""
    wanted = request.query_params.get(PARAMETER, "").upper()
    return Locale(wanted) if wanted in Locale.__members__ else None


def locale_of(request: Request) -> Locale:
    """The language to answer in. English where nothing that we have is asked for."""
    return chosen_locale(request) or accepted_locale(request.headers.get("accept-language", ""))


def accepted_locale(header: str) -> Locale:
    """What an Accept-Language header likes best of what we have: "pt, es-MX;q=0.8, en;q=0.5" is Spanish."""
    for language in _by_preference(header):
        if language == _ANY:
            return Locale.EN
        if language.upper() in Locale.__members__:
            return Locale(language.upper())
    return Locale.EN


def _by_preference(header: str) -> Iterator[str]:
    """The header's languages without their regions, best first; those with weight 0 are not wanted at all."""
    weighed = [_weighed(part) for part in header[:_READ].split(",")]
    for weight, language in sorted(weighed, key=lambda pair: -pair[0]):
        if weight > 0:
            yield language


def _weighed(part: str) -> tuple[float, str]:
    language, _, parameters = part.partition(";")
    return _weight(parameters), language.strip().partition("-")[0]


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
