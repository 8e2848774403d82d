/**
 * When jobs are due. {@code Schedule} says at which instants, {@code ClaimsSchedule} looks each second for what is due within
 * the next two and has {@code ClaimStore} write it down as runs, which whoever executes runs begins at their instant.
 */
@NullMarked
package io.spyhop.jobs.schedule;

import org.jspecify.annotations.NullMarked;
