"""Messages of the authoring stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
