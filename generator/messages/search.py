"""Messages of the search stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
