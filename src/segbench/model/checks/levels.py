"""How bad something found in a rule is, with its code and its sentence."""

from __future__ import annotations

from typing import Literal

Level = Literal["error", "warning", "hint"]
Found = tuple[Level, str, str]
