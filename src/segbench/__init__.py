"""An audience workbench for Jupyter."""
