"""The catalogue of kinds, the field names templates see, and wording → Document."""
