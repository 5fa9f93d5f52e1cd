package io.groupmembership.node.raft;

import io.groupmembership.membership.Command;

/** How many bytes a command takes in a log entry, roughly and rather too many. */
final class CommandSize {
    private CommandSize() {}

    static int estimate(Command command) {
        return switch (command) {
            case Command.Join join ->
                join.joiners().stream()
                        .mapToInt(j -> 16 + j.spec().packedBytes())
                        .sum();
            case Command.Remove remove -> 400 * remove.targets().size();
            case Command.KvPut put -> 64 + put.key().length() + put.value().length;
            case Command.KvDelete delete -> 64 + delete.key().length();
            case Command.Leave leave -> 64 + leave.memberId().length();
            case Command.Withdraw withdraw -> 64 + withdraw.memberId().length();
            case Command.PutPolicy put -> 128;
            case Command.NodeUp up -> 256;
            case Command.Revoke revoke -> 64 + revoke.memberId().length();
            case Command.Assign assign -> 256 * assign.assignments().size();
            case Command.Tick tick -> 64 * tick.beats().size();
            case Command.NodeDown _, Command.Recover _ -> 64;
        };
    }
}
