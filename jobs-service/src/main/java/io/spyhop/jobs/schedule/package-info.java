/**
 * When jobs are due. {@code Schedule} says at which instants, {@code ClaimsSchedule} looks for what is due within
 * the next two seconds and has {@code ClaimStore} write it down as runs, which whoever executes runs begins at their instant.
 */
@NullMarked
package io.spyhop.jobs.schedule;

import org.jspecify.annotations.NullMarked;
