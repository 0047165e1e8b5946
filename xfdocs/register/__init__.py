"""What was issued: numbers, documents, the journal that proves it, and the index of cases."""
