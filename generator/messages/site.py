"""Messages of the site stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
