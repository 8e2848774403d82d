package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerExecs;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ExecReach;
import io.spyhop.engine.ExecSignal;
import io.spyhop.engine.ExecSink;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecState;
import io.spyhop.engine.ExecStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands inside containers of a real engine. As root, for the processes of containers are root's to end. */
class DockerExecsIT {
    private static final String MARK = "SPYHOP_TEST_MARK";

    private final DockerContainers containers = new DockerContainers();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<String, String> marks = new HashMap<>();
    private ContainerEngine engine;
    private String container;

    @BeforeEach
    void connect() {
        engine = DockerEngine.connectFromEnvironment();
        container =
                containers.run(DockerContainers.NO_NETWORK, "--env=OWN=own", DockerContainers.IMAGE, "sleep", "3600");
    }

    @AfterEach
    void close() {
        engine.close();
        containers.close();
    }

    @Test
    void shouldKeepStreamsApartAndTellTheCode() throws Exception {
        // Given
        String script = "echo \"$OWN $GIVEN $(pwd)\"; echo err >&2; printf 'no end'; exit 3";
        String id = execs().create(
                        container,
                        new ExecSpec(List.of("sh", "-c", script), Map.of("GIVEN", "a=b \"c\" \u00e9"), "/proc"));
        ExecState before = execs().inspect(id).orElseThrow();

        // When
        read(id);

        // Then
        assertThat(before.started()).isFalse();
        assertThat(lines).containsExactlyInAnyOrder("out own a=b \"c\" \u00e9 /proc", "err err", "out no end");
        awaitCode(id, 3);
        assertThatExceptionOfType(EngineRefusedException.class).isThrownBy(() -> execs().start(id));
    }

    @Test
    void shouldReadEverythingOfACommandThatWritesMuch() throws Exception {
        // Given
        String id = create("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
        AtomicLong count = new AtomicLong();

        // When
        try (ExecStream output = execs().start(id)) {
            output.read(new ExecSink() {
                @Override
                public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                    assertThat(new String(bytes, offset, length, UTF_8)).isEqualTo("line " + count.getAndIncrement());
                }

                @Override
                public void drained() {}
            });
        }

        // Then
        assertThat(count).hasValue(20_000);
        awaitCode(id, 0);
    }

    @Test
    void shouldTellThatACommandIsNotThere() throws Exception {
        // Given
        String id = execs().create(container, new ExecSpec(List.of("/no/such/program"), Map.of(), null));

        // When
        read(id);

        // Then
        await().untilAsserted(() ->
                assertThat(execs().inspect(id).orElseThrow().exitCode()).isIn(126, 127));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndAllProcessesOfACommandAndNoOther(boolean byKernel) throws Exception {
        // Given
        if (!byKernel) {
            engine.close();
            engine = DockerEngine.connectWithoutFiles(DockerEngine.addressOfEnvironment());
        }
        String other = create("echo begun; sleep 3600");
        Thread otherReader = Thread.ofVirtual().start(() -> readQuietly(other));
        // Its child may be told first, and end before it is told.
        String id = create("(trap 'echo child; exit' TERM; echo begun; while true; do sleep 1; done) & wait;"
                + " sleep 3600; echo not reached");
        Thread reader = Thread.ofVirtual().start(() -> readQuietly(id));
        await().untilAsserted(() -> assertThat(lines).containsExactly("out begun", "out begun"));

        // When
        ExecReach there = signal(id, ExecSignal.NONE);
        ExecReach sent = signal(id, ExecSignal.TERM);

        // Then
        assertThat(there).isEqualTo(ExecReach.REACHED);
        assertThat(sent).isEqualTo(ExecReach.REACHED);
        awaitCode(id, 143);
        reader.join();
        assertThat(lines).contains("out child").doesNotContain("out not reached");
        assertThat(execs().inspect(other).orElseThrow().running()).isTrue();
        await().untilAsserted(() -> assertThat(signal(id, ExecSignal.KILL)).isEqualTo(ExecReach.NOTHING));
        // When
        assertThat(signal(other, ExecSignal.KILL)).isEqualTo(ExecReach.REACHED);
        // Then
        awaitCode(other, 137);
        otherReader.join();
        assertThat(engine.inspect(container).orElseThrow().alive()).isTrue();
    }

    @Test
    void shouldTellTheCodeWhenNobodyReadsAndNothingIsWritten() throws Exception {
        // Given
        String id = create("echo begun; until [ -e /go ]; do sleep 0.05; done; exit 5");
        readToTheFirstLine(id);

        // When
        containers.touch(container, "/go");

        // Then
        awaitCode(id, 5);
    }

    @Test
    void shouldReachWhatGoesOnAfterTheEngineHasGivenItUp() throws Exception {
        // Given: some engines give a command up that writes when nobody reads
        String id = create("echo begun; until [ -e /go ]; do sleep 0.05; echo more; done; exit 5");

        // When
        readToTheFirstLine(id);

        // Then
        assertThat(signal(id, ExecSignal.NONE)).isEqualTo(ExecReach.REACHED);
        // When
        containers.touch(container, "/go");
        // Then
        await().untilAsserted(() -> assertThat(signal(id, ExecSignal.NONE)).isEqualTo(ExecReach.NOTHING));
        assertThat(execs().inspect(id).orElseThrow().exitCode()).isIn(5, 126);
    }

    @Test
    void shouldKnowNothingOfAContainerThatIsGone() {
        // Given
        String id = create("sleep 3600");

        // When
        containers.docker("rm", "-f", container);

        // Then
        assertThat(execs().inspect(id)).isEmpty();
        assertThat(execs().inspect("../info")).isEmpty();
        assertThat(signal(id, ExecSignal.KILL)).isEqualTo(ExecReach.NOTHING);
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(() -> execs().start(id));
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(() -> create("true"));
    }

    private ContainerExecs execs() {
        return engine.execs();
    }

    /** Each command has a mark of its own. */
    private String create(String script) {
        String mark = Integer.toString(marks.size());
        String id = execs().create(container, new ExecSpec(List.of("sh", "-c", script), Map.of(MARK, mark), null));
        marks.put(id, MARK + "=" + mark);
        return id;
    }

    private ExecReach signal(String id, ExecSignal signal) {
        return execs().signal(container, Objects.requireNonNull(marks.get(id)), signal);
    }

    private void read(String id) throws InterruptedException {
        try (ExecStream output = execs().start(id)) {
            output.read(new Lines());
        }
    }

    private void readQuietly(String id) {
        try {
            read(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("try")
    private void readToTheFirstLine(String id) throws InterruptedException {
        ExecStream output = execs().start(id);
        output.read(new ExecSink() {
            @Override
            public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                output.close();
            }

            @Override
            public void drained() {}
        });
    }

    private void awaitCode(String id, int code) {
        await().untilAsserted(() ->
                assertThat(execs().inspect(id).orElseThrow().exitCode()).isEqualTo(code));
    }

    private final class Lines implements ExecSink {
        @Override
        public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
            lines.add((stderr ? "err " : "out ") + new String(bytes, offset, length, UTF_8));
        }

        @Override
        public void drained() {}
    }
}
