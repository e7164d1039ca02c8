"""The facade: opens a workspace, wires its lake, library and engine, and answers segments."""
