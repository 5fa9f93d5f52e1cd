package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Packets on the loopback interface that are lost, until it is ended. */
final class PacketFilter implements Started.Part {
    private static final String PORTS = "-m multiport --dports ";

    private final List<String> rule;
    private boolean set = true;

    /** @param rule the chain, and what its packets are like */
    private PacketFilter(List<String> rule) {
        this.rule = rule;
    }

    /** Whether this user may have packets dropped. */
    static boolean isPossible() throws IOException, InterruptedException {
        return run("-n", List.of("-L", "INPUT"));
    }

    /** @param match which UDP packets, as iptables is told */
    static PacketFilter udp(String... match) throws IOException, InterruptedException {
        return drop("INPUT -i lo -p udp " + String.join(" ", match));
    }

    /** TCP packets to these ports, whoever sends them. */
    static PacketFilter tcpTo(List<Integer> ports) throws IOException, InterruptedException {
        return drop("INPUT -i lo -p tcp " + PORTS + joined(ports));
    }

    /** TCP packets to these ports that processes of a group of users send. */
    static PacketFilter tcpOf(int groupId, List<Integer> ports) throws IOException, InterruptedException {
        return drop("OUTPUT -o lo -p tcp -m owner --gid-owner " + groupId + " " + PORTS + joined(ports));
    }

    private static String joined(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static PacketFilter drop(String match) throws IOException, InterruptedException {
        List<String> rule = List.of((match + " -j DROP").split(" "));
        if (!run("-I", rule)) {
            throw new IOException("iptables takes no rule " + match);
        }
        return Started.add(new PacketFilter(rule));
    }

    private static boolean run(String command, List<String> more) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("iptables", "-w", command));
        words.addAll(more);
        return Tool.status(words.toArray(String[]::new)) == 0;
    }

    @Override
    public void end() {
        if (!set) {
            return;
        }
        set = false;
        try {
            if (!run("-D", rule)) {
                throw new IllegalStateException("iptables keeps the rule " + rule);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String lastWords() {
        return "dropped " + (set ? "still" : "no more") + ": " + rule;
    }
}
