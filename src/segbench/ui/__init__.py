"""The screen, for JupyterLab and Voilà."""
