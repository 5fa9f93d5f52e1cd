package io.groupmembership.membership.simulation;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Something that goes wrong, or that people do, at a time. All that is chance about it comes from its own seed, so
 * leaving one fault of a plan out draws nothing anew for the others.
 */
record Fault(Kind kind, long atMillis, long seed) {
    void happen(Simulation simulation) {
        SplittableRandom random = new SplittableRandom(seed);
        MemberFaults ofMembers = new MemberFaults(simulation, random);
        NodeFaults ofNodes = new NodeFaults(simulation, random);
        switch (kind) {
            case NEW_MEMBER -> ofMembers.begin();
            case KILL_MEMBER -> ofMembers.kill();
            case KILL_MANY_MEMBERS -> ofMembers.killMany();
            case KILL_MEMBER_WITH_EVIDENCE -> ofMembers.killWithEvidence();
            case PAUSE_MEMBER -> ofMembers.pause();
            case SUSPEND_MEMBER -> ofMembers.suspend();
            case SECOND_PROCESS -> ofMembers.secondProcess();
            case RESTART_MEMBER -> ofMembers.restart();
            case LEAVE -> ofMembers.leave();
            case EVICT -> ofMembers.evict();
            case SILENCE_MEMBER -> ofMembers.silence();
            case CHASE_MEMBER -> ofMembers.chase();
            case POLICY -> ofMembers.policy();
            case SHRINK_POLICY -> ofMembers.shrinkPolicy();
            case WEATHER -> ofMembers.weather();
            case CRASH_NODE -> ofNodes.crash();
            case WIPE_NODE -> ofNodes.wipe();
            case SAVE_NODE -> ofNodes.save();
            case PAUSE_NODE -> ofNodes.pause();
            case SUSPEND_NODE -> ofNodes.suspend();
            case STUTTER_NODE -> ofNodes.stutter();
            case DEAFEN_NODE -> ofNodes.deafen();
            case CUT_NODES -> ofNodes.cutNodes();
            case ISOLATE_NODE -> ofNodes.isolate();
            case STRAND_NODE -> ofNodes.strand();
            case STRAND_YOUNG_NODE -> ofNodes.strandWithYoung();
            case SLOW_NODE -> ofNodes.lag();
            case SLOW_LOG -> ofNodes.slowLog();
            case RECONFIGURE -> ofNodes.reconfigure();
            case TRANSFER_LEADERSHIP -> ofNodes.transferLeadership();
            case CRASH_SUSPECTING -> ofNodes.crashWhoeverSuspects();
            case STOP_LEADER_OF_CUT -> ofNodes.stopLeaderWithCut();
        }
    }

    /** What happens. */
    enum Kind {
        NEW_MEMBER,
        KILL_MEMBER,
        KILL_MANY_MEMBERS,
        KILL_MEMBER_WITH_EVIDENCE,
        PAUSE_MEMBER,
        SUSPEND_MEMBER,
        SECOND_PROCESS,
        RESTART_MEMBER,
        LEAVE,
        EVICT,
        SILENCE_MEMBER,
        CHASE_MEMBER,
        POLICY,
        SHRINK_POLICY,
        WEATHER,
        CRASH_NODE,
        WIPE_NODE,
        SAVE_NODE,
        PAUSE_NODE,
        SUSPEND_NODE,
        STUTTER_NODE,
        DEAFEN_NODE,
        CUT_NODES,
        ISOLATE_NODE,
        STRAND_NODE,
        STRAND_YOUNG_NODE,
        SLOW_NODE,
        SLOW_LOG,
        RECONFIGURE,
        TRANSFER_LEADERSHIP,
        CRASH_SUSPECTING,
        STOP_LEADER_OF_CUT
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
