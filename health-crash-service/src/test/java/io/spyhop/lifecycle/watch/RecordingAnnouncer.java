package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what was announced, in order. It can be made to fail. Thread-safe. */
final class RecordingAnnouncer implements InstanceAnnouncer {
    private final List<String> lines = new ArrayList<>();
    private final List<InstanceTransition> transitions = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** Lets so many announcements fail. */
    void failNext(int calls) {
        failures.set(calls);
    }

    /** {@code <container name> <status>}, {@code <name> +<transition>} and {@code <name> gone}, in order. */
    synchronized List<String> of(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    synchronized List<InstanceTransition> transitions(String containerId) {
        return transitions.stream()
                .filter(transition -> transition.containerId().equals(containerId))
                .toList();
    }

    /** Something else that is done about a container, in order with what is announced. */
    synchronized void note(InstanceState state, String what) {
        lines.add(state.containerName() + " " + what);
    }

    synchronized void forget() {
        lines.clear();
        transitions.clear();
    }

    @Override
    public synchronized void announce(InstanceState state, List<InstanceTransition> happened) throws IOException {
        answer();
        lines.add(state.containerName() + " " + state.status().wire());
        add(state, happened);
    }

    @Override
    public synchronized void announceGone(InstanceState last, List<InstanceTransition> happened) throws IOException {
        answer();
        add(last, happened);
        lines.add(last.containerName() + " gone");
    }

    @Override
    public synchronized void healthTold(String containerId) {
        lines.add(containerId + " health");
    }

    private void add(InstanceState state, List<InstanceTransition> happened) {
        happened.forEach(transition ->
                lines.add(state.containerName() + " +" + transition.type().wire()));
        transitions.addAll(happened);
    }

    private void answer() throws IOException {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("the announcer was told to fail");
        }
    }
}
