package io.groupmembership.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.node.identity.IdentityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    @ParameterizedTest
    @CsvSource({
        "true,  false, false, FINE",
        "true,  false, true,  FINE",
        "false, true,  false, FINE",
        "false, true,  true,  FINE",
        "false, false, false, REFUSE",
        "false, false, true,  WARN"
    })
    void plainTextIsForLoopbackUnlessSomebodyMeansIt(
            boolean tls, boolean loopback, boolean insecure, PlainText.Decision decision) {
        assertThat(PlainText.decide(tls, loopback, insecure)).isEqualTo(decision);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void onLoopbackANodeStartsAsItIs(String bind) {
        assertThatCode(() -> PlainText.check(false, bind, false)).doesNotThrowAnyException();
        assertThat(PlainText.warning(false, bind, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1"})
    void elsewhereItSaysWhichSettingToSet(String bind) {
        assertThatThrownBy(() -> PlainText.check(false, bind, false))
                .isInstanceOf(IdentityException.class)
                .hasMessageContainingAll(bind, "gm.tls-dir", "gm.insecure=true");
        assertThatCode(() -> PlainText.check(true, bind, false)).doesNotThrowAnyException();
    }

    @Test
    void whoMeansItIsWarned() {
        assertThat(PlainText.warning(false, "0.0.0.0", true))
                .hasValueSatisfying(warning -> assertThat(warning).contains("gm.insecure", "0.0.0.0", "plain text"));
        assertThat(PlainText.warning(true, "0.0.0.0", true)).isEmpty();
    }
}
