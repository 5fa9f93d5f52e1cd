package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import io.groupmembership.membership.Result.Written;
import io.groupmembership.protocol.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvStoreTest {
    private static final KvCondition ALWAYS = new KvCondition.Always();
    private final TestCluster cluster = new TestCluster();

    private Result put(String key, int bytes, KvCondition condition) {
        return cluster.apply(new Command.KvPut(key, new byte[bytes], condition));
    }

    @Test
    void everyWriteInTheClusterGetsAVersionOfItsOwn() {
        assertThat(put("ns/a", 1, ALWAYS)).isEqualTo(new Written(1, true));
        assertThat(put("ns/b", 1, ALWAYS)).isEqualTo(new Written(2, true));
        assertThat(put("ns/a", 1, ALWAYS)).isEqualTo(new Written(3, false));
    }

    @Test
    void aKeyThatComesBackDoesNotGetAnOldVersion() {
        put("ns/a", 1, ALWAYS);
        assertThat(cluster.apply(new Command.KvDelete("ns/a", ALWAYS))).isEqualTo(new Result.Done());
        cluster.restart();
        assertThat(put("ns/a", 1, ALWAYS)).isEqualTo(new Written(2, true));
    }

    @ParameterizedTest
    @CsvSource({
        "Always, 0, true",
        "Always, 4, true",
        "Absent, 0, true",
        "Absent, 4, false",
        "Present, 0, false",
        "Present, 4, true",
        "VersionIs, 4, true",
        "VersionIs, 5, false",
        "VersionIs, 0, false",
        "VersionIsNot, 4, false",
        "VersionIsNot, 5, true",
        "VersionIsNot, 0, true"
    })
    void conditions(String name, long version, boolean holds) {
        KvCondition condition = switch (name) {
            case "Always" -> ALWAYS;
            case "Absent" -> new KvCondition.Absent();
            case "Present" -> new KvCondition.Present();
            case "VersionIs" -> new KvCondition.VersionIs(4);
            default -> new KvCondition.VersionIsNot(4);
        };
        assertThat(condition.holds(version)).isEqualTo(holds);
    }

    @Test
    void aWriteWhoseConditionFailsChangesNothingAndTellsTheVersion() {
        put("ns/a", 1, ALWAYS);
        assertThat(put("ns/a", 2, new KvCondition.Absent())).isEqualTo(new Refused(Refusal.CONDITION_FAILED, 1));
        assertThat(put("ns/a", 2, new KvCondition.VersionIs(7))).isEqualTo(new Refused(Refusal.CONDITION_FAILED, 1));
        assertThat(put("ns/b", 2, new KvCondition.VersionIs(1))).isEqualTo(new Refused(Refusal.CONDITION_FAILED, 0));
        assertThat(cluster.apply(new Command.KvDelete("ns/a", new KvCondition.VersionIs(2))))
                .isEqualTo(new Refused(Refusal.CONDITION_FAILED, 1));
        assertThat(cluster.state().kv("ns/a").orElseThrow().value()).hasSize(1);
        assertThat(cluster.state().kv("ns/b")).isEmpty();
    }

    @Test
    void compareAndSetGoesThroughOnce() {
        put("ns/a", 1, ALWAYS);
        assertThat(put("ns/a", 2, new KvCondition.VersionIs(1))).isEqualTo(new Written(2, false));
        assertThat(put("ns/a", 2, new KvCondition.VersionIs(1))).isEqualTo(new Refused(Refusal.CONDITION_FAILED, 2));
    }

    @Test
    void whatIsNotThereCannotBeDeleted() {
        assertThat(cluster.apply(new Command.KvDelete("ns/a", ALWAYS)))
                .isEqualTo(new Refused(Refusal.KEY_NOT_FOUND, 0));
    }

    @Test
    void aFullStoreRefusesButLetsValuesShrinkAndGo() {
        int value = Limits.VALUE_BYTES;
        int fit = (int) (Limits.STORE_BYTES / (value + 64 + 7));
        KvStore store = new KvStore(0);
        byte[] shared = new byte[value];
        for (int i = 0; i < fit; i++) {
            assertThat(store.put(new Command.KvPut("ns/%04d".formatted(i), shared, ALWAYS)))
                    .isInstanceOf(Written.class);
        }
        assertThat(store.put(new Command.KvPut("ns/9999", shared, ALWAYS)))
                .isEqualTo(new Refused(Refusal.STORE_FULL, Limits.STORE_BYTES));
        assertThat(store.put(new Command.KvPut("ns/0000", new byte[0], ALWAYS))).isInstanceOf(Written.class);
        assertThat(store.put(new Command.KvPut("ns/9999", shared, ALWAYS))).isInstanceOf(Written.class);
        assertThat(store.delete(new Command.KvDelete("ns/9999", ALWAYS))).isEqualTo(new Result.Done());
        for (int i = 0; i < fit; i++) {
            assertThat(store.delete(new Command.KvDelete("ns/%04d".formatted(i), ALWAYS)))
                    .isEqualTo(new Result.Done());
        }
        assertThat(store.bytes()).isZero();
        assertThat(store.size()).isZero();
    }
}
