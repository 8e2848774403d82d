package io.spyhop.contracts.log;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/**
 * What the gateway asks log-service: how logs are being read, by all of its replicas. Internal: who may see what is
 * decided by the caller. Thread-safe.
 */
@Path("/internal/capture")
@Produces(MediaType.APPLICATION_JSON)
public interface CaptureApi {
    /** By the name of the host; a host of which no log is being read is missing. A few seconds old. */
    @GET
    Map<String, CaptureWays> ways();
}
