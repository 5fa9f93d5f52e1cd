package io.groupmembership.membership;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Opens to the simulator what the rules keep to their package: a state with rules of its own, and its snapshot. */
public final class SimulatedState {
    private SimulatedState() {}

    /** Which rules a state goes by: those of production, but for what a mutation changes. */
    public interface Mutation {
        default boolean endsAtOnce() {
            return false;
        }

        default boolean oneIncarnationForTwoInstances() {
            return false;
        }

        default boolean leaveIgnoresIncarnation() {
            return false;
        }

        default boolean removeIgnoresIncarnation() {
            return false;
        }

        default boolean removeIgnoresEpoch() {
            return false;
        }

        default boolean bootKeepsEpoch() {
            return false;
        }

        default boolean registeringRevives() {
            return false;
        }
    }

    private static MembershipState.Rules rules(Mutation mutation) {
        return new MembershipState.Rules(
                tables -> new MutantMembers(tables, mutation), tables -> new NodeRules(tables) {
                    @Override
                    void booted(NodeRecord node, Applying applying) {
                        if (mutation.bootKeepsEpoch()) {
                            tables.nodes().put(node);
                        } else {
                            super.booted(node, applying);
                        }
                    }

                    @Override
                    Result nodeUp(Command.NodeUp up, Applying applying) {
                        Result result = super.nodeUp(up, applying);
                        if (mutation.registeringRevives()) {
                            tables.nodes()
                                    .find(up.nodeId())
                                    .ifPresent(node -> tick(
                                            new Command.Tick(List.of(
                                                    new Command.Beat(node.nodeId(), node.bootId(), 0, Long.MAX_VALUE))),
                                            applying));
                        }
                        return result;
                    }
                });
    }

    private static final class MutantMembers extends MemberRules {
        private final Mutation mutation;

        MutantMembers(Tables tables, Mutation mutation) {
            super(tables);
            this.mutation = mutation;
        }

        @Override
        Result revoke(Member member, Revocation why, NextView next) {
            if (!mutation.endsAtOnce()) {
                return super.revoke(member, why, next);
            }
            next.remove(member, why.reason(), Evidence.NONE);
            why.successor().ifPresent(next::add);
            return new Result.Left(member.incarnation(), next.number());
        }

        @Override
        boolean isSameJoin(MemberSpec current, MemberSpec joiner) {
            return mutation.oneIncarnationForTwoInstances() || super.isSameJoin(current, joiner);
        }

        @Override
        boolean isMeant(Member member, OptionalLong incarnation) {
            return mutation.leaveIgnoresIncarnation() || super.isMeant(member, incarnation);
        }

        @Override
        boolean isMeant(Member member, Command.Target target) {
            return (mutation.removeIgnoresIncarnation() || member.incarnation() == target.incarnation())
                    && (mutation.removeIgnoresEpoch() || member.assignmentEpoch() == target.assignmentEpoch());
        }
    }

    public static MembershipState create(UUID clusterId, Mutation mutation) {
        return new MembershipState(clusterId, rules(mutation));
    }

    public static byte[] snapshot(MembershipState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Snapshot.write(state, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static MembershipState restore(byte[] snapshot, UUID clusterId, Mutation mutation) {
        try {
            return Snapshot.read(new ByteArrayInputStream(snapshot), snapshot.length, clusterId, rules(mutation));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
