package io.spyhop.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "shop-web-7f3k", "0", "-", "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"})
    void shouldTakeAnId(String text) {
        // Then
        assertThat(WorkloadId.isValid(text)).isTrue();
        assertThat(new WorkloadId(text).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "a|b", "a.b", "ä", "a\n", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx"})
    void shouldRefuseWhatIsNoId(String text) {
        // Then
        assertThat(WorkloadId.isValid(text)).isFalse();
        assertThatThrownBy(() -> new WorkloadId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldBePlainTextInJson() throws JsonProcessingException {
        // Given
        ObjectMapper mapper = new ObjectMapper();

        // Then
        assertThat(mapper.writeValueAsString(new WorkloadId("web"))).isEqualTo("\"web\"");
        assertThat(mapper.readValue("\"web\"", WorkloadId.class)).isEqualTo(new WorkloadId("web"));
        assertThatThrownBy(() -> mapper.readValue("\"Not one\"", WorkloadId.class))
                .isInstanceOf(JsonMappingException.class);
    }

    @Test
    void shouldOrderByText() {
        // Then
        assertThat(new WorkloadId("a")).isLessThan(new WorkloadId("b"));
    }
}
