package io.spyhop.gateway.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LinesPage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogsResourceTest {
    @Test
    void shouldPutRowsIntoTheAnswerAsTheyAre() {
        assertThat(spliced("{\"a\":\"x\\n,é\"}\n{\"b\":2}\n", 2, 9))
                .isEqualTo("{\"items\":[{\"a\":\"x\\n,é\"},{\"b\":2}],\"through\":9}");
        assertThat(spliced("{}\n", 1, 1)).isEqualTo("{\"items\":[{}],\"through\":1}");
        assertThat(spliced("", 0, 7)).isEqualTo("{\"items\":[],\"through\":7}");
    }

    private static String spliced(String rows, int count, long through) {
        LinesPage page = new LinesPage(rows.getBytes(StandardCharsets.UTF_8), count, through, false);
        return new String(LogsResource.spliced(page), StandardCharsets.UTF_8);
    }
}
