/**
 * Runs of mode {@code exec}. {@code ExecExecution} runs a job's command inside the running instance of the lowest index, and reads what it
 * writes; {@code ExecOutput} publishes that as lines of the run's workload, which log-service stores, each once. What was begun by a
 * process of Spyhop that is no more is waited for until its end; its output, which the engine does not keep, is told as a gap.
 */
@NullMarked
package io.spyhop.jobs.exec;

import org.jspecify.annotations.NullMarked;
