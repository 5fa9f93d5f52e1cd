package io.groupmembership.membership;

import java.util.Optional;

/** The bytes of nodes, and of groups with their members, in a {@link Snapshot}. */
final class MemberCodec {
    private static final int TEXT_BYTES = 4_096;
    private static final int ANY_COUNT = Integer.MAX_VALUE;

    private MemberCodec() {}

    static void writeNodes(WireWriter out, NodeTable nodes) {
        out.putSize(nodes.slots());
        nodes.all()
                .forEach(node -> out.putString(node.nodeId())
                        .putString(node.address())
                        .putString(node.udpAddress())
                        .putString(node.hashKey())
                        .putBoolean(node.live())
                        .putSize(node.liveness())
                        .putLong(node.bootId())
                        .putLong(node.downIndex()));
    }

    static NodeTable readNodes(WireReader in, boolean withLeases) {
        NodeTable nodes = new NodeTable();
        int count = in.getSize(NodeTable.MAX_NODES);
        for (int slot = 0; slot < count; slot++) {
            nodes.put(new NodeRecord(
                    slot,
                    in.getString(TEXT_BYTES),
                    in.getString(TEXT_BYTES),
                    in.getString(TEXT_BYTES),
                    EntryCodec.readHashKey(in),
                    in.getBoolean(),
                    in.getSize(ANY_COUNT),
                    0,
                    withLeases ? in.getLong() : 0,
                    withLeases ? in.getLong() : -1));
        }
        return nodes;
    }

    static void writeGroups(WireWriter out, MembershipState state) {
        out.putSize(state.groupCount());
        for (GroupState group : state.groupStates()) {
            EntryCodec.write(out, group.key());
            out.putLong(group.view()).putLong(group.changedAtMillis()).putLong(group.changedAtIndex());
            out.putBoolean(group.ownPolicy().isPresent());
            group.ownPolicy().ifPresent(policy -> EntryCodec.write(out, policy));
            out.putSize(group.members().size());
            group.members().forEach(member -> writeLiving(out, member));
        }
    }

    static GroupState readGroup(WireReader in, int slots, boolean withLeases) {
        GroupState group = new GroupState(EntryCodec.readGroup(in), in.getLong(), in.getLong(), in.getLong());
        group.setOwnPolicy(in.getBoolean() ? Optional.of(EntryCodec.readPolicy(in)) : Optional.empty());
        for (int left = in.getSize(ANY_COUNT); left > 0; left--) {
            Member member = readMember(in, slots);
            group.members()
                    .add(
                            withLeases
                                    ? readLease(in, member)
                                    : member.withLeaseOf(group.policy().leaseMillis()));
        }
        return group;
    }

    static void write(WireWriter out, Member member) {
        writeAssignment(out, member);
        out.putBytes(member.spec().packed());
    }

    private static void writeLiving(WireWriter out, Member member) {
        write(out, member);
        out.putSize(member.longestLeaseMillis()).putSize(member.unheardMoves());
        Revocation revocation = member.revocation();
        out.putBoolean(revocation != null);
        if (revocation != null) {
            out.putByte(revocation.reason().ordinal());
            out.putBoolean(revocation.successor().isPresent());
            revocation.successor().ifPresent(successor -> out.putBytes(successor.packed()));
        }
    }

    private static Member readLease(WireReader in, Member member) {
        int longestLeaseMillis = in.getSize(ANY_COUNT);
        int unheardMoves = in.getSize(ANY_COUNT);
        Revocation revocation = in.getBoolean()
                ? new Revocation(
                        EntryCodec.readReason(in),
                        in.getBoolean()
                                ? Optional.of(MemberSpec.ofPacked(in.getBytes(MemberSpec.MAX_BYTES)))
                                : Optional.empty())
                : null;
        return new Member(
                member.spec(),
                member.incarnation(),
                member.assignmentEpoch(),
                member.monitorSlot(),
                longestLeaseMillis,
                unheardMoves,
                revocation);
    }

    /** The slot is written one higher, so that no node is 0. */
    static void writeAssignment(WireWriter out, Member member) {
        out.putLong(member.incarnation()).putSize(member.assignmentEpoch()).putSize(member.monitorSlot() + 1);
    }

    static Member readMember(WireReader in, int slots) {
        long incarnation = in.getLong();
        int assignmentEpoch = in.getSize(ANY_COUNT);
        int slot = in.getSize(slots) - 1;
        return new Member(MemberSpec.ofPacked(in.getBytes(MemberSpec.MAX_BYTES)), incarnation, assignmentEpoch, slot);
    }
}
