package io.groupmembership.sidecar;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.tls.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments and environment. An argument goes before its environment variable, and that before the default.
 * Every value is checked here against the limits of the protocol, so that a mistake is told before a node is asked.
 */
final class OptionsReader {
    private static final String DEFAULT_SERVERS = "http://127.0.0.1:7701,http://127.0.0.1:7702,http://127.0.0.1:7703";
    private static final int MOST_SERVERS = 32;
    private static final String PLAIN = "http://";
    private static final String TLS = "https://";

    /** Flags that take a value, and the environment variable that stands in for each ("" where there is none). */
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("--group", "GM_GROUP"),
            Map.entry("--id", "GM_MEMBER_ID"),
            Map.entry("--namespace", "GM_NAMESPACE"),
            Map.entry("--server", "GM_SERVER"),
            Map.entry("--ca", "GM_CA"),
            Map.entry("--certificate", "GM_CERTIFICATE"),
            Map.entry("--key", "GM_KEY"),
            Map.entry("--token-file", "GM_TOKEN_FILE"),
            Map.entry("--address", "GM_ADDRESS"),
            Map.entry("--heartbeat", "GM_HEARTBEAT"),
            Map.entry("--heartbeat-address", "GM_HEARTBEAT_ADDRESS"),
            Map.entry("--listen", "GM_LISTEN"),
            Map.entry("--probe-listen", "GM_PROBE_LISTEN"),
            Map.entry("--on-fence", "GM_ON_FENCE"),
            Map.entry("--when-replaced", "GM_WHEN_REPLACED"),
            Map.entry("--metadata", ""));

    /** Environment variables that a sidecar gets by the downward API, and the metadata that they become. */
    private static final Map<String, String> POD_METADATA =
            Map.of("GM_POD_UID", "kubernetes.io/pod-uid", "GM_K8S_NODE", "kubernetes.io/node");

    private final Map<String, String> environment;
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private List<String> command = List.of();
    private boolean listenRefused;

    private OptionsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * @param arguments what follows {@code gm join}
     * @param hostName the memberId where neither an argument nor the environment names one
     * @throws UsageException where an argument is unknown, incomplete or out of its limits
     */
    static AgentOptions read(List<String> arguments, Map<String, String> environment, String hostName)
            throws UsageException {
        OptionsReader reader = new OptionsReader(environment);
        reader.scan(arguments);
        reader.scanEnvironment();
        return reader.options(hostName);
    }

    private void scan(List<String> arguments) throws UsageException {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                command = List.copyOf(arguments.subList(i + 1, arguments.size()));
                if (command.isEmpty()) {
                    throw new UsageException("--: a command must follow it");
                }
                return;
            }
            if (argument.equals("--no-listen")) {
                listenRefused = true;
                continue;
            }
            int equals = argument.indexOf('=');
            boolean joined = argument.startsWith("--") && equals > 0;
            String flag = joined ? argument.substring(0, equals) : argument;
            if (!FLAGS.containsKey(flag)) {
                throw new UsageException(printable(argument) + ": no such option, see gm join --help");
            }
            if (!joined && (i + 1 == arguments.size() || arguments.get(i + 1).equals("--"))) {
                throw new UsageException(flag + ": needs a value");
            }
            String value = joined ? argument.substring(equals + 1) : arguments.get(++i);
            if (flag.equals("--metadata")) {
                addMetadata(value);
            } else if (given.put(flag, value) != null) {
                throw new UsageException(flag + ": is given twice");
            }
        }
    }

    /** What a pod knows of itself, and what others shall know of it. */
    private void scanEnvironment() throws UsageException {
        String entries = environment.getOrDefault("GM_METADATA", "");
        for (String entry : entries.isEmpty() ? new String[0] : entries.split(",", -1)) {
            addMetadata(entry.strip());
        }
        for (Map.Entry<String, String> variable : POD_METADATA.entrySet()) {
            String value = environment.getOrDefault(variable.getKey(), "");
            if (!value.isEmpty()) {
                addMetadata(variable.getValue() + "=" + value);
            }
        }
    }

    private void addMetadata(String entry) throws UsageException {
        int equals = entry.indexOf('=');
        if (equals <= 0) {
            throw new UsageException("--metadata: must be key=value, not '" + printable(entry) + "'");
        }
        if (metadata.put(entry.substring(0, equals), entry.substring(equals + 1)) != null) {
            throw new UsageException("--metadata: has '" + printable(entry.substring(0, equals)) + "' twice");
        }
        if (metadata.size() > Limits.METADATA_ENTRIES) {
            throw new UsageException("--metadata: must have at most " + Limits.METADATA_ENTRIES + " entries");
        }
        int bytes = 0;
        for (Map.Entry<String, String> one : metadata.entrySet()) {
            bytes += one.getKey().getBytes(StandardCharsets.UTF_8).length
                    + one.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > Limits.METADATA_BYTES) {
            throw new UsageException("--metadata: must have at most " + Limits.METADATA_BYTES + " bytes altogether");
        }
    }

    private AgentOptions options(String hostName) throws UsageException {
        String group = value("--group");
        if (group == null) {
            throw new UsageException("--group: is required");
        }
        check("--group", Names.groupProblem(group));
        String namespace = valueOr("--namespace", "default");
        check("--namespace", Names.namespaceProblem(namespace));
        String memberId = valueOr("--id", hostName);
        check("--id", Names.memberIdProblem(memberId));
        String word = valueOr("--heartbeat", "udp");
        Optional<HeartbeatMode> mode = HeartbeatMode.ofWord(word);
        if (mode.isEmpty()) {
            throw new UsageException("--heartbeat: must be udp, tcp or http, not '" + printable(word) + "'");
        }
        Optional<HostPort> address = hostPort("--address");
        Optional<String> heartbeatAddress = heartbeatAddress(mode.get());
        if (mode.get() != HeartbeatMode.UDP && address.isEmpty() && heartbeatAddress.isEmpty()) {
            throw new UsageException("--address: is required with --heartbeat " + word);
        }
        return new AgentOptions(
                namespace,
                group,
                memberId,
                servers(),
                tls(),
                file("--token-file"),
                address,
                mode.get(),
                heartbeatAddress,
                Collections.unmodifiableMap(metadata),
                listenRefused ? Optional.empty() : hostPort("--listen"),
                hostPort("--probe-listen"),
                onFence(mode.get()),
                waitsWhenReplaced(),
                command);
    }

    private OnFence onFence(HeartbeatMode mode) throws UsageException {
        String word = valueOr("--on-fence", "notify");
        Optional<OnFence> chosen = OnFence.ofWord(word);
        if (chosen.isEmpty()) {
            throw new UsageException("--on-fence: must be notify, signal or stop, not '" + printable(word) + "'");
        }
        if (chosen.get() != OnFence.NOTIFY && command.isEmpty()) {
            throw new UsageException("--on-fence: " + word + " needs a command after --");
        }
        if (chosen.get() != OnFence.NOTIFY && mode != HeartbeatMode.UDP) {
            throw new UsageException("--on-fence: " + word + " needs --heartbeat udp, others have no lease");
        }
        return chosen.get();
    }

    private boolean waitsWhenReplaced() throws UsageException {
        String word = valueOr("--when-replaced", "exit");
        if (!word.equals("exit") && !word.equals("wait")) {
            throw new UsageException("--when-replaced: must be exit or wait, not '" + printable(word) + "'");
        }
        return word.equals("wait");
    }

    private List<HostPort> servers() throws UsageException {
        List<HostPort> servers = new ArrayList<>();
        boolean tls = callsOverTls();
        for (String url : valueOr("--server", DEFAULT_SERVERS).split(",", -1)) {
            if (url.strip().startsWith(TLS) != tls) {
                throw new UsageException("--server: must be all http:// or all https://");
            }
            servers.add(server(url.strip(), tls));
        }
        if (servers.size() > MOST_SERVERS) {
            throw new UsageException("--server: must list at most " + MOST_SERVERS + " nodes");
        }
        return List.copyOf(servers);
    }

    private boolean callsOverTls() {
        return valueOr("--server", DEFAULT_SERVERS).strip().startsWith(TLS);
    }

    private Optional<TlsFiles> tls() throws UsageException {
        Optional<Path> certificate = file("--certificate");
        Optional<Path> key = file("--key");
        if (certificate.isPresent() != key.isPresent()) {
            throw new UsageException(
                    certificate.isPresent()
                            ? "--key: is required with --certificate"
                            : "--certificate: is required with --key");
        }
        if (!callsOverTls()) {
            return Optional.empty();
        }
        Path ca = file("--ca").orElseThrow(() -> new UsageException("--ca: is required where --server has https://"));
        return Optional.of(new TlsFiles(ca, certificate, key));
    }

    private Optional<Path> file(String flag) throws UsageException {
        String text = value(flag);
        try {
            return Optional.ofNullable(text).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UsageException(flag + ": is no path: '" + printable(String.valueOf(text)) + "'");
        }
    }

    private static HostPort server(String url, boolean tls) throws UsageException {
        String scheme = tls ? TLS : PLAIN;
        if (!url.startsWith(scheme)) {
            throw new UsageException(
                    "--server: must be http://host:port or https://host:port, not '" + printable(url) + "'");
        }
        String place = url.substring(scheme.length());
        if (place.endsWith("/")) {
            place = place.substring(0, place.length() - 1);
        }
        boolean portGiven = place.lastIndexOf(':') > place.lastIndexOf(']');
        return parse("--server", portGiven ? place : place + (tls ? ":443" : ":80"));
    }

    private Optional<String> heartbeatAddress(HeartbeatMode mode) throws UsageException {
        String text = place("--heartbeat-address");
        if (text == null) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        if (slash >= 0 && mode != HeartbeatMode.HTTP) {
            throw new UsageException("--heartbeat-address: may have a path with --heartbeat http only");
        }
        if (text.length() > Limits.ADDRESS_CHARACTERS) {
            throw new UsageException(
                    "--heartbeat-address: must have at most " + Limits.ADDRESS_CHARACTERS + " characters");
        }
        HostPort place = parse("--heartbeat-address", slash < 0 ? text : text.substring(0, slash));
        return Optional.of(place + (slash < 0 ? "" : text.substring(slash)));
    }

    private Optional<HostPort> hostPort(String flag) throws UsageException {
        String text = place(flag);
        return text == null ? Optional.empty() : Optional.of(parse(flag, text));
    }

    /** Brackets the pod's own address where it is an IPv6 one: what Kubernetes makes of $(GM_POD_IP):8080 has none. */
    private @Nullable String place(String flag) {
        String text = value(flag);
        String podAddress = environment.getOrDefault("GM_POD_IP", "");
        return text != null && podAddress.indexOf(':') >= 0 && text.startsWith(podAddress + ":")
                ? "[" + podAddress + "]" + text.substring(podAddress.length())
                : text;
    }

    private static HostPort parse(String flag, String text) throws UsageException {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(flag + ": " + printable(String.valueOf(e.getMessage())));
        }
    }

    private static void check(String flag, Optional<String> problem) throws UsageException {
        if (problem.isPresent()) {
            throw new UsageException(flag + ": " + problem.get());
        }
    }

    private String valueOr(String flag, String otherwise) {
        String value = value(flag);
        return value == null ? otherwise : value;
    }

    private @Nullable String value(String flag) {
        String argument = given.get(flag);
        if (argument != null) {
            return argument;
        }
        String variable = FLAGS.getOrDefault(flag, "");
        String inherited = environment.get(variable);
        return inherited == null || inherited.isEmpty() ? null : inherited;
    }

    /** A message is one line, whatever was typed. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && i < 200; i++) {
            line.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return line.toString();
    }
}
