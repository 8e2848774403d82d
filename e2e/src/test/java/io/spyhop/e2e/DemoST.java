package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./spyhop demo} starts is found, and shows what it is meant to show. The demo of a person is not touched. */
@ExtendWith(Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoST {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Api api;
    private final Containers containers;
    private final String name = uniqueName();

    DemoST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @BeforeAll
    void startDemo() {
        Shell.Outcome outcome = demo(name);
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("Started:").contains("./spyhop demo --stop");
    }

    @AfterAll
    void stopDemo() {
        demo(name, "--stop");
    }

    @ParameterizedTest
    @CsvSource({
        "web,service,acme,1",
        "orders,service,acme,1",
        "mailer,worker,acme,1",
        "importer,app,globex,1",
        "build,deployment,globex,1",
        "pulse,container,default,1",
        "cache-1,service,globex,2"
    })
    void shouldFindWorkloadWhenDemoRuns(String container, String kind, String org, int instances) {
        // When
        JsonNode workload = await().atMost(SOON)
                .until(
                        () -> api.json(Api.address(workload(container))),
                        found -> found.path("instances").size() == instances);

        // Then
        assertThat(workload.path("name").asText()).isEqualTo(container.replaceFirst("-1$", ""));
        assertThat(workload.path("kind").asText()).isEqualTo(kind);
        assertThat(workload.path("org").asText()).isEqualTo(org);
    }

    @Test
    void shouldShowRequestInLogWhenWebIsAsked() throws IOException, InterruptedException {
        // Given
        String address = "http://" + containers.docker("port", container("web"), "8080/tcp");
        HttpRequest health = HttpRequest.newBuilder(URI.create(address + "/health"))
                .timeout(SOON)
                .build();
        HttpRequest page = HttpRequest.newBuilder(URI.create(address + "/of-test"))
                .timeout(SOON)
                .build();

        // When
        HttpResponse<String> answer = api.http().send(health, HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> unknown = api.http().send(page, HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(address).startsWith("http://127.0.0.1:");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok\n");
        assertThat(unknown.statusCode()).isEqualTo(404);
        awaitLine("web", line -> line.message().endsWith(" GET /of-test 404"));
    }

    @ParameterizedTest
    @CsvSource({"debug,Cart was priced.", "info,Order placed.", "warn,Stock is low.", "error,Payment was refused."})
    void shouldKeepLevelAndFieldsWhenLineIsJson(String level, String message) {
        // When
        Line line = awaitLine("orders", candidate -> candidate.message().equals(message));

        // Then
        assertThat(line.level()).isEqualTo(level);
        assertThat(line.json().path("fields").path("order").asInt()).isGreaterThan(1000);
        assertThat(line.json().path("fields").path("customer").asText()).startsWith("c-");
    }

    @Test
    void shouldTellStreamsApartWhenStackTraceIsWritten() {
        // When
        Line trace = awaitLine("mailer", line -> line.message().startsWith("    at shop.mail.Smtp.connect("));
        Line ordinary = awaitLine("mailer", line -> line.message().equals("Sent mail 1."));

        // Then
        assertThat(trace.stream()).isEqualTo("stderr");
        assertThat(trace.level()).isEqualTo("stderr");
        assertThat(ordinary.stream()).isEqualTo("stdout");
    }

    /** The last one: its container takes the longest. */
    @Test
    @Order(Integer.MAX_VALUE)
    void shouldTellEachEndWhenImporterCrashes() {
        // When
        List<Line> lines = api.awaitSystemLine(workload("importer"), "[CRASH] exit=137 oom=true", 1);

        // Then
        assertThat(Line.messages(lines, "system"))
                .startsWith(
                        "worker started",
                        "[CRASH] exit=3 oom=false",
                        "[BACKOFF] restart 1 in 100ms",
                        "worker started",
                        "[CRASH] exit=28 oom=false",
                        "[BACKOFF] restart 2 in 200ms",
                        "worker started",
                        "[CRASH] exit=137 oom=true");
    }

    @Test
    void shouldKeepWhatIsDrawnWhenContainerHasTerminal() {
        // When
        Line bar = awaitLine("build", line -> line.message().contains("100 %"));

        // Then
        assertThat(bar.stream()).isEqualTo("stdout");
        assertThat(bar.message()).startsWith("\r\u001b[36mcompiling\u001b[0m [          ]   0 %\r");
    }

    @Test
    void shouldHaveLinesWhenImageHasNoShell() {
        // When
        awaitLine("pulse", line -> line.message().startsWith("64 bytes from 127.0.0.1: seq=1 "));

        // Then
        List<String> shell = List.of("exec", container("pulse"), "sh", "-c", "exit 0");
        assertThat(Engine.ofThisMachine().tryDocker(shell).exit()).isNotZero();
    }

    @Test
    void shouldKeepContainersWhenStartedAgain() {
        // Given
        List<String> before = labelled(name);

        // When
        Shell.Outcome outcome = demo(name);

        // Then
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("The demo runs already:");
        assertThat(labelled(name)).isEqualTo(before).hasSize(8);
    }

    @Test
    void shouldRemoveWhatItMadeAndNothingElseWhenStopped() {
        // Given
        String other = uniqueName();
        Container bystander = containers.shell("bystander", "exec sleep 600", "--label", "spyhop.demo=somebody-elses");
        assertThat(demo(other).exit()).isZero();
        assertThat(labelled(other)).hasSize(8);

        // When
        Shell.Outcome outcome = demo(other, "--stop");

        // Then
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("Removed 8 containers. What they wrote stays in Spyhop.\n");
        assertThat(labelled(other)).isEmpty();
        assertThat(containers.docker("images", "--quiet", "--filter", "label=spyhop.demo=" + other))
                .isEmpty();
        assertThat(labelled(name)).hasSize(8);
        assertThat(containers.docker("inspect", "--format", "{{.State.Running}}", bystander.id()))
                .isEqualTo("true");
        assertThat(demo(other, "--stop").out()).isEqualTo("There is no demo to remove.\n");
    }

    @Test
    void shouldRefuseWhenContainerOfThatNameIsSomebodyElses() {
        // Given
        String other = uniqueName();
        Container theirs = containers.create("theirs", List.of(), "true");
        containers.docker("rename", theirs.id(), "spyhop-" + other + "-web");

        // When
        Shell.Outcome outcome = demo(other);

        // Then
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("spyhop: There is a container spyhop-%s-web that is not the demo's: rename or remove it.%n"
                        .formatted(other));
        assertThat(containers.docker("inspect", "--format", "{{.Name}}", theirs.id()))
                .isEqualTo("/spyhop-" + other + "-web");
        demo(other, "--stop");
    }

    private Line awaitLine(String container, Predicate<Line> wanted) {
        String workload = workload(container);
        return await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> api.lines(workload).stream().filter(wanted).toList(), found -> !found.isEmpty())
                .getFirst();
    }

    private String workload(String container) {
        return api.awaitWorkload(container(container));
    }

    private String container(String container) {
        return "spyhop-" + name + "-" + container;
    }

    /** The containers of a demo, in the engine's order. */
    private List<String> labelled(String demo) {
        return containers
                .docker("ps", "--all", "--quiet", "--filter", "label=spyhop.demo=" + demo)
                .lines()
                .toList();
    }

    private static Shell.Outcome demo(String name, String... arguments) {
        List<String> words = new java.util.ArrayList<>(List.of("demo"));
        words.addAll(List.of(arguments));
        return Launcher.run(Map.of("SPYHOP_DEMO_NAME", name), words.toArray(String[]::new));
    }

    private static String uniqueName() {
        return "st-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
