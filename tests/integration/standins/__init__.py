"""Each stand-in, driven by its vendor's own SDK over a real socket."""
