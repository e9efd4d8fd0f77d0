"""A recording <-> one .zip that a forum takes: redacted, checked by replay, opened without trust.

`making` puts it together, `writing` puts it on the disk, `opening` reads one from anywhere.
"""
