"""A report as text, Markdown and JSON; what a finding says is the check's own business."""
