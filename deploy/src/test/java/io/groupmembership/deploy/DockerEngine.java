package io.groupmembership.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The Docker engine of this machine, by its command line. */
final class DockerEngine {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private DockerEngine() {}

    /** How a command ended, and what it printed on both streams. */
    record Ended(int status, String output) {}

    static boolean isThere() throws IOException, InterruptedException {
        try {
            return docker(List.of("version")).status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the name under which the image is known then. */
    static String load(Path tar) throws IOException, InterruptedException {
        Ended ended = docker(List.of("load", "--quiet", "--input", tar.toString()));
        String loaded = "Loaded image: ";
        int at = ended.output().lastIndexOf(loaded);
        if (ended.status() != 0 || at < 0) {
            throw new IllegalStateException(ended.output());
        }
        return ended.output()
                .substring(at + loaded.length())
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /** Runs a container as a restricted pod would be, until it ends or the limit is over, and leaves nothing of it. */
    static Ended run(String image, Duration limit, List<String> options, List<String> arguments)
            throws IOException, InterruptedException {
        String name = "image-check-" + UUID.randomUUID();
        List<String> command = new ArrayList<>(List.of("run", "--name", name, "--read-only", "--network", "none"));
        command.addAll(List.of("--cap-drop", "ALL", "--security-opt", "no-new-privileges"));
        command.addAll(options);
        command.add(image);
        command.addAll(arguments);
        try {
            return docker(command, limit);
        } finally {
            docker(List.of("rm", "--force", name));
        }
    }

    private static Ended docker(List<String> arguments) throws IOException, InterruptedException {
        return docker(arguments, LIMIT);
    }

    private static Ended docker(List<String> arguments, Duration limit) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        Path output = Files.createTempFile("docker", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return new Ended(ended ? process.exitValue() : -1, Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
