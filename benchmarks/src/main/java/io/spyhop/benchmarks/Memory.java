package io.spyhop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Memory of all processes of one Spyhop: its own and its database's.
 *
 * @param rssMb resident memory of the Java process alone, MiB
 * @param pssMb memory of all processes with what they share counted once, MiB
 */
record Memory(double rssMb, double pssMb) {
    private static final double KIB_A_MIB = 1024;

    /** Reads the memory of a process, of everything that names its data directory, and of everything below those. */
    static Memory of(ProcessHandle java, Path data) throws IOException {
        double pss = 0;
        for (ProcessHandle process : processes(Optional.of(java), data)) {
            pss += field(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"), "Pss:");
        }
        return new Memory(
                field(Path.of("/proc", Long.toString(java.pid()), "status"), "VmRSS:") / KIB_A_MIB, pss / KIB_A_MIB);
    }

    /** A process, everything that names its data directory, and everything below those. */
    static List<ProcessHandle> processes(Optional<ProcessHandle> java, Path data) {
        return Stream.concat(java.stream(), ProcessHandle.allProcesses().filter(handle -> Product.names(handle, data)))
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .distinct()
                .toList();
    }

    /** A row's number; 0 when the process has just ended. */
    private static double field(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return 0;
        }
        try (Stream<String> rows = Files.lines(file)) {
            return rows.filter(row -> row.startsWith(name))
                    .mapToDouble(row -> Double.parseDouble(row.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
