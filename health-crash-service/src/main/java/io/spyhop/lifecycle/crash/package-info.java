/**
 * Reports of crashes. In order: {@code CrashReports} is told by a host's watcher and stores what is known at once, {@code
 * EvidenceConsumer} adds the last lines and the minutes before, with {@code LastError} equal crashes find together, and
 * {@code CrashesResource} answers. {@code DeadContainers} removes a managed container once all of that is stored.
 */
@NullMarked
package io.spyhop.lifecycle.crash;

import org.jspecify.annotations.NullMarked;
