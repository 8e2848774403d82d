package io.spyhop.lifecycle.probe;

import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.PortWay;
import io.spyhop.lifecycle.probe.Answer.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks a container for its health: from inside its network namespace, else at its address, else by a program of its own.
 * An answer counts with all of it within the time, whatever the container does; at most 64 KiB of it are read. Thread-safe.
 */
final class Asker implements AutoCloseable {
    /** Closes what takes too long. */
    private final ScheduledExecutorService clock = clock();

    /**
     * Asks once.
     *
     * @return empty where nobody can say: the container is gone, or there is no way to its port
     */
    Optional<Answer> ask(ContainerEngine engine, Question question) {
        long begin = System.nanoTime();
        if (question.execFirst()) {
            Optional<Answer> said = byExec(engine, question, begin);
            if (said.isPresent()) {
                return said;
            }
        }
        try (PortConnection connection = engine.connect(
                new PortTarget(question.containerId(), question.pid(), question.addresses(), question.port()),
                connectTime(question))) {
            return Optional.of(request(connection, question, begin));
        } catch (ContainerGoneException e) {
            return Optional.empty();
        } catch (PortException e) {
            return failed(engine, question, begin, e);
        } catch (IOException e) {
            return Optional.of(answer(Way.ADDRESS, begin, "the connection broke"));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** What is refused in the namespace is refused; elsewhere another way may lead to what listens on the loopback. */
    private Optional<Answer> failed(ContainerEngine engine, Question question, long begin, PortException e) {
        boolean inside = question.pid() != null && e.way() == PortWay.NAMESPACE;
        String reason = switch (e.reason()) {
            case NO_WAY -> "there is no way to its port";
            case REFUSED -> "connection refused";
            case TIMED_OUT -> "no connection in time";
            case UNREACHABLE -> "its port cannot be reached";
        };
        if (inside) {
            return Optional.of(answer(Way.NAMESPACE, begin, reason));
        }
        Optional<Answer> said = question.execFirst() ? Optional.empty() : byExec(engine, question, begin);
        if (said.isPresent() || e.reason() == PortException.Reason.NO_WAY) {
            return said;
        }
        return Optional.of(answer(Way.ADDRESS, begin, reason));
    }

    private static Duration connectTime(Question question) {
        // Inside a namespace a connection is there, or refused, at once.
        return question.pid() == null
                ? question.timeout().dividedBy(ProbeLimits.ADDRESS_TIME_PART)
                : question.timeout();
    }

    private Answer request(PortConnection connection, Question question, long begin) {
        Way way = connection.way() == PortWay.NAMESPACE ? Way.NAMESPACE : Way.ADDRESS;
        long left = question.timeout().toNanos() - (System.nanoTime() - begin);
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end = clock.schedule(
                () -> {
                    late.set(true);
                    close(connection);
                },
                Math.max(0, left),
                TimeUnit.NANOSECONDS);
        String reason;
        try {
            reason = HttpExchange.reason(connection.channel().socket(), question);
        } finally {
            end.cancel(false);
        }
        return answer(way, begin, reason != null && late.get() ? "no whole answer within " + text(question) : reason);
    }

    private Optional<Answer> byExec(ContainerEngine engine, Question question, long begin) {
        try {
            return ExecProbe.run(engine, question)
                    .map(reason -> answer(Way.EXEC, begin, reason.isEmpty() ? null : reason));
        } catch (EngineException e) {
            return Optional.empty();
        }
    }

    private static Answer answer(Way way, long begin, @Nullable String reason) {
        return new Answer(way, Duration.ofNanos(System.nanoTime() - begin), reason);
    }

    private static String text(Question question) {
        long millis = question.timeout().toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private static void close(PortConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // Nobody waits for it any more.
        }
    }

    private static ScheduledExecutorService clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("health-deadline").daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
