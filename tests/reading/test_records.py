"""Records are what the ORM's rows are: in every column of every table, and in what they do."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm.exc import DetachedInstanceError

from graphql_api.models import rows
from graphql_api.reading.records import (
    CHILDREN,
    NOT_READ,
    columns_of,
    is_record_class,
    maker_of,
    names_of,
    record_of,
)
from tests.api import Api
from tests.factories import World
from tests.idempotency.mutations import CHANGES

MODELS: list[Any] = sorted((one.class_ for one in rows.Base.registry.mappers), key=lambda one: one.__name__)
TABLES = [model for model in MODELS if inspect(model).base_mapper.class_ is model]
ACTORS = [rows.PartnerUser, rows.StaffMember, rows.Integration]
EMPTY = {rows.RenewalProduct, rows.RenewalNotice, rows.IdempotencyKey, rows.ClientContact, rows.HeldRole}
"""Tables that the mutations may leave empty; some of them are filled here all the same."""


@pytest.fixture
async def lived(api: Api, world: World) -> World:
    """A world in which every mutation was made."""
    for mutation, one in CHANGES.items():
        given = await one.ready(api, world)
        await api.change(mutation, world.tokens[one.who] if one.who else None, one.fields, **given)
    return world


async def both(world: World, model: Any) -> list[tuple[Any, Any]]:
    """Every row of the table, as the ORM has it and as a record, without its children."""
    key = inspect(model).primary_key
    question = world.database.question(select(*columns_of(model)).order_by(*key))
    found = await world.database.ask(question, {})
    childless: list[Any] = [[]] if model in CHILDREN else []
    records = [maker_of(model)((*one, *childless)) for one in found]
    async with world.database.read() as session:
        loaded = (await session.scalars(select(model).order_by(*key))).unique().all()
    return list(zip(loaded, records, strict=True))


async def test_every_column_of_every_table_is_read_as_the_orm_reads_it(lived: World) -> None:
    filled = set()
    for model in TABLES:
        for row, record in await both(lived, model):
            filled.add(model)
            for name in names_of(model):
                one, other = getattr(row, name), getattr(record, name)
                assert (one, _kind(one)) == (other, _kind(other)), f"{model.__name__}.{name}"
    assert set(TABLES) - filled <= EMPTY


async def test_what_a_row_does_its_record_does_too(lived: World) -> None:
    """But for what needs relations."""
    tried = set()
    for model in set(TABLES) - set(CHILDREN):
        for row, record in (await both(lived, model))[:5]:
            for name in _properties(type(row)):
                try:
                    wanted = getattr(row, name)
                except DetachedInstanceError:
                    continue
                assert getattr(record, name) == wanted, f"{type(row).__name__}.{name}"
                tried.add(f"{type(row).__name__}.{name}")
    assert {f"{model.__name__}.node_id" for model in ACTORS} < tried
    assert len(tried) > 15


@pytest.mark.parametrize("model", MODELS)
def test_a_record_has_every_name_of_its_model(model: Any) -> None:
    record = record_of(model)
    unread = {name for name, whose in NOT_READ.items() if issubclass(model, whose)}
    columns = {column.key for column in inspect(model).column_attrs} - unread
    assert columns == set(names_of(model))
    assert columns | set(_properties(model)) | _methods(model) <= set(dir(record))
    assert not hasattr(record, "__dict__") or "__dict__" not in dir(record)
    assert is_record_class(record, model)
    assert is_record_class(model, model)


@pytest.mark.parametrize("model", ACTORS)
def test_all_who_act_have_the_same_columns_in_the_same_order(model: Any) -> None:
    assert names_of(model) == names_of(rows.Actor)
    assert [column.name for column in columns_of(model)] == [column.name for column in columns_of(rows.Actor)]


async def test_each_of_a_table_of_several_models_is_of_its_own(lived: World) -> None:
    kinds = {(type(row), type(record)) for row, record in await both(lived, rows.Actor)}
    assert kinds == {(model, record_of(model)) for model in ACTORS}


def test_a_record_cannot_be_changed() -> None:
    values = range(len(names_of(rows.Client)))
    record = maker_of(rows.Client)(values)
    with pytest.raises(AttributeError):
        record.name = "Renamed"


def _kind(value: Any) -> type:
    """Its type; the driver has a kind of UUID of its own."""
    return next((base for base in type(value).__mro__ if base.__module__ == "uuid"), type(value))


def _properties(model: Any) -> list[str]:
    return [name for name in dir(model) if isinstance(getattr(model, name, None), property)]


def _methods(model: Any) -> set[str]:
    own = [base for base in model.__mro__ if base.__module__.startswith("graphql_api")]
    return {
        name
        for base in own
        for name, value in vars(base).items()
        if isinstance(value, FunctionType) and not name.startswith("_")
    }
