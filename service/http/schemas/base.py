"""What the models of requests are made of."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class _JsonModel(BaseModel):
    """A request whose fields take the JSON types that the OpenAPI document names: no 0 for false, no "3" for 3."""

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers(cls, given: object) -> object:
        """Return what was given with 3.0 as 3: JSON does not tell them apart."""
        return {name: _whole(value) for name, value in given.items()} if isinstance(given, dict) else given


class StrictModel(_JsonModel):
    """A request in which an unknown field is an error: it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LenientModel(_JsonModel):
    """A request in which unknown fields are ignored: part of an answer may be sent back as it came."""

    model_config = ConfigDict(extra="ignore", strict=True)


def whole_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a model with those of the models in it in their places, for the OpenAPI document."""
    schema = model.model_json_schema()
    defined = schema.pop("$defs", {})

    def whole(part: object) -> Any:  # noqa: ANN401 - what JSON can be
        if isinstance(part, list):
            return [whole(each) for each in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).rpartition("/")[2]
        return {key: whole(value) for key, value in (defined.get(name) or part).items()}

    return {key: whole(value) for key, value in schema.items()}


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
