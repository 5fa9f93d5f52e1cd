package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
    @Test
    void linesAreWrittenInOrder() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputLines lines = new OutputLines(new PrintStream(out, true, StandardCharsets.UTF_8));
        for (int i = 0; i < 100; i++) {
            lines.say("line " + i);
        }
        lines.awaitWritten(Duration.ofSeconds(10));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(100)
                .startsWith("line 0")
                .endsWith("line 99");
    }

    @Test
    void aReaderThatStandsStillHoldsNobodyUp() throws IOException, InterruptedException {
        try (PipedInputStream unread = new PipedInputStream(16);
                PipedOutputStream pipe = new PipedOutputStream(unread)) {
            OutputLines lines = new OutputLines(new PrintStream(pipe, true, StandardCharsets.UTF_8));
            for (int i = 0; i < 5_000; i++) {
                lines.say("a line that does not fit");
            }
            lines.awaitWritten(Duration.ofMillis(50));
            assertThat(unread.available()).isPositive();
        }
    }
}
