"""The conversation: the app's rooms line by line, for screen readers and plain terminals.

`conversation` listens and answers, `commands` is the table of what can be typed, and the other
modules are its functions: each takes what is known and what was typed, and returns what is known
then and the lines to say. Only `talking` has to do with the terminal.
"""
