"""A language model words an answer anew from its evidence, and is checked."""
