package io.groupmembership.cli.kubernetes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs kubectl, which knows kubeconfigs of all kinds, in one context. */
public final class Kubectl {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LARGEST_ANSWER_BYTES = 1 << 20;
    private static final Pattern FORWARDED = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> .*");

    /** Ends the program when its own input ends: with gm, however that ends. */
    private static final String TIED_TO_ITS_INPUT =
            "\"$@\" </dev/null & trap 'kill $! 2>/dev/null' EXIT; trap exit HUP INT TERM; cat >/dev/null";

    private final Map<String, String> environment;
    private final List<String> command;

    /**
     * @param environment what it is to find; GM_KUBECTL may name another program
     * @param context of the kubeconfig; empty for the current one
     */
    public Kubectl(Map<String, String> environment, Optional<String> context) {
        this.environment = Map.copyOf(environment);
        command = new ArrayList<>();
        command.add(environment.getOrDefault("GM_KUBECTL", "kubectl"));
        context.ifPresent(name -> command.addAll(List.of("--context", name)));
    }

    private List<String> with(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }

    /** What it prints; a {@link CliFailure} with its last word where it fails, or takes longer than 20 s. */
    public String run(String... arguments) {
        Process process = start(new ProcessBuilder(with(arguments)));
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = read(process.getInputStream());
            CompletableFuture<String> errors = read(process.getErrorStream());
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed(arguments, "no answer within " + LIMIT.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw failed(arguments, lastLine(errors.get(1, TimeUnit.SECONDS)));
            }
            return output.get(1, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw failed(arguments, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(arguments, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Leads a free port of this machine, on loopback, to a port of a Service, for as long as this process lives. */
    public int forward(String namespace, String service, int port) {
        String[] arguments = {
            "port-forward", "-n", namespace, "service/" + service, ":" + port, "--address", "127.0.0.1"
        };
        List<String> tied = new ArrayList<>(List.of("sh", "-c", TIED_TO_ITS_INPUT, "sh"));
        tied.addAll(with(arguments));
        Process process = start(new ProcessBuilder(tied));
        try {
            CompletableFuture<String> errors = read(process.getErrorStream());
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            Optional<String> said =
                    CompletableFuture.supplyAsync(() -> firstLine(lines)).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            Matcher forwarded = FORWARDED.matcher(said.orElse(""));
            if (!forwarded.matches()) {
                process.destroy();
                throw failed(
                        arguments,
                        said.orElseGet(() -> lastLine(errors.completeOnTimeout("", 1, TimeUnit.SECONDS)
                                .join())));
            }
            Thread.ofPlatform().daemon().name("port-forward").start(() -> readOn(process, lines));
            return Integer.parseInt(forwarded.group(1));
        } catch (TimeoutException | ExecutionException e) {
            process.destroy();
            throw failed(arguments, "no port within " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw failed(arguments, "interrupted");
        }
    }

    private Process start(ProcessBuilder builder) {
        try {
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.ERROR,
                    "--kubernetes: " + command.getFirst() + " can't be run: install it, or name it in GM_KUBECTL");
        }
    }

    private static Optional<String> firstLine(BufferedReader lines) {
        try {
            return Optional.ofNullable(lines.readLine());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** It says a line for each connection, and stops where nobody reads them, or holds on to its input. */
    private static void readOn(Process process, BufferedReader lines) {
        while (firstLine(lines).isPresent()) {
            // nobody wants to know
        }
        process.destroy();
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readNBytes(LARGEST_ANSWER_BYTES), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .orElse("it failed");
    }

    private static CliFailure failed(String[] arguments, String why) {
        return new CliFailure(
                ExitCode.ERROR, "--kubernetes: kubectl " + String.join(" ", arguments) + ": " + why.strip());
    }
}
