package io.groupmembership.protocol.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BackupFrameTest {
    private static final byte[] SNAPSHOT = "the state of a cluster".getBytes(StandardCharsets.UTF_8);
    private static final String JSON = "{\"clusterName\":\"local\"}";
    private static final BackupHeader HEADER = new BackupHeader(
            "id",
            "local",
            0,
            7,
            1,
            "node-1",
            0,
            0,
            0,
            SNAPSHOT.length,
            HexFormat.of().formatHex(BackupFrame.newSha256().digest(SNAPSHOT)));

    private static byte[] backup() {
        byte[] head = BackupFrame.head(JSON.getBytes(StandardCharsets.UTF_8));
        byte[] all = Arrays.copyOf(head, head.length + SNAPSHOT.length);
        System.arraycopy(SNAPSHOT, 0, all, head.length, SNAPSHOT.length);
        return all;
    }

    private static byte[] read(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(BackupFrame.readHead(in)).isEqualTo(JSON);
        BackupFrame.copySnapshot(in, HEADER, out);
        return out.toByteArray();
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        assertThat(read(backup())).isEqualTo(SNAPSHOT);
    }

    @Test
    void anyFlippedBitIsFound() {
        byte[] whole = backup();
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> read(flipped)).as("bit %d", bit).isInstanceOf(BackupException.class);
        }
    }

    @Test
    void anyCutAndAnyByteTooManyIsFound() {
        byte[] whole = backup();
        for (int length = 0; length <= whole.length + 1; length++) {
            byte[] other = Arrays.copyOf(whole, length);
            if (length != whole.length) {
                assertThatThrownBy(() -> read(other)).as("%d bytes", length).isInstanceOf(BackupException.class);
            }
        }
    }

    @Test
    void aNewerFormatIsCalledSo() {
        byte[] newer = "gm-backup 2\nanything\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> BackupFrame.readHead(new ByteArrayInputStream(newer)))
                .hasMessage("has the format 'gm-backup 2', and this program reads 'gm-backup 1'");
    }
}
