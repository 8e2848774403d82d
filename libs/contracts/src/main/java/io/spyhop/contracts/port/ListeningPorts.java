package io.spyhop.contracts.port;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value on the ports topic: all ports on which one container listens. Keyed by workload and container id; that of a
 * removed container is a tombstone. Immutable.
 *
 * @param org whose the workload is
 * @param host the engine endpoint's name
 * @param containerId the engine's full id
 * @param index among the workload's instances
 * @param startedAt of the life that this is about, which may have ended
 * @param pid of its first process, on the engine's machine; null once it has ended, or where it is not known
 * @param hostNetwork whether the container uses its machine's own network
 * @param addresses of the container in the engine's networks
 * @param visibility as the container's label {@code spyhop.ports.visibility} says: {@code private} or {@code public}; null
 *     where it says nothing
 * @param way how they were found: {@code namespace}, {@code ss} or {@code proc}; null where no way led there yet
 * @param at when this became so
 * @param ports ascending
 * @param omitted how many more there are than a record holds
 * @param opened which of them are new since the record before, ascending
 * @param closed which are gone since the record before, ascending
 * @param gone those that were last seen, newest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListeningPorts(
        WorkloadId workload,
        String org,
        String host,
        String containerId,
        int index,
        @Nullable Instant startedAt,
        @Nullable Long pid,
        boolean hostNetwork,
        List<String> addresses,
        @Nullable String visibility,
        @Nullable String way,
        Instant at,
        List<ListeningPort> ports,
        int omitted,
        List<Integer> opened,
        List<Integer> closed,
        List<GonePort> gone) {
    /** The label of a container that says who may open its ports. */
    public static final String VISIBILITY_LABEL = "spyhop.ports.visibility";

    /** Copies the lists; one that an earlier version did not write is empty. */
    public ListeningPorts {
        addresses = copy(addresses);
        ports = copy(ports);
        opened = copy(opened);
        closed = copy(closed);
        gone = copy(gone);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }

    /** What listens on a port now. */
    public Optional<ListeningPort> port(int number) {
        return ports.stream().filter(each -> each.port() == number).findFirst();
    }

    /** When a port that is gone was last seen, if it ever was. */
    public Optional<Instant> seenAt(int number) {
        return gone.stream()
                .filter(each -> each.port() == number)
                .map(GonePort::seenAt)
                .findFirst();
    }
}
