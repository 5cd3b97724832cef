"""What the models of requests are made of."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """A request in which an unknown field is an error: it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid")


class LenientModel(BaseModel):
    """A request in which unknown fields are ignored: part of an answer may be sent back as it came."""

    model_config = ConfigDict(extra="ignore")


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
