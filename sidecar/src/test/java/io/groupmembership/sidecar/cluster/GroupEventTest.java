package io.groupmembership.sidecar.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.sidecar.FakeNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupEventTest {
    private static GroupEvent read(String json) throws IOException {
        return GroupEvent.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "a", 17);
    }

    @Test
    void aViewTellsUnderWhichIncarnationItListsTheMember() throws IOException {
        assertThat(read(FakeNode.view(4, "b", "a", 17))).isEqualTo(new GroupEvent(true, 4, "b", 17, null));
        assertThat(read(FakeNode.view(4, "b", "c", 17))).isEqualTo(new GroupEvent(true, 4, "b", 0, null));
    }

    @Test
    void aChangeTellsWhyTheOwnIncarnationLeftAndNoOther() throws IOException {
        assertThat(read(FakeNode.change(4, "b", "a", 17, "crashed")).leftReason())
                .isEqualTo("crashed");
        assertThat(read(FakeNode.change(4, "b", "a", 16, "crashed")).leftReason())
                .isNull();
        assertThat(read(FakeNode.change(4, "b", "c", 17, "crashed")).leftReason())
                .isNull();
    }

    @Test
    void anEmptyViewHasNoLeaderAndUnknownFieldsAreSkipped() throws IOException {
        assertThat(read("{\"later\":{\"view\":9,\"x\":[{}]},\"members\":[],\"leader\":null,\"view\":4}"))
                .isEqualTo(new GroupEvent(true, 4, null, 0, null));
    }

    @Test
    void oneMemberIsFoundAmongAHundredThousand() throws IOException {
        StringBuilder json = new StringBuilder("{\"view\":200000,\"leader\":\"m0\",\"members\":[");
        for (int i = 0; i < 100_000; i++) {
            json.append("{\"memberId\":\"m")
                    .append(i)
                    .append("\",\"incarnation\":")
                    .append(i + 100);
            json.append(",\"metadata\":{\"k").append(i).append("\":\"v\"}},");
        }
        json.append("{\"memberId\":\"a\",\"incarnation\":17}]}");

        assertThat(read(json.toString())).isEqualTo(new GroupEvent(true, 200_000, "m0", 17, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"view\":-1}",
                "{\"view\":\"4\"}",
                "{\"view\":4",
                "{\"view\":99999999999999999999999}",
                "{\"view\":4,\"left\":[{\"memberId\":{}}]}",
                "{\"view\":4,\"members\":[{\"incarnation\":\"17\"}]}"
            })
    void whatIsNoEventIsAnError(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
    }
}
