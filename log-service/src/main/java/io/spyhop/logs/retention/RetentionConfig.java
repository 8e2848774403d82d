package io.spyhop.logs.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.ByteSize;
import java.util.Optional;

/** How long lines are kept, and how much room they may take. */
@ConfigMapping(prefix = "spyhop.logs")
public interface RetentionConfig {
    /**
     * The age at which output is removed: {@code 12h}, {@code 7d}, {@code 2w} or {@code forever}. A workload's API and its
     * containers' label {@code spyhop.logs.retention} go before it. Output of job runs is kept for ever unless one of those
     * says otherwise.
     */
    @WithDefault("7d")
    @WithConverter(AgeOrForever.class)
    Age retention();

    /** The age at which system lines are removed. */
    @WithDefault("30d")
    @WithConverter(AgeOrForever.class)
    Age systemRetention();

    /**
     * The most stored bytes (compressed, with what makes them quick to search) of a workload; its oldest output goes first.
     * Its API and its containers' label {@code spyhop.logs.max-bytes} go before it.
     */
    @WithDefault("1g")
    @WithConverter(ByteSize.class)
    long maxBytes();

    /**
     * The most stored bytes of all workloads together; the oldest output goes first, whosever it is. Where it is not set:
     * 20 GiB, or 30 % of the file system of the data directory if that is less. All replicas should have the same.
     */
    @WithConverter(ByteSize.class)
    Optional<Long> totalBytes();
}
