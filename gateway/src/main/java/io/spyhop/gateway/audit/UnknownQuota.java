package io.spyhop.gateway.audit;

import java.time.Instant;

/** How many rows about nobody known may be written for now. Thread-safe. */
final class UnknownQuota {
    private Instant since = Instant.MIN;
    private int taken;

    synchronized boolean take(Instant now) {
        if (since.isBefore(now.minus(AuditLimits.UNKNOWN_EVERY))) {
            since = now;
            taken = 0;
        }
        if (taken >= AuditLimits.UNKNOWN_MAX) {
            return false;
        }
        taken++;
        return true;
    }
}
