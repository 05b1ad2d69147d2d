"""The rental's papers: agreement and invoice as PDF, numbered, kept, signed."""
