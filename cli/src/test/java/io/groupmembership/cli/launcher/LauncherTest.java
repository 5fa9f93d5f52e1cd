package io.groupmembership.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a repository, with a JDK and with a Maven that are all made up, and that say what they were asked. */
final class LauncherTest {
    private static final List<String> TOOLS =
            List.of("awk", "cat", "find", "grep", "mkdir", "mv", "readlink", "rm", "sleep", "tail", "touch", "xargs");
    private static final String CLI_JAR = "cli/target/groupmembership-cli-0.1.0-SNAPSHOT.jar";
    private static final String AGENT_JAR = "sidecar/target/groupmembership-sidecar-0.1.0-SNAPSHOT.jar";
    private static final String NODE_JAR = "node/target/quarkus-app/quarkus-run.jar";

    @TempDir
    private Path directory = Path.of("");

    private Path home = directory;
    private Path bin = directory;
    private Path jdk = directory;
    private final Map<String, String> environment = new TreeMap<>();

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void aRepositoryAJdkAndMaven() throws IOException {
        home = Files.createDirectories(directory.resolve("repository"));
        Files.copy(Path.of("../gm"), home.resolve("gm"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        for (String module : List.of("protocol", "membership", "node", "sidecar", "cli")) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
        }
        bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), found(tool));
        }
        jdk = jdk("jdk-25", "25.0.1");
        program(bin.resolve("mvn"), maven("3.9.9", "exit 0"));
        environment.put("PATH", bin.toString());
        environment.put("HOME", directory.toString());
        environment.put("GM_JDK_DIRS", "");
        environment.put("GM_JAVA_HOME", jdk.toString());
    }

    @Test
    void withoutAJdkItSaysWhichIsMissingAndHowToGetIt() throws Exception {
        environment.remove("GM_JAVA_HOME");
        environment.put("JAVA_HOME", jdk("jdk-17", "17.0.9").toString());

        Run run = gm("groups");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("error: no JDK 25 or newer was found")
                .contains("apt install", "brew install", "sdk install java", "adoptium.net", "GM_JAVA_HOME");
    }

    @Test
    void aWrongGmJavaHomeIsNotSilentlyPassedOver() throws Exception {
        environment.put("GM_JAVA_HOME", jdk("jdk-21", "21.0.2").toString());
        assertThat(gm("groups").err()).contains("GM_JAVA_HOME is").contains("no JDK 25 or newer");
    }

    @Test
    void aJdkIsFoundAmongTheInstalledOnesWhereTheOneInPathIsTooOld() throws Exception {
        environment.remove("GM_JAVA_HOME");
        Path old = jdk("jdk-17", "17.0.9");
        Files.createSymbolicLink(bin.resolve("java"), old.resolve("bin/java"));
        Path installed = Files.createDirectories(directory.resolve("installed"));
        Files.move(jdk, installed.resolve("jdk-25"));
        environment.put("GM_JDK_DIRS", directory.resolve("nowhere") + ":" + installed);
        assertThat(gm("groups").exitCode()).isZero();
    }

    @Test
    void withoutMavenItSaysSoButOnlyWhenABuildIsNeeded() throws Exception {
        gm("groups");
        Files.delete(bin.resolve("mvn"));
        assertThat(gm("groups").exitCode()).isZero();

        Files.delete(home.resolve(NODE_JAR));
        Run run = gm("groups");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "error: Maven 3.8.6 or newer is needed to build, and mvn is not in PATH", "apt install maven");
    }

    @Test
    void anOldMavenIsRefused() throws Exception {
        program(bin.resolve("mvn"), maven("3.6.3", "exit 0"));
        assertThat(gm("groups").err()).contains("is Maven 3.6.3, and 3.8.6 or newer is needed");
    }

    @Test
    void itBuildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        Run first = gm("groups", "-A");
        assertThat(first.err()).contains("building (first time takes about a minute)…");
        assertThat(first.out()).contains("-Dgm.home=" + home.toRealPath()).contains(CLI_JAR + " groups -A");
        assertThat(builds()).isEqualTo(1);

        Run second = gm("groups");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Path source = Files.writeString(home.resolve("protocol/src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(gm("groups").err()).contains("building…");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void itWorksFromAnywhereAndThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(bin.resolve("gm"), Path.of("../repository/gm"));
        Run run = run(directory, link.toString(), "version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("-Dgm.home=" + home.toRealPath());
    }

    @Test
    void joinStartsTheAgentItself() throws Exception {
        Run run = gm("join", "--group", "g", "--id", "a", "--", "my server", "x");
        assertThat(run.out())
                .contains(AGENT_JAR + " --group g --id a -- my server x")
                .doesNotContain("-Dgm.home");
    }

    @Test
    void whoSaysNothingJoinsTheNodesOfGmUpAlsoWhereTheySpeakTls() throws Exception {
        Path authority = home.resolve(".gm/local/tls/ca.crt");
        Files.createDirectories(authority.getParent());
        Files.createFile(authority);

        assertThat(gm("join", "--group", "g").out())
                .contains("--server https://127.0.0.1:7701,", "--ca " + authority, "--key ", " --group g");
        assertThat(gm("join", "--group", "g", "--", "x", "--ca").out()).contains("--server https://127.0.0.1:7701,");
        assertThat(gm("join", "--server", "http://a", "--group", "g").out()).doesNotContain("https:", "--ca");
        environment.put("GM_SERVER", "http://a");
        assertThat(gm("join", "--group", "g").out()).doesNotContain("https:", "--ca");
    }

    @Test
    void aBuildThatFailsShowsTheEndOfItsLog() throws Exception {
        program(bin.resolve("mvn"), maven("3.9.9", "echo 'COMPILATION ERROR: line 7'; exit 1"));
        Run run = gm("groups");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("COMPILATION ERROR: line 7", "error: the build failed; the whole log is");
        assertThat(home.resolve("target/gm/lock")).doesNotExist();
    }

    @Test
    void aLockWhoseOwnerIsGoneIsTakenOver() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor(10, TimeUnit.SECONDS);
        Files.createDirectories(home.resolve("target/gm/lock"));
        Files.writeString(home.resolve("target/gm/lock/pid"), ended.pid() + "\n");
        assertThat(gm("groups").exitCode()).isZero();
    }

    @Test
    void theTestsThatRanAreCountedFromTheirReports() throws Exception {
        program(bin.resolve("mvn"), maven("3.9.9", reports("tests=\"5\" errors=\"0\" skipped=\"1\" failures=\"0\"")));
        Run good = gm("test", "--fast", "cli");
        assertThat(good.exitCode()).isZero();
        assertThat(good.out().lines())
                .contains("4 passed, 0 failed, 1 skipped")
                .anyMatch(s -> s.startsWith("total time"));
        assertThat(Files.readString(home.resolve("mvn.log")))
                .contains("verify -DskipITs -DexcludedGroups=slow -pl cli -am");
    }

    @Test
    void testsThatFailOrDoNotRunAtAllAreAFailure() throws Exception {
        program(
                bin.resolve("mvn"),
                maven("3.9.9", reports("tests=\"5\" errors=\"1\" skipped=\"0\" failures=\"2\"") + "; exit 1"));
        Run failed = gm("test");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.out().lines()).contains("2 passed, 3 failed, 0 skipped");

        program(bin.resolve("mvn"), maven("3.9.9", "rm -rf cli/target/surefire-reports"));
        Run none = gm("test", "NoSuchTest");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.out().lines()).contains("0 passed, 0 failed, 0 skipped");
        assertThat(none.err()).contains("error: no test ran: is there a module or test class named NoSuchTest?");
    }

    @Test
    void theSimulatorIsBuiltOnceAndGivenItsOptions() throws Exception {
        Files.createDirectories(home.resolve("membership/src/test"));

        Run first = gm("simulate", "--seeds", "5");

        assertThat(first.err()).contains("building the simulator");
        assertThat(first.out())
                .contains("membership/target/test-classes")
                .contains("io.groupmembership.membership.simulation.Simulate --seeds 5");
        assertThat(gm("simulate").err()).doesNotContain("building");
    }

    @Test
    void aSoakIsTheLongTestsAndThenTheSimulator() throws Exception {
        Files.createDirectories(home.resolve("membership/src/test"));
        program(bin.resolve("mvn"), maven("3.9.9", reports("tests=\"3\" errors=\"0\" skipped=\"0\" failures=\"0\"")));

        Run soak = gm("soak", "--minutes", "7");

        assertThat(soak.exitCode()).as(soak.err()).isZero();
        assertThat(Files.readString(home.resolve("mvn.log")))
                .contains("-Dgm.soak=true", "-Dit.test=FleetFaultsIT", "-Dit.test=ChaosIT,GapIT", "-Dgm.minutes=7");
        assertThat(soak.out()).contains("3 passed, 0 failed, 0 skipped").contains("--minutes 7");
        assertThat(gm("soak", "simulator").out()).doesNotContain("passed").contains("--minutes 60");
        assertThat(gm("soak", "chaoss").exitCode()).isEqualTo(2);
        assertThat(gm("soak", "--minutes", "x").err()).contains("--minutes: must be a number of minutes");
    }

    @Test
    void anUnknownOptionOfTestIsWrongUsage() throws Exception {
        assertThat(gm("test", "--quick").exitCode()).isEqualTo(2);
    }

    private Run gm(String... arguments) throws IOException, InterruptedException {
        return run(home, home.resolve("gm").toString(), arguments);
    }

    private Run run(Path workingDirectory, String script, String... arguments)
            throws IOException, InterruptedException {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        List<String> command = Stream.concat(Stream.of(found("bash").toString(), script), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the launcher does not end");
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private long builds() throws IOException {
        try (Stream<String> lines = Files.lines(home.resolve("mvn.log"))) {
            return lines.filter(line -> line.contains(" package")).count();
        }
    }

    /** A JDK whose java prints its arguments. */
    private Path jdk(String name, String version) throws IOException {
        Path place = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(place.resolve("bin"));
        Files.writeString(place.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(place.resolve("bin/java"), "echo \"$@\"");
        program(place.resolve("bin/javac"), "exit 0");
        return place;
    }

    /** A Maven that says its version, writes down what it was asked, makes the jars, and then does what is said. */
    private String maven(String version, String then) {
        return "case \"$*\" in *-v) echo 'Apache Maven " + version + " (x)'; exit 0;; esac\n"
                + "echo \"$@\" >>" + home + "/mvn.log\n"
                + "mkdir -p cli/target sidecar/target node/target/quarkus-app\n"
                + "touch " + CLI_JAR + " " + AGENT_JAR + " " + NODE_JAR + "\n" + then;
    }

    /** Later than what the launcher touched before, as files show it: their times may be 10 ms apart. */
    private static String reports(String counts) {
        return "sleep 0.03\nmkdir -p cli/target/surefire-reports\n" + "echo '<testsuite name=\"x\" " + counts
                + ">' >cli/target/surefire-reports/TEST-x.xml";
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!" + found("bash") + "\n" + script + "\n", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path found(String tool) {
        return Stream.of("/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                .map(place -> Path.of(place + tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + tool));
    }
}
