"""Messages of the content stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
