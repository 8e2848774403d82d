package io.spyhop.gateway.services;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.services.AttemptFailedException.Kind;
import java.time.Duration;
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
        long until = time.nanos() + CallLimits.TOTAL.toNanos();
        try {
            if (!places.tryAcquire(left(until).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, service + " is asked too much at once");
            }
            try {
                return rounds(again, attemptMax, attempt, until);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        }
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
            var usable = replicas.usable();
            if (usable.isEmpty()) {
                replicas.revive(shorter(CallLimits.PROBE, left(until)));
                usable = replicas.usable();
            }
            for (Replica replica : usable) {
                Duration limit = shorter(attemptMax, left(until));
                if (!limit.isPositive()) {
                    throw away(last);
                }
                try {
                    T answer = attempt.on(replica, limit);
                    replica.answered();
                    return answer;
                } catch (SpyhopException answer) {
                    replica.answered();
                    throw answer;
                } catch (AttemptFailedException e) {
                    replica.failed(e);
                    last = e;
                    if (!again && e.kind() != Kind.UNREACHABLE) {
                        throw away(e);
                    }
                }
            }
        }
        throw away(last);
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
