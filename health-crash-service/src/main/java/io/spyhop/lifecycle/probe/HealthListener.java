package io.spyhop.lifecycle.probe;

/** Is told what probes find out. Must not block. */
@FunctionalInterface
public interface HealthListener {
    /** A container's health changed. */
    void changed(String containerId, HealthChange change);
}
