package io.spyhop.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LinesPage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LinesAnswerTest {
    @Test
    void shouldPutRowsIntoTheAnswerAsTheyAre() {
        assertThat(answer("{\"a\":\"x\\n,é\"}\n{\"b\":2}\n", 9, false))
                .isEqualTo("{\"items\":[{\"a\":\"x\\n,é\"},{\"b\":2}],\"through\":9,\"more\":true}");
        assertThat(answer("{}\n", 1, false)).isEqualTo("{\"items\":[{}],\"through\":1,\"more\":true}");
        assertThat(answer("", 7, false)).isEqualTo("{\"items\":[],\"through\":7,\"more\":true}");
    }

    @Test
    void shouldTurnRowsRoundWhenTheNewestComeFirst() {
        assertThat(answer("{\"a\":1}\n{\"b\":22}\n{}\n", 3, true))
                .isEqualTo("{\"items\":[{},{\"b\":22},{\"a\":1}],\"through\":3,\"more\":true}");
    }

    @Test
    void shouldTellWhatMatchesWhenThereIsContext() {
        LinesPage page = new LinesPage("{}\n{}\n".getBytes(StandardCharsets.UTF_8), 2, 9, false, new long[] {4, 5});
        assertThat(new String(LinesAnswer.of(page, false, true), StandardCharsets.UTF_8))
                .isEqualTo("{\"items\":[{},{}],\"through\":9,\"more\":false,\"matched\":[4,5]}");
    }

    private static String answer(String rows, long through, boolean newestFirst) {
        LinesPage page = new LinesPage(rows.getBytes(StandardCharsets.UTF_8), 1, through, true);
        return new String(LinesAnswer.of(page, newestFirst, false), StandardCharsets.UTF_8);
    }
}
