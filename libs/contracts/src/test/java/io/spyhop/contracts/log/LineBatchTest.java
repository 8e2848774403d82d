package io.spyhop.contracts.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.WorkloadId;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LineBatchTest {
    private static final WorkloadId WEB = new WorkloadId("web");

    @Test
    void shouldReadItsHeadersBack() {
        // Given
        byte[] payload = {1, 2, 3};
        LineBatch batch =
                new LineBatch(WEB, 17, 20, 1_700_000_000_000_000_001L, 1_700_000_000_000_000_009L, 4_096, payload);

        // When
        Map<String, byte[]> headers = batch.headers();
        LineBatch read = LineBatch.read(WEB, headers::get, batch.publishedPayload());

        // Then
        assertThat(read).isEqualTo(batch);
        assertThat(read.count()).isEqualTo(4);
    }

    @Test
    void shouldNeverChangeItsHeader() {
        // Given
        LineBatch batch = new LineBatch(WEB, 1, 2, 3, 4, 5, null);

        // When
        byte[] header = batch.headers().get("spyhop-batch");

        // Then
        assertThat(HexFormat.of().formatHex(header))
                .isEqualTo(
                        "0000000000000001" + "0000000000000002" + "0000000000000003" + "0000000000000004" + "00000005");
    }

    @Test
    void shouldIgnoreWhatALaterVersionAppendsToTheHeader() {
        // Given
        byte[] longer = HexFormat.of()
                .parseHex("0000000000000001" + "0000000000000002" + "0000000000000003" + "0000000000000004" + "00000005"
                        + "ffff");

        // When
        LineBatch read = LineBatch.read(WEB, name -> longer, null);

        // Then
        assertThat(read).isEqualTo(new LineBatch(WEB, 1, 2, 3, 4, 5, null));
    }

    @Test
    void shouldRefuseARecordWhenItsHeaderIsMissingOrShort() {
        // Then
        assertThatThrownBy(() -> LineBatch.read(WEB, name -> null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineBatch.read(WEB, name -> new byte[35], null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPublishNoPayloadWhenItIsTooLarge() {
        // Given
        byte[] limit = new byte[LineBatch.PUBLISHED_BYTES_MAX];
        byte[] over = new byte[LineBatch.PUBLISHED_BYTES_MAX + 1];

        // Then
        assertThat(new LineBatch(WEB, 1, 1, 1, 1, 1, limit).publishedPayload()).isSameAs(limit);
        assertThat(new LineBatch(WEB, 1, 1, 1, 1, 1, over).publishedPayload()).isNull();
    }
}
