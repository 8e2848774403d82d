package io.spyhop.gateway.services;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.gateway.services.AttemptFailedException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one way to call a service: which replica, how often, for how long. What may be repeated is asked of the next usable
 * replica at once, and after a pause of all of them again; what may not is repeated only where nobody was reached.
 * Answers, problems of the caller's among them, are never repeated. A call ends within {@link CallLimits#TOTAL}, and at
 * once where no replica lives. Thread-safe.
 */
final class Calls {
    /** One request to one replica. */
    @FunctionalInterface
    interface Attempt<T> {
        T on(Replica replica, Duration limit) throws AttemptFailedException, InterruptedException;
    }

    /** Time, which tests make pass. */
    interface Time {
        long nanos();

        void pause(Duration duration) throws InterruptedException;
    }

    private final String service;
    private final Replicas replicas;
    private final Time time;
    private final Semaphore places = new Semaphore(CallLimits.CALLS_MAX);

    Calls(String service, Replicas replicas, Time time) {
        this.service = service;
        this.replicas = replicas;
        this.time = time;
    }

    /**
     * Calls until there is an answer.
     *
     * @param again whether asking twice is as good as asking once
     * @throws SpyhopException {@code DEPENDENCY_AWAY} with the name of the service, or what the attempt threw
     */
    <T> T call(boolean again, Duration attemptMax, Attempt<T> attempt) {
        return within(until -> rounds(again, attemptMax, attempt, until));
    }

    /**
     * Asks every usable replica at the same time. One that gives no answer is left out; where none gives one, all are asked
     * again as {@link #call} does.
     *
     * @return an answer of each replica that gave one
     * @throws SpyhopException as {@link #call}; what is a fault of the caller's is thrown whichever replica found it
     */
    <T> List<T> callEvery(boolean again, Duration attemptMax, Attempt<T> attempt) {
        return within(until -> roundsOfEvery(again, attemptMax, attempt, until));
    }

    private <T> T within(Rounds<T> rounds) {
        long until = time.nanos() + CallLimits.TOTAL.toNanos();
        try {
            if (!places.tryAcquire(left(until).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, service + " is asked too much at once");
            }
            try {
                return rounds.until(until);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        }
    }

    /** All attempts of a call. */
    @FunctionalInterface
    private interface Rounds<T> {
        T until(long until) throws InterruptedException;
    }

    private <T> T rounds(boolean again, Duration attemptMax, Attempt<T> attempt, long until)
            throws InterruptedException {
        AttemptFailedException last = null;
        Duration backoff = CallLimits.BACKOFF;
        for (int round = 1; round <= CallLimits.ROUNDS; round++) {
            if (round > 1) {
                time.pause(shorter(backoff, left(until)));
                backoff = backoff.multipliedBy(2);
            }
            for (Replica replica : usable(until)) {
                Duration limit = shorter(attemptMax, left(until));
                if (!limit.isPositive()) {
                    throw away(last);
                }
                try {
                    return ask(replica, limit, attempt);
                } catch (AttemptFailedException e) {
                    last = e;
                    if (!again && e.kind() != Kind.UNREACHABLE) {
                        throw away(e);
                    }
                }
            }
        }
        throw away(last);
    }

    private <T> List<T> roundsOfEvery(boolean again, Duration attemptMax, Attempt<T> attempt, long until)
            throws InterruptedException {
        Exception last = null;
        Duration backoff = CallLimits.BACKOFF;
        for (int round = 1; round <= CallLimits.ROUNDS; round++) {
            if (round > 1) {
                time.pause(shorter(backoff, left(until)));
                backoff = backoff.multipliedBy(2);
            }
            Duration limit = shorter(attemptMax, left(until));
            if (!limit.isPositive()) {
                break;
            }
            boolean mayRepeat = true;
            List<T> answers = new ArrayList<>();
            for (Future<T> part : askEach(usable(until), limit, attempt)) {
                try {
                    answers.add(part.get());
                } catch (ExecutionException e) {
                    last = partial(e.getCause());
                    mayRepeat &= last instanceof AttemptFailedException failed
                            && (again || failed.kind() == Kind.UNREACHABLE);
                }
            }
            if (!answers.isEmpty()) {
                return answers;
            }
            if (!mayRepeat) {
                break;
            }
        }
        throw last instanceof SpyhopException said ? said : away(last);
    }

    /** All at once, in the caller's trace; ends when all have ended. */
    private <T> List<Future<T>> askEach(List<Replica> all, Duration limit, Attempt<T> attempt)
            throws InterruptedException {
        TraceContext trace = CurrentTrace.get();
        List<Callable<T>> questions = new ArrayList<>();
        for (Replica replica : all) {
            questions.add(() -> CurrentTrace.<T, Exception>call(trace, () -> ask(replica, limit, attempt)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(questions);
        }
    }

    /** Why one part is missing; throws what is the caller's fault or our own. */
    private static Exception partial(@Nullable Throwable cause) {
        return switch (cause) {
            case AttemptFailedException failed -> failed;
            case SpyhopException said when said.code() == ErrorCode.DEPENDENCY_AWAY -> said;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> throw new IllegalStateException("an attempt ended oddly", cause);
        };
    }

    private List<Replica> usable(long until) throws InterruptedException {
        List<Replica> usable = replicas.usable();
        if (usable.isEmpty()) {
            replicas.revive(shorter(CallLimits.PROBE, left(until)));
            return replicas.usable();
        }
        return usable;
    }

    private static <T> T ask(Replica replica, Duration limit, Attempt<T> attempt)
            throws AttemptFailedException, InterruptedException {
        try {
            T answer = attempt.on(replica, limit);
            replica.answered();
            return answer;
        } catch (SpyhopException answer) {
            replica.answered();
            throw answer;
        } catch (AttemptFailedException e) {
            replica.failed(e);
            throw e;
        }
    }

    private SpyhopException away(@Nullable Exception cause) {
        return cause instanceof AttemptFailedException failed && failed.said() != null
                ? failed.said()
                : new SpyhopException(ErrorCode.DEPENDENCY_AWAY, service + " is away", cause);
    }

    private Duration left(long until) {
        return Duration.ofNanos(Math.max(0, until - time.nanos()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
