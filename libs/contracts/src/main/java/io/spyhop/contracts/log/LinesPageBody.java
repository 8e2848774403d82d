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
 * A {@link LinesPage} between services: through (8 bytes), count (4), then the rows as they are, so that stored bytes
 * pass without being parsed or copied into JSON.
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
        return new LinesPage(data.readAllBytes(), count, through);
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
        data.write(page.ndjson());
        data.flush();
    }
}
