"""Messages of the clearance stage."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {}
