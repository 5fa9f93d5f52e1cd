package io.groupmembership.e2e.kubernetes;

import com.github.dockerjava.api.model.Network.Ipam;
import io.groupmembership.e2e.client.Started;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A second machine of a Kubernetes of the test's own, with the faults that machines have. */
final class Machine implements Started.Part {
    static final String SERVER = "server";
    private static final String TOKEN = "/etc/rancher/k3s/token";

    private final K3sContainer server;
    private final Network network;
    private final String address;
    private final GenericContainer<?> container;

    private Machine(K3sContainer server) {
        // an address of one's own choice, to keep, wants a subnet of one's own choice
        String subnet = "10.213." + ThreadLocalRandom.current().nextInt(256);
        this.address = subnet + ".200";
        this.network = Network.builder()
                .createNetworkCmdModifier(command ->
                        command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet + ".0/24"))))
                .build();
        this.server = server.withNetwork(network).withNetworkAliases(SERVER);
        this.container = new GenericContainer<>(DockerImageName.parse(Kubernetes.image()))
                .withPrivilegedMode(true)
                .withFileSystemBind("/sys/fs/cgroup", "/sys/fs/cgroup", BindMode.READ_WRITE)
                .withTmpFs(Map.of("/run", "", "/var/run", ""))
                .withNetwork(network)
                .withCreateContainerCmdModifier(command -> {
                    command.withHostName(name()).withIpv4Address(address);
                    command.getHostConfig().withCgroupnsMode("host");
                })
                .withCommand("agent")
                .waitingFor(Wait.forLogMessage(".*Node controller sync successful.*", 1));
    }

    /** Starts the server and a machine besides; both end with the test's class. */
    static Machine startBesides(K3sContainer server) {
        Machine machine = Started.add(new Machine(server));
        server.start();
        machine.container
                .withEnv("K3S_URL", "https://" + SERVER + ":6443")
                .withEnv(
                        "K3S_TOKEN",
                        Kubernetes.docker("exec", server.getContainerId(), "cat", TOKEN)
                                .strip());
        machine.container.start();
        return machine;
    }

    String name() {
        return "agent";
    }

    String containerId() {
        return container.getContainerId();
    }

    void pause() {
        Kubernetes.docker("pause", containerId());
    }

    void unpause() {
        Kubernetes.docker("unpause", containerId());
    }

    void cutOff() {
        Kubernetes.docker("network", "disconnect", network.getId(), containerId());
    }

    void reconnect() {
        Kubernetes.docker("network", "connect", "--ip", address, network.getId(), containerId());
    }

    void kill() {
        Kubernetes.docker("kill", containerId());
    }

    void startAgain() {
        Kubernetes.docker("start", containerId());
    }

    @Override
    public void end() {
        container.stop();
        server.stop();
        network.close();
    }

    @Override
    public String lastWords() {
        return "machine " + name() + ": " + container.getLogs();
    }
}
