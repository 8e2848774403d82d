package io.spyhop.engine.namespace;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The calls of the C library that Java does not offer. Each throws with the kernel's reason. Thread-safe. */
final class KernelCalls {
    /** Not permitted, by lack of a capability. */
    static final int EPERM = 1;

    /** No such file, as the process has ended, or no such socket. */
    static final int ENOENT = 2;

    /** No such process. */
    static final int ESRCH = 3;

    /** Not permitted, by lack of a right to the file. */
    static final int EACCES = 13;

    /** Interrupted by a signal: nothing happened, and it can be called again. */
    static final int EINTR = 4;

    private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
    private static final int AF_NETLINK = 16;
    private static final int RAW_CLOSE_ON_EXEC = 0x80003;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int DO_NOT_WAIT = 0x40;
    private static final int CLONE_NEWNET = 0x40000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    // The mode that a call to open may end with is left out: nothing is created.
    private static final MethodHandle OPEN = call(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS =
            call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.captureCallState("errno"));
    private static final MethodHandle SOCKET = call(
            "socket",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle SEND = call(
            "send",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle RECEIVE = call(
            "recv",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private KernelCalls() {}

    /** The kernel refused. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int errno;

        RefusedException(String call, int errno) {
            super(call + " failed with errno " + errno);
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    /** Opens a file for reading; gives its descriptor. */
    static int open(String path) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path), READ_ONLY_CLOSE_ON_EXEC);
            return checked("open", descriptor, state);
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    /** Moves the calling thread, and no other, into a network namespace. */
    static void enter(int namespace) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("setns", (int) SETNS.invokeExact(state, namespace, CLONE_NEWNET), state);
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    /** Opens a socket that asks the kernel about sockets of the namespace that the calling thread is in. */
    static int diagnosticSocket() throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int descriptor = (int) SOCKET.invokeExact(state, AF_NETLINK, RAW_CLOSE_ON_EXEC, NETLINK_SOCK_DIAG);
            return checked("socket", descriptor, state);
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    /** Memory for the kernel's reasons, for calls that are too frequent to make it each time. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    /** Sends what a segment holds. */
    static void send(int descriptor, MemorySegment what, MemorySegment state) throws RefusedException {
        try {
            long sent = (long) SEND.invokeExact(state, descriptor, what, what.byteSize(), DO_NOT_WAIT);
            checked("send", sent, state);
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    /** Receives what is there, at most what a segment can hold; never waits. Gives how many bytes. */
    static long receive(int descriptor, MemorySegment into, MemorySegment state) throws RefusedException {
        try {
            long received = (long) RECEIVE.invokeExact(state, descriptor, into, into.byteSize(), DO_NOT_WAIT);
            return checked("recv", received, state);
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    /** Closes a descriptor, whatever comes of that. */
    static void close(int descriptor) {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    private static int checked(String call, int result, MemorySegment state) throws RefusedException {
        return (int) checked(call, (long) result, state);
    }

    private static long checked(String call, long result, MemorySegment state) throws RefusedException {
        if (result < 0) {
            throw new RefusedException(call, (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    @SuppressWarnings("restricted") // Every way of starting allows native access.
    private static MethodHandle call(String name, FunctionDescriptor form, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
        return LINKER.downcallHandle(address, form, options);
    }
}
