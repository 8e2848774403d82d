/**
 * Who changed what through the API. The door hands every such request to {@link io.spyhop.gateway.audit.AuditLog}, which
 * looks at it when its answer is sent and writes rows by a thread of its own, so that no feature has to think of it;
 * {@link io.spyhop.gateway.audit.AuditResource} lists them and {@link io.spyhop.gateway.audit.AuditRetentionSchedule}
 * removes old ones.
 */
@NullMarked
package io.spyhop.gateway.audit;

import org.jspecify.annotations.NullMarked;
