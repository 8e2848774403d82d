package io.spyhop.ports.detect;

import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one container's ports, through all its lives, and what the topic was told of it. Only the detector's thread
 * touches it.
 */
final class PortWatch {
    private static final Set<String> VISIBILITIES = Set.of("private", "public");

    private InstanceState state;
    private Sightings sightings = new Sightings();
    private @Nullable Instant life;
    private @Nullable ListenReader reader;
    private long nextLookNanos = System.nanoTime();
    private boolean looking;
    private @Nullable String way;
    private boolean hostNetwork;

    private List<String> addresses = List.of();
    private @Nullable Instant addressesAt;
    private boolean askingAddresses;

    private @Nullable ListeningPorts told;
    private boolean sending;
    private long nextSendNanos = System.nanoTime();
    private boolean changed;

    /**
     * Begins to watch a container.
     *
     * @param before what the topic holds of it; null where it was never announced
     */
    PortWatch(InstanceState state, @Nullable ListeningPorts before) {
        this.state = state;
        this.told = before;
        if (before != null) {
            sightings.goOn(before.ports(), before.gone(), before.at());
            life = before.startedAt();
            way = before.way();
            hostNetwork = before.hostNetwork();
            addresses = before.addresses();
        }
    }

    RecordKey key() {
        return state.key();
    }

    InstanceState state() {
        return state;
    }

    /** The container was announced: another life may have begun, or this one ended. */
    void update(InstanceState now) {
        boolean lives = now.status().alive() && now.startedAt() != null;
        boolean another = !Objects.equals(now.startedAt(), life) || !Objects.equals(now.pid(), state.pid());
        if (life != null && (!lives || another)) {
            closeReader();
        }
        if (life != null && (!lives || !Objects.equals(now.startedAt(), life))) {
            sightings.end();
            life = null;
            addresses = List.of();
            addressesAt = null;
        }
        state = now;
        changed = true;
        if (lives && life == null) {
            life = now.startedAt();
            nextLookNanos = System.nanoTime();
        }
    }

    /** Lets go; what is announced stays so. */
    void close() {
        closeReader();
    }

    /** Whether the topic has, or may have, a record of it. */
    boolean isAnnounced() {
        return told != null || sending;
    }

    // ---- Looking ----

    boolean isAlive() {
        return life != null;
    }

    /** Whether it is time to look. */
    boolean isDue(long nowNanos) {
        return life != null && !looking && nowNanos - nextLookNanos >= 0;
    }

    void lookAgain(long nowNanos, Duration after) {
        nextLookNanos = nowNanos + after.toNanos();
    }

    @Nullable
    ListenReader reader() {
        return reader;
    }

    void open(ListenReader opened) {
        reader = opened;
    }

    void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Whether a command in it has not answered yet. */
    void looking(boolean now) {
        looking = now;
    }

    /** A look found these. */
    void found(ListenReader by, List<ListenSocket> sockets, Instant at) {
        Instant since = life;
        if (since == null) {
            return;
        }
        changed |= sightings.look(sockets, at, isYoung(since, at));
        ListenWay led = by.way();
        if (led != null && !led.wire().equals(way)) {
            way = led.wire();
            changed = true;
        }
        if (by.hostNetwork() != hostNetwork) {
            hostNetwork = by.hostNetwork();
            changed = true;
        }
    }

    /** Whether a port was seen once, and counts if it is seen again. */
    boolean isExpecting() {
        return sightings.isExpecting();
    }

    /** No way leads to its sockets. */
    void foundNoWay() {
        changed |= way != null;
        way = null;
    }

    // ---- Telling ----

    /** Whether its addresses are to be asked for before it is told. */
    boolean wantsAddresses(Instant now) {
        Instant known = addressesAt;
        boolean old = known == null || Duration.between(known, now).compareTo(DetectLimits.ADDRESSES_AGAIN) > 0;
        return changed
                && old
                && !askingAddresses
                && life != null
                && !hostNetwork
                && !sightings.announced().isEmpty();
    }

    void askingAddresses() {
        askingAddresses = true;
    }

    /** The engine answered, or could not. */
    void addresses(@Nullable List<String> answer, Instant at) {
        askingAddresses = false;
        addressesAt = at;
        if (answer != null && life != null) {
            changed |= !answer.equals(addresses);
            addresses = answer;
        }
    }

    /** What the topic is to be told now; null where nothing, or not yet. */
    @Nullable
    ListeningPorts toTell(long nowNanos, Instant now) {
        if (!changed || sending || askingAddresses || nowNanos - nextSendNanos < 0) {
            return null;
        }
        List<ListeningPort> announced = sightings.announced();
        ListeningPorts record = record(announced, now);
        // Of what lives for a moment and never listened nothing is told.
        boolean young = life == null || isYoung(life, now);
        if (told == null && announced.isEmpty() && record.gone().isEmpty() && (young || way == null)) {
            changed = life != null;
            return null;
        }
        changed = false;
        return told != null && isSame(record, told) ? null : record;
    }

    void sending() {
        sending = true;
    }

    /** The broker has it, or will not. */
    void sent(@Nullable ListeningPorts record, long nowNanos) {
        sending = false;
        if (record == null) {
            changed = true;
            nextSendNanos = nowNanos + DetectLimits.BROKER_PAUSE.toNanos();
        } else {
            told = record;
        }
    }

    private ListeningPorts record(List<ListeningPort> announced, Instant now) {
        List<ListeningPort> ports = announced.subList(0, Math.min(announced.size(), DetectLimits.PORTS_MAX));
        Set<Integer> before = told == null ? Set.of() : numbers(told.ports());
        Set<Integer> after = numbers(ports);
        String visibility = state.labels().get(ListeningPorts.VISIBILITY_LABEL);
        return new ListeningPorts(
                state.workload().id(),
                state.workload().org(),
                state.host(),
                state.containerId(),
                state.index(),
                life == null ? state.startedAt() : life,
                life == null ? null : state.pid(),
                hostNetwork,
                addresses,
                visibility != null && VISIBILITIES.contains(visibility) ? visibility : null,
                way,
                now,
                ports,
                announced.size() - ports.size(),
                after.stream().filter(port -> !before.contains(port)).sorted().toList(),
                before.stream().filter(port -> !after.contains(port)).sorted().toList(),
                sightings.gone());
    }

    /** Whether two records say the same, whenever they were made. */
    private static boolean isSame(ListeningPorts one, ListeningPorts other) {
        return one.opened().isEmpty()
                && one.closed().isEmpty()
                && one.ports().equals(other.ports())
                && one.gone().equals(other.gone())
                && one.addresses().equals(other.addresses())
                && one.index() == other.index()
                && one.omitted() == other.omitted()
                && one.hostNetwork() == other.hostNetwork()
                && Objects.equals(one.startedAt(), other.startedAt())
                && Objects.equals(one.pid(), other.pid())
                && Objects.equals(one.visibility(), other.visibility())
                && Objects.equals(one.way(), other.way());
    }

    private static Set<Integer> numbers(List<ListeningPort> ports) {
        return ports.stream().map(ListeningPort::port).collect(Collectors.toSet());
    }

    private static boolean isYoung(Instant life, Instant now) {
        return Duration.between(life, now).compareTo(DetectLimits.START) < 0;
    }
}
