package io.spyhop.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.spyhop.benchmarks.Figures.Figure;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.docker.DockerEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What it costs to find the ports of one container, with the names of the processes: from inside its namespace, the first time
 * and while nothing changes; by {@code ss} through the engine's API; by the command {@code docker exec}.
 */
final class DetectionPart implements Bench.Part {
    private static final String UNIT = "ms of a processor";
    private static final Figure QUIET = new Figure("detection, inside the namespace, nothing new", UNIT, 4, "");
    static final Figure FIRST = new Figure("detection, inside the namespace, the first time", UNIT, 3, "");
    private static final Figure MANY =
            new Figure("detection, inside the namespace, nothing new among 2000 ports", UNIT, 3, "");
    static final Figure API = new Figure("detection, ss through the engine's API", UNIT, 1, "");
    static final Figure COMMAND = new Figure("detection, docker exec … ss", UNIT, 1, "");
    private static final Figure TIMES =
            new Figure("detection: docker exec … ss costs so many times what a look costs", "ratio", 0, "≥ 200");
    private static final Figure TIMES_FIRST =
            new Figure("detection: docker exec … ss costs so many times what the first look costs", "ratio", 0, "");

    private static final int CONTAINERS = 50;
    private static final int PORTS = 2000;
    private static final int LOOKS = 20_000;
    private static final int FIRST_LOOKS = 1000;
    private static final int MANY_LOOKS = 500;
    private static final int COMMANDS = 20;
    private static final double NANOS_PER_MILLI = 1e6;

    /** Programs of this machine: busybox has no ss, and opens no two ports in one process. */
    private static final String[] PROGRAMS = {
        "--volume=/usr:/usr:ro", "--volume=/usr/lib:/lib:ro", "--volume=/usr/lib64:/lib64:ro"
    };

    private static final String LISTEN = "httpd -p 127.0.0.1:8080; httpd -p 3000; exec sleep 100000";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " containers that listen, and one that listens on " + PORTS + " ports.");
        EngineAddress address = ReadingPart.address();
        List<String> names = new ArrayList<>();
        try (DockerEngine engine = DockerEngine.connect(address);
                DockerEngine byApi = DockerEngine.connectWithoutFiles(address)) {
            for (int i = 0; i < CONTAINERS; i++) {
                names.add(bench.containers().start("ports-" + i, LISTEN, "bridge", PROGRAMS));
            }
            names.add(bench.containers()
                    .start(
                            "ports-many",
                            ("exec perl -e 'use Socket; for my $p (10001..%d) { socket(my $s, PF_INET, SOCK_STREAM, 0);"
                                            + " bind($s, sockaddr_in($p, INADDR_ANY)); listen($s, 5); push @all, $s; } sleep 100000;'")
                                    .formatted(10_000 + PORTS),
                            "bridge",
                            PROGRAMS));
            List<ListenReader> readers = new ArrayList<>();
            for (String name : names) {
                ListenReader reader = open(engine, name);
                if (!reader.isLocal()) {
                    throw new IOException("namespaces cannot be entered here: the part detection wants root");
                }
                int wanted = name.endsWith("many") ? PORTS : 2;
                Bench.await(
                        "the ports of " + name,
                        () -> reader.read().size() == wanted ? Optional.of(true) : Optional.empty());
                readers.add(reader);
            }
            List<ListenReader> few = readers.subList(0, CONTAINERS);
            ListenReader command = byApi.listeners(id(names.getFirst()), null);
            List<ListenSocket> _ = command.read();
            cost(LOOKS, i -> few.get(i % CONTAINERS).read());
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Detection, round " + round + ".");
                round(bench.figures(), engine, names, readers, command);
            }
            readers.forEach(ListenReader::close);
        }
        bench.containers().remove(names);
    }

    private static void round(
            Figures figures, DockerEngine engine, List<String> names, List<ListenReader> readers, ListenReader command)
            throws IOException, InterruptedException {
        double quiet = cost(LOOKS, i -> readers.get(i % CONTAINERS).read());
        figures.add(QUIET, quiet);
        List<String> ids = new ArrayList<>();
        List<Long> pids = new ArrayList<>();
        for (String name : names.subList(0, CONTAINERS)) {
            ids.add(id(name));
            pids.add(engine.inspect(ids.getLast()).orElseThrow().pid());
        }
        double first = withVisitor(() -> cost(FIRST_LOOKS, i -> {
            try (ListenReader reader = engine.listeners(ids.get(i % CONTAINERS), pids.get(i % CONTAINERS))) {
                return reader.read();
            }
        }));
        figures.add(FIRST, first);
        figures.add(MANY, cost(MANY_LOOKS, i -> readers.getLast().read()));
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        figures.add(
                API,
                ReadingPart.withEngine(() -> {
                            long before = system.getProcessCpuTime();
                            for (int i = 0; i < COMMANDS; i++) {
                                List<ListenSocket> _ = command.read();
                            }
                            return system.getProcessCpuTime() - before;
                        })
                        / NANOS_PER_MILLI
                        / COMMANDS);
        double told = ReadingPart.withEngine(() -> {
                    double seconds = 0;
                    for (int i = 0; i < COMMANDS; i++) {
                        seconds += StorePart.cpuSeconds(Containers.output(
                                "sh", "-c", "docker exec \"$1\" ss -tlnpH >/dev/null; times", "sh", names.getFirst()));
                    }
                    return seconds * 1e9;
                })
                / NANOS_PER_MILLI
                / COMMANDS;
        figures.add(COMMAND, told);
        figures.add(TIMES, told / quiet);
        figures.add(TIMES_FIRST, told / first);
    }

    private interface Look {
        List<ListenSocket> at(int number);
    }

    /** Milliseconds of a processor that one look takes; the engine has no part in it. */
    private static double cost(int times, Look look) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            List<ListenSocket> _ = look.at(i);
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / NANOS_PER_MILLI / times;
    }

    /** With what the thread takes that enters namespaces. */
    private static double withVisitor(Supplier<Double> cost) throws IOException {
        List<ProcessHandle> own = List.of(ProcessHandle.current());
        long before = Cpu.nanos(own, "namespace-visit");
        double looking = cost.get();
        return looking + (Cpu.nanos(own, "namespace-visit") - before) / NANOS_PER_MILLI / FIRST_LOOKS;
    }

    private static ListenReader open(DockerEngine engine, String name) throws IOException, InterruptedException {
        String id = id(name);
        return engine.listeners(id, engine.inspect(id).orElseThrow().pid());
    }

    private static String id(String name) throws IOException, InterruptedException {
        return Containers.output("docker", "inspect", "--format", "{{.Id}}", name);
    }
}
