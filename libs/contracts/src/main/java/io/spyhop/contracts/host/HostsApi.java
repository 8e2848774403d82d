package io.spyhop.contracts.host;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * What the gateway asks health-crash-service: the hosts that it is configured with. Internal: who may see what is decided
 * by the caller. Thread-safe.
 */
@Path("/internal/hosts")
@Produces(MediaType.APPLICATION_JSON)
public interface HostsApi {
    /** Every configured host, by name; {@code capture} is not known here. */
    @GET
    HostList list();
}
