package io.spyhop.logs.retention;

import org.jspecify.annotations.Nullable;

/** How long a workload's lines are kept: API over label over setting. Immutable. */
record Rule(Told<Age> output, Told<Age> system, Told<Long> maxBytes) {
    /** A value and where it comes from: {@code api}, {@code label} or {@code default}. */
    record Told<T>(T value, String from) {
        static <T> Told<T> first(@Nullable T api, @Nullable T label, T setting) {
            if (api != null) {
                return new Told<>(api, "api");
            }
            return label == null ? new Told<>(setting, "default") : new Told<>(label, "label");
        }
    }

    static Rule of(StoredRule stored, RetentionConfig config) {
        return new Rule(
                Told.first(stored.apiOutput(), stored.labelOutput(), stored.kept() ? Age.FOREVER : config.retention()),
                Told.first(stored.apiSystem(), null, stored.kept() ? Age.FOREVER : config.systemRetention()),
                Told.first(stored.apiMaxBytes(), stored.labelMaxBytes(), config.maxBytes()));
    }
}
