package io.groupmembership.cli.nodes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.RaftState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries a change of the nodes out: looks, takes the next step, looks again, until it is done, refused, or out of time.
 * A step that a node refused because the cluster was another one by then is planned anew; each is conditional on what
 * was seen.
 */
final class ChangeRun {
    private static final Duration POLL = Duration.ofMillis(200);

    private final AdminApi api;
    private final ChangePlan.Change change;
    private final String nodeId;
    private final Place place;
    private final Observer observer;
    private final Duration limit;
    private final Consumer<Step> tell;
    private final List<Step> steps = new ArrayList<>();
    private long sinceNanos = System.nanoTime();
    private String waitsFor = "";
    private boolean begun;

    /** One step that was carried out, with how long it took, waiting included. */
    record Step(String step, double seconds) {}

    /** What came of it. */
    record Outcome(
            String change, String node, String result, List<Step> steps, String leader, List<RaftState.Peer> peers) {}

    ChangeRun(
            AdminApi api,
            ChangePlan.Change change,
            String nodeId,
            Place place,
            Observer observer,
            Duration limit,
            Consumer<Step> tell) {
        this.api = api;
        this.change = change;
        this.nodeId = nodeId;
        this.place = place;
        this.observer = observer;
        this.limit = limit;
        this.tell = tell;
    }

    /** @throws CliFailure where it was refused, or not done in time */
    Outcome run() throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<Observer.Seen> seen = observer.look();
            if (seen.isPresent()) {
                ChangeStep next = ChangePlan.next(change, nodeId, seen.get().sight(), begun);
                if (next instanceof ChangeStep.Done done) {
                    return outcome(done, seen.get().sight().leader());
                }
                if (carryOut(next, seen.get(), Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())))) {
                    begun = true;
                }
            } else {
                waitsFor = "a node to lead";
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw tooLate();
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private CliFailure tooLate() {
        String lastWord = place.lastWord(nodeId)
                .filter(_ -> waitsFor.startsWith(nodeId))
                .map(word -> " (" + nodeId + " said last: " + word + ")")
                .orElse("");
        return new CliFailure(
                ExitCode.UNAVAILABLE,
                "not done after " + DurationText.of(limit.toMillis()) + ", still waiting for " + waitsFor + lastWord
                        + "; the same command goes on from here");
    }

    private Outcome outcome(ChangeStep.Done done, RaftState leader) {
        if (!waitsFor.isEmpty()) {
            told("wait for " + waitsFor);
        }
        return new Outcome(
                change.name().toLowerCase(java.util.Locale.ROOT),
                nodeId,
                done.what(),
                List.copyOf(steps),
                leader.nodeId(),
                leader.peers());
    }

    /** Whether a step was carried out; else there is something to wait for. */
    private boolean carryOut(ChangeStep step, Observer.Seen seen, Duration left) throws IOException {
        switch (step) {
            case ChangeStep.WriteHere write -> {
                place.write(write.node());
                told(write.what());
            }
            case ChangeStep.SetAside(String node) -> {
                Path to = place.setAside(node);
                told("keep what " + node + " had in " + to);
            }
            case ChangeStep.ForgetHere(String node) -> {
                place.forget(node);
                told("gm up runs " + node + " no more");
            }
            case ChangeStep.Form(RaftState node) -> {
                return form(node, seen);
            }
            case ChangeStep.Configure configure -> {
                Optional<Answer> answer = api.configure(seen.leaderAt(), configure.request(), left);
                return accepted(configure.what(), answer, seen);
            }
            case ChangeStep.MoveLeadership(String to) -> {
                return accepted(
                        "move leadership from " + seen.sight().leader().nodeId() + " to " + to,
                        api.moveLeadership(seen.leaderAt(), to),
                        seen);
            }
            case ChangeStep.Wait(String what) -> {
                waitsFor = what;
                begun |= what.startsWith(nodeId);
                return false;
            }
            case ChangeStep.Refuse refuse -> throw new CliFailure(refuse.exitCode(), refuse.why());
            case ChangeStep.Done _ -> {}
        }
        return true;
    }

    private boolean form(RaftState node, Observer.Seen seen) throws IOException {
        RaftState leader = seen.sight().leader();
        URI at = seen.candidateAt().orElseThrow();
        FormRequest request = new FormRequest(
                node.peerId(),
                leader.clusterId(),
                Optional.ofNullable(leader.clusterName())
                        .orElseThrow(() -> new CliFailure(
                                ExitCode.ERROR,
                                leader.nodeId() + " does not tell the cluster's name: is it of an older version?")),
                leader.recoveryEpoch(),
                false,
                1);
        return accepted("tell " + node.peerId() + " which cluster it is of", api.form(at, request), seen);
    }

    private boolean accepted(String what, Optional<Answer> answer, Observer.Seen seen) throws IOException {
        if (answer.isPresent() && answer.get().status() < 300) {
            told(what);
            return true;
        }
        boolean temporary = answer.isEmpty() || answer.get().status() >= 500;
        if (!temporary && !isOvertaken(seen)) {
            throw Refusal.of(answer.get());
        }
        waitsFor = what
                + answer.map(refusal -> " (" + Refusal.of(refusal).line() + ")").orElse(" (no answer)");
        return false;
    }

    /** Whether the cluster is another one than was seen before a node refused: then that is no last word. */
    private boolean isOvertaken(Observer.Seen before) throws IOException {
        return observer.look()
                .map(now -> {
                    RaftState then = before.sight().leader();
                    RaftState leader = now.sight().leader();
                    return !leader.peers().equals(then.peers())
                            || !leader.oldPeers().isEmpty()
                            || !leader.peerId().equals(then.peerId());
                })
                .orElse(true);
    }

    private void told(String what) {
        long now = System.nanoTime();
        Step step = new Step(what, Math.round((now - sinceNanos) / 1e8) / 10.0);
        sinceNanos = now;
        waitsFor = "";
        steps.add(step);
        tell.accept(step);
    }
}
