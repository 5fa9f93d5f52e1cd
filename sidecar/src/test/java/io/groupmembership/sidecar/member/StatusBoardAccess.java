package io.groupmembership.sidecar.member;

/** Lets tests of other rooms put a board into a state, which only a membership may do otherwise. */
public final class StatusBoardAccess {
    private StatusBoardAccess() {}

    public static void member(StatusBoard board, long incarnation, long view, String leader) {
        board.admitted(incarnation, view, "node-1");
        board.view(view, leader);
    }

    public static void removed(StatusBoard board) {
        board.removed(9, "crashed");
    }
}
