"""Scripts that other Pythons run for us: the root's own for conda and libmambapy, any for rattler.

They must stay readable by Python 3.6, import nothing of ours, and write nothing.
"""
