package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How fast a million lines of 100 bytes are read, beside the docker command, and decoded from memory. Not a test: it depends on the machine. Run
 * the main method with the module's test classpath.
 */
final class LogReadMeasurement {
    private static final int LINES = 1_000_000;
    private static final int ROUNDS = 4;

    private LogReadMeasurement() {}

    /** Prints one row a round. */
    public static void main(String[] arguments) throws Exception {
        try (DockerContainers containers = new DockerContainers();
                DockerEngine files = DockerEngine.connect(DockerEngineIT.HOST);
                DockerEngine api = DockerEngine.connectWithoutFiles(new EngineAddress(DockerEngineIT.HOST, null))) {
            String id = containers.runScript("yes " + "0123456789".repeat(10) + " | head -n " + LINES);
            containers.docker("wait", id);
            byte[] frames = frames();
            for (int round = 0; round < ROUNDS; round++) {
                print("decoder alone", time(() -> decode(frames)));
                print("DockerEngine.logs, files", time(() -> read(files, id)));
                print("DockerEngine.logs, API", time(() -> read(api, id)));
                print("docker logs -t", time(() -> command("docker logs -t " + id + " >/dev/null")));
            }
        }
    }

    private static void read(DockerEngine engine, String id) throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] count = {0, 0};
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        long cpuBefore = threads.getCurrentThreadCpuTime();
        try (LogStream log = engine.logs(new LogRequest(id, false, 0, false))) {
            log.read((stderr, at, bytes, offset, length, partial) -> {
                count[0]++;
                count[1] += length;
            });
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        long cpu = threads.getCurrentThreadCpuTime() - cpuBefore;
        System.out.printf(
                "  %d lines, %d bytes; allocated %d bytes a line, CPU %d ns a line%n",
                count[0], count[1], allocated / LINES, cpu / LINES);
    }

    private static byte[] frames() {
        byte[] payload = ("2026-11-22T03:04:05.123456789Z " + "0123456789".repeat(10) + "\n").getBytes(UTF_8);
        ByteBuffer frames = ByteBuffer.allocate((8 + payload.length) * LINES);
        for (int i = 0; i < LINES; i++) {
            frames.putInt(0x01_00_00_00).putInt(payload.length).put(payload);
        }
        return frames.array();
    }

    private static void decode(byte[] frames) throws IOException, InterruptedException {
        long[] bytes = {0};
        new LogFrameDecoder(
                        new ByteArrayInputStream(frames),
                        false,
                        0,
                        (stderr, at, buffer, offset, length, partial) -> bytes[0] += length)
                .decode();
    }

    private static void command(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of("sh", "-c", script)).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(script + " failed");
        }
    }

    private static long time(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return System.nanoTime() - start;
    }

    private static void print(String what, long nanos) {
        System.out.printf("%-20s %,10d lines/s%n", what, LINES * 1_000_000_000L / nanos);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }
}
