package io.spyhop.gateway.token;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Together;
import io.spyhop.gateway.scope.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose secrets are whose, remembered for some seconds as the database told it: tokens, cookies of sessions, cookies of ports,
 * each sort for itself. What is in use is asked for anew ahead of time. Thread-safe.
 */
@ApplicationScoped
class KnownCallers {
    private static final Logger LOGGER = LoggerFactory.getLogger(KnownCallers.class);

    private final InstantSource clock;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
    /** Secrets of others, and until when that is believed: what programs behind ports send each time is not asked for each time. */
    private final ConcurrentMap<String, Instant> foreign = new ConcurrentHashMap<>();

    private final AtomicLong forgotten = new AtomicLong();
    private final Together<String, Optional<Known>> together = new Together<>();

    @Inject
    KnownCallers() {
        this(InstantSource.system());
    }

    KnownCallers(InstantSource clock) {
        this.clock = clock;
    }

    /** An answer, since when and until when it is believed, and whether it is asked for anew. */
    record Known(Caller caller, Instant since, Instant until, AtomicBoolean renewed) {
        /** To be believed for a while: what expires within that time is not believed beyond. */
        static Known of(Caller caller, Instant now, @Nullable Instant expiresAt) {
            Instant until = now.plus(AccessLimits.KNOWN);
            return new Known(
                    caller,
                    now,
                    expiresAt != null && expiresAt.isBefore(until) ? expiresAt : until,
                    new AtomicBoolean());
        }

        /** Whether to ask anew, so that nobody has to wait for the answer: true once. */
        boolean isDue(Instant now) {
            return now.isAfter(since.plus(AccessLimits.KNOWN.dividedBy(2))) && renewed.compareAndSet(false, true);
        }
    }

    /**
     * Whose secret this is. Blocks on the question where the answer is not known.
     *
     * @param sort of secret: the same text is another one in each
     * @param question who has the secret of this hash
     * @throws SpyhopException {@code DEPENDENCY_AWAY}
     */
    Optional<Caller> ask(String sort, String secret, Function<byte[], Optional<Known>> question) {
        if (secret.isEmpty() || secret.length() > AccessLimits.SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        byte[] hash = Secrets.hash(secret);
        String key = key(sort, hash);
        Instant now = clock.instant();
        Known entry = known.get(key);
        if (entry != null && now.isBefore(entry.until())) {
            return Optional.of(entry.caller());
        }
        return foreign.getOrDefault(key, Instant.MIN).isAfter(now) ? Optional.empty() : asked(key, hash, question);
    }

    /** The same, where the answer is known; empty where it is not. Never blocks. */
    Optional<Caller> known(String sort, String secret, Function<byte[], Optional<Known>> question) {
        if (secret.length() > AccessLimits.SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        byte[] hash = Secrets.hash(secret);
        String key = key(sort, hash);
        Instant now = clock.instant();
        Known entry = known.get(key);
        if (entry == null || !now.isBefore(entry.until())) {
            return Optional.empty();
        }
        if (entry.isDue(now)) {
            Thread.ofVirtual().name("spyhop-access").start(() -> renew(key, hash, question));
        }
        return Optional.of(entry.caller());
    }

    /** Whatever is known may be wrong now. */
    void forget() {
        forgotten.incrementAndGet();
        known.clear();
        foreign.clear();
    }

    private void renew(String key, byte[] hash, Function<byte[], Optional<Known>> question) {
        try {
            asked(key, hash, question);
        } catch (SpyhopException e) {
            LOGGER.atDebug().addKeyValue("reason", e.toString()).log("Who has a secret was not told anew.");
        }
    }

    private Optional<Caller> asked(String key, byte[] hash, Function<byte[], Optional<Known>> question) {
        long before = forgotten.get();
        Optional<Known> found;
        try {
            // Who asks after a revocation must not get an answer from before it.
            found = together.ask(before + key, () -> question.apply(hash));
        } catch (PersistenceException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
        }
        if (known.size() + foreign.size() >= AccessLimits.KNOWN_MAX) {
            known.clear();
            foreign.clear();
        }
        // An answer from before a revocation must not come back after it, also where that happens in this moment.
        Known answer = found.orElse(null);
        Instant nobodys = answer == null ? clock.instant().plus(AccessLimits.KNOWN) : null;
        known.compute(key, (same, last) -> forgotten.get() == before ? answer : null);
        foreign.compute(key, (same, last) -> forgotten.get() == before ? nobodys : null);
        return found.map(Known::caller);
    }

    /** Secrets themselves are not kept in memory. */
    private static String key(String sort, byte[] hash) {
        return sort + HexFormat.of().formatHex(hash);
    }
}
