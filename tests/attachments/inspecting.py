"""How the tests of attachments call the inspection."""

from __future__ import annotations

from collections.abc import Callable

from generator.clearance.attachments import Inspection

Inspect = Callable[[str, bytes], Inspection]
