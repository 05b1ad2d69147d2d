"""The e-mail, through SendGrid or SMTP.

Trigger: queue ``email-requests``. Tables: schema ``email``, of which it is the only writer.
Messages in: EmailRequestedV1. Messages out: none.
"""
