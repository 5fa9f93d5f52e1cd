package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule of this machine's packet filter that drops what comes by UDP for one port of the loopback address. */
final class UdpBlock implements Started.Part {
    private final int port;
    private boolean inPlace = true;

    private UdpBlock(int port) {
        this.port = port;
    }

    /** Empty where this user may not set one, or there is no iptables. */
    static Optional<UdpBlock> of(int port) throws IOException, InterruptedException {
        return iptables("-I", port) == 0 ? Optional.of(Started.add(new UdpBlock(port))) : Optional.empty();
    }

    /** Takes the very rule away that was set. */
    @Override
    public void end() {
        if (!inPlace) {
            return;
        }
        inPlace = false;
        try {
            if (iptables("-D", port) != 0) {
                throw new IllegalStateException(this + " can't be taken away");
            }
        } catch (IOException e) {
            throw new IllegalStateException(this + " can't be taken away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int iptables(String change, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("iptables", "-w", "5", change, "INPUT"));
        command.addAll(List.of("-i", "lo", "-p", "udp", "--dport", Integer.toString(port), "-j", "DROP"));
        try {
            return new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // no such program here
            return 127;
        }
    }

    @Override
    public String lastWords() {
        return this + (inPlace ? " is" : " was") + " in place";
    }

    @Override
    public String toString() {
        return "the block of UDP port " + port;
    }
}
