"""Findings -> remedies tried, applied, undone and checked again.

`trial` asks solvers in scratch folders and changes nothing; `applying` does what somebody said yes
to, with `doctor.host.changing`; `journal` keeps what was done; `problems` begins at a requirement.
"""
