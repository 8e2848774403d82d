package io.spyhop.engine;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection to a port of a container, to be closed by whoever asked for it.
 *
 * @param channel connected, in blocking mode
 */
public record PortConnection(SocketChannel channel, PortWay way) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
