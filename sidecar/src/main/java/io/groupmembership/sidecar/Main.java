package io.groupmembership.sidecar;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeTransport;
import io.groupmembership.sidecar.command.Signals;
import io.groupmembership.sidecar.localapi.LocalApi;
import io.groupmembership.sidecar.localapi.ProbeApi;
import io.groupmembership.sidecar.member.ErrorLines;
import io.groupmembership.sidecar.member.OutputLines;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StopRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** {@code gm join}: reads the arguments, runs the agent, and returns its exit code. */
public final class Main {
    private static final String HELP = """
            Usage: gm join --group GROUP [--id ID] [options] [-- COMMAND [ARGUMENT...]]

            Joins a group and stays in it until this process ends. With a COMMAND: joins, runs it as
            soon as the membership is confirmed,
            passes SIGTERM, SIGINT and SIGHUP on, leaves when it ends, and returns its exit code.

              --group GROUP                 the group to join                              GM_GROUP
              --id ID                       the member's name (default: the host's name)   GM_MEMBER_ID
              --namespace NAMESPACE         (default: default)                             GM_NAMESPACE
              --server URL[,URL...]         the nodes                                      GM_SERVER
                                            (default: http://127.0.0.1:7701, 7702 and 7703)
              --ca FILE                     the CAs that nodes of https:// must be signed by GM_CA
              --certificate FILE            what the nodes know this agent by, and its     GM_CERTIFICATE
              --key FILE                    key (PEM); or                                  GM_KEY
              --token-file FILE             a bearer token. All files are read again when  GM_TOKEN_FILE
                                            they change
              --address HOST:PORT           where the application is reached               GM_ADDRESS
                                            (default: where heartbeats go)
              --heartbeat udp|tcp|http      udp: this agent answers. tcp, http: the        GM_HEARTBEAT
                                            application does, by accepting a connection or
                                            answering a GET, and without a COMMAND no agent
                                            stays behind (default: udp)
              --heartbeat-address HOST:PORT[/PATH]                                         GM_HEARTBEAT_ADDRESS
                                            where heartbeats go (default: udp: a free port
                                            on the host of the address; else: the address)
              --metadata KEY=VALUE          what others shall know; may be repeated        GM_METADATA (k=v,k=v)
              --listen HOST:PORT            serve the local API there: /v1/self, /v1/view, GM_LISTEN
                                            /v1/watch, /healthz, /readyz
              --no-listen                   do not, whatever GM_LISTEN says
              --probe-listen HOST:PORT      serve /healthz and /readyz there, for GM_PROBE_LISTEN
                                            whoever watches over this process
              --on-fence notify|signal|stop what to do when the lease of the member runs     GM_ON_FENCE
                                            out. notify: a line, /v1/self and /v1/watch say
                                            so. signal: also SIGUSR1 to the COMMAND, and
                                            SIGCONT when it is a member again. stop: the
                                            COMMAND is ended (default: notify)
              --when-replaced exit|wait     what to do when another instance has taken the     GM_WHEN_REPLACED
                                            place. wait: join again when it is free; for
                                            agents that would be started again
                                            (default: exit)
              --help                        this page

            Exit codes: 0 left, 1 refused or no node answered, 2 bad arguments, 3 the membership was
            ended by others or, with --on-fence stop, its lease ran out, 127 the COMMAND could not be started, else the COMMAND's own.
            """;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
    }

    static int run(List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err)
            throws InterruptedException {
        ErrorLines errors = new ErrorLines(err);
        int end = arguments.indexOf("--");
        if (arguments.subList(0, end < 0 ? arguments.size() : end).contains("--help")) {
            out.print(HELP);
            out.flush();
            return Agent.LEFT;
        }
        AgentOptions options;
        try {
            options = OptionsReader.read(arguments, environment, hostName(environment));
        } catch (UsageException e) {
            errors.say(String.valueOf(e.getMessage()));
            return Agent.USAGE;
        }
        NodeTransport transport;
        try {
            transport = NodeTransport.of(
                    options.tls(), options.tokenFile(), e -> errors.sayAtTimes(ErrorLines.describe(e)));
        } catch (TlsException e) {
            errors.say(ErrorLines.describe(e));
            return Agent.USAGE;
        }
        StopRequest stop = new StopRequest();
        NodeList nodes = new NodeList(options.servers(), transport, new Random());
        OutputLines lines = new OutputLines(out);
        StatusBoard board = options.heartbeat() == HeartbeatMode.UDP
                ? StatusBoard.withLease(options.memberName(), lines::say, BootClock.system())
                : StatusBoard.withoutLease(options.memberName(), lines::say);
        MemberLife member = new MemberLife(options, stop, errors, nodes, board);
        if (options.joinsOnceOnly()) {
            return member.joinOnce(out);
        }
        Agent agent = new Agent(options, stop, errors, lines);
        board.tells(agent);
        Signals.listen(agent::signal);
        Optional<LocalApi> localApi = Optional.empty();
        Optional<ProbeApi> probeApi = Optional.empty();
        try {
            localApi = member.localApi();
            probeApi = member.probeApi();
            return agent.run(member::live);
        } catch (IOException e) {
            errors.say(ErrorLines.describe(e));
            return Agent.REFUSED;
        } finally {
            localApi.ifPresent(LocalApi::close);
            probeApi.ifPresent(ProbeApi::close);
            lines.awaitWritten(Agent.OUTPUT_LIMIT);
        }
    }

    private static String hostName(Map<String, String> environment) {
        String variable = environment.getOrDefault("HOSTNAME", "");
        if (!variable.isEmpty()) {
            return variable;
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "";
            }
        }
    }
}
