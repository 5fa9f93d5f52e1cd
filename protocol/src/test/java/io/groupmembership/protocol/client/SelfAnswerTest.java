package io.groupmembership.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfAnswerTest {
    @Test
    void anAnswerIsReadWhateverTheOrderOfItsFields() {
        assertThat(SelfAnswer.read("{\"clock\":\"boottime\",\"leaseEndsBoottimeNanos\" : 123456789012345 ,"
                        + "\"x\":{},\"incarnation\":17,\"state\":\"member\"}"))
                .contains(new SelfAnswer("member", 17, 123_456_789_012_345L, "boottime"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<html>",
                "{\"state\":\"joining\",\"incarnation\":null,\"leaseEndsBoottimeNanos\":null,\"clock\":\"boottime\"}",
                "{\"state\":\"member\",\"incarnation\":17,\"leaseEndsBoottimeNanos\":null,\"clock\":\"boottime\"}",
                "{\"state\":\"member\",\"incarnation\":17,\"leaseEndsBoottimeNanos\":1}",
                "{\"state\":\"member\",\"incarnation\":17,\"leaseEndsBoottimeNanos\":1.5,\"clock\":\"boottime\"}",
                "{\"state\":\"member\",\"incarnation\":17,\"leaseEndsBoottimeNanos\":99999999999999999999,\"clock\":\"x\"}"
            })
    void whatTellsOfNoLeaseIsNone(String json) {
        assertThat(SelfAnswer.read(json)).isEmpty();
    }
}
