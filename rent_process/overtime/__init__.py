"""The car stays longer: extension, which is agreed and paid, and overdue, which happens."""
