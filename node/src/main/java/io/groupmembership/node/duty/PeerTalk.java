package io.groupmembership.node.duty;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.node.liveness.LeaderDuty;
import io.groupmembership.node.monitor.FailureDetector;
import io.groupmembership.node.monitor.MonitorListener;
import io.groupmembership.node.monitor.MonitoredMember;
import io.groupmembership.node.raft.RaftNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what this node finds out to the leader and the other nodes, and what they say to this node's detector. Sending
 * is done on a thread of its own: the event loop waits for nobody. Where {@value #WAITING} messages wait, further ones
 * are dropped; all of them are said again.
 */
public final class PeerTalk implements MonitorListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTalk.class);
    private static final int WAITING = 4_096;
    private static final int ITEMS = 1_000;

    private final String nodeId;
    private final long bootId;
    private final RaftNode raft;
    private final LeaderDuty leaderDuty;
    private final ThreadPoolExecutor sender;
    private volatile @Nullable FailureDetector detector;

    /** @param bootId a random number of this process */
    public PeerTalk(String nodeId, long bootId, RaftNode raft, LeaderDuty leaderDuty) {
        this.nodeId = nodeId;
        this.bootId = bootId;
        this.raft = raft;
        this.leaderDuty = leaderDuty;
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("peer-talk").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Tells who watches. */
    public void setDetector(FailureDetector failureDetector) {
        detector = failureDetector;
    }

    // ---- what this node finds out

    @Override
    public void suspected(List<Command.Target> targets) {
        LOG.info("{} members are suspected, the first of them {}", targets.size(), name(targets.getFirst()));
        inParts(targets, part -> raft.tellLeader(new PeerMessage.Suspicions(part)));
    }

    private static String name(Command.Target target) {
        return target.group() + "/" + target.memberId() + " incarnation " + target.incarnation();
    }

    @Override
    public void reassign(List<Command.Assignment> assignments) {
        inParts(assignments, part -> {
            var _ = raft.submit(new Request(Optional.empty(), new Command.Assign(part)))
                    .whenComplete((result, failure) -> {
                        if (failure != null) {
                            LOG.info("{} members got no other monitor: {}", part.size(), failure.getMessage());
                        }
                    });
        });
    }

    @Override
    public void ask(List<PeerMessage.Question> questions) {
        inParts(questions, part -> raft.tellOthers(new PeerMessage.Questions(nodeId, part)));
    }

    @Override
    public void answer(String asker, List<PeerMessage.Finding> findings) {
        inParts(findings, part -> raft.tell(asker, new PeerMessage.Findings(nodeId, part)));
    }

    @Override
    public void beat(long nonce, Map<GroupKey, Integer> missing) {
        sender.execute(() -> raft.tellLeader(new PeerMessage.Report(
                new Command.Beat(nodeId, bootId, nonce, raft.read(MembershipState::appliedIndex)), missing)));
    }

    private <T> void inParts(List<T> items, Consumer<List<T>> send) {
        for (int from = 0; from < items.size(); from += ITEMS) {
            List<T> part = List.copyOf(items.subList(from, Math.min(items.size(), from + ITEMS)));
            sender.execute(() -> send.accept(part));
        }
    }

    // ---- what other nodes say

    /** Called on any thread. */
    public void hear(PeerMessage message) {
        switch (message) {
            case PeerMessage.Report report -> leaderDuty.heard(report);
            case PeerMessage.Suspicions suspicions -> leaderDuty.suspected(suspicions.targets());
            case PeerMessage.Questions questions -> probe(questions);
            case PeerMessage.Findings findings -> {
                FailureDetector here = detector;
                if (here != null) {
                    here.probed(findings.by(), findings.findings());
                }
            }
        }
    }

    private void probe(PeerMessage.Questions questions) {
        FailureDetector here = detector;
        if (here == null) {
            return;
        }
        List<MonitoredMember> members = raft.read(state -> questions.questions().stream()
                .flatMap(question -> state
                        .member(question.group(), question.memberId())
                        .filter(member -> member.incarnation() == question.incarnation())
                        .map(member -> new MonitoredMember(
                                new Charge(question.group(), member, state.policy(question.group())), 0))
                        .stream())
                .toList());
        members.forEach(member -> here.probe(member, questions.asker()));
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
