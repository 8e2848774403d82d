package io.spyhop.metrics.store;

/** What is measured, and where it stands: in samples, in what they are rolled up to, and in series. */
public enum Figure {
    CPU("cpu", "cpu_pct", "cpuPct", "percent", true),
    MEM_USED("mem_used", "mem_used_mb", "memUsedMb", "MiB", true),
    MEM_LIMIT("mem_limit", "mem_limit_mb", "memLimitMb", "MiB", false),
    NET_RX("net_rx", "net_rx_rate", "netRxRate", "bytes/s", false),
    NET_TX("net_tx", "net_tx_rate", "netTxRate", "bytes/s", false),
    BLOCK_READ("block_read", "block_read_rate", "blockReadRate", "bytes/s", false),
    BLOCK_WRITE("block_write", "block_write_rate", "blockWriteRate", "bytes/s", false),
    PIDS("pids", "pids", "pids", "count", false);

    private final String prefix;
    private final String column;
    private final String series;
    private final String unit;
    private final boolean bounded;

    Figure(String prefix, String column, String series, String unit, boolean bounded) {
        this.prefix = prefix;
        this.column = column;
        this.series = series;
        this.unit = unit;
        this.bounded = bounded;
    }

    /** Its column in samples. */
    public String column() {
        return column;
    }

    /** Its column of averages where samples are rolled up. */
    public String average() {
        return prefix + "_avg";
    }

    /** Its column of least values. */
    public String least() {
        return prefix + "_min";
    }

    /** Its column of greatest values. */
    public String most() {
        return prefix + "_max";
    }

    /** The column of the seconds for which it is known. */
    public String seconds() {
        return alwaysKnown() ? "covered_s" : prefix + "_s";
    }

    /** The name of its series. */
    public String series() {
        return series;
    }

    /** The unit of its series. */
    public String unit() {
        return unit;
    }

    /** Whether series tell its bounds too. */
    public boolean bounded() {
        return bounded;
    }

    /** Whether every sample has it. */
    public boolean alwaysKnown() {
        return this == MEM_USED || this == MEM_LIMIT;
    }

    /** A stored or computed value as it is told: with the digits that a stored one has. */
    public static double told(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }
}
