package io.spyhop.metrics.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** How fine figures are stored: each a table, partitioned by days or months of UTC. */
public enum Tier {
    SAMPLES("sample", 1, false),
    MINUTES("five_minutes", 300, false),
    HOURS("hour", 3600, true);

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");

    private final String table;
    private final long seconds;
    private final boolean monthly;

    Tier(String table, long seconds, boolean monthly) {
        this.table = table;
        this.seconds = seconds;
        this.monthly = monthly;
    }

    /** The table's name, without its schema. */
    public String table() {
        return table;
    }

    /** The length of its buckets; samples have an interval of their own. */
    public long seconds() {
        return seconds;
    }

    /** The begin of the bucket that a time is in. */
    public Instant floor(Instant at) {
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    }

    /** The first day of the partition that a time is in. */
    public LocalDate partitionOf(Instant at) {
        LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
        return monthly ? YearMonth.from(day).atDay(1) : day;
    }

    /** The first day after a partition. */
    LocalDate after(LocalDate partition) {
        return monthly ? partition.plusMonths(1) : partition.plusDays(1);
    }

    /** The name of a partition, without its schema. */
    String partition(LocalDate first) {
        return table + "_" + DAY.format(first);
    }

    /** The first day of a partition by its name; empty where it is none of this tier. */
    Optional<LocalDate> firstDay(String partition) {
        if (!partition.startsWith(table + "_")) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(partition.substring(table.length() + 1), DAY));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
