package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** UDP packets between ports of the loopback address that are lost, until it is ended. */
final class PacketFilter implements Started.Part {
    private final List<String> rule;
    private boolean set = true;

    private PacketFilter(List<String> rule) {
        this.rule = rule;
    }

    /** Whether this user may have packets dropped. */
    static boolean isPossible() throws IOException, InterruptedException {
        return run("-n", List.of("-L", "INPUT"));
    }

    /**
     * Drops.
     *
     * @param match which UDP packets, as iptables is told
     */
    static PacketFilter drop(String... match) throws IOException, InterruptedException {
        List<String> rule = new ArrayList<>(List.of("-i", "lo", "-p", "udp"));
        rule.addAll(Arrays.asList(match));
        rule.addAll(List.of("-j", "DROP"));
        if (!run("-I", with("INPUT", rule))) {
            throw new IOException("iptables takes no rule " + rule);
        }
        return Started.add(new PacketFilter(rule));
    }

    private static List<String> with(String chain, List<String> rule) {
        List<String> all = new ArrayList<>(List.of(chain));
        all.addAll(rule);
        return all;
    }

    private static boolean run(String command, List<String> more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("iptables", "-w", command));
        words.addAll(more);
        try {
            return new ProcessBuilder(words)
                            .redirectInput(new File("/dev/null"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // no such program here
            return false;
        }
    }

    @Override
    public void end() {
        if (!set) {
            return;
        }
        set = false;
        try {
            if (!run("-D", with("INPUT", rule))) {
                throw new IllegalStateException("iptables keeps the rule " + rule);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String lastWords() {
        return "dropped " + (set ? "still" : "no more") + ": " + rule;
    }
}
