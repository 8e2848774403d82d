package io.spyhop.embedded;

import com.yammer.metrics.core.Meter;
import com.yammer.metrics.core.Metric;
import com.yammer.metrics.core.MetricName;
import com.yammer.metrics.core.MetricsRegistry;
import com.yammer.metrics.core.MetricsRegistryListener;
import com.yammer.metrics.core.Timer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/**
 * Takes the broker's meters out of their registry as they come. Nobody reads them in a process of Spyhop's, and each has its rates
 * computed anew every five seconds on threads of its own: some hundred times a second where there are ten topics. They still
 * count. Thread-safe.
 */
final class QuietMeters implements MetricsRegistryListener {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final MetricsRegistry registry;

    private QuietMeters(MetricsRegistry registry) {
        this.registry = registry;
    }

    /** Does so for all brokers of this process, which share a registry. */
    static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            MetricsRegistry registry = KafkaYammerMetrics.defaultRegistry();
            registry.addListener(new QuietMeters(registry));
        }
    }

    @Override
    public void onMetricAdded(MetricName name, Metric metric) {
        if (metric instanceof Meter || metric instanceof Timer) {
            // Stops it too.
            registry.removeMetric(name);
        }
    }

    @Override
    public void onMetricRemoved(MetricName name) {
        // Whoever removes it wants that.
    }
}
