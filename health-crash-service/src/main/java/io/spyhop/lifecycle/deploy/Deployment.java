package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.deployment.DeploymentSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a managed deployment is made of, and what it has of its host. Immutable.
 *
 * @param containerPort on which its program listens, null where nobody knows one
 * @param hostPort that leads there, null where it has none
 * @param containerId null where it has none
 * @param route the host name that leads to it, null where none does
 */
record Deployment(
        DeploymentSpec spec,
        @Nullable Integer containerPort,
        @Nullable Integer hostPort,
        @Nullable String containerId,
        @Nullable String route) {}
