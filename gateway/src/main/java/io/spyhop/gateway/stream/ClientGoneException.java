package io.spyhop.gateway.stream;

/** The client closed its connection; ends its reader, and is nobody's fault. */
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientGoneException() {
        super("the client has gone", null, false, false);
    }
}
