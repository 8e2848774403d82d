package io.spyhop.gateway.ports;

import io.spyhop.contracts.port.ListeningPorts;
import jakarta.enterprise.context.ApplicationScoped;

/** Who may open a port. */
@ApplicationScoped
public class PortVisibility {
    /** Only who may see its workload. */
    public static final String PRIVATE = "private";

    /** Everybody who reaches Spyhop. */
    public static final String PUBLIC = "public";

    /** Of one port: as its container's label says, else private. */
    public String of(ListeningPorts instance, int port) {
        return PUBLIC.equals(instance.visibility()) ? PUBLIC : PRIVATE;
    }
}
