"""Where something saved is found: its folder, tags, owner and status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from segbench.errors import RuleError
from segbench.model.segment import LONGEST_NAME

Status = Literal["draft", "published", "archived"]
STATUSES: tuple[Status, ...] = get_args(Status)
LONGEST_FOLDER = 400
LONGEST_PART = 60
"""Characters of one folder's name: at most 240 bytes, which every file system takes."""
LONGEST_TAG = 60
MOST_TAGS = 30


@dataclass(frozen=True, slots=True)
class Filing:
    """Where something saved is found, and whose it is.

    `folder` is a path such as "Lifecycle/Welcome", empty at the top; `tags` are sorted. What is
    archived stays usable, and says so where it is used. `RuleError` where a part cannot be.
    """

    folder: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    status: Status = "published"

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", _folder(self.folder))
        object.__setattr__(self, "tags", _tags(self.tags))
        owner = " ".join(self.owner.split())
        if len(owner) > LONGEST_NAME or not owner.isprintable():
            raise RuleError(
                f"An owner has up to {LONGEST_NAME} printable characters, not {owner[:60]!r}."
            )
        object.__setattr__(self, "owner", owner)
        if self.status not in STATUSES:
            raise RuleError(f"A status is one of {', '.join(STATUSES)}, not {self.status!r}.")

    @property
    def is_archived(self) -> bool:
        """Whether it is kept for the record only."""
        return self.status == "archived"


def _folder(given: str) -> str:
    parts = [" ".join(part.split()) for part in given.split("/")]
    path = "/".join(part for part in parts if part)
    if len(path) > LONGEST_FOLDER or not path.isprintable():
        raise RuleError(
            f"A folder has up to {LONGEST_FOLDER} printable characters, not {path[:60]!r}."
        )
    if any(len(part) > LONGEST_PART for part in parts):
        raise RuleError(f"The name of a folder has up to {LONGEST_PART} characters: {path[:80]!r}.")
    if {".", ".."} & set(parts):
        raise RuleError(f"A folder is a path of names such as Lifecycle/Welcome, not {path!r}.")
    return path


def _tags(given: tuple[str, ...]) -> tuple[str, ...]:
    """The tags without repeats, whatever their case, the first spelling of each."""
    by_fold: dict[str, str] = {}
    for tag in given:
        clean = " ".join(tag.split())
        if not clean or len(clean) > LONGEST_TAG or "," in clean or not clean.isprintable():
            raise RuleError(
                f"A tag of a segment has 1 to {LONGEST_TAG} printable characters and no comma, "
                f"not {tag[:60]!r}."
            )
        by_fold.setdefault(clean.casefold(), clean)
    if len(by_fold) > MOST_TAGS:
        raise RuleError(f"A segment has at most {MOST_TAGS} tags, not {len(by_fold)}.")
    return tuple(by_fold[fold] for fold in sorted(by_fold))


UNFILED = Filing()
"""At the top, without tags and owner, published."""
