package io.groupmembership.e2e.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.groupmembership.e2e.processes.Home;
import io.groupmembership.e2e.processes.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Porcupine, with models of a key and of a group; see e2e/judge. */
final class Judge {
    private final String program;

    private Judge(String program) {
        this.program = program;
    }

    /**
     * What it says of a history.
     *
     * @param linearizable whether it is
     * @param words its last line
     */
    record Verdict(boolean linearizable, String words) {}

    /** Builds it; skips the test where there is no go. */
    static Judge build() throws IOException, InterruptedException {
        assumeTrue(Tool.status("go", "version") == 0, "go is wanted");
        return new Judge(output(0, Home.PATH.resolve("e2e/judge/build").toString()));
    }

    Verdict of(Path history) throws IOException, InterruptedException {
        String words = output(1, program, "-limit", "10m", "-html", history + ".html", history.toString());
        return new Verdict(words.equals("linearizable"), words);
    }

    /** The last line that a program prints. */
    private static String output(int highestStatus, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        if (status > highestStatus) {
            throw new IOException(String.join(" ", command) + " ended with " + status + ": " + text);
        }
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
