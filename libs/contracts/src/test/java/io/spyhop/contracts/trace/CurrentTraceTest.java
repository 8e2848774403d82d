package io.spyhop.contracts.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CurrentTraceTest {
    private final TraceContext outer = TraceContext.begin();
    private final TraceContext inner = TraceContext.begin();

    @Test
    void shouldBeTheInnermostAndEndWithIt() {
        // Given
        List<@Nullable TraceContext> seen = new ArrayList<>();

        // When
        CurrentTrace.run(outer, () -> {
            CurrentTrace.run(inner, () -> seen.add(CurrentTrace.get()));
            seen.add(CurrentTrace.get());
            CurrentTrace.run(null, () -> seen.add(CurrentTrace.get()));
        });
        seen.add(CurrentTrace.get());

        // Then
        assertThat(seen).isEqualTo(Arrays.asList(inner, outer, null, null));
    }

    @Test
    void shouldEndWhenTheWorkFails() {
        // When
        Throwable thrown = catchThrowable(() -> CurrentTrace.run(outer, () -> {
            throw new IllegalStateException("so it is tested");
        }));

        // Then
        assertThat(thrown).isInstanceOf(IllegalStateException.class);
        assertThat(CurrentTrace.get()).isNull();
    }

    @Test
    void shouldNotBeInheritedWhenAThreadStarts() throws InterruptedException {
        // Given
        List<@Nullable TraceContext> seen = new ArrayList<>();

        // When
        Thread thread = CurrentTrace.call(outer, () -> Thread.ofVirtual().start(() -> seen.add(CurrentTrace.get())));
        thread.join();

        // Then
        assertThat(seen).isEqualTo(Arrays.asList((TraceContext) null));
    }

    @Test
    void shouldShowInRowsOnlyWhereThereIsOne() {
        // When
        String with = CurrentTrace.call(outer, CurrentTraceTest::row);
        String without = row();

        // Then
        assertThat(with).isEqualTo("INFO trace=" + outer.traceId() + " Something happened.");
        assertThat(without).isEqualTo("INFO Something happened.");
    }

    private static String row() {
        ExtLogRecord row = new ExtLogRecord(Level.INFO, "Something happened.", CurrentTraceTest.class.getName());
        assertThat(new TraceInRows().isLoggable(row)).isTrue();
        return new PatternFormatter("%p %X{trace}%s").format(row);
    }
}
