package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Which workload a container belongs to, as read from its labels and its name. Two containers belong together when
 * {@code org}, {@code source}, {@code sourceHost} and {@code sourceKey} are equal; the rest describes. Immutable.
 *
 * @param source what the identity was read from
 * @param sourceHost empty where containers of several hosts belong together
 * @param sourceKey the names that make the identity
 * @param idWish what the id would be if nobody else had it; already an id
 * @param preferredIndex the index that compose gave, null where there is none
 */
record Naming(
        String org,
        Source source,
        String sourceHost,
        String sourceKey,
        WorkloadId idWish,
        Kind kind,
        String name,
        String slug,
        @Nullable String project,
        @Nullable String deployment,
        @Nullable String service,
        @Nullable String worker,
        @Nullable String app,
        @Nullable String entityType,
        @Nullable String entityId,
        @Nullable String publicKey,
        @Nullable String publicUrl,
        @Nullable String registryUrl,
        @Nullable Integer preferredIndex) {
    private static final int HASH_LENGTH = 6;

    /** What an identity was read from, first match wins. */
    enum Source {
        LABEL,
        COMPOSE,
        PATTERN,
        NAME
    }

    /**
     * The id to try: first the wish itself, then the wish with a hash of the identity, another one for each attempt, so
     * that the same identity asks for the same ids in the same order.
     */
    WorkloadId candidate(int attempt) {
        return attempt == 0 ? idWish : withHash(idWish.value(), identity() + "\n" + attempt);
    }

    private String identity() {
        return org + "\n" + source + "\n" + sourceHost + "\n" + sourceKey;
    }

    /** Cuts the text so that a short hash of the identity fits behind it. */
    static WorkloadId withHash(String text, String identity) {
        int room = WorkloadId.LENGTH_MAX - HASH_LENGTH - 1;
        String kept = text.length() > room ? text.substring(0, room) : text;
        while (kept.endsWith("-")) {
            kept = kept.substring(0, kept.length() - 1);
        }
        return new WorkloadId(kept + "-" + hash(identity));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
