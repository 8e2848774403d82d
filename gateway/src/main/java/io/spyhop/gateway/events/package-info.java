/**
 * What happens to instances, live and resumable, from the topics of transitions and ports. {@link
 * io.spyhop.gateway.events.Events} is the address. Each client is a reader with a position in the topics, which is its cursor: it is told live by a tail that
 * all readers share ({@link io.spyhop.gateway.events.EventFeed}), and reads from the topic whatever the tail did not tell
 * it in order, be it that it comes back, was slow, or the tail broke. Orgs are checked in the reader, where data leaves.
 */
@NullMarked
package io.spyhop.gateway.events;

import org.jspecify.annotations.NullMarked;
