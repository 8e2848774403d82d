package io.spyhop.gateway.token;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes guessing slow and seen. Failures are counted for each remote address: the first are answered at once, the next
 * ever later, and beyond a limit the address is refused for a while. A token or code is always looked at first and what
 * is right passes at once, because behind a proxy everybody has one address; it also clears the address. Cookies of ended
 * sessions do not count: browsers send them by themselves. Thread-safe; memory, waiting and log rows are bounded.
 */
@ApplicationScoped
public class FailedSignIns {
    private static final Logger LOGGER = LoggerFactory.getLogger(FailedSignIns.class);
    private static final int IPV6_NETWORK_BYTES = 8;

    private final InstantSource clock;
    private final Counter failures;
    private final Semaphore waiting = new Semaphore(AccessLimits.FAILURES_WAITING_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private Instant rowsSince = Instant.MIN;
    private int rows;

    /** By address, the one that failed longest ago first. */
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > AccessLimits.FAILURE_ADDRESSES_MAX;
        }
    };

    /** What one address did wrong. */
    private static final class Failures {
        int count;
        Instant last = Instant.MIN;
        Instant blockedUntil = Instant.MIN;
        int unlogged;
        Instant loggedAt = Instant.MIN;
    }

    /** What happens to a failure: it is answered after a delay, or refused for a while. */
    record Verdict(Duration delay, Duration refusedFor) {
        boolean refused() {
            return refusedFor.isPositive();
        }
    }

    @Inject
    FailedSignIns(MeterRegistry registry) {
        this(registry, InstantSource.system());
    }

    FailedSignIns(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        this.failures = Counter.builder("spyhop.sign.ins.failed")
                .description("Sign-ins and requests with a wrong token or code")
                .register(registry);
    }

    /**
     * A wrong token or code came from an address: waits as long as it has to, and gives what to answer. Blocks.
     *
     * @param message says what was wrong, where there were not too many
     */
    public SpyhopException refusal(String remote, String message) {
        Verdict verdict = failed(remote);
        if (verdict.refused()) {
            return SpyhopException.tooMany(
                    "too many wrong tokens from this address; try again in "
                            + (verdict.refusedFor().toSeconds() + 1) + " s",
                    verdict.refusedFor());
        }
        if (verdict.delay().isPositive()) {
            if (!waiting.tryAcquire()) {
                return SpyhopException.tooMany("too many wrong tokens at once", AccessLimits.FAILURE_DELAY_MAX);
            }
            try {
                Thread.sleep(verdict.delay());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.release();
            }
        }
        return new SpyhopException(ErrorCode.TOKEN_INVALID, message);
    }

    /** A right token or code came from an address. */
    public void cleared(String remote) {
        lock.lock();
        try {
            Failures known = byAddress.isEmpty() ? null : byAddress.get(key(remote));
            if (known != null) {
                // What was logged stays known: a right token now and then must not make the log grow.
                known.count = 0;
                known.blockedUntil = Instant.MIN;
            }
        } finally {
            lock.unlock();
        }
    }

    Verdict failed(String remote) {
        failures.increment();
        Instant now = clock.instant();
        int toLog;
        Verdict verdict;
        lock.lock();
        try {
            Failures known = byAddress.computeIfAbsent(key(remote), address -> new Failures());
            verdict = judge(known, now);
            known.unlogged++;
            toLog = mayLog(known, now) ? known.unlogged : 0;
            if (toLog > 0) {
                known.unlogged = 0;
                known.loggedAt = now;
            }
        } finally {
            lock.unlock();
        }
        if (toLog > 0) {
            LOGGER.atWarn()
                    .addKeyValue("remote", remote)
                    .addKeyValue("count", toLog)
                    .log("Wrong tokens or sign-in codes were refused.");
        }
        return verdict;
    }

    private static Verdict judge(Failures known, Instant now) {
        if (now.isBefore(known.blockedUntil)) {
            // Not prolonged, so that a forgotten script does not shut its address out for good.
            return new Verdict(Duration.ZERO, Duration.between(now, known.blockedUntil));
        }
        if (known.last.isBefore(now.minus(AccessLimits.FAILURE_BLOCK))) {
            known.count = 0;
        }
        known.last = now;
        known.count++;
        if (known.count > AccessLimits.FAILURES_MAX) {
            known.blockedUntil = now.plus(AccessLimits.FAILURE_BLOCK);
            return new Verdict(Duration.ZERO, AccessLimits.FAILURE_BLOCK);
        }
        int delayed = known.count - AccessLimits.FAILURES_FREE;
        if (delayed <= 0) {
            return new Verdict(Duration.ZERO, Duration.ZERO);
        }
        Duration delay = AccessLimits.FAILURE_DELAY_MIN.multipliedBy(1L << (delayed - 1));
        boolean longest = delay.compareTo(AccessLimits.FAILURE_DELAY_MAX) > 0;
        return new Verdict(longest ? AccessLimits.FAILURE_DELAY_MAX : delay, Duration.ZERO);
    }

    private boolean mayLog(Failures known, Instant now) {
        if (known.loggedAt.isAfter(now.minus(AccessLimits.FAILURE_LOG_EVERY))) {
            return false;
        }
        if (rowsSince.isBefore(now.minus(AccessLimits.FAILURE_LOG_EVERY))) {
            rowsSince = now;
            rows = 0;
        }
        return rows++ < AccessLimits.FAILURE_LOG_ROWS_MAX;
    }

    /** Whoever has an IPv6 address has a network of them: its first half counts as one address. */
    private static String key(String remote) {
        if (remote.indexOf(':') < 0) {
            return remote;
        }
        try {
            byte[] address =
                    InetAddress.ofLiteral(remote.replaceFirst("%.*", "")).getAddress();
            return address.length == 16 ? HexFormat.of().formatHex(address, 0, IPV6_NETWORK_BYTES) : remote;
        } catch (IllegalArgumentException e) {
            return remote;
        }
    }
}
