"""Calling resolvers: the info and the arguments of a field are the same for all objects of a level."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from graphql_api.execution.borrowed import (
    convert_arguments,
    get_argument_values,
    strawberry_schema,
    to_nodes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import strawberry
    from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

    from graphql_api.execution.borrowed import (
        FieldDetails,
        StrawberryExecutor,
        StrawberryField,
        StrawberryResolver,
    )


class Call:
    """How the resolver of one field of a document is called."""

    def __init__(
        self,
        field: StrawberryField,
        definition: GraphQLField,
        parent: GraphQLObjectType,
        details: list[FieldDetails],
        schema: GraphQLSchema,
    ) -> None:
        """`details` are the places in the document that ask for it; their arguments are the same."""
        self.field = field
        self.definition = definition
        self.parent = parent
        self.details = details
        self.ahead: tuple[Any, ...] = ()
        """Where the fields below lead that the resolver can bring along with its answer."""
        resolver: StrawberryResolver[Any] = field.base_resolver  # type: ignore[assignment]  # it is not a basic field
        self._function: Callable[..., Any] = resolver.wrapped_func  # type: ignore[assignment]
        self._arguments = Arguments(definition, field, schema)
        self._takes_self = resolver.self_parameter is not None
        self._roots = [one.name for one in (resolver.root_parameter, resolver.parent_parameter) if one]
        self._info = resolver.info_parameter.name if resolver.info_parameter else None

    def arguments(self, executor: StrawberryExecutor, info: Any) -> dict[str, Any]:
        """What the resolver is given beside the object and the info."""
        if not self.definition.args:
            return {}
        first = self.details[0]
        written = get_argument_values(
            self.definition,
            first.node,
            executor.variable_values,
            first.fragment_variable_values,
            executor.hide_suggestions,
        )
        return self._arguments.taken(written, info)

    def resolve(self, root: Any, info: Any, given: dict[str, Any]) -> Any:
        """What the resolver answers for one object."""
        named = given | dict.fromkeys(self._roots, root)
        if self._info:
            named[self._info] = info
        return self._function(root, **named) if self._takes_self else self._function(**named)


class Arguments:
    """How a resolver takes the arguments of its field, which Strawberry converts; most are taken as they are."""

    def __init__(self, definition: GraphQLField, field: StrawberryField, schema: GraphQLSchema) -> None:
        """Which are, is found out by converting marks."""
        converter = strawberry_schema(schema).schema_converter
        convert = partial(
            convert_arguments, scalar_registry=converter.scalar_registry, config=converter.config
        )
        names = {object(): name for name in definition.args}
        marks = {name: mark for mark, name in names.items()}
        self._as_they_are: dict[str, str] = {}
        others = []
        for argument in field.arguments:
            try:
                [(python_name, mark)] = convert(marks, [argument]).items()
                self._as_they_are[python_name] = names[mark]
            except Exception:  # noqa: BLE001 - a mark is no list and no object
                others.append(argument)
        self._converted = partial(convert, arguments=others)

    def taken(self, written: dict[str, Any], info: Any) -> dict[str, Any]:
        """By the resolver's names."""
        given = {
            python_name: written[name] for python_name, name in self._as_they_are.items() if name in written
        }
        return given if len(given) == len(written) else given | self._converted(written, info=info)


class Run:
    """The completion of one root field: whose it is, and what was found out on the way."""

    def __init__(
        self, executor: StrawberryExecutor, info: GraphQLResolveInfo[Any], root: Call | None = None
    ) -> None:
        """`info` is the root field's, and `root` calls its resolver, where that is left to be done."""
        self.info = info
        self._executor = executor
        self._root = root
        self._given: dict[int, tuple[Any, dict[str, Any]]] = {}
        self._together: tuple[Any, dict[str, Any]] | None = None

    def given(self, call: Call) -> tuple[strawberry.Info[Any, Any], dict[str, Any]]:
        """The info, and the arguments as the resolver takes them.

        Below the root, resolvers know no path: they answer for many objects at once.
        """
        found = self._given.get(id(call))
        if found is None:
            found = self._given[id(call)] = self._look(call)
        return found

    def given_together(self, call: Call) -> tuple[strawberry.Info[Any, Any], dict[str, Any]]:
        """The same, for what answers a whole level: where it takes nothing, all such share one info, the root's."""
        if call.definition.args:
            return self.given(call)
        if self._together is None:
            self._together = self._info(call, self.info), {}
        return self._together

    def _look(self, call: Call) -> tuple[Any, dict[str, Any]]:
        executor, nowhere = self._executor, cast("Any", None)
        raw = (
            self.info
            if call is self._root
            else executor.build_resolve_info(call.definition, to_nodes(call.details), call.parent, nowhere)
        )
        info = self._info(call, raw)
        return info, call.arguments(executor, info)

    def _info(self, call: Call, raw: GraphQLResolveInfo[Any]) -> Any:
        info = strawberry_schema(self._executor.schema).config.info_class(_raw_info=raw, _field=call.field)
        info.ahead = call.ahead
        return info
