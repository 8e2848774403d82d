package io.spyhop.lifecycle.deploy;

/** TCP ports from a first to a last one, both included. Immutable. */
public record PortRange(int first, int last) {
    int size() {
        return last - first + 1;
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }
}
