"""Finding: passages, the names and rows that a question means, and the stretches that answer it best."""
