package io.groupmembership.membership.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Something that goes wrong, or that people do, at a time. All that is chance about it comes from its own seed, so
 * leaving one fault of a plan out draws nothing anew for the others.
 */
record Fault(Kind kind, long atMillis, long seed) {
    void happen(Simulation simulation) {
        kind.happening.accept(simulation, new SplittableRandom(seed));
    }

    private interface OfMember {
        void happen(MemberFaults faults);
    }

    private interface OfNode {
        void happen(NodeFaults faults);
    }

    /** What happens. */
    enum Kind {
        NEW_MEMBER(MemberFaults::begin),
        KILL_MEMBER(MemberFaults::kill),
        KILL_MANY_MEMBERS(MemberFaults::killMany),
        KILL_MEMBER_WITH_EVIDENCE(MemberFaults::killWithEvidence),
        PAUSE_MEMBER(MemberFaults::pauseOne),
        SUSPEND_MEMBER(MemberFaults::suspendOne),
        SECOND_PROCESS(MemberFaults::secondProcess),
        RESTART_MEMBER(MemberFaults::restart),
        LEAVE(MemberFaults::leave),
        EVICT(MemberFaults::evict),
        SILENCE_MEMBER(MemberFaults::silence),
        CHASE_MEMBER(MemberFaults::chase),
        POLICY(MemberFaults::policy),
        SHRINK_POLICY(MemberFaults::shrinkPolicy),
        WEATHER(MemberFaults::weather),
        CRASH_NODE(NodeFaults::crash),
        WIPE_NODE(NodeFaults::wipe),
        SAVE_NODE(NodeFaults::save),
        PAUSE_NODE(NodeFaults::pauseOne),
        SUSPEND_NODE(NodeFaults::suspendOne),
        STUTTER_NODE(NodeFaults::stutter),
        DEAFEN_NODE(NodeFaults::deafen),
        CUT_NODES(NodeFaults::cutNodes),
        ISOLATE_NODE(NodeFaults::isolate),
        STRAND_NODE(NodeFaults::strand),
        STRAND_YOUNG_NODE(NodeFaults::strandWithYoung),
        SLOW_NODE(NodeFaults::lag),
        SLOW_LOG(NodeFaults::slowLog),
        RECONFIGURE(NodeFaults::reconfigure),
        TRANSFER_LEADERSHIP(NodeFaults::transferLeadership),
        CRASH_SUSPECTING(NodeFaults::crashWhoeverSuspects),
        STOP_LEADER_OF_CUT(NodeFaults::stopLeaderWithCut);

        private final BiConsumer<Simulation, SplittableRandom> happening;

        Kind(OfMember happening) {
            this.happening = (simulation, random) -> happening.happen(new MemberFaults(simulation, random));
        }

        Kind(OfNode happening) {
            this.happening = (simulation, random) -> happening.happen(new NodeFaults(simulation, random));
        }
    }

    /** From what a plan draws; what stands here more than once is drawn more often. */
    static final List<Kind> DRAWN = List.of(
            Kind.NEW_MEMBER,
            Kind.KILL_MEMBER,
            Kind.KILL_MANY_MEMBERS,
            Kind.KILL_MEMBER_WITH_EVIDENCE,
            Kind.PAUSE_MEMBER,
            Kind.SUSPEND_MEMBER,
            Kind.SECOND_PROCESS,
            Kind.SECOND_PROCESS,
            Kind.RESTART_MEMBER,
            Kind.LEAVE,
            Kind.EVICT,
            Kind.SILENCE_MEMBER,
            Kind.CHASE_MEMBER,
            Kind.POLICY,
            Kind.POLICY,
            Kind.SHRINK_POLICY,
            Kind.WEATHER,
            Kind.CRASH_NODE,
            Kind.CRASH_NODE,
            Kind.WIPE_NODE,
            Kind.SAVE_NODE,
            Kind.PAUSE_NODE,
            Kind.SUSPEND_NODE,
            Kind.STUTTER_NODE,
            Kind.DEAFEN_NODE,
            Kind.DEAFEN_NODE,
            Kind.CUT_NODES,
            Kind.ISOLATE_NODE,
            Kind.STRAND_NODE,
            Kind.STRAND_NODE,
            Kind.STRAND_NODE,
            Kind.STRAND_YOUNG_NODE,
            Kind.SLOW_NODE,
            Kind.SLOW_NODE,
            Kind.SLOW_LOG,
            Kind.RECONFIGURE,
            Kind.TRANSFER_LEADERSHIP,
            Kind.CRASH_SUSPECTING,
            Kind.STOP_LEADER_OF_CUT);
}
