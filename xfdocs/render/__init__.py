"""Document → docx and PDF/A: engines behind a small protocol, fonts by role, geometry measured from output."""
