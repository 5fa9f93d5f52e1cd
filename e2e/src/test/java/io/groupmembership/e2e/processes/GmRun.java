package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code ./gm}: it never builds, and knows no more of its surroundings than a test tells it.
 *
 * @param status the exit status
 */
record GmRun(int status, String out, String err) {
    private static final long LIMIT_SECONDS = 120;

    static GmRun of(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return start(directory, environment, arguments).await();
    }

    static Running start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Home.gm().toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "gm-", ".out");
        Path err = Files.createTempFile(directory, "gm-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GM_"));
        builder.environment().put("GM_NO_BUILD", "1");
        builder.environment().put("GM_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return Started.add(new Running(String.join(" ", arguments), builder.start(), out, err));
    }

    /** One that has not ended yet. */
    record Running(String arguments, Process process, Path out, Path err) implements Started.Part {
        GmRun await() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("gm " + arguments + " does not end");
            }
            return new GmRun(process.exitValue(), outText(), Files.readString(err, StandardCharsets.UTF_8));
        }

        String outText() throws IOException {
            return Files.readString(out, StandardCharsets.UTF_8);
        }

        @Override
        public void end() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        @Override
        public String lastWords() {
            return "gm " + arguments + "\n" + FileTail.of(out) + "\n" + FileTail.of(err);
        }
    }

    @Override
    public String toString() {
        return "status " + status + "\n" + out + "\n" + err;
    }
}
