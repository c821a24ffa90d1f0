"""The Gradio application: one module a view, and what they share."""
