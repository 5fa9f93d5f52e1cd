package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the judge takes for linearizable and what not, on histories of a few operations. */
class JudgeIT {
    private static Judge judge;

    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws Exception {
        judge = Judge.build();
    }

    /**
     * Operations are in the order of their calls, with a stroke between them: kind, value or member, version or
     * incarnation or view, and where it says so "!" (the condition did not hold) or "?" (unknown). Each ends before the
     * next begins, but for those that are unknown.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "a read of what was written; put a 1 | get a 1; true",
                "a read of what was there before; put a 1 | put b 2 | get a 1; false",
                "a write that is lost; put a 1 | get - 0; false",
                "a write that nobody made; get a 1; false",
                "a write that takes effect twice; put a 1 | put b 2 | get b 2 | get a 1; false",
                "a write that was never answered and took effect; put a ? | get a 1; true",
                "one that took effect later than another; put a ? | put b 2 | get a 3; true",
                "one that took effect and was taken back; put a ? | get a 1 | get - 0; false",
                "a version that goes back; put a 5 | put b 4; false",
                "one version for two reads; put a 5 | get a 6; false",
                "create where there is something; put a 1 | create b 2; false",
                "create that was refused with reason; put a 1 | create b 1 !; true",
                "create that was refused without; create b 0 !; false",
                "delete and read; put a 1 | delete - 0 | get - 0; true",
                "delete of nothing; delete - 0; false",
                "delete that found nothing though there was; put a 1 | delete - 0 !; false",
                "swap of the version that is there; put a 1 | swap:1 b 2 | get b 2; true",
                "swap of a version that was there; put a 1 | put b 2 | swap:1 c 3; false",
                "swap that was refused with reason; put a 1 | put b 2 | swap:1 c 2 !; true",
                "swap that was refused without; put a 1 | swap:1 b 1 !; false",
                "a join and its view; join x 7@1 | view 1 x=7; true",
                "a join that nobody sees; join x 7@1 | view 0; false",
                "two joins of one number; join x 7@1 | join y 8@1; false",
                "a join of an unknown outcome that is seen; join x ? | view 1 x=7; true",
                "a leave and its view; join x 7@1 | join y 8@2 | leave x 7@3 | view 3 y=8; true",
                "a member that is gone and nobody took out; join x 7@1 | join y 8@2 | view 3 y=8; false",
                "a view of another incarnation; join x 7@1 | view 1 x=9; false",
                "a leave that did not find a member; join x 7@1 | leave x 7@0 !; false",
            })
    void itFindsWhatCanNotHaveBeen(String what, String operations, boolean linearizable) throws Exception {
        // given
        Path file = directory.resolve("history.json");
        try (History history = new History(file)) {
            for (String words : operations.split("\\|", -1)) {
                history.add(operation(words.strip().split(" ", -1)));
            }
        }

        // when
        Judge.Verdict verdict = judge.of(file);

        // then
        assertThat(verdict.linearizable()).as(what).isEqualTo(linearizable);
        if (!linearizable) {
            assertThat(verdict.words()).contains("is not linearizable");
            assertThat(directory.resolve("history.json.html")).exists();
        }
        Files.delete(file);
    }

    private static Operation operation(String... words) {
        String[] kind = words[0].split(":", -1);
        Operation begun = Operation.begin(words.length, "it", kind[0]);
        if (kind[0].equals("view")) {
            Map<String, Long> members = new HashMap<>();
            for (int i = 2; i < words.length; i++) {
                String[] member = words[i].split("=", -1);
                members.put(member[0], Long.parseLong(member[1]));
            }
            return begun.viewed(Long.parseLong(words[1]), members);
        }
        boolean isOfGroup = kind[0].equals("join") || kind[0].equals("leave");
        String[] numbers = words[2].split("@", -1);
        if (isOfGroup) {
            Operation of = begun.ofMember(words[1], kind[0].equals("leave") ? Long.parseLong(numbers[0]) : 0);
            return switch (words[words.length - 1]) {
                case "?" -> of;
                case "!" -> of.refused(0);
                default -> of.changed(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
            };
        }
        String value = words[1].equals("-") ? "" : words[1];
        Operation of = begun.ofValue(value).expecting(kind.length > 1 ? Long.parseLong(kind[1]) : 0);
        return switch (words[words.length - 1]) {
            case "?" -> of;
            case "!" -> of.refused(Long.parseLong(numbers[0]));
            default -> of.done(value, Long.parseLong(numbers[0]));
        };
    }
}
