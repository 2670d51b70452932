"""What decisions that outlast their files are called in the state folder: apart, as many ask who judge by none."""

from __future__ import annotations

from typing import Final

REMEMBERED: Final = "withdrawn.json"
"""Every withdrawal that was ever in force."""
REFUSED: Final = "refused.json"
"""Every record that a build knew and that does not let its item be published."""
