package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The answer to one request for a log or a command's output, on a connection of its own to an engine's socket on this machine. The engine sends each
 * line as a chunk of HTTP by itself. Where many come, a reader that is woken for each of them costs engine and reader more
 * than the lines do; so this one rests for moments, and takes all that has gathered in the socket at once. One reader;
 * {@link #close} from any thread, or an interrupt of the reader, ends the read.
 */
final class UnixAnswer extends InputStream implements DockerHttpClient.Response {
    /** Most containers are quiet, and there may be thousands: a buffer starts small. */
    private static final int BUFFER_BYTES_MIN = 8 * 1024;

    /** More than a socket holds of short lines, each of which takes up room of its own there. */
    private static final int BUFFER_BYTES_MAX = 64 * 1024;

    /** Status and headers; engines send some hundred bytes. */
    private static final int HEAD_BYTES_MAX = 8 * 1024;

    /** The line before a chunk: its length in hexadecimal digits. */
    private static final int CHUNK_LINE_BYTES_MAX = 1024;

    /** A read so soon after the one before is a sign of many lines, one that is later of few. */
    private static final long SOON_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** So many more signs of many lines, and it rests. The others weigh more, but one alone says little on a busy machine. */
    private static final int MANY = 32;

    private static final int MANY_MAX = 2 * MANY;
    private static final int FEW_WEIGHT = 4;

    /** A socket holds some 270 short lines: what the engine, at its fastest, writes in 1.5 ms. Then it waits. */
    private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** A rest was worth it when so much had gathered: some lines. */
    private static final int GATHERED_BYTES_MIN = 1024;

    private final SocketChannel channel;
    private final Semaphore closing = new Semaphore(0);
    private ByteBuffer raw = ByteBuffer.allocate(BUFFER_BYTES_MIN).limit(0);

    private int status;
    private final Map<String, List<String>> headers = new TreeMap<>();

    // What is left of the present chunk, or of the whole answer where it has none.
    private boolean chunked;
    private boolean untilClosed;
    private long left;
    private boolean ended;

    private boolean drained;
    private long readAt;
    private int many;

    private UnixAnswer(SocketChannel channel) {
        this.channel = channel;
    }

    /** Asks, and reads up to the answer's headers. */
    static UnixAnswer to(Path socket, String path) throws IOException {
        return ask(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    /** As {@link #to(Path, String)}, with JSON that has no other characters than ASCII's. */
    static UnixAnswer to(Path socket, String path, String body) throws IOException {
        return ask(
                socket,
                "POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static UnixAnswer ask(Path socket, String text) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        UnixAnswer answer = new UnixAnswer(channel);
        try {
            ByteBuffer request = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            answer.readHead();
            return answer;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public Map<String, List<String>> getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() {
        return this;
    }

    @Override
    public void close() {
        closing.release();
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use to anybody any more.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Takes what has come, of as many chunks as there are; waits where nothing has. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int copied = 0;
        while (copied < length && !ended) {
            if (left > 0 && raw.hasRemaining()) {
                int part = (int) Math.min(Math.min(left, raw.remaining()), length - copied);
                raw.get(bytes, offset + copied, part);
                copied += part;
                left -= part;
                ended = left == 0 && !chunked;
            } else if (left > 0 || !beginChunk()) {
                if (copied > 0) {
                    break;
                }
                fill();
            }
        }
        return copied == 0 && ended && length > 0 ? -1 : copied;
    }

    /** Takes the line that begins a chunk, or ends one; false where it is not there as a whole. */
    private boolean beginChunk() throws IOException {
        byte[] bytes = raw.array();
        int from = raw.position();
        int to = LineJoiner.indexOfLineEnd(bytes, from, raw.limit());
        if (to - from > CHUNK_LINE_BYTES_MAX) {
            throw new IOException("not an answer in chunks");
        }
        if (to == raw.limit()) {
            return false;
        }
        long size = 0;
        int at = from;
        while (at < to && Character.digit(bytes[at], 16) >= 0) {
            size = size << 4 | Character.digit(bytes[at], 16);
            at++;
        }
        if (size < 0 || (at < to && bytes[at] != '\r' && bytes[at] != ';' && bytes[at] != ' ')) {
            throw new IOException("not an answer in chunks");
        }
        raw.position(to + 1);
        // Without digits it is what stands after a chunk.
        ended = at > from && size == 0;
        left = size;
        return true;
    }

    private void readHead() throws IOException {
        chunked = true;
        int length = headLength();
        while (length < 0) {
            if (raw.remaining() > HEAD_BYTES_MAX) {
                throw new IOException("an answer without an end of its headers");
            }
            fill();
            length = headLength();
        }
        String[] lines = new String(raw.array(), raw.position(), length, US_ASCII).split("\r\n", -1);
        raw.position(raw.position() + length);
        String[] statusLine = lines[0].split(" ", 3);
        if (!statusLine[0].startsWith("HTTP/1.") || statusLine.length < 2 || !statusLine[1].matches("\\d{3}")) {
            throw new IOException("not an answer of HTTP");
        }
        status = Integer.parseInt(statusLine[1]);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        List.of(lines[i].substring(colon + 1).strip()));
            }
        }
        chunked = "chunked".equalsIgnoreCase(getHeader("transfer-encoding"));
        if (!chunked) {
            String contentLength = getHeader("content-length");
            untilClosed = contentLength == null;
            left = contentLength == null ? Long.MAX_VALUE : Long.parseLong(contentLength);
            ended = left == 0;
        }
    }

    /** The length of status and headers with the empty line after them; -1 where not all of them have come. */
    private int headLength() {
        byte[] bytes = raw.array();
        for (int at = raw.position(); at + 4 <= raw.limit(); at++) {
            if (bytes[at] == '\r' && bytes[at + 1] == '\n' && bytes[at + 2] == '\r' && bytes[at + 3] == '\n') {
                return at + 4 - raw.position();
            }
        }
        return -1;
    }

    /** Waits for more, and reads all that is there. */
    private void fill() throws IOException {
        boolean rest = drained && many >= MANY;
        if (rest) {
            rest();
        }
        long now = System.nanoTime();
        raw.compact();
        int room = raw.remaining();
        int read = channel.read(raw);
        drained = read < room;
        raw.flip();
        if (!drained && raw.capacity() < BUFFER_BYTES_MAX) {
            raw = ByteBuffer.allocate(BUFFER_BYTES_MAX).put(raw).flip();
        }
        boolean soon = rest ? read >= GATHERED_BYTES_MIN : now - readAt < SOON_NANOS;
        many = soon ? Math.min(many + 1, MANY_MAX) : Math.max(many - FEW_WEIGHT, 0);
        readAt = now;
        if (read < 0) {
            if (!untilClosed) {
                throw new IOException("the answer ended before its last chunk");
            }
            ended = true;
        }
    }

    private void rest() {
        try {
            if (closing.tryAcquire(REST_NANOS, TimeUnit.NANOSECONDS)) {
                closing.release();
            }
        } catch (InterruptedException e) {
            // The channel closes itself when it is read.
            Thread.currentThread().interrupt();
        }
    }
}
