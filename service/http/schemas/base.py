"""What the models of requests are made of."""

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """A request in which an unknown field is an error: it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid")


class LenientModel(BaseModel):
    """A request in which unknown fields are ignored: part of an answer may be sent back as it came."""

    model_config = ConfigDict(extra="ignore")
