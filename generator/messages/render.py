"""Messages of the render stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
