package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.heartbeat.ClusterSecret;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveSecretsTest {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final String ONE = "1 " + "A".repeat(43) + "=\n";
    private static final String TWO = "2 " + "B".repeat(42) + "A=\n";

    @TempDir
    private Path directory;

    private long nowSeconds;

    private LiveSecrets live(String text) throws IOException {
        write(text);
        return new LiveSecrets(
                Optional.of(file()), UUID.randomUUID(), GRACE, () -> TimeUnit.SECONDS.toNanos(nowSeconds));
    }

    private Path file() {
        return directory.resolve("secrets");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    /** The key ids, the one in use first. */
    private static List<Integer> ids(LiveSecrets secrets) {
        return secrets.get().inUseFirst().stream().map(ClusterSecret::keyId).toList();
    }

    @Test
    void aSecretThatIsAppendedIsAcceptedAtOnceAndUsedAfterTheGrace() throws IOException {
        LiveSecrets secrets = live(ONE);
        write(ONE + TWO);

        secrets.refresh();
        assertThat(ids(secrets)).containsExactly(1, 2);

        nowSeconds = GRACE.toSeconds() - 1;
        secrets.refresh();
        assertThat(ids(secrets)).containsExactly(1, 2);

        nowSeconds = GRACE.toSeconds();
        secrets.refresh();
        assertThat(ids(secrets)).containsExactly(2, 1);
    }

    @Test
    void oneThatIsTakenAwayIsAcceptedNoMore() throws IOException {
        LiveSecrets secrets = live(ONE + TWO);
        assertThat(ids(secrets)).as("at the start the last is in use").containsExactly(2, 1);
        write(TWO);

        secrets.refresh();

        assertThat(ids(secrets)).containsExactly(2);
    }

    @Test
    void whereTheOneInUseIsTakenAwayTheLastIsUsedAtOnce() throws IOException {
        LiveSecrets secrets = live(ONE);
        write(TWO);

        secrets.refresh();

        assertThat(ids(secrets)).containsExactly(2);
    }

    @Test
    void aSecretThatIsAppendedLaterHasAGraceOfItsOwn() throws IOException {
        LiveSecrets secrets = live(ONE);
        write(ONE + TWO);
        secrets.refresh();
        nowSeconds = GRACE.toSeconds() - 1;
        write(ONE + TWO + "3 " + "C".repeat(42) + "A=\n");

        secrets.refresh();
        nowSeconds = GRACE.toSeconds() + 1;
        secrets.refresh();

        assertThat(ids(secrets)).startsWith(1);
    }

    @Test
    void anUnchangedFileGivesTheSameObject() throws IOException {
        LiveSecrets secrets = live(ONE + TWO);
        ClusterSecrets before = secrets.get();
        secrets.refresh();
        assertThat(secrets.get()).isSameAs(before);

        nowSeconds = GRACE.toSeconds() * 2;
        secrets.refresh();

        assertThat(secrets.get()).isSameAs(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2 short", "gone"})
    void whatCannotBeReadChangesNothing(String text) throws IOException {
        LiveSecrets secrets = live(ONE);
        if (text.equals("gone")) {
            Files.delete(file());
        } else {
            write(text);
        }

        secrets.refresh();
        assertThat(ids(secrets)).containsExactly(1);

        write(ONE + TWO);
        secrets.refresh();
        assertThat(ids(secrets)).containsExactly(1, 2);
    }

    @Test
    void withoutAFileThereIsTheSecretOfTheClustersId() {
        LiveSecrets secrets = new LiveSecrets(Optional.empty(), UUID.randomUUID(), GRACE, () -> 0);

        secrets.refresh();

        assertThat(ids(secrets)).containsExactly(1);
    }
}
