package io.spyhop.contracts.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";

    @Test
    void shouldReadEachFieldWhenItIsValid() {
        // When
        TraceContext trace = TraceContext.parse(VALID, "congo=t61rcWkgMzE").orElseThrow();

        // Then
        assertThat(trace).isEqualTo(new TraceContext(TRACE, PARENT, true, "congo=t61rcWkgMzE"));
        assertThat(trace.traceparent()).isEqualTo(VALID);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "hello",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0A",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
                "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "FF-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\n01",
                "00-\u0664bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void shouldBeIgnoredWhenItIsWrong(String parent) {
        // Then
        assertThat(TraceContext.parse(parent, "a=1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc-%s-%s-01", "cc-%s-%s-01-what-the-future-says", "01-%s-%s-01-"})
    void shouldReadWhatItKnowsWhenTheVersionIsLater(String form) {
        // When
        TraceContext trace =
                TraceContext.parse(form.formatted(TRACE, PARENT), null).orElseThrow();

        // Then
        assertThat(trace.traceparent()).as("sent on in the version it knows").isEqualTo(VALID);
    }

    @Test
    void shouldSendOnlyTheFlagItKnows() {
        // Then
        assertThat(parsed("00-" + TRACE + "-" + PARENT + "-ff").traceparent()).endsWith("-01");
        assertThat(parsed("00-" + TRACE + "-" + PARENT + "-fe").traceparent()).endsWith("-00");
    }

    @Test
    void shouldCountNoneWhenThereAreSeveral() {
        // Then
        assertThat(TraceContext.parse(List.of(VALID, VALID), List.of())).isEmpty();
        assertThat(TraceContext.parse(List.of(), List.of("a=1"))).isEmpty();
    }

    @Test
    void shouldJoinStatesWhenThereAreSeveral() {
        // Then
        assertThat(TraceContext.parse(List.of(VALID), List.of("a=1", "b=2"))
                        .orElseThrow()
                        .state())
                .isEqualTo("a=1,b=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a=1\r\nX-Evil: 1", "a=\u00e9"})
    void shouldDropTheStateAloneWhenItIsWrong(String state) {
        // Then
        assertThat(TraceContext.parse(VALID, state).orElseThrow().state()).isNull();
    }

    @Test
    void shouldDropTheStateWhenItIsTooLong() {
        // Given
        String longest = "a=" + "x".repeat(TraceContext.STATE_LENGTH_MAX - 2);

        // Then
        assertThat(TraceContext.parse(VALID, longest).orElseThrow().state()).isEqualTo(longest);
        assertThat(TraceContext.parse(VALID, longest + "x").orElseThrow().state())
                .isNull();
    }

    @Test
    void shouldBeginTracesThatAreValidAndDiffer() {
        // When
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(parsed(TraceContext.begin().traceparent()).traceId());
        }

        // Then
        assertThat(ids).hasSize(1000);
    }

    @Test
    void shouldKeepTheTraceAndChangeTheParentWhenItGoesOn() {
        // Given
        TraceContext trace = TraceContext.parse(VALID, "a=1").orElseThrow();

        // When
        TraceContext child = trace.child();

        // Then
        assertThat(child.traceId()).isEqualTo(TRACE);
        assertThat(child.parentId()).isNotEqualTo(PARENT);
        assertThat(child.sampled()).isTrue();
        assertThat(child.state()).isEqualTo("a=1");
    }

    private static TraceContext parsed(String parent) {
        return TraceContext.parse(parent, null).orElseThrow();
    }
}
