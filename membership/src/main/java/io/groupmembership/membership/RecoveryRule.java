package io.groupmembership.membership;

import java.util.List;
import java.util.Map;

/** What becomes of a state that is all that a cluster has left. */
final class RecoveryRule {
    /** Why a member has to join again after a recovery. */
    private static final Evidence UNPROVEN = new Evidence(
            -1, List.of(new Evidence.Probe("recovery", "log", "the join was not known to be agreed on")), Map.of());

    private final Tables tables;
    private final BatchResults batchResults;
    private final RequestResults requestResults;

    RecoveryRule(Tables tables, BatchResults batchResults, RequestResults requestResults) {
        this.tables = tables;
        this.batchResults = batchResults;
        this.requestResults = requestResults;
    }

    /**
     * What the lost majority had agreed on and this state lacks can't be known; so every number from now on is larger
     * than any that it can have given out. Members stay, but for those whose joins were perhaps never agreed on: their
     * incarnations may be others' too, and no answer that is remembered may give them out again.
     */
    Result recover(Command.Recover recover, Applying applying) {
        if (recover.recoveryEpoch() <= tables.numbers().recoveryEpoch()) {
            return new Result.Done();
        }
        tables.numbers().begin(recover.recoveryEpoch());
        long floor = tables.numbers().of(0);
        tables.groups().raiseViewFloor(floor);
        tables.store().raiseVersions(floor);
        tables.history().forgetAll(floor);
        batchResults.forgetAll();
        requestResults.forgetUnproven(recover.provenIncarnation());
        for (GroupState group : tables.groups().all()) {
            group.raiseView(floor);
            NextView next = new NextView(tables, group, applying);
            for (Member member : group.members().toArray()) {
                if (member.incarnation() > recover.provenIncarnation()) {
                    next.remove(member, LeaveReason.EVICTED, UNPROVEN);
                }
            }
            next.install();
        }
        applying.events().recovered();
        return new Result.Done();
    }
}
