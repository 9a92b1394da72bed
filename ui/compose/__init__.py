"""Writing mails and letters, and the wording they begin with."""
