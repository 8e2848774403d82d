package io.spyhop.contracts.trace;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Adds the current trace to rows of the log: {@code %X{trace}} shows it with its name and a space behind it, so that a
 * format needs no brackets that would be empty without one; {@code traceId} is the id alone. Nothing is done for a trace of
 * which no row speaks. Thread-safe.
 */
@LoggingFilter(name = "spyhop-trace")
public final class TraceInRows implements Filter {
    /** What a format shows. */
    static final String SHOWN = "trace";

    /** The id alone, for formats of fields. */
    static final String ID = "traceId";

    @Override
    public boolean isLoggable(LogRecord row) {
        TraceContext trace = CurrentTrace.get();
        if (trace != null && row instanceof ExtLogRecord extended) {
            extended.putMdc(SHOWN, "trace=" + trace.traceId() + " ");
            extended.putMdc(ID, trace.traceId());
        }
        return true;
    }
}
