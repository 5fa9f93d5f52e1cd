package io.groupmembership.cli.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.api.Problem;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers that are no success, and servers that do not answer, as one line for a person. */
public final class Refusal {
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Refusal() {}

    /** The answer, if its status is below 300; else a failure that says why not. */
    public static Answer orAnswer(Answer answer) {
        if (answer.status() >= 300) {
            throw of(answer);
        }
        return answer;
    }

    /** The failure that an answer amounts to. */
    public static CliFailure of(Answer answer) {
        String line = problem(answer)
                .map(Refusal::line)
                .orElseGet(() -> answer.server() + " answered " + answer.status() + " and did not say why");
        return new CliFailure(ExitCode.ofStatus(answer.status()), line.replace('\n', ' '));
    }

    static CliFailure noServer(List<URI> servers) {
        String urls = servers.stream().map(URI::toString).collect(Collectors.joining(", "));
        return new CliFailure(ExitCode.UNAVAILABLE, "no node answers at " + urls + ": is the cluster up? try: gm up");
    }

    /** A server is there, but it and this caller do not come together. */
    static CliFailure notUnderstood(String problem) {
        return new CliFailure(ExitCode.ERROR, problem.replace('\n', ' '));
    }

    /** The problem that the answer carries, if it carries one. */
    public static Optional<Problem> problem(Answer answer) {
        boolean json = answer.header("Content-Type")
                .filter(type -> type.contains("json"))
                .isPresent();
        if (!json) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(LENIENT.readValue(answer.body(), Problem.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Records read from JSON may lack what their types promise, so nothing is taken for granted. */
    @SuppressWarnings("ConstantValue")
    private static String line(Problem problem) {
        String detail = Optional.ofNullable(problem.detail())
                .or(() -> Optional.ofNullable(problem.title()))
                .orElse("refused with status " + problem.status());
        String field = problem.field();
        return field == null || detail.contains(field) ? detail : field + ": " + detail;
    }
}
