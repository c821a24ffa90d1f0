"""What a question asks for: its intent and words, before anything is looked for."""
