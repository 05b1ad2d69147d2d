"""SendGrid's mail send, relaying to a real mailbox by SMTP."""
