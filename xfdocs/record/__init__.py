"""XML ⇄ Case: the model, its reader and writer, and validation."""
