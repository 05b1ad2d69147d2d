"""Installs what the project needs, once: Python packages, Node.js programs, the web pages.

Standard library only, because it runs before anything is installed. What was done is remembered
in stamp files, so that the next start does nothing.
"""
