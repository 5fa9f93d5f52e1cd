package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the processes of a cluster are started with.
 *
 * @param java the java program
 * @param nodeJar the node's runnable jar
 * @param jvmArguments a file of JVM arguments, read by {@code java @file}
 * @param aotCache the node's AOT cache; one that does not fit costs only time
 * @param extraJvmArguments for every node, after the others
 */
public record NodeLaunch(
        Path java, Path nodeJar, Optional<Path> jvmArguments, Optional<Path> aotCache, List<String> extraJvmArguments) {
    /** What keeps the JVM silent about a cache that does not fit: the node prints to its log, people read that. */
    public static final List<String> SILENT_CACHE =
            List.of("-Xlog:aot=off", "-Xlog:aot*=off", "-Xlog:cds=off", "-Xlog:cds*=off");

    private static final String CACHE_OUTPUT = "-XX:AOTCacheOutput=";

    /** The node as the build leaves it under the root of the repository, on the Java that runs this. */
    public static NodeLaunch ofHome(Path home) {
        Path application = home.resolve("node/target/quarkus-app");
        Path jar = application.resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new CliFailure(ExitCode.ERROR, "the node is not built (" + jar + " is missing): run ./gm build");
        }
        return new NodeLaunch(
                currentJava(),
                jar,
                Optional.of(home.resolve("node/jvm.args")).filter(Files::exists),
                Optional.of(application.resolve("app.aot")).filter(Files::exists),
                List.of());
    }

    /** The java program of the running JVM. */
    public static Path currentJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The same with more JVM arguments. */
    public NodeLaunch with(String... jvmArgument) {
        return with(List.of(jvmArgument));
    }

    NodeLaunch with(List<String> more) {
        List<String> all = new ArrayList<>(extraJvmArguments);
        all.addAll(more);
        return new NodeLaunch(java, nodeJar, jvmArguments, aotCache, List.copyOf(all));
    }

    /**
     * The command line of one node.
     *
     * @param more JVM arguments for this start alone
     */
    public List<String> command(ClusterDirectory directory, LocalNode node, List<String> more) {
        String nodeId = node.nodeId();
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        jvmArguments.ifPresent(file -> command.add("@" + file));
        boolean training = more.stream().anyMatch(argument -> argument.startsWith(CACHE_OUTPUT));
        if (!training) {
            aotCache.ifPresent(file -> command.add("-XX:AOTCache=" + file));
        }
        command.addAll(SILENT_CACHE);
        command.addAll(extraJvmArguments);
        command.addAll(more);
        command.add("-Dgm.node-id=" + nodeId);
        command.add("-Dgm.data-dir=" + directory.nodeDirectory(nodeId));
        if (node.founder()) {
            command.add("-Dgm.cluster-file=" + directory.clusterFile());
        } else {
            command.add("-Dgm.host=" + node.host());
            command.add("-Dgm.bind=" + node.host());
            command.add("-Dgm.base-port=" + node.httpPort());
        }
        command.add("-Dgm.secrets-file=" + directory.secretsFile());
        if (directory.tls().isOn()) {
            command.add("-Dgm.tls-dir=" + directory.tls().set().directory(nodeId));
        }
        if (Files.exists(directory.policyFile())) {
            command.add("-Dgm.access=policy");
            command.add("-Dgm.policy-file=" + directory.policyFile());
        }
        command.add("-jar");
        command.add(nodeJar.toString());
        return List.copyOf(command);
    }
}
