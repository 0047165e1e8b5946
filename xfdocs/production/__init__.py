"""Record → files: the one pipeline that makes documents, for one case or for a million."""
