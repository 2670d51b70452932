"""Messages of the build stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
