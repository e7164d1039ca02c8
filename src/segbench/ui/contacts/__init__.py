"""The dashboard of contacts: smart lists, their pages, one contact's card, and edits."""
