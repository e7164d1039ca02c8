"""Fixtures of the browser tests."""

from chromium import chromium, page

__all__ = ["chromium", "page"]
