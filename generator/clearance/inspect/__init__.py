"""Inspection of attachments: one module per format; ``clearance.attachments`` is the entrance."""
