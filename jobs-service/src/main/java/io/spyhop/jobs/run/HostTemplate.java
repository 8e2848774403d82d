package io.spyhop.jobs.run;

import io.spyhop.engine.ContainerTemplate;

/**
 * What a workload's container is made of, and where. Immutable.
 *
 * @param host the engine endpoint's name
 */
record HostTemplate(String host, ContainerTemplate container) {}
