"""For those who make templates: what the layouts are made of, and how to check one."""
