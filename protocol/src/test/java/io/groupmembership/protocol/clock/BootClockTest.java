package io.groupmembership.protocol.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootClockTest {
    private static final long TICK = UptimeFile.TICK_NANOS;

    @Test
    void itNeverGoesBackAndEveryThreadSeesTheSame() throws InterruptedException {
        BootClock clock = BootClock.system();
        AtomicBoolean back = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                long last = clock.nanos();
                for (int i = 0; i < 200_000; i++) {
                    long now = clock.nanos();
                    if (now < last || now - last > TimeUnit.SECONDS.toNanos(30)) {
                        back.set(true);
                    }
                    last = now;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(back).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onLinuxItIsTheBootTimeThatTheKernelTells() throws Exception {
        assertThat(BootClock.system().source()).isEqualTo(BootClock.Source.BOOTTIME);
        LeaseClock uptime = UptimeFile.open().orElseThrow();
        for (int i = 0; i < 1_000; i++) {
            long before = BootClock.system().nanos();
            long between = uptime.nanos();
            long after = BootClock.system().nanos();
            assertThat(between).isBetween(before, after + TICK);
        }
        String told = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
        double seconds = Double.parseDouble(told.substring(0, told.indexOf(' ')));
        assertThat(BootClock.system().nanos() / 1e9 - seconds).isBetween(-0.001, 5.0);
    }

    @Test
    void itSleepsUntilAMoment() throws InterruptedException {
        for (LeaseClock clock : List.of(BootClock.system(), (LeaseClock) System::nanoTime)) {
            long end = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(120);
            while (clock.nanos() < end) {
                clock.sleepUntil(end);
            }
            assertThat(clock.nanos() - end).isBetween(0L, TimeUnit.SECONDS.toNanos(5));
            clock.sleepUntil(end);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutNativeAccessItIsTheUptimeAndNothingIsSaid() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--illegal-native-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintsItsClock.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(said).isEqualTo("uptime true\n");
    }

    /** In a process of its own. */
    static final class PrintsItsClock {
        private PrintsItsClock() {}

        public static void main(String[] arguments) {
            BootClock clock = BootClock.system();
            System.out.println(clock.source().word() + " " + (clock.nanos() > 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"'0.00 0.00\n', 0", "'1.23 9.99\n', 1230000000", "'350735.47 234388.90\n', 350735470000000"})
    void theUptimeIsRead(String text, long nanos) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(UptimeFile.parse(bytes, bytes.length)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "12.", "12.3 4", "12.345 4", "-1.00 4", ".00 4", "x", "12,00 4"})
    void whatIsNoUptimeIsNoTime(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> UptimeFile.parse(bytes, bytes.length)).isInstanceOf(IllegalStateException.class);
    }
}
