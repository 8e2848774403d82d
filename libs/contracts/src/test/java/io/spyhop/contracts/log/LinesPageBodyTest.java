package io.spyhop.contracts.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LinesPageBodyTest {
    private final LinesPageBody body = new LinesPageBody();

    @Test
    void shouldReadThePageThatItWrote() throws IOException {
        // Given
        byte[] rows = "{\"lineNo\":17}\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        // When
        body.writeTo(
                new LinesPage(rows, 1, 99, true, new long[] {17}),
                LinesPage.class,
                LinesPage.class,
                new Annotation[0],
                MediaType.WILDCARD_TYPE,
                new MultivaluedHashMap<>(),
                out);
        LinesPage read = read(out.toByteArray());

        // Then
        assertThat(out.size()).isEqualTo(12 + 1 + 4 + 8 + rows.length);
        assertThat(read.ndjson()).isEqualTo(rows);
        assertThat(read.count()).isEqualTo(1);
        assertThat(read.through()).isEqualTo(99);
        assertThat(read.more()).isTrue();
        assertThat(read.matched()).containsExactly(17);
    }

    @Test
    void shouldRefuseABodyWhenItIsCutShort() {
        // Then
        assertThatThrownBy(() -> read(new byte[16])).isInstanceOf(EOFException.class);
    }

    private LinesPage read(byte[] bytes) throws IOException {
        return body.readFrom(
                LinesPage.class,
                LinesPage.class,
                new Annotation[0],
                MediaType.WILDCARD_TYPE,
                new MultivaluedHashMap<>(),
                new ByteArrayInputStream(bytes));
    }
}
