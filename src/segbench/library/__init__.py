"""Saved segments, campaigns and their exports."""
