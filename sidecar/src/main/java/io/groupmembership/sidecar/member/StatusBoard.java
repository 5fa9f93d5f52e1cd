package io.groupmembership.sidecar.member;

import java.io.PrintStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent's own state is written by the membership and read by everybody else. Each change of state is one
 * line of output.
 */
public final class StatusBoard {
    private final PrintStream out;
    private final String memberName;
    private volatile Self self = Self.joining(UUID.randomUUID());

    public StatusBoard(String memberName, PrintStream out) {
        this.memberName = memberName;
        this.out = out;
    }

    public Self now() {
        return self;
    }

    /** Only the membership's thread writes. */
    void joining(UUID instance) {
        self = self.withInstance(instance).inState(MemberState.JOINING);
        line("joining " + memberName);
    }

    void member(long incarnation, long view, String monitor) {
        self = self.withMembership(incarnation, view);
        line("member " + memberName + " incarnation " + incarnation + " view " + view + " monitor " + monitor);
    }

    void view(long view, @Nullable String leader) {
        self = self.withView(view, leader);
    }

    void removed(long view, String reason) {
        self = self.withView(view, null).inState(MemberState.REMOVED);
        line("removed " + memberName + " incarnation " + self.incarnation() + " view " + view + " reason " + reason);
    }

    void left() {
        long incarnation = self.incarnation();
        self = self.inState(MemberState.LEFT);
        line("left " + memberName + (incarnation == 0 ? "" : " incarnation " + incarnation));
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }
}
