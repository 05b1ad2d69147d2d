-- Dead letters that were resolved are deleted after a while (shared/dead_letters.py); what nobody has
-- resolved stays. The timers look every minute: by this index they look at what is due only.
CREATE INDEX dead_letter_resolved ON rent.dead_letter (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX dead_letter_resolved ON payment.dead_letter (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX dead_letter_resolved ON email.dead_letter (resolved_at) WHERE resolved_at IS NOT NULL;
