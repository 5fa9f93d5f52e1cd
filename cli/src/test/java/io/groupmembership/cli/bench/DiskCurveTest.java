package io.groupmembership.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCurveTest {
    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    Path directory;

    @Test
    void theBytesOfAllFilesAreCounted() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        Files.write(directory.resolve("x"), new byte[10]);
        Files.write(directory.resolve("a/b/y"), new byte[7]);

        assertThat(DiskCurve.bytes(directory)).isEqualTo(17);
    }

    @Test
    void aLineForEachSample() {
        DiskCurve curve = new DiskCurve();
        curve.add(new DiskCurve.Sample(0, 0, List.of(1L, 2L)));
        curve.add(new DiskCurve.Sample(1.25, 300, List.of(3L, 4L)));

        assertThat(curve.csv(List.of("node-1", "node-2")))
                .containsExactly("seconds,changes,node-1,node-2", "0.0,0,1,2", "1.3,300,3,4");
    }

    @Test
    void thePlotShowsTheLargestOfEachMoment() {
        DiskCurve curve = new DiskCurve();
        for (int i = 0; i <= 60; i++) {
            curve.add(new DiskCurve.Sample(i, i * 100L, List.of(MEBIBYTE, i < 30 ? MEBIBYTE : 100 * MEBIBYTE)));
        }

        List<String> plot = curve.plot();

        assertThat(plot).hasSize(12);
        assertThat(plot.getFirst()).isEqualTo("   100 MiB |" + " ".repeat(30) + "#".repeat(30));
        assertThat(plot.get(9)).isEqualTo("    10 MiB |" + "#".repeat(60));
        assertThat(plot.getLast()).endsWith("6000 changes");
    }

    @Test
    void betweenTwoSamplesNothingChanges() {
        DiskCurve curve = new DiskCurve();
        curve.add(new DiskCurve.Sample(0, 0, List.of(10 * MEBIBYTE)));
        curve.add(new DiskCurve.Sample(1, 1_000, List.of(10 * MEBIBYTE)));

        assertThat(curve.plot().getFirst()).isEqualTo("    10 MiB |" + "#".repeat(60));
    }

    @Test
    void nothingSampledIsAnEmptyPlot() {
        assertThat(new DiskCurve().plot()).hasSize(12);
    }
}
