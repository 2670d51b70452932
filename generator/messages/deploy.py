"""Messages of the deploy stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
