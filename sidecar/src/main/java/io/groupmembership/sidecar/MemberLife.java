package io.groupmembership.sidecar;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.MemberHash;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.heartbeat.HeartbeatPlace;
import io.groupmembership.sidecar.heartbeat.HeartbeatResponder;
import io.groupmembership.sidecar.heartbeat.HttpProbes;
import io.groupmembership.sidecar.heartbeat.LeaseWatch;
import io.groupmembership.sidecar.heartbeat.MemberAnswers;
import io.groupmembership.sidecar.localapi.LocalApi;
import io.groupmembership.sidecar.localapi.ProbeApi;
import io.groupmembership.sidecar.member.Backoff;
import io.groupmembership.sidecar.member.ErrorLines;
import io.groupmembership.sidecar.member.GroupPath;
import io.groupmembership.sidecar.member.Heartbeats;
import io.groupmembership.sidecar.member.JoinLoop;
import io.groupmembership.sidecar.member.Membership;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StopRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Puts the parts of one member's agent together, as its options want them. */
record MemberLife(AgentOptions options, StopRequest stop, ErrorLines errors, NodeList nodes, StatusBoard board) {
    private static final Duration PATIENCE_OF_ONE_JOIN = Duration.ofSeconds(30);

    int joinOnce(PrintStream out) {
        String application = applicationOr("");
        String heartbeatAddress = options.heartbeatAddress().orElse(application);
        JoinLoop.Place place =
                new JoinLoop.Place(application, options.heartbeat().word(), heartbeatAddress);
        return switch (joinLoop(place).joinWithoutAgent(PATIENCE_OF_ONE_JOIN)) {
            case JoinLoop.Outcome.Joined in -> {
                out.println("member " + options.memberName() + " incarnation "
                        + in.membership().incarnation() + " view "
                        + in.membership().view() + " monitor "
                        + in.membership().monitor());
                out.flush();
                yield Agent.LEFT;
            }
            case JoinLoop.Outcome.Refused refused -> refused(refused.message());
            case JoinLoop.Outcome.InstanceEnded _, JoinLoop.Outcome.Succeeded _, JoinLoop.Outcome.Stopped _ ->
                refused("another instance holds the place of " + options.memberName());
        };
    }

    private int refused(String message) {
        errors.say(message);
        return Agent.REFUSED;
    }

    Optional<LocalApi> localApi() throws IOException {
        if (options.listen().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(serving("--listen", options.listen().get(), at -> new LocalApi(at, board, path(), nodes)));
    }

    /** Empty where nobody wants it, or where heartbeats have the same port: what listens there serves both. */
    Optional<ProbeApi> probeApi() throws IOException {
        if (options.probeListen().isEmpty() || probesComeWithHeartbeats()) {
            return Optional.empty();
        }
        return Optional.of(serving("--probe-listen", options.probeListen().get(), at -> new ProbeApi(at, board)));
    }

    private boolean probesComeWithHeartbeats() {
        return options.heartbeat() == HeartbeatMode.UDP
                && options.probeListen().isPresent()
                && options.heartbeatAddress().map(HostPort::parse).equals(options.probeListen());
    }

    private interface Opening<T> {
        T at(InetSocketAddress address) throws IOException;
    }

    /** The failure names the option, for people. */
    private static <T> T serving(String option, HostPort place, Opening<T> opening) throws IOException {
        try {
            return opening.at(new InetSocketAddress(InetAddress.getByName(place.host()), place.port()));
        } catch (IOException e) {
            throw new IOException(option + ": " + place + ": " + ErrorLines.describe(e), e);
        }
    }

    Membership.Ending live() {
        if (options.heartbeat() != HeartbeatMode.UDP) {
            String application = applicationOr("");
            JoinLoop.Place place = new JoinLoop.Place(
                    application,
                    options.heartbeat().word(),
                    options.heartbeatAddress().orElse(application));
            return membership(place, Heartbeats.BY_THE_APPLICATION).live();
        }
        Optional<HeartbeatPlace> chosen = choosePlace();
        if (chosen.isEmpty()) {
            return new Membership.Ending.Stopped();
        }
        AtomicReference<@Nullable Membership> membership = new AtomicReference<>();
        MemberAnswers answers = new MemberAnswers(
                MemberHash.of(options.namespace(), options.group(), options.memberId()),
                BootClock.system(),
                board,
                () -> askForKey(membership.get()));
        HttpProbes probes = probesComeWithHeartbeats() ? head -> ProbeApi.answer(head, board) : HttpProbes.ELSEWHERE;
        try (HeartbeatResponder responder = new HeartbeatResponder(chosen.get().bind(), answers, probes);
                LeaseWatch _ = new LeaseWatch(board, BootClock.system())) {
            responder
                    .tcpProblem()
                    .ifPresent(problem -> errors.say("heartbeats come by UDP alone, as "
                            + chosen.get().bind() + " is not free for TCP: " + ErrorLines.describe(problem)));
            String heartbeatAddress =
                    chosen.get().advertised(responder.address().getPort());
            JoinLoop.Place place = new JoinLoop.Place(applicationOr(heartbeatAddress), "udp", heartbeatAddress);
            Membership life = membership(place, answers);
            membership.set(life);
            return life.live();
        } catch (IOException e) {
            return new Membership.Ending.Refused(
                    "--heartbeat-address: cannot listen on " + chosen.get().bind() + ": " + ErrorLines.describe(e));
        }
    }

    private static void askForKey(@Nullable Membership membership) {
        if (membership != null) {
            membership.askForKey();
        }
    }

    private Membership membership(JoinLoop.Place place, Heartbeats heartbeats) {
        return new Membership(
                nodes,
                path(),
                joinLoop(place),
                board,
                stop,
                errors,
                new Random(),
                heartbeats,
                options.waitsWhenReplaced());
    }

    /** Names may not resolve yet when an agent starts: empty only where it was asked to stop. */
    private Optional<HeartbeatPlace> choosePlace() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), new Random());
        Optional<HostPort> given = options.heartbeatAddress().map(HostPort::parse);
        do {
            try {
                return Optional.of(HeartbeatPlace.choose(given, options.address(), nodes.inTurn()));
            } catch (IOException e) {
                errors.sayAtTimes("no address for heartbeats yet, still trying: " + ErrorLines.describe(e));
            }
        } while (!stop.pause(backoff.next()));
        return Optional.empty();
    }

    private JoinLoop joinLoop(JoinLoop.Place place) {
        return new JoinLoop(nodes, path(), place, options.metadata(), stop, errors, new Random());
    }

    private GroupPath path() {
        return new GroupPath(options.namespace(), options.group(), options.memberId());
    }

    /** The application's address: as given, else the heartbeat address without its path, else the other. */
    private String applicationOr(String otherwise) {
        if (options.address().isPresent()) {
            return options.address().get().toString();
        }
        String place = options.heartbeatAddress().orElse(otherwise);
        int slash = place.indexOf('/');
        return slash < 0 ? place : place.substring(0, slash);
    }
}
