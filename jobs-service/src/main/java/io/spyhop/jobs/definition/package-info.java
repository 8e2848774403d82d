/**
 * What jobs there are, and asking for their runs. {@code JobsResource} takes what the gateway asks; {@code DefinitionRules} and
 * {@code GivenParameters} say what is wrong with it; {@code JobStore} and {@code TriggerStore} write it down. {@code LabelJobs}
 * keeps the jobs that labels of containers define, and looks after what runs will need.
 */
@NullMarked
package io.spyhop.jobs.definition;

import org.jspecify.annotations.NullMarked;
