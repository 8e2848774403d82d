package io.spyhop.contracts.log;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * A {@link LinesPage} between services: through (8 bytes), count (4), more (1), how many numbers matched (4) and which (8
 * each), then the rows as they are, so that stored bytes pass without being parsed or copied into JSON.
 */
@Provider
@Produces(LinesPageBody.MEDIA_TYPE)
@Consumes(LinesPageBody.MEDIA_TYPE)
public class LinesPageBody implements MessageBodyReader<LinesPage>, MessageBodyWriter<LinesPage> {
    /** The media type of a page between services. */
    public static final String MEDIA_TYPE = "application/vnd.spyhop.lines";

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == LinesPage.class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == LinesPage.class;
    }

    @Override
    public LinesPage readFrom(
            Class<LinesPage> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream in)
            throws IOException, WebApplicationException {
        return read(in);
    }

    /** Reads a page to the end of the stream. */
    public static LinesPage read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        long through = data.readLong();
        int count = data.readInt();
        boolean more = data.readBoolean();
        int matchedCount = data.readInt();
        if (matchedCount < 0 || matchedCount > LogsApi.PAGE_LINES_MAX) {
            throw new IOException("not a page of lines: " + matchedCount + " of them match");
        }
        long[] matched = new long[matchedCount];
        for (int i = 0; i < matchedCount; i++) {
            matched[i] = data.readLong();
        }
        return new LinesPage(data.readAllBytes(), count, through, more, matched);
    }

    @Override
    public void writeTo(
            LinesPage page,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException, WebApplicationException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(page.through());
        data.writeInt(page.count());
        data.writeBoolean(page.more());
        data.writeInt(page.matched().length);
        for (long number : page.matched()) {
            data.writeLong(number);
        }
        data.write(page.ndjson());
        data.flush();
    }
}
