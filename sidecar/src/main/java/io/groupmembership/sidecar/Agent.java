package io.groupmembership.sidecar;

import io.groupmembership.sidecar.command.ChildCommand;
import io.groupmembership.sidecar.command.Signals;
import io.groupmembership.sidecar.member.ErrorLines;
import io.groupmembership.sidecar.member.Membership;
import io.groupmembership.sidecar.member.OutputLines;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StopRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of the agent's process: the membership on a thread of its own, and perhaps a command, brought to one end.
 *
 * <ul>
 *   <li>The command starts once the member may act as one. Later incarnations do not start it again.
 *   <li>A member that may not act as one is fenced: its command gets a signal, or is ended, where the options say so.
 *   <li>A signal goes to the command. Without one, or before it runs, the agent leaves and ends.
 *   <li>When the command ends, the member leaves, and the command's exit code is the agent's.
 *   <li>When the membership is over for good, the command is ended too: it must not go on as a member.
 * </ul>
 *
 * <p>One thread decides, on one thing after the other that happens.
 */
final class Agent implements StatusBoard.Listener {
    static final int LEFT = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int TAKEN_AWAY = 3;

    static final Duration OUTPUT_LIMIT = Duration.ofMillis(500);

    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
    private static final Duration COMMAND_GRACE = Duration.ofSeconds(10);
    private static final int MOST_HAPPENINGS = 64;

    /** The membership, from join to end. It obeys the stop request. */
    @FunctionalInterface
    interface Life {
        Membership.Ending live();
    }

    private final AgentOptions options;
    private final StopRequest stop;
    private final ErrorLines errors;
    private final OutputLines lines;
    private final BlockingQueue<Happening> happenings = new ArrayBlockingQueue<>(MOST_HAPPENINGS);
    private @Nullable ChildCommand command;
    private boolean fenceSignalled;

    Agent(AgentOptions options, StopRequest stop, ErrorLines errors, OutputLines lines) {
        this.options = options;
        this.stop = stop;
        this.errors = errors;
        this.lines = lines;
    }

    /** From any thread. */
    void signal(Signals signal) {
        tell(new Happening.Signalled(signal));
    }

    @Override
    public void believes(long incarnation) {
        tell(new Happening.Believes(incarnation));
    }

    @Override
    public void fenced(long incarnation) {
        tell(new Happening.Fenced(incarnation));
    }

    /** Returns the exit code. */
    int run(Life life) throws InterruptedException {
        Thread.ofPlatform().name("membership").daemon().stackSize(512 * 1024).start(() -> live(life));
        while (true) {
            switch (happenings.take()) {
                case Happening.Believes member -> {
                    if (command == null && !options.command().isEmpty() && !startCommand(member.incarnation())) {
                        leave();
                        return ChildCommand.CANNOT_START;
                    }
                    if (command != null && fenceSignalled) {
                        fenceSignalled = false;
                        pass(command, Signals.CONT);
                    }
                }
                case Happening.Fenced fenced -> {
                    if (command != null && options.onFence() == OnFence.SIGNAL) {
                        fenceSignalled = true;
                        pass(command, Signals.USR1);
                    }
                    if (command != null && options.onFence() == OnFence.STOP) {
                        command.end(COMMAND_GRACE);
                        leave();
                        errors.say("the lease of " + options.memberName() + " incarnation " + fenced.incarnation()
                                + " has run out, and its command was ended");
                        return TAKEN_AWAY;
                    }
                }
                case Happening.Signalled signalled -> {
                    if (command == null) {
                        leave();
                        return options.command().isEmpty()
                                ? LEFT
                                : signalled.signal().exitCode();
                    }
                    pass(command, signalled.signal());
                }
                case Happening.CommandEnded ended -> {
                    leave();
                    return ended.exitCode();
                }
                case Happening.MembershipEnded over -> {
                    int code = explain(over.ending());
                    if (command != null) {
                        command.end(COMMAND_GRACE);
                    }
                    return code;
                }
            }
        }
    }

    private void live(Life life) {
        Membership.Ending ending;
        try {
            ending = life.live();
        } catch (RuntimeException e) {
            ending = new Membership.Ending.Refused("the agent failed: " + e);
        }
        tell(new Happening.MembershipEnded(ending));
    }

    private boolean startCommand(long incarnation) throws InterruptedException {
        // the command writes to the same output, and what was said before it began comes first
        lines.awaitWritten(OUTPUT_LIMIT);
        try {
            command = ChildCommand.start(
                    options.command(),
                    Map.of(
                            "GM_INCARNATION", Long.toString(incarnation),
                            "GM_GROUP", options.group(),
                            "GM_MEMBER_ID", options.memberId(),
                            "GM_NAMESPACE", options.namespace()),
                    exitCode -> tell(new Happening.CommandEnded(exitCode)));
            return true;
        } catch (IOException e) {
            errors.say("cannot start the command: " + ErrorLines.describe(e));
            return false;
        }
    }

    private void pass(ChildCommand running, Signals signal) {
        try {
            running.pass(signal);
        } catch (IOException e) {
            errors.say(ErrorLines.describe(e));
        }
    }

    /** Asks the membership to end, and waits no longer than it may take. */
    private void leave() throws InterruptedException {
        stop.request(LEAVE_LIMIT);
        long waitNanos = stop.remaining().toNanos();
        while (waitNanos > 0) {
            Happening happening = happenings.poll(waitNanos, TimeUnit.NANOSECONDS);
            if (happening instanceof Happening.MembershipEnded) {
                return;
            }
            waitNanos = stop.remaining().toNanos();
        }
    }

    private int explain(Membership.Ending ending) {
        return switch (ending) {
            case Membership.Ending.Stopped _ -> LEFT;
            case Membership.Ending.Refused refused -> {
                errors.say(refused.message());
                yield REFUSED;
            }
            case Membership.Ending.TakenAway taken -> {
                errors.say(taken.message());
                yield TAKEN_AWAY;
            }
        };
    }

    /** A full queue means that signals rain down: the last of them add nothing. What ends a life waits its turn. */
    private void tell(Happening happening) {
        if (happening instanceof Happening.Signalled) {
            happenings.offer(happening);
            return;
        }
        try {
            happenings.put(happening);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
