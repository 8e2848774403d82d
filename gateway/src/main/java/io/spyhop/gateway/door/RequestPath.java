package io.spyhop.gateway.door;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of a request, which has exactly one spelling here. Empty and dotted segments, {@code ;}, and escapes that
 * stand for what needs none are refused, so that what the door checks is what any router behind it will see. Immutable.
 *
 * @param path as it was sent
 * @param query as it was sent, null where there is none
 * @param segments decoded
 */
record RequestPath(String path, @Nullable String query, List<String> segments) {
    /** The longest address: one with two hundred ids of the longest kind, and more besides. */
    static final int LENGTH_MAX = 12 * 1024;

    private static final String SWAGGER = "/swagger-ui/";

    /** Copies the segments. */
    RequestPath {
        segments = List.copyOf(segments);
    }

    /**
     * Reads what stands in the request line.
     *
     * @throws SpyhopException when it is not an address
     */
    static RequestPath parse(String uri) {
        if (uri.length() > LENGTH_MAX) {
            throw new SpyhopException(ErrorCode.URI_TOO_LONG, "at most " + LENGTH_MAX + " characters");
        }
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        String query = question < 0 ? null : uri.substring(question + 1);
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                checkParameter(pair);
            }
        }
        if (!path.startsWith("/")) {
            throw new SpyhopException(ErrorCode.PARAMETER_INVALID, "the address must begin with a slash");
        }
        List<String> segments = new ArrayList<>();
        if (path.length() > 1) {
            // The one page that needs its slash: its files are relative to it.
            String named = path.equals(SWAGGER) ? path.substring(0, path.length() - 1) : path;
            for (String raw : named.substring(1).split("/", -1)) {
                segments.add(segment(raw));
            }
        }
        return new RequestPath(path, query, segments);
    }

    /** Whether the path begins with these segments. */
    boolean startsWith(String... names) {
        return segments.size() >= names.length
                && segments.subList(0, names.length).equals(List.of(names));
    }

    /** The path from a segment on, with its slash, as it was sent. */
    String from(int segment) {
        int at = 0;
        for (int i = 0; i < segment && at >= 0; i++) {
            at = path.indexOf('/', at + 1);
        }
        return at < 0 ? "" : path.substring(at);
    }

    private static void checkParameter(String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        if (!isText(name)) {
            throw new SpyhopException(ErrorCode.PARAMETER_INVALID, "the query has a wrong escape");
        }
        if (!isText(pair)) {
            throw SpyhopException.parameter(name, "escapes of UTF-8, without NUL");
        }
    }

    private static boolean isText(String raw) {
        String decoded = decode(raw, false);
        return decoded != null && decoded.indexOf('\0') < 0;
    }

    private static String segment(String raw) {
        String decoded = decode(raw, true);
        if (decoded == null) {
            throw new SpyhopException(ErrorCode.PARAMETER_INVALID, "the address has a wrong escape");
        }
        boolean odd = decoded.isEmpty()
                || decoded.equals(".")
                || decoded.equals("..")
                || decoded.chars().anyMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\')
                || raw.indexOf(';') >= 0;
        if (odd) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is nothing at that address");
        }
        return decoded;
    }

    /** Decodes escapes; null where one is wrong, or the bytes are not UTF-8, or one stands for what needs none. */
    private static @Nullable String decode(String raw, boolean strictly) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == '%') {
                int high = at + 3 <= raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
                int low = at + 3 <= raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
                if (high < 0 || low < 0 || (strictly && needsNone((char) (high * 16 + low)))) {
                    return null;
                }
                bytes.put((byte) (high * 16 + low));
                at += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.put((byte) c);
            } else {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean needsNone(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
