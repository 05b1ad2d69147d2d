"""How many cars a class has to sell in each hour, and what changes that."""
