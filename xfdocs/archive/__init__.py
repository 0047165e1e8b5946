"""The archive: a closed case becomes a volume (案卷) or an item (件), and a package that can be trusted and opened in twenty years."""
