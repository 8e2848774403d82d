package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.LogGap;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogWay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same engine, whose log files are read: everything holds, and some things more. */
class DockerFilesIT extends DockerEngineIT {
    private static final int PATIENCE_SECONDS = 60;

    @Override
    DockerEngine connect() {
        return DockerEngine.connect(HOST);
    }

    @Test
    void shouldHaveTheSameLinesAsTheApiWhateverIsWritten() throws Exception {
        // Given bytes that are no UTF-8, controls, quotes, long lines, a line without an end
        String id = containers.run(
                DockerContainers.NO_NETWORK,
                "--label=a=quote\"d",
                "--log-opt=labels=a",
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "printf 'a\\000b\\001\\033[1mc\\r\\n\\377\\376x\\303\\n\\n\"q\" \\\\ <&>\\342\\200\\250\\n'; printf 'err\\n' >&2;"
                        + " printf '10%%\\r50%%\\r100%%\\n\\355\\240\\200\\360\\237\\230\\200\\n\\n';"
                        + " head -c 1048576 /dev/zero | tr '\\0' a; echo; head -c 1048577 /dev/zero | tr '\\0' b; echo;"
                        + " head -c 5242880 /dev/zero | tr '\\0' c; echo; head -c 16383 /dev/zero | tr '\\0' z; echo;"
                        + " head -c 40000 /dev/zero | tr '\\0' x; echo; head -c 16384 /dev/zero | tr '\\0' y; echo;"
                        + " seq 1 2000; printf end");
        awaitEnd(id);
        // When, Then
        List<Line> api = new CopyOnWriteArrayList<>();
        try (DockerEngine byApi = DockerEngine.connectWithoutFiles(new EngineAddress(HOST, null));
                LogStream log = byApi.logs(new LogRequest(id, false, 0, false))) {
            assertThat(log.way()).isEqualTo(LogWay.API);
            read(log, api).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        List<Line> file = read(id, false, 0);
        assertThat(file).hasSizeGreaterThan(2000).containsExactlyInAnyOrderElementsOf(api);
        assertThat(file.stream().filter(line -> !line.stderr()).toList())
                .isEqualTo(api.stream().filter(line -> !line.stderr()).toList());
        assertThat(file.stream().filter(Line::partial).map(line -> line.text().substring(0, 1)))
                .containsExactly("b", "c", "c", "c", "c");
        assertThat(file.stream().map(line -> line.text().length())).contains(1_048_576, 1, 16_384, 16_383, 40_000, 0);
    }

    @Test
    void shouldHaveTheSameLinesAsTheApiWhenTheDriverCompresses() throws Exception {
        // Given
        String id = containers.run(
                DockerContainers.NO_NETWORK,
                "--log-opt=max-size=200k",
                "--log-opt=max-file=4",
                "--log-opt=compress=true",
                DockerContainers.IMAGE,
                "seq",
                "1",
                "20000");
        awaitEnd(id);
        // When
        List<Line> api = new CopyOnWriteArrayList<>();
        try (DockerEngine byApi = DockerEngine.connectWithoutFiles(new EngineAddress(HOST, null));
                LogStream log = byApi.logs(new LogRequest(id, false, 0, false))) {
            read(log, api).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        List<Line> file = read(id, false, 0);
        // Then
        assertThat(file).hasSizeGreaterThan(5_000).isEqualTo(api);
        assertThat(file.getLast().text()).isEqualTo("20000");
        long since = file.get(3_000).atNanos();
        assertThat(read(id, false, since)).isEqualTo(file.subList(3_000, file.size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-file=2", "compress=true", "max-file=1"})
    void shouldTellEachHoleWhereItIsWhenTheDriverOutrunsTheReader(String option) throws Exception {
        // Given: two files as a rule, and a reader that rests after a thousand lines
        String id = containers.create(
                DockerContainers.NO_NETWORK,
                "--log-opt=max-size=100k",
                "--log-opt=max-file=" + (option.equals("max-file=1") ? 1 : 2),
                "--log-opt=" + (option.startsWith("compress") ? option : "labels=none"),
                DockerContainers.IMAGE,
                "seq",
                "1",
                "50000");
        List<Integer> lines = new ArrayList<>();
        List<Integer> gaps = new ArrayList<>();
        LogStream log = engine.logs(new LogRequest(id, false, 0, true));
        assertThat(log.way()).isEqualTo(LogWay.FILE);
        // When
        start(id);
        log.read(new LogSink() {
            @Override
            public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                lines.add(Integer.valueOf(new String(bytes, offset, length, US_ASCII)));
                if (lines.size() == 1_000) {
                    awaitEnd(id);
                }
            }

            @Override
            public void gap(LogGap gap) {
                gaps.add(lines.isEmpty() ? 0 : lines.getLast());
            }
        });
        // Then
        assertThat(lines)
                .hasSizeLessThan(50_000)
                .isSorted()
                .doesNotHaveDuplicates()
                .endsWith(50_000);
        List<Integer> holes = IntStream.range(1, lines.size())
                .filter(i -> lines.get(i) != lines.get(i - 1) + 1)
                .mapToObj(i -> lines.get(i - 1))
                .toList();
        assertThat(holes).isNotEmpty();
        assertThat(gaps).containsAll(holes);
    }

    @Test
    void shouldSalvageWhatFollowsAnEntryThatIsBroken() throws Exception {
        // Given: as a host that lost its power leaves it
        String id = containers.runScript("seq 1 3");
        awaitEnd(id);
        Path file = Path.of(containers.docker("inspect", "--format={{.LogPath}}", id));
        List<String> rows = Files.readAllLines(file);
        String torn = rows.get(0) + "\n\0\0\0\0\n{\"log\":\"half" + rows.get(1) + "\n" + rows.get(2) + "\n";
        Files.writeString(file, torn);
        List<String> read = new ArrayList<>();
        // When
        engine.logs(new LogRequest(id, false, 0, false)).read(new LogSink() {
            @Override
            public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                read.add(new String(bytes, offset, length, US_ASCII));
            }

            @Override
            public void gap(LogGap gap) {
                read.add(gap.reason() + " " + gap.entries());
            }
        });
        // Then
        assertThat(read).containsExactly("1", "BROKEN 1", "BROKEN 1", "2", "3");
    }

    @Test
    void shouldTellOfAStartFromTheRecordsAsTheEngineDoes() throws Exception {
        // Given
        LocalRecords records =
                requireNonNull(LocalRecords.in(Path.of(containers.docker("info", "--format={{.DockerRootDir}}"))));
        String id = containers.create(
                "--label=a=b",
                "--env=SECRET=x",
                "--memory=64m",
                "--restart=always",
                "--publish=127.0.0.1::8080",
                DockerContainers.IMAGE,
                "sleep",
                "600");
        try (EventStream events = engine.events(Instant.now().minusSeconds(5))) {
            // When
            start(id);
            ContainerEvent started = take(events, id, 2).getLast();
            assertThat(started.action()).isEqualTo("start");
            // Then
            ContainerDetails inspected = engine.inspect(id).orElseThrow();
            assertThat(inspected.publishedPorts()).hasSize(1);
            assertThat(records.started(id, started.at())).isEqualTo(inspected);
            await().untilAsserted(() ->
                    assertThat(engine.startRecord(id, started.at())).contains(inspected));
            // A record that does not know of that start is not believed.
            assertThat(records.started(id, started.at().plusSeconds(60))).isNull();
            assertThat(records.started(id, started.at().minusSeconds(60))).isNull();
            containers.docker("pause", id);
            assertThat(records.started(id, started.at()))
                    .isEqualTo(engine.inspect(id).orElseThrow())
                    .extracting(ContainerDetails::state)
                    .isEqualTo("paused");
            containers.docker("unpause", id);
            containers.docker("stop", "--time=0", id);
            assertThat(records.started(id, started.at()))
                    .isEqualTo(engine.inspect(id).orElseThrow())
                    .extracting(ContainerDetails::state)
                    .isEqualTo("exited");
        }
        assertThat(engine.startRecord("0".repeat(64), Instant.now())).isEmpty();
    }

    @Test
    void shouldBeginWhereItIsToldInALargeLog() throws Exception {
        // Given
        String id = containers.run(
                DockerContainers.NO_NETWORK,
                "--log-opt=max-size=1m",
                "--log-opt=max-file=5",
                DockerContainers.IMAGE,
                "seq",
                "1",
                "40000");
        awaitEnd(id);
        List<Line> all = read(id, false, 0);
        assertThat(all).hasSizeGreaterThan(20_000);
        // When, Then: in each of the files
        for (int i = 1; i < all.size(); i += 3_001) {
            long since = all.get(i).atNanos();
            List<Line> some = read(id, false, since);
            List<Line> expected =
                    all.stream().filter(line -> line.atNanos() >= since).toList();
            assertThat(some).isEqualTo(expected);
        }
    }

    @Test
    void shouldMissNothingWhileTheDriverRotates() throws Exception {
        // Given
        String id = containers.create(
                DockerContainers.NO_NETWORK,
                "--log-opt=max-size=100k",
                "--log-opt=max-file=20",
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "i=0; while [ $i -lt 300 ]; do seq $((i*100+1)) $((i*100+100)); usleep 3000; i=$((i+1)); done");
        List<Line> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> reader = follow(id, lines);
        // When
        start(id);
        reader.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        // Then
        assertThat(lines.stream().map(Line::text).toList())
                .isEqualTo(IntStream.rangeClosed(1, 30_000)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void shouldHaveAllOfAContainerThatIsRemovedAtOnceWhenOpenedBefore() throws Exception {
        for (int i = 0; i < 5; i++) {
            // Given
            String id =
                    containers.create("--rm", DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "echo", "hi " + i);
            assertThat(engine.awaitsStart(id)).isTrue();
            List<Line> lines = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> reader = follow(id, lines);
            // When
            start(id);
            reader.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            // Then
            assertThat(lines).extracting(Line::text).containsExactly("hi " + i);
        }
    }

    @Test
    void shouldHaveAllOfAContainerThatWasRemovedBeforeAnybodyAsked() throws Exception {
        // Given
        engine.prepareLogs();
        // When
        String id = containers.create(
                "--rm", DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "sh", "-c", "seq 1 5000; exit 3");
        start(id);
        await().until(() -> engine.inspect(id).isEmpty());
        // Then
        List<Line> lines = new CopyOnWriteArrayList<>();
        follow(id, lines).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(lines).hasSize(5000);
        assertThat(lines.getLast().text()).isEqualTo("5000");
    }

    @Test
    void shouldEndWithItsLifeWhenTheContainerRestarts() throws Exception {
        // Given
        String id = containers.run(
                DockerContainers.NO_NETWORK,
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "echo begin; trap 'echo end; exit' TERM; while true; do usleep 10000; done");
        List<Line> first = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> reader = follow(id, first);
        await().until(() -> first.size() == 1);
        // When
        containers.docker("restart", id);
        reader.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        // Then
        assertThat(first.stream().map(Line::text).toList()).containsExactly("begin", "end");
        List<Line> all = read(id, false, 0);
        assertThat(all.stream().map(Line::text).toList()).containsExactly("begin", "end", "begin");
    }

    @Test
    void shouldEndWhenACreatedContainerIsRemoved() throws Exception {
        // Given
        String id = containers.create(DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "true");
        CompletableFuture<Void> reader = follow(id, new CopyOnWriteArrayList<>());
        // When
        remove(id);
        // Then
        reader.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> follow(String id, List<Line> lines) {
        LogStream log = engine.logs(new LogRequest(id, false, 0, true));
        assertThat(log.way()).isEqualTo(LogWay.FILE);
        return read(log, lines);
    }

    private void awaitEnd(String id) {
        await().until(() -> !engine.inspect(id).orElseThrow().alive());
    }
}
