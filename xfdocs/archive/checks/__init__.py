"""四性检测: whether a package is authentic, complete, usable and safe, as far as a program can tell (DA/T 70-2018).

What is checked is data, ``schemas/archive/checks.toml``; how, stands here, one file a nature.
"""
