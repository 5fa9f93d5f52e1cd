package io.groupmembership.e2e.chaos;

import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.processes.Tool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Network namespaces, one for each place of a node, joined by a bridge in a namespace of its own: the packet filters of
 * this machine see nothing of what goes between them. This machine is on the bridge too, and so are the clients.
 */
final class Network implements Started.Part {
    private static final int HERE = 254;

    private final String prefix;
    private final String subnet;
    private final int places;
    private final List<String> namespaces = new ArrayList<>();

    private Network(String prefix, String subnet, int places) {
        this.prefix = prefix;
        this.subnet = subnet;
        this.places = places;
    }

    /** Whether this user may make one. */
    static boolean isPossible() throws InterruptedException {
        String name = "gm-try-" + ProcessHandle.current().pid();
        if (Tool.status("ip", "netns", "add", name) != 0) {
            return false;
        }
        boolean filters = Tool.status("ip", "netns", "exec", name, "iptables", "-w", "-n", "-L") == 0;
        return Tool.status("ip", "netns", "delete", name) == 0 && filters;
    }

    static Network make(int places) throws IOException, InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String prefix = String.format(Locale.ROOT, "gm%05x", random.nextInt(1 << 20));
        String subnet = "10." + random.nextInt(200, 250) + "." + random.nextInt(1, 250) + ".";
        Network network = Started.add(new Network(prefix, subnet, places));
        network.build();
        return network;
    }

    private void build() throws IOException, InterruptedException {
        String bridge = prefix + "b";
        addNamespace(bridge);
        ip("-n", bridge, "link", "add", "br0", "type", "bridge");
        ip("-n", bridge, "link", "set", "br0", "up");
        join(bridge, prefix + "h", prefix + "x");
        ip("address", "add", subnet + HERE + "/24", "dev", prefix + "h");
        ip("link", "set", prefix + "h", "up");
        for (int place = 1; place <= places; place++) {
            String namespace = namespace(place);
            addNamespace(namespace);
            join(bridge, prefix + place, prefix + "p" + place);
            ip("link", "set", prefix + place, "netns", namespace);
            ip("-n", namespace, "address", "add", address(place) + "/24", "dev", prefix + place);
            ip("-n", namespace, "link", "set", prefix + place, "up");
            ip("-n", namespace, "link", "set", "lo", "up");
        }
    }

    private void addNamespace(String name) throws IOException, InterruptedException {
        ip("netns", "add", name);
        namespaces.add(name);
    }

    /** A cable from the bridge, whose other end is here. */
    private static void join(String bridge, String here, String port) throws IOException, InterruptedException {
        ip("link", "add", here, "type", "veth", "peer", "name", port, "netns", bridge);
        ip("-n", bridge, "link", "set", port, "master", "br0", "up");
    }

    private String namespace(int place) {
        return prefix + "n" + place;
    }

    String address(int place) {
        return subnet + place;
    }

    /** The address of this machine. */
    String here() {
        return subnet + HERE;
    }

    /** A command as it is run at a place; the process that it is has the id of the one that is started. */
    List<String> at(int place, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace(place)));
        words.addAll(command);
        return words;
    }

    // ---- faults

    /** What one place sends does not arrive at the other. */
    void cut(int from, int to) throws IOException, InterruptedException {
        filter(to, "-A", "INPUT", "-s", address(from), "-j", "DROP");
    }

    /** The two don't hear each other. */
    void part(int one, int other) throws IOException, InterruptedException {
        cut(one, other);
        cut(other, one);
    }

    /** So much of what one place sends does not arrive at the other. */
    void lose(int from, int to, double share) throws IOException, InterruptedException {
        filter(
                to,
                "-A",
                "INPUT",
                "-s",
                address(from),
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                String.valueOf(share),
                "-j",
                "DROP");
    }

    /** All is well between all places. */
    void heal() throws IOException, InterruptedException {
        for (int place = 1; place <= places; place++) {
            filter(place, "-F", "INPUT");
        }
    }

    private void filter(int place, String... rule) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("iptables", "-w"));
        words.addAll(List.of(rule));
        run(at(place, words));
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        run(command);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        if (Tool.status(command.toArray(String[]::new)) != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    @Override
    public void end() {
        List<String> left = new ArrayList<>();
        try {
            for (String namespace : namespaces) {
                if (Tool.status("ip", "netns", "delete", namespace) != 0) {
                    left.add(namespace);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        namespaces.clear();
        if (!left.isEmpty()) {
            throw new IllegalStateException("namespaces are left: " + left);
        }
    }

    @Override
    public String lastWords() {
        return "network " + subnet + "0/24 of " + places + " places, namespaces " + prefix + "*";
    }
}
